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
        Self::Js,
        Self::Rust,
        Self::RustEngine,
    ];

    /// Its word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asyncio => "asyncio",
            Self::LangChain => "langchain",
            Self::LangGraph => "langgraph",
            Self::Adk => "adk",
            Self::Adk2 => "adk2",
            Self::Js => "js",
            Self::Rust => "rust",
            Self::RustEngine => "rust-engine",
        }
    }

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Asyncio => words::code::ASYNCIO,
            Self::LangChain => words::code::LANGCHAIN,
            Self::LangGraph => words::code::LANGGRAPH,
            Self::Adk => words::code::ADK,
            Self::Adk2 => words::code::ADK2,
            Self::Js => words::code::JS,
            Self::Rust => words::code::RUST,
            Self::RustEngine => words::code::RUST_ENGINE,
        }
    }

    /// What a program of that form is called.
    pub fn title(self, form: Form) -> &'static str {
        match (self, form) {
            (Self::Asyncio, Form::Parallel) => "asyncio.gather",
            (Self::LangChain, Form::Parallel) => "RunnableParallel",
            (Self::LangGraph, Form::Parallel) => "StateGraph",
            (Self::LangGraph, Form::Sequential) => words::code::STATE_GRAPH_ONE_BY_ONE,
            (Self::Adk, Form::Parallel) => "ParallelAgent",
            (Self::Adk, Form::Sequential) => "SequentialAgent",
            (Self::Adk2, Form::Parallel) => "Workflow",
            (Self::Adk2, Form::Sequential) => words::code::WORKFLOW_ONE_BY_ONE,
            (Self::Js, Form::Parallel) => "Promise.all",
            (Self::Rust, Form::Parallel) => "try_join_all",
            (Self::RustEngine, Form::Parallel) => "Schedule::parallel",
            (Self::RustEngine, Form::Sequential) => "Schedule::sequential",
            (_, Form::Sequential) => words::code::SEQUENTIAL_AWAITS,
        }
    }

    /// Where its programs look for the key.
    pub fn key_variable(self, endpoint: &Endpoint) -> &'static str {
        match self {
            Self::Adk | Self::Adk2 => "GOOGLE_API_KEY",
            _ => endpoint.key_variable(),
        }
    }

    /// The one with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.word() == word)
    }
}
