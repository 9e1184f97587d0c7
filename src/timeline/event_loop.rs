//! The one thread behind a run: who had it, when, and how little of the time.
//!
//! The article's event loop as data. A lane of it is mostly empty, and that is the point: where
//! nothing is drawn, the thread was free.

mod picture;

use std::time::Duration;

use super::crowd::grouped;
use super::{Poll, Timeline};
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::words;

pub use picture::{Marks, Picture, Plot, marks};

/// Which row of the picture each agent's polls are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// What each row is called.
    pub labels: Vec<String>,
    /// The row of each agent.
    of: Vec<usize>,
}

/// More agents than this share a row for each level.
pub const MOST_ROWS: usize = 8;

impl Rows {
    /// A row for each agent, or for each level where there are too many.
    pub fn of(pipeline: &Pipeline) -> Self {
        let agents = pipeline.agents();
        let title = |agent: &usize| agents[*agent].title();
        if agents.len() <= MOST_ROWS {
            let labels = agents.iter().map(|agent| agent.title().to_owned()).collect();
            return Self { labels, of: (0..agents.len()).collect() };
        }
        let label = |level: &Vec<usize>| match level.as_slice() {
            [only] => title(only).to_owned(),
            [first, .., last] => format!("{} … {}", title(first), title(last)),
            [] => String::new(),
        };
        Self {
            labels: pipeline.by_level().iter().map(label).collect(),
            of: (0..agents.len()).map(|agent| pipeline.level(agent)).collect(),
        }
    }

    /// The polls in each row, and how long they had the thread.
    pub fn sums(&self, timeline: &Timeline) -> Vec<(u32, Duration)> {
        let mut sums = vec![(0, Duration::ZERO); self.labels.len()];
        for (agent, (lane, row)) in timeline.lanes().iter().zip(&self.of).enumerate() {
            sums[*row].0 += lane.polls;
            sums[*row].1 += timeline.held(agent);
        }
        sums
    }
}

/// What one agent that computes does to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blockage {
    /// Its longest poll.
    pub poll: Poll,
    /// Who had a slot before, but could not even start.
    pub held_up: Vec<usize>,
    /// Who had started before and was waiting, as ever.
    pub waiting: Vec<usize>,
}

/// What `agent` did to the others in its longest poll; `None` before it was polled.
pub fn blockage(timeline: &Timeline, agent: usize) -> Option<Blockage> {
    let own = timeline.polls().iter().filter(|poll| poll.agent == agent);
    let poll = *own.max_by_key(|poll| poll.until - poll.since)?;
    let mut first = vec![None; timeline.lanes().len()];
    for poll in timeline.polls() {
        first[poll.agent].get_or_insert(poll.since);
    }
    let others = |is: &dyn Fn(usize, Instant) -> bool| {
        let lanes = timeline.lanes().iter().enumerate();
        let at = lanes.filter(|(other, lane)| {
            let over = lane.end().is_some_and(|end| end <= poll.since);
            let slot = lane.started.is_some_and(|start| start < poll.until);
            *other != agent && !over && slot && first[*other].is_some_and(|at| is(*other, at))
        });
        at.map(|(other, _)| other).collect()
    };
    Some(Blockage {
        poll,
        held_up: others(&|_, first| first >= poll.until),
        waiting: others(&|_, first| first < poll.until),
    })
}

fn held(timeline: &Timeline) -> Duration {
    (0..timeline.lanes().len()).map(|agent| timeline.held(agent)).sum()
}

/// "busy 1.3 ms of 2,300 ms": how long the thread was taken, of the run up to the cursor.
pub fn busy(timeline: &Timeline) -> String {
    let held = held(timeline);
    words::steps::busy(&milliseconds(held), &milliseconds(timeline.makespan()))
}

/// For which share of the time the thread was taken, of the run up to the cursor.
pub fn busy_share(timeline: &Timeline) -> Option<f64> {
    let whole = Some(timeline.makespan().as_secs_f64()).filter(|whole| *whole > 0.0)?;
    Some((held(timeline).as_secs_f64() / whole).clamp(0.0, 1.0))
}

/// For how much of the time the thread was free: "free 99.9% of the time".
pub fn free(timeline: &Timeline) -> Option<String> {
    let share = busy_share(timeline)?;
    // Rounded down: it was never wholly free.
    let free = ((1.0 - share) * 1000.0).floor() / 10.0;
    Some(words::steps::free(&free.to_string()))
}

/// A length in milliseconds, with its unit: a decimal below ten, thousands apart.
pub fn milliseconds(length: Duration) -> String {
    let millis = length.as_secs_f64() * 1e3;
    if millis < 9.95 {
        return words::milliseconds(&format!("{millis:.1}"));
    }
    words::milliseconds(&grouped(millis.round() as usize))
}
