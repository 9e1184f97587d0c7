//! The article's six steps of an event loop, told of one run as it goes.
//!
//! The article has three tasks and one order; this has whatever agents a pipeline has, and says of each
//! step whether it has come. What has come is told as the log has it up to the cursor, and in its order;
//! what has not, as the pipeline has it.

mod later;

use super::{Lane, Phase, Timeline};
use crate::pipeline::Pipeline;
use crate::words;

/// What an agent does with the thread between its start and its answer. A log alone cannot tell: an agent
/// that blocks has turns like any other, and short ones where its answer is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadUse {
    /// It leaves it to the others.
    Awaits,
    /// It holds it.
    Blocks,
    /// It is not recorded.
    Unrecorded,
}

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
/// when its answer comes, and what needs answers starts once they are there.
pub fn steps(
    pipeline: &Pipeline,
    timeline: &Timeline,
    thread_use: &dyn Fn(usize) -> ThreadUse,
) -> Vec<Step> {
    let levels = pipeline.by_level();
    let Some((all, later)) = levels.split_first() else { return Vec::new() };
    let teller = Teller { pipeline, timeline, thread_use };
    // An answer from the last run is there at once: its agent is not started.
    let is_kept = |agent: &usize| teller.lane(*agent).phase() == Phase::Kept;
    let begin: Vec<usize> = all.iter().copied().filter(|agent| !is_kept(agent)).collect();
    let mut steps = Vec::new();
    if let Some((first, others)) = begin.split_first() {
        steps.push(teller.start(*first));
        steps.extend(teller.start_others(*first, others));
    }
    let own = if all.len() > MOST { MOST - 1 } else { all.len() };
    steps.extend(all[..own].iter().map(|agent| teller.resume(*agent)));
    if own < all.len() {
        steps.push(teller.resume_rest(&all[own..]));
    }
    let go_on = teller.go_on(all, later.concat());
    if go_on.is_empty() {
        steps.push(teller.finish(all));
    }
    steps.extend(go_on);
    steps
}

struct Teller<'a> {
    pipeline: &'a Pipeline,
    timeline: &'a Timeline,
    thread_use: &'a dyn Fn(usize) -> ThreadUse,
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
            Phase::Running if lane.polls == 0 && self.uses(agent) != ThreadUse::Unrecorded => {
                Moment::Now
            }
            _ => Moment::Done,
        };
        let name = self.name(agent);
        let text = match self.uses(agent) {
            ThreadUse::Awaits => words::steps::start(name),
            ThreadUse::Blocks => words::steps::start_blocking(name),
            ThreadUse::Unrecorded => words::steps::starts(name),
        };
        Step { text, state }
    }

    fn uses(&self, agent: usize) -> ThreadUse {
        (self.thread_use)(agent)
    }

    /// Whether it began before `agent` ended, as far as is known.
    fn begins_beside(&self, other: usize, agent: usize) -> bool {
        let end = self.lane(agent).end();
        self.lane(other).started.is_none_or(|start| end.is_none_or(|end| start < end))
    }

    fn start_others(&self, first: usize, others: &[usize]) -> Vec<Step> {
        let (beside, late): (Vec<usize>, Vec<usize>) =
            others.iter().partition(|other| self.begins_beside(**other, first));
        let waits = self.lane(first).started.is_some() && self.lane(first).ended.is_none();
        let queue = others.iter().any(|agent| self.lane(*agent).phase() == Phase::Queued);
        let is_short = !late.is_empty() || (queue && waits);
        let name = self.name(first);
        let told = match self.uses(first) {
            // Why some begin later is not in a log without turns; that they do is.
            ThreadUse::Unrecorded => vec![
                (words::steps::start_beside(name, &self.names(&beside)), beside),
                (words::steps::start_after(name, &self.names(&late)), late),
            ],
            ThreadUse::Awaits if is_short => {
                vec![(words::steps::no_slot_for_all(name), others.to_vec())]
            }
            ThreadUse::Awaits => {
                vec![(words::steps::start_others(name, &self.names(others)), others.to_vec())]
            }
            ThreadUse::Blocks if is_short => {
                vec![(words::steps::blocks_and_no_slot_for_all(name), others.to_vec())]
            }
            ThreadUse::Blocks => {
                vec![(words::steps::holds_up(name, &self.names(others)), others.to_vec())]
            }
        };
        let told = told.into_iter().filter(|(_, starting)| !starting.is_empty());
        let step = |(text, starting): (String, Vec<usize>)| {
            let state = self.starting(first, others, &starting);
            Step { text, state }
        };
        told.map(step).collect()
    }

    /// How far the start of some of the first agents is.
    fn starting(&self, first: usize, others: &[usize], starting: &[usize]) -> Moment {
        let gone = |agent: &&usize| self.lane(**agent).ended.is_some();
        let begun = |agent: &&usize| self.lane(**agent).started.is_some() || gone(agent);
        let answered = std::iter::once(&first).chain(others).any(|agent| {
            let lane = self.lane(*agent);
            lane.first.is_some() || lane.ended.is_some()
        });
        match starting.iter().filter(begun).count() {
            0 => Moment::NotYet,
            all if all == starting.len() && answered => Moment::Done,
            _ => Moment::Now,
        }
    }

    fn resume(&self, agent: usize) -> Step {
        let lane = self.lane(agent);
        let name = self.name(agent);
        let uses = self.uses(agent);
        let awaits = uses == ThreadUse::Awaits;
        let text = match lane.phase() {
            Phase::Retrying => words::steps::asked_again(name),
            Phase::Kept => words::steps::has_it_from_before(name),
            Phase::Failed if awaits => words::steps::is_resumed_with_error(name),
            Phase::Failed => words::steps::fails(name),
            Phase::FellBack => words::steps::falls_back(name),
            Phase::Orphaned => words::steps::is_unused(name),
            Phase::Cancelled | Phase::Skipped if awaits => {
                words::steps::is_canceled_while_it_waits(name)
            }
            Phase::Cancelled | Phase::Skipped => words::steps::is_canceled(name),
            _ => match uses {
                ThreadUse::Awaits => words::steps::is_resumed(name),
                ThreadUse::Blocks => words::steps::computes(name),
                ThreadUse::Unrecorded => words::steps::answers(name),
            },
        };
        let state = match (lane.ended.is_some(), lane.first.is_some()) {
            (true, _) => Moment::Done,
            (false, true) => Moment::Now,
            (false, false) => Moment::NotYet,
        };
        Step { text, state }
    }

    fn resume_rest(&self, agents: &[usize]) -> Step {
        let over = agents.iter().filter(|agent| self.lane(**agent).ended.is_some()).count();
        let state = match over {
            0 => Moment::NotYet,
            all if all == agents.len() => Moment::Done,
            _ => Moment::Now,
        };
        let is_unrecorded = agents.iter().any(|agent| self.uses(*agent) == ThreadUse::Unrecorded);
        let text = match is_unrecorded {
            true => words::steps::more_end(agents.len(), over),
            false => words::steps::more_resumed(agents.len(), over),
        };
        Step { text, state }
    }
}
