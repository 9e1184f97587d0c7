//! A run under a concurrency limit: the engine's own, on the virtual clock, with drawn latencies.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, LocalBoxStream};

use crate::clock::{Clock, VirtualClock};
use crate::engine::{self, Schedule};
use crate::model::{Chunk, Model, ModelError, Prompt};
use crate::pipeline::{Pipeline, Work};
use crate::state::State;
use crate::time::Instant;
use crate::trace::{Event, EventKind, Sink, SpanId};

/// When the run ends, in seconds, and how many calls it made. `lengths` are those of each agent's first
/// call and of its second one, by place, in seconds.
pub(super) fn run(pipeline: &Pipeline, schedule: Schedule, lengths: &[(f64, f64)]) -> (f64, u64) {
    let clock = VirtualClock::new();
    let model = Drawn {
        lengths,
        asked: RefCell::new(vec![false; lengths.len()]),
        clock: Rc::new(clock.clone()),
    };
    let figures = Figures { pipeline, end: Cell::default(), calls: Cell::default() };
    clock.run(engine::run(pipeline, State::new(), schedule, &clock, &model, &figures));
    (figures.end.get().as_secs(), figures.calls.get())
}

struct Drawn<'a> {
    lengths: &'a [(f64, f64)],
    asked: RefCell<Vec<bool>>,
    clock: Rc<VirtualClock>,
}

impl Model for Drawn<'_> {
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        let again = std::mem::replace(&mut self.asked.borrow_mut()[prompt.agent], true);
        let (first, second) = self.lengths[prompt.agent];
        let length = if again { second } else { first };
        let sleep = self.clock.sleep(Duration::from_secs_f64(length));
        stream::once(async move {
            sleep.await;
            Ok(Chunk::Text("…".into()))
        })
        .boxed_local()
    }
}

/// Keeps of a log when the run ends, and how many calls it makes.
struct Figures<'a> {
    pipeline: &'a Pipeline,
    end: Cell<Instant>,
    calls: Cell<u64>,
}

impl Sink for Figures<'_> {
    fn emit(&self, event: Event) {
        let agent = event.span.agent_index().map(|agent| &self.pipeline.agents()[agent]);
        let is_call = match event.kind {
            EventKind::Start => agent.is_some_and(|agent| agent.work == Work::Model),
            EventKind::Hedge => true,
            EventKind::End(_) if event.span == SpanId::RUN => {
                self.end.set(event.at);
                false
            }
            _ => false,
        };
        self.calls.set(self.calls.get() + u64::from(is_call));
    }
}
