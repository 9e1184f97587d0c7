//! Attempts: what an agent tried before the present one, and the waits between them.
//!
//! What a failed attempt had said is thrown away by the engine, and kept here, so that a reader can
//! see what went to waste.

use std::time::Duration;

use super::Lane;
use crate::excerpt;
use crate::model::{FailureKind, ModelError, Usage};
use crate::pipeline::Work;
use crate::time::Instant;
use crate::trace::Outcome;

/// An attempt that failed, and the wait for the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// When it began.
    pub started: Instant,
    /// When its first text came.
    pub first: Option<Instant>,
    /// When it failed.
    pub failed: Instant,
    /// How.
    pub error: ModelError,
    /// Its partial answer, which is discarded.
    pub text: String,
    /// What it has cost all the same.
    pub usage: Option<Usage>,
    /// When the wait for the next attempt is over.
    pub retry_at: Instant,
    /// When the next attempt began. Later than `retry_at` where too many calls were out.
    pub resumed: Option<Instant>,
    /// How many attempts were left, at most.
    pub left: u32,
}

/// Which attempt an agent is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// The first is 1. While it waits, this is the one that comes.
    pub number: u32,
    /// How many there are at most.
    pub of: u32,
}

impl Attempt {
    /// The attempt with the beginning of what it had said.
    pub(super) fn abridged(&self) -> Self {
        let first = excerpt::first(&self.text);
        let more = if first.len() < self.text.len() { "…" } else { "" };
        Self {
            started: self.started,
            first: self.first,
            failed: self.failed,
            error: self.error.clone(),
            text: format!("{first}{more}"),
            usage: self.usage,
            retry_at: self.retry_at,
            resumed: self.resumed,
            left: self.left,
        }
    }
}

impl Lane {
    /// Whether it waits for its next attempt, or did so when it ended.
    pub fn waits(&self) -> bool {
        self.failed.last().is_some_and(|attempt| attempt.resumed.is_none())
    }

    /// When its wait is over, while it waits.
    pub fn retry_at(&self) -> Option<Instant> {
        let waits = self.ended.is_none() && self.waits();
        self.failed.last().filter(|_| waits).map(|attempt| attempt.retry_at)
    }

    /// How much of its wait is left at `cursor`, while it waits. Zero: it waits for a free slot.
    pub fn wait_left(&self, cursor: Instant) -> Option<Duration> {
        self.retry_at().map(|at| at.since(cursor))
    }

    /// When the present attempt began; `None` before the first one and between two.
    pub fn attempt_started(&self) -> Option<Instant> {
        match self.failed.last() {
            Some(attempt) => attempt.resumed,
            None => self.started,
        }
    }

    /// Which attempt it is at, where it takes more than one.
    pub fn attempt(&self) -> Option<Try> {
        let failed = u32::try_from(self.failed.len()).unwrap_or(u32::MAX);
        let left = self.failed.last()?.left;
        Some(Try { number: failed.saturating_add(1), of: failed.saturating_add(left) })
    }

    /// How many calls were made for it, those that failed or were dropped included. An agent that
    /// passes its prompt on makes none.
    pub fn calls(&self, work: Work) -> usize {
        if work != Work::Model {
            return 0;
        }
        // A wait for the next attempt, at whose end the run was stopped, is no call.
        let last = usize::from(self.started.is_some() && !self.waits());
        self.failed.len() + last + usize::from(self.second.is_some())
    }

    /// Whether the model or its server has sent anything readable.
    pub fn was_answered(&self) -> bool {
        let answers = |error: &ModelError| {
            use ModelError::{RunTooLong, TimedOut, Unreachable};
            let silence = |e: &_| matches!(e, TimedOut { mid_answer: false, .. });
            !matches!(error, Unreachable { .. } | RunTooLong { .. }) && !silence(error)
        };
        let ended = match &self.ended {
            Some((_, Outcome::Failed(error) | Outcome::FellBack(error))) => answers(error),
            _ => false,
        };
        let thinks = !self.thinking.is_empty();
        let heard = thinks || self.first.is_some() || self.usage.is_some() || self.finish.is_some();
        let before = self.failed.iter().any(|a| a.first.is_some() || answers(&a.error));
        heard || ended || before
    }

    pub(super) fn throw_away(&mut self, error: ModelError, at: Instant, wait: Duration, left: u32) {
        let attempt = Attempt {
            started: self.attempt_started().unwrap_or(at),
            first: self.first.take(),
            failed: at,
            error,
            text: std::mem::take(&mut self.text),
            usage: self.usage.take(),
            retry_at: at + wait,
            resumed: None,
            left,
        };
        self.finish = None;
        self.grounding = None;
        self.thinking.clear();
        // Only what the model sends again by itself goes out without a wait.
        match attempt.error.kind() {
            FailureKind::PartRefused(part) if wait.is_zero() => self.go_without(part),
            _ => {}
        }
        self.failed.push(attempt);
    }

    pub(super) fn resume(&mut self, at: Instant) {
        if let Some(attempt) = self.failed.last_mut() {
            attempt.resumed.get_or_insert(at);
        }
    }
}
