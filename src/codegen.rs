//! The pipeline as a program that a reader could run, bound line by line to the run.
//!
//! Text, and for each line whose wait it is: that one shape serves every language, so that the page
//! can light the line that waits and the bar that a line stands for. Nothing here runs anything. It
//! shows the article's programs and the same in other languages; a further one is a file below and a
//! word in [`Language`].

mod adk;
mod asyncio;
mod js;
mod langchain;
mod python;

use crate::engine::Schedule;
use crate::pipeline::{Pipeline, Work};
use crate::state::State;
use crate::timeline::Timeline;

pub use python::literal as python_literal;

/// The language of a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Python's own event loop.
    #[default]
    Asyncio,
    /// LangChain's maps and pipes, in Python.
    LangChain,
    /// The agents of Google's ADK 1, in Python.
    Adk,
    /// The promises of JavaScript, for Node and browsers.
    Js,
}

impl Language {
    /// All of them, in the order of menus.
    pub const ALL: &[Self] = &[Self::Asyncio, Self::LangChain, Self::Adk, Self::Js];

    /// Its word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asyncio => "asyncio",
            Self::LangChain => "langchain",
            Self::Adk => "adk",
            Self::Js => "js",
        }
    }

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Asyncio => "Python: asyncio",
            Self::LangChain => "Python: LangChain",
            Self::Adk => "Python: Google ADK 1",
            Self::Js => "JavaScript: promises",
        }
    }

    /// What a program of that form is called.
    pub fn title(self, form: Form) -> &'static str {
        match (self, form) {
            (Self::Asyncio, Form::Parallel) => "asyncio.gather",
            (Self::LangChain, Form::Parallel) => "RunnableParallel",
            (Self::Adk, Form::Parallel) => "ParallelAgent",
            (Self::Js, Form::Parallel) => "Promise.all",
            (Self::Adk, Form::Sequential) => "SequentialAgent",
            (_, Form::Sequential) => "Sequential awaits",
        }
    }

    /// Where its programs look for the key.
    pub fn key_variable(self) -> &'static str {
        match self {
            Self::Adk => "GOOGLE_API_KEY",
            Self::Asyncio | Self::LangChain | Self::Js => "OPENAI_API_KEY",
        }
    }

    /// The one with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.word() == word)
    }
}

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
    /// Who is asked.
    pub endpoint: &'a Endpoint,
}

/// Who is asked. The key is not here: a program takes it from its environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The model's name.
    pub model: String,
    /// Where it is, if not at OpenAI's own address.
    pub base_url: Option<String>,
    /// Sent only when it is set.
    pub temperature: Option<f64>,
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

/// What a stretch of a line is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Nothing in particular.
    Plain,
    /// A word of the language.
    Keyword,
    /// A text.
    Text,
    /// For people.
    Comment,
}

/// Writes the program of `plan`.
pub fn program(language: Language, form: Form, plan: &Plan<'_>) -> Program {
    match language {
        Language::Asyncio => Program { lines: asyncio::lines(form, plan) },
        Language::Adk => Program { lines: adk::lines(form, plan) },
        Language::Js => Program { lines: js::lines(form, plan) },
        Language::LangChain => Program { lines: langchain::lines(form, plan) },
    }
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

/// A line of that language in stretches of one ink each, in order and complete.
pub fn inks(language: Language, line: &str) -> Vec<(Ink, &str)> {
    match language {
        Language::Asyncio | Language::LangChain | Language::Adk => {
            python::inks(line, python::KEYWORDS, "#")
        }
        Language::Js => python::inks(line, js::KEYWORDS, "//"),
    }
}

/// The lines of a program while it is being written.
#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    /// The agent whose call is being written.
    part_of: Option<usize>,
}

impl Writer {
    /// A line that waits for nobody.
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
/// what the engine does too. What passes through takes no time, so nobody waits for it.
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

/// Whom an agent that passes its prompt on waits for though its prompt does not say so.
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
