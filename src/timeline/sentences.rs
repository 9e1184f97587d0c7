//! What a run looks like in words: the status line, a table's cells, an agent's fate.
//!
//! These sentences are the picture's twin for whoever does not see it, and the tests' handle.

use std::cmp::Ordering;
use std::time::Duration;

use super::attempts::Try;
use super::metrics::{self, speedup};
use super::{Lane, Phase, Timeline};
use crate::decimal;
use crate::model::{FinishReason, ModelError, Usage};
use crate::pipeline::Pipeline;
use crate::time::{Instant, seconds};
use crate::trace::{GiveUp, Outcome};
use crate::words;

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
    let ended =
        |e: &Entrant<'_>| e.timeline.run().ended.as_ref().map(|(_, outcome)| outcome.clone());
    // A run that has failed or was stopped is not followed by the other one.
    let over = entrants.iter().all(|e| ended(e).is_some())
        || entrants.iter().any(|e| ended(e).is_some_and(|outcome| outcome != Outcome::Done));
    match entrants.iter().rev().find(going_on) {
        Some(entrant) => progress(pipeline, entrant.timeline),
        None if over && !entrants.is_empty() => ending(pipeline, entrants),
        None if entrants.iter().any(|entrant| begun(&entrant)) => words::status::RUNNING.into(),
        None => words::status::READY.into(),
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
fn kept(entrants: &[Entrant<'_>]) -> String {
    let kept = entrants.iter().map(|entrant| {
        entrant.timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Kept).count()
    });
    words::status::kept(kept.max().unwrap_or_default())
}

fn ending(pipeline: &Pipeline, entrants: &[Entrant<'_>]) -> String {
    let failed =
        (entrants.iter()).find(|e| matches!(e.timeline.run().ended, Some((_, Outcome::Failed(_)))));
    if let Some(entrant) = failed {
        let sentence = match &entrant.timeline.run().ended {
            Some((_, Outcome::Failed(error @ ModelError::RunTooLong { .. }))) => {
                sentence(error) + " " + error.likely_cause()
            }
            _ => first_failure(pipeline, entrant.timeline).unwrap_or_default(),
        };
        let orphans = orphans(entrant.timeline);
        let after = seconds(entrant.timeline.makespan());
        return words::status::failed_after(&after, &sentence) + &orphans;
    }
    if entrants.iter().any(|e| !matches!(e.timeline.run().ended, Some((_, Outcome::Done)))) {
        return words::status::STOPPED.into();
    }
    let makespan =
        |name: &str| entrants.iter().find(|e| e.schedule == name).map(|e| e.timeline.makespan());
    let figures: Vec<String> = (entrants.iter())
        .map(|e| words::status::took(words::called(e.schedule), &seconds(e.timeline.makespan())))
        .collect();
    // What was kept took no time now, so that the times of two such runs say nothing together.
    let kept = kept(entrants);
    let compared = match (makespan("sequential"), makespan("parallel")) {
        (Some(sequential), Some(parallel)) if kept.is_empty() => comparison(sequential, parallel),
        _ => kept,
    };
    let gaps = entrants.iter().find_map(|e| first_failure(pipeline, e.timeline));
    let gaps = gaps.map(|gap| words::status::gaps(&gap)).unwrap_or_default();
    words::status::FINISHED.to_owned() + &figures.join(", ") + &compared + &gaps
}

/// Who goes on, or went on, for nobody after the run had failed, and how much work that comes to.
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
        Some(times) => words::status::times_faster(&decimal::fixed(times, 1)),
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
                Outcome::FellBack(_) => Some(words::status::FALLBACK_STANDS.to_owned()),
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
        (_, Some(FinishReason::Length)) => Some(words::status::out_of_tokens(name)),
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
    let at = |moment: Instant| words::seconds(&decimal::fixed(moment.as_secs(), 2));
    let Some(started) = lane.started else {
        return match lane.queued {
            Some(queued) => words::status::queued_since(&at(queued)),
            None => words::status::NOT_YET.into(),
        };
    };
    let mut times = match lane.end() {
        Some(ended) => words::status::from_to(&at(started), &at(ended)),
        None => words::status::since(&at(started)),
    };
    if let Some(first) = lane.first {
        times += &words::status::first_word_at(&at(first));
    }
    match lane.queued.map(|queued| started.since(queued)) {
        Some(wait) if !wait.is_zero() => {
            times + &words::status::queued_for(&decimal::fixed(wait.as_secs_f64(), 2))
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
        true => words::status::SENT_AGAIN.to_owned(),
        false => words::status::then_a_wait(&seconds(wait)),
    };
    let said = if attempt.text.is_empty() { "" } else { words::status::SAID_IS_THROWN_AWAY };
    let error = sentence(&attempt.error);
    Some(words::status::try_failed(number, &after, &error, &then) + said)
}

/// An error as a sentence: what a server says may end like one already.
fn sentence(error: &ModelError) -> String {
    let mut text = error.to_string();
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
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
    let mut chain: Vec<&str> = chain.map(|agent| name(*agent)).collect();
    let chained = chain.len();
    if chained > MOST_CHAINED {
        // Its ends tell which one is meant; nobody can follow a sentence longer than that.
        let between = [chain[0], "…", chain[chained - 1]];
        chain = between.to_vec();
    }
    let mut advice = vec![words::status::ceiling(
        &decimal::fixed(ceiling, 1),
        &chain,
        chained,
        &seconds(path.length),
    )];
    advice.push(match best {
        Some((gain, agent)) if !gain.is_zero() => {
            words::status::speed_up(name(agent), &seconds(gain))
        }
        _ => words::status::NO_ONE_DECIDES.into(),
    });
    if let Some(agent) = most_slack.filter(|agent| !path.slack[*agent].is_zero()) {
        let slack = seconds(path.slack[agent]);
        advice.push(words::status::slower_for_free(name(agent), &slack));
    }
    advice
}

/// Agents of a critical path that are named.
const MOST_CHAINED: usize = 5;

/// A guess beside the truth.
pub fn guessed(guess: Duration, truth: Duration) -> String {
    // Judged as printed: nobody is told to be wrong by hundredths.
    let (said, took) = (seconds(guess), seconds(truth));
    let off = seconds(guess.abs_diff(truth));
    match guess.cmp(&truth) {
        _ if said == took => words::status::guessed_right(&said, &took),
        Ordering::Less => words::status::guessed_too_little(&said, &took, &off),
        _ => words::status::guessed_too_much(&said, &took, &off),
    }
}
