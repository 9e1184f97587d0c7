//! The race: its tracks, lanes and marks, the transport under them, the guess before and the verdict
//! after.

pub const STRAGGLER: &str = "the straggler";

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
