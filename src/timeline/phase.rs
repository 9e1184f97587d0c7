//! What a span is doing at the cursor, in one word.

/// What a span is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not yet reached: what it reads is not written.
    Waiting,
    /// It could run, but has no slot.
    Queued,
    /// It runs.
    Running,
    /// An attempt has failed, and the next one has not begun.
    Retrying,
    /// It has an answer.
    Done,
    /// It has an answer from an earlier run.
    Kept,
    /// It ended with an error, and its fallback stands in place of an answer.
    FellBack,
    /// It has an answer that no agent or run waited for any more.
    Orphaned,
    /// It ended with an error.
    Failed,
    /// It was stopped.
    Cancelled,
    /// It was never started, for want of what it needs.
    Skipped,
}

impl Phase {
    /// Its name in tables and style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Done => "done",
            Self::Kept => "kept",
            Self::FellBack => "fallback",
            Self::Orphaned => "orphaned",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }

    /// Whether it has a slot.
    pub fn is_in_flight(self) -> bool {
        matches!(self, Self::Running | Self::Retrying)
    }

    /// Whether there is an answer that others can read.
    pub fn has_answer(self) -> bool {
        matches!(self, Self::Done | Self::Kept | Self::FellBack)
    }
}
