//! Between time and space, both ways.

use std::time::Duration;

use crate::time::{Instant, micros, seconds};

/// A time axis from zero to its end, as fractions of its length: 0 is the left edge, 1 the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    end: Duration,
}

/// A labelled moment on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where, as a fraction of the axis.
    pub x: f64,
    /// Seconds, without the unit.
    pub label: String,
}

impl TimeScale {
    /// An axis that shows everything up to `end`; at least a tenth of a second, so that there is
    /// something to divide by.
    pub fn up_to(end: Duration) -> Self {
        Self { end: end.max(Duration::from_millis(100)) }
    }

    /// The moment at the right edge.
    pub fn end(&self) -> Duration {
        self.end
    }

    /// Where that moment is.
    pub fn x(&self, at: Instant) -> f64 {
        self.length(at.since(Instant::ZERO))
    }

    /// How wide that length is.
    pub fn length(&self, length: Duration) -> f64 {
        length.as_secs_f64() / self.end.as_secs_f64()
    }

    /// The moment at that place; places beyond an edge are at the edge.
    pub fn at(&self, x: f64) -> Instant {
        Instant::from_micros((x.clamp(0.0, 1.0) * micros(self.end) as f64).round() as u64)
    }

    /// Labelled moments at a round distance, at most `most` of them after zero.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let end = micros(self.end);
        let most = u64::try_from(most.max(1)).unwrap_or(u64::MAX);
        // 1, 2, 5, 10, 20, 50 … from ten milliseconds up.
        let step = (0..)
            .flat_map(|power| [1, 2, 5].map(|digit| digit * 10_000 * 10_u64.pow(power)))
            .find(|step| end / step <= most)
            .unwrap_or(end);
        (0..=end / step)
            .map(|k| {
                let at = Instant::from_micros(k * step);
                let whole = step % 1_000_000 == 0;
                let label = if whole {
                    (k * step / 1_000_000).to_string()
                } else {
                    seconds(at - Instant::ZERO)
                };
                Tick { x: self.x(at), label }
            })
            .collect()
    }
}
