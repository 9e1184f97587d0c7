//! The tail: what many drawn runs teach, and what a hedge and a quorum do to it.

use super::counted;

pub const LESSON_OF_HEDGE: &str = "Ask twice after p95";
pub const LESSON_OF_QUORUM: &str = "Three of four are enough";

pub fn lesson_of_slow_runs(of_a_hundred: u64) -> String {
    format!("One in a hundred is slow, and {of_a_hundred} in a hundred runs are")
}

// The rows of the figure.

pub const BOTH: &str = "Parallel, both";

pub fn hedged(after: &str) -> String {
    format!("Parallel, hedged after {after} s")
}

pub fn quorum(answers: usize, of: usize) -> String {
    format!("Parallel, quorum {answers} of {of}")
}

// The point of it.

pub fn exact(run: &str) -> String {
    format!(
        "Every call takes exactly its latency, so every parallel run takes {run} s: there is no tail. \
         Choose other latencies, or a lesson."
    )
}

/// Of measured calls, whose latencies are not chosen.
pub fn same_length(run: &str) -> String {
    format!("Every drawn run takes {run} s: the calls were measured once, so there is no tail.")
}

pub fn one_in(of: u64) -> String {
    match of {
        1 => "Every one".into(),
        2 => "One in two".into(),
        10 => "One in ten".into(),
        100 => "One in a hundred".into(),
        1000 => "One in a thousand".into(),
        of => format!("One in {of}"),
    }
}

pub fn of_a_hundred(percent: &str) -> String {
    format!("{percent} of 100")
}

pub fn slow(calls: &str, runs: u64) -> String {
    let are = if runs == 1 { "is" } else { "are" };
    format!("{calls} calls is slow, and {runs} of 100 runs {are}.")
}

/// `typical` is how long a run takes if every call takes its median.
pub fn waits(branches: usize, median: &str, typical: &str) -> String {
    let waits = match branches {
        1 => "A run waits for its one branch".to_owned(),
        more => format!("A run waits for the slowest of {more} branches"),
    };
    format!(
        "{waits}, so half of all runs take over {median} s. With every call at its median it would \
         be {typical} s."
    )
}

/// What becomes of a percentile.
pub fn change(before: &str, now: &str) -> String {
    let number = |text: &str| text.parse::<f64>().unwrap_or_default();
    match number(now) - number(before) {
        0.0 => format!("stays at {now} s"),
        less if less < 0.0 => format!("falls from {before} s to {now} s"),
        _ => format!("rises from {before} s to {now} s"),
    }
}

pub const AS_MANY_CALLS: &str = "no further calls";

pub fn more_calls(percent: &str, is_more: bool) -> String {
    format!("{percent}% {} calls and tokens", if is_more { "more" } else { "fewer" })
}

pub fn hedge_does(after: &str, change: &str, calls: &str) -> String {
    format!("With a second call after {after} s, the p95 of a run {change}. The price: {calls}.")
}

pub fn quorum_does(answers: usize, of: usize, change: &str, calls: &str) -> String {
    let missing = counted(of - answers, "answer is", "answers are");
    format!(
        "With the first {answers} of {of} answers, the p95 of a run {change}. The price: {calls}, and \
         {missing} missing from the report."
    )
}

// How it was drawn.

pub fn drawn(runs: &str, seed: u64) -> String {
    format!("{runs} runs drawn from seed {seed}. The same seed gives the same picture.")
}

pub fn drawing(runs: &str, all: &str) -> String {
    format!("{runs} of {all} runs drawn so far.")
}

// The values of the sliders.

pub const OFF: &str = "off";

pub fn slow_share(share: f64) -> String {
    let percent = 100.0 * share;
    let digits = usize::from(percent.fract() != 0.0);
    format!("{percent:.digits$}% of calls")
}

pub fn after(seconds: &str, agent: Option<&str>) -> String {
    match agent {
        Some(agent) => format!("{agent} after {seconds} s"),
        None => format!("after {seconds} s"),
    }
}

pub fn answers(answers: usize, of: usize) -> String {
    if answers >= of { format!("all {of}") } else { format!("{answers} of {of}") }
}

pub fn sigma(sigma: f64, times: &str) -> String {
    format!("{sigma} (p95 is {times})")
}

pub fn branches_here(branches: usize) -> String {
    format!("This scenario has {}.", counted(branches, "branch", "branches"))
}
