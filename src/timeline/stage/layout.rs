//! Where the parts of the stage are: tracks, rows, the fan-out in the gutter, the axis.

use super::rows::rows;
use crate::pipeline::Pipeline;
use crate::timeline::crowd::MOST_LANES;

/// Below this width, in CSS pixels, the stage is narrow.
pub const NARROW: f64 = 560.0;
/// The height of a bar.
pub const BAR: f64 = 18.0;
/// The height of a row: its label, its bar and what is between rows.
const LANE: (f64, f64) = (40.0, 38.0);
/// Left of 0 s: the topic, and the curves that fan out from it.
const GUTTER: (f64, f64) = (120.0, 44.0);
/// Right of the axis, where half of the last tick's label stands.
const EDGE: f64 = 8.0;
/// Above the tracks: the playhead's time.
const TIME: f64 = 20.0;
/// The heading of a track, where it has a line of its own.
const HEADING: f64 = 20.0;
/// Between the two tracks.
const BETWEEN: f64 = 8.0;
/// From the bottom of a row to the bottom of its bar.
const UNDER_BAR: f64 = 4.0;
/// From the lowest row to the bracket, to the axis, and to the bottom of the ticks' labels.
const BELOW: (f64, f64, f64) = (10.0, 30.0, 54.0);
/// The height of the block that a crowd is drawn as.
const BLOCK: f64 = 120.0;
/// The width and height of the topic's pill.
const TOPIC: ((f64, f64), (f64, f64)) = ((58.0, 28.0), (24.0, 28.0));

/// Where things are on a stage of that width, in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// How wide it is.
    pub width: f64,
    /// How high it is, down to the labels of the ticks.
    pub height: f64,
    /// Whether there is little room.
    pub is_narrow: bool,
    /// Where 0 s is.
    pub left: f64,
    /// Where the axis ends.
    pub right: f64,
    /// How high a row is.
    pub lane: f64,
    /// The sequential run: one row.
    pub sequential: Option<Track>,
    /// The parallel run: a row for each branch, or the block of a crowd.
    pub parallel: Option<Track>,
    /// The middle of each agent's bar in the parallel run, by place. All in the middle for a crowd.
    pub bars: Vec<f64>,
    /// Whether the agents are drawn as one block.
    pub is_crowd: bool,
    /// What the branches start from.
    pub topic: Option<Rect>,
    /// From the topic to each root; none for a crowd.
    pub fan_out: Vec<Curve>,
    /// From the topic to a crowd's block: the outline of one shape, as SVG path data.
    pub funnel: Option<String>,
    /// The middle of the bracket over the time saved.
    pub bracket: f64,
    /// The line of the axis.
    pub axis: f64,
}

/// Which runs are on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tracks {
    /// One agent at a time.
    pub sequential: bool,
    /// Each agent as soon as it can start.
    pub parallel: bool,
}

/// The place of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    /// Where the baseline of its heading begins.
    pub heading: Point,
    /// Where its rows begin.
    pub top: f64,
    /// Where its rows end.
    pub bottom: f64,
    /// The middle of its bars; of a parallel run, the middle of the first bar and the last.
    pub middle: f64,
}

/// A point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub x: f64,
    /// Its top edge.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

/// From the topic to a root, left of 0 s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// The root.
    pub agent: usize,
    /// Where it begins.
    pub from: Point,
    /// Where it ends: at 0 s, in the middle of the root's bar.
    pub to: Point,
}

impl Layout {
    /// Lays out a pipeline's runs in that width.
    pub fn new(pipeline: &Pipeline, tracks: Tracks, width: f64) -> Self {
        let is_narrow = width < NARROW;
        let pick = |(wide, narrow): (f64, f64)| if is_narrow { narrow } else { wide };
        let (lane, left) = (pick(LANE), pick(GUTTER));
        let is_crowd = pipeline.agents().len() > MOST_LANES;
        // A heading stands in the gutter, or above its track where the gutter is too narrow for it.
        let heading_height = if is_narrow { HEADING } else { 0.0 };
        let mut y = TIME;
        let mut track = |height: f64| {
            let top = y + heading_height;
            let heading = Point { x: 0.0, y: if is_narrow { top - 5.0 } else { top + 13.0 } };
            y = top + height;
            Track { heading, top, bottom: y, middle: f64::midpoint(top, y) }
        };
        let bar_of = |top: f64, row: f64| top + (row + 1.0) * lane - UNDER_BAR - BAR / 2.0;
        let sequential = tracks.sequential.then(|| {
            // On a narrow stage its heading is where its labels would be.
            let own = track(if is_narrow { BAR + UNDER_BAR } else { lane });
            let middle = own.bottom - UNDER_BAR - BAR / 2.0;
            // Beside the bar: there is only this one. A crowd has no labels above it, and a longer heading.
            let above = if is_crowd { BAR / 2.0 + 12.0 } else { 0.0 };
            let beside = Point { x: 0.0, y: middle + 4.5 - above };
            Track { middle, heading: if is_narrow { own.heading } else { beside }, ..own }
        });
        y += if sequential.is_some() { BETWEEN } else { 0.0 };
        let mut track = |height: f64| {
            let top = y + heading_height;
            let heading = Point { x: 0.0, y: if is_narrow { top - 5.0 } else { top + 13.0 } };
            y = top + height;
            Track { heading, top, bottom: y, middle: f64::midpoint(top, y) }
        };
        let rows = if is_crowd { Vec::new() } else { rows(pipeline) };
        let last = rows.iter().copied().fold(0.0, f64::max).ceil();
        let parallel = tracks.parallel.then(|| {
            let own = track(if is_crowd { BLOCK } else { (last + 1.0) * lane });
            if is_crowd {
                return own;
            }
            Track { middle: f64::midpoint(bar_of(own.top, 0.0), bar_of(own.top, last)), ..own }
        });
        let (bracket, axis, height) = (y + BELOW.0, y + BELOW.1, y + BELOW.2);
        let bars = match parallel {
            Some(own) if is_crowd => vec![own.middle; pipeline.agents().len()],
            Some(own) => rows.iter().map(|row| bar_of(own.top, *row)).collect(),
            None => Vec::new(),
        };
        let pill = if is_narrow { TOPIC.1 } else { TOPIC.0 };
        let topic = parallel.map(|own| Rect {
            x: 0.0,
            y: own.middle - pill.1 / 2.0,
            width: pill.0,
            height: pill.1,
        });
        let mut layout = Self {
            width,
            height,
            is_narrow,
            left,
            right: (width - EDGE).max(left + 1.0),
            lane,
            sequential,
            parallel,
            bars,
            is_crowd,
            topic,
            fan_out: Vec::new(),
            funnel: None,
            bracket,
            axis,
        };
        layout.fan_out(pipeline);
        layout
    }

    fn fan_out(&mut self, pipeline: &Pipeline) {
        let (Some(topic), Some(track)) = (self.topic, self.parallel) else { return };
        let from = Point { x: topic.x + topic.width, y: track.middle };
        if self.is_crowd {
            let (x, half) = (from.x, f64::midpoint(from.x, self.left));
            let (left, top, bottom, y) = (self.left, track.top, track.bottom, from.y);
            self.funnel = Some(format!(
                "M{x:.1} {y:.1}C{half:.1} {y:.1} {half:.1} {top:.1} {left:.1} {top:.1}\
                 V{bottom:.1}C{half:.1} {bottom:.1} {half:.1} {y:.1} {x:.1} {y:.1}z"
            ));
            return;
        }
        let roots = (0..self.bars.len()).filter(|agent| pipeline.needs(*agent).is_empty());
        let to = |agent: usize| Point { x: self.left, y: self.bars[agent] };
        self.fan_out = roots.map(|agent| Curve { agent, from, to: to(agent) }).collect();
    }

    /// Where a fraction of the axis is.
    pub fn x(&self, fraction: f64) -> f64 {
        self.left + fraction * (self.right - self.left)
    }

    /// How wide a fraction of the axis is.
    pub fn length(&self, fraction: f64) -> f64 {
        fraction * (self.right - self.left)
    }
}

impl Rect {
    /// Whether two rectangles have more than an edge in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    /// Its right edge.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }
}

impl Curve {
    /// The curve as SVG path data.
    pub fn path(&self) -> String {
        let (Self { from, to, .. }, half) = (self, f64::midpoint(self.from.x, self.to.x));
        let [x, y, half, right, lower] =
            [from.x, from.y, half, to.x, to.y].map(|n| format!("{n:.1}"));
        format!("M{x} {y}C{half} {y} {half} {lower} {right} {lower}")
    }
}
