//! The plan that settings lead to: a pipeline, its schedules, and the expected run of each.

pub mod blocking;
mod figures;
mod frame;
mod measured;
pub mod spending;
mod stage;
pub mod table;
pub mod tail;

use std::rc::Rc;
use std::time::Duration;

use crate::config::{Experiment, ScheduleChoice, Settings};
use crate::edit::Edited;
use crate::engine::Schedule;
use crate::pipeline::{Agent, Pipeline, Work};
use crate::presets::PresetId;
use crate::simulate::{self, Script};
use crate::time::Instant;
use crate::timeline::crowd::MOST_LANES;
use crate::timeline::stage::{axis_end, is_predicted};
use crate::timeline::{Phase, Timeline};

pub use figures::{Makespans, Sum};
pub use frame::Frame;
pub use measured::{Measured, MeasuredBy};
pub use stage::{Beside, Look};

/// See the module.
pub struct Plan {
    /// What it was made from.
    settings: Settings,
    /// The pipeline, its scripts and its inputs.
    pub experiment: Rc<Experiment>,
    /// The schedules that run, and what is expected of each.
    pub lineup: Vec<Planned>,
    /// The run that was measured elsewhere, while one is shown.
    pub measured: Option<Rc<Measured>>,
    /// The agents that the reader lets fail, in a simulated run.
    pub injected: Vec<usize>,
}

/// A schedule that will run.
pub struct Planned {
    /// Which.
    pub kind: Kind,
    /// How it goes.
    pub schedule: Schedule,
    /// The expected run; `None` for a live model that has not answered yet, and for a moment where
    /// there are very many agents.
    pub expected: Option<Rc<Timeline>>,
    /// Whether the prediction is still outdated: see [`MOST_AT_ONCE`].
    pub is_due: bool,
    /// Whether it follows from the settings alone, and from no earlier run.
    pub is_plain: bool,
}

/// What is expected of more agents than this is worked out bit by bit, and until then it is what
/// was expected before.
pub const MOST_AT_ONCE: usize = 400;

/// The two schedules of the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One agent at a time.
    Sequential,
    /// Each agent starts as soon as it can.
    Parallel,
}

impl Kind {
    /// Its name in sentences and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Parallel => "parallel",
        }
    }

    /// How a pipeline runs so under some settings.
    pub fn schedule(self, settings: &Settings, pipeline: &Pipeline) -> Schedule {
        match self {
            Self::Sequential => settings.sequential(pipeline),
            Self::Parallel => settings.parallel(pipeline),
        }
    }
}

/// The part of a plan that decides which elements the stage has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    preset: PresetId,
    agents: usize,
    edited: Option<Edited>,
    measured: Option<u64>,
    /// The schedules that run.
    pub kinds: Vec<Kind>,
}

impl Plan {
    /// The plan for these settings, and notes about them. What is the same in `before`, the plan that
    /// it replaces, is reused.
    pub fn of(settings: &Settings, before: Option<&Self>) -> (Self, Vec<String>) {
        let before = before.filter(|before| before.measured.is_none());
        let before = before.filter(|before| before.settings.builds_like(settings));
        let preset = before.map(|before| before.experiment.preset.clone());
        let preset = preset.unwrap_or_else(|| settings.build());
        let (experiment, notes) = settings.experiment_with(preset);
        let kinds = match settings.schedule {
            ScheduleChoice::Race => vec![Kind::Sequential, Kind::Parallel],
            ScheduleChoice::Sequential => vec![Kind::Sequential],
            ScheduleChoice::Parallel => vec![Kind::Parallel],
        };
        let lineup = (kinds.into_iter())
            .map(|kind| {
                let pipeline = &experiment.preset.pipeline;
                let schedule = kind.schedule(settings, pipeline);
                let known = settings.provider.is_none();
                let earlier = before.and_then(|before| {
                    let planned = before.lineup.iter().find(|planned| planned.kind == kind)?;
                    let same = before.settings == *settings && planned.is_plain;
                    Some((planned.expected.clone()?, same && !planned.is_due))
                });
                let (expected, is_due) = match earlier {
                    _ if !known => (None, false),
                    Some((expected, true)) => (Some(expected), false),
                    earlier if experiment.scripts.len() > MOST_AT_ONCE => {
                        (earlier.map(|(expected, _)| expected), true)
                    }
                    _ => (Some(expected(&experiment, &experiment.scripts, schedule)), false),
                };
                Planned { kind, schedule, expected, is_due, is_plain: true }
            })
            .collect();
        let injected = injected(settings, &experiment);
        let (settings, experiment) = (settings.clone(), Rc::new(experiment));
        (Self { settings, experiment, lineup, measured: None, injected }, notes)
    }

    /// What it was made from.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What decides which elements there are.
    pub fn structure(&self) -> Structure {
        Structure {
            preset: self.experiment.preset.id,
            agents: self.agents(),
            edited: self.settings.edited.clone(),
            measured: self.measured.as_ref().map(|measured| measured.number),
            kinds: self.lineup.iter().map(|planned| planned.kind).collect(),
        }
    }

    /// The pipeline.
    pub fn pipeline(&self) -> &Pipeline {
        &self.experiment.preset.pipeline
    }

    /// The place of the run that single-run views show: the parallel one where there are two.
    pub fn shown(&self) -> usize {
        self.place(Kind::Parallel).unwrap_or(0)
    }

    /// The run of that kind: its place in the lineup.
    pub fn place(&self, kind: Kind) -> Option<usize> {
        self.lineup.iter().position(|planned| planned.kind == kind)
    }

    /// The run at that place: as it stands in the frame once it has begun, before that as it is
    /// expected. The flag says which: `true` for expected.
    pub fn run_or_expected<'a>(
        &'a self,
        frame: &'a Frame,
        place: usize,
    ) -> Option<(&'a Timeline, bool)> {
        let begun = |timeline: &&Timeline| timeline.run().started.is_some();
        match frame.timelines.get(place).filter(begun) {
            Some(timeline) => Some((timeline, false)),
            None => Some((self.lineup.get(place)?.expected.as_deref()?, true)),
        }
    }

    /// The run at that place as a result: the run itself, or the prediction that stands in its place
    /// once the other run has ended.
    pub fn run_or_prediction<'a>(&'a self, frame: &'a Frame, place: usize) -> Option<&'a Timeline> {
        let run = frame.timelines.get(place)?;
        if run.run().started.is_some() || !self.predicts(self.lineup.get(place)?.kind) {
            return Some(run);
        }
        let is_over = frame.timelines.iter().any(|other| other.run().phase() == Phase::Done);
        let expected = self.lineup[place].expected.as_deref().filter(|_| is_over);
        Some(expected.unwrap_or(run))
    }

    /// Whether a race does not run that schedule, since it would take too long to be watched: what is
    /// expected of it stands in its place.
    pub fn predicts(&self, kind: Kind) -> bool {
        let is_race = self.lineup.len() > 1 && self.settings.provider.is_none();
        let calls = self.pipeline().agents().iter().zip(&self.experiment.scripts);
        let calls = calls.filter(|(agent, _)| agent.work == Work::Model);
        let one_by_one = calls.map(|(_, script)| script.latency).sum();
        kind == Kind::Sequential
            && is_race
            && self.measured.is_none()
            && is_predicted(self.agents(), one_by_one)
    }

    /// The agent at that place. Views of the pipeline before may still ask for one that is gone.
    pub fn agent(&self, agent: usize) -> Option<&Agent> {
        self.pipeline().agents().get(agent)
    }

    /// The name of the agent at that place.
    pub fn name(&self, agent: usize) -> String {
        self.agent(agent).map(|agent| agent.name.clone()).unwrap_or_default()
    }

    /// How long an agent is scripted to take.
    pub fn latency(&self, agent: usize) -> Duration {
        self.experiment.scripts.get(agent).map(|script| script.latency).unwrap_or_default()
    }

    /// The lowest speed at which blocking agents do not freeze the page for too long; zero if no
    /// agent blocks.
    pub fn min_speed(&self) -> f64 {
        simulate::min_speed(&self.experiment.scripts)
    }

    /// Whether there are more agents than are shown all at once, in whatever view.
    pub fn is_crowd(&self) -> bool {
        self.agents() > MOST_LANES
    }

    /// Whether building them, or working out what is expected, takes longer than a frame may.
    pub fn is_wide(&self) -> bool {
        self.agents() > MOST_AT_ONCE
    }

    /// How many agents there are.
    pub fn agents(&self) -> usize {
        self.pipeline().agents().len()
    }

    /// The end of an axis that what is expected fits on with some room, and that grows in steps
    /// when a run turns out longer. A sequential run that is only predicted is cut.
    pub fn axis(&self, reached: Instant) -> Duration {
        let expected = |kind: Kind| {
            let planned = &self.lineup[self.place(kind)?];
            planned.expected.as_ref().map(|expected| expected.makespan())
        };
        let mut end = axis_end(self.agents(), expected(Kind::Sequential), expected(Kind::Parallel));
        while end < reached.since(Instant::ZERO) {
            end = end.mul_f64(1.25);
        }
        end
    }
}

fn injected(settings: &Settings, experiment: &Experiment) -> Vec<usize> {
    if settings.provider.is_some() {
        return Vec::new();
    }
    let scripts = experiment.scripts.iter().enumerate();
    scripts.filter(|(_, script)| script.fault.is_some()).map(|(agent, _)| agent).collect()
}

/// The run as it will be if every agent keeps to its script.
pub fn expected(experiment: &Experiment, scripts: &[Script], schedule: Schedule) -> Rc<Timeline> {
    let pipeline = &experiment.preset.pipeline;
    let scripts = simulate::without_text(scripts, schedule);
    let trace = simulate::predict(pipeline, &experiment.inputs, &scripts, schedule);
    Rc::new(Timeline::at(&trace, pipeline.agents().len(), trace.end()).into_prediction())
}
