//! Many runs of one pipeline, drawn in slices.

use std::num::NonZeroUsize;
use std::time::Duration;

use super::distribution::{Distribution, Draws};
use super::graph::{Graph, Run};
use super::histogram::{Histogram, Percentiles};
use super::limited;
use crate::engine::{Hedge, Schedule};
use crate::pipeline::{Pipeline, Work};
use crate::simulate::{Script, predict};
use crate::state::State;
use crate::template::Template;
use crate::timeline::Timeline;

/// Draws runs of a pipeline, some at a time: [`advance`](Self::advance) can be called until there are
/// enough, between two frames. The same seed draws the same runs, whatever the schedule: with and
/// without a hedge or a quorum, the first calls are the same.
pub struct Study {
    pipeline: Pipeline,
    distributions: Vec<Distribution>,
    schedule: Schedule,
    graph: Graph,
    /// Whether there are slots enough that no agent ever waits for one.
    is_free: bool,
    asks: Vec<bool>,
    /// The agents that a sequential run runs.
    in_sequence: Vec<usize>,
    watched: usize,
    first: Draws,
    second: Draws,
    run: Run,
    /// The lengths of each agent's two calls, for the engine.
    pairs: Vec<(f64, f64)>,
    calls: u64,
    branch: Histogram,
    sequential: Histogram,
    parallel: Histogram,
}

/// What many runs come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// How many runs were drawn.
    pub runs: u64,
    /// How long the watched branch takes, its hedge included.
    pub branch: Percentiles,
    /// How long the sequential run takes.
    pub sequential: Percentiles,
    /// How long the parallel run takes.
    pub parallel: Percentiles,
    /// Calls that a parallel run makes, on average. Calls that are canceled count as made.
    pub calls: f64,
}

impl Study {
    /// A study of a pipeline whose agents take that long, by place. `schedule` is that of the parallel
    /// run; what it says of failures, retries and timeouts plays no part. The watched branch is the one
    /// whose median is longest.
    ///
    /// # Panics
    /// Unless there is a distribution for each agent.
    pub fn new(
        pipeline: &Pipeline,
        distributions: Vec<Distribution>,
        schedule: Schedule,
        seed: u64,
    ) -> Self {
        let agents = pipeline.agents();
        assert_eq!(agents.len(), distributions.len(), "a distribution for each agent");
        let schedule = Schedule {
            width: schedule.width,
            hedge: schedule.hedge,
            quorum: schedule.quorum,
            ..Schedule::parallel()
        };
        let median = |branch: &usize| distributions[*branch].quantile(0.5);
        let asks: Vec<bool> = agents.iter().map(|agent| agent.work == Work::Model).collect();
        let branches = pipeline.branches().into_iter().filter(|branch| asks[*branch]);
        let watched = branches.max_by(|a, b| median(a).total_cmp(&median(b))).unwrap_or_default();
        Self {
            graph: Graph::new(pipeline, schedule),
            is_free: schedule.width.get() >= agents.len(),
            in_sequence: in_sequence(pipeline, schedule),
            watched,
            first: Draws::new(seed, 0),
            second: Draws::new(seed, 1),
            run: Run::new(agents.len()),
            pairs: vec![(0.0, 0.0); agents.len()],
            calls: 0,
            branch: Histogram::new(),
            sequential: Histogram::new(),
            parallel: Histogram::new(),
            pipeline: pipeline.clone(),
            asks,
            distributions,
            schedule,
        }
    }

    /// Draws so many more runs. A run that has a slot for every agent takes a fraction of a
    /// microsecond; under a limit it is a run of the engine, a hundred times as long.
    pub fn advance(&mut self, runs: usize) {
        for _ in 0..runs {
            self.draw();
            let lengths = &self.run.lengths;
            self.branch.add(lengths[self.watched]);
            self.sequential.add(self.in_sequence.iter().map(|agent| lengths[*agent]).sum());
            let (makespan, calls) = if self.is_free {
                let makespan = self.graph.makespan(&mut self.run);
                (makespan, self.graph.calls(&mut self.run))
            } else {
                limited::run(&self.pipeline, self.schedule, &self.pairs)
            };
            self.parallel.add(makespan);
            self.calls += calls;
        }
    }

    /// Draws every agent's call, and the second one where the first takes longer than the hedge.
    fn draw(&mut self) {
        let hedge = self.schedule.hedge;
        for (agent, distribution) in self.distributions.iter().enumerate() {
            if !self.asks[agent] {
                continue;
            }
            let length = self.first.draw(distribution);
            (self.run.lengths[agent], self.run.second[agent]) = (length, f64::INFINITY);
            self.pairs[agent] = (length, length);
            let after = hedge.filter(|hedge| hedge.is_for(agent));
            let Some(after) = after.map(|hedge| hedge.after.as_secs_f64()) else { continue };
            if length > after {
                let again = self.second.draw(distribution);
                self.run.lengths[agent] = length.min(after + again);
                self.run.second[agent] = after;
                self.pairs[agent] = (length, again);
            }
        }
    }

    /// What the runs so far come to.
    pub fn outcome(&self) -> Outcome {
        let runs = self.parallel.count();
        Outcome {
            runs,
            branch: self.branch.percentiles(),
            sequential: self.sequential.percentiles(),
            parallel: self.parallel.percentiles(),
            calls: if runs == 0 { 0.0 } else { self.calls as f64 / runs as f64 },
        }
    }

    /// The branch whose lengths are counted, by place.
    pub fn watched(&self) -> usize {
        self.watched
    }

    /// Leaves every run to the engine, as under a limit: what the graph is checked against.
    pub fn by_engine(mut self) -> Self {
        self.is_free = false;
        self
    }

    /// Counts that branch's lengths instead; to be called before the first run is drawn.
    pub fn watch(mut self, branch: usize) -> Self {
        self.watched = branch;
        self
    }

    /// How long the watched branch takes.
    pub fn branch(&self) -> &Histogram {
        &self.branch
    }

    /// How long the sequential run takes.
    pub fn sequential(&self) -> &Histogram {
        &self.sequential
    }

    /// How long the parallel run takes.
    pub fn parallel(&self) -> &Histogram {
        &self.parallel
    }
}

/// The agents that ask a model in a sequential run: all of them, unless a quorum spares some.
fn in_sequence(pipeline: &Pipeline, schedule: Schedule) -> Vec<usize> {
    let script = |_: &_| Script {
        latency: Duration::from_secs(1),
        answer: Template::new("…"),
        fault: None,
        blocking: false,
    };
    let scripts: Vec<Script> = pipeline.agents().iter().map(script).collect();
    // A second call would only spend time here: it changes how long an agent takes, and not which run.
    let one = Schedule { width: NonZeroUsize::MIN, hedge: None::<Hedge>, ..schedule };
    let agents = 0..scripts.len();
    if schedule.quorum.is_none() {
        return agents.filter(|agent| pipeline.agents()[*agent].work == Work::Model).collect();
    }
    let trace = predict(pipeline, &State::new(), &scripts, one);
    let timeline = Timeline::at(&trace, scripts.len(), trace.end());
    let runs = |agent: &usize| {
        timeline.lanes()[*agent].started.is_some() && pipeline.agents()[*agent].work == Work::Model
    };
    agents.filter(runs).collect()
}

/// So many runs at once: what they come to.
pub fn study(
    pipeline: &Pipeline,
    distributions: Vec<Distribution>,
    schedule: Schedule,
    seed: u64,
    runs: usize,
) -> Outcome {
    let mut study = Study::new(pipeline, distributions, schedule, seed);
    study.advance(runs);
    study.outcome()
}
