//! The one thread behind a run: who had it, when, and how little of the time.
//!
//! The article's event loop as data. A lane of it is mostly empty, and that is the point: where
//! nothing is drawn, the thread was free. Fractions of a window of time, no pixels and no colours.

use std::time::Duration;

use super::scale::Tick;
use super::{Poll, Timeline};
use crate::decimal::{fixed, short};
use crate::pipeline::Pipeline;
use crate::time::{Instant, micros};

/// A stretch of time that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: Instant,
    length: Duration,
}

/// A window is never shorter: a poll takes a tenth of it or more by then.
const SHORTEST: Duration = Duration::from_millis(1);
/// How much closer each step of the zoom comes.
const CLOSER: u32 = 4;

impl Window {
    /// So many steps into an axis that ends at `end`, with `middle` in the middle of it, as far as
    /// the axis allows.
    pub fn around(middle: Instant, end: Duration, zoom: u32) -> Self {
        let end = end.max(SHORTEST);
        let length = (0..zoom).fold(end, |length, _| length / CLOSER).max(SHORTEST);
        let latest = Instant::ZERO + (end - length);
        let from = Instant::ZERO + middle.since(Instant::ZERO + length / 2);
        Self { from: from.min(latest), length }
    }

    /// The deepest zoom into an axis that ends at `end`.
    pub fn deepest(end: Duration) -> u32 {
        let mut length = end;
        let mut zoom = 0;
        while length > SHORTEST {
            length /= CLOSER;
            zoom += 1;
        }
        zoom
    }

    /// How much time it shows.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// Where that moment is: 0 is the left edge, 1 the right one, anything else is outside.
    pub fn x(&self, at: Instant) -> f64 {
        let before = self.from.since(at).as_secs_f64();
        (at.since(self.from).as_secs_f64() - before) / self.length.as_secs_f64()
    }

    /// Labelled moments in seconds at a round distance, at most `most` and one.
    pub fn ticks(&self, most: u64) -> Vec<Tick> {
        let (from, length) = (self.from.as_micros(), micros(self.length).max(1));
        let step = (0..)
            .flat_map(|power| [1, 2, 5].map(|digit| digit * 10 * 10_u64.pow(power)))
            .find(|step| length / step <= most.max(1))
            .unwrap_or(length);
        // As many decimals as it takes to tell one tick from the next.
        let decimals = (0..6).find(|decimals| step % 10_u64.pow(6 - decimals) == 0).unwrap_or(6);
        (from.div_ceil(step)..=(from + length) / step)
            .map(|k| {
                let at = Instant::from_micros(k * step);
                let label = fixed(at.as_secs(), decimals);
                Tick { x: self.x(at), label }
            })
            .collect()
    }
}

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

/// An SVG path for the thread and then one for each row, in a box one wide and one high: the
/// polls, each as long as it had the thread. Where there are too many to tell apart they are one.
pub fn paths(timeline: &Timeline, rows: &Rows, window: Window) -> Vec<String> {
    let polls = timeline.polls();
    let mut paths = vec![String::new(); rows.labels.len() + 1];
    let mut open: Vec<Option<(f64, f64)>> = vec![None; paths.len()];
    let first = polls.partition_point(|poll| window.x(poll.until) < 0.0);
    let polls = polls[first..].iter().copied().chain(timeline.on_thread());
    for poll in polls.take_while(|poll| window.x(poll.since) <= 1.0) {
        let (from, to) = (window.x(poll.since).max(0.0), window.x(poll.until).min(1.0));
        for row in [0, rows.of.get(poll.agent).map_or(0, |row| row + 1)] {
            match &mut open[row] {
                Some((_, end)) if from - *end < TOUCHING => *end = end.max(to),
                drawn => {
                    draw(&mut paths[row], *drawn);
                    *drawn = Some((from, to));
                }
            }
        }
    }
    for (path, last) in paths.iter_mut().zip(open) {
        draw(path, last);
    }
    paths
}

fn draw(path: &mut String, stretch: Option<(f64, f64)>) {
    if let Some((from, to)) = stretch {
        let (from, to) = (fixed(from, 5), fixed(to, 5));
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
    format!("busy {} of {}", milliseconds(held), milliseconds(timeline.makespan()))
}

/// How much of the time nobody had the thread: "99.9 % of the time it was free".
pub fn free(timeline: &Timeline) -> Option<String> {
    let held = held(timeline);
    let whole = timeline.makespan();
    let share = held.as_secs_f64() / Some(whole.as_secs_f64()).filter(|whole| *whole > 0.0)?;
    // Rounded down: it was never wholly free.
    let free = ((1.0 - share).clamp(0.0, 1.0) * 1000.0).floor() / 10.0;
    Some(format!("{} % of the time it was free", short(free)))
}

/// A length in milliseconds, with its unit: a decimal below ten, thousands apart.
pub fn milliseconds(length: Duration) -> String {
    let millis = length.as_secs_f64() * 1e3;
    if millis < 9.95 {
        return fixed(millis, 1) + " ms";
    }
    let digits = fixed(millis, 0);
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + " ms"
}
