//! The article's six steps of an event loop, told of one run as it goes.
//!
//! The article has three tasks and one order; this has whatever agents a pipeline begins with, and
//! says of each step whether it has come. What it tells depends on the log up to the cursor only.

use super::{Lane, Phase, Timeline};
use crate::pipeline::Pipeline;
use crate::words;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happens in it.
    pub text: String,
    /// Whether it has come.
    pub state: Moment,
}

/// Whether a step has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It is still to come.
    NotYet,
    /// It is what goes on.
    Now,
    /// It is over.
    Done,
}

impl Moment {
    /// Its name on the page and in style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotYet => "not yet",
            Self::Now => "now",
            Self::Done => "done",
        }
    }
}

/// Agents that get a step of their own; the others share one.
const MOST: usize = 6;
/// Names in one sentence.
const MOST_NAMES: usize = 4;

/// The steps of a run: the first agent starts, the others start while it waits, each is resumed
/// when its answer comes, and when all are done the run goes on.
pub fn steps(pipeline: &Pipeline, timeline: &Timeline) -> Vec<Step> {
    let levels = pipeline.by_level();
    let Some((first, others)) = levels.first().and_then(|level| level.split_first()) else {
        return Vec::new();
    };
    let teller = Teller { pipeline, timeline };
    let mut steps = vec![teller.start(*first)];
    if !others.is_empty() {
        steps.push(teller.start_others(*first, others));
    }
    let all: Vec<usize> = std::iter::once(first).chain(others).copied().collect();
    let own = if all.len() > MOST { MOST - 1 } else { all.len() };
    steps.extend(all[..own].iter().map(|agent| teller.resume(*agent)));
    if own < all.len() {
        steps.push(teller.resume_rest(&all[own..]));
    }
    steps.push(teller.proceed(&all, levels.get(1).map_or(&[], Vec::as_slice)));
    steps
}

struct Teller<'a> {
    pipeline: &'a Pipeline,
    timeline: &'a Timeline,
}

impl Teller<'_> {
    fn lane(&self, agent: usize) -> &Lane {
        &self.timeline.lanes()[agent]
    }

    fn name(&self, agent: usize) -> &str {
        self.pipeline.agents()[agent].title()
    }

    fn names(&self, agents: &[usize]) -> String {
        let named = agents.iter().take(MOST_NAMES).map(|agent| self.name(*agent));
        let names = named.collect::<Vec<_>>().join(", ");
        match agents.len().checked_sub(MOST_NAMES) {
            None | Some(0) => names,
            Some(more) => words::steps::and_more(&names, more),
        }
    }

    fn start(&self, agent: usize) -> Step {
        let lane = self.lane(agent);
        let state = match lane.phase() {
            Phase::Waiting | Phase::Queued => Moment::NotYet,
            // Until it lets go of the thread for the first time, its start is what goes on.
            Phase::Running if lane.polls == 0 => Moment::Now,
            _ => Moment::Done,
        };
        Step { text: words::steps::start(self.name(agent)), state }
    }

    fn start_others(&self, first: usize, others: &[usize]) -> Step {
        let first_lane = self.lane(first);
        let name = self.name(first);
        let gone = |agent: &&usize| self.lane(**agent).ended.is_some();
        let begun = |agent: &&usize| self.lane(**agent).started.is_some() || gone(agent);
        let started = others.iter().filter(begun).count();
        let waits = first_lane.started.is_some() && first_lane.ended.is_none();
        let queue = others.iter().any(|agent| self.lane(*agent).phase() == Phase::Queued);
        let late = (others.iter().filter_map(|agent| self.lane(*agent).started))
            .any(|start| first_lane.end().is_some_and(|end| start >= end));
        let text = if late || (queue && waits) {
            words::steps::no_slot_for_all(name)
        } else {
            words::steps::start_others(name, &self.names(others))
        };
        let answered = std::iter::once(&first).chain(others).any(|agent| {
            let lane = self.lane(*agent);
            lane.first.is_some() || lane.ended.is_some()
        });
        let state = match started {
            0 => Moment::NotYet,
            all if all == others.len() && answered => Moment::Done,
            _ => Moment::Now,
        };
        Step { text, state }
    }

    fn resume(&self, agent: usize) -> Step {
        let lane = self.lane(agent);
        let name = self.name(agent);
        let text = match lane.phase() {
            Phase::Retrying => words::steps::asked_again(name),
            Phase::Kept => words::steps::has_it_from_before(name),
            Phase::Failed => words::steps::fails(name),
            Phase::FellBack => words::steps::falls_back(name),
            Phase::Orphaned => words::steps::is_unused(name),
            Phase::Cancelled | Phase::Skipped => words::steps::is_canceled(name),
            _ if self.computes(agent) => words::steps::computes(name),
            _ => words::steps::is_resumed(name),
        };
        let state = match (lane.ended.is_some(), lane.first.is_some()) {
            (true, _) => Moment::Done,
            (false, true) => Moment::Now,
            (false, false) => Moment::NotYet,
        };
        Step { text, state }
    }

    /// Whether it had the thread for much of the time from its start to its end, instead of waiting.
    fn computes(&self, agent: usize) -> bool {
        let whole = self.lane(agent).duration(self.timeline.cursor());
        let held = self.timeline.held(agent);
        !whole.is_zero() && held * 4 > whole && held.as_millis() >= 20
    }

    fn resume_rest(&self, agents: &[usize]) -> Step {
        let over = agents.iter().filter(|agent| self.lane(**agent).ended.is_some()).count();
        let state = match over {
            0 => Moment::NotYet,
            all if all == agents.len() => Moment::Done,
            _ => Moment::Now,
        };
        Step { text: words::steps::more_resumed(agents.len(), over), state }
    }

    fn proceed(&self, all: &[usize], next: &[usize]) -> Step {
        let over = all.iter().all(|agent| self.lane(*agent).ended.is_some());
        let answers = all.iter().filter(|agent| self.lane(**agent).phase().has_answer()).count();
        let run_over = self.timeline.run().ended.is_some();
        let went_on = |agent: &usize| self.lane(*agent).started.is_some();
        let goes_on = next.is_empty() || !over || !run_over || next.iter().any(went_on);
        let start = if next.is_empty() {
            "the run is over".into()
        } else {
            words::steps::proceed_with(&self.names(next))
        };
        let text = match (over, answers == all.len()) {
            (true, false) if !goes_on => words::steps::run_stops(answers, all.len()),
            (true, false) => words::steps::some_done(answers, all.len(), &start),
            _ if all.len() == 1 => words::steps::one_done(&self.names(all), &start),
            _ => words::steps::all_done(all.len(), &start),
        };
        let state = match (over, run_over) {
            (_, true) => Moment::Done,
            (true, false) => Moment::Now,
            (false, false) => Moment::NotYet,
        };
        Step { text, state }
    }
}
