//! The runs as the rows of a table: when each agent began and ended under each schedule, and how.

use super::{Frame, Kind, Plan};
use crate::time::Instant;
use crate::timeline::crowd::Page;
use crate::timeline::{Phase, Timeline, sentences};
use crate::words;

/// What the table says of one agent under one schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the whole table, the head being 1.
    pub number: usize,
    /// The agent's name.
    pub agent: String,
    /// Under which schedule.
    pub schedule: Kind,
    /// When it began.
    pub start: Option<Instant>,
    /// When it ended.
    pub end: Option<Instant>,
    /// What it is doing, or how it ended.
    pub phase: Phase,
    /// The same in words; "expected" where the times are a prediction.
    pub outcome: &'static str,
    /// Which attempt that is of, or which of two calls.
    pub tries: String,
}

/// The rows of a page of agents, for each schedule in turn.
pub fn rows(plan: &Plan, frame: &Frame, page: Page) -> Vec<Row> {
    let runs = plan.lineup.iter().enumerate().filter_map(|(place, planned)| {
        let actual = frame.timelines.get(place)?;
        let expected = planned.expected.as_deref().filter(|_| is_only_expected(plan, actual));
        Some((place, planned.kind, expected.unwrap_or(actual), expected.is_some()))
    });
    let rows = runs.flat_map(|(place, schedule, timeline, is_expected)| {
        let agents = timeline.lanes().iter().zip(plan.pipeline().agents()).enumerate();
        let shown = agents.skip(page.agents().start).take(page.agents().len());
        shown.map(move |(at, (lane, agent))| {
            let phase = if is_expected { Phase::Waiting } else { lane.phase() };
            Row {
                number: 2 + place * page.all() + at,
                agent: agent.name.clone(),
                schedule,
                start: lane.started,
                end: lane.end(),
                phase,
                outcome: match is_expected {
                    true => words::history::EXPECTED,
                    false => words::display_name(phase.as_str()),
                },
                tries: (sentences::tries(lane))
                    .or(sentences::asked_twice(lane).map(str::to_owned))
                    .unwrap_or_default(),
            }
        })
    });
    rows.collect()
}

/// Whether the run is a prediction beside a measured one, and does not take place.
fn is_only_expected(plan: &Plan, timeline: &Timeline) -> bool {
    plan.measured.is_some() && timeline.run().started.is_none()
}
