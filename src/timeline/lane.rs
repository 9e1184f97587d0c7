//! One span as it stood at the cursor, and what each event makes of it.

use std::time::Duration;

use super::Phase;
use super::attempts::Attempt;
use crate::excerpt;
use crate::model::{CallPart, FinishReason, Grounding, Usage};
use crate::time::Instant;
use crate::trace::{EventKind, GiveUp, Hedged, Outcome};

/// One span as it stood at the cursor. Where an attempt has failed and another one followed, what
/// came of the call is the present attempt's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// When everything it reads was written.
    pub queued: Option<Instant>,
    /// When it got a slot.
    pub started: Option<Instant>,
    /// When the first text came.
    pub first: Option<Instant>,
    /// When the model thought, in order.
    pub thinking: Vec<Thinking>,
    /// What the call goes without, since the server has refused it.
    pub without: Vec<CallPart>,
    /// When the run failed without it, so that its answer was not used.
    pub orphaned: Option<Instant>,
    /// When it ended and how.
    pub ended: Option<(Instant, Outcome)>,
    /// The text so far.
    pub text: String,
    /// What the call has cost so far.
    pub usage: Option<Usage>,
    /// Why the model stopped.
    pub finish: Option<FinishReason>,
    /// What on the web the answer rests on.
    pub grounding: Option<Grounding>,
    /// The attempts that were followed by another one, or by a wait for it.
    pub failed: Vec<Attempt>,
    /// Why no other attempt followed where one could have.
    pub gave_up: Option<GiveUp>,
    /// The second call that a hedge made, as a lane of its own: `started` is when it was made, and
    /// `ended` how it ended: done if its answer counts, canceled if the first call's does. Where its
    /// answer counts, this lane has that answer, and the second one what the first call had said.
    pub second: Option<Box<Lane>>,
    /// The agents whose answers it began without, by place, since a quorum had answered.
    pub missing: Vec<usize>,
    /// How often it was polled.
    pub polls: u32,
    /// How long it kept the thread, in real time.
    pub busy: Duration,
    /// The same in model time, which is what an axis shows. Without the poll that goes on.
    pub held: Duration,
}

/// A stretch in which a model thought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thinking {
    /// When it began.
    pub since: Instant,
    /// When text came, or the end; `None` while it goes on.
    pub until: Option<Instant>,
}

impl Lane {
    /// What it is doing.
    pub fn phase(&self) -> Phase {
        match &self.ended {
            Some((_, Outcome::Done)) => Phase::Done,
            Some((_, Outcome::Kept)) => Phase::Kept,
            Some((_, Outcome::FellBack(_))) => Phase::FellBack,
            Some((_, Outcome::Orphaned)) => Phase::Orphaned,
            Some((_, Outcome::Failed(_))) => Phase::Failed,
            Some((_, Outcome::Cancelled)) => Phase::Cancelled,
            Some((_, Outcome::Skipped { .. })) => Phase::Skipped,
            None if self.started.is_some() && self.waits() => Phase::Retrying,
            None if self.started.is_some() => Phase::Running,
            None if self.queued.is_some() => Phase::Queued,
            None => Phase::Waiting,
        }
    }

    /// The lane with the beginning of its texts only, for views that copy it once a frame: what a
    /// frame costs must not grow with what was said.
    pub fn abridged(&self) -> Self {
        Self {
            queued: self.queued,
            started: self.started,
            first: self.first,
            thinking: self.thinking.clone(),
            without: self.without.clone(),
            orphaned: self.orphaned,
            ended: self.ended.clone(),
            text: excerpt::first(&self.text).to_owned(),
            usage: self.usage,
            finish: self.finish,
            grounding: self.grounding.clone(),
            failed: self.failed.iter().map(Attempt::abridged).collect(),
            gave_up: self.gave_up,
            second: self.second.as_ref().map(|second| Box::new(second.abridged())),
            missing: self.missing.clone(),
            polls: self.polls,
            busy: self.busy,
            held: self.held,
        }
    }

    /// Whether the second call of a hedge has given the answer.
    pub fn second_won(&self) -> bool {
        self.second.as_ref().is_some_and(|second| second.phase() == Phase::Done)
    }

    /// The texts and moments of the first call: where the second one gave the answer, those that it
    /// has replaced.
    pub fn first_call(&self) -> &Self {
        self.second.as_deref().filter(|_| self.second_won()).unwrap_or(self)
    }

    /// When a first sign of the second call's answer came, if one did.
    pub fn second_heard(&self) -> Option<Instant> {
        match &self.second {
            Some(_) if self.second_won() => self.heard(),
            Some(second) => second.heard(),
            None => None,
        }
    }

    /// When its answer was first heard of: its first text or thinking.
    pub fn heard(&self) -> Option<Instant> {
        let thinks = self.thinking.first().map(|thinking| thinking.since);
        self.first.into_iter().chain(thinks).min()
    }

    /// When it ended.
    pub fn end(&self) -> Option<Instant> {
        self.ended.as_ref().map(|(at, _)| *at)
    }

    /// How long the model has thought by `cursor`.
    pub fn thought_for(&self, cursor: Instant) -> Duration {
        let stretches = self.thinking.iter();
        stretches.map(|t| t.until.unwrap_or(cursor).since(t.since)).sum()
    }

    fn end_thinking(&mut self, at: Instant) {
        if let Some(last) = self.thinking.last_mut() {
            last.until.get_or_insert(at);
        }
    }

    /// Takes the text so far for thinking.
    fn rethink(&mut self, at: Instant) {
        let since = self.first.take().unwrap_or(at);
        self.text.clear();
        self.thinking = vec![Thinking { since, until: Some(at) }];
    }

    pub(super) fn go_without(&mut self, part: CallPart) {
        if !self.without.contains(&part) {
            self.without.push(part);
        }
    }

    /// From start to end, or to `cursor` while it runs; zero when it never started.
    pub fn duration(&self, cursor: Instant) -> Duration {
        self.started.map_or(Duration::ZERO, |started| self.end().unwrap_or(cursor).since(started))
    }

    pub(super) fn apply(&mut self, at: Instant, kind: &EventKind) {
        match kind {
            EventKind::Queued => self.queued = Some(at),
            EventKind::Start => self.started = Some(at),
            EventKind::Poll { since, took } => {
                self.polls += 1;
                self.busy += *took;
                self.held += at - *since;
            }
            EventKind::Thinking => self.thinking.push(Thinking { since: at, until: None }),
            EventKind::WasThinking => self.rethink(at),
            EventKind::Without(part) => self.go_without(*part),
            EventKind::Delta(text) => {
                self.end_thinking(at);
                self.first.get_or_insert(at);
                self.text.push_str(text);
            }
            EventKind::Usage(usage) => self.usage = Some(*usage),
            EventKind::Finish(reason) => self.finish = Some(*reason),
            EventKind::Grounding(found) => self.grounding = Some(found.clone()),
            EventKind::Retry { error, wait, left } => {
                self.throw_away(error.clone(), at, *wait, *left);
            }
            EventKind::Attempt => self.resume(at),
            EventKind::GiveUp(why) => self.gave_up = Some(*why),
            EventKind::Kept(text) => self.text.push_str(text),
            EventKind::Fallback(text) => self.text.clone_from(text),
            EventKind::Orphaned => self.orphaned = Some(at),
            EventKind::Hedge => {
                self.second = Some(Box::new(Self { started: Some(at), ..Self::default() }));
            }
            EventKind::Second(kind) => {
                self.second.iter_mut().for_each(|second| second.apply(at, kind));
            }
            EventKind::Hedged(what) => self.decide(at, what),
            EventKind::Quorum { missing } => self.missing.clone_from(missing),
            EventKind::Limit(_) => {}
            EventKind::End(outcome) => {
                self.end_thinking(at);
                self.ended = Some((at, outcome.clone()));
                if let Some(second) = self.second.as_mut().filter(|second| second.ended.is_none()) {
                    second.apply(at, &EventKind::End(Outcome::Cancelled));
                }
            }
        }
    }

    /// Ends the second call, if it has ended, and takes its answer if it counts.
    fn decide(&mut self, at: Instant, what: &Hedged) {
        self.end_thinking(at);
        let Some(mut second) = self.second.take() else { return };
        let outcome = match what {
            Hedged::FirstFailed(_) => None,
            Hedged::SecondFailed(error) => Some(Outcome::Failed(error.clone())),
            Hedged::FirstWon => Some(Outcome::Cancelled),
            Hedged::SecondWon => Some(Outcome::Done),
        };
        outcome.into_iter().for_each(|outcome| second.apply(at, &EventKind::End(outcome)));
        if *what == Hedged::SecondWon {
            std::mem::swap(&mut self.first, &mut second.first);
            std::mem::swap(&mut self.text, &mut second.text);
            std::mem::swap(&mut self.usage, &mut second.usage);
            std::mem::swap(&mut self.finish, &mut second.finish);
            std::mem::swap(&mut self.grounding, &mut second.grounding);
            std::mem::swap(&mut self.thinking, &mut second.thinking);
            std::mem::swap(&mut self.without, &mut second.without);
            self.gave_up = None;
            // Its wait for a retry, if it is in one, is over with the answer.
            self.resume(at);
        }
        self.second = Some(second);
    }
}
