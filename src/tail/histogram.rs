//! Many lengths in little room: counted in bins a 256th of their size wide.

use std::time::Duration;

/// The three percentiles that are watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percentiles {
    /// Half of all are as short.
    pub p50: Duration,
    /// 19 of 20 are.
    pub p95: Duration,
    /// 99 of 100 are.
    pub p99: Duration,
}

/// Counts lengths in seconds. A bin is 0.4 % of its lengths wide at most, and knows the mean of what is
/// in it, so a percentile is off by 0.2 % or less, and exact where few different lengths occur.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    bins: Vec<Bin>,
    count: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bin {
    count: u64,
    sum: f64,
}

/// From a microsecond to 36 years; what is beyond is in the outermost bins.
const LEAST: f32 = 1e-6;
const MOST: f32 = 1.2e9;
/// A positive `f32` is ordered like its bits, of which the exponent and eight more make the bin.
const BITS: u32 = 15;
/// Half as wide as a bin, as a share of what is in it.
const HALF_A_BIN: f64 = 0.5 / 320.0;

fn place(length: f64) -> usize {
    let bits = |length: f32| length.to_bits() >> BITS;
    (bits((length as f32).clamp(LEAST, MOST)) - bits(LEAST)) as usize
}

impl Histogram {
    /// With nothing in it.
    pub fn new() -> Self {
        Self { bins: vec![Bin::default(); place(f64::from(MOST)) + 1], count: 0 }
    }

    /// Adds a length, in seconds.
    #[inline]
    pub fn add(&mut self, length: f64) {
        let bin = &mut self.bins[place(length)];
        bin.count += 1;
        bin.sum += length;
        self.count += 1;
    }

    /// How many lengths are in it.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The length than which a share `p` of all, 0 to 1, is shorter or as long; zero of none.
    pub fn percentile(&self, p: f64) -> Duration {
        let rank = ((p * self.count as f64).ceil() as u64).max(1);
        let mut below = 0;
        for bin in self.bins.iter().filter(|bin| bin.count > 0) {
            below += bin.count;
            if below >= rank {
                return seconds(bin.sum / bin.count as f64);
            }
        }
        Duration::ZERO
    }

    /// The three that are watched.
    pub fn percentiles(&self) -> Percentiles {
        let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|p| self.percentile(p));
        Percentiles { p50, p95, p99 }
    }

    /// The share of lengths up to `t`, 0 to 1: as a curve, to the width of a bin.
    pub fn share_up_to(&self, t: Duration) -> f64 {
        let last = place(t.as_secs_f64());
        let below: u64 = self.bins.iter().take(last + 1).map(|bin| bin.count).sum();
        below as f64 / self.count.max(1) as f64
    }

    /// The share of lengths in each of so many columns, of which `at` says where a length lies, in
    /// columns. A bin is spread over its width, so that a smooth distribution looks smooth.
    pub fn spread_over(&self, columns: usize, at: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut shares = vec![0.0; columns];
        for bin in self.bins.iter().filter(|bin| bin.count > 0) {
            let mean = bin.sum / bin.count as f64;
            let (from, to) = (at(mean * (1.0 - HALF_A_BIN)), at(mean * (1.0 + HALF_A_BIN)));
            let from = from.max(0.0);
            // A length of zero has no width.
            let to = to.min(columns as f64).max(from + 1e-6);
            let share = bin.count as f64 / self.count as f64 / (to - from);
            let mut left = from;
            while left < to {
                let right = (left.floor() + 1.0).min(to);
                if let Some(column) = shares.get_mut(left as usize) {
                    *column += share * (right - left);
                }
                left = right;
            }
        }
        shares
    }
}

fn seconds(length: f64) -> Duration {
    Duration::from_micros((length * 1e6).round() as u64)
}
