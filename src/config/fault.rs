//! What goes wrong in a simulated run, as the address has it.
//!
//! `WHAT[@WHEN][xTIMES][wWAIT]`: what is `hang`, `cut` or an HTTP status; when is how many seconds
//! into the call; times is how many calls it happens to before the agent answers (every one unless
//! given); wait is how many seconds the server asks to wait, which only a status can. `429@0.4x2w1.5`
//! refuses two calls after 0.4 s each, asks for 1.5 s, and answers the third.

use std::time::Duration;

use crate::simulate::{Failing, Fault};
use crate::time::{exact_seconds, parse_seconds};

/// Reads one; `None` when it makes no sense.
pub(super) fn parse(text: &str) -> Option<Failing> {
    // From the back: no part before its mark can hold a mark, and `hang` has none of them.
    let (text, retry_after) = split(text, 'w', parse_seconds)?;
    let (text, times) = split(text, 'x', |times| times.parse().ok())?;
    let (what, after) = split(text, '@', parse_seconds)?;
    let fault = match what {
        "hang" if after.is_none() => Fault::Hang,
        "hang" => return None,
        "cut" => Fault::Cut { after },
        status => {
            let status = status.parse().ok().filter(|status| (400..600).contains(status))?;
            Fault::Status { status, after }
        }
    };
    let waits = retry_after.is_none() || matches!(fault, Fault::Status { .. });
    waits.then_some(Failing { fault, times, retry_after })
}

/// What is before the last `mark`, and what is after it, which has to be readable if it is there.
fn split<T>(text: &str, mark: char, read: impl Fn(&str) -> Option<T>) -> Option<(&str, Option<T>)> {
    match text.rsplit_once(mark) {
        Some((before, after)) => Some((before, Some(read(after)?))),
        None => Some((text, None)),
    }
}

/// Writes one so that it reads back.
pub(super) fn write(failing: &Failing) -> String {
    let (what, after) = match failing.fault {
        Fault::Hang => ("hang".into(), None),
        Fault::Cut { after } => ("cut".into(), after),
        Fault::Status { status, after } => (status.to_string(), after),
    };
    let length = |mark: &str, length: Option<Duration>| {
        let length = length.map(exact_seconds);
        length.map(|length| format!("{mark}{length}")).unwrap_or_default()
    };
    let times = failing.times.map(|times| format!("x{times}")).unwrap_or_default();
    what + &length("@", after) + &times + &length("w", failing.retry_after)
}
