//! What a lane shows at the playhead.

use std::num::NonZeroU32;

use converge::engine::{Retry, Schedule};
use converge::simulate::Fault;
use converge::timeline::gantt::Stretch;
use converge::timeline::lane_view::{Insight, LaneSources, LaneView, Side};
use converge::timeline::scale::TimeScale;
use converge::timeline::{Phase, Timeline};

use crate::fixtures::{at_ms, ms, pipeline, run, width};

/// Three agents one after the other, of 1, 0.4 and 0.1 seconds, on an axis of 1.5 seconds. `until`
/// is how far the run has come, if it has begun.
fn lanes(until: Option<u64>, insight: Insight) -> [LaneView; 3] {
    let (plan, scripts) =
        pipeline(&[("a", &["topic"], 1000), ("b", &["a"], 400), ("c", &["b"], 100)]);
    let trace = run(&plan, &scripts, width(1)).trace;
    let at = |cursor| Timeline::at(&trace, 3, cursor);
    let (now, expected) =
        (until.map_or(Timeline::new(3), |until| at(at_ms(until))), at(trace.end()));
    let sources = LaneSources {
        run: Some(&now),
        expected: Some(&expected),
        earlier: None,
        insight,
        scale: TimeScale::up_to(ms(1500)),
    };
    [0, 1, 2].map(|agent| LaneView::of(agent, sources))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn before_a_run_it_shows_what_is_expected() {
    let [a, ..] = lanes(None, Insight::default());
    assert_eq!(a.phase(), Phase::Waiting);
    let expected = a.expected.unwrap();
    assert!(close(expected.x, 0.0) && close(expected.width, 2.0 / 3.0));
    assert_eq!(a.handle, Some(expected.width));
    assert_eq!((a.label.length.as_str(), a.label.side), ("1.0 s", Side::After));
    assert!(close(a.label.x, expected.width));
}

#[test]
fn during_a_run_it_shows_how_far_the_agent_has_come() {
    let [a, b, _] = lanes(Some(300), Insight::default());
    assert_eq!((a.phase(), b.phase()), (Phase::Running, Phase::Waiting));
    assert_eq!((a.label.length.as_str(), b.label.length.as_str()), ("0.3 s", ""));
    assert!(close(a.label.x, 0.2), "beside its own bar and not what is expected");
}

#[test]
fn it_is_the_same_while_nothing_changes() {
    let none = Insight::default();
    let ([a, b, c], [later_a, later_b, later_c]) =
        (lanes(Some(1100), none), lanes(Some(1200), none));
    assert_eq!(a, later_a, "an agent that is done");
    assert_eq!(c, later_c, "an agent that waits");
    assert_ne!(b, later_b, "an agent that runs");
}

#[test]
fn a_label_stands_where_there_is_room() {
    let side = |lane: &LaneView| lane.label.side;
    let [a, b, c] = lanes(None, Insight::default());
    assert_eq!([&a, &b, &c].map(side), [Side::After, Side::Before, Side::Before]);
    assert!(close(b.label.x, 14.0 / 15.0), "before the end of what is expected, if that is wide");
    assert!(close(c.label.x, 14.0 / 15.0), "before the beginning, if it is short");
    let [a, b, c] = lanes(Some(1500), Insight::default());
    assert_eq!([&a, &b, &c].map(side), [Side::After, Side::Inside, Side::Before]);
}

#[test]
fn slack_follows_the_bar() {
    let slack = Insight { is_critical: false, slack: Some(ms(300)) };
    let [a, ..] = lanes(Some(300), slack);
    let Stretch { x, width } = a.slack.unwrap();
    assert!(close(x, 0.2) && close(width, 0.2));
    assert_eq!(a.label.to_spare, "waits 0.3 s");
    let [a, ..] = lanes(None, slack);
    assert!(close(a.slack.unwrap().x, 2.0 / 3.0), "before the run, what is expected");
    let [a, ..] = lanes(None, Insight { is_critical: true, slack: None });
    assert!(a.is_critical && a.slack.is_none() && a.label.to_spare.is_empty());
}

#[test]
fn failed_tries_leave_a_label_little_room() {
    let (plan, mut scripts) = pipeline(&[("a", &["topic"], 1000)]);
    scripts[0].fault = Some(Fault::Status { status: 500, after: Some(ms(600)) }.into());
    let retry = Retry::up_to(NonZeroU32::new(2).unwrap());
    let trace = run(&plan, &scripts, Schedule { retry, ..Schedule::parallel() }).trace;
    let now = Timeline::at(&trace, 1, at_ms(650));
    let scale = TimeScale::up_to(ms(1000));
    let insight = Insight::default();
    let sources = LaneSources { run: Some(&now), expected: None, earlier: None, insight, scale };
    let lane = LaneView::of(0, sources);
    assert!(lane.is_tried());
    assert_eq!((lane.phase(), lane.label.side), (Phase::Retrying, Side::Tight));
    assert!(lane.label.standing.starts_with("attempt 2 of 2 in "), "{}", lane.label.standing);
}
