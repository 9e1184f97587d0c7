//! What pieces come to: how much overlapped, and what the same pieces take one after another.

use std::time::Duration;

use super::pieces::Piece;
use crate::time::Instant;

/// Clocks are believed to a millisecond.
pub const TOLERANCE: Duration = Duration::from_millis(1);

/// The figures of a measured run. Pieces without an end are in none of them but the makespan.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// From the first start to the last end.
    pub makespan: Duration,
    /// The sum of the pieces' lengths.
    pub work: Duration,
    /// How long at least one piece was in flight.
    pub busy: Duration,
    /// How long at least two were.
    pub overlap: Duration,
    /// The most that were in flight at once.
    pub max_at_once: usize,
}

impl Figures {
    /// Sweeps over the pieces.
    pub fn new(pieces: &[Piece], makespan: Duration) -> Self {
        let bars = pieces.iter().filter_map(|piece| Some((piece.start, piece.end?)));
        Self::of_bars(bars, makespan)
    }

    /// The same of stretches from a start to an end.
    pub fn of_bars(bars: impl Iterator<Item = (Instant, Instant)>, makespan: Duration) -> Self {
        let mut figures = Self { makespan, ..Self::default() };
        let mut steps: Vec<(Instant, bool)> = Vec::new();
        for (start, end) in bars {
            figures.work += end - start;
            // What takes no time is in flight at no moment.
            if end > start {
                steps.extend([(start, true), (end, false)]);
            } else {
                figures.max_at_once = figures.max_at_once.max(1);
            }
        }
        // Ends first: what begins as another one ends does not overlap it.
        steps.sort_unstable();
        let (mut at_once, mut since) = (0_usize, Instant::ZERO);
        for (at, begins) in steps {
            if at_once >= 1 {
                figures.busy += at - since;
            }
            if at_once >= 2 {
                figures.overlap += at - since;
            }
            at_once = if begins { at_once + 1 } else { at_once - 1 };
            figures.max_at_once = figures.max_at_once.max(at_once);
            since = at;
        }
        if !figures.overlapped() {
            figures.max_at_once = figures.max_at_once.min(1);
        }
        figures
    }

    /// Whether two pieces were in flight together for more than a millisecond in all.
    pub fn overlapped(&self) -> bool {
        self.overlap > TOLERANCE
    }

    /// How long nothing was in flight.
    pub fn idle(&self) -> Duration {
        self.makespan.saturating_sub(self.busy)
    }

    /// The same pieces one after another, with the same time between them.
    pub fn sequential(&self) -> Duration {
        self.work + self.idle()
    }

    /// What overlapping saved.
    pub fn saved(&self) -> Duration {
        self.sequential().saturating_sub(self.makespan)
    }

    /// How many times as long it would have taken one after another; 1 where nothing took any time.
    pub fn speedup(&self) -> f64 {
        match self.makespan.is_zero() {
            true => 1.0,
            false => self.sequential().as_secs_f64() / self.makespan.as_secs_f64(),
        }
    }
}

/// From the piece that ended last, back to whichever ended last before it began, first one first.
pub fn critical_path(pieces: &[Piece]) -> Vec<usize> {
    let mut by_end: Vec<(Instant, usize)> = (pieces.iter().enumerate())
        .filter_map(|(place, piece)| Some((piece.end?, place)))
        .collect();
    by_end.sort_unstable();
    let mut path = Vec::new();
    let mut candidates = by_end.as_slice();
    while let Some((_, place)) = candidates.last().copied() {
        path.push(place);
        let start = pieces[place].start;
        let ended = candidates.partition_point(|(end, _)| *end <= start + TOLERANCE);
        candidates = &candidates[..ended];
        // A piece of less than the tolerance would come before itself.
        if candidates.last().is_some_and(|(_, last)| *last == place) {
            candidates = &candidates[..candidates.len() - 1];
        }
    }
    path.reverse();
    path
}
