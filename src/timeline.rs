//! A trace as it stood at one moment: the fold over the log that every picture starts from.
//!
//! It does not know where the events came from: a run that is going on, one from the past, an
//! imported file. Live, replay and scrubbing differ only in the cursor. The modules below go on
//! from here: figures ([`metrics`]), geometry ([`gantt`], [`stage`], [`flow`], [`event_loop`], [`scale`]), sentences ([`sentences`])
//! and a picture in letters ([`text`]).

pub mod answers;
pub mod attempts;
pub mod checkpoints;
pub mod crowd;
pub mod data;
pub mod event_loop;
pub mod flow;
pub mod gantt;
mod lane;
pub mod metrics;
pub mod overview;
mod phase;
pub mod playback;
pub mod scale;
pub mod sentences;
pub mod stage;
pub mod steps;
pub mod text;

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

pub use self::lane::{Lane, Thinking};
pub use self::phase::Phase;
use crate::time::Instant;
use crate::trace::{Event, EventKind, Sink, SpanId, Trace};

/// What a log says about the moment at its cursor. Clones share their lanes until one of them goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    cursor: Instant,
    /// How many events of the log are in here.
    seen: usize,
    run: Lane,
    lanes: Rc<Vec<Lane>>,
    in_flight: usize,
    max_in_flight: usize,
    polls: Vec<Poll>,
    on_thread: Option<Poll>,
    limits: Vec<(Instant, NonZeroUsize)>,
    is_prediction: bool,
}

/// A stretch in which one agent had the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Poll {
    /// Whose.
    pub agent: usize,
    /// When it got the thread.
    pub since: Instant,
    /// When it let go of it.
    pub until: Instant,
}

/// Events that are read between two pauses.
const EVENTS_AT_ONCE: usize = 256;

impl Timeline {
    /// Before anything happened, for a pipeline of that many agents.
    pub fn new(agents: usize) -> Self {
        Self {
            cursor: Instant::ZERO,
            seen: 0,
            run: Lane::default(),
            lanes: Rc::new((0..agents).map(|_| Lane::default()).collect()),
            in_flight: 0,
            max_in_flight: 0,
            polls: Vec::new(),
            on_thread: None,
            limits: Vec::new(),
            is_prediction: false,
        }
    }

    /// The log of a pipeline of that many agents, as it stood at `cursor`.
    pub fn at(trace: &Trace, agents: usize, cursor: Instant) -> Self {
        let mut timeline = Self::new(agents);
        timeline.seek(trace, cursor);
        timeline
    }

    async fn read_in_parts(&mut self, trace: &Trace, number: usize, pause: impl AsyncFn()) {
        while self.seen < number {
            self.read(trace, number.min(self.seen + EVENTS_AT_ONCE));
            pause().await;
        }
    }

    /// The same, of a run that has not happened: what is said of it says so.
    pub fn into_prediction(self) -> Self {
        Self { is_prediction: true, ..self }
    }

    /// Whether it is of a run that has not happened.
    pub fn is_prediction(&self) -> bool {
        self.is_prediction
    }

    /// Moves the cursor. Forward, it goes on from where it stands; backward, it starts again from
    /// the log's beginning. `trace` must be the log that it was made from, or one that goes on
    /// from it.
    pub fn seek(&mut self, trace: &Trace, cursor: Instant) {
        if cursor < self.cursor {
            *self = Self::new(self.lanes.len());
        }
        let fresh = trace.events().get(self.seen..).unwrap_or_default();
        let past = fresh.iter().take_while(|event| event.at <= cursor).count();
        self.read(trace, self.seen + past);
        self.cursor = cursor;
        self.on_thread = self.poll_at_cursor(trace);
    }

    /// Reads the log up to its event of that number, and leaves the cursor there.
    fn read(&mut self, trace: &Trace, number: usize) {
        let fresh = trace.events().get(self.seen..number).unwrap_or_default();
        fresh.iter().for_each(|event| self.go_on(event));
    }

    /// A poll is logged when it is over, so the one that the cursor is in is the next in the log:
    /// there is one thread.
    fn poll_at_cursor(&self, trace: &Trace) -> Option<Poll> {
        let ahead = trace.events().get(self.seen..)?;
        let (agent, since) = ahead.iter().find_map(|event| match event.kind {
            EventKind::Poll { since, .. } => Some((event.span.agent_index()?, since)),
            _ => None,
        })?;
        (since < self.cursor && agent < self.lanes.len()).then_some(Poll {
            agent,
            since,
            until: self.cursor,
        })
    }

    fn go_on(&mut self, event: &Event) {
        self.apply(event);
        self.cursor = event.at;
        self.seen += 1;
    }

    fn apply(&mut self, event: &Event) {
        let lane = match event.span.agent_index() {
            Some(agent) => match Rc::make_mut(&mut self.lanes).get_mut(agent) {
                Some(lane) => lane,
                // A log of another pipeline; its strangers have no lane to be drawn in.
                None => return,
            },
            None => &mut self.run,
        };
        let ran = lane.phase().is_in_flight();
        match &event.kind {
            EventKind::Poll { since, .. } => {
                if let Some(agent) = event.span.agent_index() {
                    self.polls.push(Poll { agent, since: *since, until: event.at });
                }
            }
            EventKind::Limit(limit) => self.limits.push((event.at, *limit)),
            _ => {}
        }
        lane.apply(event.at, &event.kind);
        let runs = lane.phase().is_in_flight();
        if event.span != SpanId::RUN {
            self.in_flight = self.in_flight + usize::from(runs) - usize::from(ran);
            self.max_in_flight = self.max_in_flight.max(self.in_flight);
        }
    }

    /// The moment that it shows.
    pub fn cursor(&self) -> Instant {
        self.cursor
    }

    /// The run as a whole.
    pub fn run(&self) -> &Lane {
        &self.run
    }

    /// The agents' lanes, in list order.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// Agents in flight at the cursor.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// The most agents that were ever in flight at once, up to the cursor.
    pub fn max_in_flight(&self) -> usize {
        self.max_in_flight
    }

    /// The turns that have ended by the playhead, in order.
    pub fn polls(&self) -> &[Poll] {
        &self.polls
    }

    /// Who has the thread at the cursor, since when, and up to the cursor.
    pub fn on_thread(&self) -> Option<Poll> {
        self.on_thread
    }

    /// When the run lowered its limit on calls at once, and to what.
    pub fn limits(&self) -> &[(Instant, NonZeroUsize)] {
        &self.limits
    }

    /// How long an agent had the thread up to the cursor, in model time.
    pub fn held(&self, agent: usize) -> Duration {
        let before = self.lanes.get(agent).map_or(Duration::ZERO, |lane| lane.held);
        let now = self.on_thread.filter(|poll| poll.agent == agent);
        before + now.map_or(Duration::ZERO, |poll| poll.until - poll.since)
    }

    /// Whether it has answers from an earlier run: then its length is not what all of it takes.
    pub fn keeps_answers(&self) -> bool {
        self.lanes.iter().any(|lane| lane.phase() == Phase::Kept)
    }

    /// Start to end of the run, or to the cursor while it runs.
    pub fn makespan(&self) -> Duration {
        self.run.duration(self.cursor)
    }
}

/// A run of which only what it comes to is kept, and not its log.
impl Sink for RefCell<Timeline> {
    fn emit(&self, event: Event) {
        self.borrow_mut().go_on(&event);
    }
}
