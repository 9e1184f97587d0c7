//! Settings: what the address says, and what it comes to.
//!
//! Reading never fails: a key that is not known is passed over, and a value that makes no sense
//! falls back to the default and leaves a note for the status line. No key or token is ever read
//! from an address. For readers: `docs/settings.md`.

mod bill;
mod choices;
mod conditions;
mod experiment;
mod fault;
mod inbox;
mod keys;
mod message;
mod number;
mod reach;
mod schedule;
mod share;
mod snippet;
mod values;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use form_urlencoded::Serializer;

use crate::codegen::Language;
use crate::edit::link::{self, Linked};
use crate::edit::{Edited, Renamed};
use crate::engine::OnFailure;
use crate::llm::ProviderId;
use crate::presets::{DEFAULT_FANOUT, MOST_FANOUT, PresetId};
use crate::simulate::{Failing, MOST_RETRIES};
use crate::tail::Shape;
use crate::time::{exact_seconds, parse_seconds};

pub(crate) use bill::prompt_tokens;
pub use bill::{Asked, Spent, expected_cost, spent};
use values::{complaint, join, list, number, rename, text, timeout, written};

pub use choices::{Autoplay, ScheduleChoice, Tab, Theme, View};
pub use conditions::{NamedHedge, NamedQuorum};
pub use experiment::Experiment;
pub use inbox::{Inbox, MOST_BYTES};
pub use keys::{KEYS, PRESENTATION};
pub use message::{Around, Ended, Ending, Message, Shown, Tokens, Wish, link_in};
pub use number::Number;
pub use snippet::Form;

/// Everything the address can set.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Which pipeline.
    pub preset: PresetId,
    /// Branches of the fan-out preset.
    pub n: usize,
    /// The pipeline that was made of it, if it was edited.
    pub edited: Option<Edited>,
    /// Which schedules run.
    pub schedule: ScheduleChoice,
    /// How many agents may be in flight in the parallel run.
    pub limit: Option<NonZeroUsize>,
    /// What a failure does to the others, if not what the preset says.
    pub on_error: Option<OnFailure>,
    /// With how many answers a join begins, if not with all.
    pub quorum: Option<NamedQuorum>,
    /// When an agent without an answer is asked a second time.
    pub hedge: Option<NamedHedge>,
    /// How simulated latencies are distributed, where many runs are drawn.
    pub spread: Option<Shape>,
    /// What goes wrong in a simulated run, by agent.
    pub fail: Vec<(String, Failing)>,
    /// How often an agent is asked again after a failure that may pass.
    pub retries: Option<u32>,
    /// How long an agent may take to the first piece of its answer.
    pub first_timeout: Option<Duration>,
    /// How long it may take from one piece to the next.
    pub read_timeout: Option<Duration>,
    /// How long the whole run may take.
    pub run_timeout: Option<Duration>,
    /// Simulated agents that compute for their latency instead of awaiting it, by name; `all` is
    /// every branch.
    pub block: Vec<String>,
    /// Who answers; `None` is the simulation.
    pub provider: Option<ProviderId>,
    /// Where the live model is, if not at the provider's own address.
    pub base_url: Option<String>,
    /// Which live model, if not the provider's usual one.
    pub model: Option<String>,
    /// The live model's temperature; not sent unless set.
    pub temperature: Option<f64>,
    /// The most tokens that each of its answers may have, if not what the provider says.
    pub max_tokens: Option<NonZeroU32>,
    /// What the pipeline is asked about, if not what the preset says.
    pub topic: Option<String>,
    /// Latencies of simulated agents, by name; `*` is every branch.
    pub latency: Vec<(String, Duration)>,
    /// Which of the random spreads.
    pub seed: u64,
    /// How far simulated latencies spread, as a fraction; 0 is exact.
    pub jitter: f64,
    /// Model seconds for each real second of a simulated run.
    pub speed: f64,
    /// What of the page is shown.
    pub view: View,
    /// Which tab is open, where the whole page is shown.
    pub tab: Tab,
    /// The language of the programs.
    pub lang: Language,
    /// Whether it is a figure in another page.
    pub embed: bool,
    /// Light or dark.
    pub theme: Theme,
    /// Whether a simulated run starts by itself.
    pub autoplay: Autoplay,
    /// Controls that are not shown.
    pub hide: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            preset: PresetId::default(),
            n: DEFAULT_FANOUT,
            edited: None,
            schedule: ScheduleChoice::default(),
            limit: None,
            on_error: None,
            quorum: None,
            hedge: None,
            spread: None,
            fail: Vec::new(),
            retries: None,
            first_timeout: None,
            read_timeout: None,
            run_timeout: None,
            block: Vec::new(),
            provider: None,
            base_url: None,
            model: None,
            temperature: None,
            max_tokens: None,
            topic: None,
            latency: Vec::new(),
            seed: 0,
            jitter: 0.0,
            speed: 1.0,
            view: View::default(),
            tab: Tab::default(),
            lang: Language::default(),
            embed: false,
            theme: Theme::default(),
            autoplay: Autoplay::default(),
            hide: Vec::new(),
        }
    }
}

/// The provider that needs no key: the scripts that come with the page.
pub const SIMULATED: &str = "simulated";

/// The word that stands for every branch where agents are named.
pub const ALL_BRANCHES: &str = "all";

/// The key of an edited pipeline.
const LINK: &str = "p";

/// What an address says, by key. The last one of a key wins, and only what wins is judged: a bad one
/// comes to the default and not to what it has replaced.
fn pairs<'a>(query: &'a str, fragment: &'a str) -> BTreeMap<Cow<'a, str>, Cow<'a, str>> {
    let texts = [query.trim_start_matches('?'), fragment.trim_start_matches('#')];
    texts.into_iter().flat_map(|text| form_urlencoded::parse(text.as_bytes())).collect()
}

impl Settings {
    /// Reads an address: its query, then its fragment, which wins; each with or without its mark.
    /// The second part holds a sentence for each value that was not understood.
    pub fn read(query: &str, fragment: &str) -> (Self, Vec<String>) {
        let linked = Self::link_in(query, fragment).map(|link| link::read(&link));
        Self::read_with(query, fragment, linked)
    }

    /// The link of an edited pipeline that an address holds.
    pub fn link_in(query: &str, fragment: &str) -> Option<String> {
        pairs(query, fragment).remove(LINK).map(Cow::into_owned)
    }

    /// Reads an address whose [link](Self::link_in) has been read: the page does that with a module
    /// of its own.
    pub fn read_with(query: &str, fragment: &str, linked: Option<Linked>) -> (Self, Vec<String>) {
        let mut settings = Self::default();
        let mut notes = Vec::new();
        // What is said of the preset beside a link wins.
        match linked {
            Some(Ok(linked)) => settings.take_link(linked),
            // What is wrong with a whole pipeline takes more words than what is wrong with a value.
            Some(Err(error)) => notes.push(error.to_string()),
            None => {}
        }
        for (key, value) in pairs(query, fragment) {
            if settings.set(&key, &value).is_none() {
                notes.push(complaint(&key, &value));
            }
        }
        (settings, notes)
    }

    /// Sets one; `None` when the value makes no sense, and then nothing has changed. Keys that are
    /// not known are passed over.
    pub fn set(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "preset" => {
                self.preset = PresetId::find(value)?;
            }
            "n" => self.n = value.parse().ok().filter(|n| (1..=MOST_FANOUT).contains(n))?,
            "schedule" => self.schedule = ScheduleChoice::from_name(value)?,
            "limit" => self.limit = Some(value.parse().ok()?),
            "on_error" => {
                let known = OnFailure::ALL;
                self.on_error = Some(known.into_iter().find(|policy| policy.as_str() == value)?);
            }
            "quorum" => self.quorum = Some(NamedQuorum::parse(value)?),
            "hedge" => self.hedge = Some(NamedHedge::parse(value)?),
            "spread" => self.spread = Some(Shape::parse(value)?),
            "fail" => self.fail = list(value, fault::parse)?,
            "retries" => {
                self.retries = Some(value.parse().ok().filter(|n| *n <= MOST_RETRIES)?);
            }
            "first_timeout" => self.first_timeout = Some(timeout(value)?),
            "read_timeout" => self.read_timeout = Some(timeout(value)?),
            "run_timeout" => self.run_timeout = Some(timeout(value)?),
            "provider" if value == SIMULATED => self.provider = None,
            "provider" => self.provider = Some(ProviderId::find(value)?),
            "base_url" => self.base_url = text(value),
            "model" => self.model = text(value),
            "temperature" => {
                self.temperature = Some(number(value, 0.0..=2.0)?);
            }
            "max_tokens" => self.max_tokens = Some(value.parse().ok()?),
            "block" => self.block = value.split(',').filter_map(text).collect(),
            "topic" => self.topic = text(value),
            "latency" => self.latency = list(value, parse_seconds)?,
            "seed" => self.seed = value.parse().ok()?,
            "jitter" => self.jitter = number(value, 0.0..=1.0)?,
            "speed" => self.speed = number(value, 0.1..=8.0)?,
            "view" => self.view = View::from_name(value)?,
            "tab" => self.tab = Tab::from_name(value)?,
            // As an attribute of an element, the first would be the language of its text.
            "lang" | "language" => self.lang = Language::from_name(value)?,
            "embed" => self.embed = ["0", "1"].iter().position(|word| *word == value)? == 1,
            "theme" => self.theme = Theme::from_name(value)?,
            "autoplay" => self.autoplay = Autoplay::from_name(value)?,
            "hide" => {
                self.hide = value.split(',').filter_map(text).collect();
            }
            _ => {}
        }
        Some(())
    }

    /// An edited pipeline, and the preset that it began with.
    fn take_link(&mut self, (preset, edited): (PresetId, Edited)) {
        self.preset = preset;
        self.edited = Some(edited);
    }

    /// Changes to another pipeline, without what was said of the agents of the one before.
    pub fn choose(&mut self, preset: PresetId) {
        self.preset = preset;
        self.edited = None;
        self.topic = None;
        self.latency.clear();
        self.fail.clear();
        self.block.clear();
        self.forget_named_conditions();
    }

    /// These settings on a page that looks as it does with `page`.
    pub fn looking_like(mut self, page: &Self) -> Self {
        self.theme = page.theme;
        self.view = page.view;
        self.tab = page.tab;
        self.embed = page.embed;
        self.hide.clone_from(&page.hide);
        self.lang = page.lang;
        self
    }

    /// Takes over an edited pipeline, and what is set for agents by name with it.
    pub fn edit(&mut self, edited: Option<Edited>, renamed: &Renamed) {
        self.edited = edited;
        rename(&mut self.fail, renamed, |(name, _)| name);
        rename(&mut self.latency, renamed, |(name, _)| name);
        rename(&mut self.block, renamed, |name| name);
        self.rename_conditions(renamed);
    }

    /// What a failure does to the others.
    pub fn on_failure(&self) -> OnFailure {
        self.on_error.unwrap_or(self.preset.on_failure())
    }

    /// Makes one simulated agent take that long.
    pub fn set_latency(&mut self, agent: &str, latency: Duration) {
        self.latency.retain(|(name, _)| name != agent);
        self.latency.push((agent.to_owned(), latency));
    }

    /// The fragment, without its mark, that reads back as these settings. Defaults are left out.
    pub fn fragment(&self) -> String {
        let plain = Self::default();
        let mut out = Serializer::new(String::new());
        let mut put = |key: &str, value: String, default: String| {
            if value != default {
                out.append_pair(key, &value);
            }
        };
        let optional = |value: &Option<String>| value.clone().unwrap_or_default();
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        // An edited pipeline is written as changes of its preset, so that one is always named.
        let default = if self.edited.is_some() { "" } else { plain.preset.id() };
        put("preset", self.preset.id().into(), default.into());
        put("n", self.n.to_string(), plain.n.to_string());
        let edited = self.edited.as_ref().map(|edited| edited.link(self.preset));
        put(LINK, edited.unwrap_or_default(), String::new());
        put("schedule", self.schedule.as_str().into(), plain.schedule.as_str().into());
        put("limit", self.limit.map(|n| n.to_string()).unwrap_or_default(), String::new());
        put("on_error", self.on_error.map_or("", OnFailure::as_str).into(), String::new());
        put("quorum", written(&self.quorum), String::new());
        put("hedge", written(&self.hedge), String::new());
        put("spread", written(&self.spread), String::new());
        put("fail", join(&self.fail, fault::write), String::new());
        let length = |l: Option<Duration>| l.map(exact_seconds).unwrap_or_default();
        put("retries", self.retries.map(|n| n.to_string()).unwrap_or_default(), String::new());
        put("first_timeout", length(self.first_timeout), String::new());
        put("read_timeout", length(self.read_timeout), String::new());
        put("run_timeout", length(self.run_timeout), String::new());
        put("block", self.block.join(","), String::new());
        put("provider", self.provider.map_or(SIMULATED, ProviderId::name).into(), SIMULATED.into());
        put("base_url", optional(&self.base_url), String::new());
        put("model", optional(&self.model), String::new());
        put("temperature", number(self.temperature), String::new());
        put(
            "max_tokens",
            self.max_tokens.map(|n| n.to_string()).unwrap_or_default(),
            String::new(),
        );
        put("topic", optional(&self.topic), String::new());
        put("latency", join(&self.latency, |l| exact_seconds(*l)), String::new());
        put("seed", self.seed.to_string(), plain.seed.to_string());
        put("jitter", self.jitter.to_string(), plain.jitter.to_string());
        put("speed", self.speed.to_string(), plain.speed.to_string());
        put("view", self.view.as_str().into(), plain.view.as_str().into());
        put("tab", self.tab.as_str().into(), plain.tab.as_str().into());
        put("lang", self.lang.as_str().into(), plain.lang.as_str().into());
        put("embed", u8::from(self.embed).to_string(), u8::from(plain.embed).to_string());
        put("theme", self.theme.as_str().into(), plain.theme.as_str().into());
        put("autoplay", self.autoplay.as_str().into(), plain.autoplay.as_str().into());
        put("hide", self.hide.join(","), String::new());
        out.finish()
    }
}
