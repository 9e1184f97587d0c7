//! Starts the schedules of the page's lineup, and stops them.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::{abortable, join, join_all};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::runs::{Log, Runs};
use super::stage::{Kind, Stage, expected};
use crate::engine::{self, Schedule};
use crate::model::Model;
use crate::simulate::{self, SimulatedModel};
use crate::timeline::Timeline;
use crate::trace::Outcome;
use crate::web::clock::{BrowserClock, wall_clock};

impl Demo {
    /// Starts the lineup: simulated schedules side by side on one clock, live ones one after the
    /// other, parallel first, so that they do not slow each other down.
    pub fn run(self) {
        self.stop();
        let settings = self.settings.get_untracked();
        let (stage, _) = Stage::of(&settings);
        let experiment = stage.experiment.clone();
        let live = match settings.provider.map(|id| self.live_model(id, &settings)) {
            None => None,
            Some(Ok(model)) => Some(model),
            Some(Err(problem)) => {
                self.notice.set(Some(problem));
                return;
            }
        };
        // Whoever keeps the thread would keep it from the other schedule too.
        let blocking = live.is_none() && stage.slowest() > 0.0;
        let speed = settings.speed.max(stage.slowest());
        let shared = BrowserClock::new(settings.speed);
        let jobs: Vec<(Kind, Schedule, Log)> = (stage.lineup.iter())
            .map(|planned| {
                let clock = match (&live, blocking) {
                    (Some(_), _) => BrowserClock::new(1.0),
                    (None, true) => BrowserClock::new(speed),
                    (None, false) => shared.clone(),
                };
                (planned.kind, planned.schedule, Log::new(clock))
            })
            .collect();
        self.notice.set(None);
        self.stage.set(stage);
        self.clear();
        let logs = jobs.iter().map(|(_, _, log)| log.clone()).collect();
        let ended: Vec<_> = jobs.iter().map(|(kind, _, log)| (*kind, log.trace.clone())).collect();

        let work = async move {
            let perform = |(_, schedule, log): (Kind, Schedule, Log)| {
                let experiment = experiment.clone();
                let model: Rc<dyn Model> = match &live {
                    Some(model) => model.clone(),
                    None => Rc::new(SimulatedModel::new(
                        experiment.scripts.clone(),
                        Rc::new(log.clock.clone()),
                    )),
                };
                async move {
                    log.begin();
                    if blocking {
                        self.wake();
                        log.begin_after_a_look(speed).await;
                    }
                    let pipeline = &experiment.preset.pipeline;
                    let inputs = experiment.inputs.clone();
                    let trace = log.trace.as_ref();
                    engine::run(pipeline, inputs, schedule, &log.clock, model.as_ref(), trace).await
                }
            };
            let (parallel, sequential): (Vec<_>, Vec<_>) =
                jobs.into_iter().partition(|(kind, _, _)| *kind == Kind::Parallel);
            let parallel = join_all(parallel.into_iter().map(&perform));
            let sequential = join_all(sequential.into_iter().map(&perform));
            if blocking {
                parallel.await;
                sequential.await;
            } else if live.is_some() {
                let first = parallel.await;
                self.expect_sequential();
                // A pipeline that fails in parallel fails in sequence too, at the reader's expense.
                if first.iter().all(|result| result.outcome == Outcome::Done) {
                    sequential.await;
                }
            } else {
                join(sequential, parallel).await;
            }
        };
        let (work, stop) = abortable(work);
        self.runs.set_value(Runs { logs, stop: Some(stop), last_frame: None });
        let started = wall_clock();
        spawn_local(async move {
            // Stopped or not: every span has ended by the time this returns.
            let _ = work.map(drop).await;
            self.refresh();
            self.wake();
            self.keep(started, &settings, &ended);
        });
        self.wake();
    }

    /// Stops what runs.
    pub fn stop(self) {
        self.runs.with_value(Runs::stop);
    }

    /// After a live parallel run: what its agents' own durations would come to in sequence.
    fn expect_sequential(self) {
        self.stage.update(|stage| {
            let places = stage.place(Kind::Parallel).zip(stage.place(Kind::Sequential));
            let Some((from, to)) = places else { return };
            let measured = self.runs.with_value(|runs| {
                let trace = runs.logs.get(from)?.trace.borrow();
                Some(Timeline::at(&trace, stage.agents(), trace.end()))
            });
            let Some(measured) = measured else { return };
            let scripts = simulate::scripts_of(&measured);
            let ghost = expected(&stage.experiment, &scripts, stage.lineup[to].schedule);
            stage.lineup[to].ghost = Some(ghost);
        });
    }
}
