//! What each library holds at the cursor: LangChain's dictionary, ADK's session state.
//!
//! The same answers at the same moments, but not handed on at the same ones: a map keeps its results to
//! itself until the last one is there, and loses them with the first exception; the session's state has
//! each as soon as it is written, and keeps it.

use std::rc::Rc;

use super::{Library, Scene};
use crate::state::{Key, State};
use crate::time::{Instant, seconds};
use crate::timeline::Phase;
use crate::timeline::data::{Data, Writer};
use crate::words;

/// How an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was there from the beginning.
    Given,
    /// Its agent has not begun.
    Waiting,
    /// Its agent is at work.
    AtWork,
    /// It has come, and the map holds it until the last one is there.
    Held,
    /// It is written, for any agent to read.
    Written,
    /// It had come, and went with the exception of another one.
    Lost,
    /// It will not come.
    Missing,
}

impl Standing {
    /// Its name on the page and in style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Waiting => "waiting",
            Self::AtWork => "at work",
            Self::Held => "held by the map",
            Self::Written => "written",
            Self::Lost => "lost",
            Self::Missing => "missing",
        }
    }

    /// Whether an agent can read it.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Given | Self::Written)
    }
}

/// A key, and what is under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The key.
    pub key: Key,
    /// The agent that writes it.
    pub writer: Writer,
    /// How it stands.
    pub standing: Standing,
    /// Since when it can be read; `None` while it cannot.
    pub since: Option<Instant>,
    /// The text that has come, whether or not it can be read.
    pub text: Option<Rc<str>>,
}

/// All keys, in the order in which the library would list them: the dictionary by the program, the
/// state by when each was written.
pub fn slots(scene: &Scene<'_>, inputs: &State, library: Library) -> Vec<Slot> {
    let data = Data::new(scene.pipeline, inputs, scene.timeline);
    let mut slots: Vec<Slot> = (data.state(0..scene.pipeline.agents().len()).into_iter())
        .map(|entry| {
            let (standing, since) = match entry.writer {
                Writer::Reader => (Standing::Given, Some(Instant::ZERO)),
                Writer::Agent(agent) => stands(scene, library, agent),
            };
            let text = entry.written.map(|(_, text)| text);
            Slot { key: entry.key, writer: entry.writer, standing, since, text }
        })
        .collect();
    if library == Library::Adk {
        // Keys that are not written yet come last, in the program's order.
        slots.sort_by_key(|slot| (slot.since.is_none(), slot.since));
    }
    slots
}

fn stands(scene: &Scene<'_>, library: Library, agent: usize) -> (Standing, Option<Instant>) {
    let Some(lane) = scene.timeline.lanes().get(agent) else { return (Standing::Waiting, None) };
    let came = lane.end().filter(|_| lane.phase().has_answer());
    match (came, lane.phase()) {
        (Some(came), _) if library == Library::Adk || scene.is_sequential() => {
            (Standing::Written, Some(came))
        }
        (Some(_), _) => in_map(scene, agent),
        (None, Phase::Waiting | Phase::Queued) => (Standing::Waiting, None),
        (None, Phase::Running | Phase::Retrying) => (Standing::AtWork, None),
        (None, Phase::Orphaned) => (Standing::Lost, None),
        (None, _) => (Standing::Missing, None),
    }
}

/// A result that has come, in the map of its level.
fn in_map(scene: &Scene<'_>, agent: usize) -> (Standing, Option<Instant>) {
    let level = scene.pipeline.level(agent);
    let lanes = (scene.timeline.lanes().iter().enumerate())
        .filter(|(other, _)| scene.pipeline.level(*other) == level);
    let lanes: Vec<_> = lanes.map(|(_, lane)| lane).collect();
    if scene.schedule.on_failure.raises() && lanes.iter().any(|lane| lane.phase() == Phase::Failed)
    {
        return (Standing::Lost, None);
    }
    let ends: Option<Vec<Instant>> = lanes.iter().map(|lane| lane.end()).collect();
    match ends {
        Some(ends) => (Standing::Written, ends.into_iter().max()),
        None => (Standing::Held, None),
    }
}

/// What there is to say about it at the cursor, in a sentence.
pub fn told(scene: &Scene<'_>, slots: &[Slot], library: Library) -> String {
    let own = || slots.iter().filter(|slot| slot.writer != Writer::Reader);
    let count = |standing| own().filter(|slot| slot.standing == standing).count();
    let (all, written) = (own().count(), count(Standing::Written));
    let (held, lost) = (count(Standing::Held), count(Standing::Lost));
    let last = slots.iter().filter_map(|slot| slot.since).max().unwrap_or_default();
    let last = seconds(last.since(Instant::ZERO));
    match library {
        _ if scene.timeline.run().started.is_none() => match library {
            Library::LangChain => "It begins with what ainvoke is given.".into(),
            Library::Adk => "It begins with what the session is created with.".into(),
        },
        Library::LangChain if lost > 0 => words::versus::lost(lost),
        Library::LangChain if held > 0 => words::versus::held(held),
        Library::Adk if count(Standing::Missing) > 0 => {
            words::versus::written_and_stay(written, all)
        }
        _ if written == 0 => words::versus::none_written(all),
        Library::LangChain => words::versus::written_since(written, all, &last),
        Library::Adk => words::versus::written_each(written, all, &last),
    }
}
