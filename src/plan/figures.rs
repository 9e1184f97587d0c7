//! Figures of a plan's runs: of the ended runs, or before that of the expected ones.

use std::time::Duration;

use super::{Frame, Kind, Plan};
use crate::advice::{Advice, advise};
use crate::simulate;
use crate::timeline::{Phase, Timeline, metrics};

/// The makespans of both schedules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Makespans {
    /// One agent after the other.
    pub sequential: Duration,
    /// Each agent starts as soon as it can.
    pub parallel: Duration,
}

impl Makespans {
    /// How many times faster the parallel run is.
    pub fn speedup(self) -> Option<f64> {
        metrics::speedup(self.sequential, self.parallel)
    }
}

/// A schedule's formula with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// Of which schedule.
    pub kind: Kind,
    /// The formula.
    pub spelled: String,
    /// Whether it is of the expected run instead of a real one.
    pub is_expected: bool,
}

/// How far a run may be from its prediction for the prediction to speak of it.
const FAITHFUL: f64 = 0.05;

impl Plan {
    /// Both makespans, once both runs have their answer.
    pub fn makespans(&self, frame: &Frame) -> Option<Makespans> {
        let of = |kind| {
            let timeline = self.run_or_prediction(frame, self.place(kind)?)?;
            (is_done(timeline) && !timeline.keeps_answers()).then(|| timeline.makespan())
        };
        Some(Makespans { sequential: of(Kind::Sequential)?, parallel: of(Kind::Parallel)? })
    }

    /// Both makespans as they are expected, before a run.
    pub fn expected_makespans(&self, frame: &Frame) -> Option<Makespans> {
        let of = |kind| match self.run_or_expected(frame, self.place(kind)?)? {
            (expected, true) if is_done(expected) => Some(expected.makespan()),
            _ => None,
        };
        Some(Makespans { sequential: of(Kind::Sequential)?, parallel: of(Kind::Parallel)? })
    }

    /// The formulas of all schedules.
    pub fn sums(&self, frame: &Frame) -> Vec<Sum> {
        let sum = |(place, kind): (usize, Kind)| {
            let (timeline, is_expected) = self.run_or_expected(frame, place)?;
            if !is_done(timeline) {
                return None;
            }
            let durations = metrics::durations(timeline);
            let total = timeline.makespan();
            let spelled = match kind {
                Kind::Sequential => metrics::sequential_formula(total, &durations),
                Kind::Parallel => metrics::parallel_formula(total, self.pipeline(), &durations),
            };
            Some(Sum { kind, spelled: spelled?, is_expected })
        };
        self.lineup.iter().map(|planned| planned.kind).enumerate().filter_map(sum).collect()
    }

    /// What the run at that place teaches, or the expected run before it has ended. `None`
    /// where no prediction repeats the run: it kept answers, or a refusal lowered its limit on the
    /// way.
    pub fn advice(&self, frame: &Frame, place: usize) -> Option<Advice> {
        let (run, _) = self.run_or_expected(frame, place)?;
        // A measured run's dependencies are inferred from time: the verdict has what follows from them.
        if self.measured.is_some() {
            return None;
        }
        if !is_done(run) || run.keeps_answers() || !run.limits().is_empty() {
            return None;
        }
        // What an agent waited for a blocked thread is no part of its own time, so what it was
        // measured to take says nothing about another order.
        let set = &self.experiment.scripts;
        let is_simulated = self.settings.provider.is_none();
        let blocks = is_simulated && set.iter().any(|script| script.blocking);
        let scripts = if blocks { set.clone() } else { simulate::scripts_of(run) };
        let advice = advise(self.pipeline(), &scripts, self.lineup.get(place)?.schedule)?;
        let apart = advice.makespan.abs_diff(run.makespan());
        (apart <= run.makespan().mul_f64(FAITHFUL)).then_some(advice)
    }

    /// How long the parallel run took, once it has its answer: what a reader can guess.
    pub fn parallel_makespan(&self, frame: &Frame) -> Option<Duration> {
        let timeline = frame.timelines.get(self.place(Kind::Parallel)?)?;
        is_done(timeline).then(|| timeline.makespan())
    }

    /// The longest guess that makes sense: what the sequential run is expected to take.
    pub fn longest_guess(&self) -> Option<Duration> {
        self.lineup[self.place(Kind::Parallel)?].expected.as_ref()?;
        let sequential = &self.lineup[self.place(Kind::Sequential)?];
        Some(sequential.expected.as_ref()?.makespan())
    }
}

fn is_done(timeline: &Timeline) -> bool {
    timeline.run().phase() == Phase::Done
}
