//! The tail as a fan-out grows: the slowest of 1, 2, 5 .. 1,000 like branches.

use super::distribution::{Distribution, Draws};
use super::histogram::{Histogram, Percentiles};

/// The slowest of so many branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrowthPoint {
    /// How many branches.
    pub branches: usize,
    /// How long the slowest takes.
    pub slowest: Percentiles,
}

/// Draws the slowest of a growing number of like branches, some runs at a time. One run of a thousand
/// branches is a run of each smaller number as well: the slowest so far.
pub struct Growth {
    distribution: Distribution,
    hedge: Option<f64>,
    first: Draws,
    second: Draws,
    counts: Vec<(usize, Histogram)>,
}

/// Two or three steps for each power of ten.
const BRANCHES: [usize; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

impl Growth {
    /// Branches that take that long, and are asked a second time after so many seconds, if at all.
    pub fn new(distribution: Distribution, hedge: Option<f64>, seed: u64) -> Self {
        let counts = BRANCHES.map(|branches| (branches, Histogram::new())).into();
        let (first, second) = (Draws::new(seed, 2), Draws::new(seed, 3));
        Self { distribution, hedge, first, second, counts }
    }

    /// Draws so many more runs: a thousand calls each.
    pub fn advance(&mut self, runs: usize) {
        for _ in 0..runs {
            let (mut slowest, mut drawn) = (0.0_f64, 0);
            for (branches, histogram) in &mut self.counts {
                for _ in drawn..*branches {
                    let mut length = self.first.draw(&self.distribution);
                    if let Some(after) = self.hedge.filter(|after| length > *after) {
                        length = length.min(after + self.second.draw(&self.distribution));
                    }
                    slowest = slowest.max(length);
                }
                drawn = *branches;
                histogram.add(slowest);
            }
        }
    }

    /// What the runs so far come to, from one branch to a thousand.
    pub fn points(&self) -> Vec<GrowthPoint> {
        let counts = self.counts.iter();
        counts
            .map(|(branches, histogram)| GrowthPoint {
                branches: *branches,
                slowest: histogram.percentiles(),
            })
            .collect()
    }
}
