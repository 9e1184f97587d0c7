//! The axis that one call, a sequential run and a parallel run share. Where a sequential run takes very
//! many times as long as a call, it is logarithmic: else the rest would be a line at its left edge.

use std::time::Duration;

use crate::time::seconds;
use crate::timeline::scale::{Tick, TimeScale};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    end: f64,
    /// Where a logarithmic one begins, in seconds.
    from: Option<f64>,
}

/// Where a logarithmic one begins at the earliest, in seconds: it never reaches zero.
const LEAST: f64 = 1e-3;
/// From how many times the median call on it is logarithmic.
const FAR: f64 = 25.0;
/// Room beyond the longest length that is marked, as a factor.
const ROOM: f64 = 1.06;
/// Where a logarithmic one begins at the latest, as a share of the median call.
const BELOW: f64 = 0.25;

impl Axis {
    /// An axis for calls of that median, from below `shortest` to beyond `longest`.
    pub fn of(shortest: Duration, median: Duration, longest: Duration) -> Self {
        let from = shortest.mul_f64(1.0 / ROOM).min(median.mul_f64(BELOW)).as_secs_f64();
        let (median, end) = (median.as_secs_f64(), longest.as_secs_f64().max(0.01) * ROOM);
        let is_far = median > 0.0 && end > FAR * median;
        Self { end, from: is_far.then_some(from.max(LEAST)) }
    }

    /// Whether equal steps on it are equal factors.
    pub fn is_logarithmic(&self) -> bool {
        self.from.is_some()
    }

    /// Where a length in seconds lies: 0 is the left edge, 1 the right one.
    pub fn place(&self, length: f64) -> f64 {
        match self.from {
            Some(from) if length <= from => 0.0,
            Some(from) => (length / from).ln() / (self.end / from).ln(),
            None => length / self.end,
        }
    }

    /// The same, held within the axis.
    pub fn x(&self, length: Duration) -> f64 {
        self.place(length.as_secs_f64()).clamp(0.0, 1.0)
    }

    /// Labeled moments, at most `most` and one.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let Some(from) = self.from else {
            return TimeScale::up_to(Duration::from_secs_f64(self.end)).ticks(most);
        };
        let round = |digits: &[f64]| -> Vec<f64> {
            let powers = -3..=7;
            let all = powers.flat_map(|power| digits.iter().map(move |d| d * 10_f64.powi(power)));
            all.filter(|at| (from..self.end).contains(at)).collect()
        };
        let fine = round(&[1.0, 2.0, 5.0]);
        let moments = if fine.len() <= most { fine } else { round(&[1.0]) };
        let tick = |at: f64| Tick {
            x: self.place(at),
            label: match at {
                1.0.. => at.round().to_string(),
                _ => seconds(Duration::from_secs_f64(at)),
            },
        };
        moments.into_iter().map(tick).collect()
    }
}
