//! What many runs have come to, as figures and shapes: a row for a call and for each way to run, on one
//! axis, and the slowest of a growing number of branches.

use std::time::Duration;

use super::Axis;
use crate::tail::{GrowthPoint, Histogram, Percentiles};
use crate::time::seconds;
use crate::timeline::crowd::grouped;
use crate::timeline::scale::{Tick, TimeScale};
use crate::words;

/// What many runs have come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The axis of all rows.
    pub axis: Axis,
    /// One branch, the sequential run, the parallel run, and that with a hedge or a quorum.
    pub rows: Vec<Row>,
    /// The slowest of 1 to 1,000 branches like the one that is watched.
    pub growth: Vec<GrowthPoint>,
    /// The same with second calls, if there are any.
    pub hedged_growth: Option<Vec<GrowthPoint>>,
    /// How many branches the pipeline has.
    pub branches: usize,
    /// The name of the branch that is watched.
    pub watched: String,
    /// What it teaches, a sentence each.
    pub sentences: Vec<String>,
    /// How many runs were drawn, and from what.
    pub drawn: String,
}

/// A distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Of what.
    pub kind: RowKind,
    /// The three percentiles.
    pub percentiles: Percentiles,
    /// Where they lie on the axis, from 0 to 1.
    pub marks: [f64; 3],
    /// The distribution as the path of a shape in a square of one by one, upside down as in SVG.
    pub path: String,
    /// Calls that it makes, on average.
    pub calls: f64,
    /// Tokens that it takes, about.
    pub tokens: u64,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// The branch whose median is longest.
    Branch,
    /// One agent at a time.
    Sequential,
    /// As it is without a hedge and a quorum.
    Parallel,
    /// With second calls after that time.
    Hedged(Duration),
    /// With so many answers of so many.
    Quorum {
        /// How many a join begins with.
        answers: usize,
        /// How many it reads.
        of: usize,
    },
    /// With the hedge and the quorum.
    Both,
}

impl RowKind {
    /// Its name in the style sheet.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Sequential => "sequential",
            Self::Parallel => "parallel",
            Self::Hedged(_) => "hedged",
            Self::Quorum { .. } => "quorum",
            Self::Both => "both",
        }
    }

    /// What is written at its row.
    pub fn label(self) -> String {
        match self {
            Self::Branch => "One branch".into(),
            Self::Sequential => "Sequential run".into(),
            Self::Parallel => "Parallel run".into(),
            Self::Hedged(after) => words::tail::hedged(&seconds(after)),
            Self::Quorum { answers, of } => words::tail::quorum(answers, of),
            Self::Both => words::tail::BOTH.into(),
        }
    }
}

/// Columns of a distribution's shape.
const COLUMNS: usize = 160;
/// The height of a rare length, at least, as a share of the row.
const LEAST: f64 = 0.05;

impl Row {
    /// A row of that histogram. `a_call` is the tokens of a call, on average.
    pub(super) fn of(
        kind: RowKind,
        axis: Axis,
        histogram: &Histogram,
        calls: f64,
        a_call: f64,
    ) -> Self {
        let percentiles = histogram.percentiles();
        let Percentiles { p50, p95, p99 } = percentiles;
        let columns = histogram.spread_over(COLUMNS, |length| axis.place(length) * COLUMNS as f64);
        Self {
            kind,
            percentiles,
            marks: [p50, p95, p99].map(|length| axis.x(length)),
            path: path(&columns),
            calls,
            tokens: (calls * a_call).round() as u64,
        }
    }

    /// Its calls, as people write them.
    pub fn written_calls(&self) -> String {
        match self.calls.fract() {
            0.0 => grouped(self.calls as usize),
            _ => format!("{:.2}", self.calls),
        }
    }

    /// Its tokens, as people write them.
    pub fn written_tokens(&self) -> String {
        grouped(self.tokens as usize)
    }
}

/// A shape of columns, whose heights are the roots of shares: a hundredth is still a tenth as high.
/// Columns side by side have one outline.
fn path(shares: &[f64]) -> String {
    let highest = shares.iter().copied().fold(0.0, f64::max);
    let x = |column: usize| format!("{:.4}", column as f64 / shares.len() as f64);
    let mut path = String::new();
    let mut is_open = false;
    for (column, share) in shares.iter().enumerate() {
        match (*share > 0.0, is_open) {
            (true, false) => path += &format!("M{} 1", x(column)),
            (false, true) => path += "V1Z",
            _ => {}
        }
        is_open = *share > 0.0;
        if is_open {
            let top = 1.0 - (share / highest).sqrt().max(LEAST);
            path += &format!("V{top:.3}H{}", x(column + 1));
        }
    }
    path + if is_open { "V1Z" } else { "" }
}

impl Figure {
    /// The vertical axis of the growth: the longest that is drawn.
    fn longest(&self) -> Duration {
        let all = self.growth.iter().chain(self.hedged_growth.iter().flatten());
        all.map(|point| point.slowest.p99).max().unwrap_or_default()
    }

    fn height(&self) -> TimeScale {
        TimeScale::up_to(self.longest().mul_f64(1.05))
    }

    /// Labeled lengths on the vertical axis of the growth; `x` is how far up.
    pub fn growth_ticks(&self) -> Vec<Tick> {
        self.height().ticks(4)
    }

    /// One percentile as branches grow in number, as the points of a line in a square of one by one.
    pub fn growth_line(&self, of: fn(&Percentiles) -> Duration, hedged: bool) -> String {
        let points = match hedged {
            true => self.hedged_growth.as_deref().unwrap_or_default(),
            false => &self.growth,
        };
        let scale = self.height();
        let point = |point: &GrowthPoint| {
            let y = 1.0 - scale.length(of(&point.slowest));
            format!("{:.4},{y:.4}", growth_x(point.branches))
        };
        points.iter().map(point).collect::<Vec<_>>().join(" ")
    }
}

/// Where so many branches lie between 1 and 1,000, on a logarithmic axis.
pub(crate) fn growth_x(branches: usize) -> f64 {
    ((branches.max(1) as f64).log10() / 3.0).min(1.0)
}

impl Figure {
    /// Where the pipeline's own number of branches lies on the axis of the growth.
    pub fn own_x(&self) -> f64 {
        growth_x(self.branches)
    }
}
