//! Starts the schedules of the plan, stops them, and goes on from what they left.
//! It is over 400 lines because a state's methods stand in one file.

mod previous;

use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{abortable, join, join_all};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::changes::set_if_changed;
use super::live::{LiveState, Missing, Round};
use super::log::{Begun, Log, RunLogs};
use super::permit::{By, Permit};
use super::plan::{PlanState, run_relevant};
use super::playhead::PlayheadState;
use super::settings::SettingsState;
use crate::config::{Experiment, ScheduleChoice, Settings};
use crate::engine::{self, Resume, Schedule};
use crate::model::Model;
use crate::plan::{Kind, Measured, Plan, expected};
use crate::simulate::{self, Calls, SimulatedModel};
use crate::timeline::Phase;
use crate::trace::Outcome;
use crate::web::clock::{BrowserClock, wall_clock};
use crate::web::page::VisibilityMonitor;
use crate::words;

pub use previous::Previous;

/// See the module.
#[derive(Clone, Copy)]
pub struct RunsState {
    settings: SettingsState,
    plan: PlanState,
    playhead: PlayheadState,
    live: LiveState,
    /// The last race that began, from its beginning on.
    pub begun: RwSignal<Option<Rc<Race>>, LocalStorage>,
    /// The last race that ended, however it ended.
    pub ended: RwSignal<Option<Rc<Race>>, LocalStorage>,
}

/// Schedules that run or have run on the same settings.
pub struct Race {
    /// When they began, in milliseconds since 1970.
    pub started: u64,
    /// What they were run with.
    pub settings: Settings,
    /// The pipeline, its scripts and its inputs.
    pub experiment: Rc<Experiment>,
    /// What each schedule has logged.
    pub logs: Vec<(Kind, Log)>,
    /// Whether the page was hidden meanwhile.
    pub visibility: Rc<VisibilityMonitor>,
}

/// Which schedule of a live race goes first; simulated ones run side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// The parallel one, unless there is a reason not to.
    Parallel,
    /// The sequential one: in every other round of a measurement.
    Sequential,
}

/// One schedule's run that is about to begin.
struct Job {
    kind: Kind,
    schedule: Schedule,
    log: Log,
    from: Resume,
    calls: Calls,
}

impl RunsState {
    /// No run yet.
    pub fn new(
        settings: SettingsState,
        plan: PlanState,
        playhead: PlayheadState,
        live: LiveState,
    ) -> Self {
        let (begun, ended) = (RwSignal::new_local(None), RwSignal::new_local(None));
        Self { settings, plan, playhead, live, begun, ended }
    }

    /// Starts all schedules: simulated ones side by side on one clock, live ones one after the
    /// other, parallel first, so that they do not slow each other down.
    pub fn start(self, by: By<'_>) {
        self.live.act(by, move |permit| drop(self.start_from(&[], First::Parallel, permit)));
    }

    /// Starts all schedules once more from the answers that there are: only the agents that failed
    /// are asked again, and those that read them. A schedule with nothing left to do stays as it is,
    /// and one that had not begun does not begin.
    pub fn retry(self, by: By<'_>) {
        self.live.act(by, move |permit| {
            self.stop();
            drop(self.start_from(&self.previous(), First::Parallel, permit));
        });
    }

    /// Starts the schedules, from what `previous` runs left if there are any. A live model is called
    /// only by `permit`. The receiver resolves when all runs end; `None` if none could start.
    pub fn start_from(
        self,
        previous: &[Previous],
        first: First,
        permit: Option<Permit>,
    ) -> Option<oneshot::Receiver<()>> {
        self.stop();
        if !self.simulate_measured() {
            return None;
        }
        let settings = self.settings.current.get_untracked();
        // A change of settings reaches the plan by an effect, which may still be to run.
        if self.plan.is_outdated(&settings) {
            let (plan, notes) = self.plan.rebuilt(&settings);
            self.show_plan(plan, notes);
        }
        let (mut plan, _) = self.plan.rebuilt(&settings);
        let experiment = plan.experiment.clone();
        let live = match self.model(&settings, &experiment, permit) {
            Ok(model) => model,
            Err(missing) => {
                self.live.refuse(missing);
                return None;
            }
        };
        // Blocking agents would stall both schedules, so run them in turn.
        let blocking = live.is_none() && plan.min_speed() > 0.0;
        let speed = settings.speed.max(plan.min_speed());
        let shared = BrowserClock::new(settings.speed);
        let clock = || match (&live, blocking) {
            (Some(_), _) => BrowserClock::new(1.0),
            (None, true) => BrowserClock::new(speed),
            (None, false) => shared.clone(),
        };
        previous::keep_only(&mut plan, previous);
        let (mut logs, mut calls, mut jobs) = (Vec::new(), Vec::new(), Vec::new());
        for planned in &plan.lineup {
            let own = previous.iter().find(|previous| previous.kind == planned.kind);
            let counted = own.map(|own| own.calls.clone()).unwrap_or_default();
            calls.push(counted.clone());
            if let Some(over) = own.filter(|own| own.left.is_none()) {
                logs.push(over.log.clone());
                continue;
            }
            let log = Log::new(clock());
            logs.push(log.clone());
            if own.is_none() && plan.predicts(planned.kind) {
                continue;
            }
            let from = own.and_then(|own| own.left.clone()).unwrap_or_default();
            let (kind, schedule) = (planned.kind, planned.schedule);
            jobs.push(Job { kind, schedule, log, from, calls: counted });
        }
        let started = wall_clock();
        let model = settings.provider.map(|id| settings.model.clone().unwrap_or(id.model().into()));
        let visibility = Rc::new(VisibilityMonitor::new());
        let begun = Some(Begun { started, model, visibility: Some(visibility.clone()) });
        let kinds = plan.lineup.iter().map(|planned| planned.kind);
        let race = Rc::new(Race {
            started,
            settings,
            experiment: experiment.clone(),
            logs: kinds.zip(logs.iter().cloned()).collect(),
            visibility,
        });
        self.settings.notice.set(None);
        self.plan.set(plan);

        let is_new = previous.is_empty();
        let work = async move {
            let perform = |job: Job| {
                self.perform(job, experiment.clone(), live.clone(), blocking.then_some(speed))
            };
            let (parallel, sequential): (Vec<_>, Vec<_>) =
                jobs.into_iter().partition(|job| job.kind == Kind::Parallel);
            let parallel = join_all(parallel.into_iter().map(&perform));
            let sequential = join_all(sequential.into_iter().map(&perform));
            if blocking {
                parallel.await;
                sequential.await;
            } else if live.is_some() {
                let (one, other) = match first {
                    First::Sequential => (sequential, parallel),
                    First::Parallel => (parallel, sequential),
                };
                let one = one.await;
                if is_new && first == First::Parallel {
                    self.expect_sequential();
                }
                // A pipeline that fails one way fails the other way too, at the reader's expense.
                if one.iter().all(|outcome| *outcome == Outcome::Done) {
                    other.await;
                }
            } else {
                join(sequential, parallel).await;
            }
        };
        let (work, stop) = abortable(work);
        let last_frame = None;
        self.playhead.show(RunLogs { logs, calls, stop: Some(stop), last_frame, begun });
        self.begun.set(Some(race.clone()));
        let (tell, over) = oneshot::channel();
        spawn_local(async move {
            // Stopped or not: every span has ended by the time this returns.
            let _ = work.map(drop).await;
            self.playhead.refresh();
            self.playhead.wake();
            self.ended.set(Some(race));
            // Mostly nothing waits for it.
            let _ = tell.send(());
        });
        self.playhead.wake();
        Some(over)
    }

    /// The live model of these settings, or `None` for simulated ones; an error says what is missing.
    fn model(
        self,
        settings: &Settings,
        experiment: &Experiment,
        permit: Option<Permit>,
    ) -> Result<Option<Rc<dyn Model>>, Missing> {
        if let Some(problem) = settings.too_wide(&experiment.preset.pipeline) {
            return Err(problem.as_str().into());
        }
        settings.provider.map(|id| self.live.model(id, settings, permit)).transpose()
    }

    /// Runs one schedule to its end. `blocked_speed`: the speed of a run that will block the thread.
    async fn perform(
        self,
        job: Job,
        experiment: Rc<Experiment>,
        live: Option<Rc<dyn Model>>,
        blocked_speed: Option<f64>,
    ) -> Outcome {
        let Job { schedule, log, from, calls, .. } = job;
        let model = live.unwrap_or_else(|| {
            let scripts = experiment.scripts.clone();
            Rc::new(SimulatedModel::new(scripts, Rc::new(log.clock.clone())).counting(calls))
        });
        log.begin();
        if let Some(speed) = blocked_speed {
            self.playhead.wake();
            log.begin_after_paint(speed).await;
        }
        let (pipeline, inputs) = (&experiment.preset.pipeline, experiment.inputs.clone());
        let (clock, trace) = (&log.clock, log.trace.as_ref());
        engine::resume(pipeline, inputs, from, schedule, clock, model.as_ref(), trace).await.outcome
    }

    /// Stops what runs.
    pub fn stop(self) {
        self.playhead.logs.with_value(RunLogs::stop);
    }

    /// Rebuilds the plan from the settings, and puts it on screen in place of what was there.
    pub fn rebuild_plan(self) {
        self.stop();
        let settings = self.settings.current.get_untracked();
        let before = self.plan.current.with_untracked(|plan| plan.experiment.clone());
        let (plan, notes) = self.plan.rebuilt(&settings);
        // Building thousands of agents has kept the thread long enough: their views are drawn in a
        // task of their own, unless the settings have changed again by then.
        if plan.is_wide() && !Rc::ptr_eq(&before.preset, &plan.experiment.preset) {
            let show = move || {
                let is_here = self.plan.current.with(|plan| Rc::ptr_eq(&plan.experiment, &before));
                let now = self.settings.current.with(run_relevant);
                if is_here && now == run_relevant(&settings) {
                    self.show_plan(plan, notes);
                }
            };
            set_timeout(show, Duration::ZERO);
        } else {
            self.show_plan(plan, notes);
        }
    }

    fn show_plan(self, plan: Plan, notes: Vec<String>) {
        self.plan.set(plan);
        self.settings.complain(notes);
        set_if_changed(self.live.repeats, Vec::new());
        self.playhead.clear();
    }

    /// Puts runs that are over on screen, with the settings that they were run with.
    pub fn show_finished(
        self,
        settings: Settings,
        plan: Plan,
        logs: Vec<Log>,
        begun: Option<Begun>,
    ) {
        self.show_plan_of(settings, plan);
        self.playhead.show(RunLogs { logs, begun, ..RunLogs::default() });
        self.playhead.refresh();
    }

    /// Puts a plan on screen with the settings that it was made from.
    fn show_plan_of(self, settings: Settings, plan: Plan) {
        self.stop();
        self.live.readdress(&settings);
        self.live.last_called.set(None);
        self.settings.current.set(settings);
        self.plan.set(plan);
        self.settings.notice.set(None);
    }

    /// Puts a run that was measured elsewhere on screen, with what is expected of the other schedule.
    pub fn show_measured(self, measured: Rc<Measured>) {
        // This page's own file brings the settings of its run; another one leaves those that there are.
        let own = measured.simulated.as_ref().ok().filter(|_| measured.is_own);
        let settings = match own {
            Some(own) => self.settings.on_this_page(own.clone()),
            None => self.settings.current.get_untracked(),
        };
        let plan = Plan::of_measured(&settings, measured.clone());
        let log = |kind| match kind == measured.kind {
            true => Log::kept(measured.log.clone()),
            false => Log::new(BrowserClock::new(1.0)),
        };
        let logs = plan.lineup.iter().map(|planned| log(planned.kind)).collect();
        let (logs, is_wide) = (RunLogs { logs, ..RunLogs::default() }, plan.is_wide());
        self.show_plan_of(settings, plan);
        self.playhead.clear();
        if !is_wide {
            return self.playhead.show_measured(logs, &measured);
        }
        // The stage of very many agents is drawn by then: their run is drawn in a task of its own.
        let show = move || {
            let is_here =
                |plan: &Plan| plan.measured.as_ref().is_some_and(|now| Rc::ptr_eq(now, &measured));
            if self.plan.current.with(is_here) {
                self.playhead.show_measured(logs, &measured);
            }
        };
        set_timeout(show, Duration::ZERO);
    }

    /// Leaves a measured run for the settings that simulate it; `false` where none do.
    pub fn simulate_measured(self) -> bool {
        let measured = self.plan.current.with_untracked(|plan| plan.measured.clone());
        let Some(measured) = measured else { return true };
        match &measured.simulated {
            Ok(settings) => {
                let settings = self.settings.on_this_page(settings.clone());
                self.live.readdress(&settings);
                self.settings.current.set(settings);
                self.rebuild_plan();
                true
            }
            Err(why_not) => {
                let notice = words::import::not_simulated(why_not);
                self.settings.notice.set(Some(notice));
                false
            }
        }
    }

    /// What there is to go on from: one for each schedule that has begun.
    fn previous(self) -> Vec<Previous> {
        let logs = self.playhead.logs;
        self.plan.current.with(|plan| logs.with_value(|logs| previous::of(plan, logs)))
    }

    /// Whether an agent has no answer in a run that is over; follows the runs.
    pub fn can_retry(self) -> bool {
        // Not the frame: this reads whole logs, and those change only while these do.
        self.plan.current.track();
        self.playhead.edge.track();
        let is_over = !self.playhead.running.get() && !self.plan.is_measured();
        is_over && self.playhead.logs.with_value(|logs| logs.logs.iter().any(Log::lacks_an_answer))
    }

    /// After a live parallel run: expects of the sequential one what the agents' own durations add
    /// up to.
    fn expect_sequential(self) {
        let logs = self.playhead.logs;
        self.plan.current.update(|plan| {
            let places = plan.place(Kind::Parallel).zip(plan.place(Kind::Sequential));
            let Some((from, to)) = places else { return };
            let measured =
                logs.with_value(|logs| Some(logs.logs.get(from)?.finished(plan.agents())));
            let Some(measured) = measured else { return };
            let scripts = simulate::scripts_of(&measured);
            let expected = expected(&plan.experiment, &scripts, plan.lineup[to].schedule);
            plan.lineup[to].expected = Some(expected);
            plan.lineup[to].is_plain = false;
        });
    }

    /// Runs the agents one after the other, beside the parallel run that is there. For event handlers.
    pub fn measure_sequential(self, permit: Option<Permit>) {
        let place = self.plan.current.with(|plan| plan.place(Kind::Parallel));
        let log = place
            .and_then(|place| self.playhead.logs.with_value(|logs| logs.logs.get(place).cloned()));
        let Some(log) = log else { return };
        let mut settings = self.settings.current.get();
        let missing = settings.provider.and_then(|id| self.live.look_for_missing(id, &settings));
        if let Some(missing) = missing {
            return self.live.refuse(missing);
        }
        settings.schedule = ScheduleChoice::Race;
        self.settings.current.set(settings);
        let previous = [
            Previous::not_begun(Kind::Sequential, Log::new(BrowserClock::new(1.0))),
            Previous::over(Kind::Parallel, log),
        ];
        self.start_from(&previous, First::Parallel, permit);
        self.expect_sequential();
    }

    /// Runs the race several times, with either schedule first in turn, so that a service that slows
    /// down slows both. For event handlers.
    pub fn repeat(self, times: usize, permit: Option<Permit>) {
        let Some(permit) = permit else { return };
        self.live.repeats.set(Vec::new());
        // What the reader has pressed the button for, as far as it decides what is called.
        let asked = self.settings.current.with(without_looks);
        spawn_local(async move {
            for (round, permit) in permit.times(times).enumerate() {
                if self.settings.current.with_untracked(without_looks) != asked {
                    break;
                }
                let first = if round % 2 == 1 { First::Sequential } else { First::Parallel };
                let visibility = VisibilityMonitor::new();
                let Some(over) = self.start_from(&[], first, Some(permit)) else { break };
                // Stopped runs end too, and then they have no times.
                let _ = over.await;
                let Some(round) = self.round(visibility.was_hidden()) else { break };
                self.live.repeats.update(|rounds| rounds.push(round));
            }
        });
    }

    /// How long each schedule took, and each agent in it, if all have their answer.
    fn round(self, hidden: bool) -> Option<Round> {
        let mut round = Round { times: Vec::new(), agents: Vec::new(), hidden };
        self.plan.current.with_untracked(|plan| {
            self.playhead.logs.with_value(|logs| {
                for (planned, log) in plan.lineup.iter().zip(&logs.logs) {
                    let run = log.finished(plan.agents());
                    (run.run().phase() == Phase::Done).then_some(())?;
                    round.times.push((planned.kind, run.makespan()));
                    let agents = run.lanes().iter().map(|lane| lane.duration(run.cursor()));
                    round.agents.push(agents.collect());
                }
                Some(round)
            })
        })
    }
}

/// Settings but for what of the page is shown, and how.
fn without_looks(settings: &Settings) -> Settings {
    Settings { speed: 1.0, ..settings.clone().looking_like(&Settings::default()) }
}
