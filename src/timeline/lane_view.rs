//! All that a lane shows at the playhead: its bar, what lies around it, and what is written beside it.

use std::time::Duration;

use super::gantt::{self, Bar, Stretch};
use super::scale::TimeScale;
use super::{Phase, Timeline, sentences};
use crate::time::seconds;
use crate::words;

/// What a lane shows. Equal views look the same, so that a lane is drawn only when it has changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneView {
    /// What the agent has done up to the playhead.
    pub bar: Option<Bar>,
    /// What was expected of it.
    pub expected: Option<Stretch>,
    /// What it did in an earlier run that is compared with this one.
    pub earlier: Option<Stretch>,
    /// By how much it could be slower and the run take as long.
    pub slack: Option<Stretch>,
    /// Whether the run's length hangs on it.
    pub is_critical: bool,
    /// Where its last attempt is expected to end, as a fraction of the axis.
    pub handle: Option<f64>,
    /// What is written beside the bar.
    pub label: Label,
}

/// What is written beside a bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Label {
    /// Where, as a fraction of the axis.
    pub x: f64,
    /// On which side of that.
    pub side: Side,
    /// How long the run took or is expected to take.
    pub length: String,
    /// Which attempt it is at.
    pub standing: String,
    /// How much slower it could be.
    pub to_spare: String,
}

/// Where a label stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// After the end of the bar.
    #[default]
    After,
    /// After the end of the bar, with little room.
    Tight,
    /// In the bar, before its end.
    Inside,
    /// Before the end or the beginning of what is expected.
    Before,
}

impl Side {
    /// Its name in the style sheet.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::After => "",
            Self::Tight => "tight",
            Self::Inside => "inside",
            Self::Before => "before",
        }
    }
}

/// What is known of an agent from the critical path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Insight {
    /// Whether the run's length hangs on it.
    pub is_critical: bool,
    /// By how much it could be slower and the run take as long.
    pub slack: Option<Duration>,
}

/// What a lane is drawn from.
#[derive(Clone, Copy)]
pub struct LaneSources<'a> {
    /// The run up to the playhead.
    pub run: Option<&'a Timeline>,
    /// The whole run as it is expected.
    pub expected: Option<&'a Timeline>,
    /// What the agent did in an earlier run.
    pub earlier: Option<Stretch>,
    /// What is known of it from the critical path.
    pub insight: Insight,
    /// The axis.
    pub scale: TimeScale,
}

/// Past this fraction of the axis there is no room for a label after a bar.
const ROOM_ENDS: f64 = 0.84;
/// Past this one there is little.
const ROOM_IS_TIGHT: f64 = 0.5;
/// A bar of at least this fraction of the axis has room for a label in it.
const WIDE: f64 = 0.12;

impl LaneView {
    /// The lane of the agent at that place.
    pub fn of(agent: usize, sources: LaneSources<'_>) -> Self {
        let LaneSources { run, expected, earlier, insight, scale } = sources;
        let bar = run.and_then(|run| gantt::bar(run, agent, scale));
        let expected_bar = expected.and_then(|expected| gantt::bar(expected, agent, scale));
        let handle = expected_bar.as_ref().and_then(|bar| bar.now);
        let expected_stretch = expected_bar.and_then(|bar| bar.run);
        let own = bar.as_ref().and_then(|bar| bar.run);
        let slack = insight.slack.zip(own.or(expected_stretch)).and_then(|(slack, run)| {
            let width = scale.length(slack);
            (width > 0.0).then_some(Stretch { x: run.x + run.width, width })
        });
        let own = own.or_else(|| bar.as_ref()?.queue);
        let is_tried = bar.as_ref().is_some_and(|bar| !bar.failed.is_empty());
        let (x, side) = Side::beside(own, expected_stretch, is_tried);
        let begun = run.filter(|run| run.run().started.is_some()).or(expected);
        let length = begun.and_then(|run| {
            let lane = run.lanes().get(agent)?;
            lane.started.map(|_| words::seconds(&seconds(lane.duration(run.cursor()))))
        });
        let to_spare = insight.slack.map(|slack| words::race::to_spare(&seconds(slack)));
        Self {
            bar,
            expected: expected_stretch,
            earlier,
            slack,
            is_critical: insight.is_critical,
            handle: handle.map(|at| (at.x + at.width).min(1.0)),
            label: Label {
                x,
                side,
                length: length.unwrap_or_default(),
                standing: run.and_then(|run| standing(run, agent)).unwrap_or_default(),
                to_spare: to_spare.unwrap_or_default(),
            },
        }
    }

    /// What the agent is doing.
    pub fn phase(&self) -> Phase {
        self.bar.as_ref().map_or(Phase::Waiting, |bar| bar.phase)
    }

    /// Whether it has failed attempts.
    pub fn is_tried(&self) -> bool {
        self.bar.as_ref().is_some_and(|bar| !bar.failed.is_empty())
    }
}

impl Side {
    /// Beside the bar; where the axis ends soon, inside it, or before it if it is too short.
    fn beside(own: Option<Stretch>, expected: Option<Stretch>, is_tried: bool) -> (f64, Self) {
        let Some(at) = own.or(expected) else { return (0.0, Self::After) };
        match at.x + at.width {
            end if end > ROOM_IS_TIGHT && end <= ROOM_ENDS && is_tried => (end, Self::Tight),
            end if end <= ROOM_ENDS => (end, Self::After),
            end if at.width >= WIDE && own.is_some() => (end, Self::Inside),
            end if at.width >= WIDE => (end, Self::Before),
            _ => (at.x, Self::Before),
        }
    }
}

/// Which attempt the agent is at, and how long until it begins; or that it has its answer already.
fn standing(timeline: &Timeline, agent: usize) -> Option<String> {
    let lane = timeline.lanes().get(agent)?;
    match lane.phase() {
        Phase::Kept => Some("kept from before".into()),
        _ => sentences::attempt(lane, timeline.cursor()),
    }
}
