//! Runs a pipeline on the event loop that polls it.
//!
//! The engine starts each agent as soon as everything it reads is written and a slot is free. It
//! knows three capabilities, a [`Clock`], a [`Model`] and a [`Sink`], and nothing else: not whether
//! the model is live or simulated, not whether time is real, not who looks at the log.
//!
//! The article's two ways of running are one line here: the sequential run is the parallel run
//! with a width of one. Canceling is dropping: every span ends when it is dropped.

mod ask;
mod gate;
mod policy;
mod span;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{Either, FutureExt, pending, select};
use futures::stream::FuturesUnordered;

use self::ask::{Call, InFlight};
use self::gate::Gate;
use self::span::{Recorder, Span};
use crate::clock::Clock;
use crate::model::{Model, ModelError, Prompt};
use crate::pipeline::{Agent, Pipeline, Work};
use crate::state::State;
use crate::time::Instant;
use crate::trace::{EventKind, Outcome, Sink, SpanId};
use crate::words;

pub use self::policy::{
    KeptAnswer, LONGEST_BACKOFF, OnFailure, Resume, Retry, Schedule, Timeouts, fallback,
};

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
    let mut run = Run::new(pipeline, inputs, from, &recorder);
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
            span.emit_at(*now.get_or_insert_with(|| recorder.now()), EventKind::Start);
            let work = pipeline.agents()[agent].work;
            let (prompt, gate) = (run.prompt(agent), gate.clone());
            let call = Call { span: span.clone(), prompt, work, schedule, model, gate };
            in_flight.push(InFlight { agent, span, answer: call.answer().boxed_local() });
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
    }
    in_flight.clear();
    let outcome = run.close(recorder.now(), schedule.on_failure);
    run_span.end(outcome.clone());
    RunResult { state: run.state, outcome }
}

/// The scheduler's books. Whether an agent has ended is its span's to know.
struct Run<'a> {
    pipeline: &'a Pipeline,
    state: State,
    spans: Vec<Rc<Span<'a>>>,
    /// How many of its needs have not ended yet, for each agent.
    open_needs: Vec<usize>,
    /// Which agents have an answer in the state, so that it need not be searched for their keys.
    has_answer: Vec<bool>,
    /// Agents that could start now, in list order.
    ready: BTreeSet<usize>,
    /// Agents that failed, in that order.
    failed: Vec<(usize, ModelError)>,
    /// Whether the run is bound to fail: agents that wait for an answer will not start.
    raises: bool,
    /// Whether it has failed already, and agents that run on are orphaned.
    has_left: bool,
    /// Set when the run's time was up.
    late: Option<ModelError>,
}

impl<'a> Run<'a> {
    fn new(
        pipeline: &'a Pipeline,
        inputs: State,
        from: Resume,
        recorder: &'a Recorder<'a>,
    ) -> Self {
        let agents = 0..pipeline.agents().len();
        let mut run = Self {
            pipeline,
            state: pipeline.inputs().iter().fold(State::new(), |mut state, key| {
                // Only those: what an earlier run left under an agent's key is not its answer.
                if let Some(text) = inputs.get(key) {
                    state.set(key.clone(), text.clone());
                }
                state
            }),
            spans: agents
                .clone()
                .map(|agent| Rc::new(recorder.open(SpanId::agent(agent))))
                .collect(),
            open_needs: (agents.clone())
                .map(|agent| {
                    let needs = pipeline.needs(agent).iter();
                    needs.filter(|need| from.kept(**need).is_none()).count()
                })
                .collect(),
            has_answer: vec![false; pipeline.agents().len()],
            ready: BTreeSet::new(),
            failed: Vec::new(),
            raises: false,
            has_left: false,
            late: None,
        };
        for agent in agents.clone() {
            from.kept(agent).into_iter().for_each(|answer| run.keep(agent, answer));
        }
        // One moment for all that could begin with the run, as for all that one answer releases.
        let now = recorder.now();
        for agent in agents.filter(|agent| from.kept(*agent).is_none()) {
            if run.open_needs[agent] == 0 {
                run.enqueue(agent, now);
            }
        }
        run
    }

    /// Takes over an answer from before, and says that it is one.
    fn keep(&mut self, agent: usize, answer: &KeptAnswer) {
        let span = &self.spans[agent];
        span.emit(EventKind::Kept(answer.text.to_string()));
        answer.finish.into_iter().for_each(|reason| span.emit(EventKind::Finish(reason)));
        answer.grounding.iter().cloned().for_each(|g| span.emit(EventKind::Grounding(g)));
        span.end(Outcome::Kept);
        self.set(agent, answer.text.clone());
    }

    fn enqueue(&mut self, agent: usize, at: Instant) {
        self.spans[agent].emit_at(at, EventKind::Queued);
        self.ready.insert(agent);
    }

    fn write(&mut self, agent: usize, at: Instant, text: Rc<str>) {
        self.set(agent, text);
        self.spans[agent].end_at(at, Outcome::Done);
    }

    fn set(&mut self, agent: usize, text: Rc<str>) {
        self.state.set(self.pipeline.agents()[agent].output_key.clone(), text);
        self.has_answer[agent] = true;
    }

    fn fail(&mut self, agent: usize, at: Instant, error: ModelError) {
        self.spans[agent].end_at(at, Outcome::Failed(error.clone()));
        self.failed.push((agent, error));
    }

    /// Lets what stands for an agent take its answer's place.
    fn fall_back(&mut self, agent: usize, at: Instant, error: ModelError) {
        let text = fallback(&self.pipeline.agents()[agent]);
        self.spans[agent].emit_at(at, EventKind::Fallback(text.clone()));
        self.set(agent, text.into());
        self.spans[agent].end_at(at, Outcome::FellBack(error));
    }

    /// Ends the run with its first failure, and leaves behind who is in flight and who could be.
    fn leave(&mut self, at: Instant, in_flight: impl Iterator<Item = usize>, run_span: &Span<'_>) {
        self.raises = true;
        if std::mem::replace(&mut self.has_left, true) {
            return;
        }
        let mut orphans = self.ready.clone();
        orphans.extend(in_flight);
        for agent in 0..self.spans.len() {
            if orphans.contains(&agent) {
                self.spans[agent].emit_at(at, EventKind::Orphaned);
            } else {
                self.end_without_answer(at, agent);
            }
        }
        run_span.end_at(at, self.outcome(OnFailure::Leave));
    }

    /// Lets those go on that waited for `agent`, which has ended.
    fn release_readers(&mut self, agent: usize, at: Instant) {
        let pipeline = self.pipeline;
        let mut ended = vec![agent];
        while let Some(agent) = ended.pop() {
            for reader in pipeline.needed_by(agent) {
                self.open_needs[*reader] -= 1;
                if self.open_needs[*reader] > 0 {
                    continue;
                }
                let needs = pipeline.needs(*reader);
                if self.has_something_to_read(needs) {
                    self.enqueue(*reader, at);
                } else {
                    self.spans[*reader].end_at(at, Outcome::Skipped { needs: needs.to_vec() });
                    ended.push(*reader);
                }
            }
        }
    }

    /// Whether an agent with these needs has a finding to work on. The text that a pass-through hands
    /// on is none: a synthesis of nothing but the question would be paid for and say nothing.
    fn has_something_to_read(&self, needs: &[usize]) -> bool {
        let asks = |need: &usize| self.pipeline.agents()[*need].work == Work::Model;
        match needs.iter().any(asks) {
            true => needs.iter().any(|need| asks(need) && self.has_answer[*need]),
            false => needs.iter().any(|need| self.has_answer[*need]),
        }
    }

    /// Fills an agent's templates from what is written by now.
    fn prompt(&self, index: usize) -> Prompt {
        let agent: &Agent = &self.pipeline.agents()[index];
        let fill = |key: &_, optional: bool| match self.state.get(key) {
            Some(text) => text.clone(),
            None if optional || self.pipeline.inputs().contains(key) => "".into(),
            // Only where failures are collected does anyone run without what it reads.
            None => words::status::missing(key.as_str()).into(),
        };
        Prompt {
            agent: index,
            system: agent.instruction.fill(fill),
            user: agent.prompt.fill(fill),
            reads: (self.pipeline.reads(index).iter())
                .map(|key| (key.clone(), self.state.get(key).cloned()))
                .collect(),
            model: agent.model.clone(),
            tools: agent.tools.clone(),
        }
    }

    /// Ends what has not ended and judges the run.
    fn close(&mut self, at: Instant, policy: OnFailure) -> Outcome {
        (0..self.spans.len()).for_each(|agent| self.end_without_answer(at, agent));
        self.outcome(policy)
    }

    fn end_without_answer(&self, at: Instant, agent: usize) {
        let needs = self.pipeline.needs(agent).iter().copied();
        let needs: Vec<usize> = needs.filter(|need| !self.has_answer[*need]).collect();
        self.spans[agent].end_at(
            at,
            match needs.is_empty() || self.open_needs[agent] == 0 {
                true => Outcome::Cancelled,
                false => Outcome::Skipped { needs },
            },
        );
    }

    fn outcome(&self, policy: OnFailure) -> Outcome {
        let answered = (0..self.spans.len())
            .filter(|agent| self.pipeline.is_final(*agent))
            .all(|agent| self.has_answer[agent]);
        let first = match policy {
            OnFailure::Wait => self.failed.iter().min_by_key(|(agent, _)| *agent),
            _ => self.failed.first(),
        };
        match self.late.as_ref().or(first.map(|(_, error)| error)) {
            Some(error) if !answered => Outcome::Failed(error.clone()),
            _ => Outcome::Done,
        }
    }
}
