//! The time saved, and what opens in it: the report, while the sequential run is still working.

use super::layout::{BAR, Layout, Rect};
use super::text_width::text_width;
use crate::excerpt;
use crate::pipeline::Pipeline;
use crate::time::{Instant, seconds, seconds_between};
use crate::timeline::gantt::Stretch;
use crate::timeline::scale::TimeScale;
use crate::timeline::{Phase, Timeline};
use crate::words;

/// Between the parallel run's end and the report.
const BEFORE_CARD: f64 = 14.0;
/// The card is no narrower, no higher and no lower.
const CARD_WIDTH: f64 = 200.0;
const CARD_HEIGHT: (f64, f64) = (64.0, 96.0);
/// Around the words on the bracket.
const AROUND_LABEL: f64 = 8.0;

/// The bracket over the time between both runs' ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// From the parallel run's end to the sequential run's.
    pub at: Stretch,
    /// Whether the sequential run's end is beyond the axis, so that the bracket has no end there.
    pub goes_on: bool,
    /// How far it has grown, from 0 to 1.
    pub shown: f64,
    /// "2.1 s saved".
    pub label: String,
    /// Where that stands: on the bracket, or beside it where that is too short.
    pub place: Rect,
}

/// As much of the report as its card has room for, in bytes.
const ROOM: usize = 400;

/// What the report's card says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportText {
    /// "Report ready at 2.3 s".
    pub headline: String,
    /// Its title, where it has one.
    pub title: String,
    /// What follows that.
    pub beginning: String,
    /// Whether the run is over and has its report.
    pub is_ready: bool,
    /// Whether the run is over and has none: an opened trace may hold times only.
    pub is_missing: bool,
}

impl ReportText {
    /// What there is of a run's report: the answer of the last agent that no other one needs.
    pub fn of(pipeline: &Pipeline, run: &Timeline) -> Option<Self> {
        // Just after a change of the pipeline, the run of the one before may still be there.
        let lanes = run.lanes().iter().enumerate().take(pipeline.agents().len());
        let (_, last) = lanes.rev().find(|(agent, _)| pipeline.is_final(*agent))?;
        let is_over = run.run().phase() == Phase::Done;
        let is_missing = is_over && (last.text.is_empty() || last.phase() != Phase::Done);
        let is_ready = is_over && !is_missing;
        let (title, beginning) = excerpt::title_and_beginning(&last.text, ROOM);
        let headline = match is_ready {
            true => words::race::report_ready(&seconds(run.makespan())),
            false => "Report".to_owned(),
        };
        Some(Self { headline, title, beginning, is_ready, is_missing })
    }
}

/// Where the report's card has room: right of the parallel run's end, beside its last agent. `None` where
/// there is too little, so that it has to stand below.
pub fn card(layout: &Layout, scale: TimeScale, end: Instant, beside: f64) -> Option<Rect> {
    let track = layout.parallel.filter(|_| !layout.is_narrow)?;
    let x = layout.x(scale.x(end).max(0.0)) + BEFORE_CARD;
    let width = layout.right - x;
    let height = (track.bottom - track.top).min(CARD_HEIGHT.1);
    if width < CARD_WIDTH || height < CARD_HEIGHT.0 {
        return None;
    }
    let y = (beside - height / 2.0).clamp(track.top, track.bottom - height);
    Some(Rect { x, y, width, height })
}

/// The bracket, where both runs have a result and the parallel one is shorter.
pub fn saved(
    layout: &Layout,
    scale: TimeScale,
    sequential: &Timeline,
    parallel: &Timeline,
    shown: f64,
) -> Option<Saved> {
    let is_done = |timeline: &Timeline| timeline.run().phase() == Phase::Done;
    if !is_done(sequential) || !is_done(parallel) {
        return None;
    }
    let saved = seconds_between(sequential.makespan(), parallel.makespan());
    let end = |timeline: &Timeline| Some(scale.x(timeline.run().end()?));
    let goes_on = end(sequential)? > 1.0;
    let [from, to] = [end(parallel)?, end(sequential)?].map(|x| x.clamp(0.0, 1.0));
    if saved == "0" || to <= from {
        return None;
    }
    let label = words::race::saved(&saved);
    let width = text_width(&label, if layout.is_narrow { 12.0 } else { 13.0 }, true);
    let (left, right) = (layout.x(from), layout.x(to));
    let room = width + 2.0 * AROUND_LABEL;
    let x = match right - left {
        on if on >= room + 16.0 => f64::midpoint(left, right) - width / 2.0,
        _ if left - room >= 0.0 => left - AROUND_LABEL - width,
        _ => right + AROUND_LABEL,
    };
    let place = Rect { x, y: layout.bracket - BAR / 2.0, width, height: BAR };
    Some(Saved { at: Stretch { x: from, width: to - from }, goes_on, shown, label, place })
}
