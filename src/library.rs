//! What would your library do: the primitives that run agents in parallel, each as a run of the engine.
//!
//! A primitive is a schedule, and for one of them a retry around the whole run; what the caller gets of
//! a run that fails is the primitive's own. What each does was measured; a row of
//! figures comes from a run on the virtual clock and from nothing else.

mod line;
mod picture;
mod row;
mod said;

use std::num::{NonZeroU32, NonZeroUsize};

use crate::codegen::Language;
use crate::config::{NamedQuorum, Settings};
use crate::engine::{Late, OnFailure, Quorum, Retry, Schedule, Timeouts};
use crate::model::FailureKind;
use crate::simulate::{Failing, Fault};

pub use line::{Line, lines};
pub use picture::{Fill, Mark, Picture};
pub use row::{Row, Rows, Sees, Siblings, row, rows};

/// A way of running agents in parallel that a language or library has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `asyncio.gather`: the first exception at once, and the others keep running.
    Gather,
    /// `asyncio.gather(return_exceptions=True)`: a list of all results, exceptions among them.
    GatherReturnExceptions,
    /// `asyncio.TaskGroup`: the others are canceled.
    TaskGroup,
    /// `asyncio.wait_for` around a gather: the run's timeout cancels all.
    WaitFor,
    /// LangChain's `RunnableParallel.ainvoke`, which is a gather.
    Ainvoke,
    /// LangChain's `RunnableParallel.invoke`, with threads: it waits for the slowest.
    Invoke,
    /// LangChain's `with_retry` on each branch.
    WithRetry,
    /// LangChain's `with_retry` around the map: all branches run again.
    WithRetryAroundMap,
    /// LangChain's `with_fallbacks` on each branch.
    WithFallbacks,
    /// The `ParallelAgent` of ADK 1.
    ParallelAgent,
    /// The `Workflow` of ADK 2.
    Workflow,
    /// A superstep of LangGraph.
    LangGraph,
    /// `Promise.all`.
    PromiseAll,
    /// `Promise.allSettled`.
    PromiseAllSettled,
    /// `Promise.race`: the first that settles, a rejection too.
    PromiseRace,
    /// `Promise.any`: the first that is fulfilled.
    PromiseAny,
    /// `futures::future::try_join_all`: the others are dropped.
    TryJoinAll,
    /// `futures::future::join_all`.
    JoinAll,
    /// `StreamExt::buffer_unordered(n)`.
    BufferUnordered,
}

/// How a primitive runs a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// How each run goes.
    pub schedule: Schedule,
    /// How often all of it runs again after a failure.
    pub around: Retry,
}

/// Three attempts, as `with_retry` makes them.
const ATTEMPTS: NonZeroU32 = NonZeroU32::new(3).expect("three is not zero");

/// Whether a call that fails so is tried again under the page's own retries.
fn may_pass(failing: &Failing) -> bool {
    match failing.fault {
        Fault::Status { status, .. } => {
            FailureKind::of_status(status).is_temporary() && failing.retry_after.is_none()
        }
        Fault::Hang | Fault::Cut { .. } => true,
    }
}

impl Primitive {
    /// All of them, by language.
    pub const ALL: [Self; 19] = [
        Self::Gather,
        Self::GatherReturnExceptions,
        Self::TaskGroup,
        Self::WaitFor,
        Self::Ainvoke,
        Self::Invoke,
        Self::WithRetry,
        Self::WithRetryAroundMap,
        Self::WithFallbacks,
        Self::ParallelAgent,
        Self::Workflow,
        Self::LangGraph,
        Self::PromiseAll,
        Self::PromiseAllSettled,
        Self::PromiseRace,
        Self::PromiseAny,
        Self::TryJoinAll,
        Self::JoinAll,
        Self::BufferUnordered,
    ];

    /// What it is called in code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gather => "asyncio.gather",
            Self::GatherReturnExceptions => "gather(return_exceptions=True)",
            Self::TaskGroup => "asyncio.TaskGroup",
            Self::WaitFor => "asyncio.wait_for(gather)",
            Self::Ainvoke => "RunnableParallel.ainvoke",
            Self::Invoke => "RunnableParallel.invoke",
            Self::WithRetry => "with_retry on a branch",
            Self::WithRetryAroundMap => "with_retry around the map",
            Self::WithFallbacks => "with_fallbacks",
            Self::ParallelAgent => "ParallelAgent",
            Self::Workflow => "Workflow",
            Self::LangGraph => "StateGraph",
            Self::PromiseAll => "Promise.all",
            Self::PromiseAllSettled => "Promise.allSettled",
            Self::PromiseRace => "Promise.race",
            Self::PromiseAny => "Promise.any",
            Self::TryJoinAll => "try_join_all",
            Self::JoinAll => "join_all",
            Self::BufferUnordered => "buffer_unordered(n)",
        }
    }

    /// The language whose program shows it.
    pub fn language(self) -> Language {
        match self {
            Self::Gather | Self::GatherReturnExceptions | Self::TaskGroup | Self::WaitFor => {
                Language::Asyncio
            }
            Self::Ainvoke
            | Self::Invoke
            | Self::WithRetry
            | Self::WithRetryAroundMap
            | Self::WithFallbacks => Language::LangChain,
            Self::ParallelAgent => Language::Adk,
            Self::Workflow => Language::Adk2,
            Self::LangGraph => Language::LangGraph,
            Self::PromiseAll | Self::PromiseAllSettled | Self::PromiseRace | Self::PromiseAny => {
                Language::Js
            }
            Self::TryJoinAll | Self::JoinAll | Self::BufferUnordered => Language::Rust,
        }
    }

    /// What a failure does to the others.
    pub fn on_failure(self) -> OnFailure {
        match self {
            Self::TaskGroup
            | Self::ParallelAgent
            | Self::Workflow
            | Self::LangGraph
            | Self::TryJoinAll => OnFailure::Cancel,
            Self::Gather
            | Self::WaitFor
            | Self::Ainvoke
            | Self::WithRetry
            | Self::WithRetryAroundMap
            | Self::PromiseAll
            | Self::PromiseRace => OnFailure::Leave,
            Self::Invoke => OnFailure::Wait,
            Self::GatherReturnExceptions
            | Self::PromiseAllSettled
            | Self::PromiseAny
            | Self::JoinAll
            | Self::BufferUnordered => OnFailure::Collect,
            Self::WithFallbacks => OnFailure::Fallback,
        }
    }

    /// With how many answers a join begins, where that is not all.
    pub fn quorum(self) -> Option<Quorum> {
        let first = Quorum { answers: NonZeroUsize::MIN, join: None, late: Late::Keep };
        matches!(self, Self::PromiseRace | Self::PromiseAny).then_some(first)
    }

    /// Whether it takes a limit on how many agents are in flight. LangChain's `ainvoke` takes one and
    /// ignores it.
    pub fn honors_limit(self) -> bool {
        matches!(self, Self::Invoke | Self::Workflow | Self::LangGraph | Self::BufferUnordered)
    }

    /// Whether the answers that were there before a failure can still be had: through the task
    /// objects, or in the state. Where a failure is only collected, all are there anyway.
    pub fn keeps_answers(self) -> bool {
        matches!(self, Self::TaskGroup | Self::ParallelAgent | Self::Workflow)
    }

    /// Sets the page to what it does, and to the language whose program shows it. Answers whether Run
    /// does the same then: a retry around the whole run is no setting, nor one of failures that stay, and
    /// a timeout is the reader's.
    pub fn choose(self, settings: &mut Settings) -> bool {
        settings.on_error = Some(self.on_failure());
        settings.quorum = self.quorum().map(|quorum| NamedQuorum {
            join: None,
            answers: quorum.answers,
            late: quorum.late,
        });
        settings.hedge = None;
        settings.retries = Some(if self == Self::WithRetry { ATTEMPTS.get() - 1 } else { 0 });
        settings.lang = self.language();
        settings.limit = settings.limit.filter(|_| self.honors_limit());
        self != Self::WithRetryAroundMap
            && (self != Self::WithRetry
                || settings.fail.iter().all(|(_, failing)| may_pass(failing)))
            && (self == Self::WaitFor) == settings.run_timeout.is_some()
    }

    /// How it runs a pipeline under the limit, the run timeout and the seed of `settings`.
    pub fn conditions(self, settings: Schedule) -> Conditions {
        let seed = settings.retry.seed;
        let three = Retry { seed, any_failure: true, ..Retry::up_to(ATTEMPTS) };
        let run = settings.timeouts.run.filter(|_| self == Self::WaitFor);
        let schedule = Schedule {
            width: if self.honors_limit() { settings.width } else { NonZeroUsize::MAX },
            on_failure: self.on_failure(),
            quorum: self.quorum(),
            timeouts: Timeouts { run, ..Timeouts::default() },
            retry: if self == Self::WithRetry { three } else { Retry::never() },
            hedge: None,
        };
        let around = if self == Self::WithRetryAroundMap { three } else { Retry::never() };
        Conditions { schedule, around }
    }
}
