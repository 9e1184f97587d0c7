//! How many calls may be out at once, once a server has refused some for being too many.
//!
//! A refusal says that the other calls which were out were enough, so their number is the limit from
//! then on: for starts, and for attempts that come back after their wait. It is only ever lowered.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::rc::Rc;

use futures::channel::oneshot;

use super::span::Span;
use crate::model::{FailureKind, ModelError};
use crate::trace::EventKind;

/// Counts the calls that are out.
pub(super) struct Gate<'a> {
    /// Logs when the limit is lowered.
    run: Rc<Span<'a>>,
    limit: Cell<NonZeroUsize>,
    /// Whether a server has refused a call of this run for being too many.
    has_refused: Cell<bool>,
    /// Calls that are out: agents in flight without those that wait for their next attempt.
    out: Cell<usize>,
    /// Attempts that wait for a permit, first come first served.
    queue: RefCell<VecDeque<oneshot::Sender<()>>>,
}

impl<'a> Gate<'a> {
    pub fn new(limit: NonZeroUsize, run: Rc<Span<'a>>) -> Self {
        Self {
            run,
            limit: Cell::new(limit),
            has_refused: Cell::new(false),
            out: Cell::new(0),
            queue: RefCell::default(),
        }
    }

    /// How many agents may be in flight.
    pub fn limit(&self) -> usize {
        self.limit.get().get()
    }

    /// Counts a call that goes out now.
    pub fn permit(&self) -> Permit<'_, 'a> {
        self.out.set(self.out.get() + 1);
        Permit(self)
    }

    /// Resolves as soon as the limit allows another call.
    pub async fn acquire(&self) -> Permit<'_, 'a> {
        while self.out.get() >= self.limit() {
            let (open, opened) = oneshot::channel();
            self.queue.borrow_mut().push_back(open);
            // Never canceled: the gate outlives the attempts that wait at it.
            let _ = opened.await;
        }
        self.permit()
    }

    /// Whether a second call may go out beside an agent's first. It is not counted as out: the limit is
    /// on agents, and a second call must not hold up the retries of others.
    pub fn allows_second(&self) -> bool {
        !self.has_refused.get()
    }

    /// Allows no more second calls if this failure is a refusal for being too many.
    pub fn note_refusal(&self, error: &ModelError) {
        let too_many = error.kind() == FailureKind::RateLimited;
        self.has_refused.set(self.has_refused.get() || too_many);
    }

    /// Lowers the limit to the calls still out if this one was refused for being too many, and logs
    /// that. To be called once the refused call's permit is dropped.
    pub fn lower_limit_on_429(&self, error: &ModelError) {
        let others = NonZeroUsize::new(self.out.get()).unwrap_or(NonZeroUsize::MIN);
        let too_many = error.kind() == FailureKind::RateLimited;
        if too_many && others < self.limit.get() {
            self.limit.set(others);
            self.run.emit(EventKind::Limit(others));
        }
    }
}

/// Counts a call as out until it is dropped.
pub(super) struct Permit<'g, 'a>(&'g Gate<'a>);

impl Drop for Permit<'_, '_> {
    fn drop(&mut self) {
        self.0.out.set(self.0.out.get() - 1);
        // Skip waiters that were canceled.
        let next = || self.0.queue.borrow_mut().pop_front();
        while let Some(open) = next() {
            if open.send(()).is_ok() {
                break;
            }
        }
    }
}
