//! The tour: what to do at each step, what has been seen then, and its buttons.

// The panel.

pub const TOUR: &str = "Tour";
pub const THAT_WAS_IT: &str = "That was the tour. Everything is yours to try: share what you find.";

pub fn step(number: usize, of: usize) -> String {
    format!("Step {number} of {of}")
}

pub const START_AGAIN: &str = "Start again";
pub const NEXT: &str = "Next";
pub const SKIP: &str = "Skip";
pub const SHOW_ME: &str = "Show me";
pub const BACK: &str = "Back";
pub const CLOSE: &str = "Close";

// What to do.

pub const GUESS: &str =
    "Guess first: how long will it take if whatever can run at once does? Drag your guess.";
pub const RUN: &str = "Press Run. Both schedules start together, on one clock.";
pub const STRAGGLER: &str = "Drag the end of the longest branch, or step it with the arrow keys. \
    The sums follow before anything runs.";
pub const BLOCK: &str = "Let the branches block the loop: choose All branches, then press Run. \
    They compute now, and nobody else gets the thread.";
pub const BREAK: &str = "Let a branch fail, then press Run. Who is told, and who is cancelled?";
pub const READ: &str = "In the parallel program, point at the line that awaits, or step to it \
    with Tab. Its bars light up above.";

// What has been seen.

pub const GUESSED: &str = "Kept. The truth will stand beside it.";
pub const HAS_RUN: &str = "The slowest branch sets the pace, not the sum of all.";
pub const DRAGGED: &str = "Only the longest branch counts; the others have time to spare.";
pub const BLOCKED: &str = "One thread: what computes cannot overlap, and nothing is saved.";
pub const BROKEN: &str = "What was finished stays; the others end as the policy says.";
pub const HAS_READ: &str = "That one line is all the difference between the two programs.";
