//! The panel with the programs. The programs themselves are in `codegen`.

pub const LANGUAGE: &str = "Language";
pub const CODE: &str = "Code";
pub const ABOUT: &str = "The same pipeline as a program. A line with a mark waits at this moment \
    of the run; point at a line or a bar to find the other.";

pub fn written_out(written: usize) -> String {
    format!("Written out with {written} branches; the others would be lines like theirs.")
}

pub const PROGRAM: &str = "Program";

pub fn hidden(lines: usize) -> String {
    format!("… {lines} more lines; Copy takes them all")
}

pub fn copied(variable: &str) -> String {
    format!("The program is in the clipboard; it reads the key from {variable}.")
}

pub const CANNOT_COPY: &str = "This browser does not let the page copy: select the lines instead.";
pub const COPY: &str = "Copy";

pub fn program(title: &str) -> String {
    format!("{title} program")
}

// Languages and libraries, and what the two programs of each are called.

pub const ASYNCIO: &str = "Python: asyncio";
pub const LANGCHAIN: &str = "Python: LangChain";
pub const LANGGRAPH: &str = "Python: LangGraph";
pub const ADK: &str = "Python: Google ADK 1";
pub const ADK2: &str = "Python: Google ADK 2";
pub const JS: &str = "JavaScript: promises";
pub const RUST: &str = "Rust: futures";
pub const RUST_ENGINE: &str = "Rust: this page's engine";
pub const STATE_GRAPH_ONE_BY_ONE: &str = "StateGraph, one by one";
pub const WORKFLOW_ONE_BY_ONE: &str = "Workflow, one by one";
pub const SEQUENTIAL_AWAITS: &str = "Sequential awaits";
