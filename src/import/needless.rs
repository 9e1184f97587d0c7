//! Order that a file shows no reason for, and limits that it was held to.
//!
//! Both are candidates: a file cannot prove that two pieces are independent, and the page says so.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use super::claude_code::only_reads;
use super::figures::TOLERANCE;
use super::pieces::{Container, Piece};
use super::span::{Kind, Order};
use crate::time::Instant;

/// The pieces of one container that ran one after another without a dependency in the file, a list for
/// each run of them.
pub fn needless(pieces: &[Piece], containers: &[Container]) -> Vec<Vec<usize>> {
    let mut groups = Vec::new();
    for (number, inside) in by_container(pieces, containers.len()).iter().enumerate() {
        let container = &containers[number];
        let mut run: Vec<usize> = Vec::new();
        let mut latest = Instant::ZERO;
        for (index, place) in inside.iter().enumerate() {
            let piece = &pieces[*place];
            // What overlaps another part of its container is no part of a sequence.
            let next = inside.get(index + 1).map(|next| pieces[*next].start);
            let alone = (index == 0 || latest <= piece.start + TOLERANCE)
                && next.zip(piece.end).is_none_or(|(next, end)| end <= next + TOLERANCE);
            latest = latest.max(piece.end.unwrap_or(piece.start));
            let follows =
                run.last().is_some_and(|last| alone && !depends(pieces, *last, *place, container));
            if !follows {
                groups.extend(sequence(std::mem::take(&mut run)));
            }
            if alone && piece.end.is_some() {
                run.push(*place);
            }
        }
        groups.extend(sequence(run));
    }
    groups.sort();
    groups
}

fn sequence(run: Vec<usize>) -> Option<Vec<usize>> {
    (run.len() >= 2).then_some(run)
}

/// The pieces directly in each container, in the order of time.
fn by_container(pieces: &[Piece], containers: usize) -> Vec<Vec<usize>> {
    let mut inside = vec![Vec::new(); containers];
    for (place, piece) in pieces.iter().enumerate() {
        piece.container.iter().for_each(|container| inside[*container].push(place));
    }
    inside
}

/// Whether something in the file says that `after` needs `before`, which ran before it.
fn depends(pieces: &[Piece], before: usize, after: usize, container: &Container) -> bool {
    let (a, b) = (&pieces[before], &pieces[after]);
    if b.links.contains(&before) {
        return true;
    }
    // What ran in between, in another container, may have decided.
    let between = pieces[before + 1..after].iter();
    let decided = |other: &Piece| {
        other.container != a.container && other.start >= a.start && other.end <= Some(b.start)
    };
    let between = after - before > MOST_BETWEEN || between.into_iter().any(decided);
    match container.order {
        Order::Parallel => false,
        Order::Sequence => true,
        // Each waited for the model's answer: only calls of one tool that reads could have gone together.
        _ if between => true,
        Order::Conversation => a.name != b.name || !only_reads(&a.name),
        Order::Agent if a.kind == Kind::Model => true,
        // A model reads what was looked up for it.
        Order::Agent | Order::Unsaid => {
            b.kind == Kind::Model && matches!(a.kind, Kind::Tool | Kind::Retriever)
        }
    }
}

/// More pieces in between than this are not looked through.
const MOST_BETWEEN: usize = 64;

/// A limit that calls were held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// So many were in flight at once, never more.
    pub at_once: usize,
    /// The pieces that the limit was for.
    pub pieces: Vec<usize>,
    /// Those of them that began as soon as another one had ended.
    pub waited: Vec<usize>,
}

/// Whether pieces of one container were held to a number at once: each one beyond the first so many
/// began just as another one ended, while the others went on.
pub fn limit(pieces: &[Piece], containers: &[Container]) -> Option<Limit> {
    let groups = by_container(pieces, containers.len());
    let found = groups.iter().flat_map(|inside| clusters(pieces, inside));
    let found = found.filter_map(|cluster| limit_of(pieces, &cluster));
    found.max_by_key(|limit| limit.waited.len())
}

/// Stretches of pieces that overlap each other, or touch.
fn clusters(pieces: &[Piece], inside: &[usize]) -> Vec<Vec<usize>> {
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    let mut until = Instant::ZERO;
    for place in inside {
        let piece = &pieces[*place];
        let Some(end) = piece.end else { continue };
        match clusters.last_mut() {
            Some(cluster) if piece.start < until => cluster.push(*place),
            _ => clusters.push(vec![*place]),
        }
        until = until.max(end);
    }
    clusters.retain(|cluster| cluster.len() >= 3);
    clusters
}

fn limit_of(pieces: &[Piece], cluster: &[usize]) -> Option<Limit> {
    // The same kind of call, or it may be another stage that had to wait.
    let first = &pieces[cluster[0]];
    if !cluster.iter().all(|place| pieces[*place].kind == first.kind) {
        return None;
    }
    let mut lengths: Vec<Duration> = (cluster.iter())
        .filter_map(|place| Some(pieces[*place].end? - pieces[*place].start))
        .collect();
    lengths.sort_unstable();
    // What passes between an end and the start that waited for it.
    let soon = (lengths[lengths.len() / 2] / 10).clamp(Duration::from_millis(20), MOST_LAG);
    // Ends, the earliest first.
    let (mut in_flight, mut free): (BinaryHeap<_>, BinaryHeap<_>) = Default::default();
    let (mut most, mut waited) = (0, Vec::new());
    for place in cluster {
        let piece = &pieces[*place];
        while let Some(Reverse(end)) = in_flight.peek().copied() {
            if end > piece.start + TOLERANCE {
                break;
            }
            in_flight.pop();
            free.push(Reverse(end));
        }
        match free.pop() {
            Some(Reverse(end)) if piece.start.since(end) <= soon => waited.push(*place),
            // It could have begun before.
            Some(_) => return None,
            // More are in flight than the limit would be.
            None if !waited.is_empty() => return None,
            None => {}
        }
        in_flight.extend(piece.end.map(Reverse));
        most = most.max(in_flight.len());
    }
    // One start after one end may be a dependency; alike calls, or several of them, are not.
    let alike = cluster.iter().all(|place| pieces[*place].name == first.name);
    let enough = waited.len() >= if alike { 1 } else { 2 };
    (most >= 2 && enough).then(|| Limit { at_once: most, pieces: cluster.to_vec(), waited })
}

/// A longer wait after an end has another reason.
const MOST_LAG: Duration = Duration::from_millis(250);
