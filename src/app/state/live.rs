//! What a reader gives to reach a live model, and the way from there to one.
//!
//! Keys are here, in memory, and nowhere else.

mod connection;
mod keys;
mod missing;
mod pictures;
pub mod sign_in;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::permit::{Asked, By, Permit, around};
use super::settings::SettingsState;
use crate::config::{Around, Settings};
use crate::llm::doctor::{Case, Context, Probe, diagnose};
use crate::llm::http::Transport;
use crate::llm::{self, ApiKey, Gathered, Keyring, LiveModel, ProviderId, Trust, Url};
use crate::model::{Model, ModelError};
use crate::plan::Kind;
use crate::web::built_in::BuiltIn;
use crate::web::fetch::{self, BrowserTransport};
use crate::web::page;
use crate::words;

pub use connection::{ConnectionTest, TestResult};
pub use missing::{Missing, MissingField};
pub use pictures::{Pictures, UNSAID};
pub use sign_in::Arrival;

/// See the module.
#[derive(Clone, Copy)]
pub struct LiveState {
    settings: SettingsState,
    /// The API keys, each for the provider and the origin that it was given for.
    pub keys: RwSignal<Keyring, LocalStorage>,
    /// Whether the tab keeps the present one too.
    pub remembered: RwSignal<bool>,
    /// What was typed for the APIs that were chosen before.
    aside: StoredValue<BTreeMap<ProviderId, Typed>, LocalStorage>,
    /// Whether the present base URL came with a link, and whether its host was accepted.
    pub trust: RwSignal<Trust, LocalStorage>,
    /// What waits for the reader's second press, inside another site's page.
    pub asked: RwSignal<Option<Asked>, LocalStorage>,
    /// The server that the last run has called; `None` before one, and for one that was kept.
    pub last_called: RwSignal<Option<CalledServer>, LocalStorage>,
    /// What came of looking whether that server is there at all.
    pub probe: RwSignal<Probe, LocalStorage>,
    /// What a reader who went out to sign in has come back with, until it is used.
    arrival: StoredValue<Option<Arrival>>,
    /// What was missing when the reader last wanted to call it; until a field changes.
    pub missing: RwSignal<Option<Missing>, LocalStorage>,
    /// What came of running several times.
    pub repeats: RwSignal<Vec<Round>, LocalStorage>,
    /// What came of testing the connection.
    pub tested: RwSignal<Option<ConnectionTest>, LocalStorage>,
    /// The picture for agents that look at one.
    pub pictures: Pictures,
    backend: StoredValue<Option<Backend>>,
}

type GiveModel = fn(LiveState, ProviderId, &Settings, Permit) -> Result<Rc<dyn Model>, Missing>;

/// What the lazy module knows of live models.
#[derive(Clone, Copy)]
pub struct Backend {
    /// See [`live_model`].
    model: GiveModel,
    /// See [`LiveState::look_for_missing`].
    missing: fn(LiveState, ProviderId, &Settings) -> Option<Missing>,
}

/// What a reader has typed for one API, and no other is to get.
#[derive(Clone, Default)]
struct Typed {
    base_url: Option<String>,
    model: Option<String>,
    trust: Trust,
}

/// The server that a run has called. The fields may say something else since.
#[derive(Clone, Debug, PartialEq)]
pub struct CalledServer {
    /// The API.
    pub id: ProviderId,
    /// Its address.
    pub base_url: Url,
    /// The model of all agents that want no other.
    pub model: String,
    /// Whether it went without a key.
    pub key_is_empty: bool,
}

/// One of several runs of the same race.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// How long each schedule took.
    pub times: Vec<(Kind, Duration)>,
    /// How long each agent took, by place, in each of them.
    pub agents: Vec<Vec<Duration>>,
    /// Whether the tab was hidden meanwhile, where browsers slow a page's timers down.
    pub hidden: bool,
}

/// The model that the settings name, for a run, or what is still missing to reach it.
fn live_model(
    live: LiveState,
    id: ProviderId,
    settings: &Settings,
    permit: Permit,
) -> Result<Rc<dyn Model>, Missing> {
    let (model, called) = live.reach(id, settings, None, permit)?;
    live.last_called.set(Some(called));
    live.probe.set(Probe::NotTried);
    Ok(Rc::new(Gathered(model)))
}

/// For the lazy module, which is the only place to name it.
pub fn backend() -> Backend {
    Backend { model: live_model, missing: LiveState::look_for_missing }
}

impl LiveState {
    /// Nothing yet, except perhaps a base URL from the address and what signing in brought.
    pub fn new(settings: SettingsState, trust: Trust, arrival: Option<Arrival>) -> Self {
        Self {
            settings,
            keys: RwSignal::new_local(Keyring::default()),
            remembered: RwSignal::new(false),
            aside: StoredValue::new_local(BTreeMap::new()),
            trust: RwSignal::new_local(trust),
            asked: RwSignal::new_local(None),
            last_called: RwSignal::new_local(None),
            probe: RwSignal::new_local(Probe::NotTried),
            arrival: StoredValue::new(arrival),
            missing: RwSignal::new_local(None),
            repeats: RwSignal::new_local(Vec::new()),
            tested: RwSignal::new_local(None),
            pictures: Pictures::new(),
            backend: StoredValue::new(None),
        }
    }

    /// Takes what the lazy module knows.
    pub fn connect(self, backend: Backend) {
        self.backend.set_value(Some(backend));
    }

    /// Does what runs or calls something, as far as it may: with leave where the reader has pressed,
    /// and inside another site's page after a second press. The settings in force now decide what it
    /// would be.
    pub fn act(self, by: By<'_>, act: impl Fn(Option<Permit>) + 'static) {
        let settings = self.settings.current.get_untracked();
        self.asked.set(None);
        match by {
            _ if settings.provider.is_none() => act(None),
            By::Page => self.settings.notice.set(Some(words::live::PRESS_IT_YOURSELF.into())),
            By::Reader(press) => match Permit::by(press) {
                Some(permit) => act(Some(permit)),
                None => self.ask_again(Asked::new(act, settings)),
            },
        }
    }

    /// Asks for the second press, unless something is missing with which it would be in vain.
    fn ask_again(self, asked: Asked) {
        let missing = asked.provider().and_then(|id| match self.backend.get_value() {
            Some(backend) => (backend.missing)(self, id, asked.settings()),
            None => Some(words::page::STILL_ON_ITS_WAY.into()),
        });
        match missing {
            Some(missing) => self.refuse(missing),
            None => self.asked.set(Some(asked)),
        }
    }

    /// The model that the settings name, or what is missing to call it.
    pub fn model(
        self,
        id: ProviderId,
        settings: &Settings,
        permit: Option<Permit>,
    ) -> Result<Rc<dyn Model>, Missing> {
        let permit = permit.ok_or(words::live::PRESS_IT_YOURSELF)?;
        let backend = self.backend.get_value().ok_or(words::page::STILL_ON_ITS_WAY)?;
        (backend.model)(self, id, settings, permit)
    }

    /// Changes to another API, by its name in the address. An address and a model belong to the one
    /// that they were typed for: they are put aside, and are there again when it is. For event handlers.
    pub fn choose_provider(self, name: &str) {
        let mut settings = self.settings.current.get();
        let before = settings.provider;
        if settings.set("provider", name).is_none() || settings.provider == before {
            return;
        }
        let put_aside = Typed {
            base_url: settings.base_url.take(),
            model: settings.model.take(),
            trust: self.trust.get(),
        };
        let own = self.aside.try_update_value(|aside| {
            aside.extend(before.map(|before| (before, put_aside)));
            aside.remove(&settings.provider?)
        });
        let Typed { base_url, model, trust } = own.flatten().unwrap_or_default();
        (settings.base_url, settings.model) = (base_url, model);
        self.trust.set(trust);
        self.settings.current.set(settings);
    }

    /// Takes over settings that the reader has not typed, and says what was wrong with them.
    pub fn adopt(self, settings: Settings, complaints: Vec<String>) {
        if self.settings.current.with_untracked(|now| *now != settings) {
            self.readdress(&settings);
            self.settings.replace(settings, complaints.clone());
        }
        self.settings.complaints.set(complaints);
    }

    /// Gets ready for settings that the reader has not typed. A host that comes with them is a
    /// stranger, and no key that was typed before there was one is for it.
    pub fn readdress(self, settings: &Settings) {
        let there = |settings: &Settings| (settings.provider, settings.base_url.clone());
        let before = self.settings.current.with_untracked(there);
        if there(settings) == before {
            return;
        }
        self.keys.update(Keyring::drop_unsettled);
        self.trust.update(|trust| {
            if settings.provider != before.0 {
                *trust = Trust::default();
            }
            trust.link(settings.base_url.as_deref());
        });
    }

    /// What a call needs, all that can be known without making one; or what is missing.
    fn prepared(
        self,
        id: ProviderId,
        settings: &Settings,
    ) -> Result<(llm::Settings, ApiKey), Missing> {
        let reach = settings.reach(id).map_err(|error| {
            MissingField::BaseUrl.problem(words::live::base_url_is_wrong(&error.to_string()))
        })?;
        if self.must_accept(id, &reach.base_url) {
            let problem = words::live::accept_first(reach.base_url.shown());
            return Err(MissingField::Host.problem(problem));
        }
        let is_away = around() == Around::Foreign;
        let key = self.keys.with_untracked(|keys| {
            let key = keys.get(id, Some(reach.base_url.origin()));
            ApiKey::new(if is_away { "" } else { key })
        });
        let key = key.map_err(|error| {
            MissingField::Key.problem(words::live::key_is_wrong(&error.to_string()))
        })?;
        if id.needs_key() && key.is_empty() {
            return Err(MissingField::Key.problem(match is_away {
                true => words::live::key_is_elsewhere(id.label()),
                false => words::live::needs_a_key(id.label()),
            }));
        }
        Ok((reach, key))
    }

    /// What is missing to call the model that the settings name.
    pub fn look_for_missing(self, id: ProviderId, settings: &Settings) -> Option<Missing> {
        self.prepared(id, settings).err()
    }

    /// The model that the settings name and the server that it calls, or what is still missing to
    /// reach it. Nothing is sent yet, but from here on it may be, by `permit`. `max_tokens` goes
    /// before the settings'.
    fn reach(
        self,
        id: ProviderId,
        settings: &Settings,
        max_tokens: Option<u32>,
        _: Permit,
    ) -> Result<(LiveModel, CalledServer), Missing> {
        let (mut reach, key) = self.prepared(id, settings)?;
        self.keys.update(|keys| keys.settle(id, reach.base_url.origin()));
        reach.max_tokens = max_tokens.or(reach.max_tokens);
        reach.page = Some(page::origin());
        reach.look = untrack(|| self.pictures.look(id));
        let called = CalledServer {
            id,
            base_url: reach.base_url.clone(),
            model: reach.model.clone(),
            key_is_empty: key.is_empty(),
        };
        let provider = id.provider(reach);
        let transport: Rc<dyn Transport> = match id.is_built_in() {
            true => Rc::new(BuiltIn),
            false => Rc::new(BrowserTransport),
        };
        Ok((LiveModel::new(transport, provider, key), called))
    }

    /// Whether a link chose where the key will go, and the reader has not agreed yet.
    pub fn must_accept(self, id: ProviderId, url: &Url) -> bool {
        self.trust.with_untracked(|trust| trust.must_accept(id, url))
    }

    /// The server that the runs on screen have called; of a run that was kept, the one that its
    /// settings name. Follows the settings.
    pub fn called_server(self) -> Option<CalledServer> {
        let id = self.settings.current.with(|settings| settings.provider)?;
        self.last_called.get().or_else(|| {
            self.settings.current.with(|settings| {
                let reach = settings.reach(id).ok()?;
                let (base_url, model) = (reach.base_url, reach.model);
                Some(CalledServer { id, base_url, model, key_is_empty: false })
            })
        })
    }

    /// Looks whether a server is there that a call has not reached, where that can tell more. It
    /// brings nothing: no key and no content.
    pub async fn knock(
        self,
        error: &ModelError,
        called: &CalledServer,
        has_answered: bool,
    ) -> Probe {
        let case = diagnose(error, &called.context(Probe::NotTried, has_answered)).case;
        let tells = matches!(case, Case::Unreachable | Case::LocalNetwork | Case::ConnectionLost);
        if !tells || self.must_accept(called.id, &called.base_url) {
            return Probe::NotTried;
        }
        match fetch::answers(called.base_url.origin()).await {
            true => Probe::Reached,
            false => Probe::NotReached,
        }
    }
}

impl CalledServer {
    /// What the doctor needs to know of such a call besides its error.
    /// `has_answered`: whether it has said something to this page before.
    pub fn context(&self, probe: Probe, has_answered: bool) -> Context {
        Context {
            id: self.id,
            base_url: Some(self.base_url.clone()),
            model: self.model.clone(),
            page_origin: page::origin(),
            page_is_https: page::is_https(),
            in_iframe: page::in_iframe(),
            on_windows: page::on_windows(),
            online: page::online(),
            probe,
            key_is_empty: self.key_is_empty,
            has_answered,
        }
    }
}
