//! What went into each prompt, and what is written so far: ADK's session state, LangChain's
//! dictionary.
//!
//! It says of each stretch of a prompt who wrote it. All of it follows from the pipeline, the
//! inputs and the log up to the cursor; no prompt is stored anywhere.

use std::rc::Rc;

use super::Timeline;
use crate::pipeline::Pipeline;
use crate::state::{Key, State};
use crate::template::{Part, Template};
use crate::time::Instant;
use crate::words;

/// Who wrote a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// The caller of the run: the key is an input.
    Reader,
    /// The agent at that place.
    Agent(usize),
}

/// A stretch of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// It stands in the template.
    Text(String),
    /// It stood under a key.
    Filled {
        /// The key.
        key: Key,
        /// Who wrote it there.
        writer: Writer,
        /// What.
        text: Rc<str>,
    },
    /// Nothing is written under its key yet.
    Hole {
        /// The key.
        key: Key,
        /// Who will write it.
        writer: Writer,
    },
    /// Nothing will be written under its key: its agent has no answer.
    Missing {
        /// The key.
        key: Key,
        /// Whether the prompt can do without.
        optional: bool,
    },
}

/// An entry of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub key: Key,
    /// Who writes it.
    pub writer: Writer,
    /// What is written there and since when; `None` before that.
    pub written: Option<(Instant, Rc<str>)>,
}

/// A run's data as it stood at the cursor.
pub struct Data<'a> {
    pipeline: &'a Pipeline,
    inputs: &'a State,
    timeline: &'a Timeline,
}

impl<'a> Data<'a> {
    /// Of that run.
    pub fn new(pipeline: &'a Pipeline, inputs: &'a State, timeline: &'a Timeline) -> Self {
        Self { pipeline, inputs, timeline }
    }

    /// Everything that is or will be written: the inputs, then what these agents write.
    pub fn state(&self, agents: impl Iterator<Item = usize>) -> Vec<Entry> {
        let given = |key: &Key| Some((Instant::ZERO, self.inputs.get(key)?.clone()));
        let inputs = (self.pipeline.inputs().iter()).map(|key| Entry {
            key: key.clone(),
            writer: Writer::Reader,
            written: given(key),
        });
        let written = agents.filter_map(|place| {
            Some(Entry {
                key: self.pipeline.agents().get(place)?.output_key.clone(),
                writer: Writer::Agent(place),
                written: self.answer(place),
            })
        });
        inputs.chain(written).collect()
    }

    /// The same as one text: what goes to the model, with a hole where nothing is written yet.
    pub fn filled(&self, template: &Template) -> String {
        let text = |piece: Piece| match piece {
            Piece::Text(text) => text,
            Piece::Filled { text, .. } => text.as_ref().to_owned(),
            Piece::Hole { key, .. } => format!("{{{key}}}"),
            Piece::Missing { optional: true, .. } => String::new(),
            Piece::Missing { key, .. } => words::status::missing(key.as_str()),
        };
        self.pieces(template).into_iter().map(text).collect()
    }

    /// A template of one of the agents, with its holes filled as far as they are.
    pub fn pieces(&self, template: &Template) -> Vec<Piece> {
        let piece = |part: &Part| match part {
            Part::Text(text) => Piece::Text(text.clone()),
            Part::Hole { key, optional } => self.hole(key, *optional),
        };
        template.parts().iter().map(piece).collect()
    }

    /// How many of a template's holes are filled, and how many there are.
    pub fn filled_holes(&self, template: &Template) -> (usize, usize) {
        let is_filled = |key: &Key| match self.pipeline.writer(key) {
            Some(place) => self.timeline.lanes()[place].phase().has_answer(),
            None => self.inputs.get(key).is_some(),
        };
        template
            .holes()
            .fold((0, 0), |(filled, all), (key, _)| (filled + usize::from(is_filled(key)), all + 1))
    }

    fn hole(&self, key: &Key, optional: bool) -> Piece {
        let key = key.clone();
        if self.pipeline.inputs().contains(&key) {
            return match self.inputs.get(&key) {
                Some(text) => Piece::Filled { key, writer: Writer::Reader, text: text.clone() },
                None => Piece::Missing { key, optional: true },
            };
        }
        let Some(place) = self.pipeline.writer(&key) else {
            return Piece::Missing { key, optional };
        };
        let writer = Writer::Agent(place);
        match self.answer(place) {
            Some((_, text)) => Piece::Filled { key, writer, text },
            None if self.timeline.lanes()[place].ended.is_some() => {
                Piece::Missing { key, optional }
            }
            None => Piece::Hole { key, writer },
        }
    }

    fn answer(&self, place: usize) -> Option<(Instant, Rc<str>)> {
        let lane = self.timeline.lanes().get(place)?;
        let done = lane.phase().has_answer();
        lane.end().filter(|_| done).map(|at| (at, lane.text.as_str().into()))
    }
}
