//! Moments of a run, in whole microseconds since it began.
//!
//! Not a clock: nothing here knows what time it is now (that is the [`clock`](crate::clock) port).
//! Lengths of time are std's [`Duration`]; this module only adds the moment and the few
//! conversions that the rest of the crate shares.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use ::time::OffsetDateTime;
use ::time::format_description::well_known::Rfc3339;
use serde::{Deserialize, Serialize};

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
    let micros = micros(length);
    // Half up, which `format!` alone does not do: 0.15 is a little less as an `f64`, and 0.25 is even.
    let rounded = |step: u64| (micros.saturating_add(step / 2) / step * step) as f64 / 1e6;
    match micros {
        0..500 => "0".into(),
        500..9_500 => format!("{:.3}", rounded(1_000)),
        9_500..95_000 => format!("{:.2}", rounded(10_000)),
        _ => format!("{:.1}", rounded(100_000)),
    }
}

/// A length in seconds with as few digits as say it to the microsecond: "0.25", "4".
/// [`parse_seconds`] reads it back.
pub fn exact_seconds(length: Duration) -> String {
    // Not `as_secs_f64`, which adds seconds and their fraction and so can be off in the last digit.
    (micros(length) as f64 / 1e6).to_string()
}

/// How far apart two lengths are that stand beside it: the difference of what [`seconds`] prints of them,
/// so that readers who subtract find the same.
pub fn seconds_between(one: Duration, other: Duration) -> String {
    let printed = [seconds(one), seconds(other)];
    let decimals =
        printed.iter().map(|text| text.split_once('.').map_or(0, |(_, part)| part.len()));
    let decimals = decimals.max().unwrap_or_default();
    let [one, other] = printed.map(|text| text.parse::<f64>().unwrap_or_default());
    match format!("{:.decimals$}", (one - other).abs()) {
        none if none.bytes().all(|byte| matches!(byte, b'0' | b'.')) => "0".to_owned(),
        apart => apart,
    }
}

/// The longest time that [`parse_seconds`] reads, in seconds: a day.
pub const LONGEST_TYPED: usize = 86_400;

/// Reads a number of seconds that a person wrote; `None` unless it is a plain number and at most a
/// day, which also keeps every sum of latencies far from overflow.
pub fn parse_seconds(text: &str) -> Option<Duration> {
    let seconds = plain_number(text.trim())?;
    // In whole microseconds, so that 0.7 is 700,000 µs and a sum of such figures is exact.
    (seconds <= LONGEST_TYPED as f64).then(|| Duration::from_micros((seconds * 1e6).round() as u64))
}

/// Reads a number of digits, with a decimal point or without: no sign or exponent, `inf` or `NaN`.
pub fn plain_number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| is_plain)
}

/// Reads a moment that is written as a date and a time, in nanoseconds since 1970. Without an offset it is
/// UTC, as in LangSmith's runs; a space may stand for the `T`.
pub fn moment(text: &str) -> Option<i64> {
    if !text.is_ascii() || !(19..=40).contains(&text.len()) {
        return None;
    }
    let mut text = text.to_owned();
    if text.as_bytes()[10] == b' ' {
        text.replace_range(10..11, "T");
    }
    let tail = &text[19..];
    if let Some(at) = tail.find(['+', '-']).map(|at| 19 + at) {
        // "+0100" and "+01" are offsets as well.
        let offset = &text[at + 1..];
        if offset.len() == 4 && offset.bytes().all(|byte| byte.is_ascii_digit()) {
            text.insert(at + 3, ':');
        } else if offset.len() == 2 {
            text.push_str(":00");
        }
    } else if !tail.ends_with(['Z', 'z']) {
        text.push('Z');
    }
    let moment = OffsetDateTime::parse(&text, &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos()).ok()
}

/// Writes a moment as a date and a time in UTC, to the millisecond at most; nothing for one that no
/// calendar has.
pub fn written(nanos: i64) -> String {
    let millis = i128::from(nanos / 1_000_000) * 1_000_000;
    let moment = OffsetDateTime::from_unix_timestamp_nanos(millis).ok();
    moment.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
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
