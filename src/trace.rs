//! The log of a run: events in the order they happened, and nothing else.
//!
//! Everything on screen is computed from it, so what is not in here did not happen. It is not a
//! picture: what the events mean together is the [`timeline`](crate::timeline)'s business.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{CallPart, FinishReason, Grounding, ModelError, Usage};
use crate::time::{Instant, as_micros};

/// A span: the run as a whole, or one agent's part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpanId(u32);

impl SpanId {
    /// The run, which is the parent of every other span.
    pub const RUN: Self = Self(0);

    /// The span of the agent at that place in the pipeline.
    pub fn agent(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX - 1) + 1)
    }

    /// The place of the agent whose span this is; `None` for the run.
    pub fn agent_index(self) -> Option<usize> {
        self.0.checked_sub(1).map(|index| index as usize)
    }

    /// The number that files give it.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, in model time.
    pub at: Instant,
    /// To which span.
    pub span: SpanId,
    /// What.
    pub kind: EventKind,
}

/// What can happen to a span. In this order: queued, start, any of the middle ones, end. An end
/// can come at any point, also first; after it, nothing. An answer that is kept from an earlier run
/// is told and ended at once, without a start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Everything it reads is written; from here on it only waits for a slot.
    Queued,
    /// It has a slot and runs.
    Start,
    /// It was polled, and has just let go of the thread.
    Poll {
        /// When it got the thread, in model time.
        since: Instant,
        /// How long it kept it, in real time: a poll takes as long at every speed.
        #[serde(with = "as_micros")]
        took: Duration,
    },
    /// The model thinks, from here to the next text or to the end of the attempt.
    Thinking,
    /// What the model has said so far in this attempt was thinking, as it turns out.
    WasThinking,
    /// The call goes without this: the server has refused it before.
    Without(CallPart),
    /// The model said more.
    Delta(String),
    /// What the call has cost so far.
    Usage(Usage),
    /// Why the model stopped.
    Finish(FinishReason),
    /// What on the web the answer rests on.
    Grounding(Grounding),
    /// An attempt failed, and another one follows after a wait: what it said is thrown away.
    Retry {
        /// How it failed.
        error: ModelError,
        /// How long the wait is.
        #[serde(with = "as_micros")]
        wait: Duration,
        /// How many attempts are left, at most.
        left: u32,
    },
    /// The next attempt begins. That may be later than the wait, where too many calls are out.
    Attempt,
    /// Why the attempt that has just failed is the last, where others could have followed.
    GiveUp(GiveUp),
    /// The answer that it has from an earlier run.
    Kept(String),
    /// It failed, and this stands in place of its answer: what it had said is thrown away.
    Fallback(String),
    /// The run is about to end with another one's failure, or a quorum was reached without it: this one
    /// goes on unused.
    Orphaned,
    /// A second call of the same agent begins beside the first, which has not answered: a hedge.
    Hedge,
    /// The same of the second call: any of the events between start and end.
    Second(Box<EventKind>),
    /// What came of one of the two calls.
    Hedged(Hedged),
    /// It begins with the answers of a quorum: those of these agents, by place, are missing.
    Quorum {
        /// The agents whose answers it begins without.
        missing: Vec<usize>,
    },
    /// The run allows itself only that many calls at once from now on: a server has refused more.
    Limit(NonZeroUsize),
    /// It is over.
    End(Outcome),
}

/// What came of one of the two calls of an agent that was hedged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hedged {
    /// The first call has answered, and the second one is dropped.
    FirstWon,
    /// The second call has answered, and the first one is dropped: what it had said is thrown away.
    SecondWon,
    /// The first call has failed for good, and the second one is still out.
    FirstFailed(ModelError),
    /// The second call has failed. The first one decides.
    SecondFailed(ModelError),
}

/// Why nothing follows after an attempt that failed with what may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GiveUp {
    /// That many attempts are all there are.
    Attempts(u32),
    /// The server wants a longer wait than there may be.
    LongWait {
        /// How long it asks to wait.
        #[serde(with = "as_micros")]
        asked: Duration,
        /// How long a wait may be.
        #[serde(with = "as_micros")]
        limit: Duration,
    },
}

/// How a span ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With an answer.
    Done,
    /// Before it began: it has its answer from an earlier run.
    Kept,
    /// With an error. A run fails with the first error that kept it from its answer.
    Failed(ModelError),
    /// With an error, and with its fallback in place of an answer.
    FellBack(ModelError),
    /// With an answer that was not used: the run had failed, or all that read it had begun without it.
    Orphaned,
    /// The reader stopped it, or another agent's failure did, or a quorum was reached without it.
    Cancelled,
    /// It was never started, because something that it needs has no answer.
    Skipped {
        /// The agents that it needed, by place.
        needs: Vec<usize>,
    },
}

impl Outcome {
    /// Its name in tables and files.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Kept => "kept",
            Self::Failed(_) => "failed",
            Self::FellBack(_) => "fallback",
            Self::Orphaned => "orphaned",
            Self::Cancelled => "cancelled",
            Self::Skipped { .. } => "skipped",
        }
    }
}

/// Where a run's events go.
pub trait Sink {
    /// Takes the next event. Events of one run come in the order of their times.
    fn emit(&self, event: Event);
}

/// An append-only log. Clones share their events until one of them goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Event>", into = "Vec<Event>")]
pub struct Trace {
    events: Rc<Vec<Event>>,
    /// Of the spans that have started, those that have not ended.
    open: BTreeSet<SpanId>,
}

impl Trace {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty log with room for so many events.
    pub fn with_capacity(events: usize) -> Self {
        Self { events: Rc::new(Vec::with_capacity(events)), ..Self::default() }
    }

    /// The events, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Adds what happened next.
    pub fn push(&mut self, event: Event) {
        match event.kind {
            EventKind::Start => drop(self.open.insert(event.span)),
            // Nothing of it has begun, and it will go on all the same.
            EventKind::Orphaned => drop(self.open.insert(event.span)),
            EventKind::End(_) => drop(self.open.remove(&event.span)),
            _ => {}
        }
        Rc::make_mut(&mut self.events).push(event);
    }

    /// The moment of the last event.
    pub fn end(&self) -> Instant {
        self.events.last().map_or(Instant::ZERO, |event| event.at)
    }

    /// Whether something has begun and all that has begun is over. A run's own end is not always the
    /// last: what it has left behind goes on.
    pub fn is_over(&self) -> bool {
        !self.events.is_empty() && self.open.is_empty()
    }
}

impl FromIterator<Event> for Trace {
    fn from_iter<I: IntoIterator<Item = Event>>(events: I) -> Self {
        let mut trace = Self::new();
        events.into_iter().for_each(|event| trace.push(event));
        trace
    }
}

impl From<Vec<Event>> for Trace {
    fn from(events: Vec<Event>) -> Self {
        events.into_iter().collect()
    }
}

impl From<Trace> for Vec<Event> {
    fn from(trace: Trace) -> Self {
        Rc::unwrap_or_clone(trace.events)
    }
}

impl Sink for RefCell<Trace> {
    fn emit(&self, event: Event) {
        self.borrow_mut().push(event);
    }
}
