//! How a run is to go: how many at once, how long, how often again, and from where.

use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;
use std::time::Duration;

use crate::model::{FinishReason, Grounding, ModelError};
use crate::pipeline::{Agent, Pipeline};
use crate::trace::GiveUp;
use crate::words;

/// How to run a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// How many agents may be in flight at once. One that waits for its next attempt is in flight.
    pub width: NonZeroUsize,
    /// What a failure does to the others.
    pub on_failure: OnFailure,
    /// How long anything may take.
    pub timeouts: Timeouts,
    /// What happens to an attempt that failed.
    pub retry: Retry,
    /// When an agent without an answer is asked a second time; `None`: never.
    pub hedge: Option<Hedge>,
    /// With how many answers a join begins; `None`: with all of them.
    pub quorum: Option<Quorum>,
}

/// A second call of an agent that has not answered for some time. The first answer counts, and the
/// other call is dropped, which ends it on the wire.
///
/// An agent is asked a second time once at most. The first call goes on as it would without, its
/// retries included; while it waits for a retry, and after a server has refused calls of the run for
/// being too many, no second call is made. The second call has no retries, and needs no slot: the
/// limit is on agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hedge {
    /// How long after the agent's start.
    pub after: Duration,
    /// Which agent, by place; `None`: all that ask a model.
    pub agent: Option<usize>,
}

/// How many of its branches' answers a join begins with. The keys of the others are missing in its
/// prompt, as under [`OnFailure::Collect`]. A join with fewer branches waits for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// How many answers.
    pub answers: NonZeroUsize,
    /// Which join, by place; `None`: every agent that reads others.
    pub join: Option<usize>,
    /// What becomes of the branches that have not answered by then.
    pub late: Late,
}

/// What becomes of a branch whose answer no agent waits for any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Late {
    /// It is canceled.
    #[default]
    Cancel,
    /// It runs on if it has begun, though nothing uses its answer: `Promise.race`, `Promise.any`.
    Keep,
}

impl Hedge {
    /// Whether the agent at that place may be asked a second time.
    pub fn is_for(self, agent: usize) -> bool {
        self.agent.is_none_or(|only| only == agent)
    }
}

impl Quorum {
    /// Whether the agent at that place may begin early.
    pub fn is_for(self, agent: usize) -> bool {
        self.join.is_none_or(|only| only == agent)
    }
}

/// What the failure of one agent does to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The run fails at once and agents in flight are canceled: asyncio's `TaskGroup`, ADK.
    #[default]
    Cancel,
    /// The run fails at once and agents that could run still do, and still cost, though nothing uses
    /// their answers: `asyncio.gather`, `Promise.all`, LangChain's `ainvoke`.
    Leave,
    /// Agents that could run end first, then the run fails with the error of the first failed agent
    /// in the list: LangChain's `RunnableParallel.invoke`, with threads.
    Wait,
    /// The other agents go on, and those that read the missing output get a visible mark in its
    /// place: `gather(return_exceptions=True)`. An agent none of whose needs has an answer is
    /// skipped.
    Collect,
    /// The other agents go on, and read the agent's fallback as its answer: LangChain's
    /// `with_fallbacks`. See [`fallback`].
    Fallback,
}

impl OnFailure {
    /// All of them, from the one that ends the most to the one that ends nothing.
    pub const ALL: [Self; 5] =
        [Self::Cancel, Self::Leave, Self::Wait, Self::Collect, Self::Fallback];

    /// Whether the run fails with the first failure, or once all that could run has ended.
    pub fn raises(self) -> bool {
        match self {
            Self::Cancel | Self::Leave | Self::Wait => true,
            Self::Collect | Self::Fallback => false,
        }
    }
}

/// What stands for an agent under [`OnFailure::Fallback`] when it has no answer of its own.
pub fn fallback(agent: &Agent) -> String {
    words::status::fallback(&agent.name)
}

/// How long anything may take; `None`: for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// From a call to the first piece of its answer.
    pub first: Option<Duration>,
    /// From one piece of an answer to the next.
    pub between: Option<Duration>,
    /// The whole run: agents still in flight then are canceled, and the run fails.
    pub run: Option<Duration>,
}

/// What happens to an attempt that failed, with an error that may pass or with any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often an agent is asked at most, the first time included.
    pub attempts: NonZeroU32,
    /// The wait after the first failure. It doubles with each further one, up to [`LONGEST_BACKOFF`];
    /// of that, chance takes up to a half away, so that those who failed together do not come back
    /// together. Where the server says how long to wait, that is how long it is.
    pub backoff: Duration,
    /// The longest wait that a server may ask for; where it asks for more, that was the last attempt.
    pub longest_wait: Duration,
    /// Which of the random spreads: the same seed gives the same waits.
    pub seed: u64,
    /// Whether any failure is tried again, also one that stays, and nothing that a server asks for is
    /// heeded: LangChain's `with_retry`.
    pub any_failure: bool,
}

/// The longest wait that is not the server's wish.
pub const LONGEST_BACKOFF: Duration = Duration::from_secs(8);

impl Schedule {
    /// One agent at a time.
    pub fn sequential() -> Self {
        Self { width: NonZeroUsize::MIN, ..Self::parallel() }
    }

    /// As many at once as can be; once each, for as long as it takes.
    pub fn parallel() -> Self {
        Self {
            width: NonZeroUsize::MAX,
            on_failure: OnFailure::Cancel,
            timeouts: Timeouts::default(),
            retry: Retry::never(),
            hedge: None,
            quorum: None,
        }
    }
}

impl Timeouts {
    /// That long for each piece of an answer, the first as well as the next ones.
    pub fn of_each_read(longest: Duration) -> Self {
        Self { first: Some(longest), between: Some(longest), run: None }
    }
}

impl Retry {
    /// One attempt, and no other.
    pub fn never() -> Self {
        Self::up_to(NonZeroU32::MIN)
    }

    /// That many attempts, with the waits that the vendors' own libraries begin with.
    pub fn up_to(attempts: NonZeroU32) -> Self {
        Self {
            attempts,
            backoff: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            seed: 0,
            any_failure: false,
        }
    }

    /// What follows when that attempt of an agent (the first is 1) failed so: a wait, or why it was
    /// the last.
    pub(super) fn after(
        &self,
        error: &ModelError,
        agent: usize,
        attempt: u32,
    ) -> Result<Duration, Option<GiveUp>> {
        let kind = error.kind();
        if self.attempts.get() == 1 || !(self.any_failure || kind.is_temporary()) {
            return Err(None);
        }
        let most = if self.any_failure { u32::MAX } else { kind.most_attempts() };
        if attempt >= self.attempts.get().min(most) {
            return Err(Some(GiveUp::Attempts(attempt)));
        }
        match error {
            _ if self.any_failure => Ok(self.backoff(agent, attempt)),
            ModelError::Status { retry_after: Some(asked), .. } if *asked > self.longest_wait => {
                Err(Some(GiveUp::LongWait { asked: *asked, limit: self.longest_wait }))
            }
            ModelError::Status { retry_after: Some(asked), .. } => Ok(*asked),
            _ => Ok(self.backoff(agent, attempt)),
        }
    }

    /// A wait of our own choice. What it depends on is written down, so that it can be had again.
    fn backoff(&self, agent: usize, attempt: u32) -> Duration {
        let doubled = self.backoff.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST_BACKOFF);
        let place = (agent as u64) << 32 | u64::from(attempt);
        // The odd number is 2⁶⁴ over the golden ratio: neighbors do not get neighboring seeds.
        let seed = self.seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let share = 1.0 - fastrand::Rng::with_seed(seed).f64() / 2.0;
        Duration::from_micros((doubled.as_secs_f64() * share * 1e6).round() as u64)
    }
}

/// What a run begins with: answers that an earlier run of the same pipeline left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// For each agent, if any is kept.
    kept: Vec<Option<KeptAnswer>>,
}

/// An answer from an earlier run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptAnswer {
    /// What it says.
    pub text: Rc<str>,
    /// Why the model stopped.
    pub finish: Option<FinishReason>,
    /// What on the web it rests on.
    pub grounding: Option<Grounding>,
}

impl Resume {
    /// Keeps every answer that rests only on kept answers. An agent without one runs again, and so do
    /// all that read its output, even if they made do without it before.
    pub fn of(pipeline: &Pipeline, mut answer: impl FnMut(usize) -> Option<KeptAnswer>) -> Self {
        let mut kept = vec![None; pipeline.agents().len()];
        for agent in pipeline.in_order() {
            if pipeline.needs(agent).iter().all(|need| kept[*need].is_some()) {
                kept[agent] = answer(agent);
            }
        }
        Self { kept }
    }

    /// The answer of the agent at that place, if it is kept.
    pub fn kept(&self, agent: usize) -> Option<&KeptAnswer> {
        self.kept.get(agent)?.as_ref()
    }
}
