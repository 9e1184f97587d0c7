//! The geometry of bars: where each agent's time lies on an axis.
//!
//! Fractions of the axis, no pixels and no colours, so that a page, a poster and a test can all
//! draw the same picture.

use super::scale::TimeScale;
use super::{Phase, Timeline};
use crate::decimal::fixed;
use crate::time::Instant;

/// A stretch of an axis, in fractions of it.
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
    /// From start to end, or to the cursor, with all attempts and the waits between them.
    pub run: Option<Stretch>,
    /// The present attempt: all of `run` where there was no other; `None` while it waits.
    pub now: Option<Stretch>,
    /// From the present attempt's start to its first text: the part that is only waiting.
    pub silence: Option<Stretch>,
    /// The attempts that failed before it, in order.
    pub failed: Vec<FailedTry>,
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
    let stretch = |from: Instant, to: Instant| Stretch {
        x: scale.x(from),
        width: scale.length(to.since(from)),
    };
    let queued = lane.queued.map(|from| stretch(from, lane.started.unwrap_or(until)));
    let failed = lane.failed.iter().map(|attempt| {
        let resumed = attempt.resumed.unwrap_or(until);
        let free = attempt.retry_at.min(resumed);
        let queue = stretch(free, resumed);
        FailedTry {
            run: stretch(attempt.started, attempt.failed),
            wait: stretch(attempt.failed, free),
            queue: Some(queue).filter(|queue| queue.width > 0.0),
        }
    });
    let now = lane.attempt_started();
    Some(Bar {
        phase: lane.phase(),
        queue: queued.filter(|queue| queue.width > 0.0),
        run: lane.started.map(|from| stretch(from, until)),
        now: now.map(|from| stretch(from, until)),
        silence: now.map(|from| stretch(from, lane.first.unwrap_or(until))),
        failed: failed.collect(),
    })
}

/// Every agent's bar, in list order.
pub fn bars(timeline: &Timeline, scale: TimeScale) -> Vec<Bar> {
    (0..timeline.lanes().len()).filter_map(|agent| bar(timeline, agent, scale)).collect()
}

/// All bars in that phase as one SVG path, in a box one wide and one high for each lane: for so
/// many lanes that an element each would be too much. Attempts that failed are with the failed
/// ones, whatever came of their agents; waits are gaps.
pub fn path(bars: &[Bar], phase: Phase) -> String {
    let mut path = String::new();
    for (lane, bar) in bars.iter().enumerate() {
        let failed = bar.failed.iter().map(|attempt| attempt.run);
        let failed = failed.filter(|_| phase == Phase::Failed);
        for Stretch { x, width } in failed.chain(bar.now.filter(|_| bar.phase == phase)) {
            let (x, width) = (fixed(x, 5), fixed(width, 5));
            path += &format!("M{x} {lane}.1h{width}v.8h-{width}z");
        }
    }
    path
}
