//! A model that answers from a script, over a scripted time: what the page runs without a key.
//!
//! It takes the same place as a live model and streams on the same clock, so that a simulated run
//! differs from a live one in its model and in nothing else. On a virtual clock the same thing is
//! a prediction.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, LocalBoxStream};

use crate::clock::{Clock, VirtualClock};
use crate::engine::{self, Schedule};
use crate::model::{Chunk, FinishReason, Model, ModelError, Prompt};
use crate::pipeline::Pipeline;
use crate::state::{Key, State};
use crate::template::Template;
use crate::time::Instant;
use crate::timeline::{Timeline, metrics};
use crate::trace::Trace;

/// How one agent behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// From the request to the end of the answer.
    pub latency: Duration,
    /// What it says; holes are filled with what its prompt read.
    pub answer: Template,
    /// What goes wrong.
    pub fault: Option<Fault>,
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

/// The part of the latency that passes before the first word, as with real models.
const SILENCE: f64 = 0.3;
/// Words in one chunk.
const WORDS: usize = 2;

/// A model that answers each agent from its script.
pub struct SimulatedModel {
    scripts: Vec<Script>,
    clock: Rc<dyn Clock>,
}

impl SimulatedModel {
    /// Answers the agent at each place from the script at that place.
    pub fn new(scripts: Vec<Script>, clock: Rc<dyn Clock>) -> Self {
        Self { scripts, clock }
    }
}

impl Model for SimulatedModel {
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        let began = self.clock.now();
        let Some(script) = self.scripts.get(prompt.agent) else {
            return stream::empty().boxed_local();
        };
        // What hangs is not computing: it would take the page with it.
        let blocking = script.blocking && script.fault != Some(Fault::Hang);
        stream::iter(script.play(prompt))
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
    fn play(&self, prompt: &Prompt) -> Vec<(Duration, Option<Result<Chunk, ModelError>>)> {
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
        let (end, last) = match self.fault {
            None => (self.latency, Some(Ok(Chunk::Finish(FinishReason::Stop)))),
            Some(Fault::Status { status, after }) => {
                play.clear();
                let error = ModelError::status(status, "simulated fault");
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
        _ => format!("*({key} is missing)*").into(),
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
    let clock = VirtualClock::new();
    let model = SimulatedModel::new(scripts.to_vec(), Rc::new(clock.clone()));
    let trace = RefCell::new(Trace::new());
    let run = engine::run(pipeline, inputs.clone(), schedule, &clock, &model, &trace);
    clock.run_while(run, |deadline| deadline < FOREVER);
    trace.into_inner()
}

/// The longest that the page may be frozen, in real time.
const LONGEST_FREEZE: Duration = Duration::from_millis(1900);

/// How many times as fast as real time a run has to go, at least, so that its blocking scripts do
/// not freeze the page for two seconds, even if they run one right after the other.
pub fn slowest(scripts: &[Script]) -> f64 {
    let blocking = scripts.iter().filter(|script| script.blocking);
    let length = |script: &Script| match script.fault {
        Some(Fault::Hang) => Duration::ZERO,
        Some(Fault::Status { after: Some(after), .. } | Fault::Cut { after: Some(after) }) => after,
        _ => script.latency,
    };
    let frozen: f64 = blocking.map(|script| length(script).as_secs_f64()).sum();
    frozen / LONGEST_FREEZE.as_secs_f64()
}

/// No run lasts a year: a deadline after that is a timer that means never.
const FOREVER: Instant = Instant::from_micros(365 * 24 * 3600 * 1_000_000);

/// Scripts by which a finished run would go again: each agent takes as long as it took. With them,
/// [`predict`] answers what another schedule would have cost, without a call.
pub fn scripts_of(timeline: &Timeline) -> Vec<Script> {
    (metrics::durations(timeline).into_iter())
        .map(|latency| Script {
            latency, answer: Template::new("…"), fault: None, blocking: false
        })
        .collect()
}
