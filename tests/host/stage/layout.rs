//! Rows and places, by coordinates.

use converge::timeline::stage::{Layout, Tracks};
use proptest::prelude::*;

use super::picture::{Look, Stage};
use crate::fixtures::{cases, pipeline};

const BOTH: Tracks = Tracks { sequential: true, parallel: true };

/// The agents' rows, counted from the first.
fn rows(agents: &[(&str, &[&str], u64)]) -> Vec<f64> {
    let (pipeline, _) = pipeline(agents);
    let layout = Layout::new(&pipeline, BOTH, 1000.0);
    layout.bars.iter().map(|y| (y - layout.bars[0]) / layout.lane).collect()
}

#[test]
fn a_join_stands_in_the_middle_of_its_branches() {
    let topic: &[&str] = &["topic"];
    assert_eq!(
        rows(&[("a", topic, 1), ("b", topic, 1), ("c", topic, 1), ("d", &["a", "b", "c"], 1)]),
        [0.0, 1.0, 2.0, 1.0]
    );
    assert_eq!(rows(&[("a", topic, 1), ("b", topic, 1), ("c", &["a", "b"], 1)]), [0.0, 1.0, 0.5]);
}

#[test]
fn what_can_run_at_once_shares_no_row() {
    let topic: &[&str] = &["topic"];
    // A diamond.
    assert_eq!(
        rows(&[("a", topic, 1), ("b", &["a"], 1), ("c", &["a"], 1), ("d", &["b", "c"], 1)]),
        [0.0, 0.0, 1.0, 0.5]
    );
    // An answer that waits for a join keeps its row.
    assert_eq!(rows(&[("a", topic, 1), ("b", &["a"], 1), ("c", &["a", "b"], 1)]), [0.0, 1.0, 0.5]);
    // Two joins over the same branches.
    let two =
        rows(&[("a", topic, 1), ("b", topic, 1), ("c", &["a", "b"], 1), ("d", &["a", "b"], 1)]);
    assert_eq!(two, [0.0, 1.0, 0.5, 2.0]);
    // A chain goes on in its row.
    assert_eq!(rows(&[("a", topic, 1), ("b", &["a"], 1), ("c", &["b"], 1)]), [0.0; 3]);
}

proptest! {
    #[test]
    fn rows_are_free_and_on_the_stage(case in cases(), width in 300.0..1400.0_f64) {
        let layout = Layout::new(&case.pipeline, BOTH, width);
        let track = layout.parallel.unwrap();
        for (agent, y) in layout.bars.iter().enumerate() {
            prop_assert!(*y - 9.0 >= track.top && *y + 9.0 <= track.bottom);
            for other in 0..agent {
                let apart = (y - layout.bars[other]).abs();
                let follows = |one: usize, other: usize| needs(&case.pipeline, one, other);
                prop_assert!(apart >= layout.lane - 0.1 || follows(agent, other) || follows(other, agent));
            }
        }
    }
}

fn needs(pipeline: &converge::pipeline::Pipeline, agent: usize, other: usize) -> bool {
    pipeline.needs(agent).iter().any(|need| *need == other || needs(pipeline, *need, other))
}

#[test]
fn the_stage_is_no_higher_than_an_embed_allows() {
    for (address, width, most) in [
        ("preset=researchers", 686.0, 270.0),
        ("preset=company", 686.0, 300.0),
        ("preset=researchers", 286.0, 260.0),
        ("preset=company", 286.0, 300.0),
    ] {
        let layout = Stage::of(address).layout(Look::at(width, None));
        assert!(layout.height <= most, "{address} at {width}: {}", layout.height);
    }
}

#[test]
fn the_fan_out_lies_left_of_the_axis() {
    for width in [286.0, 1086.0] {
        let layout = Stage::of("preset=company").layout(Look::at(width, None));
        assert_eq!(layout.fan_out.len(), 4);
        let topic = layout.topic.unwrap();
        for curve in &layout.fan_out {
            assert_eq!((curve.from.x, curve.to.x), (topic.right(), layout.left));
            assert_eq!(curve.to.y, layout.bars[curve.agent]);
        }
    }
    let narrow = Stage::of("preset=company").layout(Look::at(286.0, None));
    let wide = Stage::of("preset=company").layout(Look::at(1086.0, None));
    assert_eq!((narrow.left, wide.left), (44.0, 120.0));
    assert_eq!((narrow.lane, wide.lane), (38.0, 40.0));
}

#[test]
fn a_crowd_is_a_block_a_funnel_and_a_join() {
    let stage = Stage::of("preset=fanout&n=100");
    let (layout, scene) = stage.scene(Look::at(720.0, 2000));
    assert!(layout.is_crowd && layout.funnel.is_some() && layout.fan_out.is_empty());
    let [join] = &scene.joins[..] else { panic!("{:?}", scene.joins) };
    assert_eq!(join.agent, 100);
    assert_eq!(scene.lanes.len(), 1, "the synthesis has a bar of its own");
    let track = layout.parallel.unwrap();
    assert_eq!(join.rail, (track.top, track.bottom));
}

/// A sequential run that takes too long to be watched is cut, so that the parallel one can be seen.
#[test]
fn a_predicted_run_leaves_most_of_the_axis_to_the_parallel_one() {
    for (address, is_cut) in [("preset=fanout&n=300", true), ("preset=researchers", false)] {
        let stage = Stage::of(address);
        let [sequential, parallel] =
            [&stage.sequential, &stage.parallel].map(|trace| trace.end().as_secs());
        let axis = stage.end.as_secs();
        assert_eq!(sequential > axis, is_cut, "{address}");
        // The time saved then has no end on the axis either.
        let saved = stage.scene(Look::at(1000.0, 600_000)).1.saved.unwrap();
        assert_eq!((saved.goes_on, saved.at.x + saved.at.width >= 1.0), (is_cut, is_cut));
        if is_cut {
            assert!(parallel / axis >= 0.6 && parallel < axis, "{address}: {parallel} of {axis}");
        }
    }
}
