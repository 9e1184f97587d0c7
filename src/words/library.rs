//! What a library's primitive does with a failure: what the caller gets, and what becomes of the rest.

pub const ANSWERS: &str = "all answers";
pub const TIMEOUT: &str = "the timeout's error";
pub const NEVER: &str = "nothing: it waits for ever";

pub fn errors(agents: &str) -> String {
    format!("the answers, with an error in place of {agents}")
}

pub fn fallbacks(agents: &str) -> String {
    format!("the answers, with a fallback in place of {agents}")
}

pub fn first(agent: &str) -> String {
    format!("the answer of {agent}, which came first")
}

pub fn error(agent: &str) -> String {
    format!("the error of {agent}")
}

pub fn group(agents: &str) -> String {
    format!("a group with the errors of {agents}")
}

pub const NO_SIBLINGS: &str = "none were running";
pub const AWAITED: &str = "run to their end";
pub const RUN_ON: &str = "keep running, unused";
pub const CANCELED: &str = "are canceled";
