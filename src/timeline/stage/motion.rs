//! How the picture moves, as functions of the playhead: none of it keeps a state of its own.
//!
//! The lengths are real ones at normal speed. At other speeds they keep their share of the run, but no
//! motion is shorter than the eye can follow; with reduced motion each is over at once.

use std::time::Duration;

use crate::time::Instant;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The curves from the topic to the branches grow.
const FAN_OUT: Duration = ms(240);
/// A branch's tick and its token appear.
const DONE: Duration = ms(120);
/// The tokens slide along the rail and meet.
const RAIL: Duration = ms(420);
/// The ring opens.
const RING: Duration = ms(400);
/// The report's card opens, once the tokens have met.
const REPORT: Duration = ms(250);
/// The bracket over the time saved grows.
const SAVED: Duration = ms(300);
/// In real time, no motion is shorter.
const SHORTEST: Duration = ms(120);

/// How long motions are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Model seconds for each real second.
    pub speed: f64,
    /// Whether the reader wants nothing to travel.
    pub is_reduced: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { speed: 1.0, is_reduced: false }
    }
}

/// How far the picture has come at a join, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct JoinMotion {
    /// How far the tokens have come along the rail, eased.
    pub rail: f64,
    /// How far the ring has opened.
    pub ring: f64,
    /// How far the report's card has opened, where this is the last join.
    pub report: f64,
}

impl Pace {
    /// A motion's length in model time.
    fn length(self, at_normal_speed: Duration) -> Duration {
        if self.is_reduced {
            return Duration::ZERO;
        }
        at_normal_speed.max(SHORTEST.mul_f64(self.speed.max(0.0)))
    }

    /// How far a motion has come that began at `from`.
    fn progress(self, from: Instant, length: Duration, cursor: Instant) -> f64 {
        let length = self.length(length);
        match cursor >= from {
            false => 0.0,
            true if length.is_zero() => 1.0,
            true => (cursor.since(from).as_secs_f64() / length.as_secs_f64()).min(1.0),
        }
    }

    /// How far the fan-out has grown, for a run that has `started`.
    pub fn fan_out(self, started: Instant, cursor: Instant) -> f64 {
        self.progress(started, FAN_OUT, cursor)
    }

    /// How far the marks of an end have come.
    pub fn done(self, ended: Instant, cursor: Instant) -> f64 {
        self.progress(ended, DONE, cursor)
    }

    /// How far the picture has come at a join.
    pub fn join(self, joined: Instant, cursor: Instant) -> JoinMotion {
        let met = joined + self.length(RAIL);
        JoinMotion {
            rail: ease(self.progress(joined, RAIL, cursor)),
            ring: self.progress(met, RING, cursor),
            report: self.progress(met, REPORT, cursor),
        }
    }

    /// How far the report's card has opened where no branches meet before it.
    pub fn report(self, started: Instant, cursor: Instant) -> f64 {
        self.progress(started, REPORT, cursor)
    }

    /// How far the bracket over the time saved has grown since the last run's end.
    pub fn saved(self, ended: Instant, cursor: Instant) -> f64 {
        self.progress(ended, SAVED, cursor)
    }

    /// How long after the last run's end the picture still moves, in model time.
    pub fn aftermath(self) -> Duration {
        let join = self.length(RAIL) + self.length(RING).max(self.length(REPORT));
        join.max(self.length(SAVED))
    }
}

/// `cubic-bezier(.55, 0, 1, .45)`: slow at first, since an answer that has waited starts from rest.
pub fn ease(x: f64) -> f64 {
    let bezier = |a: f64, b: f64, t: f64| {
        let s = 1.0 - t;
        3.0 * s * s * t * a + 3.0 * s * t * t * b + t * t * t
    };
    // x(t) rises, so halving the range finds the t of an x.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..32 {
        let middle = f64::midpoint(low, high);
        if bezier(0.55, 1.0, middle) < x { low = middle } else { high = middle }
    }
    if x >= 1.0 { 1.0 } else { bezier(0.0, 0.45, low) }
}
