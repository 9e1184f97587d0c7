//! The tail: how long a pipeline takes when its agents do not always take as long.
//!
//! A fan-out waits for its slowest branch, so a run's median is made of its branches' tails. Many runs
//! are drawn from the same seed, and each is worked out from the pipeline's graph: a start is the
//! latest end of what it needs, and a run under a concurrency limit is the engine's own. No model is
//! asked and nothing fails here; what a failure does is the engine's business.

mod distribution;
mod exact;
mod graph;
mod growth;
mod histogram;
mod limited;
mod study;

pub use distribution::{Distribution, Draws, Shape};
pub use exact::{cdf_of_hedged, cdf_of_kth, share_of_runs_with_a_slow_branch};
pub use growth::{Growth, GrowthPoint};
pub use histogram::{Histogram, Percentiles};
pub use study::{Outcome, Study, study};
