//! Where the playhead is, and the runs as they stand there.
//!
//! Runs write their own logs; [`PlayheadState::refresh`] folds them up to the playhead once a frame,
//! and that is the only way from the engine to the screen. Whether something runs is not stored
//! anywhere: the logs say it.

use std::time::Duration;

use leptos::prelude::*;

use super::changes::set_if_changed;
use super::log::RunLogs;
use super::plan::PlanState;
use super::selection::SelectionState;
use super::settings::SettingsState;
use crate::plan::{Frame, Measured};
use crate::record::Overlay;
use crate::time::Instant;
use crate::timeline::Phase;
use crate::timeline::playback::{Command, Playback};
use crate::timeline::scale::TimeScale;
use crate::web::frames::Frames;
use crate::web::page;

/// See the module.
#[derive(Clone, Copy)]
pub struct PlayheadState {
    settings: SettingsState,
    plan: PlanState,
    selection: SelectionState,
    /// The runs' logs, and what stops them.
    pub logs: StoredValue<RunLogs, LocalStorage>,
    /// An earlier run that the present one is compared with.
    pub overlay: RwSignal<Option<Overlay>, LocalStorage>,
    /// The runs as they stand at the playhead.
    pub frame: RwSignal<Frame, LocalStorage>,
    /// The axis; set only when it changes.
    pub scale: RwSignal<TimeScale>,
    /// The phase of each run; set only when it changes.
    pub phases: RwSignal<Vec<Phase>>,
    /// How far the furthest picture has come.
    pub edge: RwSignal<Instant>,
    /// How far the furthest run has come. Its picture goes on a little longer.
    pub reached: RwSignal<Instant>,
    /// Whether a run goes on, whatever the playhead shows.
    pub running: RwSignal<bool>,
    /// Where the playhead is.
    pub playback: RwSignal<Playback>,
    /// Whether simulated time stands still.
    pub paused: RwSignal<bool>,
    /// The axis, while a bar is dragged on it.
    held: RwSignal<Option<TimeScale>>,
    frames: StoredValue<Option<Frames>, LocalStorage>,
}

impl PlayheadState {
    /// Before the first run.
    pub fn new(settings: SettingsState, plan: PlanState, selection: SelectionState) -> Self {
        let playhead = Self {
            settings,
            plan,
            selection,
            logs: StoredValue::new_local(RunLogs::default()),
            overlay: RwSignal::new_local(None),
            frame: RwSignal::new_local(Frame::default()),
            scale: RwSignal::new(Frame::default().scale()),
            phases: RwSignal::new(Vec::new()),
            edge: RwSignal::new(Instant::ZERO),
            reached: RwSignal::new(Instant::ZERO),
            running: RwSignal::new(false),
            playback: RwSignal::new(Playback::Following),
            paused: RwSignal::new(false),
            held: RwSignal::new(None),
            frames: StoredValue::new_local(None),
        };
        playhead.frames.set_value(Some(Frames::new(move |time| untrack(|| playhead.draw(time)))));
        playhead
    }

    /// Shows the runs of these logs in place of what was shown.
    pub fn show(self, logs: RunLogs) {
        self.clear();
        self.logs.set_value(logs);
    }

    /// Shows a run that was measured elsewhere, where only what is expected is on screen.
    pub fn show_measured(self, logs: RunLogs, measured: &Measured) {
        self.logs.set_value(logs);
        let place = self.plan.current.with_untracked(|plan| plan.place(measured.kind));
        place.into_iter().for_each(|at| self.frame.write_untracked().resume(at, measured));
        self.refresh();
    }

    /// Forgets the runs, so that only what is expected is on screen.
    pub fn clear(self) {
        self.logs.set_value(RunLogs::default());
        let (runs, agents) =
            self.plan.current.with_untracked(|plan| (plan.lineup.len(), plan.agents()));
        self.frame.write_untracked().forget(runs, agents);
        set_if_changed(self.playback, Playback::Following);
        set_if_changed(self.paused, false);
        self.refresh();
    }

    /// Keeps the axis as it is while something is dragged on it. For event handlers.
    pub fn hold_axis(self) {
        self.held.set(Some(self.scale.get()));
        page::set_root("data-held", Some("1"));
    }

    /// The axis that is held, if one is; follows it.
    pub fn held_axis(self) -> Option<TimeScale> {
        self.held.get()
    }

    /// Whether no run goes on, so that whole logs can be read; follows it, and every other run that is
    /// shown from then on.
    pub fn is_settled(self) -> bool {
        if self.running.get() {
            return false;
        }
        // The edge moves with every frame of a run, and stands once all is over.
        self.edge.track();
        true
    }

    /// Lets the axis fit what is on it again.
    pub fn release_axis(self) {
        self.held.set(None);
        self.refresh();
    }

    /// Reads of the runs what stands while none of them begins or ends; follows their phases, and not
    /// every frame.
    pub fn by_phase<T>(self, of: impl FnOnce(&Frame) -> T) -> T {
        self.phases.track();
        self.frame.with_untracked(of)
    }

    /// Whether there is a run to look back on; follows it.
    pub fn has_run(self) -> bool {
        self.edge.get() > Instant::ZERO
    }

    /// The moment that is shown: never later than the furthest run has come; follows it.
    pub fn shown(self) -> Instant {
        self.playback.get().cursor(self.edge.get()).min(self.reached.get())
    }

    /// Whether nothing follows the moment that is shown; follows it.
    pub fn is_at_end(self) -> bool {
        !self.running.get() && self.playback.get().cursor(self.edge.get()) >= self.edge.get()
    }

    /// Reads the run that the present one is compared with; follows it.
    pub fn overlay<T>(self, of: impl FnOnce(&Overlay) -> Option<T>) -> Option<T> {
        self.overlay.with(|overlay| of(overlay.as_ref()?))
    }

    /// Compares the present run with another one, or with none.
    pub fn compare(self, overlay: Option<Overlay>) {
        self.overlay.set(overlay);
        self.refresh();
    }

    /// Goes that many steps into the axis; negative: out of it. For event handlers.
    pub fn zoom(self, steps: i32) {
        self.selection.zoom(steps, self.frame.with(|frame| frame.whole));
        self.refresh();
    }

    /// Moves the playhead, or pauses simulated time while a run goes on. For event handlers.
    pub fn command(self, command: Command) {
        let is_running = self.logs.with_value(RunLogs::is_running);
        if command == Command::TogglePlay && is_running && !self.settings.is_live() {
            let paused = !self.paused.get();
            self.logs.with_value(|logs| logs.hold(paused));
            self.paused.set(paused);
            self.playback.set(Playback::Following);
        } else {
            let edge = self.edge.get();
            // Only a step asks for them: they are read from whole logs.
            let landmarks = match command {
                Command::Step(_) => self.logs.with_value(RunLogs::landmarks),
                _ => Vec::new(),
            };
            self.playback.update(|playback| {
                // A run that is over has no end to follow: the playhead stands there.
                if !is_running && *playback == Playback::Following {
                    *playback = Playback::Paused { at: edge };
                }
                *playback = playback.command(command, edge, &landmarks);
            });
        }
        self.logs.update_value(|logs| logs.last_frame = None);
        self.refresh();
        self.wake();
    }

    /// Asks for a frame.
    pub fn wake(self) {
        self.frames.with_value(|frames| frames.iter().for_each(Frames::wake));
    }

    /// Draws the frame of that time, in milliseconds; answers whether another one is needed.
    fn draw(self, time: f64) -> bool {
        let passed = self.logs.with_value(|logs| logs.last_frame.map(|last| time - last));
        self.logs.update_value(|logs| logs.last_frame = Some(time));
        let passed = Duration::from_secs_f64(passed.unwrap_or(0.0).max(0.0) / 1e3);
        let speed = self.settings.current.with(|settings| settings.speed);
        let (playback, playing) =
            self.playback.get().advance(passed.mul_f64(speed), self.edge.get());
        set_if_changed(self.playback, playback);
        self.refresh();
        playing || self.logs.with_value(RunLogs::is_moving)
    }

    /// Folds the logs up to the playhead into the frame. Subscribes to nothing, whether an effect, a task
    /// or an event handler calls it.
    pub fn refresh(self) {
        untrack(|| self.logs.with_value(|logs| self.fold(logs)));
    }

    fn fold(self, logs: &RunLogs) {
        let (edge, reached, running) = (logs.edge(), logs.reached(), logs.is_running());
        let at = self.playback.get().cursor(edge);
        let overlaid = self.overlay(|overlay| Some(overlay.end())).unwrap_or_default();
        let whole = self.plan.current.with(|plan| plan.axis(reached.max(overlaid)));
        let scale = self.held.get().unwrap_or_else(|| self.selection.scale(whole, at));
        let mut phases = Vec::new();
        // Every subscriber of the frame draws again: notify only on change.
        self.frame.maybe_update(|frame| {
            let mut changed = std::mem::take(&mut frame.is_new);
            changed |= (frame.edge, frame.scale, frame.running) != (edge, Some(scale), running);
            (frame.edge, frame.scale, frame.running) = (edge, Some(scale), running);
            changed |= std::mem::replace(&mut frame.whole, whole) != whole;
            let timelines = frame.timelines.iter_mut().zip(&mut frame.checkpoints);
            for ((timeline, checkpoints), log) in timelines.zip(&logs.logs) {
                let (before, at) = (timeline.cursor(), at.min(log.edge()));
                let read = checkpoints.seek(timeline, &log.trace.borrow(), at);
                changed |= read > 0 || before != at;
            }
            phases = frame.phases();
            changed
        });
        set_if_changed(self.scale, scale);
        set_if_changed(self.edge, edge);
        set_if_changed(self.reached, reached);
        set_if_changed(self.running, running);
        set_if_changed(self.phases, phases);
    }
}
