//! The pipeline as a program that a reader could run, bound line by line to the run.
//!
//! Text, and for each line whose wait it is: that one shape serves every language, so that the page
//! can light the line that waits and the bar that a line stands for. Nothing here runs anything. It
//! shows the article's programs and the same in other languages; a further one is a file below and a
//! word in [`Language`].

mod adk;
mod asyncio;
mod conditions;
mod endpoint;
mod folder;
mod ink;
mod js;
mod langchain;
mod langgraph;
mod language;
mod picture;
mod python;
mod ray;
mod rust;
mod rust_engine;
mod rust_futures;

use std::time::Duration;

use crate::engine::{OnFailure, Schedule, fallback};
use crate::pipeline::{Agent, Pipeline, Work};
use crate::state::{Key, State};
use crate::time::exact_seconds;
use crate::timeline::Timeline;

pub use endpoint::Endpoint;
pub use folder::{File, Folder, folder};
pub use ink::{Ink, inks};
pub use language::Language;
pub use python::literal as python_literal;

/// Which of the two schedules a program spells out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One await after the other.
    Sequential,
    /// Whatever can start, starts.
    Parallel,
}

impl Form {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sequential, Self::Parallel];
}

/// What a program is to do.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The agents.
    pub pipeline: &'a Pipeline,
    /// The texts of its input keys; one that is missing counts as empty.
    pub inputs: &'a State,
    /// How many at once in the parallel form, and what a failure does.
    pub schedule: Schedule,
    /// The provider that the program calls.
    pub endpoint: &'a Endpoint,
}

impl<'a> Plan<'a> {
    fn agent(&self, agent: usize) -> &'a Agent {
        &self.pipeline.agents()[agent]
    }

    fn asks(&self, agent: usize) -> bool {
        self.agent(agent).work == Work::Model
    }

    /// Agents that can run together, one group after the other; an agent that makes no call is a group alone.
    fn groups(&self) -> Vec<Vec<usize>> {
        let groups = self.pipeline.by_level().into_iter().flat_map(|level| {
            let (asking, passing): (Vec<usize>, Vec<usize>) =
                level.into_iter().partition(|agent| self.asks(*agent));
            let asking = Some(asking).filter(|asking| !asking.is_empty());
            passing.into_iter().map(|agent| vec![agent]).chain(asking)
        });
        groups.collect()
    }

    /// The text of an input key.
    fn input(&self, key: &Key) -> &'a str {
        self.inputs.get(key).map_or("", |text| text)
    }

    /// The agents whose answers are the pipeline's.
    fn finals(&self) -> impl Iterator<Item = usize> + 'a {
        let pipeline = self.pipeline;
        (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent))
    }

    /// Whether a failure leaves a gap and everything else goes on.
    fn collects(&self) -> bool {
        self.schedule.on_failure == OnFailure::Collect
    }

    /// What is taken for an agent's answer when it has none, if anything is.
    fn fallback(&self, agent: usize) -> Option<String> {
        self.falls_back().then(|| fallback(self.agent(agent)))
    }

    fn falls_back(&self) -> bool {
        self.schedule.on_failure == OnFailure::Fallback
    }

    /// Whether others end before a failure is told.
    fn waits(&self, form: Form) -> bool {
        form == Form::Parallel && self.schedule.on_failure == OnFailure::Wait
    }

    /// Whether others run on after a failure was told.
    fn leaves(&self, form: Form) -> bool {
        form == Form::Parallel && self.schedule.on_failure == OnFailure::Leave
    }

    /// Whether those who come after a failure, though they do not read what is missing, have to be
    /// told not to begin: where each is a task of its own.
    fn holds_back(&self, form: Form) -> bool {
        let goes_on = self.waits(form) || self.leaves(form);
        goes_on && !levels_wait_no_longer(self.pipeline)
    }

    /// Whether a picture goes with some agent's prompt.
    fn sees(&self) -> bool {
        self.pipeline.agents().iter().any(Agent::sees)
    }

    /// How many calls there may be at once, where the form does not say so by itself.
    fn limit(&self, form: Form) -> Option<usize> {
        let width = self.schedule.width.get();
        (form == Form::Parallel && width != usize::MAX).then_some(width)
    }

    fn temperature(&self) -> Option<String> {
        self.endpoint.temperature.filter(|t| t.is_finite()).map(|t| t.to_string())
    }

    fn has_tools(&self) -> bool {
        self.pipeline.agents().iter().any(|agent| agent.searches())
    }

    /// Whether an agent has a model of its own.
    fn has_models(&self) -> bool {
        self.pipeline.agents().iter().any(|agent| agent.model.is_some())
    }

    fn attempts(&self) -> u32 {
        self.schedule.retry.attempts.get()
    }

    /// How long a call may take. The programs ask for whole answers, so that the wait for the first
    /// piece is the wait for all.
    fn patience(&self) -> Option<Duration> {
        self.schedule.timeouts.first.or(self.schedule.timeouts.between)
    }

    /// How long the whole run may take.
    fn deadline(&self) -> Option<Duration> {
        self.schedule.timeouts.run
    }
}

/// A length in seconds, as all of the languages write it.
fn seconds(length: Duration) -> String {
    exact_seconds(length)
}

/// A program's text and what binds it to a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its lines, from the top.
    pub lines: Vec<Line>,
}

/// One line of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it says, without the end of the line.
    pub text: String,
    /// The agents whose wait this line is, by place: several for a line that waits for all of them.
    pub agents: Vec<usize>,
    /// The agent whose call this line is a part of.
    pub part_of: Option<usize>,
}

/// Writes the program of `plan`.
pub fn program(language: Language, form: Form, plan: &Plan<'_>) -> Program {
    let pipeline = picture::in_words(plan);
    let plan = &Plan { pipeline: pipeline.as_ref().unwrap_or(plan.pipeline), ..*plan };
    let lines = match language {
        Language::Asyncio => asyncio::lines(form, plan),
        Language::LangChain => langchain::lines(form, plan),
        Language::LangGraph => langgraph::lines(form, plan),
        Language::Adk => adk::lines(adk::Edition::One, form, plan),
        Language::Adk2 => adk::lines(adk::Edition::Two, form, plan),
        Language::Ray => ray::lines(form, plan),
        Language::Js => js::lines(form, plan),
        Language::Rust => rust_futures::lines(form, plan),
        Language::RustEngine => rust_engine::lines(form, plan),
    };
    let notes = policy_notes(language, form, plan).into_iter();
    let notes = notes.chain(conditions::notes(language, form, plan));
    let notes = notes.map(|text| Line { text, ..Line::default() });
    Program { lines: notes.chain(lines).collect() }
}

/// What the page does when a branch fails and the program cannot.
fn policy_notes(language: Language, form: Form, plan: &Plan<'_>) -> Vec<String> {
    use Language::{Adk, Adk2, LangChain, LangGraph, Rust};
    let (mark, others) = match language {
        // Threads are waited for under any policy.
        LangChain if plan.limit(form).is_some() => ("#", "a thread cannot be canceled or left"),
        LangGraph => ("#", "a node that fails cancels its step"),
        Adk | Adk2 => ("#", "ADK cancels them"),
        Rust => ("//", "a future that is not polled makes no progress"),
        _ => return Vec::new(),
    };
    let differs = match plan.schedule.on_failure {
        OnFailure::Collect | OnFailure::Fallback => false,
        OnFailure::Cancel => language == LangChain,
        OnFailure::Leave => plan.leaves(form),
        OnFailure::Wait => plan.waits(form) && !matches!(language, LangChain | Rust),
    };
    if !differs {
        return Vec::new();
    }
    let policy = crate::words::in_sentence(plan.schedule.on_failure.label());
    vec![
        format!("{mark} When a branch fails, the page is set to {policy}."),
        format!("{mark} Not so this program: {others}."),
    ]
}

impl Program {
    /// The whole text, as a file has it.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]);
        lines.collect()
    }
}

/// Which lines wait at the timeline's cursor: those of the agents that run.
pub fn lit(program: &Program, timeline: &Timeline) -> Vec<bool> {
    let runs = |agent: &usize| {
        timeline.lanes().get(*agent).is_some_and(|lane| lane.phase().is_in_flight())
    };
    program.lines.iter().map(|line| line.agents.iter().any(runs)).collect()
}

/// Lines of a program that are in view at first.
const WINDOW: usize = 16;

/// Whether a program of so many lines is longer than what is in view at first.
pub fn is_cut(lines: usize) -> bool {
    lines > WINDOW
}

/// The line that a view opens on: the first that waits, or where none does, the first that will.
pub fn waiting_line(program: &Program, lit: &[bool]) -> Option<usize> {
    let will_wait = || program.lines.iter().position(|line| !line.agents.is_empty());
    lit.iter().position(|lit| *lit).or_else(will_wait)
}

/// The lines of a program while it is being written.
#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    /// The agent whose call is being written.
    part_of: Option<usize>,
}

impl Writer {
    /// A line that waits for no agent.
    fn line(&mut self, indent: usize, text: impl AsRef<str>) {
        self.waits(indent, text, Vec::new());
    }

    /// A line that waits for those agents.
    fn waits(&mut self, indent: usize, text: impl AsRef<str>, agents: Vec<usize>) {
        let text = format!("{}{}", "    ".repeat(indent), text.as_ref());
        let text = text.trim_end().to_owned();
        self.lines.push(Line { text, agents, part_of: self.part_of });
    }

    fn blank(&mut self, count: usize) {
        (0..count).for_each(|_| self.line(0, ""));
    }
}

/// What stands in a prompt in place of an answer that never came.
fn missing(key: &str) -> String {
    format!("[{key} is missing: the agent that writes it gave no answer]")
}

/// Whether every agent needs all of the level below its own: then waiting for that whole level is
/// what the engine does too. A pass-through takes no time, so no agent waits for it.
fn levels_wait_no_longer(pipeline: &Pipeline) -> bool {
    let levels = pipeline.by_level();
    levels.windows(2).all(|pair| {
        let asks = |agent: &&usize| pipeline.agents()[**agent].work == Work::Model;
        pair[0].iter().filter(asks).all(|below| {
            let needed_by = pipeline.needed_by(*below);
            pair[1].iter().all(|agent| needed_by.contains(agent))
        })
    })
}

/// The agents that a pass-through waits for although its prompt does not read them.
fn unsaid(pipeline: &Pipeline, agent: usize) -> Vec<usize> {
    let said = |need: &usize| {
        let key = &pipeline.agents()[*need].output_key;
        pipeline.agents()[agent].prompt.holes().any(|(said, _)| said == key)
    };
    pipeline.needs(agent).iter().copied().filter(|need| !said(need)).collect()
}

/// The order in which the engine runs the agents at a width of one: of those that could start, the
/// first in the list does.
fn one_by_one(pipeline: &Pipeline) -> Vec<usize> {
    let agents = 0..pipeline.agents().len();
    let mut open: Vec<usize> = agents.clone().map(|agent| pipeline.needs(agent).len()).collect();
    let mut ready: std::collections::BTreeSet<usize> =
        agents.filter(|agent| open[*agent] == 0).collect();
    let mut order = Vec::with_capacity(open.len());
    while let Some(agent) = ready.pop_first() {
        order.push(agent);
        for reader in pipeline.needed_by(agent) {
            open[*reader] -= 1;
            if open[*reader] == 0 {
                ready.insert(*reader);
            }
        }
    }
    order
}
