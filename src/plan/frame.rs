//! The runs of a plan as they stand at the playhead.

use std::time::Duration;

use super::{Measured, Plan};
use crate::time::Instant;
use crate::timeline::checkpoints::Checkpoints;
use crate::timeline::scale::TimeScale;
use crate::timeline::sentences::ScheduleRun;
use crate::timeline::{Phase, Timeline};

/// The runs as they stand at the cursor, in the order of the lineup.
#[derive(Default)]
pub struct Frame {
    /// One for each schedule.
    pub timelines: Vec<Timeline>,
    /// Where each of them can go back to.
    pub checkpoints: Vec<Checkpoints>,
    /// The axis that all of them share, as much of it as is looked at.
    pub scale: Option<TimeScale>,
    /// How long all of that axis is.
    pub whole: Duration,
    /// How far the furthest log has come.
    pub edge: Instant,
    /// Whether a run goes on, whatever the cursor shows.
    pub running: bool,
    /// Identifies the logs: it changes whenever they are replaced.
    pub number: u32,
    /// Whether it has not been drawn yet.
    pub is_new: bool,
}

impl Frame {
    /// Starts over with that many empty runs of that many agents.
    pub fn forget(&mut self, runs: usize, agents: usize) {
        self.timelines = vec![Timeline::new(agents); runs];
        self.checkpoints = (0..runs).map(|_| Checkpoints::default()).collect();
        self.number += 1;
        self.is_new = true;
    }

    /// Goes on from what has been read of a measured run's log, which is the one at that place.
    pub fn resume(&mut self, place: usize, measured: &Measured) {
        self.timelines[place] = measured.at_end.clone();
        self.checkpoints[place] = measured.checkpoints.clone();
    }

    /// The runs as sentences speak of them. Beside a measured run there will never be another one.
    pub fn runs<'a>(&'a self, plan: &'a Plan) -> Vec<ScheduleRun<'a>> {
        let measured = plan.measured.as_ref().map(|measured| measured.kind);
        let planned = plan.lineup.iter().map(|planned| planned.kind).enumerate();
        let shown = planned.filter(|(_, kind)| measured.is_none_or(|measured| measured == *kind));
        let runs = shown.filter_map(|(place, kind)| {
            let timeline = plan.run_or_prediction(self, place)?;
            Some(ScheduleRun { schedule: kind.as_str(), timeline, injected: &plan.injected })
        });
        runs.collect()
    }

    /// The phase of each run.
    pub fn phases(&self) -> Vec<Phase> {
        self.timelines.iter().map(|timeline| timeline.run().phase()).collect()
    }

    /// The axis that all of them share.
    pub fn scale(&self) -> TimeScale {
        self.scale.unwrap_or_else(|| TimeScale::up_to(Duration::ZERO))
    }
}

impl Plan {
    /// The runs as they are expected, as sentences speak of them; those that are not known are left out.
    pub fn expected_runs(&self) -> Vec<ScheduleRun<'_>> {
        let runs = self.lineup.iter().filter_map(|planned| {
            Some(ScheduleRun {
                schedule: planned.kind.as_str(),
                timeline: planned.expected.as_deref()?,
                injected: &self.injected,
            })
        });
        runs.collect()
    }
}
