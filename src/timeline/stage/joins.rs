//! Where branches meet: an agent that needs several others, the answers that wait for it, and how they
//! come together. It is the moment that the page is named after.

use super::layout::Layout;
use super::motion::{JoinMotion, Pace};
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::timeline::gantt::Stretch;
use crate::timeline::scale::TimeScale;
use crate::timeline::{Lane, Timeline};

/// The radius of the ring at a join, in CSS pixels: the bar of the agent begins right of it.
pub const RING: f64 = 8.0;

/// An agent that needs several others.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// The agent that waits.
    pub agent: usize,
    /// What it is drawn from.
    pub state: JoinState,
    /// When all that it needs is there, as a fraction of the axis.
    pub x: f64,
    /// Where the ring is: the middle of the agent's bar.
    pub y: f64,
    /// The rail, from its upper end to its lower one.
    pub rail: (f64, f64),
    /// The branches whose answers it has waited for, in list order. Before the join: those that it is
    /// going to wait for.
    pub branches: Vec<usize>,
    /// The last of them to answer, which has set the pace; the first in the list where several tie.
    pub slowest: Option<usize>,
    /// How far the tokens, the ring and the report's card have come.
    pub motion: JoinMotion,
    /// Parts of the rail that are left out because a label stands there, from top to bottom.
    pub gaps: Vec<(f64, f64)>,
}

/// What a join is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinState {
    /// The run has not come to it: a hollow ring where it is expected, and no rail.
    Ahead,
    /// All that it needs is there: a solid ring, and the rail.
    Open,
    /// There is no run: the expected one is shown.
    Expected,
}

/// An answer on its way to a join.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// Whose answer.
    pub agent: usize,
    /// Where, as a fraction of the axis: at the playhead, and from the join on at the join.
    pub x: f64,
    /// How far down.
    pub y: f64,
    /// How far it has appeared, from 0 to 1.
    pub shown: f64,
}

/// An answer that waits: from the end of its bar to the join, or to the playhead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    /// Whose answer.
    pub agent: usize,
    /// From when to when.
    pub at: Stretch,
}

/// What joins are drawn from.
#[derive(Clone, Copy)]
pub struct JoinSources<'a> {
    /// The pipeline.
    pub pipeline: &'a Pipeline,
    /// Where its rows are.
    pub layout: &'a Layout,
    /// The axis.
    pub scale: TimeScale,
    /// The parallel run up to the playhead, once it has begun.
    pub run: Option<&'a Timeline>,
    /// The whole run as it is expected; `None` where it is not known or not to be shown.
    pub expected: Option<&'a Timeline>,
    /// Where the playhead is. After the end of the run the picture still moves.
    pub cursor: Instant,
    /// How long motions are.
    pub pace: Pace,
}

impl JoinSources<'_> {
    /// Every join that is on screen.
    pub fn joins(self) -> Vec<Join> {
        let agents = 0..self.pipeline.agents().len();
        let several = agents.filter(|agent| self.pipeline.needs(*agent).len() > 1);
        if self.layout.is_crowd {
            // One for all of them: the last one, with most branches.
            let widest = several.max_by_key(|agent| self.pipeline.needs(*agent).len());
            return widest.and_then(|agent| self.join(agent)).into_iter().collect();
        }
        several.filter_map(|agent| self.join(agent)).collect()
    }

    fn join(self, agent: usize) -> Option<Join> {
        let y = *self.layout.bars.get(agent)?;
        let needs = self.pipeline.needs(agent);
        let joined = |timeline: &Timeline| joined(timeline.lanes().get(agent)?);
        let open = self.run.and_then(joined);
        let expected = self.expected.and_then(joined);
        let (state, at) = match (self.run, open, expected) {
            (Some(_), Some(at), _) => (JoinState::Open, at),
            // A run that is late has its join ahead of it all the same.
            (Some(run), None, Some(at)) if is_ahead(run, agent) => {
                (JoinState::Ahead, at.max(run.cursor()))
            }
            (None, _, Some(at)) => (JoinState::Expected, at),
            _ => return None,
        };
        let told = if state == JoinState::Open { self.run } else { self.expected }?;
        let end = |branch: usize| {
            let lane = told.lanes().get(branch)?;
            lane.end().filter(|_| lane.phase().has_answer())
        };
        let ends: Vec<(usize, Instant)> =
            needs.iter().filter_map(|branch| Some((*branch, end(*branch)?))).collect();
        let last = ends.iter().copied().rev().max_by_key(|(_, end)| *end);
        let mut branches: Vec<usize> = ends.into_iter().map(|(branch, _)| branch).collect();
        branches.sort_unstable();
        if branches.is_empty() {
            return None;
        }
        let rail = match self.layout.parallel {
            Some(track) if self.layout.is_crowd => (track.top, track.bottom),
            _ => branches
                .iter()
                .filter_map(|branch| self.layout.bars.get(*branch))
                .fold((y, y), |(top, bottom), branch| (top.min(*branch), bottom.max(*branch))),
        };
        let motion = match state {
            JoinState::Open => self.pace.join(at, self.cursor),
            JoinState::Ahead => JoinMotion::default(),
            JoinState::Expected => JoinMotion { rail: 1.0, ring: 1.0, report: 1.0 },
        };
        // A closer look at the axis may not show it.
        let x = Some(self.scale.x(at)).filter(|x| (0.0..=1.0).contains(x))?;
        Some(Join {
            agent,
            state,
            x,
            y,
            rail,
            branches,
            slowest: last.map(|(branch, _)| branch),
            motion,
            gaps: Vec::new(),
        })
    }

    /// The answers that wait, or have waited, for a join. An answer that several joins wait for waits for
    /// the last of them.
    pub fn waits(self, joins: &[Join]) -> Vec<Wait> {
        if self.layout.is_crowd {
            return Vec::new();
        }
        let wait = |agent: usize| {
            let readers = self.pipeline.needed_by(agent).iter();
            let several = readers.filter(|reader| self.pipeline.needs(**reader).len() > 1);
            let told = self.run.or(self.expected)?;
            let lane = told.lanes().get(agent)?;
            let end = lane.end().filter(|_| lane.phase().has_answer())?;
            let until = several.filter_map(|reader| {
                let join = joins.iter().find(|join| join.agent == *reader);
                match join.map(|join| join.state) {
                    Some(JoinState::Open | JoinState::Expected) => {
                        joined(told.lanes().get(*reader)?)
                    }
                    _ => Some(until_now(told, *reader)),
                }
            });
            let (from, to) = (self.scale.x(end), self.scale.x(until.max()?));
            let (from, to) = (from.clamp(0.0, 1.0), to.clamp(0.0, 1.0));
            (to > from).then_some(Wait { agent, at: Stretch { x: from, width: to - from } })
        };
        (0..self.layout.bars.len()).filter_map(wait).collect()
    }

    /// The tokens of the answers: at the playhead while they wait, then along the rail to the ring.
    pub fn tokens(self, joins: &[Join]) -> Vec<Token> {
        let (Some(run), false) = (self.run, self.layout.is_crowd) else { return Vec::new() };
        let mut tokens: Vec<Token> = Vec::new();
        let waits_on = |agent: usize| {
            let readers = self.pipeline.needed_by(agent).iter();
            readers.filter(|reader| self.pipeline.needs(**reader).len() > 1).any(|reader| {
                run.lanes().get(*reader).is_some_and(|l| l.queued.is_none() && l.ended.is_none())
            })
        };
        for (agent, lane) in run.lanes().iter().enumerate().take(self.layout.bars.len()) {
            let Some(end) = lane.end().filter(|_| lane.phase().has_answer()) else { continue };
            if run.run().ended.is_none() && waits_on(agent) {
                let shown = self.pace.done(end, self.cursor);
                let x = self.scale.x(run.cursor()).clamp(0.0, 1.0);
                tokens.push(Token { agent, x, y: self.layout.bars[agent], shown });
            }
        }
        for join in joins.iter().filter(|j| j.state == JoinState::Open && j.motion.rail < 1.0) {
            for agent in &join.branches {
                let from = self.layout.bars[*agent];
                let y = from + (join.y - from) * join.motion.rail;
                tokens.push(Token { agent: *agent, x: join.x, y, shown: 1.0 });
            }
        }
        tokens
    }
}

/// What is left of a stretch from top to bottom without its gaps.
pub fn without_gaps(top: f64, bottom: f64, gaps: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut left = vec![(top, bottom)];
    for (from, to) in gaps {
        left = left
            .into_iter()
            .flat_map(|(top, bottom)| [(top, bottom.min(*from)), (top.max(*to), bottom)])
            .filter(|(top, bottom)| bottom > top)
            .collect();
    }
    left
}

/// When all that it needs was there.
pub(super) fn joined(lane: &Lane) -> Option<Instant> {
    lane.queued.or(lane.started)
}

/// Whether the run can still come to the agent's join.
fn is_ahead(run: &Timeline, agent: usize) -> bool {
    let lane = run.lanes().get(agent);
    run.run().ended.is_none() && lane.is_some_and(|lane| lane.ended.is_none())
}

/// Until when an answer has waited for an agent that has not started: to the playhead, or to the moment
/// from which on the agent was not going to start any more.
fn until_now(run: &Timeline, agent: usize) -> Instant {
    let ended = run.lanes().get(agent).and_then(Lane::end);
    ended.or(run.run().end()).unwrap_or(run.cursor())
}
