//! The race: its tracks, lanes and marks, the transport under them, the guess before and the verdict
//! after.

// The tracks.

pub const RACE: &str = "Race";
pub const SEQUENTIAL: &str = "Sequential";
pub const PARALLEL: &str = "Parallel";
pub const ONE_AFTER_THE_OTHER: &str = "one after the other";
pub const WHATEVER_CAN_START: &str = "whatever can start, starts";

pub fn at_most_at_once(limit: usize) -> String {
    format!("at most {limit} at once")
}

pub fn times(name: &str, times: &str) -> String {
    format!("{name}: {times}")
}

pub fn times_expected(name: &str, times: &str) -> String {
    format!("{name}: expected {times}")
}

pub fn earlier(seconds: &str) -> String {
    format!("earlier: {seconds} s")
}

pub const UNIT: &str = " s";

pub fn many_done(done: &str, lanes: &str, out: &str) -> String {
    format!("{done} of {lanes} done, {out} in flight")
}

pub const LOOK_AT_THESE: &str = "Click to look at these lanes";

pub fn saved(seconds: &str) -> String {
    format!("{seconds} s saved")
}

pub fn to_spare(slack: &str) -> String {
    format!("{slack} s to spare")
}

pub const YOUR_GUESS_MARK: &str = "your guess";
pub const SECONDS: &str = "seconds";
pub const STRAGGLER: &str = "the straggler";

// What the marks mean.

pub const EXPECTED: &str = "expected";
pub const SILENCE: &str = "waiting for the first word";
pub const ANSWERING: &str = "answering";
pub const DONE: &str = "done";
pub const QUEUE: &str = "queued for a slot";
pub const CRITICAL_PATH: &str = "critical path";
pub const SLACK: &str = "time to spare";
pub const EARLIER_RUN: &str = "an earlier run";

// The handle at the end of a bar.

pub fn latency_at_most(longest: u64) -> String {
    format!("A latency is at most {longest} s.")
}

pub fn latency_range(longest: u64) -> String {
    format!("A latency is a number of seconds from 0 to {longest}.")
}

// The guess.

pub const GUESS_FIRST: &str = "Guess first";
pub const YOUR_GUESS_FOR_PARALLEL: &str = "Your guess for the parallel run";
pub const YOUR_GUESS: &str = "Your guess";

pub fn spoken_seconds(figure: &str) -> String {
    format!("{figure} seconds")
}

pub const RATHER_SHOW_IT: &str = "Rather show it";
pub const FORGET_THE_GUESS: &str = "Forget the guess";

// The verdict.

pub const UNKNOWN_TIMES: &str = "?×";
pub const FASTER_EXPECTED: &str = " faster, expected";
pub const FASTER: &str = " faster";

pub fn expected(name: &str) -> String {
    format!("{name}, expected")
}

// The transport.

pub const STOP: &str = "Stop";
pub const RUN: &str = "Run";
pub const STEP_BACK: &str = "Step back";
pub const PAUSE: &str = "Pause";
pub const PLAY: &str = "Play";
pub const STEP_FORWARD: &str = "Step forward";
pub const TIME: &str = "Time";

pub fn time_of(cursor: &str, edge: &str) -> String {
    format!("{cursor} of {edge} seconds")
}

pub const FOLLOW: &str = "Follow the run";
pub const SPEED: &str = "Speed";
