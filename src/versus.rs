//! The article's comparison, worked out for the pipeline at hand: what LangChain and ADK each make of
//! it, row by row, and what each of them holds at a moment of a run.
//!
//! Two readings of one log; neither library runs here. What they do was measured on langchain-core
//! 1.7.2 and google-adk 2.13.0 (November 2026), with branches of 0.1, 0.2 and 0.3 s of which the first
//! raises. How their programs look is [`codegen`](crate::codegen)'s business.

mod conditions;
mod failure;
pub mod memory;
mod rows;

use std::collections::BTreeSet;

use crate::engine::Schedule;
use crate::pipeline::{Pipeline, Work};
use crate::timeline::Timeline;
use crate::words;

/// Whose way it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// LangChain's `RunnableParallel`, awaited.
    LangChain,
    /// The agents of Google's ADK.
    Adk,
}

impl Library {
    /// Both, in the order of the columns.
    pub const ALL: [Self; 2] = [Self::LangChain, Self::Adk];

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::LangChain => "LangChain",
            Self::Adk => "ADK",
        }
    }

    /// What it calls that in which results travel.
    pub fn memory(self) -> &'static str {
        match self {
            Self::LangChain => "dictionary",
            Self::Adk => "session state",
        }
    }
}

/// What is compared: a pipeline, how it is to run, and a run of it.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The agents.
    pub pipeline: &'a Pipeline,
    /// How many at once, and what a failure does.
    pub schedule: Schedule,
    /// The run as it stood at the cursor.
    pub timeline: &'a Timeline,
}

/// What one library does about one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// In code; may be empty.
    pub code: String,
    /// In words.
    pub says: String,
}

impl Cell {
    fn says(says: impl Into<String>) -> Self {
        Self { code: String::new(), says: says.into() }
    }
}

/// One thing that both do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub about: &'static str,
    /// What each of them does, in the order of [`Library::ALL`].
    pub cells: [Cell; 2],
}

/// The comparison for that pipeline and run.
pub fn rows(scene: &Scene<'_>) -> Vec<Row> {
    let row = |about, of: fn(&Scene<'_>, Library) -> Cell| Row {
        about,
        cells: Library::ALL.map(|library| of(scene, library)),
    };
    let mut rows = vec![
        row("Primitive", rows::primitive),
        row("How results travel", rows::travel),
        row("In which order", rows::order),
        row("How many at once", rows::limit),
        row("When a branch fails", failure::by_itself),
        row("What is set for a failure", failure::as_set),
        row("A key that no agent wrote", rows::missing),
    ];
    if scene.schedule.hedge.is_some() {
        rows.push(row("A second call (hedge)", conditions::hedge));
    }
    if scene.schedule.quorum.is_some() {
        rows.push(row("A quorum of answers", conditions::quorum));
    }
    if scene.waits_for_levels() {
        rows.insert(3, row("Unneeded waits", rows::needless));
    }
    rows
}

impl Scene<'_> {
    fn is_sequential(&self) -> bool {
        self.schedule.width.get() == 1
    }

    fn limit(&self) -> Option<usize> {
        Some(self.schedule.width.get()).filter(|limit| *limit != usize::MAX)
    }

    fn name(&self, agent: usize) -> &str {
        &self.pipeline.agents()[agent].name
    }

    /// "news, stock and internal".
    fn names(&self, agents: &[usize]) -> String {
        listed(agents.iter().map(|agent| self.name(*agent).to_owned()))
    }

    fn keys(&self, agents: &[usize]) -> String {
        let key = |agent: &usize| format!("{{{}}}", self.pipeline.agents()[*agent].output_key);
        listed(agents.iter().map(key))
    }

    /// The widest level: the fan-out.
    fn fan_out(&self) -> Vec<usize> {
        let levels = self.pipeline.by_level().into_iter();
        // Of equals the first.
        levels.rev().max_by_key(Vec::len).unwrap_or_default()
    }

    /// Agents that a program of levels makes wait for an agent whose answer they do not read.
    fn held_up(&self) -> Vec<(usize, Vec<usize>)> {
        let levels = self.pipeline.by_level();
        let pairs = levels.windows(2).flat_map(|pair| {
            pair[1].iter().map(|agent| {
                let needs: BTreeSet<&usize> = self.pipeline.needs(*agent).iter().collect();
                let asks = |below: &usize| self.pipeline.agents()[*below].work == Work::Model;
                let below = pair[0].iter().copied();
                (*agent, below.filter(|below| asks(below) && !needs.contains(below)).collect())
            })
        });
        pairs.filter(|(_, needless): &(usize, Vec<usize>)| !needless.is_empty()).collect()
    }

    fn waits_for_levels(&self) -> bool {
        !self.is_sequential() && !self.held_up().is_empty()
    }
}

/// More than these are counted.
const MOST_TOLD: usize = 6;

/// "a, b and c"; "a, b, c, d, e and 95 more".
fn listed(parts: impl Iterator<Item = String>) -> String {
    let mut parts: Vec<String> = parts.collect();
    if parts.len() > MOST_TOLD {
        let more = parts.len() - (MOST_TOLD - 1);
        parts.truncate(MOST_TOLD - 1);
        parts.push(words::versus::more(more));
    }
    words::list(&parts)
}
