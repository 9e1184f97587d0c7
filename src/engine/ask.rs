//! Getting one agent's answer: the attempts, the waits between them, and the timeouts.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::StreamExt;
use futures::future::{Abortable, Either, LocalBoxFuture, select};

use super::gate::Gate;
use super::policy::{Schedule, Timeouts};
use super::span::Span;
use crate::excerpt;
use crate::model::{
    Chunk, FinishReason, LONGEST_ANSWER, MOST_PIECES, Model, ModelError, Prompt, Usage,
};
use crate::pipeline::Work;
use crate::time::Instant;
use crate::trace::EventKind;

pub(super) type Answer = Result<Rc<str>, ModelError>;

/// What it takes to get one agent's answer.
pub(super) struct Call<'a> {
    pub span: Rc<Span<'a>>,
    pub prompt: Prompt,
    pub work: Work,
    pub schedule: Schedule,
    pub model: &'a dyn Model,
    pub gate: Rc<Gate<'a>>,
}

impl Call<'_> {
    /// Asks until there is an answer or no use in asking again, and logs how that went.
    pub async fn answer(self) -> Answer {
        if self.work == Work::PassThrough {
            self.span.emit(EventKind::Delta(self.prompt.user.clone()));
            return Ok(self.prompt.user.into());
        }
        match self.schedule.hedge.filter(|hedge| hedge.is_for(self.prompt.agent)) {
            Some(hedge) => self.hedged(hedge.after).await,
            None => self.first(&Cell::new(false)).await,
        }
    }

    /// The first call and its retries. `waits` says whether it waits for its next attempt.
    pub(super) async fn first(&self, waits: &Cell<bool>) -> Answer {
        let Self { span, prompt, schedule, model, gate, .. } = self;
        let log = Log { span, is_second: false };
        let retry = schedule.retry;
        let mut attempt = 1;
        let mut permit = gate.permit();
        loop {
            let left = retry.attempts.get() - attempt;
            let mut said = String::new();
            let asked = ask(log, prompt, *model, schedule.timeouts, left + 1, &mut said).await;
            let Err(error) = asked else { return Ok(said.into()) };
            drop(permit);
            gate.note_refusal(&error);
            let wait = match retry.after(&error, prompt.agent, attempt) {
                Ok(wait) => wait,
                Err(why) => {
                    why.into_iter().for_each(|why| span.emit(EventKind::GiveUp(why)));
                    return Err(error);
                }
            };
            if !retry.any_failure {
                gate.lower_limit_on_429(&error);
            }
            span.emit(EventKind::Retry { error, wait, left });
            waits.set(true);
            span.recorder.clock.sleep(wait).await;
            permit = gate.acquire().await;
            waits.set(false);
            attempt += 1;
            span.emit(EventKind::Attempt);
        }
    }
}

/// Where a call's events go.
#[derive(Clone, Copy)]
pub(super) struct Log<'l, 'a> {
    pub span: &'l Span<'a>,
    /// Whether it is the second call of a hedge, whose events are marked.
    pub is_second: bool,
}

impl Log<'_, '_> {
    fn emit(self, kind: EventKind) {
        self.span.emit(match self.is_second {
            true => EventKind::Second(Box::new(kind)),
            false => kind,
        });
    }
}

/// Asks once and logs what comes; `said` is what was said by the end, also by a bad one. `left`:
/// how many attempts are left, this one included.
///
/// Only silence is limited: anything the server sends restarts the timeout. Until the first text that
/// is the longer of the two timeouts, since a model may think in silence.
pub(super) async fn ask(
    log: Log<'_, '_>,
    prompt: &Prompt,
    model: &dyn Model,
    timeouts: Timeouts,
    left: u32,
    said: &mut String,
) -> Result<(), ModelError> {
    let mut chunks = model.generate(prompt);
    let mut timeout = timeouts.first;
    let mut pieces = 0;
    let mut came = Came::default();
    loop {
        let next = match timeout {
            None => chunks.next().await,
            Some(after) => {
                match select(chunks.next(), log.span.recorder.clock.sleep(after)).await {
                    Either::Left((next, _)) => next,
                    Either::Right(_) => {
                        return Err(ModelError::TimedOut { after, mid_answer: !said.is_empty() });
                    }
                }
            }
        };
        match next {
            Some(Ok(Chunk::Text(mut text))) => {
                came.thinks = false;
                pieces += 1;
                let room = LONGEST_ANSWER - said.len();
                let is_full = text.len() > room || pieces > MOST_PIECES;
                text.truncate(excerpt::at_most(&text, room).len());
                said.push_str(&text);
                log.emit(EventKind::Delta(text));
                if is_full {
                    // Leaving drops the stream, which ends the call on the wire.
                    log.emit(EventKind::Finish(FinishReason::TooLong));
                    return Ok(());
                }
            }
            Some(Ok(Chunk::Thinking)) => {
                came.thought = true;
                // One event for each stretch of thinking: a log of every piece would be long.
                if !std::mem::replace(&mut came.thinks, true) {
                    log.emit(EventKind::Thinking);
                }
            }
            Some(Ok(Chunk::WasThinking)) => {
                (came.thought, came.thinks) = (true, false);
                said.clear();
                log.emit(EventKind::WasThinking);
            }
            Some(Ok(Chunk::Usage(usage))) => {
                came.usage = usage;
                log.emit(EventKind::Usage(usage));
            }
            Some(Ok(Chunk::Finish(reason))) => {
                came.finish = Some(reason);
                log.emit(EventKind::Finish(reason));
            }
            Some(Ok(Chunk::Grounding(found))) => log.emit(EventKind::Grounding(found.limited())),
            Some(Ok(Chunk::Without(part))) => log.emit(EventKind::Without(part)),
            Some(Ok(Chunk::Resent(error))) => {
                log.emit(EventKind::Retry { error, wait: Duration::ZERO, left });
                log.emit(EventKind::Attempt);
                timeout = timeouts.first;
                continue;
            }
            Some(Ok(Chunk::Alive)) => {}
            Some(Err(error)) => return Err(error),
            None => return came.judge(said),
        }
        let limits = timeouts.first.zip(timeouts.between);
        timeout = match said.is_empty() {
            true => limits.map(|(first, between)| first.max(between)),
            false => timeouts.between,
        };
    }
}

/// What came besides text.
#[derive(Default)]
struct Came {
    usage: Usage,
    finish: Option<FinishReason>,
    thought: bool,
    /// Whether the last that came was thinking.
    thinks: bool,
}

impl Came {
    /// An empty answer is a failure unless the model said why: agents that read it could not tell it
    /// from a finding.
    fn judge(&self, said: &str) -> Result<(), ModelError> {
        let Usage { thinking_tokens, .. } = self.usage;
        let thought = self.thought || thinking_tokens > 0;
        match self.finish {
            _ if !said.trim().is_empty() => Ok(()),
            Some(FinishReason::Filtered | FinishReason::Refused) => Ok(()),
            Some(FinishReason::Length) => Err(ModelError::LimitSpent { thinking_tokens }),
            _ => Err(ModelError::Empty { thought }),
        }
    }
}

/// An agent that runs. Each of its polls is measured, so that the event loop's picture is data. The
/// last one's end is the moment of the answer.
pub(super) struct InFlight<'a> {
    pub agent: usize,
    pub span: Rc<Span<'a>>,
    pub answer: Abortable<LocalBoxFuture<'a, Answer>>,
}

impl Future for InFlight<'_> {
    /// `None` in place of the answer when it was canceled.
    type Output = (usize, Instant, Option<Answer>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let recorder = self.span.recorder;
        let (since, began) = recorder.read();
        let polled = Pin::new(&mut self.answer).poll(context);
        let (at, ended) = recorder.read();
        self.span.emit_at(at, EventKind::Poll { since, took: ended.saturating_sub(began) });
        polled.map(|answer| (self.agent, at, answer.ok()))
    }
}
