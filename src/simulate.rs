//! A model that answers from a script, over a scripted time: what the page runs without a key.
//!
//! It takes the same place as a live model and streams on the same clock, so that a simulated run
//! differs from a live one in its model and in nothing else. On a virtual clock the same thing is
//! a prediction.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, LocalBoxStream};

use crate::clock::{Clock, VirtualClock};
use crate::engine::{self, Resume, Schedule};
use crate::model::{Chunk, FinishReason, Model, ModelError, Prompt};
use crate::pipeline::Pipeline;
use crate::state::{Key, State};
use crate::template::Template;
use crate::time::Instant;
use crate::timeline::{Timeline, metrics};
use crate::trace::{Sink, Trace};
use crate::words;

/// How one agent behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// From the request to the end of the answer.
    pub latency: Duration,
    /// What it says; holes are filled with what its prompt read.
    pub answer: Template,
    /// What goes wrong.
    pub fault: Option<Failing>,
    /// Whether it computes for its latency instead of awaiting it, and keeps the thread all the
    /// while: the article's mistake of calling `invoke` where `ainvoke` belongs.
    pub blocking: bool,
}

/// Something that goes wrong with a simulated call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The server answers with that HTTP status.
    Status {
        /// The status.
        status: u16,
        /// When; after the latency unless it is given.
        after: Option<Duration>,
    },
    /// Nothing ever comes.
    Hang,
    /// The answer breaks off.
    Cut {
        /// When; half-way unless it is given.
        after: Option<Duration>,
    },
}

/// A fault, and for how long it goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failing {
    /// What goes wrong.
    pub fault: Fault,
    /// How many calls it happens to before the agent answers; `None`: to every one.
    pub times: Option<NonZeroU32>,
    /// How long the server asks to wait before the next attempt, if it answers with a status.
    pub retry_after: Option<Duration>,
}

impl From<Fault> for Failing {
    fn from(fault: Fault) -> Self {
        Self { fault, times: None, retry_after: None }
    }
}

/// How often each agent, by place, has been asked. Clones count together.
pub type Calls = Rc<RefCell<BTreeMap<usize, u32>>>;

/// The part of the latency that passes before the first word, as with real models.
const SILENCE: f64 = 0.3;
/// Words in one chunk.
const WORDS: usize = 2;

/// A model that answers each agent from its script.
pub struct SimulatedModel {
    scripts: Vec<Script>,
    clock: Rc<dyn Clock>,
    calls: Calls,
}

impl SimulatedModel {
    /// Answers the agent at each place from the script at that place.
    pub fn new(scripts: Vec<Script>, clock: Rc<dyn Clock>) -> Self {
        Self { scripts, clock, calls: Calls::default() }
    }

    /// Goes on counting: a fault that has passed in an earlier run does not come back in a later one.
    pub fn counting(self, calls: Calls) -> Self {
        Self { calls, ..self }
    }
}

impl Model for SimulatedModel {
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        let began = self.clock.now();
        let Some(script) = self.scripts.get(prompt.agent) else {
            return stream::empty().boxed_local();
        };
        let mut calls = self.calls.borrow_mut();
        let earlier = calls.entry(prompt.agent).or_default();
        let failing = script.fault.filter(|f| f.times.is_none_or(|times| *earlier < times.get()));
        *earlier = earlier.saturating_add(1);
        // What hangs is not computing: it would take the page with it.
        let hangs = failing.is_some_and(|failing| failing.fault == Fault::Hang);
        let blocking = script.blocking && !hangs;
        stream::iter(script.play(prompt, failing))
            .then(move |(after, chunk)| async move {
                // Counted from the call's beginning, so that late timers do not add up; what is
                // late already is said at once, since every timer costs a few milliseconds.
                let wait = (began + after).since(self.clock.now());
                if blocking {
                    self.clock.block(wait);
                } else if !wait.is_zero() {
                    self.clock.sleep(wait).await;
                }
                chunk
            })
            .take_while(|chunk| std::future::ready(chunk.is_some()))
            .filter_map(std::future::ready)
            .boxed_local()
    }
}

impl Script {
    /// The chunks of the answer, each with the time from the call's beginning; `None` is the end.
    fn play(
        &self,
        prompt: &Prompt,
        failing: Option<Failing>,
    ) -> Vec<(Duration, Option<Result<Chunk, ModelError>>)> {
        let text = self.answer.fill(|key, _| read(prompt, key));
        let words: Vec<&str> = text.split_inclusive(' ').collect();
        let chunks: Vec<String> = words.chunks(WORDS).map(|words| words.concat()).collect();
        let silence = self.latency.mul_f64(SILENCE);
        let count = chunks.len().max(1) as f64;
        let mut play: Vec<_> = (chunks.into_iter().enumerate())
            .map(|(index, text)| {
                let spoken = (self.latency - silence).mul_f64((index as f64) / count);
                (silence + spoken, Some(Ok(Chunk::Text(text))))
            })
            .collect();
        let (end, last) = match failing.map(|failing| failing.fault) {
            None => (self.latency, Some(Ok(Chunk::Finish(FinishReason::Stop)))),
            Some(Fault::Status { status, after }) => {
                play.clear();
                let message = "simulated fault".into();
                let retry_after = failing.and_then(|failing| failing.retry_after);
                let error = ModelError::Status { status, message, kind: None, retry_after };
                (after.unwrap_or(self.latency), Some(Err(error)))
            }
            Some(Fault::Hang) => {
                play.clear();
                (Duration::MAX, None)
            }
            Some(Fault::Cut { after }) => {
                (after.unwrap_or(self.latency / 2), Some(Err(ModelError::Cut)))
            }
        };
        play.retain(|(at, _)| *at <= end);
        play.push((end, last));
        play
    }
}

fn read(prompt: &Prompt, key: &Key) -> Rc<str> {
    let read = prompt.reads.iter().find(|(read, _)| read == key);
    match read {
        Some((_, Some(text))) => text.clone(),
        _ => words::status::missing_from_a_script(key.as_str()).into(),
    }
}

/// The log of a run as it will be: the same engine, the same scripts, no waiting. A run that
/// hangs is stopped at its last event.
pub fn predict(
    pipeline: &Pipeline,
    inputs: &State,
    scripts: &[Script],
    schedule: Schedule,
) -> Trace {
    predict_from(pipeline, inputs, scripts, schedule, Resume::default(), Calls::default())
}

/// The same of a run that keeps answers, on a model that was asked before.
pub fn predict_from(
    pipeline: &Pipeline,
    inputs: &State,
    scripts: &[Script],
    schedule: Schedule,
    from: Resume,
    calls: Calls,
) -> Trace {
    let clock = VirtualClock::new();
    let model = SimulatedModel::new(scripts.to_vec(), Rc::new(clock.clone())).counting(calls);
    let trace = RefCell::new(Trace::new());
    let run = engine::resume(pipeline, inputs.clone(), from, schedule, &clock, &model, &trace);
    clock.run_while(run, |deadline| deadline < FOREVER);
    trace.into_inner()
}

/// The same as [`predict`], in parts: `pause` is awaited between deadlines.
pub async fn predict_in_parts(
    pipeline: &Pipeline,
    inputs: &State,
    scripts: Vec<Script>,
    schedule: Schedule,
    pause: impl AsyncFn(),
) -> Trace {
    let trace = RefCell::new(Trace::new());
    predict_into(pipeline, inputs, scripts, schedule, &trace, pause).await;
    trace.into_inner()
}

/// The same, told to `sink`.
pub async fn predict_into(
    pipeline: &Pipeline,
    inputs: &State,
    scripts: Vec<Script>,
    schedule: Schedule,
    sink: &dyn Sink,
    pause: impl AsyncFn(),
) {
    let clock = VirtualClock::new();
    let model = SimulatedModel::new(scripts, Rc::new(clock.clone()));
    let run = engine::run(pipeline, inputs.clone(), schedule, &clock, &model, sink);
    clock.run_in_parts(run, |deadline| deadline < FOREVER, &pause).await;
    // The memory of a large run has just been given back, which takes time; that of its model comes next.
    pause().await;
}

/// Scripts that take as long as these and fail as these do, and say next to nothing: under a
/// schedule without a time limit on each piece of an answer, a prediction by them has the same
/// starts, first words, failures and ends, in a third of the events.
pub fn without_text(scripts: &[Script], schedule: Schedule) -> Vec<Script> {
    let short = Template::new("…");
    let shortened = |script: &Script| match script.answer.is_empty() {
        // Who says nothing has not begun to answer when it fails.
        true => script.clone(),
        false => Script { answer: short.clone(), ..script.clone() },
    };
    // A blocking agent lets go of the thread between its words, so their number matters.
    if schedule.timeouts.between.is_some() || scripts.iter().any(|script| script.blocking) {
        return scripts.to_vec();
    }
    scripts.iter().map(shortened).collect()
}

/// More retries than this are not offered.
pub const MOST_RETRIES: u32 = 9;

/// The longest that the page may be frozen, in real time.
const LONGEST_FREEZE: Duration = Duration::from_millis(1900);

/// How many times as fast as real time a run has to go, at least, so that its blocking scripts do
/// not freeze the page for two seconds, even if they run one right after the other.
pub fn min_speed(scripts: &[Script]) -> f64 {
    let blocking = scripts.iter().filter(|script| script.blocking);
    let attempt = |script: &Script, fault| match fault {
        Fault::Hang => Duration::ZERO,
        Fault::Status { after: Some(after), .. } | Fault::Cut { after: Some(after) } => after,
        _ => script.latency,
    };
    let length = |script: &Script| match script.fault {
        Some(Failing { fault, times: Some(times), .. }) => {
            script.latency + attempt(script, fault).saturating_mul(times.get().min(MOST_RETRIES))
        }
        Some(Failing { fault, times: None, .. }) => attempt(script, fault),
        None => script.latency,
    };
    let frozen: f64 = blocking.map(|script| length(script).as_secs_f64()).sum();
    frozen / LONGEST_FREEZE.as_secs_f64()
}

/// No run lasts a year: a deadline after that is a timer that means never.
const FOREVER: Instant = Instant::from_micros(365 * 24 * 3600 * 1_000_000);

/// Scripts by which a finished run would go again: each agent takes as long as it took. With them,
/// [`predict`] answers what another schedule would have cost, without a call.
pub fn scripts_of(timeline: &Timeline) -> Vec<Script> {
    let answer = Template::new("…");
    (metrics::durations(timeline).into_iter())
        .map(|latency| Script { latency, answer: answer.clone(), fault: None, blocking: false })
        .collect()
}
