//! The figures of a run: work, critical path, slack, and the article's formula filled in.
//!
//! All of it is computed from durations and dependencies; nothing here knows how the run was
//! scheduled.

use std::cmp::Reverse;
use std::time::Duration;

use super::Timeline;
use crate::pipeline::Pipeline;
use crate::time::seconds;
use crate::words;

/// How long each agent took, by place.
pub fn durations(timeline: &Timeline) -> Vec<Duration> {
    timeline.lanes().iter().map(|lane| lane.duration(timeline.cursor())).collect()
}

/// The sum of all agents' durations: what a run costs when nothing overlaps.
pub fn work(durations: &[Duration]) -> Duration {
    durations.iter().sum()
}

/// How many times faster; `None` when there is nothing to compare.
pub fn speedup(sequential: Duration, parallel: Duration) -> Option<f64> {
    (!parallel.is_zero()).then(|| sequential.as_secs_f64() / parallel.as_secs_f64())
}

/// The chain of agents that decides how long a run takes when everything may overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticalPath {
    /// How long the chain takes: no schedule can be faster.
    pub length: Duration,
    /// The agents on it, in the order they run. Among equals, the first in the list.
    pub agents: Vec<usize>,
    /// By how much each agent, by place, could be slower for free.
    pub slack: Vec<Duration>,
}

/// Finds the critical path of a pipeline whose agents take that long.
pub fn critical_path(pipeline: &Pipeline, durations: &[Duration]) -> CriticalPath {
    let order = pipeline.in_order();
    let finish = finishes(pipeline, durations, &order);
    let length = finish.iter().max().copied().unwrap_or_default();
    let mut latest_finish = vec![length; order.len()];
    for agent in order.iter().rev() {
        let latest_start = latest_finish[*agent].saturating_sub(durations[*agent]);
        for need in pipeline.needs(*agent) {
            latest_finish[*need] = latest_finish[*need].min(latest_start);
        }
    }
    let slack = (0..order.len()).map(|a| latest_finish[a].saturating_sub(finish[a])).collect();
    CriticalPath { length, agents: chain(pipeline, &finish), slack }
}

/// The length and the agents of the [`critical_path`], without the slack of all others.
pub fn longest_chain(pipeline: &Pipeline, durations: &[Duration]) -> (Duration, Vec<usize>) {
    let finish = finishes(pipeline, durations, &pipeline.in_order());
    (finish.iter().max().copied().unwrap_or_default(), chain(pipeline, &finish))
}

/// When each agent ends where everything may overlap.
fn finishes(pipeline: &Pipeline, durations: &[Duration], order: &[usize]) -> Vec<Duration> {
    let mut finish = vec![Duration::ZERO; order.len()];
    for agent in order {
        let start = pipeline.needs(*agent).iter().map(|need| finish[*need]).max();
        finish[*agent] = start.unwrap_or_default() + durations[*agent];
    }
    finish
}

/// The agents that lead to the last end, the first one first.
fn chain(pipeline: &Pipeline, finish: &[Duration]) -> Vec<usize> {
    let mut agents = Vec::new();
    let last = |agent: &usize| (finish[*agent], Reverse(*agent));
    let mut next = (0..finish.len()).max_by_key(last);
    while let Some(agent) = next {
        agents.push(agent);
        next = pipeline.needs(agent).iter().copied().max_by_key(last);
    }
    agents.reverse();
    agents
}

/// The most terms that a formula spells out.
const SPELLED_OUT: usize = 8;

/// "5.1 = 1.2 + 0.9 + 0.7 + 1.5 + 0.8": one agent after the other. `total` is what was measured;
/// `None` when that is not what the durations add up to, so something else decided.
pub fn sequential_formula(total: Duration, durations: &[Duration]) -> Option<String> {
    let spent: Vec<Duration> = durations.iter().copied().filter(|d| !d.is_zero()).collect();
    equation(total, &spent, &list(&spent, " + "))
}

/// "2.3 = max(1.2, 0.9, 0.7, 1.5) + 0.8": level after level. Where a pipeline is not made of
/// levels that wait for each other as a whole, the critical path is what adds up, so that is shown.
/// `None` when neither is what decided, as under a concurrency limit.
pub fn parallel_formula(
    total: Duration,
    pipeline: &Pipeline,
    durations: &[Duration],
) -> Option<String> {
    let lengths = |agents: &[usize]| -> Vec<Duration> {
        agents.iter().map(|agent| durations[*agent]).filter(|length| !length.is_zero()).collect()
    };
    let levels = pipeline.by_level();
    let layered = levels.windows(2).enumerate().all(|(level, pair)| {
        // Counted, since with ten thousand branches a search for each would take seconds.
        let above = |reader: &usize| {
            pipeline.needs(*reader).iter().filter(|need| pipeline.level(**need) == level).count()
        };
        pair[1].iter().all(|reader| above(reader) == pair[0].len())
    });
    if !layered {
        let path = lengths(&critical_path(pipeline, durations).agents);
        return equation(total, &path, &list(&path, " + "));
    }
    let levels = levels.iter().map(|level| lengths(level)).filter(|level| !level.is_empty());
    let (slowest, terms): (Vec<Duration>, Vec<String>) = levels
        .map(|level| match level.as_slice() {
            [only] => (*only, seconds(*only)),
            several => {
                let slowest = several.iter().max().copied().unwrap_or_default();
                (slowest, format!("max({})", list(several, ", ")))
            }
        })
        .unzip();
    equation(total, &slowest, &terms.join(" + "))
}

fn list(lengths: &[Duration], between: &str) -> String {
    let spelled = |lengths: &[Duration]| {
        lengths.iter().map(|length| seconds(*length)).collect::<Vec<_>>().join(between)
    };
    if lengths.len() <= SPELLED_OUT {
        return spelled(lengths);
    }
    let (shown, more) = lengths.split_at(SPELLED_OUT - 2);
    spelled(shown) + between + &words::status::more_terms(more.len())
}

/// Whether a sum of durations is what a run took, but for what timers and threads cost.
pub fn adds_up(sum: Duration, total: Duration) -> bool {
    sum.abs_diff(total) <= total.mul_f64(0.02) + Duration::from_millis(20)
}

/// `None` unless the terms add up to the total. An equals sign only where the figures as printed
/// do so too; rounding may have seen to it that they do not.
fn equation(total: Duration, terms: &[Duration], spelled: &str) -> Option<String> {
    if terms.is_empty() || !adds_up(terms.iter().sum(), total) {
        return None;
    }
    let printed = |length: &Duration| {
        seconds(*length).parse::<f64>().map_or(0, |secs| (secs * 1e3).round() as u64)
    };
    let sum: u64 = terms.iter().map(printed).sum();
    let sign = if sum == printed(&total) { "=" } else { "≈" };
    Some(format!("{} {sign} {spelled}", seconds(total)))
}

/// What several measurements of the same thing come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// As many were longer as were shorter.
    pub median: Duration,
    /// The shortest.
    pub least: Duration,
    /// The longest.
    pub most: Duration,
}

/// Median and spread; `None` of nothing.
pub fn spread(measured: &[Duration]) -> Option<Spread> {
    let mut sorted = measured.to_vec();
    sorted.sort_unstable();
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    // The middle one, or the mean of the two in the middle.
    let (below, above) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
    Some(Spread { median: below + (above - below) / 2, least, most })
}
