//! How many answers a server works on at once, as first tokens show it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use super::{Culprit, Finding};
use crate::import::figures::TOLERANCE;
use crate::time::Instant;

/// A call whose first token is known.
#[derive(Clone, Copy)]
pub(super) struct Call {
    /// Whose it is, by place.
    pub place: usize,
    /// When it was made.
    pub start: Instant,
    /// When its first token came.
    pub first: Instant,
    /// When it ended.
    pub end: Instant,
}

/// Whether first tokens came only as other answers ended, though all had been asked for before: then so
/// many the answering side works on at once.
pub(super) fn slots(mut calls: Vec<Call>) -> Option<Finding> {
    calls.sort_by_key(|call| (call.first, call.place));
    let mut waited: Vec<Call> = Vec::new();
    // Ends of answers that go on, and of those whose slot no other call has taken yet, the earliest first.
    let (mut streaming, mut free): (BinaryHeap<_>, BinaryHeap<_>) = Default::default();
    let mut most = 0;
    for call in &calls {
        while let Some(Reverse(end)) = streaming.peek().copied() {
            if end > call.first + TOLERANCE {
                break;
            }
            streaming.pop();
            free.push(Reverse(end));
        }
        // Asked for while the other one was still being answered, and served right after it.
        let is_next = free.pop().is_some_and(|Reverse(end)| {
            let wait = (call.first - call.start).max(Duration::from_millis(4));
            call.start < end && (call.first - end) * 4 < wait
        });
        if is_next {
            waited.push(*call);
        }
        streaming.push(Reverse(call.end));
        most = most.max(streaming.len());
    }
    // Two may be chance; and all that could have had to wait did, or it is no rule.
    let is_rule = waited.len() >= 2 && overlapping(&calls) <= waited.len() + most;
    let (from, to) = (waited.iter().map(|c| c.start).min()?, waited.iter().map(|c| c.end).max()?);
    is_rule.then(|| Finding {
        culprit: Culprit::Slots(most),
        from,
        to,
        cost: waited.iter().map(|call| call.first - call.start).sum(),
        agents: waited.iter().map(|call| call.place).collect(),
    })
}

/// How many of the calls overlap with another one.
fn overlapping(calls: &[Call]) -> usize {
    let mut spans: Vec<_> = calls.iter().map(|call| (call.start, call.end)).collect();
    spans.sort_unstable();
    let mut last_end = None;
    let starts = spans.iter().skip(1).map(|(start, _)| Some(*start)).chain([None]);
    (spans.iter().zip(starts))
        .filter(|((start, end), next)| {
            let with_earlier = last_end.is_some_and(|last| last > *start);
            last_end = last_end.max(Some(*end));
            with_earlier || next.is_some_and(|next| next < *end)
        })
        .count()
}
