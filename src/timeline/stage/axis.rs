//! How long the axis is.

use std::time::Duration;

use crate::timeline::crowd::MOST_LANES;

/// A crowd's sequential run that is expected to take longer is not run beside the parallel one: what is
/// expected of it stands in its place.
const LONGEST_WATCHED: Duration = Duration::from_secs(30);

/// The share of the axis that the parallel run has at least where the sequential one is cut.
const PARALLEL: f64 = 0.6;

/// An axis ends so much after the longest run.
const ROOM: f64 = 1.04;

/// Without a prediction, as for a live model that has not answered yet.
const UNKNOWN: Duration = Duration::from_secs(4);

/// Whether the sequential run of so many agents is too long to be watched. Few agents are there to be
/// watched one by one, and are as slow as the reader has made them.
pub fn is_predicted(agents: usize, sequential: Duration) -> bool {
    agents > MOST_LANES && sequential > LONGEST_WATCHED
}

/// The end of an axis for runs of so many agents that are expected to take so long. A sequential run that
/// is only predicted is cut where the parallel one would become too small to be seen.
pub fn axis_end(
    agents: usize,
    sequential: Option<Duration>,
    parallel: Option<Duration>,
) -> Duration {
    let longest = match (sequential, parallel) {
        (Some(sequential), Some(parallel)) if is_predicted(agents, sequential) => {
            // The room after it is part of the axis.
            let cut = parallel.div_f64(PARALLEL * ROOM);
            sequential.min(cut.max(parallel))
        }
        (one, other) => one.max(other).unwrap_or(UNKNOWN),
    };
    longest.max(Duration::from_millis(100)).mul_f64(ROOM)
}
