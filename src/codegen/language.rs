//! Which languages and libraries there are programs in, and what they are called.

use super::{Endpoint, Form};
use crate::words;

/// The language of a program, and the library that runs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Python's own event loop.
    #[default]
    Asyncio,
    /// LangChain's maps and pipes, in Python.
    LangChain,
    /// LangGraph's graph of nodes, in Python.
    LangGraph,
    /// The agents of Google's ADK 1, in Python.
    Adk,
    /// The workflows of Google's ADK 2, in Python.
    Adk2,
    /// The tasks of Ray, in Python.
    Ray,
    /// The promises of JavaScript, for Node and browsers.
    Js,
    /// The futures of Rust.
    Rust,
    /// The engine of this page, in Rust.
    RustEngine,
}

impl Language {
    /// All of them, in the order of menus.
    pub const ALL: &[Self] = &[
        Self::Asyncio,
        Self::LangChain,
        Self::LangGraph,
        Self::Adk,
        Self::Adk2,
        Self::Ray,
        Self::Js,
        Self::Rust,
        Self::RustEngine,
    ];

    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asyncio => "asyncio",
            Self::LangChain => "langchain",
            Self::LangGraph => "langgraph",
            Self::Adk => "adk",
            Self::Adk2 => "adk2",
            Self::Ray => "ray",
            Self::Js => "js",
            Self::Rust => "rust",
            Self::RustEngine => "rust-engine",
        }
    }

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Asyncio => "Python: asyncio",
            Self::LangChain => "Python: LangChain",
            Self::LangGraph => "Python: LangGraph",
            Self::Adk => "Python: Google ADK 1",
            Self::Adk2 => "Python: Google ADK 2",
            Self::Ray => "Python: Ray",
            Self::Js => "JavaScript: promises",
            Self::Rust => "Rust: futures",
            Self::RustEngine => "Rust: this page's engine",
        }
    }

    /// What a program of that form is called.
    pub fn title(self, form: Form) -> &'static str {
        match (self, form) {
            (Self::Asyncio, Form::Parallel) => "asyncio.gather",
            (Self::LangChain, Form::Parallel) => "RunnableParallel",
            (Self::LangGraph, Form::Parallel) => "StateGraph",
            (Self::LangGraph, Form::Sequential) => "StateGraph, one by one",
            (Self::Adk, Form::Parallel) => "ParallelAgent",
            (Self::Adk, Form::Sequential) => "SequentialAgent",
            (Self::Adk2, Form::Parallel) => "Workflow",
            (Self::Adk2, Form::Sequential) => "Workflow, one by one",
            (Self::Ray, Form::Parallel) => "@ray.remote",
            (Self::Ray, Form::Sequential) => "Tasks, one by one",
            (Self::Js, Form::Parallel) => "Promise.all",
            (Self::Rust, Form::Parallel) => "try_join_all",
            (Self::RustEngine, Form::Parallel) => "Schedule::parallel",
            (Self::RustEngine, Form::Sequential) => "Schedule::sequential",
            (_, Form::Sequential) => "Sequential awaits",
        }
    }

    /// How far its programs scale, and how to run one, in a line.
    pub fn how_to_run(self) -> String {
        let (reach, command) = match self {
            Self::Asyncio => (words::code::ONE_PROCESS, "pip install openai && python pipeline.py"),
            Self::LangChain => (
                words::code::ONE_PROCESS,
                "pip install langchain-core langchain-openai && python pipeline.py",
            ),
            Self::LangGraph => (
                words::code::CLUSTER_BY_FOLDER,
                "pip install langgraph langchain-openai && python pipeline.py",
            ),
            Self::Adk => {
                (words::code::ONE_PROCESS, "pip install \"google-adk<2\" && python pipeline.py")
            }
            Self::Adk2 => {
                (words::code::CLUSTER_BY_FOLDER, "pip install google-adk && python pipeline.py")
            }
            Self::Ray => (words::code::CLUSTER, "pip install ray openai && python pipeline.py"),
            Self::Js => (words::code::ONE_PROCESS, "node pipeline.mjs"),
            Self::Rust | Self::RustEngine => (words::code::ONE_PROCESS, "cargo run --release"),
        };
        words::code::how_to_run(reach, command)
    }

    /// Whether its program can be had as a [`folder`](super::folder) for a deployment tool.
    pub fn has_folder(self) -> bool {
        matches!(self, Self::LangGraph | Self::Adk2)
    }

    /// Where its programs look for the key.
    pub fn key_variable(self, endpoint: &Endpoint) -> &'static str {
        match self {
            Self::Adk | Self::Adk2 => "GOOGLE_API_KEY",
            _ => endpoint.key_variable(),
        }
    }

    /// The one with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.as_str() == name)
    }
}
