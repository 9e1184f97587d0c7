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

pub const NO_SURVIVORS: &str = "none";
pub const ALL_SURVIVE: &str = "all";

pub fn survivors(kept: usize, of: usize) -> String {
    format!("{kept} of {of}")
}

/// Above the table.
pub fn without_failure(branches: usize) -> &'static str {
    match branches {
        0 | 1 => "Fail a branch to see how these differ.",
        _ => {
            "No branch fails now, so most of these do the same. Fail a branch to see how they differ."
        }
    }
}

pub fn too_many_agents(most: usize) -> String {
    format!("This table is for pipelines of up to {most} agents.")
}

/// After a primitive was chosen that the settings cannot express in full.
pub fn around_the_map(name: &str) -> String {
    format!("Run has no setting for {name}: it fails with the first error, as each attempt does.")
}

pub const RETRIES_ALL: &str =
    "with_retry retries every failure and ignores Retry-After. Run retries only what may pass.";
pub const NEEDS_A_TIMEOUT: &str = "asyncio.wait_for needs a run timeout: set one in What if.";
pub const HAS_A_TIMEOUT: &str = "The run timeout stays set, which this primitive does not have.";
