//! What a reader gives to reach a live model, and the way from there to one.
//!
//! The key is here, in memory, and nowhere else.

use std::rc::Rc;

use leptos::prelude::*;

use super::connection::Tested;
use super::demo::Demo;
use super::doctor::Called;
use super::picture::Pictures;
use super::repeat::Round;
use super::sign_in::Arrival;
use super::signals::{RwSignal, StoredValue};
use crate::config::Settings;
use crate::llm::doctor::Probe;
use crate::llm::http::Transport;
use crate::llm::{ApiKey, LiveModel, ProviderId, Url};
use crate::model::Model;
use crate::web::built_in::BuiltIn;
use crate::web::fetch::BrowserTransport;
use crate::web::page;
use crate::words;

/// What a reader types to reach a live model. The key is here, in memory, and nowhere else.
#[derive(Clone, Copy)]
pub struct Access {
    /// The API key.
    pub key: RwSignal<String>,
    /// Whether the tab keeps it too.
    pub remembered: RwSignal<bool>,
    /// What was typed for the APIs that were chosen before, in memory like the key.
    aside: StoredValue<Vec<(ProviderId, Typed)>>,
    /// The host that came with the address and that the reader has accepted by hand.
    pub accepted: RwSignal<Option<String>>,
    /// Whether the base URL came with the address and was not touched since.
    pub from_address: RwSignal<bool>,
    /// Whom the last run has called; `None` before one, and for one that was kept.
    pub called: RwSignal<Option<Called>>,
    /// What came of knocking there.
    pub probe: RwSignal<Probe>,
    /// What a reader who went out to sign in has come back with, until it is used.
    pub arrival: RwSignal<Option<Arrival>>,
    /// What came of running several times.
    pub repeats: RwSignal<Vec<Round>>,
    /// What came of testing the connection.
    pub tested: RwSignal<Option<Tested>>,
    /// What agents look at that look at a picture.
    pub pictures: Pictures,
}

/// What a reader has typed for one API, and no other is to get.
#[derive(Clone, Default)]
struct Typed {
    key: String,
    base_url: Option<String>,
    model: Option<String>,
    from_address: bool,
}

impl Access {
    /// Erases every key that is in memory.
    pub fn forget(self) {
        self.aside.set_value(Vec::new());
        self.key.set(String::new());
    }

    /// Nothing yet, except perhaps a base URL from the address and what signing in brought.
    pub fn new(from_address: bool, arrival: Option<Arrival>) -> Self {
        Self {
            key: RwSignal::new(String::new()),
            remembered: RwSignal::new(false),
            aside: StoredValue::new(Vec::new()),
            accepted: RwSignal::new(None),
            from_address: RwSignal::new(from_address),
            called: RwSignal::new(None),
            probe: RwSignal::new(Probe::NotTried),
            arrival: RwSignal::new(arrival),
            repeats: RwSignal::new(Vec::new()),
            tested: RwSignal::new(None),
            pictures: Pictures::new(),
        }
    }
}

/// The model that the settings name, for a run, or what is still missing to reach it.
pub fn live_model(
    demo: Demo,
    id: ProviderId,
    settings: &Settings,
) -> Result<Rc<dyn Model>, String> {
    let (model, called) = demo.reach(id, settings, None)?;
    demo.access.called.set(Some(called));
    demo.access.probe.set(Probe::NotTried);
    Ok(Rc::new(model))
}

impl Demo {
    /// Changes to another API, by its name in the address. A key, an address and a model belong to
    /// the one that they were typed for: they are put aside, and are there again when it is.
    pub fn choose_provider(self, name: &str) {
        let mut settings = self.settings.get_untracked();
        let before = settings.provider;
        if settings.set("provider", name).is_none() || settings.provider == before {
            return;
        }
        let Access { key, from_address, aside, .. } = self.access;
        let put_aside = Typed {
            key: key.get_untracked(),
            base_url: settings.base_url.take(),
            model: settings.model.take(),
            from_address: from_address.get_untracked(),
        };
        let now = settings.provider;
        let mut own = Typed::default();
        aside.update_value(|aside| {
            aside.retain(|(id, typed)| {
                let is_own = Some(*id) == now;
                if is_own {
                    own = typed.clone();
                }
                !is_own
            });
            aside.extend(before.map(|before| (before, put_aside)));
        });
        settings.base_url = own.base_url;
        settings.model = own.model;
        from_address.set(own.from_address);
        key.set(own.key);
        self.settings.set(settings);
    }

    /// Gets ready for settings that nobody has typed. A key was typed for where calls went until
    /// now, and what comes with a link must not carry it elsewhere.
    pub fn readdress(self, settings: &Settings) {
        self.access.from_address.set(settings.base_url.is_some());
        let there = |settings: &Settings| (settings.provider, settings.base_url.clone());
        if there(settings) != self.settings.with_untracked(there) {
            self.access.key.set(String::new());
        }
    }

    /// The model that the settings name and whom that calls, or what is still missing to reach it.
    /// Nothing is sent yet, but from here on it may be. `max_tokens` goes before the settings'.
    pub fn reach(
        self,
        id: ProviderId,
        settings: &Settings,
        max_tokens: Option<u32>,
    ) -> Result<(LiveModel, Called), String> {
        let mut reach = settings
            .reach(id)
            .map_err(|error| words::live::base_url_is_wrong(&error.to_string()))?;
        if untrack(|| self.must_accept(id, &reach.base_url)) {
            return Err(words::live::accept_first(reach.base_url.host()));
        }
        let key = ApiKey::new(&self.access.key.get_untracked())
            .map_err(|error| words::live::key_is_wrong(&error.to_string()))?;
        if id.needs_key() && key.is_empty() {
            let how = match page::in_foreign_frame() {
                true => words::live::OPEN_CONVERGE,
                false => words::live::TYPE_YOURS,
            };
            return Err(words::live::needs_a_key(id.label(), how));
        }
        reach.max_tokens = max_tokens.or(reach.max_tokens);
        reach.page = Some(page::origin());
        reach.look = untrack(|| self.access.pictures.look(id));
        let called = Called {
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
        self.access.from_address.get()
            && !id.owns(url)
            && !url.is_loopback()
            && self.access.accepted.get().as_deref() != Some(url.origin())
    }
}
