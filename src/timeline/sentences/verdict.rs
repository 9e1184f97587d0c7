//! The verdict line under the axis: progress while runs go on, then what came of them, in parts that
//! a view can set apart. It says "faster" only where both runs have their result.

use std::time::Duration;

use super::status::{are_over, faster, kept, length, open, orphans, trouble, without_late};
use super::{ScheduleRun, first_failed};
use crate::model::ModelError;
use crate::pipeline::Pipeline;
use crate::time::{Instant, seconds};
use crate::timeline::{Lane, Phase, Timeline, metrics};
use crate::trace::Outcome;
use crate::words;
use crate::words::outcome as said;

/// The verdict line in its parts, any of which may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerdictLine {
    /// What it is about.
    pub state: VerdictState,
    /// "1.9× faster".
    pub headline: Option<String>,
    /// "4.4 s → 2.3 s".
    pub times: Option<String>,
    /// Why, what failed, or how far the runs are: sentences, or the sum of the critical path.
    pub detail: Option<String>,
}

/// How the runs stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VerdictState {
    /// None has begun.
    #[default]
    Idle,
    /// One goes on, or the next one is about to begin.
    Running,
    /// All have their result.
    Done,
    /// All have a result in which an answer is missing, or is a fallback.
    Incomplete,
    /// One has failed.
    Failed,
    /// The reader stopped one.
    Stopped,
}

/// The verdict line of these runs.
pub fn verdict(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> VerdictLine {
    let state = state(runs);
    let line = VerdictLine { state, ..VerdictLine::default() };
    match state {
        VerdictState::Idle => {
            let idle = words::status::idle(runs.len());
            VerdictLine { detail: Some(idle.into()), ..line }
        }
        VerdictState::Running => VerdictLine { detail: Some(progress(pipeline, runs)), ..line },
        VerdictState::Failed => VerdictLine { detail: Some(failure(pipeline, runs)), ..line },
        VerdictState::Stopped => VerdictLine { detail: Some(stopped(pipeline, runs)), ..line },
        VerdictState::Done | VerdictState::Incomplete => result(pipeline, runs, line),
    }
}

fn state(runs: &[ScheduleRun<'_>]) -> VerdictState {
    if !runs.iter().any(ScheduleRun::has_begun) {
        return VerdictState::Idle;
    }
    if runs.iter().any(ScheduleRun::goes_on) || !are_over(runs) {
        return VerdictState::Running;
    }
    if runs.iter().any(ScheduleRun::has_failed) {
        return VerdictState::Failed;
    }
    if runs.iter().any(|run| run.outcome() != Some(&Outcome::Done)) {
        return VerdictState::Stopped;
    }
    let is_gap = |lane: &Lane| {
        matches!(lane.phase(), Phase::Failed | Phase::FellBack) || !lane.missing.is_empty()
    };
    match runs.iter().any(|run| run.timeline.lanes().iter().any(is_gap)) {
        true => VerdictState::Incomplete,
        false => VerdictState::Done,
    }
}

/// More agents than these are counted instead of named.
const MOST_NAMED: usize = 2;

fn progress(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> String {
    let over = runs.iter().filter(|run| run.outcome().is_some());
    let over = over.map(|run| {
        let (schedule, after) =
            (words::capitalized_name(run.schedule), seconds(run.timeline.makespan()));
        match run.has_failed() {
            true => said::in_schedule(&schedule, &failed_sentence(pipeline, run)),
            false => said::finished_in(&schedule, &after),
        }
    });
    let mut said: Vec<String> = over.collect();
    let goes_on = runs.iter().rev().find(|run| run.goes_on());
    if said.is_empty() {
        return goes_on.map(|run| branches(pipeline, run.timeline)).unwrap_or_default();
    }
    let waits = runs.iter().find(|run| !run.has_begun());
    if let Some(run) = goes_on {
        said.push(said::still_running(&words::capitalized_name(run.schedule)));
    } else if let Some(run) = waits {
        said.push(said::is_next(&words::capitalized_name(run.schedule)));
    }
    said.join(" ")
}

/// "2 of 3 branches done, waiting for Electric vehicles".
fn branches(pipeline: &Pipeline, timeline: &Timeline) -> String {
    let branches = pipeline.branches();
    let (all, waiting) = (branches.len(), open(pipeline, timeline, branches));
    let trouble = trouble(pipeline, timeline);
    if !waiting.is_empty() {
        let waiting_for = match waiting.len() {
            few if few <= MOST_NAMED && few < all => {
                words::status::waiting_for(&words::list(&waiting))
            }
            _ => String::new(),
        };
        return said::branches_done(all - waiting.len(), all) + &waiting_for + &trouble;
    }
    match open(pipeline, timeline, 0..pipeline.agents().len()).as_slice() {
        [_] => said::WRITING_THE_REPORT.to_owned() + &trouble,
        several => said::all_branches_done(&words::list(several)) + &trouble,
    }
}

fn failure(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> String {
    let failed: Vec<&ScheduleRun<'_>> = runs.iter().filter(|run| run.has_failed()).collect();
    let mut said = Vec::new();
    match failed.as_slice() {
        _ if runs.len() < 2 => {}
        [one] => said.push(said::no_comparison(one.schedule)),
        _ => said.push(said::NO_COMPARISON.to_owned()),
    }
    let agent = |run: &&ScheduleRun<'_>| first_failed(run.timeline).map(|(agent, _)| agent);
    let same = failed.iter().map(agent).collect::<Vec<_>>();
    match (failed.as_slice(), same.first()) {
        ([one], _) => said.push(failed_sentence(pipeline, one)),
        (several, Some(Some(first))) if same.iter().all(|other| *other == Some(*first)) => {
            let at = |run: &&ScheduleRun<'_>| said::schedule_at(run.schedule, &failed_at(run));
            let times = several.iter().map(at).collect::<Vec<_>>().join(", ");
            let is_injected = several[0].injected.contains(first);
            let title = pipeline.agents()[*first].title();
            said.push(said::failed_in_all(title, is_injected, &times));
        }
        (several, _) => said.extend(several.iter().map(|run| {
            said::in_schedule(
                &words::capitalized_name(run.schedule),
                &failed_sentence(pipeline, run),
            )
        })),
    }
    let finished = runs.iter().filter(|run| run.outcome() == Some(&Outcome::Done));
    said.extend(finished.map(|run| {
        said::finished_in(&words::capitalized_name(run.schedule), &seconds(run.timeline.makespan()))
    }));
    if let Some(last) = failed.last() {
        said.extend(survivors(pipeline, last.timeline));
        let orphans = orphans(last.timeline);
        if !orphans.is_empty() {
            said.push(orphans.trim().to_owned());
        }
    }
    said.join(" ")
}

/// When a run's first failure was, or the run's own.
fn failed_at(run: &ScheduleRun<'_>) -> String {
    let first = first_failed(run.timeline).map(|(_, at)| at.since(Instant::ZERO));
    seconds(first.unwrap_or(run.timeline.makespan()))
}

/// "Stock failed at 0.4 s (a fault you injected)."
fn failed_sentence(pipeline: &Pipeline, run: &ScheduleRun<'_>) -> String {
    match (run.outcome(), first_failed(run.timeline)) {
        (Some(Outcome::Failed(ModelError::RunTooLong { after })), _) => {
            words::doctor::run_too_long(&seconds(*after))
        }
        (_, Some((agent, _))) => {
            let is_injected = run.injected.contains(&agent);
            said::agent_failed(pipeline.agents()[agent].title(), &failed_at(run), is_injected)
        }
        (_, None) => said::run_failed(&failed_at(run)),
    }
}

/// Which branches were canceled, and which have their answers all the same.
fn survivors(pipeline: &Pipeline, timeline: &Timeline) -> Vec<String> {
    let branches = pipeline.branches();
    let titles = |is: fn(&Lane) -> bool| -> Vec<String> {
        let those = branches.iter().filter(|agent| is(&timeline.lanes()[**agent]));
        those.map(|agent| pipeline.agents()[*agent].title().to_owned()).collect()
    };
    let canceled = titles(|lane| lane.phase() == Phase::Cancelled);
    let done = titles(|lane| lane.phase().has_answer());
    let canceled = match canceled.len() {
        0 => None,
        all if all + 1 == branches.len() && all > 1 => Some(said::OTHERS_CANCELED.to_owned()),
        few if few <= MOST_NAMED => Some(said::canceled(&words::list(&canceled), few)),
        many => Some(said::branches_canceled(many)),
    };
    let done = match done.len() {
        0 => None,
        few if few <= MOST_NAMED => Some(said::had_finished(&words::list(&done))),
        many => Some(said::branches_had_finished(many)),
    };
    [done, canceled].into_iter().flatten().collect()
}

fn stopped(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> String {
    let at = runs.iter().filter_map(|run| run.timeline.run().end()).max().unwrap_or_default();
    let shown = runs.iter().rev().find(|run| run.outcome() == Some(&Outcome::Cancelled));
    let branches = pipeline.branches();
    let done = shown.map_or(0, |run| {
        let has_answer = |agent: &&usize| run.timeline.lanes()[**agent].phase().has_answer();
        branches.iter().filter(has_answer).count()
    });
    said::stopped(&seconds(at.since(Instant::ZERO)), done, branches.len())
}

fn result(pipeline: &Pipeline, runs: &[ScheduleRun<'_>], line: VerdictLine) -> VerdictLine {
    let named = |name: &str| runs.iter().find(|run| run.schedule == name).map(|run| run.timeline);
    let kept = kept(runs);
    let (headline, times) = match (named("sequential"), named("parallel")) {
        // What was kept took no time now, so that the times of two such runs say nothing together.
        (Some(sequential), Some(parallel)) if kept == 0 => {
            let (slow, fast) = (length(sequential), length(parallel));
            let (sequential, parallel) = (sequential.makespan(), parallel.makespan());
            let headline = match faster(sequential, parallel) {
                Some(times) => said::faster(&times),
                None => said::NO_SPEEDUP.to_owned(),
            };
            (Some(headline), said::from_to(&slow, &fast))
        }
        _ => {
            let each = runs
                .iter()
                .map(|run| said::schedule_at(run.schedule, &seconds(run.timeline.makespan())));
            (None, each.collect::<Vec<_>>().join(", "))
        }
    };
    let gaps = runs.iter().rev().find_map(|run| gaps(pipeline, run));
    let shown = runs.iter().find(|run| run.schedule == "parallel").or(runs.first());
    let detail = match (gaps, kept) {
        (Some(gaps), _) => Some(gaps),
        (None, 0) => shown.and_then(|run| explanation(pipeline, run.timeline)),
        (None, kept) => Some(said::reused(kept)),
    };
    VerdictLine { headline, times: Some(times), detail, ..line }
}

/// What the report lacks, and where a fallback stands in its place.
fn gaps(pipeline: &Pipeline, run: &ScheduleRun<'_>) -> Option<String> {
    let is_whole = |lane: &Lane| {
        let is_done = lane.phase() == Phase::Done && lane.orphaned.is_none();
        is_done && lane.missing.is_empty() && lane.second.is_none()
    };
    if run.timeline.lanes().iter().all(is_whole) {
        return None;
    }
    let those = |phase: Phase| -> Vec<String> {
        let lanes = run.timeline.lanes().iter().enumerate();
        let those = lanes.filter(|(_, lane)| lane.phase() == phase);
        those
            .map(|(agent, _)| {
                let is_injected = run.injected.contains(&agent);
                said::agent(pipeline.agents()[agent].title(), is_injected)
            })
            .collect()
    };
    let (missing, replaced) = (those(Phase::Failed), those(Phase::FellBack));
    let missing = (!missing.is_empty()).then(|| said::missing(&words::list(&missing)));
    let replaced =
        (!replaced.is_empty()).then(|| said::replaced(&words::list(&replaced), replaced.len()));
    let late = without_late(pipeline, run.timeline);
    let lost = late_canceled(pipeline, run.timeline);
    let orphans = Some(orphans(run.timeline).trim().to_owned()).filter(|said| !said.is_empty());
    let all = [missing, replaced, late, lost, orphans, asked_twice(run.timeline)];
    let all: Vec<String> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// The branches that a quorum has canceled, and how long they had run.
fn late_canceled(pipeline: &Pipeline, timeline: &Timeline) -> Option<String> {
    let lanes = timeline.lanes();
    let is_lost = |agent: &usize| {
        lanes[*agent].phase() == Phase::Cancelled && lanes[*agent].started.is_some()
    };
    let missing = lanes.iter().flat_map(|lane| &lane.missing).copied();
    let mut lost: Vec<usize> = missing.filter(is_lost).collect();
    lost.sort_unstable();
    lost.dedup();
    let work = lost.iter().map(|agent| lanes[*agent].duration(timeline.cursor()));
    let work = seconds(metrics::work(&work.collect::<Vec<_>>()));
    let names = match lost.len() {
        0 => return None,
        few if few <= MOST_NAMED => {
            let titles = lost.iter().map(|agent| pipeline.agents()[*agent].title().to_owned());
            words::list(&titles.collect::<Vec<_>>())
        }
        many => words::counted(many, "branch", "branches"),
    };
    Some(said::late_canceled(&names, lost.len(), &work))
}

/// How often a hedge asked a second time, and how long the calls that lost had run.
fn asked_twice(timeline: &Timeline) -> Option<String> {
    let hedged = timeline.lanes().iter().filter_map(|lane| {
        let loser = if lane.second_won() { lane } else { lane.second.as_deref()? };
        Some((lane.second_won(), loser.duration(timeline.cursor())))
    });
    let (won, work): (Vec<bool>, Vec<Duration>) = hedged.unzip();
    let won = won.into_iter().filter(|won| *won).count();
    let wasted = seconds(metrics::work(&work));
    (!work.is_empty()).then(|| said::asked_twice(work.len(), won, &wasted))
}

/// Shorter times are printed as nothing.
const NOTICEABLE: Duration = Duration::from_millis(50);

/// Agents of a critical path that are spelled out.
const MOST_SPELLED_OUT: usize = 3;

/// Why the run took as long as it did: "Electric vehicles (1.5 s) + Synthesis (0.8 s)", where the
/// critical path adds up to that.
fn explanation(pipeline: &Pipeline, timeline: &Timeline) -> Option<String> {
    if let Some(blocked) = blocked(timeline) {
        return Some(said::blocked(&seconds(blocked)));
    }
    let durations = metrics::durations(timeline);
    let (length, agents) = metrics::longest_chain(pipeline, &durations);
    if !metrics::adds_up(length, timeline.makespan()) {
        return waits_for_slots(timeline);
    }
    let term =
        |agent: &usize| said::term(pipeline.agents()[*agent].title(), &seconds(durations[*agent]));
    let takes_time = |agent: &usize| durations[*agent] >= NOTICEABLE;
    let terms: Vec<String> = agents.iter().filter(|a| takes_time(a)).map(term).collect();
    match terms.as_slice() {
        [] => None,
        few if few.len() <= MOST_SPELLED_OUT => Some(few.join(" + ")),
        [first, between @ .., last] => Some(said::long_path(first, between.len(), last)),
        [_] => None,
    }
}

/// For how long agents kept the thread, where that is more than polls cost: then what an agent took
/// is partly the work of others.
fn blocked(timeline: &Timeline) -> Option<Duration> {
    let blocks = |lane: &&Lane| {
        let own = lane.duration(timeline.cursor());
        lane.held >= NOTICEABLE && lane.held >= own / 10
    };
    let held: Vec<Duration> = timeline.lanes().iter().filter(blocks).map(|l| l.held).collect();
    (!held.is_empty()).then(|| metrics::work(&held))
}

/// Under a limit: how many agents have waited for a slot.
fn waits_for_slots(timeline: &Timeline) -> Option<String> {
    let waited = timeline.lanes().iter().filter(|lane| {
        let wait = lane.queued.zip(lane.started).map(|(queued, started)| started.since(queued));
        wait.is_some_and(|wait| wait >= NOTICEABLE)
    });
    Some(waited.count()).filter(|count| *count > 0).map(said::waited_for_slots)
}
