//! Between time and space, both ways.

use std::time::Duration;

use crate::time::{Instant, micros};

/// A stretch of time as fractions of its length: 0 is the left edge, 1 the right one, and anything
/// else is outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    from: Instant,
    length: Duration,
}

/// A labelled moment on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where, as a fraction of the axis.
    pub x: f64,
    /// Seconds, without the unit.
    pub label: String,
}

/// A whole axis is never shorter, so that there is something to divide by.
const SHORTEST_WHOLE: Duration = Duration::from_millis(100);
/// A part of one is never shorter: a poll takes a tenth of it or more by then.
const SHORTEST: Duration = Duration::from_millis(1);
/// How much closer each step of the zoom comes.
const CLOSER: u32 = 4;

impl TimeScale {
    /// An axis that shows everything from zero to `end`.
    pub fn up_to(end: Duration) -> Self {
        Self { from: Instant::ZERO, length: end.max(SHORTEST_WHOLE) }
    }

    /// So many steps of the zoom into an axis that ends at `end`, with `middle` in the middle of
    /// it, as far as the axis allows.
    pub fn around(middle: Instant, end: Duration, zoom: u32) -> Self {
        let end = end.max(SHORTEST);
        let length = (0..zoom).fold(end, |length, _| length / CLOSER).max(SHORTEST);
        let latest = Instant::ZERO + (end - length);
        let from = Instant::ZERO + middle.since(Instant::ZERO + length / 2);
        Self { from: from.min(latest), length }
    }

    /// The deepest zoom into an axis that ends at `end`.
    pub fn deepest(end: Duration) -> u32 {
        let mut length = end;
        let mut zoom = 0;
        while length > SHORTEST {
            length /= CLOSER;
            zoom += 1;
        }
        zoom
    }

    /// How much time it shows.
    pub fn extent(&self) -> Duration {
        self.length
    }

    /// Where that moment is.
    pub fn x(&self, at: Instant) -> f64 {
        self.length(at.since(self.from)) - self.length(self.from.since(at))
    }

    /// How wide that length is.
    pub fn length(&self, length: Duration) -> f64 {
        length.as_secs_f64() / self.length.as_secs_f64()
    }

    /// The moment at that place; places beyond an edge are at the edge.
    pub fn at(&self, x: f64) -> Instant {
        let into = (x.clamp(0.0, 1.0) * micros(self.length) as f64).round() as u64;
        self.from + Duration::from_micros(into)
    }

    /// Labelled moments in seconds at a round distance, at most `most` and one.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let (from, length) = (self.from.as_micros(), micros(self.length).max(1));
        let most = u64::try_from(most.max(1)).unwrap_or(u64::MAX);
        // 1, 2, 5, 10, 20, 50 … from ten microseconds up.
        let step = (0..)
            .flat_map(|power| [1, 2, 5].map(|digit| digit * 10 * 10_u64.pow(power)))
            .find(|step| length / step <= most)
            .unwrap_or(length);
        // As many decimals as it takes to tell one tick from the next.
        let decimals =
            (0..6).find(|decimals| step % 10_u64.pow(6 - decimals) == 0).unwrap_or(6) as usize;
        (from.div_ceil(step)..=(from + length) / step)
            .map(|k| {
                let at = Instant::from_micros(k * step);
                let label =
                    if k == 0 { "0".into() } else { format!("{:.decimals$}", at.as_secs()) };
                Tick { x: self.x(at), label }
            })
            .collect()
    }
}
