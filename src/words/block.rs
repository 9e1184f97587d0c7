//! Blocking the event loop: which agents do, what it costs, and which work an event loop helps.

pub fn only(name: &str) -> String {
    format!("Only {name}")
}

// What it costs.

pub const ALL_AWAIT: &str = "Every agent awaits its answer and leaves the thread to the others \
    meanwhile. Let one compute for as long instead, as a call of invoke in place of ainvoke would, \
    and see what is left of the speedup.";

pub const PAGE_IS_BLOCKED: &str = "Blocking agents would stall both schedules and this page, so they \
    run one after the other.";

pub const SEVERAL_BLOCK: &str = "A blocking agent holds the thread, so nothing else can start or \
    resume: what was parallel runs one after the other.";

pub fn speedup_is(now: &str, then: &str) -> String {
    format!("Speedup: {now}. Without blocking: {then}.")
}

pub fn speedup_will_be(now: &str, then: &str) -> String {
    format!("Expected speedup: {now}. Without blocking: {then}.")
}

pub fn blocked_and_faster(speed: &str) -> String {
    format!(
        "Blocking freezes this page too, so the two runs take turns, at {speed}× speed to keep it \
         under two seconds."
    )
}

pub fn computes(name: &str) -> String {
    format!("{name} computes without awaiting.")
}

pub fn keeps_the_thread(name: &str, from: &str, to: &str) -> String {
    format!("{name} holds the thread from {from} s to {to} s.")
}

pub fn cannot_start(held: &str) -> String {
    format!(" Until then, {held} cannot start.")
}

pub fn goes_on_coming(waiting: &str) -> String {
    format!(" The answers for {waiting} keep arriving, but are handled only afterwards.")
}
