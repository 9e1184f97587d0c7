//! What is expected of very many agents, worked out bit by bit while the page goes on.
//!
//! Few agents need none of this: what is expected of them is there with the settings
//! ([`Stage::of`](super::stage::Stage::of)).

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::signals::effect;
use crate::config::Experiment;
use crate::simulate::{hushed, predict_in_parts};
use crate::timeline::Timeline;
use crate::web::clock::Breath;

impl Demo {
    /// Works out what is due whenever there is something else to expect.
    pub fn keep_forecasting(self) {
        let mut before: Option<Rc<Experiment>> = None;
        effect(move || {
            let (experiment, is_due) = self.stage.with(|stage| {
                let is_due = stage.lineup.iter().any(|planned| planned.is_due);
                (stage.experiment.clone(), is_due)
            });
            let is_new = before.as_ref().is_none_or(|before| !Rc::ptr_eq(before, &experiment));
            if is_due && is_new {
                before = Some(experiment.clone());
                spawn_local(async move {
                    self.forecast(experiment).await;
                });
            }
        });
    }

    /// `None` as soon as the stage is about something else.
    async fn forecast(self, experiment: Rc<Experiment>) -> Option<()> {
        let is_wanted =
            || self.stage.with_untracked(|stage| Rc::ptr_eq(&stage.experiment, &experiment));
        let breath = Breath::begin();
        let pause = async || {
            breath.pause().await;
            is_wanted()
        };
        let pipeline = &experiment.preset.pipeline;
        let places = self.stage.with_untracked(|stage| stage.lineup.len());
        for place in 0..places {
            let due = |stage: &super::stage::Stage| {
                stage.lineup.get(place).filter(|planned| planned.is_due).map(|p| p.schedule)
            };
            let Some(schedule) = self.stage.with_untracked(due) else { continue };
            let inputs = &experiment.inputs;
            let scripts = hushed(&experiment.scripts, schedule);
            let trace = predict_in_parts(pipeline, inputs, &scripts, schedule, &pause).await?;
            pause().await.then_some(())?;
            let ghost = Timeline::at(&trace, pipeline.agents().len(), trace.end());
            self.stage.update(|stage| {
                if let Some(planned) = stage.lineup.get_mut(place) {
                    (planned.ghost, planned.is_due) = (Some(Rc::new(ghost)), false);
                }
            });
            self.refresh();
            breath.pause().await;
        }
        Some(())
    }
}
