//! Moments of a log that a cursor can go back to without reading the log from its beginning.
//!
//! It changes what a step back costs and never what is shown: a timeline that came from here is the
//! one that the whole log gives.

use super::Timeline;
use crate::time::Instant;
use crate::trace::Trace;

/// Events between two checkpoints, at first.
const EVERY: usize = 512;
/// No more checkpoints than this are kept; where they would be more, every other one goes.
const MOST: usize = 16;

/// No checkpoint is kept of lanes that hold more bytes of text than this.
const MOST_TEXT: usize = 4_000_000;

/// Timelines of one log as they were on the way to where it has been read to.
#[derive(Debug)]
pub struct Checkpoints {
    every: usize,
    kept: Vec<Timeline>,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self::every(EVERY)
    }
}

impl Checkpoints {
    /// One after so many events, until there are too many.
    pub fn every(events: usize) -> Self {
        Self { every: events.max(1), kept: Vec::new() }
    }

    /// Moves the cursor of `timeline`, whose log `trace` is; answers how many events were read.
    pub fn seek(&mut self, timeline: &mut Timeline, trace: &Trace, cursor: Instant) -> usize {
        if cursor < timeline.cursor {
            let before = self.kept.iter().rfind(|kept| kept.cursor <= cursor);
            *timeline = match before {
                Some(kept) => kept.clone(),
                None => Timeline::new(timeline.lanes.len()),
            };
        }
        let first = timeline.seen;
        loop {
            let last = self.kept.last().map_or(0, |kept| kept.seen);
            // A checkpoint costs as much as there are lanes, so that many events have to pay for it.
            let next = last + self.every.max(2 * timeline.lanes.len());
            match trace.events().get(next - 1) {
                Some(event) if timeline.seen < next && event.at <= cursor => {
                    timeline.read(trace, next);
                    self.keep(timeline);
                }
                _ => break,
            }
        }
        timeline.seek(trace, cursor);
        timeline.seen - first
    }

    fn keep(&mut self, timeline: &Timeline) {
        // To read such a log again takes less than sixteen copies of what it says.
        if timeline.lanes.iter().map(|lane| lane.text.len()).sum::<usize>() > MOST_TEXT {
            return;
        }
        self.kept.push(timeline.clone());
        if self.kept.len() > MOST {
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place % 2 == 0
            });
            self.every *= 2;
        }
    }
}
