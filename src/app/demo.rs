//! What the page is about at the moment: settings, the experiment they come to, and its runs.
//!
//! A [`Demo`] is a handful of signals that every view reads. Runs write their own logs; the frame
//! loop reads them, once a frame, into [`Frame`], and that is the only way from the engine to the
//! screen. Whether something runs is not stored anywhere: the logs say it.

use std::ops::Deref;
use std::time::Duration;

use leptos::prelude::*;

use super::access::Access;
use super::arrange::decisive;
use super::crowd::Crowd;
use super::embed;
use super::history::History;
use super::rest::Progress;
use super::runs::{Log, Runs};
use super::sign_in;
use super::signals::{Memo, RwSignal, StoredValue, effect};
use super::stage::{Frame, Stage, Structure};
use super::transport;
use crate::config::{Autoplay, Settings, Theme};
use crate::time::Instant;
use crate::timeline::Phase;
use crate::timeline::playback::{Command, Playback};
use crate::timeline::scale::TimeScale;
use crate::tour::Tour;
use crate::web::frames::Frames;
use crate::web::page;

/// The signals that every view reads. It lives as long as the page does, so that what captures it
/// captures a pointer.
#[derive(Clone, Copy)]
pub struct Demo(&'static Signals);

impl Deref for Demo {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// See [`Demo`].
pub struct Signals {
    /// What the address says, and the controls.
    pub settings: RwSignal<Settings>,
    /// Sentences about settings that were not understood.
    pub complaints: RwSignal<Vec<String>>,
    /// What there is to say about the last thing that was done.
    pub notice: RwSignal<Option<String>>,
    /// What a reader types to reach a live model.
    pub access: Access,
    /// Whether the link to this state is shown.
    pub sharing: RwSignal<bool>,
    /// Whether what puts it into other pages is shown.
    pub embedding: RwSignal<bool>,
    /// How far the tour has come.
    pub tour: RwSignal<Tour>,
    /// The agents that the reader points at, in whatever view.
    pub pointed: RwSignal<Vec<usize>>,
    /// What the settings come to.
    pub stage: RwSignal<Stage>,
    /// What of the stage decides which elements there are; figures come and go within them.
    pub structure: Memo<Structure>,
    /// The runs as they stand at the cursor.
    pub frame: RwSignal<Frame>,
    /// The axis of the frame. Whoever needs no more than this is not drawn anew by every frame.
    pub scale: RwSignal<TimeScale>,
    /// The phase of each run. Whoever needs no more is not drawn anew by every frame.
    pub phases: RwSignal<Vec<Phase>>,
    /// Which agents are in view, where they are too many to be there all at once.
    pub crowd: Crowd,
    /// How far the furthest log has come, in the frame.
    pub edge: RwSignal<Instant>,
    /// Whether a run goes on, in the frame.
    pub running: RwSignal<bool>,
    /// Where the cursor is.
    pub playback: RwSignal<Playback>,
    /// Whether simulated time stands still.
    pub paused: RwSignal<bool>,
    /// What the reader guesses the parallel run will take; while it is set, what is expected stays
    /// hidden until the run is over.
    pub guess: RwSignal<Option<Duration>>,
    /// The axis, while a bar is being dragged on it.
    held: RwSignal<Option<TimeScale>>,
    /// The runs that are over, and the one of them that is laid over the present ones.
    pub history: History,
    /// How many pieces of the page are there, of [`super::PIECES`].
    pub pieces: RwSignal<usize>,
    /// Where the part of the page beyond the race stands.
    pub progress: RwSignal<Progress>,
    /// The runs' logs, and what stops them.
    pub runs: StoredValue<Runs>,
    frames: StoredValue<Option<Frames>>,
    /// Settings that are on screen already, so that their change makes nothing stale.
    set_up: StoredValue<Option<Settings>>,
    /// Complaints about an address that has just been read, until they are shown.
    pub unread: StoredValue<Vec<String>>,
}

impl Demo {
    /// The page as its address asks for it.
    pub fn new() -> Self {
        let (query, fragment) = page::address();
        let (arrival, query, fragment) = match sign_in::arrive(&query) {
            Some((arrival, fragment)) => (Some(arrival), String::new(), fragment),
            None => (None, query, fragment),
        };
        let (settings, notes) = Settings::read(&query, &fragment);
        let from_address = settings.base_url.is_some();
        let (stage, about_agents) = Stage::of(&settings, None);
        let notes = [notes, about_agents].concat();
        let stage = RwSignal::new(stage);
        let demo = Self(Box::leak(Box::new(Signals {
            stage,
            structure: Memo::new(move |_| stage.with(Stage::structure)),
            settings: RwSignal::new(settings),
            sharing: RwSignal::new(false),
            embedding: RwSignal::new(false),
            tour: RwSignal::new(Tour::default()),
            pointed: RwSignal::new(Vec::new()),
            complaints: RwSignal::new(notes),
            notice: RwSignal::new(None),
            access: Access::new(from_address, arrival),
            frame: RwSignal::new(Frame::default()),
            scale: RwSignal::new(Frame::default().scale()),
            phases: RwSignal::new(Vec::new()),
            crowd: Crowd::new(),
            edge: RwSignal::new(Instant::ZERO),
            running: RwSignal::new(false),
            playback: RwSignal::new(Playback::Following),
            paused: RwSignal::new(false),
            guess: RwSignal::new(None),
            held: RwSignal::new(None),
            history: History::new(),
            pieces: RwSignal::new(0),
            progress: RwSignal::new(Progress::default()),
            runs: StoredValue::new(Runs::default()),
            frames: StoredValue::new(None),
            set_up: StoredValue::new(None),
            unread: StoredValue::new(Vec::new()),
        })));
        demo.frames.set_value(Some(Frames::new(move |time| demo.draw(time))));
        demo
    }

    /// Ties settings to what hangs on them.
    pub fn begin(self) {
        // What a change of these settings makes stale: the pipeline, its script and its schedules.
        let decisive = Memo::new(move |_| decisive(&self.settings.get()));
        Effect::new(move |before: Option<()>| {
            // Reading it is what computes it; a memo that is only tracked never hears of a change.
            let now = decisive.get();
            if before.is_some() && self.set_up.get_value().as_ref() != Some(&now) {
                self.rearrange();
            }
            self.set_up.set_value(None);
        });
        self.clear();

        effect(move || {
            let settings = self.settings.get();
            let theme = (settings.theme != Theme::Auto).then(|| settings.theme.word());
            page::set_root("data-theme", theme);
            page::set_root("data-embed", settings.embed.then_some("1"));
            page::set_root("data-view", Some(settings.view.word()));
            page::set_root("data-hide", Some(settings.hide.join(" ").as_str()));
            // Browsers limit how often an address may change; the end of a drag is soon enough.
            if self.held.with(Option::is_none) {
                page::write_address(&settings.fragment());
            }
        });
        effect(move || {
            let (speed, live) = self.settings.with(|s| (s.speed, s.provider.is_some()));
            if !live {
                let slowest = self.stage.with_untracked(Stage::slowest);
                let speed = speed.max(slowest);
                self.runs.with_value(|runs| runs.set_speed(speed));
            }
        });

        embed::connect(self);
        transport::space_plays(self);
        window_event_listener(leptos::ev::pointerup, transport::let_go);
        window_event_listener(leptos::ev::pointercancel, transport::let_go);
        // The page lives as long as its tab, and so does this.
        window_event_listener(leptos::ev::hashchange, move |_| self.follow_address());
    }

    /// Starts a run if the address asks for one.
    pub fn play_by_itself(self) {
        // A link must never spend anybody's money: only a simulated run starts by itself.
        let settings = self.settings.get_untracked();
        match settings.autoplay {
            Autoplay::AtOnce if settings.provider.is_none() => self.run(),
            Autoplay::Visible if settings.provider.is_none() => {
                // Effects run once the elements are there.
                effect(move || {
                    page::when_visible(".panel", 0, move || self.run());
                });
            }
            _ => {}
        }
    }

    /// Takes the settings of an address that has changed under the page.
    pub fn follow_address(self) {
        let (query, fragment) = page::address();
        let (settings, notes) = Settings::read(&query, &fragment);
        self.adopt(settings, notes);
    }

    /// Puts runs that are over on screen, with the settings that they were run with.
    pub fn show_kept(self, settings: Settings, stage: Stage, logs: Vec<Log>) {
        self.stop();
        self.readdress(&settings);
        self.access.called.set(None);
        self.settle(settings);
        self.stage.set(stage);
        self.notice.set(None);
        self.clear();
        self.runs.set_value(Runs { logs, ..Runs::default() });
        self.refresh();
    }

    /// Takes over settings that go with the runs on screen, which stay.
    pub fn settle(self, settings: Settings) {
        self.set_up.set_value(Some(decisive(&settings)));
        self.settings.set(settings);
    }

    /// Forgets the runs, so that only what is expected is on screen.
    pub fn clear(self) {
        self.runs.set_value(Runs::default());
        let (runs, agents) =
            self.stage.with_untracked(|stage| (stage.lineup.len(), stage.agents()));
        self.frame.update_untracked(|frame| frame.forget(runs, agents));
        self.playback.set(Playback::Following);
        self.paused.set(false);
        self.refresh();
    }

    /// Says something about a change of settings that is made now, which by itself says nothing.
    pub fn say_with_change(self, note: Option<String>) {
        self.unread.set_value(note.into_iter().collect());
    }

    /// Keeps the axis as it is while something is dragged on it.
    pub fn hold_axis(self) {
        self.held.set(self.frame.with_untracked(|frame| frame.scale));
        page::set_root("data-held", Some("1"));
    }

    /// The axis that is held.
    pub fn held_axis(self) -> Option<TimeScale> {
        self.held.get_untracked()
    }

    /// Lets the axis fit what is on it again.
    pub fn release_axis(self) {
        self.held.set(None);
        self.refresh();
    }

    /// Whether simulated time can be held: a live model does not wait.
    pub fn can_hold_time(self) -> bool {
        self.settings.with(|settings| settings.provider.is_none())
    }

    /// Whether a run goes on at the moment, whatever the cursor shows.
    pub fn is_running(self) -> bool {
        self.frame.track();
        self.runs.with_value(Runs::is_running)
    }

    /// Whether there is something to look back on.
    pub fn has_run(self) -> bool {
        self.edge.get() > Instant::ZERO
    }

    /// Whether the reader points at that agent.
    pub fn points_at(self, agent: usize) -> bool {
        self.pointed.with(|pointed| pointed.contains(&agent))
    }

    /// Moves the cursor, or holds simulated time while a run goes on.
    pub fn command(self, command: Command) {
        if command == Command::TogglePlay && self.is_running() && self.can_hold_time() {
            let paused = !self.paused.get_untracked();
            self.runs.with_value(|runs| runs.hold(paused));
            self.paused.set(paused);
            self.playback.set(Playback::Following);
        } else {
            let edge = self.frame.with_untracked(|frame| frame.edge);
            // Only a step asks for them: they are read from whole logs.
            let landmarks = match command {
                Command::Step(_) => self.runs.with_value(Runs::landmarks),
                _ => Vec::new(),
            };
            let live = self.is_running();
            self.playback.update(|playback| {
                // There is no live edge to follow: it stands at the end.
                if !live && *playback == Playback::Following {
                    *playback = Playback::Paused { at: edge };
                }
                *playback = playback.command(command, edge, &landmarks);
            });
        }
        self.runs.update_value(|runs| runs.last_frame = None);
        self.refresh();
        self.wake();
    }

    /// Asks for a frame.
    pub fn wake(self) {
        self.frames.with_value(|frames| frames.iter().for_each(Frames::wake));
    }

    /// Draws one frame; answers whether another one is needed.
    fn draw(self, time: f64) -> bool {
        let passed = self.runs.with_value(|runs| runs.last_frame.map(|last| time - last));
        self.runs.update_value(|runs| runs.last_frame = Some(time));
        let passed = Duration::from_secs_f64(passed.unwrap_or(0.0).max(0.0) / 1e3);
        let speed = self.settings.with_untracked(|settings| settings.speed);
        let edge = self.frame.with_untracked(|frame| frame.edge);
        let before = self.playback.get_untracked();
        let (after, playing) = before.advance(passed.mul_f64(speed), edge);
        if after != before {
            self.playback.set(after);
        }
        self.refresh();
        playing || self.runs.with_value(Runs::is_moving)
    }

    /// Reads the logs at the cursor into the frame: the one way from the engine to the screen.
    pub fn refresh(self) {
        let playback = self.playback.get_untracked();
        let overlaid = self.history.end();
        self.runs.with_value(|runs| {
            let edge = runs.edge();
            let cursor = playback.cursor(edge);
            let held = self.held.get_untracked();
            let reached = runs.reached().max(overlaid);
            let whole = self.stage.with_untracked(|stage| stage.axis(reached));
            let scale = held.unwrap_or_else(|| self.crowd.scale(whole, cursor));
            let running = runs.is_running();
            let changed = self.frame.update_untracked(|frame| {
                let mut changed = std::mem::take(&mut frame.is_new);
                changed |= (frame.edge, frame.scale, frame.running) != (edge, Some(scale), running);
                (frame.edge, frame.scale, frame.running) = (edge, Some(scale), running);
                changed |= std::mem::replace(&mut frame.whole, whole) != whole;
                let timelines = frame.timelines.iter_mut().zip(&mut frame.checkpoints);
                for ((timeline, checkpoints), log) in timelines.zip(&runs.logs) {
                    let (before, cursor) = (timeline.cursor(), cursor.min(log.edge()));
                    let read = checkpoints.seek(timeline, &log.trace.borrow(), cursor);
                    changed |= read > 0 || before != cursor;
                }
                changed
            });
            // Whoever reads the frame is drawn anew by this, so it had better be news.
            if changed {
                self.frame.notify();
                self.scale.renew(scale);
                self.edge.renew(edge);
                self.running.renew(running);
                self.phases.renew(self.frame.with_untracked(Frame::phases));
            }
        });
    }
}
