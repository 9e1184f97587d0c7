//! A pipeline as it is being written: texts in fields, commands that change them, and undo.
//!
//! Dependencies are not drawn: writing `{stock}` into a prompt makes one, and taking it out
//! removes it. What is typed need not be a pipeline; [`problems`] says at which field it is not, and
//! an [`Edited`] exists only where there are none. How the fields look is the page's business.

mod check;
pub mod cost;
mod draft;
pub mod link;
mod undo;
pub mod why;

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::Tool;
use crate::pipeline::{Agent, Pipeline, Work};
use crate::presets;
use crate::presets::{Preset, PresetId};
use crate::simulate::Script;
use crate::state::Key;
use crate::template::Template;
use crate::time::{exact_seconds, parse_seconds};
use crate::words;

pub use check::{Problem, problems};
pub use draft::{Command, Draft, Typed};
pub use undo::{Editor, Renamed};

/// More agents than this are not edited by hand.
pub const MOST_AGENTS: usize = 12;
/// All texts of a pipeline together, in bytes: a link that holds more is of no use.
pub const MOST_TEXT: usize = 60_000;

/// A text of an agent that can be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Its name.
    Name,
    /// The key under which it leaves its answer.
    Key,
    /// How long it takes while it is simulated, in seconds.
    Latency,
    /// The live model that it wants; empty for the one that all others ask.
    Model,
    /// The role that the model is given (the system message).
    Instruction,
    /// What it is asked.
    Prompt,
    /// What it says while it is simulated.
    Answer,
}

impl Field {
    /// All of them, in the order in which an agent keeps them.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::Key,
        Self::Latency,
        Self::Model,
        Self::Instruction,
        Self::Prompt,
        Self::Answer,
    ];

    /// How many characters it holds at most.
    pub fn most(self) -> usize {
        match self {
            Self::Name | Self::Key => 40,
            Self::Latency => 12,
            Self::Model => 100,
            Self::Instruction | Self::Prompt | Self::Answer => 8_000,
        }
    }
}

/// An agent as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentText {
    texts: [String; Field::ALL.len()],
    /// Whether the model may search the web, where the API offers it.
    pub search: bool,
    /// Whether a picture goes with its prompt.
    pub sees: bool,
    /// How its answer comes about.
    pub work: Work,
}

impl AgentText {
    /// What stands in that field.
    pub fn get(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Writes into that field.
    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        self.texts[field as usize] = text.into();
    }

    /// The key under which it leaves its answer, if what is written can be one.
    pub fn key(&self) -> Option<Key> {
        Key::new(self.get(Field::Key).trim())
    }

    /// The keys that its prompts read.
    pub fn reads(&self, key: &Key) -> bool {
        let reads = |field| Template::new(self.get(field)).holes().any(|(read, _)| read == key);
        reads(Field::Instruction) || reads(Field::Prompt)
    }

    fn of(agent: &Agent, script: &Script) -> Self {
        let mut text = Self {
            search: agent.searches(),
            sees: agent.sees(),
            work: agent.work,
            ..Self::default()
        };
        text.set(Field::Name, agent.name.as_str());
        text.set(Field::Key, agent.output_key.as_str());
        text.set(Field::Latency, exact_seconds(script.latency));
        text.set(Field::Model, agent.model.clone().unwrap_or_default());
        text.set(Field::Instruction, agent.instruction.to_string());
        text.set(Field::Prompt, agent.prompt.to_string());
        text.set(Field::Answer, script.answer.to_string());
        text
    }

    /// The agent and its script; `key` is its own.
    fn build(&self, key: Key) -> (Agent, Script) {
        let model = self.get(Field::Model).trim();
        let agent = Agent {
            name: self.get(Field::Name).trim().into(),
            label: None,
            instruction: Template::new(self.get(Field::Instruction)),
            prompt: Template::new(self.get(Field::Prompt)),
            output_key: key,
            model: (!model.is_empty()).then(|| model.into()),
            tools: [(self.search, Tool::GoogleSearch), (self.sees, Tool::Picture)]
                .into_iter()
                .filter_map(|(has, tool)| has.then_some(tool))
                .collect(),
            work: self.work,
        };
        let script = Script {
            latency: parse_seconds(self.get(Field::Latency)).unwrap_or(Duration::ZERO),
            answer: Template::new(self.get(Field::Answer)),
            fault: None,
            blocking: false,
        };
        (agent, script)
    }
}

/// The agents of a preset as texts.
pub fn texts(preset: &Preset) -> Vec<AgentText> {
    let agents = preset.pipeline.agents().iter().zip(&preset.scripts);
    agents.map(|(agent, script)| AgentText::of(agent, script)).collect()
}

/// Agents as texts that are a pipeline.
#[derive(Clone, Debug)]
pub struct Edited {
    agents: Arc<Vec<AgentText>>,
    /// [`link::write`]. Only what can make a pipeline names it, so that the page's first module, which
    /// cannot, does without the compressor.
    write_link: fn(&Self, PresetId) -> String,
}

impl PartialEq for Edited {
    fn eq(&self, other: &Self) -> bool {
        self.agents == other.agents
    }
}

impl Eq for Edited {}

impl Edited {
    /// Checks them.
    pub fn new(agents: Vec<AgentText>) -> Result<Self, Vec<Problem>> {
        match problems(&agents) {
            none if none.is_empty() => {
                Ok(Self { agents: Arc::new(agents), write_link: link::write })
            }
            some => Err(some),
        }
    }

    /// The agents.
    pub fn agents(&self) -> &[AgentText] {
        &self.agents
    }

    /// The link of a pipeline that was made from a preset.
    pub fn link(&self, preset: PresetId) -> String {
        (self.write_link)(self, preset)
    }

    /// The pipeline and its scripts; `None` never, since it was checked.
    pub fn build(&self) -> Option<(Pipeline, Vec<Script>)> {
        let built = self.agents.iter().map(|agent| Some(agent.build(agent.key()?)));
        let (agents, scripts) = built.collect::<Option<Vec<_>>>()?.into_iter().unzip();
        let pipeline = Pipeline::new(vec![presets::topic_key()], agents).ok()?;
        Some((pipeline, scripts))
    }

    /// Whether it says the same as a preset.
    pub fn is_like(&self, preset: &Preset) -> bool {
        *self.agents == texts(preset)
    }

    /// A preset with this pipeline in place of its own. Agents that have their names from it keep
    /// its labels.
    pub fn replace(&self, preset: Preset) -> Preset {
        let Some((pipeline, scripts)) = self.build() else { return preset };
        let label = |name: &str| {
            preset.pipeline.find(name).and_then(|own| preset.pipeline.agents()[own].label.clone())
        };
        let pipeline = pipeline.labeled(label);
        let title = words::editor::title(pipeline.agents().len());
        let source = "The pipeline is edited: latencies and answers are as they were typed.";
        Preset { title, source, pipeline, scripts, ..preset }
    }
}
