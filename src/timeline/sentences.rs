//! What a run looks like in words: the status line, a table's cells, an agent's fate.
//!
//! They say for screen readers what the picture shows, and tests rely on them.

use std::cmp::Ordering;
use std::time::Duration;

use super::attempts::Try;
use super::crowd::grouped;
use super::metrics::{self, speedup};
use super::{Lane, Phase, Timeline};
use crate::model::{
    CallPart, FailureKind, FinishReason, LONGEST_ANSWER, MOST_PIECES, ModelError, Usage,
};
use crate::pipeline::Pipeline;
use crate::time::{Instant, seconds};
use crate::trace::{GiveUp, Outcome};
use crate::words;

/// One schedule's run, as sentences speak of it.
#[derive(Clone, Copy)]
pub struct ScheduleRun<'a> {
    /// "sequential" or "parallel".
    pub schedule: &'a str,
    /// Its timeline.
    pub timeline: &'a Timeline,
}

/// The status line: what is going on, or how it ended. Of several runs, progress is told of the
/// last one that has begun and goes on.
pub fn status(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> String {
    let begun = |e: &&ScheduleRun<'_>| e.timeline.run().started.is_some();
    let going_on = |e: &&ScheduleRun<'_>| begun(e) && e.timeline.run().ended.is_none();
    let ended =
        |e: &ScheduleRun<'_>| e.timeline.run().ended.as_ref().map(|(_, outcome)| outcome.clone());
    // A run that has failed or was stopped is not followed by the other one.
    let over = runs.iter().all(|e| ended(e).is_some())
        || runs.iter().any(|e| ended(e).is_some_and(|outcome| outcome != Outcome::Done));
    match runs.iter().rev().find(going_on) {
        Some(run) => progress(pipeline, run.timeline),
        None if over && !runs.is_empty() => ending(pipeline, runs),
        None if runs.iter().any(|run| begun(&run)) => "Running".into(),
        None => "Ready".into(),
    }
}

fn progress(pipeline: &Pipeline, timeline: &Timeline) -> String {
    let branches = pipeline.branches();
    let ended = branches.iter().filter(|branch| timeline.lanes()[**branch].ended.is_some()).count();
    if ended < branches.len() {
        let trouble = trouble(pipeline, timeline);
        return words::status::running(ended, branches.len()) + &trouble;
    }
    let last = (0..pipeline.agents().len())
        .filter(|agent| timeline.lanes()[*agent].ended.is_none())
        .map(|agent| pipeline.agents()[agent].name.as_str())
        .collect::<Vec<_>>();
    let mut progress = words::status::running(ended, ended);
    if !last.is_empty() {
        progress += &words::status::at_work(&last.join(", "));
    }
    progress + &trouble(pipeline, timeline)
}

/// Who waits for another attempt, and what limit the run has given itself. Told when it changes and
/// not every moment: whoever listens to it has other things to do.
fn trouble(pipeline: &Pipeline, timeline: &Timeline) -> String {
    let waiting = timeline.lanes().iter().zip(pipeline.agents()).filter_map(|(lane, agent)| {
        let Try { number, of } = lane.attempt().filter(|_| lane.retry_at().is_some())?;
        Some(words::status::waits_for_try(&agent.name, number, of))
    });
    let waiting: Vec<String> = waiting.collect();
    let waiting = match waiting.as_slice() {
        [] => String::new(),
        few if few.len() <= MOST_TOLD => format!(", {}", few.join(", ")),
        many => words::status::many_wait(many.len()),
    };
    let limit = timeline.limits().last();
    let limit = limit.map(|(_, limit)| words::status::limited(limit.get()));
    waiting + &limit.unwrap_or_default()
}

/// More than these are counted instead.
const MOST_TOLD: usize = 2;

/// What a run has from the one before it, as part of a sentence.
fn kept(runs: &[ScheduleRun<'_>]) -> String {
    let kept = runs
        .iter()
        .map(|run| run.timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Kept).count());
    words::status::kept(kept.max().unwrap_or_default())
}

fn ending(pipeline: &Pipeline, runs: &[ScheduleRun<'_>]) -> String {
    let failed =
        (runs.iter()).find(|e| matches!(e.timeline.run().ended, Some((_, Outcome::Failed(_)))));
    if let Some(run) = failed {
        let sentence = match &run.timeline.run().ended {
            Some((_, Outcome::Failed(error @ ModelError::RunTooLong { .. }))) => {
                sentence(error) + " " + error.likely_cause()
            }
            _ => first_failure(pipeline, run.timeline).unwrap_or_default(),
        };
        let orphans = orphans(run.timeline);
        let after = seconds(run.timeline.makespan());
        return words::status::failed_after(&after, &sentence) + &orphans;
    }
    if runs.iter().any(|e| !matches!(e.timeline.run().ended, Some((_, Outcome::Done)))) {
        return "Stopped".into();
    }
    let makespan =
        |name: &str| runs.iter().find(|e| e.schedule == name).map(|e| e.timeline.makespan());
    let figures: Vec<String> = (runs.iter())
        .map(|e| {
            words::status::took(words::display_name(e.schedule), &seconds(e.timeline.makespan()))
        })
        .collect();
    // What was kept took no time now, so that the times of two such runs say nothing together.
    let kept = kept(runs);
    let compared = match (makespan("sequential"), makespan("parallel")) {
        (Some(sequential), Some(parallel)) if kept.is_empty() => comparison(sequential, parallel),
        _ => kept,
    };
    let gaps = runs.iter().find_map(|e| first_failure(pipeline, e.timeline));
    let gaps = gaps.map(|gap| words::status::gaps(&gap)).unwrap_or_default();
    words::status::FINISHED.to_owned() + &figures.join(", ") + &compared + &gaps
}

/// Agents that ran on unused after the run had failed, and how much work that was.
fn orphans(timeline: &Timeline) -> String {
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
        (all, 0) => words::status::in_vain(all, &work),
        (_, some) => words::status::in_vain_so_far(some, &work),
    }
}

fn comparison(sequential: Duration, parallel: Duration) -> String {
    match speedup(sequential, parallel) {
        Some(times) => words::status::times_faster(&format!("{times:.1}")),
        None => String::new(),
    }
}

/// What the first agent that failed met, as a sentence with the likely cause.
pub fn first_failure(pipeline: &Pipeline, timeline: &Timeline) -> Option<String> {
    let ends = timeline.lanes().iter().enumerate();
    let (agent, _) = ends
        .filter_map(|(agent, lane)| match &lane.ended {
            Some((at, Outcome::Failed(_) | Outcome::FellBack(_))) => Some((agent, *at)),
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
        (Some((_, outcome @ (Outcome::Failed(error) | Outcome::FellBack(error)))), _) => {
            let (tries, why) = match lane.gave_up {
                Some(GiveUp::Attempts(tries)) => (Some(tries), None),
                Some(GiveUp::LongWait { .. }) => (None, gave_up(lane)),
                None => (None, None),
            };
            let instead = match outcome {
                Outcome::FellBack(_) => Some("Its fallback stands in its place.".to_owned()),
                _ => None,
            };
            let cause = Some(error.likely_cause().to_owned());
            let first = Some(words::status::failed(name, tries, &sentence(error)));
            let all = [first, why, instead, cause].into_iter().flatten();
            Some(all.collect::<Vec<_>>().join(" "))
        }
        (Some((_, Outcome::Orphaned)), _) => Some(words::status::ran_on(name)),
        (Some((_, Outcome::Cancelled)), _) if lane.started.is_some() => {
            Some(words::status::stopped_before_its_end(name))
        }
        (Some((_, Outcome::Cancelled)), _) => Some(words::status::stopped_before_its_start(name)),
        (Some((_, Outcome::Skipped { needs })), _) => {
            Some(words::status::not_started(name, &names(needs)))
        }
        (_, Some(FinishReason::Length)) => {
            let thinking = lane.usage.map_or(0, |usage| usage.thinking_tokens);
            Some(words::status::out_of_tokens(name, thinking))
        }
        (_, Some(FinishReason::NotGiven)) => Some(words::status::no_reason(name)),
        (_, Some(FinishReason::TooLong)) => Some(words::status::answer_too_long(
            name,
            &words::size(LONGEST_ANSWER),
            &grouped(MOST_PIECES),
        )),
        (_, Some(FinishReason::Filtered)) => Some(words::status::filtered(name)),
        (_, Some(FinishReason::Refused)) => Some(words::status::declined(name)),
        (_, Some(FinishReason::ToolCall)) => Some(words::status::called_a_tool(name)),
        (_, Some(FinishReason::Stop) | None) => None,
    }
}

/// Why the attempt that failed was the last, where others could have followed.
pub fn gave_up(lane: &Lane) -> Option<String> {
    Some(match lane.gave_up? {
        GiveUp::Attempts(tries) => words::status::failed_in_a_row(tries),
        GiveUp::LongWait { asked, limit } => {
            let (asked, limit) = (seconds(asked), seconds(limit));
            words::status::asks_to_wait(&asked, &limit)
        }
    })
}

/// What a call has used: "12 tokens in, 34 out (20 thinking)".
pub fn tokens(usage: Usage) -> String {
    let Usage { input_tokens, output_tokens, thinking_tokens } = usage;
    words::status::tokens(input_tokens, output_tokens, thinking_tokens)
}

/// When an agent began and ended, to the hundredth of a second: "1.20 s to 2.10 s, first word at
/// 1.47 s, queued for 0.30 s".
pub fn times(lane: &Lane) -> String {
    let at = |moment: Instant| words::seconds(&format!("{:.2}", moment.as_secs()));
    let Some(started) = lane.started else {
        return match lane.queued {
            Some(queued) => words::status::queued_since(&at(queued)),
            None => "not yet".into(),
        };
    };
    let mut times = match lane.end() {
        Some(ended) => words::status::from_to(&at(started), &at(ended)),
        None => words::status::since(&at(started)),
    };
    if let Some(thinking) = lane.thinking.first() {
        times += &words::status::thinks_since(&at(thinking.since));
    }
    if let Some(first) = lane.first {
        times += &words::status::first_word_at(&at(first));
    }
    match lane.queued.map(|queued| started.since(queued)) {
        Some(wait) if !wait.is_zero() => {
            times + &words::status::queued_for(&format!("{:.2}", wait.as_secs_f64()))
        }
        _ => times,
    }
}

/// Which attempt an agent is at, and how long until it begins: "try 2 of 3 in 4.2 s". `None` while
/// the first one is all there is.
pub fn attempt(lane: &Lane, cursor: Instant) -> Option<String> {
    let Try { number, of } = lane.attempt()?;
    let left = lane.wait_left(cursor);
    Some(match left {
        Some(left) if left.is_zero() => words::status::try_waits_for_a_slot(number, of),
        Some(left) => words::status::try_in(number, of, &seconds(left)),
        None if lane.waits() => words::status::before_try(number, of),
        None => words::status::at_try(number, of),
    })
}

/// Which attempt an agent's outcome is of, without a countdown: for a table.
pub fn tries(lane: &Lane) -> Option<String> {
    let Try { number, of } = lane.attempt()?;
    Some(match lane.phase() {
        Phase::Retrying => words::status::waits_for(number, of),
        _ if lane.waits() => words::status::before_try(number, of),
        _ => words::status::at_try(number, of),
    })
}

/// How an attempt of an agent failed, the first being 1, and that what it said is gone.
pub fn thrown_away(lane: &Lane, number: usize) -> Option<String> {
    let attempt = lane.failed.get(number.checked_sub(1)?)?;
    let after = seconds(attempt.failed - attempt.started);
    let wait = attempt.retry_at - attempt.failed;
    let then = match wait.is_zero() {
        // Only what the model itself sends again goes out without a wait.
        true => match attempt.error.kind() {
            FailureKind::PartRefused(part) => words::status::sent_again_without(part_name(part)),
            _ => "It was sent again at once, without what was refused.".to_owned(),
        },
        false => words::status::then_a_wait(&seconds(wait)),
    };
    let said = if attempt.text.is_empty() { "" } else { " What it had said is thrown away:" };
    let error = sentence(&attempt.error);
    Some(words::status::try_failed(number, &after, &error, &then) + said)
}

/// What a call goes without and why: "without temperature, which the server refuses". `None` where it
/// goes as it was set.
pub fn without(lane: &Lane) -> Option<String> {
    let parts: Vec<&str> = lane.without.iter().map(|part| part_name(*part)).collect();
    (!parts.is_empty()).then(|| words::status::without(&parts.join(", ")))
}

fn part_name(part: CallPart) -> &'static str {
    match part {
        CallPart::Temperature => "temperature",
        CallPart::StreamOptions => "stream_options (token usage)",
        CallPart::LimitName => "the usual name of the output limit",
        CallPart::SystemRole => "the system role (the instruction is part of the prompt)",
        CallPart::Streaming => "streaming",
    }
}

/// An error as a sentence: what a server says may end like one already.
fn sentence(error: &ModelError) -> String {
    let mut text = error.to_string();
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

/// A guess beside the truth.
pub fn guessed(guess: Duration, truth: Duration) -> String {
    // Compared as printed, so that a difference of hundredths does not count.
    let (said, took) = (seconds(guess), seconds(truth));
    let off = seconds(guess.abs_diff(truth));
    match guess.cmp(&truth) {
        _ if said == took => words::status::guessed_right(&said, &took),
        Ordering::Less => words::status::guessed_too_little(&said, &took, &off),
        _ => words::status::guessed_too_much(&said, &took, &off),
    }
}
