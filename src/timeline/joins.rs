//! Where branches meet: an agent that had to wait for several others, the one it waited for longest,
//! and how far their texts have come on the way to it. It is the moment that the page is named after.
//!
//! Fractions of the axis and numbers of lanes, as in [`super::gantt`]; no pixels.

use super::flow::under_way;
use super::scale::TimeScale;
use super::{Lane, Timeline};
use crate::pipeline::Pipeline;
use crate::time::Instant;

/// An agent that has started on what several others have written.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// The agent that waited.
    pub agent: usize,
    /// Those with an answer that it waited for, in list order; at least two.
    pub branches: Vec<usize>,
    /// The last of them to answer: the straggler, who has set the pace.
    pub straggler: usize,
    /// When it started, as a fraction of the axis.
    pub x: f64,
    /// How far the texts have come, from 0 to below 1; `None` once they have arrived.
    pub under_way: Option<f64>,
}

/// Every join that the timeline has reached.
pub fn joins(pipeline: &Pipeline, timeline: &Timeline, scale: TimeScale) -> Vec<Join> {
    let lanes = timeline.lanes();
    let written = |branch: usize| {
        let lane = lanes.get(branch)?;
        lane.end().filter(|_| lane.phase().has_answer())
    };
    let join = |(agent, lane): (usize, &Lane)| {
        let started = lane.started?;
        let needs = pipeline.needs(agent).iter();
        let ends: Vec<(usize, Instant)> =
            needs.filter_map(|&branch| Some((branch, written(branch)?))).collect();
        // Of those that end together, the first in the list.
        let (straggler, _) = ends.iter().copied().rev().max_by_key(|(_, end)| *end)?;
        (ends.len() > 1).then(|| Join {
            agent,
            branches: ends.into_iter().map(|(branch, _)| branch).collect(),
            straggler,
            x: scale.x(started),
            under_way: under_way(started, timeline.cursor()),
        })
    };
    lanes.iter().enumerate().take(pipeline.agents().len()).filter_map(join).collect()
}
