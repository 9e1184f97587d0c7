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
pub mod metrics;
pub mod overview;
mod phase;
pub mod playback;
pub mod scale;
pub mod sentences;
pub mod stage;
pub mod steps;
pub mod text;

use std::num::NonZeroUsize;
use std::time::Duration;

use self::attempts::Attempt;
pub use self::phase::Phase;
use crate::excerpt;
use crate::model::{CallPart, FinishReason, Grounding, Usage};
use crate::time::Instant;
use crate::trace::{Event, EventKind, GiveUp, Outcome, SpanId, Trace};

/// What a log says about the moment at its cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    cursor: Instant,
    /// How many events of the log are in here.
    seen: usize,
    run: Lane,
    lanes: Vec<Lane>,
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

/// One span as it stood at the cursor. Where an attempt has failed and another one followed, what
/// came of the call is the present attempt's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// When everything it reads was written.
    pub queued: Option<Instant>,
    /// When it got a slot.
    pub started: Option<Instant>,
    /// When the first text came.
    pub first: Option<Instant>,
    /// When the model thought, in order.
    pub thinking: Vec<Thinking>,
    /// What the call goes without, since the server has refused it.
    pub without: Vec<CallPart>,
    /// When the run failed without it, so that its answer was not used.
    pub orphaned: Option<Instant>,
    /// When it ended and how.
    pub ended: Option<(Instant, Outcome)>,
    /// The text so far.
    pub text: String,
    /// What the call has cost so far.
    pub usage: Option<Usage>,
    /// Why the model stopped.
    pub finish: Option<FinishReason>,
    /// What on the web the answer rests on.
    pub grounding: Option<Grounding>,
    /// The attempts that were followed by another one, or by a wait for it.
    pub failed: Vec<Attempt>,
    /// Why no other attempt followed where one could have.
    pub gave_up: Option<GiveUp>,
    /// How often it was polled.
    pub polls: u32,
    /// How long it kept the thread, in real time.
    pub busy: Duration,
    /// The same in model time, which is what an axis shows. Without the poll that goes on.
    pub held: Duration,
}

/// A stretch in which a model thought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thinking {
    /// When it began.
    pub since: Instant,
    /// When text came, or the end; `None` while it goes on.
    pub until: Option<Instant>,
}

impl Lane {
    /// What it is doing.
    pub fn phase(&self) -> Phase {
        match &self.ended {
            Some((_, Outcome::Done)) => Phase::Done,
            Some((_, Outcome::Kept)) => Phase::Kept,
            Some((_, Outcome::FellBack(_))) => Phase::FellBack,
            Some((_, Outcome::Orphaned)) => Phase::Orphaned,
            Some((_, Outcome::Failed(_))) => Phase::Failed,
            Some((_, Outcome::Cancelled)) => Phase::Cancelled,
            Some((_, Outcome::Skipped { .. })) => Phase::Skipped,
            None if self.started.is_some() && self.waits() => Phase::Retrying,
            None if self.started.is_some() => Phase::Running,
            None if self.queued.is_some() => Phase::Queued,
            None => Phase::Waiting,
        }
    }

    /// The lane with the beginning of its texts only, for views that copy it once a frame: what a
    /// frame costs must not grow with what was said.
    pub fn abridged(&self) -> Self {
        Self {
            queued: self.queued,
            started: self.started,
            first: self.first,
            thinking: self.thinking.clone(),
            without: self.without.clone(),
            orphaned: self.orphaned,
            ended: self.ended.clone(),
            text: excerpt::first(&self.text).to_owned(),
            usage: self.usage,
            finish: self.finish,
            grounding: self.grounding.clone(),
            failed: self.failed.iter().map(Attempt::abridged).collect(),
            gave_up: self.gave_up,
            polls: self.polls,
            busy: self.busy,
            held: self.held,
        }
    }

    /// When it ended.
    pub fn end(&self) -> Option<Instant> {
        self.ended.as_ref().map(|(at, _)| *at)
    }

    /// How long the model has thought by `cursor`.
    pub fn thought_for(&self, cursor: Instant) -> Duration {
        let stretches = self.thinking.iter();
        stretches.map(|t| t.until.unwrap_or(cursor).since(t.since)).sum()
    }

    fn end_thinking(&mut self, at: Instant) {
        if let Some(last) = self.thinking.last_mut() {
            last.until.get_or_insert(at);
        }
    }

    /// Takes the text so far for thinking.
    fn rethink(&mut self, at: Instant) {
        let since = self.first.take().unwrap_or(at);
        self.text.clear();
        self.thinking = vec![Thinking { since, until: Some(at) }];
    }

    fn go_without(&mut self, part: CallPart) {
        if !self.without.contains(&part) {
            self.without.push(part);
        }
    }

    /// From start to end, or to `cursor` while it runs; zero when it never started.
    pub fn duration(&self, cursor: Instant) -> Duration {
        self.started.map_or(Duration::ZERO, |started| self.end().unwrap_or(cursor).since(started))
    }
}

impl Timeline {
    /// Before anything happened, for a pipeline of that many agents.
    pub fn new(agents: usize) -> Self {
        Self {
            cursor: Instant::ZERO,
            seen: 0,
            run: Lane::default(),
            lanes: vec![Lane::default(); agents],
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
        for event in fresh {
            self.apply(event);
            self.cursor = event.at;
        }
        self.seen += fresh.len();
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

    fn apply(&mut self, event: &Event) {
        let lane = match event.span.agent_index() {
            Some(agent) => match self.lanes.get_mut(agent) {
                Some(lane) => lane,
                // A log of another pipeline; its strangers have no lane to be drawn in.
                None => return,
            },
            None => &mut self.run,
        };
        let ran = lane.phase().is_in_flight();
        match &event.kind {
            EventKind::Queued => lane.queued = Some(event.at),
            EventKind::Start => lane.started = Some(event.at),
            EventKind::Poll { since, took } => {
                lane.polls += 1;
                lane.busy += *took;
                lane.held += event.at - *since;
                if let Some(agent) = event.span.agent_index() {
                    self.polls.push(Poll { agent, since: *since, until: event.at });
                }
            }
            EventKind::Thinking => {
                lane.thinking.push(Thinking { since: event.at, until: None });
            }
            EventKind::WasThinking => lane.rethink(event.at),
            EventKind::Without(part) => lane.go_without(*part),
            EventKind::Delta(text) => {
                lane.end_thinking(event.at);
                lane.first.get_or_insert(event.at);
                lane.text.push_str(text);
            }
            EventKind::Usage(usage) => lane.usage = Some(*usage),
            EventKind::Finish(reason) => lane.finish = Some(*reason),
            EventKind::Grounding(found) => lane.grounding = Some(found.clone()),
            EventKind::Retry { error, wait, left } => {
                lane.throw_away(error.clone(), event.at, *wait, *left);
            }
            EventKind::Attempt => lane.resume(event.at),
            EventKind::GiveUp(why) => lane.gave_up = Some(*why),
            EventKind::Kept(text) => lane.text.push_str(text),
            EventKind::Fallback(text) => lane.text.clone_from(text),
            EventKind::Orphaned => lane.orphaned = Some(event.at),
            EventKind::Limit(limit) => self.limits.push((event.at, *limit)),
            EventKind::End(outcome) => {
                lane.end_thinking(event.at);
                lane.ended = Some((event.at, outcome.clone()));
            }
        }
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
