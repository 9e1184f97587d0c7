//! The geometry of bars: where each agent's time lies on an axis.
//!
//! Fractions of the axis, no pixels and no colours, so that a page, a poster and a test can all
//! draw the same picture.

use std::fmt::Write;

use super::scale::TimeScale;
use super::{Phase, Timeline};

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
    /// From start to end, or to the cursor.
    pub run: Option<Stretch>,
    /// From start to the first text: the part that is only waiting.
    pub silence: Option<Stretch>,
}

/// Every agent's bar, in list order.
pub fn bars(timeline: &Timeline, scale: TimeScale) -> Vec<Bar> {
    let cursor = timeline.cursor();
    (timeline.lanes().iter())
        .map(|lane| {
            let until = lane.end().unwrap_or(cursor);
            let stretch = |from, to: crate::time::Instant| Stretch {
                x: scale.x(from),
                width: scale.length(to.since(from)),
            };
            let queued = lane.queued.map(|from| stretch(from, lane.started.unwrap_or(until)));
            Bar {
                phase: lane.phase(),
                queue: queued.filter(|queue| queue.width > 0.0),
                run: lane.started.map(|from| stretch(from, until)),
                silence: lane.started.map(|from| stretch(from, lane.first.unwrap_or(until))),
            }
        })
        .collect()
}

/// All bars in that phase as one SVG path, in a box one wide and one high for each lane: for so
/// many lanes that an element each would be too much.
pub fn path(bars: &[Bar], phase: Phase) -> String {
    let mut path = String::new();
    for (lane, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.phase == phase) {
        if let Some(Stretch { x, width }) = bar.run {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x:.5} {lane}.1h{width:.5}v.8h-{width:.5}z");
        }
    }
    path
}
