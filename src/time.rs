//! Moments of a run, in whole microseconds since it began.
//!
//! Not a clock: nothing here knows what time it is now (that is the [`clock`](crate::clock) port).
//! Lengths of time are std's [`Duration`]; this module only adds the moment and the few
//! conversions that the rest of the crate shares.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::decimal;

/// A moment of a run: microseconds since that run began.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(u64);

impl Instant {
    /// The moment the run began.
    pub const ZERO: Self = Self(0);

    /// The moment `micros` microseconds after the run began.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the run began.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Seconds since the run began.
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// Saturates at the end of time, which a `Duration::MAX` timeout means.
    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(micros(length)))
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.since(earlier)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::words::seconds(&seconds(self.since(Self::ZERO))))
    }
}

/// A length in whole microseconds, saturating.
pub fn micros(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).unwrap_or(u64::MAX)
}

/// A length as people read it: seconds with one decimal, two below a tenth of a second, three
/// below a hundredth; what would print as zeros is 0. No unit, so that it fits an axis, a cell and a sentence alike.
pub fn seconds(length: Duration) -> String {
    let secs = length.as_secs_f64();
    match secs {
        s if s < 0.0005 => "0".into(),
        s if s < 0.0095 => decimal::fixed(s, 3),
        s if s < 0.095 => decimal::fixed(s, 2),
        s => decimal::fixed(s, 1),
    }
}

/// Reads a number of seconds that a person wrote; `None` unless it is a plain number and at most a
/// day, which also keeps every sum of latencies far from overflow.
pub fn parse_seconds(text: &str) -> Option<Duration> {
    // In whole microseconds, so that 0.7 is 700,000 µs and a sum of such figures is exact.
    let read = Duration::from_micros(decimal::millionths(text.trim())?);
    (read <= Duration::from_secs(86_400)).then_some(read)
}

/// How files have a length: in whole microseconds, like every moment in them. For serde's `with`.
pub mod as_micros {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes it.
    pub fn serialize<S: Serializer>(length: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(super::micros(*length))
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_micros)
    }
}
