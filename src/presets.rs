//! The pipelines that the page offers, each with a topic to ask about and a script to answer from.
//!
//! Content, not mechanism: what a preset says here runs through the same engine as anything else.
//! Answers are invented and written for the page; the article is the source of the agents, keys
//! and, where it prints any, the latencies.

mod company;
mod email;
mod fanout;
mod feedback;
mod headlines;
pub mod multimodal;
mod researchers;
mod topic;
mod travel;
mod validation;

use std::fmt;
use std::time::Duration;

use crate::engine::{OnFailure, Schedule};
use crate::pipeline::{Agent, Pipeline, PipelineError, Work};
use crate::simulate::{Script, predict};
use crate::state::{Key, State};
use crate::timeline::{Timeline, metrics};
use crate::words;

/// Which pipeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PresetId {
    /// The article's three ADK researchers and their synthesis.
    #[default]
    Researchers,
    /// Four look-ups about a company and a synthesis: the article's opening example.
    Company,
    /// The article's LangChain map over one topic.
    Topic,
    /// Four readings of one text and a summary.
    Feedback,
    /// Four look-ups for a trip and an itinerary.
    Travel,
    /// The parts of an e-mail, and the e-mail.
    Email,
    /// Four checks of a form, and all problems at once.
    Validation,
    /// The text and the image of a post, merged.
    Multimodal,
    /// Three headlines and a judge.
    Headlines,
    /// Any number of identical branches and a synthesis.
    Fanout,
}

impl PresetId {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 10] = [
        Self::Researchers,
        Self::Company,
        Self::Topic,
        Self::Feedback,
        Self::Travel,
        Self::Email,
        Self::Validation,
        Self::Multimodal,
        Self::Headlines,
        Self::Fanout,
    ];

    /// The one with that name in the address.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.id() == id)
    }

    /// Its name in the address.
    pub fn id(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Researchers => "researchers",
            Self::Topic => "topic",
            Self::Feedback => "feedback",
            Self::Travel => "travel",
            Self::Email => "email",
            Self::Validation => "validation",
            Self::Multimodal => "multimodal",
            Self::Headlines => "headlines",
            Self::Fanout => "fanout",
        }
    }

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Company => "Company research",
            Self::Researchers => "Three researchers",
            Self::Topic => "One topic, three views",
            Self::Feedback => "Feedback analysis",
            Self::Travel => "Trip planning",
            Self::Email => "Email writing",
            Self::Validation => "Form validation",
            Self::Multimodal => "Text and image",
            Self::Headlines => "A/B headlines",
            Self::Fanout => "Identical branches",
        }
    }

    /// What it does, in one line.
    pub fn line(self) -> &'static str {
        match self {
            Self::Company => "News, stock, social media and customer records, then a briefing",
            Self::Researchers => "Three web researchers of ADK, then one report",
            Self::Topic => "Summary, questions and key terms in LangChain, then an answer",
            Self::Feedback => {
                "Sentiment, keywords, category and urgency of one text, then a summary"
            }
            Self::Travel => "Flights, hotels, events and restaurants, then an itinerary",
            Self::Email => "Subject, body, image prompt and call to action, then the email",
            Self::Validation => "Format, phone, address and profanity checks, then all problems",
            Self::Multimodal => "Text and image of one post, then both merged",
            Self::Headlines => "Three headlines from three prompts, then a judge picks one",
            Self::Fanout => "Up to 10,000 equal branches, then a synthesis",
        }
    }

    /// What a failure does unless the reader says otherwise: checks that are meant to be reported
    /// together go on without the one that failed.
    pub fn on_failure(self) -> OnFailure {
        match self {
            Self::Validation => OnFailure::Collect,
            _ => OnFailure::default(),
        }
    }
}

/// A pipeline with all it needs to run without a key.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Which one.
    pub id: PresetId,
    /// What runs, as the heading of the page.
    pub title: String,
    /// What is asked about unless the reader says otherwise; the pipeline's `topic` input.
    pub topic: &'static str,
    /// Where the latencies come from.
    pub source: &'static str,
    /// The agents.
    pub pipeline: Pipeline,
    /// How each agent behaves, by place.
    pub scripts: Vec<Script>,
}

/// The article's three lessons about its formula, as settings: what they are called, and what the
/// address would say.
pub const LESSONS: [(&str, &str); 3] = [
    ("Equal branches", "preset=fanout&n=3&latency=*:2,synthesis:0"),
    ("One slow branch", "preset=fanout&n=3&latency=task1:10,task2:0.1,task3:0.1,synthesis:0"),
    ("A long synthesis", "preset=fanout&n=3&latency=*:1,synthesis:3"),
];

/// Where the latencies of most presets come from.
const LATENCIES_ARE_OURS: &str =
    "The article gives no latencies for this scenario. These are ours.";

/// The default number of branches of [`PresetId::Fanout`].
pub const DEFAULT_FANOUT: usize = 100;
/// The most branches of [`PresetId::Fanout`].
pub const MOST_FANOUT: usize = 10_000;

/// Builds a preset; `n` is the number of branches of the one that has a choice.
///
/// # Panics
/// Never for the presets as they are: the tests build each of them.
pub fn preset(id: PresetId, n: usize) -> Preset {
    let content = match id {
        PresetId::Company => company::content(),
        PresetId::Researchers => researchers::content(),
        PresetId::Topic => topic::content(),
        PresetId::Feedback => feedback::content(),
        PresetId::Travel => travel::content(),
        PresetId::Email => email::content(),
        PresetId::Validation => validation::content(),
        PresetId::Multimodal => multimodal::content(),
        PresetId::Headlines => headlines::content(),
        PresetId::Fanout => fanout::content(n.clamp(1, MOST_FANOUT)),
    };
    match content.build(id) {
        Ok(preset) => preset,
        Err(error) => panic!("the preset {} is not a pipeline: {error}", id.id()),
    }
}

/// What a preset comes to when every agent keeps to its script.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// One agent after another.
    pub sequential: Duration,
    /// Whatever can start, starts.
    pub parallel: Duration,
    /// How many times as fast the second is.
    pub speedup: Option<f64>,
}

/// Runs a preset both ways on the virtual clock, as it is written and about its own topic.
pub fn forecast(preset: &Preset) -> Forecast {
    let mut inputs = State::new();
    inputs.set(topic_key(), preset.topic);
    let [sequential, parallel] = [Schedule::sequential(), Schedule::parallel()].map(|schedule| {
        let trace = predict(&preset.pipeline, &inputs, &preset.scripts, schedule);
        Timeline::at(&trace, preset.scripts.len(), trace.end()).makespan()
    });
    Forecast { sequential, parallel, speedup: metrics::speedup(sequential, parallel) }
}

/// The input key that every preset has.
pub fn topic_key() -> Key {
    Key::new("topic").expect("a plain word is a key")
}

/// A preset as it is written down in the files below.
struct Content {
    title: String,
    topic: &'static str,
    source: &'static str,
    agents: Vec<Part>,
}

/// An agent and its script.
struct Part {
    name: String,
    label: String,
    key: String,
    instruction: String,
    prompt: String,
    millis: u64,
    answer: String,
    work: Work,
    tools: Vec<crate::model::Tool>,
}

impl Part {
    fn new(name: impl Into<String>, key: impl Into<String>, millis: u64) -> Self {
        let name = name.into();
        Self {
            label: label_of(&name),
            name,
            key: key.into(),
            instruction: String::new(),
            prompt: "{topic}".into(),
            millis,
            answer: String::new(),
            work: Work::Model,
            tools: Vec::new(),
        }
    }

    fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    fn instruction(self, instruction: impl Into<String>) -> Self {
        Self { instruction: instruction.into(), ..self }
    }

    fn prompt(self, prompt: impl Into<String>) -> Self {
        Self { prompt: prompt.into(), ..self }
    }

    fn answer(self, answer: impl Into<String>) -> Self {
        Self { answer: answer.into(), ..self }
    }
}

/// "key_terms" as people write it: "Key terms".
fn label_of(name: &str) -> String {
    words::capitalized(name).replace('_', " ")
}

impl Content {
    fn build(self, id: PresetId) -> Result<Preset, PresetError> {
        let mut agents = Vec::with_capacity(self.agents.len());
        let mut scripts = Vec::with_capacity(self.agents.len());
        for part in self.agents {
            agents.push(Agent {
                output_key: Key::new(&part.key).ok_or(PresetError::Key(part.key))?,
                name: part.name,
                label: Some(part.label),
                instruction: part.instruction.into(),
                prompt: part.prompt.into(),
                model: None,
                tools: part.tools,
                work: part.work,
            });
            scripts.push(Script {
                latency: Duration::from_millis(part.millis),
                answer: part.answer.into(),
                fault: None,
                blocking: false,
            });
        }
        let pipeline = Pipeline::new(vec![topic_key()], agents).map_err(PresetError::Pipeline)?;
        let Self { title, topic, source, .. } = self;
        Ok(Preset { id, title, topic, source, pipeline, scripts })
    }
}

/// A slip in one of the files below.
enum PresetError {
    Key(String),
    Pipeline(PipelineError),
}

impl fmt::Display for PresetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "`{key}` is not a key"),
            Self::Pipeline(error) => error.fmt(f),
        }
    }
}
