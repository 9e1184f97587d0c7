//! The geometry of bars: where each agent's time lies on an axis.
//!
//! Fractions of the axis, no pixels and no colors, so that a page, a poster and a test can all
//! draw the same picture.

use super::scale::TimeScale;
use super::{Phase, Timeline};
use crate::time::Instant;

/// A stretch of an axis, in fractions of it. What is beyond an edge is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins.
    pub x: f64,
    /// How long it is.
    pub width: f64,
}

/// One agent's lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What the agent is doing.
    pub phase: Phase,
    /// From everything written to a free slot, if it had to wait.
    pub queue: Option<Stretch>,
    /// From start to end, or to the cursor, with all attempts and the waits between them. Like the
    /// others, `None` also where it is not on the axis.
    pub run: Option<Stretch>,
    /// The present attempt: all of `run` where there was no other; `None` while it waits.
    pub now: Option<Stretch>,
    /// From the present attempt's start to its first text or thinking: the part that is only
    /// waiting.
    pub silence: Option<Stretch>,
    /// Where the model thinks, in order.
    pub thinking: Vec<Stretch>,
    /// From the moment the run had failed without it: what it did then was not used.
    pub orphaned: Option<Stretch>,
    /// The attempts that failed before it, in order.
    pub failed: Vec<FailedTry>,
    /// The second call of a hedge, beside the first.
    pub second: Option<SecondCall>,
}

/// The second call of a hedge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecondCall {
    /// From its start to its end, or to the cursor.
    pub run: Stretch,
    /// From its start to its first text or thinking.
    pub silence: Option<Stretch>,
    /// How it ended: done if its answer counts, canceled if the first call's does.
    pub phase: Phase,
}

/// An attempt that failed and was followed by a wait.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailedTry {
    /// From its start to its failure.
    pub run: Stretch,
    /// From there to the moment at which the next one may begin, or to the cursor.
    pub wait: Stretch,
    /// From there to the next one's start, if it had to wait for a slot.
    pub queue: Option<Stretch>,
}

/// One agent's bar; `None` where there is no such agent.
pub fn bar(timeline: &Timeline, agent: usize, scale: TimeScale) -> Option<Bar> {
    let lane = timeline.lanes().get(agent)?;
    let until = lane.end().unwrap_or(timeline.cursor());
    let stretch = |from, to| Stretch::of(scale, from, to);
    let queued = lane.queued.and_then(|from| stretch(from, lane.started.unwrap_or(until)));
    let failed = lane.failed.iter().filter_map(|attempt| {
        let resumed = attempt.resumed.unwrap_or(until);
        let free = attempt.retry_at.min(resumed);
        let run = stretch(attempt.started, attempt.failed);
        let wait = stretch(attempt.failed, free);
        let queue = stretch(free, resumed).filter(|queue| queue.width > 0.0);
        // Where a part of it is in view, the others are at the edge.
        run.or(wait).or(queue).map(|_| FailedTry {
            run: run.unwrap_or(Stretch { x: 0.0, width: 0.0 }),
            wait: wait.unwrap_or(Stretch { x: 1.0, width: 0.0 }),
            queue,
        })
    });
    let now = lane.attempt_started();
    let own = lane.first_call();
    // A trace of another tool may not say when an answer began: then none of it is drawn as a wait.
    let is_done = own.phase() == Phase::Done && !lane.second_won();
    let first_heard = own.heard().or(now.filter(|_| is_done));
    let silence = now.and_then(|from| stretch(from, first_heard.unwrap_or(until)));
    let thinking = own.thinking.iter().filter_map(|t| stretch(t.since, t.until.unwrap_or(until)));
    let orphaned = lane.orphaned.zip(lane.started).map(|(at, started)| at.max(started));
    let second = lane.second.as_ref().map(|second| {
        let (from, to) = (second.started?, second.end().unwrap_or(until));
        let silence = stretch(from, lane.second_heard().unwrap_or(to));
        Some(SecondCall { run: stretch(from, to)?, silence, phase: second.phase() })
    });
    Some(Bar {
        phase: lane.phase(),
        queue: queued.filter(|queue| queue.width > 0.0),
        run: lane.started.and_then(|from| stretch(from, until)),
        now: now.and_then(|from| stretch(from, until)),
        silence,
        thinking: thinking.collect(),
        orphaned: orphaned.filter(|from| *from < until).and_then(|from| stretch(from, until)),
        failed: failed.collect(),
        second: second.flatten(),
    })
}

impl Stretch {
    /// What of that time is on the axis; `None` where all of it is beyond an edge.
    pub fn of(scale: TimeScale, from: Instant, to: Instant) -> Option<Self> {
        let (left, right) = (scale.x(from), scale.x(to));
        if right < 0.0 || left > 1.0 {
            return None;
        }
        let (before, after) = ((-left).max(0.0), (right - 1.0).max(0.0));
        Some(Self { x: left + before, width: scale.length(to.since(from)) - before - after })
    }
}

/// Every agent's bar, in list order.
pub fn bars(timeline: &Timeline, scale: TimeScale) -> Vec<Bar> {
    (0..timeline.lanes().len()).filter_map(|agent| bar(timeline, agent, scale)).collect()
}
