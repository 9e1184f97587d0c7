//! Six things to do on the page, in the order in which they make sense.
//!
//! It knows when each has been done, from what the page is like; pointing at things and drawing are
//! the page's own business.

use std::time::Duration;

use crate::timeline::{Phase, Timeline};

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Say how long the parallel run will take.
    Guess,
    /// Run it.
    Run,
    /// Drag the end of the slowest branch.
    Straggler,
    /// Let the branches compute instead of awaiting.
    Block,
    /// Let a branch fail.
    Break,
    /// Point at a line of the program.
    Read,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 6] =
        [Self::Guess, Self::Run, Self::Straggler, Self::Block, Self::Break, Self::Read];

    /// Its name, by which style sheets know what to point at.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Run => "run",
            Self::Straggler => "straggler",
            Self::Block => "block",
            Self::Break => "break",
            Self::Read => "read",
        }
    }

    /// What to do.
    pub fn task(self) -> &'static str {
        match self {
            Self::Guess => "Guess how long the parallel run will take: drag the flag on the axis.",
            Self::Run => "Press Run. Both runs start together, on one clock.",
            Self::Straggler => {
                "Drag the end of the slowest branch, or use the arrow keys. The expected times \
                 follow before anything runs."
            }
            Self::Block => {
                "Block the event loop: choose All branches, then press Run. They compute now, so no \
                 other agent gets the thread."
            }
            Self::Break => "Fail a branch, then press Run. Which agents are canceled?",
            Self::Read => {
                "In the parallel program, point at the awaiting line, or move to it with Tab. Its \
                 bars light up."
            }
        }
    }

    /// What has been seen once it is done.
    pub fn lesson(self) -> &'static str {
        match self {
            Self::Guess => "Noted. The actual time will appear beside it.",
            Self::Run => "The slowest branch sets the pace, not the sum of all branches.",
            Self::Straggler => "Only the slowest branch counts; the others have slack.",
            Self::Block => "On one thread, computing cannot overlap, so nothing is saved.",
            Self::Break => "Finished answers stay; the others end as the policy says.",
            Self::Read => "That one line is the whole difference between the two programs.",
        }
    }
}

/// What the tour looks at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Whether there is a guess.
    pub has_guess: bool,
    /// The longest latency that a branch is to have.
    pub straggler: Duration,
    /// Whether an agent blocks the event loop.
    pub blocks: bool,
    /// Whether a run has ended, and well.
    pub is_done: bool,
    /// Whether an agent of a run that is over has failed.
    pub has_failed: bool,
    /// Whether several agents are pointed at, as by the line that awaits them together.
    pub points_at_several: bool,
}

impl Look {
    /// Takes in how the runs stand.
    pub fn at_runs(self, runs: &[Timeline]) -> Self {
        let over = |run: &&Timeline| run.run().end().is_some();
        let failed = |run: &Timeline| run.lanes().iter().any(|lane| lane.phase() == Phase::Failed);
        Self {
            is_done: !runs.is_empty() && runs.iter().all(|run| run.run().phase() == Phase::Done),
            has_failed: runs.iter().filter(over).any(failed),
            ..self
        }
    }

    /// Whether the step has been done since the page was like `before`.
    pub fn has_done(&self, step: Step, before: &Self) -> bool {
        match step {
            Step::Guess => self.has_guess,
            Step::Run => self.is_done,
            Step::Straggler => self.straggler != before.straggler,
            Step::Block => self.blocks && self.is_done,
            Step::Break => self.has_failed,
            Step::Read => self.points_at_several,
        }
    }
}

/// How far a reader has come. Closing it loses nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tour {
    /// Whether it is on screen.
    pub is_open: bool,
    at: usize,
}

impl Tour {
    /// The step it is at; `None` after the last one.
    pub fn step(self) -> Option<Step> {
        Step::ALL.get(self.at).copied()
    }

    /// Which step that is, from 1.
    pub fn number(self) -> usize {
        (self.at + 1).min(Step::ALL.len())
    }

    /// Opens it where it was closed, or from the start after the last step; or closes it.
    pub fn toggle(self) -> Self {
        let at = if self.step().is_none() { 0 } else { self.at };
        Self { is_open: !self.is_open, at }
    }

    /// Goes on to the next step, done or not.
    pub fn next(self) -> Self {
        Self { at: (self.at + 1).min(Step::ALL.len()), ..self }
    }

    /// Goes back to the step before.
    pub fn back(self) -> Self {
        Self { at: self.at.saturating_sub(1), ..self }
    }
}
