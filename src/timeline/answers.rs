//! What stands on an agent's card besides its answer: its state in a few words, its figures, what it
//! reads and writes, and whether a few lines hold all that there is to read.

use super::{Lane, Phase, Timeline, sentences};
use crate::pipeline::{Agent, Pipeline};
use crate::time::{Instant, seconds};
use crate::words;

/// The agent that writes the report: the final one, where there is only one.
pub fn author(pipeline: &Pipeline) -> Option<usize> {
    let mut finals = (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent));
    finals.next().filter(|_| finals.next().is_none())
}

/// What the agent is doing, in a few words.
pub fn state(pipeline: &Pipeline, agent: usize, timeline: &Timeline) -> String {
    let Some(lane) = timeline.lanes().get(agent) else { return String::new() };
    match lane.phase() {
        Phase::Waiting if timeline.run().phase() == Phase::Running => {
            let open = |need: &&usize| timeline.lanes()[**need].ended.is_none();
            match pipeline.needs(agent).iter().filter(open).count() {
                0 => words::answers::NOT_STARTED.into(),
                open => words::answers::waiting_for(open),
            }
        }
        Phase::Waiting => words::answers::NOT_STARTED.into(),
        Phase::Queued => words::answers::WAITING_FOR_A_SLOT.into(),
        Phase::Running if lane.thinking.last().is_some_and(|last| last.until.is_none()) => {
            words::answers::THINKING.into()
        }
        Phase::Running if lane.first.is_none() => words::answers::WAITING_FOR_TOKEN.into(),
        Phase::Running => words::answers::STREAMING.into(),
        phase => words::display_name(phase.as_str()).into(),
    }
}

/// How long it took, how long until the first token, what it cost; `None` before its start.
pub fn figures(lane: &Lane, cursor: Instant) -> Option<String> {
    if lane.phase() == Phase::Kept {
        return Some(words::answers::KEPT.into());
    }
    let started = lane.started?;
    let attempt = sentences::attempt(lane, cursor);
    let whole = words::seconds(&seconds(lane.duration(cursor)));
    let began = lane.attempt_started().unwrap_or(started);
    let first = lane.first.map(|at| words::page::first_word(&seconds(at - began)));
    let thought = lane.thought_for(cursor);
    let thought = (!thought.is_zero()).then(|| words::page::thought_for(&seconds(thought)));
    let tokens = lane.usage.map(sentences::tokens);
    let twice = sentences::asked_twice(lane).map(str::to_owned);
    let all = [attempt, Some(whole), thought, first, twice, tokens, sentences::without(lane)];
    Some(all.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// More keys than this are counted and not named.
const MOST_KEYS: usize = 5;

/// "{topic} {news} → {briefing}": what its prompt reads and what it writes.
pub fn reads_and_writes(agent: &Agent) -> String {
    let reads = agent.reads();
    let named = reads.iter().take(MOST_KEYS).map(|(key, _)| format!("{{{key}}}"));
    let more = (reads.len() > MOST_KEYS).then(|| words::page::and_more(reads.len() - MOST_KEYS));
    let reads = named.chain(more).collect::<Vec<_>>().join(" ");
    format!("{reads} → {{{}}}", agent.output_key)
}

/// Letters and lines that a card holds without being opened, on the narrowest one.
const MOST_LETTERS: usize = 110;
const MOST_LINES: usize = 3;

/// Whether a closed card may hide something of what the agent said, or of what came of it.
pub fn is_long(text: &str, has_more: bool) -> bool {
    has_more
        || text.chars().nth(MOST_LETTERS).is_some()
        || text.trim_end().lines().nth(MOST_LINES).is_some()
}
