//! Starts the schedules of the page's lineup, and stops them.

use std::rc::Rc;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{abortable, join, join_all};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::again::{self, Before};
use super::demo::Demo;
use super::embed;
use super::runs::{Begun, Log, Runs};
use super::stage::{Kind, Stage, expected};
use crate::engine::{self, Resume, Schedule};
use crate::model::Model;
use crate::simulate::{self, Calls, SimulatedModel};
use crate::timeline::Timeline;
use crate::trace::Outcome;
use crate::web::clock::{BrowserClock, wall_clock};
use crate::web::page::Sight;
use crate::words;

/// One schedule's run that is about to begin.
struct Job {
    kind: Kind,
    schedule: Schedule,
    log: Log,
    from: Resume,
    calls: Calls,
}

impl Demo {
    /// Starts the lineup: simulated schedules side by side on one clock, live ones one after the
    /// other, parallel first, so that they do not slow each other down.
    pub fn run(self) {
        self.start(&[], false);
    }

    /// Starts the lineup once more, from the answers that there are: only what failed is asked again,
    /// and whoever reads it. A schedule with nothing left to do stays as it is, and one that had not
    /// begun does not begin.
    pub fn run_again(self) {
        self.stop();
        self.start(&self.before(), false);
    }

    /// `before` is what the lineup goes on from; without it, all begin anew. What comes back is
    /// ready when all is over, however it ended; there is nothing where nothing could begin.
    pub fn start(self, before: &[Before], sequential_first: bool) -> Option<oneshot::Receiver<()>> {
        self.stop();
        let settings = self.settings.get_untracked();
        let (mut stage, _) = self.stage.with_untracked(|before| Stage::of(&settings, Some(before)));
        let experiment = stage.experiment.clone();
        if let Some(problem) = settings.too_wide(&experiment.preset.pipeline) {
            self.notice.set(Some(problem));
            return None;
        }
        let live = match settings.provider.map(|id| (untrack(|| self.rest()), id)) {
            None => None,
            Some((None, _)) => {
                let problem = words::page::STILL_ON_ITS_WAY;
                self.notice.set(Some(problem.into()));
                return None;
            }
            Some((Some(rest), id)) => match (rest.live_model)(self, id, &settings) {
                Ok(model) => Some(model),
                Err(problem) => {
                    self.notice.set(Some(problem));
                    return None;
                }
            },
        };
        // Whoever keeps the thread would keep it from the other schedule too.
        let blocking = live.is_none() && stage.slowest() > 0.0;
        let speed = settings.speed.max(stage.slowest());
        let shared = BrowserClock::new(settings.speed);
        again::rearrange(&mut stage, before);
        let mut logs = Vec::new();
        let mut calls = Vec::new();
        let jobs: Vec<Job> = (stage.lineup.iter())
            .filter_map(|planned| {
                let before = before.iter().find(|before| before.kind == planned.kind);
                let counted = before.map(|before| before.calls.clone()).unwrap_or_default();
                calls.push(counted.clone());
                if let Some(over) = before.filter(|before| before.left.is_none()) {
                    logs.push(over.log.clone());
                    return None;
                }
                let clock = match (&live, blocking) {
                    (Some(_), _) => BrowserClock::new(1.0),
                    (None, true) => BrowserClock::new(speed),
                    (None, false) => shared.clone(),
                };
                let log = Log::new(clock);
                logs.push(log.clone());
                Some(Job {
                    kind: planned.kind,
                    schedule: planned.schedule,
                    log,
                    from: before.and_then(|before| before.left.clone()).unwrap_or_default(),
                    calls: counted,
                })
            })
            .collect();
        let is_new = before.is_empty();
        let kinds: Vec<Kind> = stage.lineup.iter().map(|planned| planned.kind).collect();
        self.notice.set(None);
        self.stage.set(stage);
        self.clear();
        let ended = kinds.into_iter().zip(logs.iter().map(|log| log.trace.clone()));
        let ended: Vec<_> = ended.collect();

        let kept = experiment.clone();
        let work = async move {
            let perform = |Job { schedule, log, from, calls, .. }: Job| {
                let experiment = experiment.clone();
                let model: Rc<dyn Model> = match &live {
                    Some(model) => model.clone(),
                    None => {
                        let scripts = experiment.scripts.clone();
                        let model = SimulatedModel::new(scripts, Rc::new(log.clock.clone()));
                        Rc::new(model.counting(calls))
                    }
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
                    let (clock, model) = (&log.clock, model.as_ref());
                    engine::resume(pipeline, inputs, from, schedule, clock, model, trace).await
                }
            };
            let (parallel, sequential): (Vec<_>, Vec<_>) =
                jobs.into_iter().partition(|job| job.kind == Kind::Parallel);
            let parallel = join_all(parallel.into_iter().map(&perform));
            let sequential = join_all(sequential.into_iter().map(&perform));
            if blocking {
                parallel.await;
                sequential.await;
            } else if live.is_some() {
                let (first, then) = match sequential_first {
                    true => (sequential, parallel),
                    false => (parallel, sequential),
                };
                let first = first.await;
                if is_new && !sequential_first {
                    self.expect_sequential();
                }
                // A pipeline that fails one way fails the other way too, at the reader's expense.
                if first.iter().all(|result| result.outcome == Outcome::Done) {
                    then.await;
                }
            } else {
                join(sequential, parallel).await;
            }
        };
        let (work, stop) = abortable(work);
        let started = wall_clock();
        let watch = embed::begin(&settings);
        let model = settings.provider.map(|id| settings.model.clone().unwrap_or(id.model().into()));
        let begun = Some(Begun { started, model, sight: Some(Sight::new()) });
        self.runs.set_value(Runs { logs, calls, stop: Some(stop), last_frame: None, begun });
        let (tell, over) = oneshot::channel();
        spawn_local(async move {
            // Stopped or not: every span has ended by the time this returns.
            let _ = work.map(drop).await;
            self.refresh();
            self.wake();
            self.tell_end(watch, &settings, &kept, &ended);
            self.keep(started, settings, kept, ended);
            // Mostly nobody waits for it.
            let _ = tell.send(());
        });
        self.wake();
        Some(over)
    }

    /// Stops what runs.
    pub fn stop(self) {
        self.runs.with_value(Runs::stop);
    }

    /// After a live parallel run: what its agents' own durations would come to in sequence.
    pub fn expect_sequential(self) {
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
            stage.lineup[to].is_plain = false;
        });
    }
}
