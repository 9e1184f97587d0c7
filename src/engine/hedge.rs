//! A second call beside a first one that has not answered: the first answer of the two counts.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, pending, select};

use super::ask::{Answer, Call, Log, ask};
use crate::trace::{EventKind, Hedged};

impl Call<'_> {
    /// Asks, and once more after that time if there is no answer. The call that loses is dropped before
    /// the other one's answer is used, which ends it on the wire.
    pub(super) async fn hedged(&self, after: Duration) -> Answer {
        let log = |what| self.span.emit(EventKind::Hedged(what));
        let (waits, is_out) = (Cell::new(false), Cell::new(false));
        let outcome = {
            let first = pin!(self.first(&waits));
            let second = pin!(self.second(after, &waits, &is_out));
            match select(first, second).await {
                Either::Left((Err(error), second)) if is_out.get() => {
                    log(Hedged::FirstFailed(error.clone()));
                    second.await.map(|text| (text, Some(Hedged::SecondWon))).map_err(|failed| {
                        self.gate.note_refusal(&failed);
                        log(Hedged::SecondFailed(failed));
                        error
                    })
                }
                Either::Left((answer, _)) => {
                    answer.map(|text| (text, is_out.get().then_some(Hedged::FirstWon)))
                }
                Either::Right((Ok(text), _)) => Ok((text, Some(Hedged::SecondWon))),
                Either::Right((Err(failed), first)) => {
                    self.gate.note_refusal(&failed);
                    log(Hedged::SecondFailed(failed));
                    first.await.map(|text| (text, None))
                }
            }
        };
        let (text, won) = outcome?;
        won.into_iter().for_each(log);
        Ok(text)
    }

    /// The second call, without retries. Never ends where none is made.
    async fn second(&self, after: Duration, waits: &Cell<bool>, is_out: &Cell<bool>) -> Answer {
        let clock = self.span.recorder.clock;
        clock.sleep(after).await;
        // An answer that comes at this very moment comes first.
        clock.sleep(Duration::ZERO).await;
        if waits.get() || !self.gate.allows_second() {
            return pending().await;
        }
        is_out.set(true);
        self.span.emit(EventKind::Hedge);
        let log = Log { span: &self.span, is_second: true };
        let mut said = String::new();
        ask(log, &self.prompt, self.model, self.schedule.timeouts, 1, &mut said).await?;
        Ok(said.into())
    }
}
