//! Runs a pipeline on whatever event loop polls it.
//!
//! The engine starts each agent as soon as everything it reads is written and a slot is free. It
//! knows three capabilities, a [`Clock`], a [`Model`] and a [`Sink`], and nothing else: not whether
//! the model is live or simulated, not whether time is real, not who looks at the log.
//!
//! The article's two ways of running are one line here: the sequential run is the parallel run
//! with a width of one. Cancelling is dropping: every span ends, whatever drops it.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::StreamExt;
use futures::future::{Either, FutureExt, LocalBoxFuture, select};
use futures::stream::FuturesUnordered;

use crate::clock::Clock;
use crate::model::{Chunk, Model, ModelError, Prompt};
use crate::pipeline::{Agent, Pipeline, Work};
use crate::state::State;
use crate::time::Instant;
use crate::trace::{Event, EventKind, Outcome, Sink, SpanId};

/// How to run a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// How many agents may be in flight at once.
    pub width: NonZeroUsize,
    /// What a failure does to the others.
    pub on_failure: OnFailure,
    /// How long to wait for the first piece of an answer, and for each next one; `None`: for ever.
    pub read_timeout: Option<Duration>,
}

/// What the failure of one agent does to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The run fails at once and whoever is in flight is cancelled: asyncio's `TaskGroup`, ADK.
    #[default]
    Cancel,
    /// Everyone else goes on, and whoever reads the missing output gets a visible mark in its
    /// place: `gather(return_exceptions=True)`. An agent none of whose needs has an answer is
    /// skipped.
    Collect,
}

impl Schedule {
    /// One agent at a time.
    pub fn sequential() -> Self {
        Self { width: NonZeroUsize::MIN, ..Self::parallel() }
    }

    /// As many at once as can be.
    pub fn parallel() -> Self {
        Self { width: NonZeroUsize::MAX, on_failure: OnFailure::Cancel, read_timeout: None }
    }
}

/// What a run leaves, besides its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunResult {
    /// The inputs and everything that was written.
    pub state: State,
    /// How it ended: done when every final agent has an answer.
    pub outcome: Outcome,
}

/// Runs `pipeline` once. `inputs` holds the texts of its input keys; one that is missing counts as
/// empty. Times in the log count from this call. Dropping the future stops the run.
pub async fn run(
    pipeline: &Pipeline,
    inputs: State,
    schedule: Schedule,
    clock: &dyn Clock,
    model: &dyn Model,
    sink: &dyn Sink,
) -> RunResult {
    let recorder = Recorder { clock, sink, zero: clock.now() };
    let run_span = recorder.open(SpanId::RUN);
    run_span.emit(EventKind::Start);
    let mut run = Run::new(pipeline, inputs, &recorder);
    // Declared last, so that a drop abandons the calls in flight first and ends the run's span last.
    let mut in_flight: FuturesUnordered<InFlight<'_>> = FuturesUnordered::new();
    loop {
        while in_flight.len() < schedule.width.get() {
            let Some(agent) = run.ready.pop_first() else { break };
            let span = run.spans[agent].clone();
            span.emit(EventKind::Start);
            let work = pipeline.agents()[agent].work;
            let answer = ask(span.clone(), run.prompt(agent), work, model, schedule.read_timeout);
            in_flight.push(InFlight { agent, span, answer: answer.boxed_local() });
        }
        let Some((agent, answer)) = in_flight.next().await else { break };
        match answer {
            Ok(text) => run.write(agent, text),
            Err(error) => {
                run.fail(agent, error);
                if schedule.on_failure == OnFailure::Cancel {
                    break;
                }
            }
        }
        run.release_readers(agent);
    }
    in_flight.clear();
    let outcome = run.close();
    run_span.end(outcome.clone());
    RunResult { state: run.state, outcome }
}

type Answer = Result<Rc<str>, ModelError>;

/// The scheduler's books. Whether an agent has ended is its span's to know.
struct Run<'a> {
    pipeline: &'a Pipeline,
    state: State,
    spans: Vec<Rc<Span<'a>>>,
    /// How many of its needs have not ended yet, for each agent.
    open_needs: Vec<usize>,
    /// Who could start now, first in the list first.
    ready: BTreeSet<usize>,
    first_error: Option<ModelError>,
}

impl<'a> Run<'a> {
    fn new(pipeline: &'a Pipeline, inputs: State, recorder: &'a Recorder<'a>) -> Self {
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
            open_needs: agents.clone().map(|agent| pipeline.needs(agent).len()).collect(),
            ready: BTreeSet::new(),
            first_error: None,
        };
        for agent in agents.filter(|agent| pipeline.needs(*agent).is_empty()) {
            run.enqueue(agent);
        }
        run
    }

    fn enqueue(&mut self, agent: usize) {
        self.spans[agent].emit(EventKind::Queued);
        self.ready.insert(agent);
    }

    fn write(&mut self, agent: usize, text: Rc<str>) {
        self.state.set(self.pipeline.agents()[agent].output_key.clone(), text);
        self.spans[agent].end(Outcome::Done);
    }

    fn fail(&mut self, agent: usize, error: ModelError) {
        self.spans[agent].end(Outcome::Failed(error.clone()));
        self.first_error.get_or_insert(error);
    }

    fn has_answer(&self, agent: usize) -> bool {
        self.state.get(&self.pipeline.agents()[agent].output_key).is_some()
    }

    /// Lets those go on that waited for `agent`, which has ended.
    fn release_readers(&mut self, agent: usize) {
        let pipeline = self.pipeline;
        let mut ended = vec![agent];
        while let Some(agent) = ended.pop() {
            for reader in pipeline.needed_by(agent) {
                self.open_needs[*reader] -= 1;
                if self.open_needs[*reader] > 0 {
                    continue;
                }
                let needs = pipeline.needs(*reader);
                if needs.iter().any(|need| self.has_answer(*need)) {
                    self.enqueue(*reader);
                } else {
                    self.spans[*reader].end(Outcome::Skipped { needs: needs.to_vec() });
                    ended.push(*reader);
                }
            }
        }
    }

    /// Fills an agent's templates from what is written by now.
    fn prompt(&self, index: usize) -> Prompt {
        let agent: &Agent = &self.pipeline.agents()[index];
        let fill = |key: &_, optional: bool| match self.state.get(key) {
            Some(text) => text.clone(),
            None if optional || self.pipeline.inputs().contains(key) => "".into(),
            // Only where failures are collected does anyone run without what it reads.
            None => format!("[{key} is missing: the agent that writes it gave no answer]").into(),
        };
        Prompt {
            agent: index,
            system: agent.instruction.fill(fill),
            user: agent.prompt.fill(fill),
            reads: (agent.reads().into_iter())
                .map(|(key, _)| (key.clone(), self.state.get(key).cloned()))
                .collect(),
            model: agent.model.clone(),
            tools: agent.tools.clone(),
        }
    }

    /// Ends what has not ended and judges the run.
    fn close(&mut self) -> Outcome {
        for agent in 0..self.spans.len() {
            self.spans[agent].end(if self.open_needs[agent] == 0 {
                Outcome::Cancelled
            } else {
                let needs = self.pipeline.needs(agent).iter().copied();
                Outcome::Skipped { needs: needs.filter(|need| !self.has_answer(*need)).collect() }
            });
        }
        let answered = (0..self.spans.len())
            .filter(|agent| self.pipeline.is_final(*agent))
            .all(|agent| self.has_answer(agent));
        match self.first_error.take() {
            Some(error) if !answered => Outcome::Failed(error),
            _ => Outcome::Done,
        }
    }
}

/// Gets one agent's answer and logs how it came.
async fn ask(
    span: Rc<Span<'_>>,
    prompt: Prompt,
    work: Work,
    model: &dyn Model,
    read_timeout: Option<Duration>,
) -> Answer {
    if work == Work::PassThrough {
        span.emit(EventKind::Delta(prompt.user.clone()));
        return Ok(prompt.user.into());
    }
    let mut answer = String::new();
    let mut chunks = model.generate(&prompt);
    loop {
        let next = match read_timeout {
            None => chunks.next().await,
            Some(after) => match select(chunks.next(), span.recorder.clock.sleep(after)).await {
                Either::Left((next, _)) => next,
                Either::Right(_) => {
                    return Err(ModelError::TimedOut { after, mid_answer: !answer.is_empty() });
                }
            },
        };
        match next {
            Some(Ok(Chunk::Text(text))) => {
                answer.push_str(&text);
                span.emit(EventKind::Delta(text));
            }
            Some(Ok(Chunk::Usage(usage))) => span.emit(EventKind::Usage(usage)),
            Some(Ok(Chunk::Finish(reason))) => span.emit(EventKind::Finish(reason)),
            Some(Ok(Chunk::Grounding(found))) => span.emit(EventKind::Grounding(found)),
            Some(Ok(Chunk::Resent(error))) => {
                span.emit(EventKind::Retry { error, wait: Duration::ZERO });
            }
            Some(Err(error)) => return Err(error),
            None => return Ok(answer.into()),
        }
    }
}

/// Stamps events with the run's time and hands them on.
struct Recorder<'a> {
    clock: &'a dyn Clock,
    sink: &'a dyn Sink,
    zero: Instant,
}

impl<'a> Recorder<'a> {
    /// The present, counted from the run's beginning.
    fn now(&self) -> Instant {
        Instant::ZERO + self.clock.now().since(self.zero)
    }

    fn open(&'a self, id: SpanId) -> Span<'a> {
        Span { recorder: self, id, ended: Cell::new(false) }
    }
}

/// A span that ends exactly once: as told, or as cancelled when it is dropped.
struct Span<'a> {
    recorder: &'a Recorder<'a>,
    id: SpanId,
    ended: Cell<bool>,
}

impl Span<'_> {
    fn emit(&self, kind: EventKind) {
        let at = self.recorder.now();
        self.recorder.sink.emit(Event { at, span: self.id, kind });
    }

    /// Ends it; does nothing when it has ended.
    fn end(&self, outcome: Outcome) {
        if !self.ended.replace(true) {
            self.emit(EventKind::End(outcome));
        }
    }
}

impl Drop for Span<'_> {
    fn drop(&mut self) {
        self.end(Outcome::Cancelled);
    }
}

/// An agent that runs. Each of its polls is measured, so that the event loop's picture is data.
struct InFlight<'a> {
    agent: usize,
    span: Rc<Span<'a>>,
    answer: LocalBoxFuture<'a, Answer>,
}

impl Future for InFlight<'_> {
    type Output = (usize, Answer);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let recorder = self.span.recorder;
        let (clock, since) = (recorder.clock, recorder.now());
        let began = clock.stopwatch();
        let polled = self.answer.as_mut().poll(context);
        let took = clock.stopwatch().saturating_sub(began);
        self.span.emit(EventKind::Poll { since, took });
        polled.map(|answer| (self.agent, answer))
    }
}
