//! The geometry of the diagram: input, fan-out, branches, fan-in, report, and what is under way.
//!
//! Where things are depends on the pipeline alone; what is under way on an edge depends on the
//! timeline. Like the bars, no colours and no elements.

use std::time::Duration;

use super::Timeline;
use crate::decimal::fixed;
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::trace::Outcome;

/// A box of the diagram, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it stands for.
    pub what: What,
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
}

/// What a box stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// What is there before the run.
    Input,
    /// An agent, by place.
    Agent(usize),
    /// Agents of one level for which there is no room, by place.
    More(Vec<usize>),
    /// What the run leaves.
    Report,
}

/// A way that a text takes, between two boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Where from: an index into the nodes.
    pub from: usize,
    /// Where to: an index into the nodes.
    pub to: usize,
    /// The curve: its start, its two handles and its end.
    pub curve: [(f64, f64); 4],
}

/// A whole diagram, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    /// How wide.
    pub width: f64,
    /// How high.
    pub height: f64,
    /// How wide and high every box is.
    pub node: (f64, f64),
    /// The boxes: first the input, last the report.
    pub nodes: Vec<Node>,
    /// The ways between them.
    pub edges: Vec<Edge>,
}

/// More boxes than this in one level are drawn as one.
const MOST_IN_A_LEVEL: usize = 8;
/// Below this many pixels, levels go down the page and not along it.
const NARROW: f64 = 560.0;
/// The least width of a box where levels go along the page, and where they go down it.
const LEAST: (f64, f64) = (64.0, 40.0);
/// Between two boxes side by side, where levels go down the page.
const GAP: f64 = 8.0;

impl Diagram {
    /// Lays out a pipeline in that many pixels.
    pub fn new(pipeline: &Pipeline, width: f64) -> Self {
        let ranks = pipeline.by_level().len() as f64 + 2.0;
        let along = width / (ranks + (ranks - 1.0) * 0.45);
        let down = width < NARROW || along < LEAST.0;
        let room = if down { ((width + GAP) / (LEAST.1 + GAP)) as usize } else { usize::MAX };
        let levels = levels(pipeline, room.clamp(2, MOST_IN_A_LEVEL));
        let widest = levels.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let node = if down {
            (((width - GAP * (widest - 1.0)) / widest).min(132.0), 40.0)
        } else {
            (along.min(148.0), 44.0)
        };
        let (gap, height) = if down {
            (34.0, ranks * node.1 + (ranks - 1.0) * 34.0)
        } else {
            (14.0, widest * node.1 + (widest - 1.0) * 14.0)
        };
        let mut nodes = Vec::new();
        for (rank, level) in levels.into_iter().enumerate() {
            let count = level.len() as f64;
            for (place, what) in level.into_iter().enumerate() {
                let (rank, place) = (rank as f64, place as f64);
                let (x, y) = if down {
                    let step = node.0 + GAP;
                    let left = (width - (count * step - GAP)) / 2.0;
                    (left + place * step, rank * (node.1 + gap))
                } else {
                    let step = (width - node.0) / (ranks - 1.0);
                    let top = (height - (count * (node.1 + gap) - gap)) / 2.0;
                    (rank * step, top + place * (node.1 + gap))
                };
                nodes.push(Node { what, x, y });
            }
        }
        let mut diagram = Self { width, height, node, nodes, edges: Vec::new() };
        diagram.connect(pipeline, down);
        diagram
    }

    fn connect(&mut self, pipeline: &Pipeline, down: bool) {
        let mut home = vec![0; pipeline.agents().len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for agent in node.what.agents() {
                home[*agent] = index;
            }
        }
        let report = self.nodes.len() - 1;
        let mut pairs = Vec::new();
        for agent in 0..home.len() {
            let inputs = pipeline.agents()[agent].reads();
            let reads_input = inputs.iter().any(|(key, _)| pipeline.inputs().contains(key));
            if pipeline.level(agent) == 0 || reads_input {
                pairs.push((0, home[agent]));
            }
            pairs.extend(pipeline.needs(agent).iter().map(|need| (home[*need], home[agent])));
            if pipeline.is_final(agent) {
                pairs.push((home[agent], report));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        // A way from the input past a whole level would cross the boxes in between.
        let skips = |(from, to): &(usize, usize)| {
            *from == 0 && matches!(self.nodes[*to].what, What::Agent(a) if pipeline.level(a) > 0)
        };
        self.edges = (pairs.into_iter().filter(|pair| !skips(pair)))
            .map(|(from, to)| Edge { from, to, curve: self.curve(from, to, down) })
            .collect();
    }

    fn curve(&self, from: usize, to: usize, down: bool) -> [(f64, f64); 4] {
        let (from, to) = (&self.nodes[from], &self.nodes[to]);
        let (wide, high) = self.node;
        if down {
            let start = (from.x + wide / 2.0, from.y + high);
            let end = (to.x + wide / 2.0, to.y);
            let middle = (start.1 + end.1) / 2.0;
            [start, (start.0, middle), (end.0, middle), end]
        } else {
            let start = (from.x + wide, from.y + high / 2.0);
            let end = (to.x, to.y + high / 2.0);
            let middle = (start.0 + end.0) / 2.0;
            [start, (middle, start.1), (middle, end.1), end]
        }
    }
}

impl What {
    /// The agents in the box, by place.
    pub fn agents(&self) -> &[usize] {
        match self {
            Self::Agent(agent) => std::slice::from_ref(agent),
            Self::More(agents) => agents,
            Self::Input | Self::Report => &[],
        }
    }
}

fn levels(pipeline: &Pipeline, most: usize) -> Vec<Vec<What>> {
    let boxes = pipeline.by_level().into_iter().map(|mut level| {
        let more = if level.len() > most { level.split_off(most - 1) } else { Vec::new() };
        let mut boxes: Vec<What> = level.into_iter().map(What::Agent).collect();
        boxes.extend((!more.is_empty()).then_some(What::More(more)));
        boxes
    });
    std::iter::once(vec![What::Input]).chain(boxes).chain([vec![What::Report]]).collect()
}

impl Edge {
    /// The curve as SVG path data.
    pub fn path(&self) -> String {
        let [a, b, c, d] = self.curve.map(|(x, y)| format!("{} {}", fixed(x, 1), fixed(y, 1)));
        format!("M{a}C{b} {c} {d}")
    }

    /// The point at `t` of the way, from 0 to 1.
    pub fn point(&self, t: f64) -> (f64, f64) {
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let sum = |axis: fn(&(f64, f64)) -> f64| -> f64 {
            self.curve.iter().zip(weights).map(|(point, weight)| axis(point) * weight).sum()
        };
        (sum(|point| point.0), sum(|point| point.1))
    }
}

/// How long a text is seen under way after it was written. The engine hands it over at once; the
/// eye needs longer.
const TRAVEL: Duration = Duration::from_millis(320);

/// When what flows along an edge was written: `None` as long as it is not, or not all of it.
pub fn written(diagram: &Diagram, edge: &Edge, timeline: &Timeline) -> Option<Instant> {
    match &diagram.nodes[edge.from].what {
        What::Input => timeline.run().started,
        what => (what.agents().iter())
            .map(|agent| match timeline.lanes().get(*agent).and_then(|lane| lane.ended.as_ref()) {
                Some((at, Outcome::Done | Outcome::Kept)) => Some(*at),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .max(),
    }
}

/// How far along its edge a text is that was written at `written`: `None` once it has arrived.
pub fn under_way(written: Instant, cursor: Instant) -> Option<f64> {
    let progress = cursor.since(written).as_secs_f64() / TRAVEL.as_secs_f64();
    (progress < 1.0 && cursor >= written).then_some(progress)
}
