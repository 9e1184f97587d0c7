//! What a run looks like in words: the status line, a table's cells, an agent's fate.
//!
//! They say for screen readers what the picture shows, and tests rely on them.

mod status;
mod verdict;

use std::cmp::Ordering;
use std::time::Duration;

use super::attempts::Try;
use super::crowd::grouped;
use super::{Lane, Phase, Timeline};
use crate::model::{
    CallPart, FailureKind, FinishReason, LONGEST_ANSWER, MOST_PIECES, ModelError, Usage,
};
use crate::pipeline::Pipeline;
use crate::time::{Instant, seconds, seconds_between};
use crate::trace::{GiveUp, Outcome};
use crate::words;

pub use status::status;
pub use verdict::{VerdictLine, VerdictState, verdict};

/// One schedule's run, as sentences speak of it.
#[derive(Clone, Copy)]
pub struct ScheduleRun<'a> {
    /// "sequential" or "parallel".
    pub schedule: &'a str,
    /// Its timeline.
    pub timeline: &'a Timeline,
    /// The agents that the reader lets fail.
    pub injected: &'a [usize],
}

impl ScheduleRun<'_> {
    /// Whether it has begun.
    fn has_begun(&self) -> bool {
        self.timeline.run().started.is_some()
    }

    /// Whether it has begun and not ended.
    fn goes_on(&self) -> bool {
        self.has_begun() && self.outcome().is_none()
    }

    /// How it ended.
    fn outcome(&self) -> Option<&Outcome> {
        self.timeline.run().ended.as_ref().map(|(_, outcome)| outcome)
    }

    fn has_failed(&self) -> bool {
        matches!(self.outcome(), Some(Outcome::Failed(_)))
    }
}

/// The first agent in time that failed, and when.
fn first_failed(timeline: &Timeline) -> Option<(usize, Instant)> {
    let ends = timeline.lanes().iter().enumerate();
    ends.filter_map(|(agent, lane)| match &lane.ended {
        Some((at, Outcome::Failed(_) | Outcome::FellBack(_))) => Some((agent, *at)),
        _ => None,
    })
    .min_by_key(|(_, at)| *at)
}

/// What the first agent that failed met, as a sentence with the likely cause. `injected` are the
/// agents that the reader lets fail.
pub fn first_failure(
    pipeline: &Pipeline,
    timeline: &Timeline,
    injected: &[usize],
) -> Option<String> {
    let (agent, _) = first_failed(timeline)?;
    fate(pipeline, agent, &timeline.lanes()[agent], injected.contains(&agent))
}

/// Why an agent has no answer, or only part of one; `None` when all is well or still open.
pub fn fate(pipeline: &Pipeline, agent: usize, lane: &Lane, is_injected: bool) -> Option<String> {
    let titles = |agents: &[usize]| {
        let titles = agents.iter().map(|agent| pipeline.agents()[*agent].title().to_owned());
        words::list(&titles.collect::<Vec<_>>())
    };
    let name = pipeline.agents()[agent].title();
    match (&lane.ended, lane.finish) {
        (Some((_, outcome @ (Outcome::Failed(error) | Outcome::FellBack(error)))), _) => {
            let (tries, why) = match lane.gave_up {
                Some(GiveUp::Attempts(tries)) => (Some(tries), None),
                Some(GiveUp::LongWait { .. }) => (None, gave_up(lane)),
                None => (None, None),
            };
            let instead = match outcome {
                Outcome::FellBack(_) => Some("Its fallback was used.".to_owned()),
                _ => None,
            };
            // The cause of an injected fault is known.
            let cause = (!is_injected).then(|| error.likely_cause().to_owned());
            let first = Some(words::status::failed(name, tries, is_injected, &sentence(error)));
            let all = [first, why, instead, cause].into_iter().flatten();
            Some(all.collect::<Vec<_>>().join(" "))
        }
        (Some((_, Outcome::Orphaned)), _) => Some(words::status::ran_on(name)),
        (Some((_, Outcome::Cancelled)), _) if lane.started.is_some() => {
            Some(words::status::canceled_before_its_end(name))
        }
        (Some((_, Outcome::Cancelled)), _) => Some(words::status::canceled_before_its_start(name)),
        (Some((_, Outcome::Skipped { needs })), _) => {
            Some(words::status::not_started(name, &titles(needs)))
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

/// What an agent began without, since a quorum of its branches had answered; `None` if nothing.
pub fn began_without(pipeline: &Pipeline, agent: usize, lane: &Lane) -> Option<String> {
    if lane.missing.is_empty() {
        return None;
    }
    let titles = lane.missing.iter().map(|need| pipeline.agents()[*need].title().to_owned());
    let titles: Vec<String> = titles.collect();
    let of = pipeline.needs(agent).len();
    let name = pipeline.agents()[agent].title();
    let missing = words::list(&titles);
    Some(words::status::began_without(name, &missing, of - titles.len(), of))
}

/// What came of the second call of a hedge; `None` where none was made.
pub fn second_call(lane: &Lane) -> Option<String> {
    let second = lane.second.as_ref()?;
    let after = seconds(second.started?.since(lane.started?));
    Some(match &second.ended {
        Some((_, Outcome::Done)) => words::status::second_call_won(&after),
        Some((_, Outcome::Failed(error))) => {
            words::status::second_call_failed(&after, &sentence(error))
        }
        Some(_) if lane.phase().has_answer() => words::status::first_call_won(&after),
        _ => words::status::second_call(&after),
    })
}

/// What came of the second call of a hedge, in a few words: "second call won". `None` where none was made,
/// and where neither call has given the answer.
pub fn asked_twice(lane: &Lane) -> Option<&'static str> {
    let second = lane.second.as_ref()?;
    match lane.phase() {
        Phase::Running if second.ended.is_none() => Some(words::race::ASKED_AGAIN),
        Phase::Done if lane.second_won() => Some(words::race::SECOND_CALL),
        Phase::Done => Some(words::race::FIRST_CALL),
        _ => None,
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

/// When an agent began and ended, to the hundredth of a second: "1.20 s to 2.10 s, first token at
/// 1.47 s, waited 0.30 s for a slot".
pub fn times(lane: &Lane) -> String {
    let at = |moment: Instant| words::seconds(&format!("{:.2}", moment.as_secs()));
    let Some(started) = lane.started else {
        return match lane.queued {
            Some(queued) => words::status::queued_since(&at(queued)),
            None => "not started yet".into(),
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
        times += &words::status::first_token_at(&at(first));
    }
    match lane.queued.map(|queued| started.since(queued)) {
        Some(wait) if !wait.is_zero() => {
            times + &words::status::waited_for_a_slot(&format!("{:.2}", wait.as_secs_f64()))
        }
        _ => times,
    }
}

/// Which attempt an agent is at, and how long until it begins: "attempt 2 of 3 in 4.2 s". `None` while
/// the first one is all there is.
pub fn attempt(lane: &Lane, cursor: Instant) -> Option<String> {
    let Try { number, of } = lane.attempt()?;
    let left = lane.wait_left(cursor);
    Some(match left {
        Some(left) if left.is_zero() => words::status::attempt_waits_for_a_slot(number, of),
        Some(left) => words::status::attempt_in(number, of, &seconds(left)),
        None if lane.waits() => words::status::before_attempt(number, of),
        None => words::status::at_attempt(number, of),
    })
}

/// Which attempt an agent's outcome is of, without a countdown: for a table.
pub fn tries(lane: &Lane) -> Option<String> {
    let Try { number, of } = lane.attempt()?;
    Some(match lane.phase() {
        Phase::Retrying => words::status::retrying_at(number, of),
        _ if lane.waits() => words::status::before_attempt(number, of),
        _ => words::status::at_attempt(number, of),
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
            _ => "It was sent again at once without the refused part.".to_owned(),
        },
        false => words::status::then_a_wait(&seconds(wait)),
    };
    let said = if attempt.text.is_empty() { "" } else { " Discarded partial answer:" };
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
    let off = seconds_between(guess, truth);
    match guess.cmp(&truth) {
        _ if said == took => words::status::guessed_right(&said, &took),
        Ordering::Less => words::status::guessed_too_little(&said, &took, &off),
        _ => words::status::guessed_too_much(&said, &took, &off),
    }
}
