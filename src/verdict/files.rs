//! What a file shows of what kept its calls from overlapping.

use std::collections::HashMap;
use std::time::Duration;

use super::{Culprit, Finding, SEEN};
use crate::import::pieces::Piece;
use crate::time::Instant;

/// A finding at these pieces.
pub(super) fn over(pieces: &[Piece], culprit: Culprit, agents: Vec<usize>) -> Finding {
    let all = || agents.iter().map(|place| &pieces[*place]);
    let from = all().map(|piece| piece.queued.unwrap_or(piece.start)).min().unwrap_or_default();
    let to = all().filter_map(|piece| piece.end).max().unwrap_or(from);
    Finding { culprit, from, to, cost: Duration::ZERO, agents }
}

/// Pieces that waited for a connection while others were in flight.
pub(super) fn connections(pieces: &[Piece]) -> Option<Finding> {
    let waited = |piece: &Piece| piece.queued.map_or(Duration::ZERO, |queued| piece.start - queued);
    let mut last_end = Instant::ZERO;
    let late = pieces.iter().enumerate().filter(|(_, piece)| {
        let was_busy = last_end > piece.queued.unwrap_or(piece.start);
        last_end = last_end.max(piece.end.unwrap_or_default());
        was_busy && waited(piece) > SEEN
    });
    let late: Vec<usize> = late.map(|(place, _)| place).take(1000).collect();
    let first = *late.first()?;
    let cost = late.iter().map(|place| waited(&pieces[*place])).sum();
    let culprit = Culprit::Connections(pieces[first].one_at_a_time);
    let finding = over(pieces, culprit, late);
    Some(Finding { cost, ..finding })
}

/// Calls that were refused for being too many, and came back in the same lane.
pub(super) fn refusals(pieces: &[Piece]) -> Option<Finding> {
    let refused = |piece: &Piece| {
        let told = piece.error.as_deref().unwrap_or_default().to_ascii_lowercase();
        piece.status == Some(429) || told.contains("429") || told.contains("rate limit")
    };
    let mut cost = Duration::ZERO;
    let mut waited = Vec::new();
    let mut open: HashMap<&str, Instant> = Default::default();
    for (place, piece) in pieces.iter().enumerate() {
        if let Some(end) = open.remove(piece.lane.as_str())
            && piece.start >= end
        {
            cost += piece.start - end;
            waited.push(place);
        }
        if let Some(end) = piece.end.filter(|_| refused(piece)) {
            open.insert(piece.lane.as_str(), end);
        }
    }
    let finding = over(pieces, Culprit::BackOff, waited);
    (!finding.agents.is_empty()).then_some(Finding { cost, ..finding })
}
