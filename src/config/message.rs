//! What the page and the one around it say to each other, as plain data.
//!
//! The page around may start a run, stop it, change what is shown, and hand over a trace to show. None of
//! that costs anything: the provider, the server and the key are the reader's choice, and once a live model
//! is chosen, the page around can only stop it and set the theme.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{LINK, SIMULATED, Settings};
use crate::edit::link::{self, Linked};
use crate::export::{SpanFile, TraceFile};

/// A setting and its new value; `None`, or an empty one, makes it the default again.
pub type Wish = (String, Option<String>);

/// What the page around it may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Start the lineup.
    Run,
    /// Stop what runs.
    Stop,
    /// Change these settings.
    Set(Vec<Wish>),
    /// Show a trace that the page around has loaded.
    Show(Shown),
}

/// A trace that is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The name of its file.
    pub name: String,
    /// What is in it; `None` where it could not be loaded, or is too large.
    pub text: Option<String>,
}

/// What decides who is called and what that costs, and what is settled before the page is there.
const NOT_BY_MESSAGE: &[&str] =
    &["provider", "base_url", "model", "temperature", "autoplay", "embed", "type"];
/// Longer values than this are no settings.
const LONGEST: usize = 20_000;
/// More settings than this are none either.
const MOST: usize = 40;

impl Message {
    /// Reads a message of that type with these fields; `None` where it is none, or asks for nothing
    /// that it may.
    pub fn read(kind: &str, fields: Vec<Wish>) -> Option<Self> {
        match kind {
            "converge:run" => Some(Self::Run),
            "converge:stop" => Some(Self::Stop),
            "converge:set" if fields.len() <= MOST => {
                let fits = |value: &Option<String>| {
                    value.as_ref().is_none_or(|value| value.len() <= LONGEST)
                };
                let mut wishes = fields;
                wishes
                    .retain(|(key, value)| !NOT_BY_MESSAGE.contains(&key.as_str()) && fits(value));
                (!wishes.is_empty()).then_some(Self::Set(wishes))
            }
            _ => None,
        }
    }

    /// As much of it as may be while a live model is chosen: stopping it, and the theme.
    pub fn while_live(self) -> Option<Self> {
        match self {
            Self::Run | Self::Show(_) => None,
            Self::Stop => Some(Self::Stop),
            Self::Set(wishes) => {
                let theme = wishes.into_iter().filter(|(key, _)| key == "theme");
                let theme: Vec<_> = theme.collect();
                (!theme.is_empty()).then_some(Self::Set(theme))
            }
        }
    }
}

/// The link of an edited pipeline that is wished for.
pub fn link_in(wishes: &[Wish]) -> Option<&str> {
    let (_, link) = wishes.iter().rev().find(|(key, _)| key == LINK)?;
    link.as_deref().filter(|link| !link.is_empty())
}

impl Settings {
    /// These settings with some changed, and a sentence for each value that makes no sense. Another
    /// preset goes without what was said of the agents of the one before.
    pub fn changed(&self, wishes: &[Wish]) -> (Self, Vec<String>) {
        self.changed_with(wishes, link_in(wishes).map(link::read))
    }

    /// The same, where the [link](link_in) of an edited pipeline has been read.
    pub fn changed_with(&self, wishes: &[Wish], linked: Option<Linked>) -> (Self, Vec<String>) {
        let mut before = self.clone();
        let preset = wishes.iter().rev().find(|(key, _)| key == "preset");
        let preset = preset.map(|(_, id)| id.as_deref().unwrap_or_default());
        if preset.is_some_and(|id| id != self.preset.id()) {
            before.choose(self.preset);
        }
        // Taken over as it is, so that no link of it is written.
        let edited = before.edited.take();
        let fragment = before.fragment();
        let mut pairs = BTreeMap::new();
        pairs.extend(form_urlencoded::parse(fragment.as_bytes()));
        for (key, value) in wishes {
            match value {
                Some(value) if !value.is_empty() => pairs.insert(key.into(), value.into()),
                _ => pairs.remove(key.as_str()),
            };
        }
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        let is_said = wishes.iter().any(|(key, _)| key == LINK);
        let own = edited.filter(|_| !is_said).map(|edited| Ok((before.preset, edited)));
        Self::read_with("", &text.finish(), linked.or(own))
    }
}

/// Whose the pages around this one are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// There are none: it is a page of its own.
    Nobody,
    /// All of them come from this page's own origin.
    Own,
    /// At least one comes from somewhere else, or does not show where it comes from.
    Foreign,
}

impl Around {
    /// Judges by the origins of the pages around, all of them, as far as each can be told. `own` is
    /// this page's: `null` where the browser has taken it away, as in a sandbox.
    pub fn of(own: &str, around: &[Option<String>]) -> Self {
        let is_own = |origin: &Option<String>| {
            own != OPAQUE && origin.as_deref().is_some_and(|origin| origin == own)
        };
        match around {
            [] => Self::Nobody,
            all if all.iter().all(is_own) => Self::Own,
            _ => Self::Foreign,
        }
    }
}

/// The origin of what has none.
const OPAQUE: &str = "null";

/// What the page around it is told when the runs are over: the detail of `converge:end`.
#[derive(Debug, PartialEq, Serialize)]
pub struct Ending {
    /// The preset, as the address has it.
    pub preset: &'static str,
    /// The provider that answered, as the address has it.
    pub provider: &'static str,
    /// Each schedule that ran.
    pub schedules: BTreeMap<&'static str, Ended>,
    /// How many times as fast the parallel run was, where both have their answer.
    pub speedup: Option<f64>,
    /// What the reader had guessed, in milliseconds.
    pub guess_ms: Option<f64>,
}

/// One schedule's run that is over.
#[derive(Debug, PartialEq, Serialize)]
pub struct Ended {
    /// Start to end, in milliseconds.
    pub makespan_ms: f64,
    /// `done`, `failed` or `cancelled`.
    pub outcome: String,
    /// All of it, for those who may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceFile>,
    /// In place of that: what the run used, by the API's own count.
    #[serde(flatten)]
    pub tokens: Option<Tokens>,
}

/// Tokens that a run used.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Of its prompts.
    pub input_tokens: u64,
    /// Of its answers.
    pub output_tokens: u64,
}

impl Ended {
    /// Everything about a run.
    fn whole(outcome: String, trace: TraceFile) -> Self {
        let makespan_ms = trace.metrics.makespan_us as f64 / 1e3;
        Self { makespan_ms, outcome, trace: Some(trace), tokens: None }
    }

    /// Only its figures: no text that a model, a server or the reader has written.
    fn figures(self) -> Self {
        let sum = |spans: &TraceFile| {
            let add = |sum: Tokens, span: &SpanFile| {
                // A hedge's second call is paid for as well.
                let second = span.conditions.second.as_ref();
                let [input, output] = second.map_or([0, 0], |s| [s.input_tokens, s.output_tokens]);
                let add =
                    |sum: u64, own: u64, second| sum.saturating_add(own).saturating_add(second);
                Tokens {
                    input_tokens: add(sum.input_tokens, span.input_tokens, input),
                    output_tokens: add(sum.output_tokens, span.output_tokens, output),
                }
            };
            spans.spans.iter().fold(Tokens { input_tokens: 0, output_tokens: 0 }, add)
        };
        Self { tokens: self.trace.as_ref().map(sum), trace: None, ..self }
    }
}

impl Ending {
    /// Sums up runs that are over, each under the name of its schedule. `guess_ms` is the reader's.
    ///
    /// What a live model said was said to the reader: a page from somewhere else hears figures only.
    pub fn new(
        settings: &Settings,
        runs: Vec<(&'static str, String, TraceFile)>,
        guess_ms: Option<f64>,
        around: Around,
    ) -> Self {
        let is_private = settings.provider.is_some() && around == Around::Foreign;
        let ended = |(name, outcome, trace): (&'static str, String, TraceFile)| {
            let whole = Ended::whole(outcome, trace);
            (name, if is_private { whole.figures() } else { whole })
        };
        let schedules: BTreeMap<_, _> = runs.into_iter().map(ended).collect();
        let length = |name| {
            let run: &Ended = schedules.get(name)?;
            (run.outcome == "done" && run.makespan_ms > 0.0).then_some(run.makespan_ms)
        };
        let both = length("sequential").zip(length("parallel"));
        Self {
            preset: settings.preset.id(),
            provider: settings.provider.map_or(SIMULATED, |provider| provider.name()),
            speedup: both.map(|(sequential, parallel)| sequential / parallel),
            schedules,
            guess_ms,
        }
    }

    /// The message as JSON, its type with it.
    pub fn text(&self) -> String {
        #[derive(Serialize)]
        struct Typed<'a> {
            r#type: &'static str,
            #[serde(flatten)]
            ending: &'a Ending,
        }
        // Texts, numbers and maps of them: nothing in there can fail to become JSON.
        serde_json::to_string(&Typed { r#type: "converge:end", ending: self }).unwrap_or_default()
    }
}
