//! What a run looks like in words: the status line, a table's cells, an agent's fate.
//!
//! These sentences are the picture's twin for whoever does not see it, and the tests' handle.

use std::cmp::Ordering;
use std::time::Duration;

use super::metrics::{self, speedup};
use super::{Lane, Timeline};
use crate::decimal;
use crate::model::FinishReason;
use crate::pipeline::Pipeline;
use crate::time::seconds;
use crate::trace::Outcome;

/// One schedule's run, as sentences speak of it.
#[derive(Clone, Copy)]
pub struct Entrant<'a> {
    /// "sequential" or "parallel".
    pub schedule: &'a str,
    /// Its timeline.
    pub timeline: &'a Timeline,
}

/// The status line: what is going on, or how it ended. Of several runs, progress is told of the
/// last one that has begun and goes on.
pub fn status(pipeline: &Pipeline, entrants: &[Entrant<'_>]) -> String {
    let begun = |e: &&Entrant<'_>| e.timeline.run().started.is_some();
    let going_on = |e: &&Entrant<'_>| begun(e) && e.timeline.run().ended.is_none();
    let over = entrants.iter().all(|entrant| entrant.timeline.run().ended.is_some());
    match entrants.iter().rev().find(going_on) {
        Some(entrant) => progress(pipeline, entrant.timeline),
        None if over && !entrants.is_empty() => ending(pipeline, entrants),
        None if entrants.iter().any(|entrant| begun(&entrant)) => "Running".into(),
        None => "Ready".into(),
    }
}

fn progress(pipeline: &Pipeline, timeline: &Timeline) -> String {
    let branches = pipeline.branches();
    let ended = branches.iter().filter(|branch| timeline.lanes()[**branch].ended.is_some()).count();
    if ended < branches.len() {
        return format!("Running: {ended} of {} branches done", branches.len());
    }
    let last = (0..pipeline.agents().len())
        .filter(|agent| timeline.lanes()[*agent].ended.is_none())
        .map(|agent| pipeline.agents()[agent].name.as_str())
        .collect::<Vec<_>>();
    let mut progress = format!("Running: {ended} of {ended} branches done");
    if !last.is_empty() {
        progress += &format!(", {} at work", last.join(", "));
    }
    progress
}

fn ending(pipeline: &Pipeline, entrants: &[Entrant<'_>]) -> String {
    let failed =
        (entrants.iter()).find(|e| matches!(e.timeline.run().ended, Some((_, Outcome::Failed(_)))));
    if let Some(entrant) = failed {
        let sentence = first_failure(pipeline, entrant.timeline).unwrap_or_default();
        return format!("Failed after {} s: {sentence}", seconds(entrant.timeline.makespan()));
    }
    if entrants.iter().any(|e| !matches!(e.timeline.run().ended, Some((_, Outcome::Done)))) {
        return "Stopped".into();
    }
    let makespan =
        |name: &str| entrants.iter().find(|e| e.schedule == name).map(|e| e.timeline.makespan());
    let figures: Vec<String> = (entrants.iter())
        .map(|e| format!("{} {} s", e.schedule, seconds(e.timeline.makespan())))
        .collect();
    let compared = match (makespan("sequential"), makespan("parallel")) {
        (Some(sequential), Some(parallel)) => comparison(sequential, parallel),
        _ => String::new(),
    };
    let gaps = entrants.iter().find_map(|e| first_failure(pipeline, e.timeline));
    let gaps = gaps.map(|gap| format!(". Not everything is in it: {gap}")).unwrap_or_default();
    format!("Finished: {}{compared}{gaps}", figures.join(", "))
}

fn comparison(sequential: Duration, parallel: Duration) -> String {
    match speedup(sequential, parallel) {
        Some(times) => format!(", {} times faster", decimal::fixed(times, 1)),
        None => String::new(),
    }
}

/// What the first agent that failed met, as a sentence with the likely cause.
pub fn first_failure(pipeline: &Pipeline, timeline: &Timeline) -> Option<String> {
    let ends = timeline.lanes().iter().enumerate();
    let (agent, _) = ends
        .filter_map(|(agent, lane)| match &lane.ended {
            Some((at, Outcome::Failed(_))) => Some((agent, *at)),
            _ => None,
        })
        .min_by_key(|(_, at)| *at)?;
    fate(pipeline, agent, &timeline.lanes()[agent])
}

/// Why an agent has no answer, or only part of one; `None` when all is well or still open.
pub fn fate(pipeline: &Pipeline, agent: usize, lane: &Lane) -> Option<String> {
    let names = |agents: &[usize]| {
        let agents = agents.iter().map(|agent| pipeline.agents()[*agent].name.as_str());
        agents.collect::<Vec<_>>().join(", ")
    };
    let name = &pipeline.agents()[agent].name;
    match (&lane.ended, lane.finish) {
        (Some((_, Outcome::Failed(error))), _) => {
            Some(format!("{name} failed: {error}. {}", error.likely_cause()))
        }
        (Some((_, Outcome::Cancelled)), _) if lane.started.is_some() => {
            Some(format!("{name} was stopped before it had finished."))
        }
        (Some((_, Outcome::Cancelled)), _) => {
            Some(format!("{name} was stopped before it had started."))
        }
        (Some((_, Outcome::Skipped { needs })), _) => {
            Some(format!("{name} was not started: it needs {}.", names(needs)))
        }
        (_, Some(FinishReason::Length)) => {
            Some(format!("{name} reached its limit on tokens: the answer is incomplete."))
        }
        (_, Some(FinishReason::Filtered)) => {
            Some(format!("A content filter ended the answer of {name}."))
        }
        _ => None,
    }
}

/// What a pipeline's durations teach: the most that running in parallel can give, what to speed up
/// first, and who could be slower for free. Nothing where nothing takes time.
pub fn advice(pipeline: &Pipeline, durations: &[Duration]) -> Vec<String> {
    let path = metrics::critical_path(pipeline, durations);
    let Some(ceiling) = speedup(metrics::work(durations), path.length) else { return Vec::new() };
    let name = |agent: usize| pipeline.agents()[agent].name.as_str();
    // What would be left if one agent took no time at all.
    let gain = |agent: usize| {
        let mut without = durations.to_vec();
        without[agent] = Duration::ZERO;
        path.length - metrics::critical_path(pipeline, &without).length
    };
    let best = path.agents.iter().map(|agent| (gain(*agent), *agent)).max();
    let most_slack = (0..durations.len()).rev().max_by_key(|agent| path.slack[*agent]);
    let chain = path.agents.iter().filter(|agent| !durations[**agent].is_zero());
    let chain: Vec<&str> = chain.map(|agent| name(*agent)).collect();
    let mut advice = vec![format!(
        "However many run at once, it cannot be more than {} times faster: {} {} {} s.",
        decimal::fixed(ceiling, 1),
        chain.join(", then "),
        if chain.len() == 1 { "takes" } else { "take" },
        seconds(path.length),
    )];
    advice.push(match best {
        Some((gain, agent)) if !gain.is_zero() => {
            format!(
                "Speed up {} first: that alone could save up to {} s.",
                name(agent),
                seconds(gain)
            )
        }
        _ => "No one agent decides: speeding up one alone saves nothing.".into(),
    });
    if let Some(agent) = most_slack.filter(|agent| !path.slack[*agent].is_zero()) {
        let slack = seconds(path.slack[agent]);
        advice.push(format!("{} could be {slack} s slower for free.", name(agent)));
    }
    advice
}

/// A guess beside the truth.
pub fn guessed(guess: Duration, truth: Duration) -> String {
    // Judged as printed: nobody is told to be wrong by hundredths.
    let (said, took) = (seconds(guess), seconds(truth));
    let off = seconds(guess.abs_diff(truth));
    match guess.cmp(&truth) {
        _ if said == took => format!("You guessed {said} s, and it took {took} s."),
        Ordering::Less => format!("You guessed {said} s; it took {took} s, {off} s more."),
        _ => format!("You guessed {said} s; it took {took} s, {off} s less."),
    }
}
