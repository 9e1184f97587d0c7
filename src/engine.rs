//! Runs a pipeline on the event loop that polls it.
//!
//! The engine starts each agent as soon as everything it reads is written and a slot is free. It
//! knows three capabilities, a [`Clock`], a [`Model`] and a [`Sink`], and nothing else: not whether
//! the model is live or simulated, not whether time is real, not who looks at the log.
//!
//! The article's two ways of running are one line here: the sequential run is the parallel run
//! with a width of one. Canceling is dropping: every span ends when it is dropped.

mod ask;
mod books;
mod gate;
mod hedge;
mod policy;
mod quorum;
mod rerun;
mod span;

use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{Either, FutureExt, abortable, pending, select};
use futures::stream::FuturesUnordered;

use self::ask::{Call, InFlight};
use self::books::Run;
use self::gate::Gate;
use self::span::Recorder;
use crate::clock::Clock;
use crate::model::{Model, ModelError};
use crate::pipeline::Pipeline;
use crate::state::State;
use crate::trace::{EventKind, Outcome, Sink, SpanId};

pub use self::policy::{
    Hedge, KeptAnswer, LONGEST_BACKOFF, Late, OnFailure, Quorum, Resume, Retry, Schedule, Timeouts,
    fallback,
};
pub use self::rerun::{Rerun, Reruns, rerun};

/// What a run leaves, besides its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunResult {
    /// The inputs and everything that was written.
    pub state: State,
    /// How it ended: done when every final agent has an answer.
    pub outcome: Outcome,
}

/// Agents that are started in one go. Then the event loop gets the thread, so that a page stays
/// responsive.
const BATCH: usize = 1000;

/// Runs `pipeline` once. `inputs` holds the texts of its input keys; one that is missing counts as
/// empty. Times in the log count from this call. Dropping the future stops the run.
///
/// The article's pipeline on the virtual clock, once one agent at a time and once in parallel:
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// use converge::clock::VirtualClock;
/// use converge::engine::{self, Schedule};
/// use converge::presets::{PresetId, preset, topic_key};
/// use converge::simulate::SimulatedModel;
/// use converge::state::State;
/// use converge::trace::Trace;
///
/// let company = preset(PresetId::Company, 1);
/// let seconds = |schedule| {
///     let clock = VirtualClock::new();
///     let model = SimulatedModel::new(company.scripts.clone(), Rc::new(clock.clone()));
///     let mut inputs = State::new();
///     inputs.set(topic_key(), company.topic);
///     let log = RefCell::new(Trace::new());
///     clock.run(engine::run(&company.pipeline, inputs, schedule, &clock, &model, &log));
///     log.borrow().end().as_secs()
/// };
///
/// let sequential = seconds(Schedule::sequential());
/// let parallel = seconds(Schedule::parallel());
/// println!("sequential {sequential} s, parallel {parallel} s");
/// assert_eq!((sequential, parallel), (5.1, 2.3));
/// ```
pub async fn run(
    pipeline: &Pipeline,
    inputs: State,
    schedule: Schedule,
    clock: &dyn Clock,
    model: &dyn Model,
    sink: &dyn Sink,
) -> RunResult {
    resume(pipeline, inputs, Resume::default(), schedule, clock, model, sink).await
}

/// Runs only what has no answer yet. The answers that are kept stand at the beginning of the log, so
/// that it is whole.
pub async fn resume(
    pipeline: &Pipeline,
    inputs: State,
    from: Resume,
    schedule: Schedule,
    clock: &dyn Clock,
    model: &dyn Model,
    sink: &dyn Sink,
) -> RunResult {
    let recorder = Recorder::new(clock, sink);
    let run_span = Rc::new(recorder.open(SpanId::RUN));
    run_span.emit(EventKind::Start);
    let mut run = Run::new(pipeline, inputs, from, schedule.quorum, &recorder);
    let gate = Rc::new(Gate::new(schedule.width, run_span.clone()));
    let longest = schedule.timeouts.run;
    let mut deadline = match longest {
        Some(longest) => clock.sleep(longest),
        None => pending().boxed_local(),
    };
    // Declared last, so that a drop abandons the calls in flight first and ends the run's span last.
    let mut in_flight: FuturesUnordered<InFlight<'_>> = FuturesUnordered::new();
    loop {
        let full = gate.limit().min(in_flight.len().saturating_add(BATCH));
        // One reading of the clock for all that get a slot together. How long each then waits for
        // the thread is in its first poll.
        let mut now = None;
        while in_flight.len() < full {
            let Some(agent) = run.ready.pop_first() else { break };
            let span = run.spans[agent].clone();
            let now = *now.get_or_insert_with(|| recorder.now());
            span.emit_at(now, EventKind::Start);
            run.log_missing(agent, now);
            let work = pipeline.agents()[agent].work;
            let (prompt, gate) = (run.prompt(agent), gate.clone());
            let call = Call { span: span.clone(), prompt, work, schedule, model, gate };
            let (answer, handle) = abortable(call.answer().boxed_local());
            run.handles[agent] = Some(handle);
            in_flight.push(InFlight { agent, span, answer });
        }
        let mut yielded = match in_flight.len() < gate.limit() && !run.ready.is_empty() {
            true => clock.sleep(Duration::ZERO),
            false => pending().boxed_local(),
        };
        let next = match select(in_flight.next(), select(&mut deadline, &mut yielded)).await {
            Either::Left((next, _)) => next,
            Either::Right((Either::Left(_), _)) => {
                run.late = longest.map(|after| ModelError::RunTooLong { after });
                break;
            }
            Either::Right((Either::Right(_), _)) => continue,
        };
        let Some((agent, at, answer)) = next else { break };
        // Canceled by a quorum: its span has ended, and its slot is free now.
        let Some(answer) = answer else { continue };
        if run.unneeded[agent] {
            run.end_unneeded(agent, at, answer);
            continue;
        }
        match (answer, schedule.on_failure) {
            (Ok(_), _) if run.has_left => run.spans[agent].end_at(at, Outcome::Orphaned),
            (Ok(text), _) => run.write(agent, at, text),
            (Err(error), OnFailure::Fallback) => run.fall_back(agent, at, error),
            (Err(error), policy) => {
                run.fail(agent, at, error);
                match policy {
                    OnFailure::Collect | OnFailure::Fallback => {}
                    // In a sequential run no other agent has begun.
                    _ if schedule.width == NonZeroUsize::MIN => break,
                    OnFailure::Cancel => break,
                    OnFailure::Wait => run.raises = true,
                    OnFailure::Leave => {
                        run.leave(at, in_flight.iter().map(|call| call.agent), &run_span);
                        // Its deadline was the run's, which is over.
                        deadline = pending().boxed_local();
                    }
                }
            }
        }
        if !run.raises {
            run.release_readers(agent, at);
        }
        if run.has_only_unneeded(in_flight.len()) {
            run.end_before_unneeded(at, schedule.on_failure, &run_span);
            // Its deadline was the run's, which is over.
            deadline = pending().boxed_local();
        }
    }
    in_flight.clear();
    let outcome = run.close(recorder.now(), schedule.on_failure);
    run_span.end(outcome.clone());
    RunResult { state: run.state, outcome }
}
