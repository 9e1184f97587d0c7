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
#[derive(Clone, Debug)]
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

    /// A whole log of that many agents at its end, with checkpoints on the way there. Awaits `pause` often.
    pub async fn at_end_in_parts(
        trace: &Trace,
        agents: usize,
        pause: impl AsyncFn(),
    ) -> (Timeline, Self) {
        let (mut timeline, mut checkpoints) = (Timeline::new(agents), Self::default());
        let all = trace.events().len();
        while timeline.seen < all {
            let next = checkpoints.next(&timeline);
            let is_due = timeline.seen < next && next <= all;
            timeline.read_in_parts(trace, if is_due { next } else { all }, &pause).await;
            if is_due {
                checkpoints.keep(&timeline);
            }
        }
        timeline.seek(trace, trace.end());
        (timeline, checkpoints)
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
            let next = self.next(timeline);
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

    /// After how many events the next one is due.
    fn next(&self, timeline: &Timeline) -> usize {
        let last = self.kept.last().map_or(0, |kept| kept.seen);
        // Copying a lane takes as long as reading a few events, and as much memory.
        last + self.every.max(4 * timeline.lanes.len())
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
