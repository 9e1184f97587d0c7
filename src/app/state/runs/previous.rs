//! What runs have left for others to go on from.

use std::cell::RefCell;
use std::rc::Rc;

use crate::app::state::log::{Log, RunLogs};
use crate::engine::{KeptAnswer, Resume};
use crate::plan::{Kind, Plan};
use crate::simulate::{self, Calls};
use crate::timeline::Timeline;

/// What a schedule's run left.
pub struct Previous {
    /// Of which schedule.
    pub kind: Kind,
    /// Its log.
    pub log: Log,
    /// What another run can begin with; `None` where there is nothing left to do.
    pub left: Option<Resume>,
    /// How often each agent's script was asked.
    pub calls: Calls,
}

impl Previous {
    /// A run that is still to begin, from nothing.
    pub fn not_begun(kind: Kind, log: Log) -> Self {
        Self { kind, log, left: Some(Resume::default()), calls: Calls::default() }
    }

    /// A run that stays as it is.
    pub fn over(kind: Kind, log: Log) -> Self {
        Self { kind, log, left: None, calls: Calls::default() }
    }
}

/// What the runs of that plan have left: one for each schedule that has begun.
pub fn of(plan: &Plan, logs: &RunLogs) -> Vec<Previous> {
    let begun = plan.lineup.iter().zip(&logs.logs).enumerate();
    let begun = begun.filter(|(_, (_, log))| log.has_begun());
    begun
        .map(|(place, (planned, log))| Previous {
            kind: planned.kind,
            log: log.clone(),
            left: log.lacks_an_answer().then(|| left(plan, log)),
            calls: logs.calls.get(place).cloned().unwrap_or_default(),
        })
        .collect()
}

fn left(plan: &Plan, log: &Log) -> Resume {
    let end = log.finished(plan.agents());
    Resume::of(plan.pipeline(), |agent| {
        let lane = end.lanes().get(agent)?;
        lane.phase().has_answer().then(|| KeptAnswer {
            text: lane.text.as_str().into(),
            finish: lane.finish,
            grounding: lane.grounding.clone(),
        })
    })
}

/// Leaves the schedules in the plan that go on, and expects of them what is left to do. Without
/// previous runs it changes nothing.
pub fn keep_only(plan: &mut Plan, previous: &[Previous]) {
    if previous.is_empty() {
        return;
    }
    plan.lineup.retain(|planned| previous.iter().any(|previous| previous.kind == planned.kind));
    let experiment = plan.experiment.clone();
    let pipeline = &experiment.preset.pipeline;
    for planned in plan.lineup.iter_mut().filter(|planned| planned.expected.is_some()) {
        let own = previous.iter().find(|previous| previous.kind == planned.kind);
        let Some((own, left)) = own.and_then(|own| Some((own, own.left.clone()?))) else {
            continue;
        };
        let calls = Rc::new(RefCell::new(own.calls.borrow().clone()));
        let (inputs, scripts) = (&experiment.inputs, &experiment.scripts);
        let trace =
            simulate::predict_from(pipeline, inputs, scripts, planned.schedule, left, calls);
        let expected = Timeline::at(&trace, pipeline.agents().len(), trace.end());
        planned.expected = Some(Rc::new(expected));
        (planned.is_due, planned.is_plain) = (false, false);
    }
}
