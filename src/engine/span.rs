//! Writing the log: events stamped with the run's time, and spans that end exactly once.

use std::cell::Cell;
use std::time::Duration;

use crate::clock::Clock;
use crate::time::Instant;
use crate::trace::{Event, EventKind, Outcome, Sink, SpanId};

/// Stamps events with the run's time and hands them on.
pub(super) struct Recorder<'a> {
    pub clock: &'a dyn Clock,
    sink: &'a dyn Sink,
    zero: Instant,
}

impl<'a> Recorder<'a> {
    /// For a run that begins now.
    pub fn new(clock: &'a dyn Clock, sink: &'a dyn Sink) -> Self {
        Self { clock, sink, zero: clock.now() }
    }

    /// The present, counted from the run's beginning, and the real time at it.
    pub fn read(&self) -> (Instant, Duration) {
        let (now, real) = self.clock.read();
        (self.since_zero(now), real)
    }

    fn since_zero(&self, now: Instant) -> Instant {
        Instant::ZERO + now.since(self.zero)
    }

    /// A span that has not ended.
    pub fn open(&'a self, id: SpanId) -> Span<'a> {
        Span { recorder: self, id, ended: Cell::new(false) }
    }

    /// The present, counted from the run's beginning.
    pub fn now(&self) -> Instant {
        self.since_zero(self.clock.now())
    }

    /// Logs what happened to a span.
    pub fn emit(&self, span: SpanId, kind: EventKind) {
        self.emit_at(self.now(), span, kind);
    }

    fn emit_at(&self, at: Instant, span: SpanId, kind: EventKind) {
        self.sink.emit(Event { at, span, kind });
    }
}

/// A span that ends exactly once: as told, or as canceled when it is dropped.
pub(super) struct Span<'a> {
    pub recorder: &'a Recorder<'a>,
    id: SpanId,
    ended: Cell<bool>,
}

impl Span<'_> {
    /// Logs what happened to it; after its end nothing does.
    pub fn emit(&self, kind: EventKind) {
        if !self.ended.get() {
            self.recorder.emit(self.id, kind);
        }
    }

    /// Logs what happened to it at a moment that has just been read.
    pub fn emit_at(&self, at: Instant, kind: EventKind) {
        if !self.ended.get() {
            self.recorder.emit_at(at, self.id, kind);
        }
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// Ends it; does nothing when it has ended.
    pub fn end(&self, outcome: Outcome) {
        if !self.ended.replace(true) {
            self.recorder.emit(self.id, EventKind::End(outcome));
        }
    }

    /// The same at a moment that has just been read.
    pub fn end_at(&self, at: Instant, outcome: Outcome) {
        if !self.ended.replace(true) {
            self.recorder.emit_at(at, self.id, EventKind::End(outcome));
        }
    }
}

impl Drop for Span<'_> {
    fn drop(&mut self) {
        self.end(Outcome::Cancelled);
    }
}
