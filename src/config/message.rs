//! What the page and the one around it say to each other, as plain data.
//!
//! Whoever puts the figure into a page may start it, stop it and change what it shows. Nobody can
//! make it spend anything that way: who answers, where calls go and what they cost is the reader's
//! own business, as is everything once a live model has been chosen.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{SIMULATED, Settings};
use crate::export::TraceFile;

/// A setting and its new value; `None` makes it the default again.
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
            Self::Run => None,
            Self::Stop => Some(Self::Stop),
            Self::Set(wishes) => {
                let theme = wishes.into_iter().filter(|(key, _)| key == "theme");
                let theme: Vec<_> = theme.collect();
                (!theme.is_empty()).then_some(Self::Set(theme))
            }
        }
    }
}

impl Settings {
    /// These settings with some changed, and a sentence for each value that makes no sense. Another
    /// preset goes without what was said of the agents of the one before.
    pub fn changed(&self, wishes: &[Wish]) -> (Self, Vec<String>) {
        let mut before = self.clone();
        let preset = wishes.iter().rev().find(|(key, _)| key == "preset");
        let preset = preset.map(|(_, id)| id.as_deref().unwrap_or_default());
        if preset.is_some_and(|id| id != self.preset.id()) {
            before.choose(self.preset);
        }
        let fragment = before.fragment();
        // To collect them would sort them first, which is code that nothing else here needs.
        let mut pairs = BTreeMap::new();
        pairs.extend(form_urlencoded::parse(fragment.as_bytes()));
        for (key, value) in wishes {
            match value {
                Some(value) => pairs.insert(key.into(), value.into()),
                None => pairs.remove(key.as_str()),
            };
        }
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        Self::read("", &text.finish())
    }
}

/// What the page around it is told when the runs are over: the detail of `converge:end`.
#[derive(Debug, PartialEq, Serialize)]
pub struct Ending {
    /// The preset, as the address has it.
    pub preset: &'static str,
    /// Who answered, as the address has it.
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
    /// All of it.
    pub trace: TraceFile,
}

impl Ending {
    /// Sums up runs that are over, each under the name of its schedule. `guess_ms` is the reader's.
    pub fn new(
        settings: &Settings,
        runs: Vec<(&'static str, String, TraceFile)>,
        guess_ms: Option<f64>,
    ) -> Self {
        let ended = |(name, outcome, trace): (&'static str, String, TraceFile)| {
            let makespan_ms = trace.metrics.makespan_us as f64 / 1e3;
            (name, Ended { makespan_ms, outcome, trace })
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
