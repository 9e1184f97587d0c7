//! How many calls may be out at once, once a server has refused some for being too many.
//!
//! A refusal says that the calls which were out besides were enough, so that is the limit from then
//! on: for starts, and for attempts that come back after their wait. It is only ever lowered.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::rc::Rc;

use futures::channel::oneshot;

use super::span::Span;
use crate::model::ModelError;
use crate::trace::EventKind;

/// Counts the calls that are out.
pub(super) struct Gate<'a> {
    /// Where it is logged that the limit is lower.
    run: Rc<Span<'a>>,
    limit: Cell<NonZeroUsize>,
    /// Calls that are out: agents in flight without those that wait for their next attempt.
    out: Cell<usize>,
    /// Attempts whose wait is over, first come first served.
    queue: RefCell<VecDeque<oneshot::Sender<()>>>,
}

impl<'a> Gate<'a> {
    pub fn new(limit: NonZeroUsize, run: Rc<Span<'a>>) -> Self {
        Self { run, limit: Cell::new(limit), out: Cell::new(0), queue: RefCell::default() }
    }

    /// How many agents may be in flight.
    pub fn limit(&self) -> usize {
        self.limit.get().get()
    }

    /// Counts a call that goes out now; dropped, it is over.
    pub fn pass(&self) -> Pass<'_, 'a> {
        self.out.set(self.out.get() + 1);
        Pass(self)
    }

    /// Lets an attempt out as soon as the limit allows.
    pub async fn wait(&self) -> Pass<'_, 'a> {
        while self.out.get() >= self.limit() {
            let (open, opened) = oneshot::channel();
            self.queue.borrow_mut().push_back(open);
            // The gate outlives whoever waits at it, so that somebody will open.
            let _ = opened.await;
        }
        self.pass()
    }

    /// Takes note of a failure; a refusal for too many calls lowers the limit, and that is logged.
    /// The call that failed is not out any more.
    pub fn heed(&self, error: &ModelError) {
        let others = NonZeroUsize::new(self.out.get()).unwrap_or(NonZeroUsize::MIN);
        let too_many = matches!(error, ModelError::Status { status: 429, .. });
        if too_many && others < self.limit.get() {
            self.limit.set(others);
            self.run.emit(EventKind::Limit(others));
        }
    }
}

/// A call that is out.
pub(super) struct Pass<'g, 'a>(&'g Gate<'a>);

impl Drop for Pass<'_, '_> {
    fn drop(&mut self) {
        self.0.out.set(self.0.out.get() - 1);
        // Whoever is gone cannot be woken; the next one can.
        let next = || self.0.queue.borrow_mut().pop_front();
        while let Some(open) = next() {
            if open.send(()).is_ok() {
                break;
            }
        }
    }
}
