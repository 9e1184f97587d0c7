//! What to run: a list of agents and their dependencies.
//!
//! Dependencies are not declared but inferred: the `{keys}` in an agent's templates
//! are what it reads, its output key is what it writes, and "B needs A" means that B reads what A
//! writes. This is the article's core rule, as a function. A [`Pipeline`] exists only validated;
//! running it is the [`engine`](crate::engine)'s business.

mod draft;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::{Deserialize, Serialize};

use self::draft::Draft;
use crate::model::Tool;
use crate::state::Key;
use crate::template::Template;
use crate::words;

/// One step of a pipeline: what it asks, and the key under which it leaves the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Its name in code, unique in the pipeline.
    pub name: String,
    /// What people read in place of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The role that the model is given: the system message.
    #[serde(default = "empty")]
    pub instruction: Template,
    /// What it is asked: the user message.
    pub prompt: Template,
    /// Where its answer goes.
    pub output_key: Key,
    /// The model that it wants; `None`: the one of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Tools that the model may use, for APIs that have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// How its answer comes about.
    #[serde(default, skip_serializing_if = "Work::is_model")]
    pub work: Work,
}

/// How an agent's answer comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// A model is asked.
    #[default]
    Model,
    /// The filled prompt is the answer, at once: LangChain's `RunnablePassthrough`.
    PassThrough,
}

impl Work {
    fn is_model(&self) -> bool {
        *self == Self::Model
    }
}

fn empty() -> Template {
    Template::new("")
}

impl Agent {
    /// What people read: its label, or without one its name.
    pub fn title(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// Whether its model may search the web.
    pub fn searches(&self) -> bool {
        self.tools.contains(&Tool::GoogleSearch)
    }

    /// Whether a picture goes with its prompt.
    pub fn sees(&self) -> bool {
        self.tools.contains(&Tool::Picture)
    }

    /// The keys it reads, each once, in order of appearance; with whether it can do without.
    pub fn reads(&self) -> Vec<(&Key, bool)> {
        let mut reads: Vec<(&Key, bool)> = Vec::new();
        let mut places = BTreeMap::new();
        for (key, optional) in self.instruction.holes().chain(self.prompt.holes()) {
            let place = *places.entry(key).or_insert(reads.len());
            match reads.get_mut(place) {
                // One place that insists is enough.
                Some((_, known_optional)) => *known_optional &= optional,
                None => reads.push((key, optional)),
            }
        }
        reads
    }
}

/// A validated list of agents. Agents are named by their place in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Pipeline {
    inputs: Vec<Key>,
    agents: Vec<Agent>,
    reads: Vec<Vec<Key>>,
    needs: Vec<Vec<usize>>,
    needed_by: Vec<Vec<usize>>,
    levels: Vec<usize>,
    writers: HashMap<Key, usize>,
}

/// A pipeline as it is written down: not yet validated.
#[derive(Clone, Serialize, Deserialize)]
struct Parts {
    inputs: Vec<Key>,
    agents: Vec<Agent>,
}

impl Pipeline {
    /// Validates the agents and infers the dependencies. `inputs` are the keys that are written
    /// before the run begins, such as the topic.
    pub fn new(inputs: Vec<Key>, agents: Vec<Agent>) -> Result<Self, PipelineError> {
        let mut draft = Draft::new(inputs, agents)?;
        while draft.note_next()? {}
        while draft.infer_next()? {}
        draft.finish()
    }

    /// Agents whose prompts read what those write that `needs` lists for each, in that order, and nothing
    /// else: the pipeline that [`new`](Self::new) infers, without parsing a prompt. Awaits `pause` often.
    pub(crate) async fn reading(
        agents: Vec<Agent>,
        needs: Vec<Vec<usize>>,
        pause: impl AsyncFn(),
    ) -> Result<Self, PipelineError> {
        let key = |need: &usize| agents[*need].output_key.clone();
        let reads = needs.iter().map(|needs| needs.iter().map(key).collect()).collect();
        Self::of_known(agents, reads, needs, pause).await
    }

    /// Agents of which each waits for those that `needs` lists for it, whatever its prompt reads: for a
    /// run of which only the times count, which need not make and read a text for each dependency.
    pub(crate) async fn ordered(
        agents: Vec<Agent>,
        needs: Vec<Vec<usize>>,
        pause: impl AsyncFn(),
    ) -> Result<Self, PipelineError> {
        let reads = vec![Vec::new(); needs.len()];
        Self::of_known(agents, reads, needs, pause).await
    }

    async fn of_known(
        agents: Vec<Agent>,
        reads: Vec<Vec<Key>>,
        needs: Vec<Vec<usize>>,
        pause: impl AsyncFn(),
    ) -> Result<Self, PipelineError> {
        pause().await;
        let mut draft = Draft::new(Vec::new(), agents)?;
        while draft.note_next()? {
            pause().await;
        }
        draft.reads = reads;
        needs.into_iter().for_each(|needed| draft.add_needs(needed));
        pause().await;
        draft.finish()
    }

    /// The same with what people read in place of each agent's name.
    pub fn labeled(mut self, label: impl Fn(&str) -> Option<String>) -> Self {
        for agent in &mut self.agents {
            agent.label = label(&agent.name);
        }
        self
    }

    /// The agent that writes `key`; `None` for an input or an unknown key.
    pub fn writer(&self, key: &Key) -> Option<usize> {
        self.writers.get(key).copied()
    }

    /// The keys that are written before the run begins.
    pub fn inputs(&self) -> &[Key] {
        &self.inputs
    }

    /// The agents, in list order.
    pub fn agents(&self) -> &[Agent] {
        &self.agents
    }

    /// The keys that `agent` reads, each once, in order of appearance.
    pub fn reads(&self, agent: usize) -> &[Key] {
        &self.reads[agent]
    }

    /// The agents whose output `agent` reads, in order of appearance.
    pub fn needs(&self, agent: usize) -> &[usize] {
        &self.needs[agent]
    }

    /// The agents that read the output of `agent`, in list order.
    pub fn needed_by(&self, agent: usize) -> &[usize] {
        &self.needed_by[agent]
    }

    /// How many agents must end, one after another, before `agent` can start.
    pub fn level(&self, agent: usize) -> usize {
        self.levels[agent]
    }

    /// Whether no agent reads what `agent` writes: its output is an answer of the whole pipeline.
    pub fn is_final(&self, agent: usize) -> bool {
        self.needed_by[agent].is_empty()
    }

    /// Whether `agent` joins others: it reads their outputs, and its own is an answer.
    pub fn is_join(&self, agent: usize) -> bool {
        self.is_final(agent) && !self.needs(agent).is_empty()
    }

    /// Whether the map of a run is over: every join, of which there is one at least, could begin.
    pub fn is_map_over(&self, could_begin: impl Fn(usize) -> bool) -> bool {
        let mut joins = (0..self.agents().len()).filter(|agent| self.is_join(*agent)).peekable();
        joins.peek().is_some() && joins.all(could_begin)
    }

    /// The agents whose outputs feed others; all of them when nothing feeds anything.
    pub fn branches(&self) -> Vec<usize> {
        let feeding: Vec<usize> = (0..self.agents.len()).filter(|i| !self.is_final(*i)).collect();
        if feeding.is_empty() { (0..self.agents.len()).collect() } else { feeding }
    }

    /// How many calls to a model one run makes.
    pub fn calls(&self) -> usize {
        self.agents.iter().filter(|agent| agent.work == Work::Model).count()
    }

    /// The agents in an order in which each comes after all it needs: by level, then by list.
    pub fn in_order(&self) -> Vec<usize> {
        self.by_level().concat()
    }

    /// The agents of each level, in list order.
    pub fn by_level(&self) -> Vec<Vec<usize>> {
        let mut levels = vec![Vec::new(); self.levels.iter().max().map_or(0, |level| level + 1)];
        for (agent, level) in self.levels.iter().enumerate() {
            levels[*level].push(agent);
        }
        levels
    }

    /// The place of the agent of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.agents.iter().position(|agent| agent.name == name)
    }
}

/// The key nearest in spelling, if near enough to be meant; `own` is never.
pub fn closest<'a>(key: &Key, known: impl Iterator<Item = &'a Key>, own: &Key) -> Option<Key> {
    known
        .filter(|known| *known != own)
        .map(|known| (strsim::jaro_winkler(known.as_str(), key.as_str()), known))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known.clone())
}

impl TryFrom<Parts> for Pipeline {
    type Error = PipelineError;

    fn try_from(parts: Parts) -> Result<Self, PipelineError> {
        Self::new(parts.inputs, parts.agents)
    }
}

impl From<Pipeline> for Parts {
    fn from(pipeline: Pipeline) -> Self {
        Self { inputs: pipeline.inputs, agents: pipeline.agents }
    }
}

/// Why a list of agents is not a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineError {
    /// There is no agent.
    Empty,
    /// Two agents have one name.
    SameName {
        /// The name.
        name: String,
    },
    /// These agents wait for each other, each for the one before it and the first for the last.
    Cycle(Vec<String>),
    /// No agent writes a key that an agent reads.
    Unwritten {
        /// The key.
        key: Key,
        /// Who reads it.
        agent: String,
        /// The existing key that is nearest in spelling.
        did_you_mean: Option<Key>,
    },
    /// Two agents write one key, or an agent writes a key that is an input.
    WrittenTwice {
        /// The key.
        key: Key,
        /// Who writes it first; `None` when it is an input.
        first: Option<String>,
        /// Who writes it again.
        second: String,
    },
}

impl fmt::Display for PipelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the pipeline has no agents: add one"),
            Self::SameName { name } => f.write_str(&words::errors::same_name(name)),
            Self::Cycle(names) if names.len() == 1 => {
                f.write_str(&words::errors::reads_its_own(&names[0]))
            }
            Self::Cycle(names) => {
                let first = names.first().map_or("", String::as_str);
                f.write_str(&words::errors::circle(&names.join(" → "), first))
            }
            Self::Unwritten { key, agent, did_you_mean } => {
                let near = did_you_mean.as_ref().map(Key::as_str);
                f.write_str(&words::errors::unwritten(agent, key.as_str(), near))
            }
            Self::WrittenTwice { key, first: Some(first), second } => {
                f.write_str(&words::errors::written_twice(first, second, key.as_str()))
            }
            Self::WrittenTwice { key, first: None, second } => {
                f.write_str(&words::errors::writes_an_input(second, key.as_str()))
            }
        }
    }
}

impl std::error::Error for PipelineError {}
