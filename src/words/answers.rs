//! The agents' cards: what each is doing, in a few words.

pub const NOT_STARTED: &str = "not started yet";
pub const WAITING_FOR_A_SLOT: &str = "waiting for a slot";
pub const WAITING_FOR_TOKEN: &str = "waiting for first token";
pub const THINKING: &str = "thinking";
pub const STREAMING: &str = "streaming";
pub const KEPT: &str = "reused from the last run";

pub fn waiting_for(agents: usize) -> String {
    format!("waiting for {agents}")
}
