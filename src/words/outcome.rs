//! The verdict line: how far runs are, and what came of them.

use super::{counted, times};

// While runs go on.

pub const WRITING_THE_REPORT: &str = "All branches done. Writing the report.";

pub fn branches_done(done: usize, all: usize) -> String {
    format!("{done} of {} done", counted(all, "branch", "branches"))
}

pub fn all_branches_done(waiting_for: &str) -> String {
    format!("All branches done, waiting for {waiting_for}")
}

pub fn finished_in(schedule: &str, seconds: &str) -> String {
    format!("{schedule} finished in {seconds} s.")
}

pub fn still_running(schedule: &str) -> String {
    format!("{schedule} is still running.")
}

pub fn is_next(schedule: &str) -> String {
    format!("{schedule} is next.")
}

// What came of them.

pub const NO_SPEEDUP: &str = "No speedup";

pub fn faster(figure: &str) -> String {
    format!("{} faster", times(figure))
}

pub fn from_to(sequential: &str, parallel: &str) -> String {
    format!("{sequential} → {parallel}")
}

pub fn schedule_at(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}

pub fn term(agent: &str, seconds: &str) -> String {
    format!("{agent} ({seconds} s)")
}

pub fn long_path(first: &str, between: usize, last: &str) -> String {
    format!("{first} + {} + {last}", counted(between, "agent", "agents"))
}

pub fn blocked(seconds: &str) -> String {
    format!("Agents blocked the event loop for {seconds} s.")
}

pub fn waited_for_slots(agents: usize) -> String {
    format!("{} waited for a slot.", counted(agents, "agent", "agents"))
}

pub fn reused(answers: usize) -> String {
    format!("Reused {} from the last run.", counted(answers, "answer", "answers"))
}

pub fn stopped(seconds: &str, done: usize, all: usize) -> String {
    format!("Stopped at {seconds} s, with {done} of {} done.", counted(all, "branch", "branches"))
}

// What failed.

pub const NO_COMPARISON: &str = "No comparison: both runs failed.";
pub const OTHERS_CANCELED: &str = "The other branches were canceled.";

pub fn no_comparison(schedule: &str) -> String {
    format!("No comparison: the {schedule} run failed.")
}

pub fn injected(is_injected: bool) -> &'static str {
    if is_injected { " (a fault you injected)" } else { "" }
}

pub fn agent(title: &str, is_injected: bool) -> String {
    format!("{title}{}", injected(is_injected))
}

pub fn agent_failed(title: &str, seconds: &str, is_injected: bool) -> String {
    format!("{title} failed at {seconds} s{}.", injected(is_injected))
}

pub fn failed_in_all(title: &str, is_injected: bool, times: &str) -> String {
    format!("{title} failed{}: {times}.", injected(is_injected))
}

pub fn run_failed(seconds: &str) -> String {
    format!("The run failed at {seconds} s.")
}

pub fn in_schedule(schedule: &str, sentence: &str) -> String {
    format!("{schedule}: {sentence}")
}

pub fn canceled(agents: &str, count: usize) -> String {
    let were = if count == 1 { "was" } else { "were" };
    format!("{agents} {were} canceled.")
}

pub fn branches_canceled(count: usize) -> String {
    format!("{count} branches were canceled.")
}

pub fn had_finished(agents: &str) -> String {
    format!("{agents} had finished.")
}

pub fn branches_had_finished(count: usize) -> String {
    format!("{count} branches had finished.")
}

// What a quorum and a hedge cost.

pub fn late_canceled(agents: &str, count: usize, work: &str) -> String {
    let were = if count == 1 { "was" } else { "were" };
    format!("{agents} {were} canceled ({work} s wasted).")
}

pub fn asked_twice(agents: usize, won: usize, work: &str) -> String {
    let asked = match agents {
        1 => "1 agent was asked a second time".to_owned(),
        some => format!("{some} agents were asked a second time"),
    };
    let won = match (agents, won) {
        (1, 0) => "the first call won".to_owned(),
        (1, _) => "the second call won".to_owned(),
        (_, 0) => "no second call won".to_owned(),
        (_, won) => format!("{} won", counted(won, "second call", "second calls")),
    };
    format!("{asked}: {won} ({work} s of calls wasted).")
}

pub fn missing(agents: &str) -> String {
    format!("The report is missing {agents}, which failed.")
}

pub fn replaced(agents: &str, count: usize) -> String {
    match count {
        1 => format!("{agents} failed. Its fallback was used."),
        _ => format!("{agents} failed. Their fallbacks were used."),
    }
}
