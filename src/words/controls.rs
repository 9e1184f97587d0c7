//! The conditions of a run: menus and fields of the lab.

pub fn simulated(source: &str) -> String {
    format!(
        "Simulated: real timers on this page's own event loop, answers written beforehand. \
         {source}"
    )
}

pub const LAB: &str = "Lab";
pub const PRESET: &str = "Preset";
pub const BRANCHES: &str = "Branches";
pub const TOPIC: &str = "Topic";
pub const SIMULATED: &str = "Simulated, no key";
pub const PROVIDER: &str = "Provider";
pub const RACE: &str = "Race, both";
pub const SEQUENTIAL: &str = "Sequential";
pub const PARALLEL: &str = "Parallel";
pub const SCHEDULE: &str = "Schedule";
pub const NO_LIMIT: &str = "none";
pub const LIMIT: &str = "Concurrency limit";
pub const RETRIES: &str = "Retries";
pub const RUN_AT_MOST_LABEL: &str = "Run at most (s)";
pub const ANY_TIME: &str = "any time";
pub const RUN_AT_MOST: &str = "Longest time for the whole run, in seconds";
pub const LESSONS: &str = "Lessons";
pub const TRY: &str = "Try";
pub const WHEN_A_BRANCH_FAILS: &str = "When a branch fails";
pub const NO_BRANCH: &str = "No branch";
pub const BREAK_A_BRANCH: &str = "Break a branch";
pub const RUN_AGAIN: &str = "Run again";
pub const RUN_AGAIN_TITLE: &str = "Only what failed, and what needs it";
