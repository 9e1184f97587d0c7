//! No label meets another label, a bar, a handle or a rail.

use converge::config::Settings;
use converge::engine::Schedule;
use converge::plan::Plan;
use converge::presets::PresetId;
use converge::timeline::stage::{JoinState, Layout, Rect, Scene};
use proptest::prelude::*;

use super::picture::{Look, Stage};
use crate::fixtures::{cases, width};

/// What labels have to keep clear of, and what it is.
fn obstacles(layout: &Layout, scene: &Scene) -> Vec<(String, Rect)> {
    let mut found = Vec::new();
    for lane in &scene.lanes {
        let rect = |at: converge::timeline::gantt::Stretch, height: f64| Rect {
            x: layout.x(at.x),
            y: lane.y - height / 2.0,
            width: layout.length(at.width),
            height,
        };
        let run = lane.bar.as_ref().and_then(|bar| bar.run);
        found.extend(run.map(|at| (format!("bar {}", lane.agent), rect(at, 18.0))));
        found.extend(lane.expected.map(|at| (format!("outline {}", lane.agent), rect(at, 18.0))));
        found.extend(lane.wait.map(|at| (format!("wait {}", lane.agent), rect(at, 4.0))));
        if let Some(handle) = lane.handle {
            let (x, y) = (layout.x(handle) - 12.0, lane.y - 12.0);
            found
                .push((format!("handle {}", lane.agent), Rect { x, y, width: 24.0, height: 24.0 }));
        }
    }
    for join in &scene.joins {
        let x = layout.x(join.x);
        if join.state != JoinState::Ahead {
            let mut top = join.rail.0;
            for (from, to) in join.gaps.iter().chain([&(join.rail.1, join.rail.1)]) {
                let rail = Rect { x: x - 2.0, y: top, width: 4.0, height: (from - top).max(0.0) };
                found.push((format!("rail {}", join.agent), rail));
                top = *to;
            }
        }
        let ring = Rect { x: x - 8.0, y: join.y - 8.0, width: 16.0, height: 16.0 };
        found.push((format!("ring {}", join.agent), ring));
    }
    found.extend(scene.card.map(|(card, _)| ("report".into(), card)));
    found
}

fn check(stage: &Stage, look: Look) -> Result<(), String> {
    let (layout, scene) = stage.scene(look);
    let labels: Vec<_> = scene.labels.iter().chain(&scene.segment_labels).collect();
    for (at, label) in labels.iter().enumerate() {
        for other in &labels[..at] {
            if label.place.meets(&other.place) {
                return Err(format!("{label:?} meets {other:?}\n{}", stage.picture(look)));
            }
        }
        for (what, obstacle) in obstacles(&layout, &scene) {
            if label.place.meets(&obstacle) {
                return Err(format!(
                    "{label:?} meets {what}: {obstacle:?}\n{}",
                    stage.picture(look)
                ));
            }
        }
        if label.place.right() > layout.width + 0.1 {
            return Err(format!("{label:?} leaves the stage"));
        }
    }
    Ok(())
}

const WIDTHS: [f64; 4] = [286.0, 310.0, 702.0, 1118.0];

#[test]
fn labels_meet_nothing() {
    for id in PresetId::ALL {
        let stage = Stage::of(&format!("preset={}&n=6", id.id()));
        let end = stage.parallel.end().as_micros() / 1000;
        let whole = stage.sequential.end().as_micros() / 1000;
        for width in WIDTHS {
            for cursor in [None, Some(end / 3), Some(2 * end / 3), Some(end), Some(whole + 2000)] {
                if let Err(meeting) = check(&stage, Look::at(width, cursor)) {
                    panic!("{} at {width}, {cursor:?}: {meeting}", id.id());
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_the_pipeline(case in cases(), width_px in 280.0..1300.0_f64, part in 0.0..1.3_f64) {
        let schedules = [width(1), Schedule::parallel()];
        let stage = Stage::run(case.pipeline, &case.scripts, schedules);
        let end = stage.parallel.end().as_micros() as f64 / 1000.0;
        let meeting = check(&stage, Look::at(width_px, (part * end) as u64));
        prop_assert!(meeting.is_ok(), "{}", meeting.unwrap_err());
    }
}

/// On a phone, the default's names are there in full at every moment.
#[test]
fn names_are_whole_on_a_phone() {
    let plan = Plan::of(&Settings::default(), None).0;
    let titles: Vec<&str> = plan.pipeline().agents().iter().map(|agent| agent.title()).collect();
    let stage = Stage::of("");
    for cursor in [500, 1300, 1700, 2400, 6000] {
        let (_, scene) = stage.scene(Look::at(286.0, cursor));
        let names: Vec<&str> = scene.labels.iter().map(|label| label.name.as_str()).collect();
        assert_eq!(names, titles, "{cursor}\n{}", stage.picture(Look::at(286.0, cursor)));
    }
}

/// A run that is later than expected keeps its labels and its report clear of what has moved.
#[test]
fn a_late_run_moves_its_labels_and_its_report() {
    let late = Stage::of("preset=researchers&latency=EVResearcher:1.58");
    let mut stage = Stage::of("preset=researchers");
    (stage.sequential, stage.parallel) = (late.sequential, late.parallel);
    for cursor in [1400, 1550, 1700, 2360, 2500, 7000] {
        for width in WIDTHS {
            check(&stage, Look::at(width, cursor)).unwrap();
        }
    }
    let (layout, scene) = stage.scene(Look::at(1118.0, 2500));
    let (card, _) = scene.card.unwrap();
    let bar = scene.lanes[3].bar.as_ref().unwrap().run.unwrap();
    assert!(card.x > layout.x(bar.x + bar.width) + 10.0);
    let synthesis = scene.labels.iter().find(|label| label.agent == 3).unwrap();
    assert_eq!(synthesis.length, "0.8 s");
}
