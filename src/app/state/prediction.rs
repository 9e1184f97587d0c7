//! What is expected of very many agents, computed on the virtual clock in short slices while the page
//! goes on. Few agents need none of this: the plan comes with what is expected of them.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::plan::PlanState;
use super::playhead::PlayheadState;
use crate::config::Experiment;
use crate::plan::Plan;
use crate::simulate::{predict_in_parts, without_text};
use crate::timeline::Timeline;
use crate::web::clock::TimeSlice;

/// Predicts the runs of each plan that has come without.
pub fn keep_up(plan: PlanState, playhead: PlayheadState) {
    let mut before: Option<Rc<Experiment>> = None;
    Effect::new(move |_| {
        let (experiment, is_due) = plan.current.with(|plan| {
            (plan.experiment.clone(), plan.lineup.iter().any(|planned| planned.is_due))
        });
        let is_new = before.as_ref().is_none_or(|before| !Rc::ptr_eq(before, &experiment));
        if is_due && is_new {
            before = Some(experiment.clone());
            spawn_local(async move {
                predict(plan, playhead, experiment).await;
            });
        }
    });
}

/// `None` as soon as the plan is about something else.
async fn predict(
    plan: PlanState,
    playhead: PlayheadState,
    experiment: Rc<Experiment>,
) -> Option<()> {
    let is_current =
        || plan.current.with_untracked(|plan| Rc::ptr_eq(&plan.experiment, &experiment));
    let slice = TimeSlice::begin();
    let pause = async || {
        slice.pause().await;
        is_current()
    };
    let pipeline = &experiment.preset.pipeline;
    let places = plan.current.with_untracked(|plan| plan.lineup.len());
    for place in 0..places {
        let due = |plan: &Plan| {
            plan.lineup.get(place).filter(|planned| planned.is_due).map(|planned| planned.schedule)
        };
        let Some(schedule) = plan.current.with_untracked(due) else { continue };
        let inputs = &experiment.inputs;
        let scripts = without_text(&experiment.scripts, schedule);
        let trace = predict_in_parts(pipeline, inputs, scripts, schedule, &pause).await?;
        pause().await.then_some(())?;
        let expected = Timeline::at(&trace, pipeline.agents().len(), trace.end()).into_prediction();
        plan.current.update(|plan| {
            if let Some(planned) = plan.lineup.get_mut(place) {
                (planned.expected, planned.is_due) = (Some(Rc::new(expected)), false);
            }
        });
        playhead.refresh();
        slice.pause().await;
    }
    Some(())
}
