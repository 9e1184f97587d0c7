//! What is expected of very many agents, computed on the virtual clock in short slices while the page
//! goes on. Few agents need none of this: the plan comes with what is expected of them.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::plan::PlanState;
use super::playhead::PlayheadState;
use crate::config::Experiment;
use crate::engine::Schedule;
use crate::plan::Plan;
use crate::simulate::{predict_in_parts, without_text};
use crate::timeline::Timeline;
use crate::web::clock::TimeSlice;

/// Predicts the runs of each plan that has come without, until the plan is about something else.
pub fn keep_up(plan: PlanState, playhead: PlayheadState) {
    // The prediction that was begun last, and what it is of.
    let mut latest: Option<(Rc<Experiment>, AbortHandle)> = None;
    Effect::new(move |_| {
        let (experiment, due) = plan.current.with(|plan| (plan.experiment.clone(), due(plan)));
        if latest.as_ref().is_some_and(|(latest, _)| Rc::ptr_eq(latest, &experiment)) {
            return;
        }
        if let Some((_, prediction)) = latest.take() {
            prediction.abort();
        }
        if !due.is_empty() {
            let (prediction, handle) = abortable(predict(plan, playhead, experiment.clone(), due));
            latest = Some((experiment, handle));
            spawn_local(prediction.map(drop));
        }
    });
}

/// The schedules that are still to be predicted, with their places.
fn due(plan: &Plan) -> Vec<(usize, Schedule)> {
    let due = plan.lineup.iter().enumerate().filter(|(_, planned)| planned.is_due);
    due.map(|(place, planned)| (place, planned.schedule)).collect()
}

async fn predict(
    plan: PlanState,
    playhead: PlayheadState,
    experiment: Rc<Experiment>,
    due: Vec<(usize, Schedule)>,
) {
    let slice = TimeSlice::begin();
    let pause = async || slice.pause().await;
    let pipeline = &experiment.preset.pipeline;
    for (place, schedule) in due {
        let inputs = &experiment.inputs;
        let scripts = without_text(&experiment.scripts, schedule);
        let trace = predict_in_parts(pipeline, inputs, scripts, schedule, &pause).await;
        pause().await;
        let expected = Timeline::at(&trace, pipeline.agents().len(), trace.end()).into_prediction();
        plan.current.update(|plan| {
            if let Some(planned) = plan.lineup.get_mut(place) {
                (planned.expected, planned.is_due) = (Some(Rc::new(expected)), false);
            }
        });
        playhead.refresh();
        pause().await;
    }
}
