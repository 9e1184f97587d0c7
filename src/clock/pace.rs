//! How model time follows real time: at a speed, with pauses, and without the browser's imprecision
//! where a speed would multiply it.

use std::time::Duration;

use crate::time::Instant;

/// A timer that is late by more than this, in milliseconds, was delayed by a blocked thread, which the
/// page shows. A smaller delay is the browser's imprecision.
const FRAME: f64 = 1000.0 / 60.0;

/// Model time as a function of real time, which is given in milliseconds from any fixed moment on.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The model time at `since`.
    reached: Instant,
    /// The real time from which model time is counted.
    since: f64,
    /// Model seconds for each real second.
    speed: f64,
    paused: bool,
}

impl Pace {
    /// Model time stands at zero at the real time `real`, and passes at `speed`.
    pub fn new(real: f64, speed: f64) -> Self {
        Self { reached: Instant::ZERO, since: real, speed, paused: false }
    }

    /// Model seconds for each real second.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Whether time stands still.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// The model time at that real time, where `deadline` is the next one that a timer is set for.
    ///
    /// Above the usual speed, time waits at a deadline whose timer is late by less than a frame: a
    /// few milliseconds for each timer, times eight, would make 5.3 s of a run of 5.1 s.
    pub fn at(&self, real: f64, deadline: Option<Instant>) -> Instant {
        let now = self.unadjusted(real);
        match deadline.filter(|deadline| self.speed > 1.0 && self.is_little(now.since(*deadline))) {
            Some(deadline) => now.min(deadline.max(self.reached)),
            None => now,
        }
    }

    /// Counts from that real time on, for a change of speed, a pause, or a timer that has come.
    pub fn settle(&mut self, real: f64, deadline: Option<Instant>) {
        (self.reached, self.since) = (self.at(real, deadline), real);
    }

    /// The same after `length` of computing, which takes its time even while time is paused, and
    /// however late the timers are by then.
    pub fn settle_after_computing(&mut self, real: f64, length: Duration) {
        let now = if self.paused { self.reached + length } else { self.unadjusted(real) };
        (self.reached, self.since) = (now, real);
    }

    /// Pauses or resumes. Call [`Pace::settle`] first.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Changes the speed. Call [`Pace::settle`] first.
    pub fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
    }

    fn unadjusted(&self, real: f64) -> Instant {
        match self.paused {
            true => self.reached,
            false => self.reached + from_millis((real - self.since).max(0.0) * self.speed),
        }
    }

    fn is_little(&self, late: Duration) -> bool {
        late < from_millis(FRAME * self.speed)
    }
}

fn from_millis(millis: f64) -> Duration {
    Duration::from_micros((millis * 1e3) as u64)
}
