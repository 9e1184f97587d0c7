//! What the drawn runs teach, in sentences whose figures come from them.

use std::time::Duration;

use super::{Question, RowKind};
use crate::tail::{Outcome, Shape};
use crate::time::seconds;
use crate::words;

/// The point of the figure, and what a hedge and a quorum do. `slow` is the share of runs that take
/// longer than a run in which every call takes its median, which is `typical`. `is_one_length` says that
/// all runs take equally long, as printed.
pub(super) fn of(
    question: &Question,
    outcomes: &[(RowKind, Outcome)],
    slow: f64,
    typical: Duration,
    is_one_length: bool,
) -> Vec<String> {
    let Some((_, plain)) = outcomes.first() else { return Vec::new() };
    let branches = question.branches().len();
    let is_exact = question.measured.is_none()
        && match question.shape {
            None => true,
            Some(Shape::LogNormal { sigma }) => sigma == 0.0,
            Some(Shape::Slow { share, times }) => share == 0.0 || times == 1.0,
        };
    let point = match question.shape {
        _ if is_exact => words::tail::exact(&seconds(plain.parallel.p50)),
        _ if is_one_length => words::tail::same_length(&seconds(plain.parallel.p50)),
        Some(Shape::Slow { share, .. }) => {
            words::tail::slow(&one_in(share), (100.0 * slow).round() as u64)
        }
        _ => words::tail::waits(branches, &seconds(plain.parallel.p50), &seconds(typical)),
    };
    let others = outcomes.iter().skip(1).filter_map(|(kind, outcome)| {
        let change =
            words::tail::change(&seconds(plain.parallel.p95), &seconds(outcome.parallel.p95));
        let more = percent_more(plain.calls, outcome.calls);
        match kind {
            RowKind::Hedged(after) => {
                Some(words::tail::hedge_does(&seconds(*after), &change, &more))
            }
            RowKind::Quorum { answers, of } => {
                Some(words::tail::quorum_does(*answers, *of, &change, &more))
            }
            _ => None,
        }
    });
    std::iter::once(point).chain(others).collect()
}

/// How many runs were drawn, of how many that will be.
pub(super) fn drawn(drawn: &str, all: &str, seed: u64, is_over: bool) -> String {
    match is_over {
        true => words::tail::drawn(all, seed),
        false => words::tail::drawing(drawn, all),
    }
}

/// "One in a hundred".
fn one_in(share: f64) -> String {
    let one_of = 1.0 / share;
    match one_of.round() {
        whole if (one_of / whole - 1.0).abs() < 0.01 => words::tail::one_in(whole as u64),
        _ => words::tail::of_a_hundred(&format!("{:.1}", 100.0 * share)),
    }
}

/// How many more calls that are, in percent; empty for as many.
fn percent_more(before: f64, now: f64) -> String {
    let more = 100.0 * (now / before - 1.0);
    match more.abs() {
        0.0..0.005 => words::tail::AS_MANY_CALLS.into(),
        0.005..0.95 => words::tail::more_calls(&format!("{:.1}", more.abs()), more > 0.0),
        _ => words::tail::more_calls(&format!("{:.0}", more.abs()), more > 0.0),
    }
}
