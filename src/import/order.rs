//! The order of a file as a graph, and the same work under another schedule: runs of the engine, on the
//! virtual clock, never arithmetic.
//!
//! B comes after A if A had ended before B began. What is left of that without the steps in between is
//! the pipeline that is shown. For a run under another schedule, the time in which nothing was in
//! flight is work too, that of a link between what came before it and what came after: so one after
//! another, the same pieces take as long as they took, with the same time between them.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::time::Duration;

use super::pause_now_and_then;
use super::pieces::Piece;
use crate::engine::{OnFailure, Schedule};
use crate::pipeline::{Agent, Pipeline, PipelineError, Work};
use crate::simulate::{Script, predict_into};
use crate::state::{Key, State};
use crate::template::Template;
use crate::time::Instant;
use crate::timeline::Timeline;
use crate::trace::{Event, Sink, SpanId};

/// For each piece, the pieces that ended just before it began: those without which the order of time
/// would not be whole. Pieces are in the order of their starts; those without an end come before none.
/// `tolerance`: by how much one may end after the other began, since clocks are not exact. Awaits `pause`
/// often.
pub async fn predecessors(
    pieces: &[Piece],
    tolerance: Duration,
    pause: impl AsyncFn(),
) -> Vec<Vec<usize>> {
    let mut all = Vec::with_capacity(pieces.len());
    // Nothing ends before it begins.
    let mut open: BinaryHeap<Reverse<(Instant, usize)>> = BinaryHeap::new();
    let mut ended: Vec<(Instant, usize)> = Vec::new();
    let (mut latest, mut edges) = (Instant::ZERO, 0);
    for (place, piece) in pieces.iter().enumerate() {
        pause_now_and_then(place, &pause).await;
        while let Some(Reverse((end, other))) = open.peek().copied() {
            if end > piece.start {
                break;
            }
            open.pop();
            ended.push((end, other));
            latest = latest.max(pieces[other].start);
        }
        let last = ended.iter().rev().take_while(|(end, _)| *end >= latest);
        let is_direct =
            |(end, other): &&(Instant, usize)| *end > latest || pieces[*other].start == latest;
        // Where very many come after very many, the one that ended last stands for all.
        let most = if edges > MOST_EDGES { 1 } else { MOST_EDGES };
        let mut own: Vec<usize> = last.filter(is_direct).take(most).map(|(_, p)| *p).collect();
        own.sort_unstable();
        edges += own.len();
        all.push(own);
        if let Some(end) = piece.end {
            let tolerant = Instant::from_micros(
                end.as_micros().saturating_sub(crate::time::micros(tolerance)),
            );
            open.push(Reverse((tolerant.max(piece.start), place)));
        }
    }
    all
}

/// More edges than this are thinned out.
const MOST_EDGES: usize = 400_000;

/// A node of the order: a piece, or a time in which nothing was in flight.
#[derive(Clone, Debug)]
struct Node {
    length: Duration,
    needs: Vec<usize>,
}

/// The order of a file with the time between its pieces.
pub struct Order {
    /// Pieces first, by place; those without an end are there and never run. Then the gaps.
    nodes: Vec<Node>,
    pieces: usize,
    /// Whether a node takes part.
    runs: Vec<bool>,
}

impl Order {
    /// The order that a file shows. `makespan`: to its last end, which may be a container's.
    pub fn new(pieces: &[Piece], needs: Vec<Vec<usize>>, makespan: Instant) -> Self {
        let nodes = pieces.iter().zip(needs).map(|(piece, needs)| Node {
            length: piece.end.map_or(Duration::ZERO, |end| end - piece.start),
            needs,
        });
        let mut order = Self {
            nodes: nodes.collect(),
            pieces: pieces.len(),
            runs: pieces.iter().map(|piece| piece.end.is_some()).collect(),
        };
        order.add_gaps(pieces, makespan);
        order
    }

    /// Puts a node wherever nothing was in flight, between all before and all after.
    fn add_gaps(&mut self, pieces: &[Piece], makespan: Instant) {
        let mut until = Instant::ZERO;
        // Of the present stretch of work: its pieces, and the gap before it.
        let (mut stretch, mut gap): (Vec<usize>, Option<usize>) = (Vec::new(), None);
        let ends =
            pieces.iter().enumerate().filter_map(|(place, p)| Some((place, p.start, p.end?)));
        let last = (usize::MAX, makespan, makespan);
        for (place, start, end) in ends.chain([last]) {
            if start > until {
                let mut needs = std::mem::take(&mut stretch);
                needs.extend(gap);
                gap = Some(self.nodes.len());
                self.nodes.push(Node { length: start - until, needs });
                self.runs.push(true);
            }
            if place == usize::MAX {
                break;
            }
            if let Some(gap) = gap {
                // What came before the gap is before it by way of the gap.
                let first = stretch.first().copied().unwrap_or(place);
                let needs = &mut self.nodes[place].needs;
                needs.retain(|need| *need >= first);
                needs.push(gap);
            }
            stretch.push(place);
            until = until.max(end);
        }
    }

    /// The same without the order among the members of each group: they begin when its first one could,
    /// and what came between two of them comes after all.
    pub fn without(mut self, groups: &[Vec<usize>]) -> Self {
        if groups.is_empty() {
            return self;
        }
        let mut successors: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (node, own) in self.nodes.iter().enumerate() {
            own.needs.iter().for_each(|need| successors[*need].push(node));
        }
        for group in groups.iter().filter(|group| group.len() > 1) {
            let members: HashSet<usize> = group.iter().copied().collect();
            let start = self.nodes[group[0]].needs.clone();
            let mut first_gap = None;
            for member in &group[1..] {
                let needed = std::mem::replace(&mut self.nodes[*member].needs, start.clone());
                let others: Vec<usize> = needed
                    .into_iter()
                    .filter(|need| !members.contains(need) && !start.contains(need))
                    .collect();
                // Whatever came after the member still comes after what came before it.
                for next in successors[*member].iter().filter(|next| !members.contains(next)) {
                    self.need(*next, &others);
                }
                let gaps = others.into_iter().filter(|other| *other >= self.pieces);
                first_gap = gaps.chain(first_gap).min();
            }
            // Gaps follow each other: what comes before the first one comes before all.
            first_gap.into_iter().for_each(|gap| self.need(gap, group));
        }
        // Once at the end: looking for each one among those that are there takes long for long groups.
        for node in &mut self.nodes {
            node.needs.sort_unstable();
            node.needs.dedup();
        }
        self
    }

    fn need(&mut self, node: usize, more: &[usize]) {
        self.nodes[node].needs.extend(more.iter().filter(|need| **need != node));
    }

    /// Runs it to its end, awaiting `pause` often. The lanes are those of the pieces, at their places.
    ///
    /// # Errors
    /// Never for the order of a file; where order was taken away so that a circle is left, that.
    pub async fn run(
        self,
        schedule: Schedule,
        pause: impl AsyncFn(),
    ) -> Result<Timeline, PipelineError> {
        let run = RefCell::new(Timeline::new(self.pieces));
        // Only what runs has a place in the engine's list.
        let listed: Vec<usize> = (0..self.nodes.len()).filter(|node| self.runs[*node]).collect();
        if listed.is_empty() {
            return Ok(run.into_inner());
        }
        let mut place_of = vec![None; self.nodes.len()];
        listed.iter().enumerate().for_each(|(place, node)| place_of[*node] = Some(place));
        let (nothing, answer) = (Template::new(""), Template::new("…"));
        let (mut agents, mut needs, mut scripts) = (Vec::new(), Vec::new(), Vec::new());
        for (place, node) in listed.iter().enumerate() {
            pause_now_and_then(place, &pause).await;
            let name = format!("n{node}");
            let Some(output_key) = Key::new(&name) else { continue };
            agents.push(Agent {
                name,
                label: None,
                instruction: nothing.clone(),
                prompt: nothing.clone(),
                output_key,
                model: None,
                tools: Vec::new(),
                work: Work::Model,
            });
            let Node { length, needs: own } = &self.nodes[*node];
            needs.push(own.iter().filter_map(|need| place_of[*need]).collect());
            scripts.push(Script {
                latency: *length,
                answer: answer.clone(),
                fault: None,
                blocking: false,
            });
        }
        // Its texts would tell nothing, so that none are made.
        let pipeline = Pipeline::ordered(agents, needs, &pause).await?;
        let schedule = Schedule { on_failure: OnFailure::Collect, ..schedule };
        let pieces = OfPieces { listed: &listed, pieces: self.pieces, run: &run };
        predict_into(&pipeline, &State::new(), scripts, schedule, &pieces, &pause).await;
        // Giving this much memory back takes time, too.
        drop(pipeline);
        pause().await;
        Ok(run.into_inner())
    }
}

/// Takes what happens to pieces at their places, and nothing of what happens to gaps.
struct OfPieces<'a> {
    /// The node of each agent.
    listed: &'a [usize],
    pieces: usize,
    run: &'a RefCell<Timeline>,
}

impl Sink for OfPieces<'_> {
    fn emit(&self, event: Event) {
        let span = match event.span.agent_index() {
            None => Some(event.span),
            Some(agent) => {
                let node = self.listed.get(agent).filter(|node| **node < self.pieces);
                node.map(|node| SpanId::agent(*node))
            }
        };
        if let Some(span) = span {
            self.run.emit(Event { span, ..event });
        }
    }
}
