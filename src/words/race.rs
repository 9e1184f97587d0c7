//! The race: its tracks, lanes and marks, the transport under them, the guess before and the verdict
//! after.

// The tracks.

pub fn at_most_at_once(limit: usize) -> String {
    format!("at most {limit} at once")
}

pub fn earlier(seconds: &str) -> String {
    format!("earlier: {seconds} s")
}

pub fn many_done(done: &str, lanes: &str, out: &str) -> String {
    format!("{done} of {lanes} done, {out} in flight")
}

pub fn saved(seconds: &str) -> String {
    format!("{seconds} s saved")
}

// The labels above the bars.

pub const NOT_STARTED: &str = "not started yet";
pub const SLOWEST: &str = "slowest";
pub const REUSED: &str = "reused";
pub const FAILED: &str = "failed";
pub const CANCELED: &str = "canceled";
pub const SKIPPED: &str = "skipped";
pub const UNUSED: &str = "not used";

pub const LATE_CANCELED: &str = "late, canceled";
pub const LATE_UNUSED: &str = "late, not used";
pub const ASKED_AGAIN: &str = "asked again";
pub const FIRST_CALL: &str = "first call won";
pub const SECOND_CALL: &str = "second call won";

pub fn answers(there: usize, of: usize) -> String {
    format!("{there} of {of} answers")
}

pub fn waits(seconds: &str) -> String {
    format!("waits {seconds} s")
}

// The stage before a run.

pub fn before_the_run(title: &str) -> String {
    format!("{title}: the stage before the run")
}

// The handle at the end of a bar.

pub fn latency_at_most(longest: u64) -> String {
    format!("A latency is at most {longest} s.")
}

pub fn latency_range(longest: u64) -> String {
    format!("A latency is a number of seconds from 0 to {longest}.")
}

// The guess.

pub fn spoken_seconds(figure: &str) -> String {
    format!("{figure} seconds")
}

// The verdict.

pub fn expected(name: &str) -> String {
    format!("{name}, expected")
}

// The transport.

pub fn time_of(cursor: &str, edge: &str) -> String {
    format!("{cursor} of {edge} seconds")
}

// The report.

pub fn report_ready(seconds: &str) -> String {
    format!("Report ready at {seconds} s")
}
