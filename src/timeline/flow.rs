//! The geometry of the diagram: input, fan-out, branches, fan-in, report, and what is under way.
//!
//! Where things are depends on the pipeline alone; what is under way on an edge depends on the
//! timeline. Like the bars, no colors and no elements.

use std::time::Duration;

use super::Timeline;
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
    /// The curve: its start, and for each piece of it two handles and its end.
    pub curve: Vec<(f64, f64)>,
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

/// More ways than this past one level share the last of their lanes.
const MOST_LANES: usize = 10;

impl Diagram {
    /// Lays out a pipeline in that many pixels.
    pub fn new(pipeline: &Pipeline, width: f64) -> Self {
        let ranks = pipeline.by_level().len() as f64 + 2.0;
        let along = width / (ranks + (ranks - 1.0) * 0.45);
        let down = width < NARROW || along < LEAST.0;
        let passing = passing(pipeline);
        let levels = levels(pipeline, |rank| {
            let lanes = passing.get(rank).copied().unwrap_or_default() as f64;
            let room = ((width + GAP - lanes * GAP) / (LEAST.1 + GAP)) as usize;
            if down { room.clamp(2, MOST_IN_A_LEVEL) } else { MOST_IN_A_LEVEL }
        });
        let layout = Layout::new(pipeline, &levels);
        let (node, gap, between) = if down {
            let wide = (layout.ranks.iter()).map(|rank| {
                let gaps = GAP * (rank.items() as f64 - 1.0);
                (width - gaps) / rank.nodes.len() as f64
            });
            ((wide.fold(132.0, f64::min), 40.0), GAP, 34.0)
        } else {
            ((along.min(148.0), 44.0), 14.0, 0.0)
        };
        let side = if down { node.0 } else { node.1 };
        let widest = layout.ranks.iter().map(|rank| rank.extent(side, gap)).fold(0.0, f64::max);
        let height = if down { ranks * node.1 + (ranks - 1.0) * between } else { widest };
        let step = if down { node.1 + between } else { (width - node.0) / (ranks - 1.0) };
        let across = layout.place(side, gap, if down { width } else { height });
        let at = |across: f64, along: f64| if down { (across, along) } else { (along, across) };
        let deep = if down { node.1 } else { node.0 };
        let nodes = (levels.into_iter().flatten().enumerate())
            .map(|(index, what)| {
                let rank = layout.rank_of[index];
                let middle = across[rank][index];
                let (x, y) = at(middle - side / 2.0, rank as f64 * step);
                Node { what, x, y }
            })
            .collect();
        let edges = (layout.pairs.iter())
            .map(|(from, to)| {
                // Along its lane past each level in between, and a bow from one level to the next.
                let mut curve = Vec::new();
                let (first, last) = (layout.rank_of[*from], layout.rank_of[*to]);
                for (rank, middles) in across.iter().enumerate().take(last + 1).skip(first) {
                    let middle = middles[if rank == last { *to } else { *from }];
                    let (enters, leaves) = (rank as f64 * step, rank as f64 * step + deep);
                    if let Some((left, before)) = curve.last().copied() {
                        let half = f64::midpoint(left, enters);
                        curve.extend([(half, before), (half, middle), (enters, middle)]);
                        if rank < last {
                            curve.extend([(enters, middle), (leaves, middle), (leaves, middle)]);
                        }
                    } else {
                        curve.push((leaves, middle));
                    }
                }
                let curve = curve.into_iter().map(|(along, across)| at(across, along)).collect();
                Edge { from: *from, to: *to, curve }
            })
            .collect();
        Self { width, height, node, nodes, edges }
    }
}

/// What is in which rank, from the input to the report, and which ways there are.
struct Layout {
    ranks: Vec<Rank>,
    rank_of: Vec<usize>,
    pairs: Vec<(usize, usize)>,
}

/// The boxes of a rank, and those of earlier ranks whose ways pass it: indices into the nodes.
#[derive(Clone, Default)]
struct Rank {
    nodes: Vec<usize>,
    passing: Vec<usize>,
}

impl Rank {
    fn items(&self) -> usize {
        self.nodes.len() + self.passing.len().min(MOST_LANES)
    }

    fn extent(&self, side: f64, gap: f64) -> f64 {
        self.nodes.len() as f64 * side + (self.items() as f64 - 1.0) * gap
    }
}

impl Layout {
    fn new(pipeline: &Pipeline, levels: &[Vec<What>]) -> Self {
        let mut ranks = vec![Rank::default(); levels.len()];
        let (mut rank_of, mut home) = (Vec::new(), vec![0; pipeline.agents().len()]);
        for (rank, level) in levels.iter().enumerate() {
            for what in level {
                for agent in what.agents() {
                    home[*agent] = rank_of.len();
                }
                ranks[rank].nodes.push(rank_of.len());
                rank_of.push(rank);
            }
        }
        let report = rank_of.len() - 1;
        let mut pairs = Vec::new();
        for agent in 0..home.len() {
            // A way from the input past a whole level would say little: the prompts do.
            if pipeline.level(agent) == 0 {
                pairs.push((0, home[agent]));
            }
            pairs.extend(pipeline.needs(agent).iter().map(|need| (home[*need], home[agent])));
            if pipeline.is_final(agent) {
                pairs.push((home[agent], report));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        for (from, to) in &pairs {
            for rank in &mut ranks[rank_of[*from] + 1..rank_of[*to]] {
                if !rank.passing.contains(from) {
                    rank.passing.push(*from);
                }
            }
        }
        Self { ranks, rank_of, pairs }
    }

    /// The middle of each box and each lane across its rank, by rank and box: in the order of what
    /// leads there, so that ways cross as little as may be.
    fn place(&self, side: f64, gap: f64, room: f64) -> Vec<Vec<f64>> {
        let mut leading = vec![Vec::new(); self.rank_of.len()];
        for (from, to) in &self.pairs {
            leading[*to].push(*from);
        }
        let mut middles: Vec<Vec<f64>> = Vec::with_capacity(self.ranks.len());
        for rank in &self.ranks {
            let mean = |from: &[usize]| match middles.last() {
                Some(before) if !from.is_empty() => {
                    from.iter().map(|index| before[*index]).sum::<f64>() / from.len() as f64
                }
                _ => 0.0,
            };
            let mut items: Vec<(f64, f64, &[usize])> = Vec::new();
            for node in &rank.nodes {
                items.push((mean(&leading[*node]), side, std::slice::from_ref(node)));
            }
            let lanes = rank.passing.len().min(MOST_LANES);
            for lane in 0..lanes {
                let end = if lane + 1 == lanes { rank.passing.len() } else { lane + 1 };
                let sharing = &rank.passing[lane..end];
                items.push((mean(sharing), 0.0, sharing));
            }
            items.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
            let mut own = vec![0.0; self.rank_of.len()];
            let mut at = (room - rank.extent(side, gap)) / 2.0;
            for (_, side, item) in items {
                item.iter().for_each(|index| own[*index] = at + side / 2.0);
                at += side + gap;
            }
            middles.push(own);
        }
        middles
    }
}

/// How many ways at most pass each rank, before some boxes become one.
fn passing(pipeline: &Pipeline) -> Vec<usize> {
    let report = pipeline.by_level().len() + 1;
    let mut passing = vec![0; report + 1];
    for agent in 0..pipeline.agents().len() {
        let rank = |agent: &usize| pipeline.level(*agent) + 1;
        let last = pipeline.needed_by(agent).iter().map(rank).max().unwrap_or(report);
        for passed in &mut passing[rank(&agent) + 1..last] {
            *passed = (*passed + 1).min(MOST_LANES);
        }
    }
    passing
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

fn levels(pipeline: &Pipeline, most: impl Fn(usize) -> usize) -> Vec<Vec<What>> {
    let boxes = pipeline.by_level().into_iter().enumerate().map(|(level, mut agents)| {
        let most = most(level + 1);
        let more = if agents.len() > most { agents.split_off(most - 1) } else { Vec::new() };
        let mut boxes: Vec<What> = agents.into_iter().map(What::Agent).collect();
        boxes.extend((!more.is_empty()).then_some(What::More(more)));
        boxes
    });
    std::iter::once(vec![What::Input]).chain(boxes).chain([vec![What::Report]]).collect()
}

impl Edge {
    /// The curve as SVG path data.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (index, (x, y)) in self.curve.iter().enumerate() {
            path += match index {
                0 => "M",
                index if index % 3 == 1 => "C",
                _ => " ",
            };
            path += &format!("{x:.1} {y:.1}");
        }
        path
    }

    /// The point at `t` of the way, from 0 to 1; each piece takes as long.
    pub fn point(&self, t: f64) -> (f64, f64) {
        let pieces = self.curve.len().saturating_sub(1) / 3;
        let t = t.clamp(0.0, 1.0) * pieces as f64;
        let piece = (t as usize).min(pieces.saturating_sub(1));
        let (t, points) = (t - piece as f64, &self.curve[3 * piece..]);
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let sum = |axis: fn(&(f64, f64)) -> f64| -> f64 {
            points.iter().zip(weights).map(|(point, weight)| axis(point) * weight).sum()
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
                Some((at, Outcome::Done | Outcome::Kept | Outcome::FellBack(_))) => Some(*at),
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
