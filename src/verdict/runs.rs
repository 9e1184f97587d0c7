//! What the log of a run shows of what kept its agents from overlapping.

use std::num::NonZeroUsize;

use super::{Culprit, Finding, SEEN};
use crate::import::figures::TOLERANCE;
use crate::model::ModelError;
use crate::time::Instant;
use crate::timeline::Timeline;

/// Agents that waited for a slot of the run's own.
pub(super) fn own_limit(timeline: &Timeline, width: NonZeroUsize) -> Option<Finding> {
    let lowered = timeline.limits().last().map(|(_, limit)| *limit);
    let limit = lowered.map_or(width, |lowered| lowered.min(width));
    if limit == NonZeroUsize::MAX {
        return None;
    }
    let waited = timeline.lanes().iter().enumerate().filter_map(|(place, lane)| {
        let (queued, started) = (lane.queued?, lane.started?);
        (started - queued > TOLERANCE).then_some((place, queued, started))
    });
    finding(Culprit::OwnLimit(limit), waited)
}

/// Agents that waited after a refusal for too many calls.
pub(super) fn back_off(timeline: &Timeline) -> Option<Finding> {
    let waited = timeline.lanes().iter().enumerate().flat_map(|(place, lane)| {
        let refused = lane
            .failed
            .iter()
            .filter(|attempt| matches!(attempt.error, ModelError::Status { status: 429, .. }));
        refused.map(move |attempt| {
            (place, attempt.failed, attempt.resumed.or(lane.end()).unwrap_or(attempt.retry_at))
        })
    });
    finding(Culprit::BackOff, waited)
}

/// Agents that kept the thread while others waited for it.
pub(super) fn blocked(timeline: &Timeline) -> Option<Finding> {
    let lanes = timeline.lanes();
    let waits = |agent: usize, since: Instant, until: Instant| {
        lanes.iter().enumerate().any(|(place, lane)| {
            let open = lane.queued.is_some_and(|queued| queued < until)
                && lane.end().is_none_or(|end| end > since);
            place != agent && open
        })
    };
    let long = timeline.polls().iter().filter(|poll| poll.until - poll.since > SEEN);
    let long = long.filter(|poll| waits(poll.agent, poll.since, poll.until)).take(1000);
    finding(Culprit::Blocked, long.map(|poll| (poll.agent, poll.since, poll.until)))
}

/// Waits, or stretches, of agents as one finding.
fn finding(
    culprit: Culprit,
    stretches: impl Iterator<Item = (usize, Instant, Instant)>,
) -> Option<Finding> {
    let stretches: Vec<_> = stretches.collect();
    let mut agents: Vec<usize> = stretches.iter().map(|(place, ..)| *place).collect();
    let mut seen = std::collections::HashSet::new();
    agents.retain(|agent| seen.insert(*agent));
    Some(Finding {
        culprit,
        agents,
        from: stretches.iter().map(|(_, from, _)| *from).min()?,
        to: stretches.iter().map(|(.., to)| *to).max()?,
        cost: stretches.iter().map(|(_, from, to)| *to - *from).sum(),
    })
}
