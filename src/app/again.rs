//! Running again from the answers that there are.

use std::cell::RefCell;
use std::rc::Rc;

use super::dom::{Node, el};

use super::demo::Demo;
use super::runs::Log;
use super::stage::{Kind, Stage};
use super::ui::{button, shown, text};
use crate::engine::{Kept, Resume};
use crate::simulate::{self, Calls};
use crate::timeline::Timeline;
use crate::trace::{EventKind, Outcome};
use crate::words;

/// What a schedule's run left.
pub struct Before {
    /// Of which schedule.
    pub kind: Kind,
    /// Its log.
    pub log: Log,
    /// What another run can begin with; `None` where there is nothing left to do.
    pub left: Option<Resume>,
    /// How often each agent's script was asked.
    pub calls: Calls,
}

impl Demo {
    /// What is there to go on from: one for each schedule that has begun.
    pub fn before(self) -> Vec<Before> {
        let kinds: Vec<Kind> =
            self.stage.with_untracked(|stage| stage.lineup.iter().map(|p| p.kind).collect());
        self.runs.with_value(|runs| {
            let begun = kinds.into_iter().zip(&runs.logs).enumerate();
            let begun = begun.filter(|(_, (_, log))| !log.trace.borrow().events().is_empty());
            begun
                .map(|(place, (kind, log))| Before {
                    kind,
                    log: log.clone(),
                    left: self.stage.with_untracked(|stage| left(stage, log)),
                    calls: runs.calls.get(place).cloned().unwrap_or_default(),
                })
                .collect()
        })
    }

    /// Whether somebody has no answer in a run that is over.
    pub fn can_run_again(self) -> bool {
        // Not the frame: this reads whole logs, and those change only while these do.
        self.stage.track();
        self.edge.with(|_| ());
        !self.running.get() && self.runs.with_value(|runs| runs.logs.iter().any(lacks_an_answer))
    }
}

fn lacks_an_answer(log: &Log) -> bool {
    log.trace.borrow().events().iter().any(|event| {
        let has = matches!(event.kind, EventKind::End(Outcome::Done | Outcome::Kept));
        event.span.agent_index().is_some() && matches!(event.kind, EventKind::End(_)) && !has
    })
}

fn left(stage: &Stage, log: &Log) -> Option<Resume> {
    if !lacks_an_answer(log) {
        return None;
    }
    let trace = log.trace.borrow();
    let end = Timeline::at(&trace, stage.agents(), trace.end());
    Some(Resume::of(stage.pipeline(), |agent| {
        let lane = end.lanes().get(agent)?;
        lane.phase().has_answer().then(|| Kept {
            text: lane.text.as_str().into(),
            finish: lane.finish,
            grounding: lane.grounding.clone(),
        })
    }))
}

/// Leaves on a stage what goes on, and expects of it what is left to do.
pub fn rearrange(stage: &mut Stage, before: &[Before]) {
    if before.is_empty() {
        return;
    }
    stage.lineup.retain(|planned| before.iter().any(|before| before.kind == planned.kind));
    let experiment = stage.experiment.clone();
    let pipeline = &experiment.preset.pipeline;
    for planned in &mut stage.lineup {
        let own = before.iter().find(|before| before.kind == planned.kind);
        let Some((before, left)) = own.and_then(|own| Some((own, own.left.clone()?))) else {
            continue;
        };
        if planned.ghost.is_some() {
            let calls = Rc::new(RefCell::new(before.calls.borrow().clone()));
            let trace = simulate::predict_from(
                pipeline,
                &experiment.inputs,
                &experiment.scripts,
                planned.schedule,
                left,
                calls,
            );
            planned.ghost =
                Some(Rc::new(Timeline::at(&trace, pipeline.agents().len(), trace.end())));
            (planned.is_due, planned.is_plain) = (false, false);
        }
    }
}

/// Beside Run, once something has failed: asks only those again who gave no answer.
pub fn run_again(demo: Demo) -> Node {
    let label = || text(|| words::controls::RUN_AGAIN.into());
    shown(
        move || demo.can_run_again(),
        move || {
            el("span")
                .class("again")
                .attr("title", words::controls::RUN_AGAIN_TITLE)
                .child(button("", "run_again", label(), move || demo.run_again()))
                .node()
        },
    )
}
