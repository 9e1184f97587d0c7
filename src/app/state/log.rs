//! The logs of the page's runs while they are being written, and how far each run has come.
//!
//! Whether a run goes on is not stored: its log says it.

use std::cell::{Cell, RefCell};
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::time::Duration;

use futures::future::AbortHandle;

use crate::clock::Clock;
use crate::simulate::Calls;
use crate::time::Instant;
use crate::timeline::Timeline;
use crate::timeline::playback::together;
use crate::timeline::stage::Pace;
use crate::trace::{EventKind, Outcome, Trace};
use crate::web::clock::BrowserClock;
use crate::web::page::VisibilityMonitor;

/// The runs that are on screen, in the order of the lineup; none before the first one.
#[derive(Default)]
pub struct RunLogs {
    /// Their logs.
    pub logs: Vec<Log>,
    /// How often each one's scripted agents have been asked.
    pub calls: Vec<Calls>,
    /// What stops them.
    pub stop: Option<AbortHandle>,
    /// When the last frame was drawn, in milliseconds.
    pub last_frame: Option<f64>,
    /// What is known of their beginning.
    pub begun: Option<Begun>,
}

impl RunLogs {
    /// Whether the page was hidden while they ran; `false` where that is unknown.
    pub fn was_hidden(&self) -> bool {
        let monitor = self.begun.as_ref().and_then(|begun| begun.visibility.as_ref());
        monitor.is_some_and(|monitor| monitor.was_hidden())
    }
}

/// What a log does not say of its run.
pub struct Begun {
    /// When it was, in milliseconds since 1970.
    pub started: u64,
    /// Which live model was asked.
    pub model: Option<String>,
    /// Whether the page was hidden meanwhile; `None` for a run from before, where it is unknown.
    pub visibility: Option<Rc<VisibilityMonitor>>,
}

/// One run's log and the clock that it is written by. Clones are the same log.
#[derive(Clone)]
pub struct Log {
    /// What has happened.
    pub trace: Rc<RefCell<Trace>>,
    /// Its clock; runs that race share one.
    pub clock: BrowserClock,
    /// When the run began, on that clock.
    zero: Rc<Cell<Option<Instant>>>,
    /// Whether it was read from what is kept, so that its clock says nothing about it.
    is_kept: bool,
}

/// The real time in which the page is drawn once more before its thread is blocked.
const LAST_PAINT: Duration = Duration::from_millis(80);

impl Log {
    /// The log of a run that has not begun.
    pub fn new(clock: BrowserClock) -> Self {
        Self { trace: Rc::default(), clock, zero: Rc::default(), is_kept: false }
    }

    /// The log of a run that was over long ago.
    pub fn kept(trace: Trace) -> Self {
        let clock = BrowserClock::new(1.0);
        let zero = Rc::new(Cell::new(Some(clock.now())));
        Self { trace: Rc::new(RefCell::new(trace)), clock, zero, is_kept: true }
    }

    /// Tells that the run begins now.
    pub fn begin(&self) {
        self.zero.set(Some(self.clock.now()));
    }

    /// Lets the page be drawn once more, and tells that the run begins now: at that speed, and
    /// with a thread that will be blocked.
    pub async fn begin_after_paint(&self, speed: f64) {
        self.clock.sleep(LAST_PAINT.mul_f64(speed)).await;
        self.begin();
    }

    /// The run as it stands at the end of the log.
    pub fn finished(&self, agents: usize) -> Timeline {
        let trace = self.trace.borrow();
        Timeline::at(&trace, agents, trace.end())
    }

    /// Whether anything has happened.
    pub fn has_begun(&self) -> bool {
        !self.trace.borrow().events().is_empty()
    }

    /// Whether an agent has ended without an answer, and not because a quorum had answered.
    pub fn lacks_an_answer(&self) -> bool {
        let trace = self.trace.borrow();
        let late = trace.events().iter().filter_map(|event| match &event.kind {
            EventKind::Quorum { missing } => Some(missing),
            _ => None,
        });
        let late: Vec<usize> = late.flatten().copied().collect();
        trace.events().iter().any(|event| {
            let has = matches!(event.kind, EventKind::End(Outcome::Done | Outcome::Kept));
            let is_awaited = event.span.agent_index().is_some_and(|agent| !late.contains(&agent));
            is_awaited && matches!(event.kind, EventKind::End(_)) && !has
        })
    }

    fn has_ended(&self) -> bool {
        self.trace.borrow().is_over()
    }

    fn is_running(&self) -> bool {
        self.zero.get().is_some() && !self.has_ended()
    }

    /// How far the picture of it has come.
    pub fn edge(&self) -> Instant {
        if self.is_kept {
            return self.settled();
        }
        let Some(zero) = self.zero.get() else { return Instant::ZERO };
        let now = Instant::ZERO + self.clock.now().since(zero);
        if self.has_ended() { now.min(self.settled()) } else { now }
    }

    /// When the picture stands still: it moves a little longer than the run.
    fn settled(&self) -> Instant {
        let pace = Pace { speed: self.clock.speed(), is_reduced: false };
        self.trace.borrow().end() + pace.aftermath()
    }

    /// Whether the next frame will look different.
    fn is_moving(&self) -> bool {
        let settled = self.has_ended() && self.edge() == self.settled();
        self.zero.get().is_some() && !settled && !self.clock.is_paused()
    }
}

impl RunLogs {
    /// How far the furthest picture has come.
    pub fn edge(&self) -> Instant {
        self.logs.iter().map(Log::edge).max().unwrap_or_default()
    }

    /// How much of the axis is taken: up to the last event once all have ended, the present before.
    pub fn reached(&self) -> Instant {
        if self.logs.iter().any(Log::is_running) {
            return self.edge();
        }
        self.logs.iter().map(|log| log.trace.borrow().end()).max().unwrap_or_default()
    }

    /// Whether any goes on.
    pub fn is_running(&self) -> bool {
        self.logs.iter().any(Log::is_running)
    }

    /// Whether the next frame will look different.
    pub fn is_moving(&self) -> bool {
        self.logs.iter().any(Log::is_moving)
    }

    /// Stops all of them.
    pub fn stop(&self) {
        if let Some(stop) = &self.stop {
            stop.abort();
        }
    }

    /// Lets simulated time stand, or go on.
    pub fn hold(&self, still: bool) {
        for log in &self.logs {
            if still { log.clock.pause() } else { log.clock.resume() }
        }
    }

    /// Lets simulated time pass that many times as fast as real time.
    pub fn set_speed(&self, speed: f64) {
        self.logs.iter().for_each(|log| log.clock.set_speed(speed));
    }

    /// The moments at which something began or ended, in order. What happens together, to the eye,
    /// is one moment: its last.
    pub fn landmarks(&self) -> Vec<Instant> {
        let mut moments = BinaryHeap::new();
        for log in &self.logs {
            let trace = log.trace.borrow();
            let begins_or_ends = |kind: &EventKind| {
                use EventKind::{Attempt, End, Retry, Start};
                matches!(kind, Start | Retry { .. } | Attempt | End(_))
            };
            let events = trace.events().iter().filter(|event| begins_or_ends(&event.kind));
            moments.extend(events.map(|event| event.at));
        }
        together(moments)
    }
}
