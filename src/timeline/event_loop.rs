//! The one thread behind a run: who had it, when, and how little of the time.
//!
//! The article's event loop as data. A lane of it is mostly empty, and that is the point: where
//! nothing is drawn, the thread was free. Fractions of a window of time, no pixels and no colours.

use std::time::Duration;

use super::crowd::grouped;
use super::scale::TimeScale;
use super::{Poll, Timeline};
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::words;

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
        let name = |agent: &usize| agents[*agent].name.as_str();
        if agents.len() <= MOST_ROWS {
            let labels = agents.iter().map(|agent| agent.name.clone()).collect();
            return Self { labels, of: (0..agents.len()).collect() };
        }
        let label = |level: &Vec<usize>| match level.as_slice() {
            [only] => name(only).to_owned(),
            [first, .., last] => format!("{} … {}", name(first), name(last)),
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

/// Ticks nearer to each other than this fraction of a window are one tick.
const TOUCHING: f64 = 1.0 / 2000.0;

/// The picture of a thread, which goes on from what is drawn already where the log has only gone on.
#[derive(Default)]
pub struct Picture {
    /// Which run it is of, and what of the time is looked at.
    of: Option<(u32, TimeScale)>,
    /// How many polls of the log are drawn, with those before the window.
    read: usize,
    rows: Vec<Drawn>,
}

/// A row: what stays as it is drawn, and the stretch that the next poll may still make longer.
#[derive(Clone, Default)]
struct Drawn {
    path: String,
    open: Option<(f64, f64)>,
}

impl Picture {
    /// Draws what is new of the polls in that window; answers how many it has looked at. `run` is
    /// another number for every other log.
    pub fn draw(
        &mut self,
        (timeline, run): (&Timeline, u32),
        rows: &Rows,
        window: TimeScale,
    ) -> usize {
        let polls = timeline.polls();
        if self.of != Some((run, window)) || polls.len() < self.read {
            self.of = Some((run, window));
            self.read = polls.partition_point(|poll| window.x(poll.until) < 0.0);
            self.rows = vec![Drawn::default(); rows.labels.len() + 1];
        }
        let before = self.read;
        let fresh = polls.get(self.read..).unwrap_or_default().iter();
        for poll in fresh.take_while(|poll| window.x(poll.since) <= 1.0) {
            add(&mut self.rows, rows, window, poll);
            self.read += 1;
        }
        self.read - before
    }

    /// An SVG path for the thread and then one for each row, in a box one wide and one high: the
    /// polls, each as long as it had the thread, and who has it now. Where there are too many to tell
    /// apart they are one.
    pub fn paths(&self, timeline: &Timeline, rows: &Rows) -> Vec<String> {
        let mut drawn = self.rows.clone();
        let now = timeline.on_thread().zip(self.of);
        if let Some((poll, (_, window))) = now.filter(|(poll, (_, w))| w.x(poll.since) <= 1.0) {
            add(&mut drawn, rows, window, &poll);
        }
        let ended = drawn.into_iter().map(|mut row| {
            draw(&mut row.path, row.open);
            row.path
        });
        ended.collect()
    }
}

fn add(drawn: &mut [Drawn], rows: &Rows, window: TimeScale, poll: &Poll) {
    let (from, to) = (window.x(poll.since).max(0.0), window.x(poll.until).min(1.0));
    if to < 0.0 {
        return;
    }
    for row in [0, rows.of.get(poll.agent).map_or(0, |row| row + 1)] {
        let Some(row) = drawn.get_mut(row) else { continue };
        match &mut row.open {
            Some((_, end)) if from - *end < TOUCHING => *end = end.max(to),
            open => {
                draw(&mut row.path, *open);
                *open = Some((from, to));
            }
        }
    }
}

/// The picture of a thread, all at once: see [`Picture::paths`].
pub fn paths(timeline: &Timeline, rows: &Rows, window: TimeScale) -> Vec<String> {
    let mut picture = Picture::default();
    picture.draw((timeline, 0), rows, window);
    picture.paths(timeline, rows)
}

fn draw(path: &mut String, stretch: Option<(f64, f64)>) {
    if let Some((from, to)) = stretch {
        let (from, to) = (format!("{from:.5}"), format!("{to:.5}"));
        *path += &format!("M{from} 0H{to}V1H{from}z");
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

/// For how much of the time the thread was free: "99.9 % of the time it was free".
pub fn free(timeline: &Timeline) -> Option<String> {
    let held = held(timeline);
    let whole = timeline.makespan();
    let share = held.as_secs_f64() / Some(whole.as_secs_f64()).filter(|whole| *whole > 0.0)?;
    // Rounded down: it was never wholly free.
    let free = ((1.0 - share).clamp(0.0, 1.0) * 1000.0).floor() / 10.0;
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
