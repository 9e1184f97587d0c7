//! A pipeline as numbers: when a run ends if each agent takes so long, without running it.
//!
//! A start is the latest end of what it needs (with a quorum, of the earliest so many), and an end is
//! the start plus a length. Where there are slots enough, that is what the engine does, and the tests
//! hold the two together.

use crate::engine::{Late, Schedule};
use crate::pipeline::{Pipeline, Work};

/// Made once for a pipeline and a schedule, and asked for every run.
pub(super) struct Graph {
    /// In an order in which each comes after all it needs.
    nodes: Vec<Node>,
    /// Whether any join may begin early.
    has_quorum: bool,
    late: Late,
}

struct Node {
    agent: usize,
    asks: bool,
    /// Agents that ask a model.
    branches: Vec<usize>,
    /// Agents that pass their prompt on.
    passes: Vec<usize>,
    readers: Vec<usize>,
    /// How many of its branches it waits for.
    quorum: usize,
}

/// One run: what is drawn, and room to work in.
#[derive(Default)]
pub(super) struct Run {
    /// How long each agent takes, by place, in seconds.
    pub lengths: Vec<f64>,
    /// When a second call of it is made, in seconds after its start; infinite if none is.
    pub second: Vec<f64>,
    starts: Vec<f64>,
    ends: Vec<f64>,
    /// When no agent needs it any more.
    gone: Vec<f64>,
    sorted: Vec<f64>,
}

impl Run {
    pub fn new(agents: usize) -> Self {
        let zeros = vec![0.0; agents];
        Self {
            lengths: zeros.clone(),
            second: vec![f64::INFINITY; agents],
            starts: zeros.clone(),
            ends: zeros.clone(),
            gone: zeros,
            sorted: Vec::new(),
        }
    }
}

impl Graph {
    pub fn new(pipeline: &Pipeline, schedule: Schedule) -> Self {
        let nodes: Vec<Node> = (pipeline.in_order().into_iter())
            .map(|agent| {
                let asks = |need: &usize| pipeline.agents()[*need].work == Work::Model;
                let (branches, passes): (Vec<usize>, Vec<usize>) =
                    pipeline.needs(agent).iter().copied().partition(asks);
                let quorum = schedule.quorum.filter(|quorum| quorum.is_for(agent));
                let quorum = quorum.map_or(usize::MAX, |quorum| quorum.answers.get());
                let (readers, quorum) =
                    (pipeline.needed_by(agent).to_vec(), quorum.min(branches.len()));
                Node { agent, asks: asks(&agent), branches, passes, readers, quorum }
            })
            .collect();
        let has_quorum = nodes.iter().any(|node| node.quorum < node.branches.len());
        let late = schedule.quorum.map(|quorum| quorum.late).unwrap_or_default();
        Self { nodes, has_quorum, late }
    }

    /// When the run ends, in seconds. An end that comes through pass-throughs may be off by the last
    /// digit of its number.
    pub fn makespan(&self, run: &mut Run) -> f64 {
        let mut makespan = 0.0_f64;
        for node in &self.nodes {
            let mut start = 0.0_f64;
            if node.quorum == node.branches.len() {
                for need in &node.branches {
                    start = start.max(run.ends[*need]);
                }
            } else {
                run.sorted.clear();
                run.sorted.extend(node.branches.iter().map(|need| run.ends[*need]));
                let (_, kth, _) =
                    run.sorted.select_nth_unstable_by(node.quorum - 1, f64::total_cmp);
                start = *kth;
            }
            for need in &node.passes {
                start = start.max(run.ends[*need]);
            }
            // A pass-through takes no time, but what waits for it begins after what it waited for.
            let end = if node.asks { start + run.lengths[node.agent] } else { start.next_up() };
            (run.starts[node.agent], run.ends[node.agent]) = (start, end);
            if node.readers.is_empty() {
                makespan = makespan.max(end);
            }
        }
        makespan
    }

    /// How many calls the run made whose makespan has just been asked for. An agent that a quorum made
    /// unnecessary before its start makes none. Where several pass-throughs end at one moment, the engine
    /// takes one after the other, and who begins or becomes unnecessary at that very moment may differ.
    pub fn calls(&self, run: &mut Run) -> u64 {
        let mut calls = 0;
        for node in self.nodes.iter().rev() {
            let (start, agent) = (run.starts[node.agent], node.agent);
            if self.has_quorum && !node.readers.is_empty() {
                // Its last reader begins, or is not needed itself any more.
                let over =
                    node.readers.iter().map(|reader| run.starts[*reader].min(run.gone[*reader]));
                run.gone[agent] = over.fold(0.0, f64::max);
            } else {
                run.gone[agent] = f64::INFINITY;
            }
            let gone = run.gone[agent];
            // What begins with the run begins before any agent can be dismissed.
            if !node.asks || start > 0.0 && start >= gone {
                continue;
            }
            let second = run.second[agent];
            let is_made = second.is_finite() && (self.late == Late::Keep || start + second < gone);
            calls += 1 + u64::from(is_made);
        }
        calls
    }
}
