//! A timeline in letters: what tests compare, and what can be pasted where pictures cannot.

use std::fmt::Write;
use std::time::Duration;

use super::{Lane, Phase, Timeline};
use crate::pipeline::Pipeline;
use crate::time::{micros, seconds};
use crate::words;

/// A line for each agent and one for the makespan; a column stands for `column` of time.
///
/// `#` runs, `.` is queued, `~` waits for the next attempt; the last column of an attempt that
/// failed is `/`. What follows the bar says how it ended: nothing for done, `!` failed, `x`
/// canceled, `-` skipped, `>` still running, `=` kept from before, `?` fell back, `o` orphaned.
pub fn text(pipeline: &Pipeline, timeline: &Timeline, column: Duration) -> String {
    let widest = pipeline.agents().iter().map(|agent| agent.name.chars().count()).max();
    let width = widest.unwrap_or_default();
    let mut out = String::new();
    for (agent, lane) in pipeline.agents().iter().zip(timeline.lanes()) {
        let bar = bar(lane, timeline, column);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", format!("{:width$} {bar}", agent.name).trim_end());
    }
    let _ = writeln!(out, "{:width$} {}", "", words::seconds(&seconds(timeline.makespan())));
    out
}

fn bar(lane: &Lane, timeline: &Timeline, column: Duration) -> String {
    let column = micros(column).max(1);
    let columns = |at: crate::time::Instant| ((at.as_micros() + column / 2) / column) as usize;
    let end = columns(lane.end().unwrap_or(timeline.cursor()));
    let queued = lane.queued.map_or(end, columns);
    let started = lane.started.map_or(end, columns);
    let mark = match lane.phase() {
        Phase::Failed => "!",
        Phase::Cancelled => "x",
        Phase::Skipped => "-",
        Phase::Running | Phase::Retrying => ">",
        Phase::Kept => "=",
        Phase::FellBack => "?",
        Phase::Orphaned => "o",
        Phase::Waiting | Phase::Queued | Phase::Done => "",
    };
    let mut out = " ".repeat(queued.min(end)) + &".".repeat(started.saturating_sub(queued));
    let mut begun = started;
    for attempt in &lane.failed {
        let resumed = attempt.resumed.map_or(end, columns);
        let (failed, free) = (columns(attempt.failed), columns(attempt.retry_at).min(resumed));
        out += &"#".repeat(failed.saturating_sub(begun + 1));
        out += &"/".repeat(failed.saturating_sub(begun).min(1));
        out += &"~".repeat(free.saturating_sub(failed));
        out += &".".repeat(resumed.saturating_sub(free));
        begun = resumed;
    }
    out + &"#".repeat(end.saturating_sub(begun)) + mark
}
