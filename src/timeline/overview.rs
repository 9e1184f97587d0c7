//! All lanes at once, for so many that a line each would be too much: what is drawn depends on the
//! room and not on how many there are.
//!
//! Fractions of the axis across and rows down. Where lanes share a row, the row shows all that any
//! of them does, one state over the other: nothing is left out for want of room.

use super::gantt::{self, Stretch};
use super::scale::TimeScale;
use super::{Phase, Timeline};

/// The states that are drawn, each over those before it.
pub const DRAWN: [Phase; 7] = [
    Phase::Queued,
    Phase::Done,
    Phase::Running,
    Phase::FellBack,
    Phase::Failed,
    Phase::Cancelled,
    Phase::Orphaned,
];

/// Stretches nearer to each other than this fraction of the axis are one, and none is shorter.
const TOUCHING: f64 = 1.0 / 2000.0;

/// How many rows that many lanes take where there are `most`.
pub fn rows(lanes: usize, most: usize) -> usize {
    lanes.min(most).max(1)
}

/// An SVG path for each of the states in [`DRAWN`], in a box one wide and as high as there are
/// [`rows`] of at most `most`. Attempts that failed are with the failed ones, whatever came of their
/// agents; waits are gaps.
pub fn paths(timeline: &Timeline, scale: TimeScale, most: usize) -> [String; DRAWN.len()] {
    let all: Vec<usize> = (0..timeline.lanes().len()).collect();
    paths_of(timeline, &all, scale, most)
}

/// The same of some agents, in that order.
pub fn paths_of(
    timeline: &Timeline,
    agents: &[usize],
    scale: TimeScale,
    most: usize,
) -> [String; DRAWN.len()] {
    let lanes = agents.len();
    let rows = rows(lanes, most);
    // Bars of their own have a gap between them.
    let height = if rows == lanes { ".8" } else { "1" };
    let mut paths = [const { String::new() }; DRAWN.len()];
    if timeline.run().started.is_none() {
        return paths;
    }
    let mut stretches = [const { Vec::<(f64, f64)>::new() }; DRAWN.len()];
    for row in 0..rows {
        for agent in &agents[row * lanes / rows..(row + 1) * lanes / rows] {
            let Some(bar) = gantt::bar(timeline, *agent, scale) else { continue };
            let mut add = |phase, stretch: Stretch| {
                if let Some(place) = DRAWN.iter().position(|drawn| *drawn == phase) {
                    let drawn = (stretch.x, stretch.x + stretch.width.max(TOUCHING));
                    stretches[place].push(drawn);
                }
            };
            bar.queue.into_iter().for_each(|queue| add(Phase::Queued, queue));
            bar.failed.iter().for_each(|attempt| add(Phase::Failed, attempt.run));
            bar.now.into_iter().for_each(|now| add(bar.phase, now));
        }
        for (path, stretches) in paths.iter_mut().zip(&mut stretches) {
            stretches.sort_by(|(one, _), (other, _)| one.total_cmp(other));
            draw(path, stretches, row, height);
            stretches.clear();
        }
    }
    paths
}

/// Draws stretches of one row, in the order of their beginnings; those that touch are one.
fn draw(path: &mut String, stretches: &[(f64, f64)], row: usize, height: &str) {
    let mut left = stretches.iter().copied().peekable();
    while let Some((from, mut to)) = left.next() {
        while let Some((_, end)) = left.next_if(|(next, _)| next - to < TOUCHING) {
            to = to.max(end);
        }
        let (x, width) = (format!("{from:.5}"), format!("{:.5}", to - from));
        *path += &format!("M{x} {row}h{width}v{height}h-{width}z");
    }
}
