//! The tail of the plan at hand: which runs are drawn, and what the tab Tail latency shows of them.
//!
//! A [`Question`] is all that the figures depend on, a [`Sampling`] draws the runs a few at a time, and
//! a [`Figure`] is what they have come to so far. Drawing is [`crate::tail`]'s; this is the choice of
//! what to draw, and the shapes and sentences that are made of it.

mod axis;
mod figure;
mod sampling;
mod sentences;

use std::rc::Rc;
use std::time::Duration;

use super::Plan;
use crate::config::{Experiment, Settings};
use crate::engine::Schedule;
use crate::pipeline::{Pipeline, Work};
use crate::tail::{Distribution, Shape, share_of_runs_with_a_slow_branch};
use crate::words;

pub use axis::Axis;
pub use figure::{Figure, Row, RowKind};
pub use sampling::Sampling;

/// The lessons about the tail: what the address says for each. One in a hundred is slow; ask twice
/// after the 95th percentile; three of four are enough. The first has a seed: of 100,000 runs, 63.4 of
/// 100 are slow, and one seed in four or so draws enough more to be rounded to 64.
pub const LESSONS: [&str; 3] = [
    "preset=fanout&n=100&latency=*:1,synthesis:0&spread=slow:0.01x10&seed=2",
    "preset=fanout&n=20&latency=*:1,synthesis:0&spread=lognormal:0.8&hedge=3.73",
    "preset=fanout&n=4&latency=*:1,synthesis:0&spread=lognormal:0.8&quorum=3",
];

/// The lessons with their names. How many runs are slow in the first is computed.
pub fn lessons() -> [(String, &'static str); 3] {
    let slow = match Settings::read("", LESSONS[0]).0 {
        Settings { spread: Some(Shape::Slow { share, .. }), n, .. } => {
            share_of_runs_with_a_slow_branch(share, n)
        }
        _ => 0.0,
    };
    let names = [
        words::tail::lesson_of_slow_runs((100.0 * slow).round() as u64),
        words::tail::LESSON_OF_HEDGE.to_owned(),
        words::tail::LESSON_OF_QUORUM.to_owned(),
    ];
    let mut names = names.into_iter();
    LESSONS.map(|address| (names.next().unwrap_or_default(), address))
}

/// How long each agent took, by place, wherever it was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurements {
    /// The names of the agents.
    pub names: Vec<String>,
    /// Their lengths.
    pub lengths: Vec<Vec<Duration>>,
}

impl Measurements {
    /// What a trace that is shown has measured: one length an agent, so that each branch may take as
    /// long as any of them.
    pub fn of_trace(plan: &Plan) -> Option<Self> {
        plan.measured.as_ref()?;
        let scripts = &plan.experiment.scripts;
        let own = |agent: usize| vec![scripts[agent].latency];
        let asks = |agent: &usize| plan.pipeline().agents()[*agent].work == Work::Model;
        let branches: Vec<usize> = plan.pipeline().branches().into_iter().filter(asks).collect();
        let pool: Vec<Duration> = branches.iter().map(|branch| scripts[*branch].latency).collect();
        let lengths = |agent: usize| match branches.contains(&agent) {
            true => pool.clone(),
            false => own(agent),
        };
        let lengths = (0..plan.agents()).map(lengths).collect();
        Some(Self { names: names(plan.pipeline()), lengths })
    }

    /// What several rounds of the plan's runs have measured; `None` where there were none. Each holds
    /// the lengths of all agents, by place.
    pub fn of_rounds<'a>(
        plan: &Plan,
        runs: impl Iterator<Item = &'a Vec<Duration>>,
    ) -> Option<Self> {
        let mut lengths = vec![Vec::new(); plan.agents()];
        for run in runs.filter(|run| run.len() == plan.agents()) {
            lengths.iter_mut().zip(run).for_each(|(all, length)| all.push(*length));
        }
        let is_any = lengths.iter().any(|lengths| !lengths.is_empty());
        is_any.then(|| Self { names: names(plan.pipeline()), lengths })
    }

    /// Whether it is about the agents of that pipeline.
    pub fn fits(&self, pipeline: &Pipeline) -> bool {
        let agents = pipeline.agents();
        self.names.len() == agents.len()
            && self.names.iter().zip(agents).all(|(name, agent)| *name == agent.name)
    }

    fn distributions(&self) -> Vec<Distribution> {
        let of = |lengths: &Vec<Duration>| {
            Distribution::measured(lengths).unwrap_or(Distribution::Exact(0.0))
        };
        self.lengths.iter().map(of).collect()
    }
}

fn names(pipeline: &Pipeline) -> Vec<String> {
    pipeline.agents().iter().map(|agent| agent.name.clone()).collect()
}

/// All that the figures depend on.
#[derive(Clone)]
pub struct Question {
    experiment: Rc<Experiment>,
    /// The shape of latencies, unless they were measured.
    shape: Option<Shape>,
    measured: Option<Rc<Measurements>>,
    /// The parallel schedule, with its hedge and its quorum.
    schedule: Schedule,
    seed: u64,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.experiment, &other.experiment)
            && self.shape == other.shape
            && self.measured == other.measured
            && self.schedule == other.schedule
            && self.seed == other.seed
    }
}

impl Question {
    /// What the settings ask of that plan. `measured` is what was measured, if that is to be drawn.
    pub fn of(settings: &Settings, plan: &Plan, measured: Option<Rc<Measurements>>) -> Self {
        let pipeline = plan.pipeline();
        let measured = measured.filter(|measured| measured.fits(pipeline));
        Self {
            experiment: plan.experiment.clone(),
            shape: settings.spread.filter(|_| measured.is_none()),
            measured,
            schedule: settings.parallel(pipeline),
            seed: settings.seed,
        }
    }

    fn pipeline(&self) -> &Pipeline {
        &self.experiment.preset.pipeline
    }

    fn distributions(&self) -> Vec<Distribution> {
        match &self.measured {
            Some(measured) => measured.distributions(),
            None => self.experiment.distributions(self.shape),
        }
    }

    /// Every call as long as half of them are.
    fn medians(&self) -> Vec<Distribution> {
        let median = |of: &Distribution| Distribution::Exact(of.quantile(0.5));
        self.distributions().iter().map(median).collect()
    }

    /// The branches that ask a model.
    fn branches(&self) -> Vec<usize> {
        let asks = |branch: &usize| self.pipeline().agents()[*branch].work == Work::Model;
        self.pipeline().branches().into_iter().filter(asks).collect()
    }

    /// Of how many answers the quorum asks for some: those that its join reads.
    fn candidates(&self) -> usize {
        let pipeline = self.pipeline();
        let asks = |need: &&usize| pipeline.agents()[**need].work == Work::Model;
        let joins = (0..pipeline.agents().len())
            .filter(|agent| self.schedule.quorum.is_none_or(|quorum| quorum.is_for(*agent)));
        let reads = joins.map(|join| pipeline.needs(join).iter().filter(asks).count());
        reads.max().unwrap_or_default()
    }
}

/// What the sliders of that plan reach: the hedge in seconds, and the answers of a quorum.
pub fn reach(question: &Question) -> (Duration, usize) {
    let branches = question.branches();
    let of = question.distributions();
    let longest = branches.iter().map(|branch| of[*branch].quantile(0.995)).fold(0.0, f64::max);
    (Duration::from_secs_f64(longest.max(0.1)), question.candidates())
}
