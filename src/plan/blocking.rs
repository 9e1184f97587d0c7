//! What agents that block the event loop do to a run, in sentences.

use std::time::Duration;

use super::{Frame, Kind, Plan, expected};
use crate::simulate::{Fault, Script};
use crate::time::{Instant, seconds};
use crate::timeline::steps::ThreadUse;
use crate::timeline::{Timeline, event_loop, metrics};
use crate::words;

/// Why the runs take as long as they do, at that speed of simulated time; `None` where it is not known
/// what the thread did.
pub fn explanation(plan: &Plan, frame: &Frame, speed: f64) -> Option<String> {
    if !plan.records_turns() {
        return None;
    }
    let scripts = &plan.experiment.scripts;
    let blocking: Vec<usize> =
        (0..scripts.len()).filter(|agent| scripts[*agent].blocking).collect();
    if blocking.is_empty() {
        return Some(words::block::ALL_AWAIT.into());
    }
    let mut said = vec![consequence(plan, frame, &blocking)];
    let measured = plan.makespans(frame).map(|both| (both.sequential, both.parallel));
    let both = measured.or_else(|| planned(plan, scripts));
    let awaiting: Vec<Script> =
        scripts.iter().map(|script| Script { blocking: false, ..script.clone() }).collect();
    let times = |both: Option<(Duration, Duration)>| {
        both.and_then(|(sequential, parallel)| metrics::speedup(sequential, parallel))
    };
    if let Some((now, then)) = times(both).zip(times(planned(plan, &awaiting))) {
        let (now, then) = (format!("{now:.1}"), format!("{then:.1}"));
        said.push(match measured {
            Some(_) => words::block::speedup_is(&now, &then),
            None => words::block::speedup_will_be(&now, &then),
        });
    }
    let min_speed = plan.min_speed();
    said.push(match min_speed > speed {
        true => words::block::blocked_and_faster(&format!("{min_speed:.1}")),
        false => words::block::PAGE_IS_BLOCKED.into(),
    });
    Some(said.join(" "))
}

impl Plan {
    /// Whether it is known what the thread did. A run of this page logs every turn; the file of a measured
    /// run may hold none.
    pub fn records_turns(&self) -> bool {
        self.measured.as_ref().is_none_or(|measured| measured.has_turns)
    }

    /// What an agent does with the thread while it works.
    pub fn thread_use(&self, agent: usize) -> ThreadUse {
        if !self.records_turns() {
            return ThreadUse::Unrecorded;
        }
        let is_simulated = self.settings.provider.is_none() && self.measured.is_none();
        let script = self.experiment.scripts.get(agent).filter(|script| script.blocking);
        // What always hangs is awaited: it would take the page with it.
        let hangs = |script: &Script| {
            script
                .fault
                .is_some_and(|failing| failing.fault == Fault::Hang && failing.times.is_none())
        };
        match script {
            Some(script) if is_simulated && !hangs(script) => ThreadUse::Blocks,
            _ => ThreadUse::Awaits,
        }
    }
}

/// What the agents that block do to the others.
fn consequence(plan: &Plan, frame: &Frame, blocking: &[usize]) -> String {
    let names = |agents: &[usize]| {
        let named = agents.iter().map(|agent| plan.pipeline().agents()[*agent].title());
        named.collect::<Vec<_>>().join(", ")
    };
    let [agent] = blocking else { return words::block::SEVERAL_BLOCK.into() };
    let name = names(&[*agent]);
    let place = plan.shown();
    let of = |timeline: &Timeline| event_loop::blockage(timeline, *agent);
    let is_over = |timeline: &&Timeline| {
        timeline.lanes().len() == plan.agents() && timeline.run().ended.is_some()
    };
    let actual = frame.timelines.get(place).filter(is_over);
    let expected = plan.lineup.get(place).and_then(|planned| planned.expected.as_deref());
    let Some(found) = actual.or(expected).and_then(of) else {
        return words::block::computes(&name);
    };
    let moment = |at: Instant| seconds(at.since(Instant::ZERO));
    let (from, to) = (moment(found.poll.since), moment(found.poll.until));
    let mut said = words::block::keeps_the_thread(&name, &from, &to);
    if !found.held_up.is_empty() {
        said += &words::block::cannot_start(&names(&found.held_up));
    }
    if !found.waiting.is_empty() {
        said += &words::block::goes_on_coming(&names(&found.waiting));
    }
    said
}

/// What both schedules come to if every agent keeps to its script.
fn planned(plan: &Plan, scripts: &[Script]) -> Option<(Duration, Duration)> {
    let of = |kind| {
        let planned = plan.lineup.get(plan.place(kind)?)?;
        Some(expected(&plan.experiment, scripts, planned.schedule).makespan())
    };
    Some((of(Kind::Sequential)?, of(Kind::Parallel)?))
}
