//! The run that views of a single run show: the parallel one where there are two.

use leptos::prelude::*;

use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState};
use crate::plan::{Frame, Plan};
use crate::timeline::{Lane, Phase, Timeline};

/// The run that is shown, as it stands at the playhead.
#[derive(Clone, Copy)]
pub struct ShownRun {
    plan: RwSignal<Plan, LocalStorage>,
    frame: RwSignal<Frame, LocalStorage>,
}

impl ShownRun {
    /// That of the states in the context.
    pub fn from_context() -> Self {
        let plan = expect_context::<PlanState>().current;
        Self { plan, frame: expect_context::<PlayheadState>().frame }
    }

    /// Reads the run with its plan, and follows both. `None` without a run of that plan: just after a
    /// change of the pipeline the runs of the one before are still there.
    pub fn read<T>(self, read: impl FnOnce(&Plan, &Timeline) -> T) -> Option<T> {
        self.plan.with(|plan| self.frame.with(|frame| read_in(plan, frame, read)))
    }

    /// Reads an agent's lane.
    pub fn lane<T>(self, agent: usize, read: impl FnOnce(&Lane) -> T) -> Option<T> {
        self.read(|_, timeline| timeline.lanes().get(agent).map(read)).flatten()
    }

    /// The same run for what changes with phases only. The agents' phases count where there are at most
    /// `most` agents.
    pub fn by_phase(self, most: usize) -> RunByPhase {
        let phases = distinct(move || {
            self.read(|_, timeline| {
                let lanes = timeline.lanes().iter();
                let few = lanes.filter(|_| timeline.lanes().len() <= most);
                (timeline.run().phase(), few.map(Lane::phase).collect())
            })
        });
        RunByPhase { run: self, phases }
    }
}

fn read_in<T>(plan: &Plan, frame: &Frame, read: impl FnOnce(&Plan, &Timeline) -> T) -> Option<T> {
    let timeline = frame.timelines.get(plan.shown())?;
    (timeline.lanes().len() == plan.agents()).then(|| read(plan, timeline))
}

/// The run that is shown, for readers that need not follow every frame: they are woken when the phase
/// of the run or of an agent changes.
#[derive(Clone, Copy)]
pub struct RunByPhase {
    run: ShownRun,
    phases: ReadSignal<Option<(Phase, Vec<Phase>)>>,
}

impl RunByPhase {
    /// Reads the run with its plan, and follows the plan and the phases.
    pub fn read<T>(self, read: impl FnOnce(&Plan, &Timeline) -> T) -> Option<T> {
        self.phases.track();
        self.run.plan.with(|plan| self.run.frame.with_untracked(|frame| read_in(plan, frame, read)))
    }
}
