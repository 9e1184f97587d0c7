//! The status sentence: what is going on, or how it ended. Screen readers hear it, and tests read it.

use std::time::Duration;

use super::{ScheduleRun, began_without, first_failure, sentence};
use crate::model::ModelError;
use crate::pipeline::Pipeline;
use crate::time::seconds;
use crate::timeline::attempts::Try;
use crate::timeline::metrics::{self, speedup};
use crate::timeline::stage::is_predicted;
use crate::timeline::{Phase, Timeline};
use crate::trace::Outcome;
use crate::words;

/// The status sentence. Of several runs, progress is told of the last one that has begun and goes on.
pub fn status(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> String {
    match runs.iter().rev().find(|run| run.goes_on()) {
        Some(run) => progress(pipeline, run.timeline),
        None if are_over(runs) => ending(pipeline, runs),
        None if runs.iter().any(ScheduleRun::has_begun) => "Running".into(),
        None => words::status::idle(runs.len()).into(),
    }
}

/// Whether nothing more will happen: a run that has failed or was stopped is not followed by another.
pub(super) fn are_over(runs: &[ScheduleRun<'_>]) -> bool {
    let ended = |run: &ScheduleRun<'_>| run.outcome().is_some();
    let is_incomplete = |run: &ScheduleRun<'_>| run.outcome().is_some_and(|o| *o != Outcome::Done);
    !runs.is_empty() && (runs.iter().all(ended) || runs.iter().any(is_incomplete))
}

fn progress(pipeline: &Pipeline, timeline: &Timeline) -> String {
    let branches = pipeline.branches();
    let ended = branches.iter().filter(|branch| timeline.lanes()[**branch].ended.is_some()).count();
    let mut progress = words::status::running(ended, branches.len());
    if ended == branches.len() {
        let last = open(pipeline, timeline, 0..pipeline.agents().len());
        if !last.is_empty() {
            progress += &words::status::waiting_for(&words::list(&last));
        }
    }
    progress + &trouble(pipeline, timeline)
}

/// The titles of those agents that have not ended.
pub(super) fn open(
    pipeline: &Pipeline,
    timeline: &Timeline,
    agents: impl IntoIterator<Item = usize>,
) -> Vec<String> {
    let open = agents.into_iter().filter(|agent| timeline.lanes()[*agent].ended.is_none());
    open.map(|agent| pipeline.agents()[agent].title().to_owned()).collect()
}

/// Which agents are retrying, and what limit the run has given itself. Without a countdown: it is read
/// aloud whenever it changes.
pub(super) fn trouble(pipeline: &Pipeline, timeline: &Timeline) -> String {
    let waiting = timeline.lanes().iter().zip(pipeline.agents()).filter_map(|(lane, agent)| {
        let Try { number, of } = lane.attempt().filter(|_| lane.retry_at().is_some())?;
        Some(words::status::retrying(agent.title(), number, of))
    });
    let waiting: Vec<String> = waiting.collect();
    let waiting = match waiting.as_slice() {
        [] => String::new(),
        few if few.len() <= MOST_TOLD => format!(", {}", few.join(", ")),
        many => words::status::many_retrying(many.len()),
    };
    let limit = timeline.limits().last();
    let limit = limit.map(|(_, limit)| words::status::limited(limit.get()));
    waiting + &limit.unwrap_or_default()
}

/// More than these are counted instead.
const MOST_TOLD: usize = 2;

/// How many answers the runs have from the ones before them.
pub(super) fn kept(runs: &[ScheduleRun<'_>]) -> usize {
    let kept = runs
        .iter()
        .map(|run| run.timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Kept).count());
    kept.max().unwrap_or_default()
}

fn ending(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> String {
    let failed: Vec<&ScheduleRun<'_>> = runs.iter().filter(|run| run.has_failed()).collect();
    if let Some(run) = failed.last() {
        let is_timeout =
            matches!(run.outcome(), Some(Outcome::Failed(ModelError::RunTooLong { .. })));
        let why = match run.outcome() {
            Some(Outcome::Failed(error @ ModelError::RunTooLong { .. })) => {
                sentence(error) + " " + error.likely_cause()
            }
            _ => first_failure(pipeline, run.timeline, run.injected).unwrap_or_default(),
        };
        let after = |run: &ScheduleRun<'_>| seconds(run.timeline.makespan());
        let orphans = orphans(run.timeline);
        return match failed.as_slice() {
            [one] => words::status::failed_after(&after(one), &why),
            several => {
                let each: Vec<String> = several.iter().map(|run| took(run)).collect();
                let why = match is_timeout {
                    true => words::capitalized(&why),
                    // It begins with the name of an agent, which stays as it is written.
                    false => why,
                };
                words::status::all_failed_after(&each.join(", "), &why)
            }
        } + &orphans;
    }
    if runs.iter().any(|run| run.outcome() != Some(&Outcome::Done)) {
        return "Stopped".into();
    }
    let makespan =
        |name: &str| runs.iter().find(|e| e.schedule == name).map(|e| e.timeline.makespan());
    let figures: Vec<String> = runs.iter().map(took).collect();
    // What was kept took no time now, so that the times of two such runs say nothing together.
    let compared = match (kept(runs), makespan("sequential"), makespan("parallel")) {
        (0, Some(sequential), Some(parallel)) => comparison(sequential, parallel),
        (kept, _, _) => words::status::kept(kept),
    };
    let gaps = runs.iter().find_map(|e| first_failure(pipeline, e.timeline, e.injected));
    let gaps = gaps.map(|gap| words::status::gaps(&gap)).unwrap_or_default();
    let without = runs.iter().find_map(|run| without_late(pipeline, run.timeline));
    let without = without.map(|said| format!(". {said}")).unwrap_or_default();
    let orphans: String = runs.iter().map(|run| orphans(run.timeline)).collect();
    words::status::FINISHED.to_owned()
        + &figures.join(", ")
        + &compared
        + &gaps
        + &without
        + &orphans
}

/// How long a run took, in seconds; of one that was too long to be run it says so.
pub(super) fn length(run: &Timeline) -> String {
    let seconds = words::seconds(&seconds(run.makespan()));
    match run.is_prediction() && is_predicted(run.lanes().len(), run.makespan()) {
        true => words::status::predicted(&seconds),
        false => seconds,
    }
}

fn took(run: &ScheduleRun<'_>) -> String {
    let schedule = words::display_name(run.schedule);
    words::status::took(schedule, &length(run.timeline))
}

/// What the first join that a quorum released began without.
pub(super) fn without_late(pipeline: &Pipeline, timeline: &Timeline) -> Option<String> {
    let mut lanes = timeline.lanes().iter().enumerate();
    lanes.find_map(|(agent, lane)| began_without(pipeline, agent, lane))
}

/// Agents that ran on unused after the run had failed, or gone on without them, and how much work that
/// was.
pub(super) fn orphans(timeline: &Timeline) -> String {
    let lanes = timeline.lanes().iter().filter_map(|lane| {
        let until = lane.end().unwrap_or(timeline.cursor());
        let since = lane.orphaned?.max(lane.started?);
        Some((lane.end().is_none(), until.since(since)))
    });
    let (still, work): (Vec<bool>, Vec<Duration>) = lanes.unzip();
    let going = still.iter().filter(|still| **still).count();
    let work = seconds(metrics::work(&work));
    match (still.len(), going) {
        (0, _) => String::new(),
        (all, 0) => words::status::ran_on_unused(all, &work),
        (_, some) => words::status::runs_on_unused(some, &work),
    }
}

fn comparison(sequential: Duration, parallel: Duration) -> String {
    match faster(sequential, parallel) {
        Some(times) => words::status::times_faster(&times),
        None => words::status::NO_SPEEDUP.into(),
    }
}

/// How many times faster, as it is printed; `None` where that would be 1.0 or less.
pub(super) fn faster(sequential: Duration, parallel: Duration) -> Option<String> {
    let times = speedup(sequential, parallel).filter(|times| *times >= 1.05)?;
    Some(format!("{times:.1}"))
}
