//! Blocking the event loop: who does, what comes of it, and which work an event loop helps.

pub fn only(name: &str) -> String {
    format!("Only {name}")
}

// What comes of it.

pub const ALL_AWAIT: &str = "Every agent awaits its answer and leaves the thread to the others \
    meanwhile. Let one compute for as long instead, as a call of invoke in place of ainvoke would, \
    and see what is left of the speedup.";

pub const PAGE_IS_BLOCKED: &str = "Blocking agents would stall both schedules and this page, so they \
    run one after the other.";

pub const SEVERAL_BLOCK: &str = "A blocking agent holds the thread, so nothing else can start or \
    resume: what was parallel runs one after the other.";

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
