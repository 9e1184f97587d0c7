//! Blocking the event loop: who does, what comes of it, and which work an event loop helps.

pub const LIVE_IS_AWAITED: &str =
    "A live model is always awaited. Only simulated agents can be made to block the loop.";
pub const NOBODY: &str = "Nobody";
pub const ALL_BRANCHES: &str = "All branches";

pub fn only(name: &str) -> String {
    format!("Only {name}")
}

pub const BLOCK_THE_LOOP: &str = "Block the loop";

// What comes of it.

pub const EVERYBODY_AWAITS: &str = "Everybody awaits: whoever waits for an answer gives the \
    thread to the others. Let somebody compute for as long instead, as a call of invoke in place \
    of ainvoke would, and see what becomes of the speedup.";

pub fn speedup_is(now: &str, then: &str) -> String {
    format!("The speedup is {now}; if all awaited, {then}.")
}

pub fn speedup_will_be(now: &str, then: &str) -> String {
    format!("The speedup will be {now}; if all awaited, {then}.")
}

pub fn blocked_and_faster(speed: &str) -> String {
    format!(
        "This page's own thread is blocked, and the page with it: the schedules run one after the \
         other, at {speed}× so that it freezes for less than two seconds."
    )
}

pub const BLOCKED: &str = "This page's own thread is blocked, and the page with it: so the \
    schedules run one after the other.";
pub const SEVERAL_COMPUTE: &str = "Whoever computes does not let go of the thread: the next one \
    cannot even start, nobody who waits can be resumed, and side by side becomes one after the \
    other.";

pub fn computes(name: &str) -> String {
    format!("{name} computes and never awaits.")
}

pub fn keeps_the_thread(name: &str, from: &str, to: &str) -> String {
    format!("{name} keeps the thread from {from} s to {to} s.")
}

pub fn cannot_start(held: &str) -> String {
    format!(" Before that is over {held} cannot even start.")
}

pub fn goes_on_coming(waiting: &str) -> String {
    format!(
        " What {waiting} asked for was under way by then and goes on coming, but is noticed only \
         afterwards."
    )
}

// Which work an event loop helps.

pub const NETWORK: &str = "network calls";
pub const NETWORK_HELPS: &str = "Yes: I/O-bound, nearly all of it is waiting";
pub const LLM: &str = "LLM calls";
pub const LLM_HELPS: &str = "Yes: the way to the model and back dominates";
pub const COMPUTATION: &str = "heavy computation";
pub const COMPUTATION_HELPS: &str = "No: CPU-bound, no idle time to fill";
pub const FILES: &str = "reading files";
pub const FILES_HELPS: &str = "Yes: a disk keeps you waiting too";

pub fn run(case: &str) -> String {
    format!("Run {case}")
}

pub const CAPTION: &str = "Waiting and computing";
pub const MANY_AT_ONCE: &str = "Many of them at once";
pub const DOES_IT_HELP: &str = "Does an event loop help?";
