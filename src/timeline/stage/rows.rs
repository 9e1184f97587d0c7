//! Which row of the stage each agent has.

use std::cmp::Ordering;

use crate::pipeline::Pipeline;

/// The row of each agent, by place: a root has the next row of the list, any other agent the mean of the
/// rows of what it needs, so that it stands in the middle of its branches. Rows can lie between two others.
/// Where that place is taken, it is the nearest free one below or above.
pub fn rows(pipeline: &Pipeline) -> Vec<f64> {
    let ancestors = ancestors(pipeline);
    let mut rows: Vec<Option<f64>> = vec![None; pipeline.agents().len()];
    let roots = (0..rows.len()).filter(|agent| pipeline.needs(*agent).is_empty());
    for (row, agent) in roots.enumerate() {
        rows[agent] = Some(row as f64);
    }
    for agent in pipeline.in_order() {
        if rows[agent].is_some() {
            continue;
        }
        let needs = pipeline.needs(agent);
        let sum: f64 = needs.iter().filter_map(|need| rows[*need]).sum();
        let mean = sum / needs.len() as f64;
        let is_free = |row: f64| {
            rows.iter().enumerate().all(|(other, taken)| match taken {
                Some(taken) if (taken - row).abs() < 1.0 => {
                    may_follow(pipeline, &ancestors, other, agent)
                }
                _ => true,
            })
        };
        let near = (0..=2 * rows.len()).map(|step| mean.floor() + step as f64);
        let mut near: Vec<f64> = near
            .flat_map(|row| [row, 2.0 * mean.floor() - row])
            .filter(|row| *row >= 0.0)
            .collect();
        near.sort_by(|one, other| {
            let apart = |row: &f64| (row - mean).abs();
            apart(one)
                .total_cmp(&apart(other))
                .then(other.partial_cmp(one).unwrap_or(Ordering::Equal))
        });
        let free = std::iter::once(mean).chain(near).find(|row| is_free(*row));
        rows[agent] = Some(free.unwrap_or(mean));
    }
    rows.into_iter().map(Option::unwrap_or_default).collect()
}

/// Whether `agent` can go on in the row of `other`: it begins after that has ended, and no earlier than any
/// join at which its answer waits.
fn may_follow(pipeline: &Pipeline, ancestors: &[Vec<bool>], other: usize, agent: usize) -> bool {
    let joins = pipeline.needed_by(other).iter().filter(|join| pipeline.needs(**join).len() > 1);
    let mut waited_for = joins.flat_map(|join| pipeline.needs(*join));
    ancestors[agent][other] && waited_for.all(|need| ancestors[agent][*need])
}

/// For each agent, by place, which agents it needs, directly or not.
fn ancestors(pipeline: &Pipeline) -> Vec<Vec<bool>> {
    let mut ancestors = vec![vec![false; pipeline.agents().len()]; pipeline.agents().len()];
    for agent in pipeline.in_order() {
        for need in pipeline.needs(agent) {
            let above = std::mem::take(&mut ancestors[*need]);
            for (own, inherited) in ancestors[agent].iter_mut().zip(&above) {
                *own |= *inherited;
            }
            ancestors[*need] = above;
            ancestors[agent][*need] = true;
        }
    }
    ancestors
}
