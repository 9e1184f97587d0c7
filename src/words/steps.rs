//! The event loop told in steps, and what the thread was busy with.

// The one thread.

pub fn busy(held: &str, whole: &str) -> String {
    format!("busy {held} of {whole}")
}

pub fn free(percent: &str) -> String {
    format!("free {percent}% of the time")
}

// The steps.

pub fn and_more(names: &str, more: usize) -> String {
    format!("{names} and {more} more")
}

pub fn start(name: &str) -> String {
    format!("Start {name}: its request goes out")
}

pub fn start_blocking(name: &str) -> String {
    format!("Start {name}: it computes and holds the thread")
}

pub fn starts(name: &str) -> String {
    format!("{name} starts")
}

pub fn no_slot_for_all(name: &str) -> String {
    format!("While {name} waits: too few slots for all, so the rest start one by one")
}

pub fn blocks_and_no_slot_for_all(name: &str) -> String {
    format!("While {name} holds the thread, nothing else can start; then the rest start one by one")
}

pub fn start_others(name: &str, others: &str) -> String {
    format!("While {name} waits: start {others}")
}

pub fn holds_up(name: &str, others: &str) -> String {
    format!("While {name} holds the thread, these cannot start: {others}")
}

pub fn start_beside(name: &str, others: &str) -> String {
    format!("Before {name} ends: start {others}")
}

pub fn start_after(name: &str, others: &str) -> String {
    format!("After {name} ends: start {others}")
}

pub fn asked_again(name: &str) -> String {
    format!("{name}'s call fails → it waits and retries")
}

pub fn has_it_from_before(name: &str) -> String {
    format!("{name} reuses its answer from the last run")
}

pub fn fails(name: &str) -> String {
    format!("{name} fails")
}

pub fn is_resumed_with_error(name: &str) -> String {
    format!("{name} fails → its task is resumed with the error")
}

pub fn falls_back(name: &str) -> String {
    format!("{name} fails → its fallback is used")
}

pub fn is_unused(name: &str) -> String {
    format!("{name} answers → nothing uses it any more")
}

pub fn is_canceled(name: &str) -> String {
    format!("{name} is canceled")
}

pub fn is_canceled_while_it_waits(name: &str) -> String {
    format!("{name} is canceled while it waits")
}

pub fn computes(name: &str) -> String {
    format!("{name} blocks the thread: nothing else can be resumed")
}

pub fn is_resumed(name: &str) -> String {
    format!("{name} answers → resume {name}")
}

pub fn answers(name: &str) -> String {
    format!("{name} answers")
}

pub fn more_resumed(agents: usize, over: usize) -> String {
    format!("{agents} more are resumed: {over} so far")
}

pub fn more_end(agents: usize, over: usize) -> String {
    format!("{agents} more end: {over} so far")
}

pub fn proceed_with(names: &str) -> String {
    format!("proceed with {names}")
}

pub const RUN_IS_OVER: &str = "the run is over";

pub fn run_stops(answers: usize, all: usize) -> String {
    match (answers, all) {
        (0, 1) => "No answer → the run stops".into(),
        (0, _) => format!("None of {all} done → the run stops"),
        _ => format!("Only {answers} of {all} done → the run stops"),
    }
}

pub fn stops_before(name: &str) -> String {
    format!("The run stops before {name}")
}

pub fn not_started(names: &str) -> String {
    format!("Not started, since an answer is missing: {names}")
}

pub fn some_done(answers: usize, all: usize, then: &str) -> String {
    format!("{answers} of {all} done → {then}")
}

pub fn no_answer(name: &str, then: &str) -> String {
    format!("{name} has no answer → {then}")
}

pub fn done(name: &str, then: &str) -> String {
    format!("{name} is done → {then}")
}

pub fn these_done(names: &str, then: &str) -> String {
    format!("{names} are done → {then}")
}

pub fn all_done(all: usize, then: &str) -> String {
    format!("All {all} done → {then}")
}

pub fn more_start(agents: usize, begun: usize) -> String {
    format!("{agents} more start when what they need is done: {begun} so far")
}

// The panel.

pub fn in_view(milliseconds: &str) -> String {
    format!("{milliseconds} in view, around the playhead")
}

pub fn turns(count: u32) -> String {
    match count {
        1 => "1 turn".into(),
        some => format!("{some} turns"),
    }
}

pub const NOT_RUN: &str = "no run yet";

pub const NOT_RECORDED: &str = "This file does not record what the thread did.";

pub fn thread_busy(schedule: &str) -> String {
    format!("Thread busy in the {schedule} run")
}

pub fn step_by_step(schedule: &str) -> String {
    format!("Step by step, in the {schedule} run")
}
