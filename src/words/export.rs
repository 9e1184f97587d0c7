//! A run as other programs show it: what its parts are called there, and where to open each file.

pub const RUN: &str = "run";

pub fn process(schedule: &str) -> String {
    format!("Converge, {schedule} run")
}

pub fn attempt(number: usize) -> String {
    format!("attempt {number}")
}

pub fn second_call(agent: &str) -> String {
    format!("{agent}, second call")
}

pub fn gantt_title(schedule: &str) -> String {
    format!("Converge, {schedule} run")
}

pub fn picture(agents: usize) -> String {
    format!("A run of {}", super::counted(agents, "agent", "agents"))
}
