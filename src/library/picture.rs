//! A row as a small timeline: what each agent did, on an axis that all rows share.

use std::time::Duration;

use super::Row;
use crate::timeline::gantt::{Bar, FailedTry, Stretch, bars};
use crate::timeline::scale::TimeScale;
use crate::timeline::{Phase, Timeline};

/// A small timeline. Places along the axis are fractions of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// How many agents there are.
    pub agents: usize,
    /// What they did, in order of time for each.
    pub marks: Vec<Mark>,
    /// When the caller has what it gets; `None`: never.
    pub seen: Option<f64>,
    /// Whether that is an error.
    pub is_error: bool,
}

/// How high a small timeline is, in CSS pixels, unless its agents need less.
const HEIGHT: f64 = 40.0;

/// From one agent's bar to the next, at most, in CSS pixels.
const PITCH: f64 = 8.0;

impl Picture {
    /// How high it is, in CSS pixels.
    pub fn height(&self) -> f64 {
        self.pitch() * self.agents as f64
    }

    /// How high an agent's bar is, in CSS pixels.
    pub fn bar(&self) -> f64 {
        self.pitch() * 0.75
    }

    /// The top of an agent's bar, in CSS pixels.
    pub fn top(&self, agent: usize) -> f64 {
        self.pitch() * (agent as f64 + 0.125)
    }

    fn pitch(&self) -> f64 {
        (HEIGHT / self.agents.max(1) as f64).min(PITCH)
    }
}

/// One stretch of an agent's time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Which agent, by place.
    pub agent: usize,
    /// From when to when.
    pub at: Stretch,
    /// What it was.
    pub fill: Fill,
}

/// What a stretch of an agent's time was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// It worked for an answer.
    Done,
    /// It worked, and failed at the end.
    Failed,
    /// It worked, and was canceled.
    Canceled,
    /// It worked on, unused.
    Unused,
    /// It waited for its next attempt.
    Waiting,
}

impl Fill {
    /// Its name in style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Unused => "unused",
            Self::Waiting => "waiting",
        }
    }
}

/// The length of the axis that all of these rows fit on.
pub fn axis(rows: &[Row]) -> Duration {
    let ends = rows.iter().flat_map(|row| row.runs.iter()).map(|(began, run)| *began + length(run));
    ends.max().unwrap_or_default().max(Duration::from_micros(1))
}

fn length(run: &Timeline) -> Duration {
    run.cursor().since(Default::default())
}

impl Row {
    /// Its small timeline on an axis of that length.
    pub fn picture(&self, axis: Duration) -> Picture {
        let scale = TimeScale::up_to(axis);
        let mut marks = Vec::new();
        for (began, run) in self.runs.iter() {
            let later = scale.length(*began);
            for (agent, bar) in bars(run, scale).into_iter().enumerate() {
                let shift = |at: Stretch| Stretch { x: at.x + later, ..at };
                let parts = parts(&bar).into_iter().filter(|(at, _)| at.width > 0.0);
                marks.extend(parts.map(|(at, fill)| Mark { agent, at: shift(at), fill }));
            }
        }
        Picture {
            agents: self.runs.first().map_or(0, |(_, run)| run.lanes().len()),
            marks,
            seen: self.at.map(|at| scale.length(at)),
            is_error: self.sees.is_error(),
        }
    }
}

fn parts(bar: &Bar) -> Vec<(Stretch, Fill)> {
    let tries = bar.failed.iter().flat_map(|FailedTry { run, wait, queue }| {
        let waits = [Some(*wait), *queue].into_iter().flatten().map(|at| (at, Fill::Waiting));
        std::iter::once((*run, Fill::Failed)).chain(waits)
    });
    let fill = match bar.phase {
        Phase::Failed | Phase::FellBack => Fill::Failed,
        Phase::Cancelled => Fill::Canceled,
        _ => Fill::Done,
    };
    let used = |now: Stretch| match bar.orphaned {
        Some(from) if fill != Fill::Canceled => {
            let width = (from.x - now.x).clamp(0.0, now.width);
            let unused = Stretch { x: now.x + width, width: now.width - width };
            vec![(Stretch { width, ..now }, Fill::Done), (unused, Fill::Unused)]
        }
        _ => vec![(now, fill)],
    };
    tries.chain(bar.now.map(used).unwrap_or_default()).collect()
}
