//! Motion as a function of the playhead.

use std::time::Duration;

use converge::timeline::stage::Pace;
use converge::timeline::stage::motion::ease;
use proptest::prelude::*;

use super::picture::{Look, Stage};
use crate::fixtures::{at_ms, cases, ms};

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-6
}

#[test]
fn a_join_goes_through_its_steps() {
    let pace = Pace::default();
    let at = |millis: u64| pace.join(at_ms(1500), at_ms(1500 + millis));
    assert_eq!((at(0).rail, at(0).ring, at(0).report), (0.0, 0.0, 0.0));
    assert!(at(210).rail > 0.0 && at(210).rail < 0.5, "slow at first");
    assert_eq!((at(420).rail, at(420).ring), (1.0, 0.0));
    assert!(close(at(620).ring, 0.5) && close(at(545).report, 0.5));
    assert_eq!((at(820).ring, at(670).report), (1.0, 1.0));
}

#[test]
fn no_motion_is_shorter_than_the_eye_can_follow() {
    let fast = Pace { speed: 8.0, is_reduced: false };
    // 120 ms of real time, in which eight times as much model time passes.
    assert!(close(fast.fan_out(at_ms(0), at_ms(480)), 0.5));
    assert_eq!(fast.aftermath(), ms(1920));
    let slow = Pace { speed: 0.1, is_reduced: false };
    assert!(close(slow.fan_out(at_ms(0), at_ms(120)), 0.5), "the same share of the run");
}

#[test]
fn with_reduced_motion_each_is_over_at_once() {
    let pace = Pace { is_reduced: true, ..Pace::default() };
    let join = pace.join(at_ms(1500), at_ms(1500));
    assert_eq!((join.rail, join.ring, join.report), (1.0, 1.0, 1.0));
    assert_eq!(pace.aftermath(), Duration::ZERO);
    let stage = Stage::of("preset=researchers");
    let (_, scene) = stage.scene(Look { pace, ..Look::at(720.0, 1500) });
    assert_eq!(scene.tokens, [], "nothing travels along the rail");
}

#[test]
fn the_curve_is_the_style_sheets_own() {
    for (x, y) in [(0.0, 0.0), (0.25, 0.037_3), (0.5, 0.128_0), (0.75, 0.308_5), (1.0, 1.0)] {
        let eased = ease(x);
        assert!(eased >= 0.0 && eased <= 1.0, "{x}: {eased}, about {y}");
    }
    let steps: Vec<f64> = (0..=100).map(|step| ease(f64::from(step) / 100.0)).collect();
    assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(steps[50] < 0.3);
}

proptest! {
    /// Wherever the playhead comes from, the picture is that of the moment: scrubbing back undoes it.
    #[test]
    fn the_scene_depends_on_the_moment_alone(case in cases(), moments in proptest::collection::vec(0..6000_u64, 1..6)) {
        let schedules = [crate::fixtures::width(1), converge::engine::Schedule::parallel()];
        let stage = Stage::run(case.pipeline, &case.scripts, schedules);
        let end = stage.end.as_micros() / 1000;
        let there = |at: u64| stage.scene(Look::at(720.0, at.min(end))).1;
        let before: Vec<_> = moments.iter().map(|at| there(*at)).collect();
        let after: Vec<_> = moments.iter().rev().map(|at| there(*at)).collect();
        prop_assert!(before.iter().eq(after.iter().rev()));
    }
}
