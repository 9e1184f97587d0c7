//! The diagram: boxes that fit and do not cover each other, edges that meet them.

use std::collections::BTreeSet;

use converge::engine::{OnFailure, Schedule};
use converge::pipeline::Pipeline;
use converge::presets::{PresetId, preset};
use converge::timeline::flow::{Diagram, Edge, What, under_way, written};
use converge::timeline::{Phase, Timeline};
use proptest::prelude::*;

use crate::fixtures::{at_ms, cases, faulty_cases, ms, pipeline, run};

/// Everything that must hold of any diagram of any pipeline.
fn check(pipeline: &Pipeline, width: f64) {
    let diagram = Diagram::new(pipeline, width);
    let (wide, high) = diagram.node;
    let about = format!("{} agents in {width} px: {diagram:?}", pipeline.agents().len());
    assert!(wide >= 40.0 && high >= 24.0, "boxes are large enough to touch: {about}");

    for node in &diagram.nodes {
        let right = node.x + wide;
        assert!(node.x >= -0.01 && right <= width + 0.01, "{node:?} sticks out of {about}");
        let bottom = node.y + high;
        assert!(
            node.y >= -0.01 && bottom <= diagram.height + 0.01,
            "{node:?} sticks out of {about}"
        );
    }
    for (index, a) in diagram.nodes.iter().enumerate() {
        for b in &diagram.nodes[index + 1..] {
            let apart = (a.x - b.x).abs() >= wide - 0.01 || (a.y - b.y).abs() >= high - 0.01;
            assert!(apart, "{a:?} covers {b:?} in {about}");
        }
    }

    // Every agent is in one box, the input comes first and the report last.
    let mut shown: Vec<usize> =
        diagram.nodes.iter().flat_map(|node| node.what.agents().to_vec()).collect();
    shown.sort_unstable();
    assert_eq!(shown, (0..pipeline.agents().len()).collect::<Vec<_>>());
    assert_eq!(diagram.nodes[0].what, What::Input);
    assert_eq!(diagram.nodes.last().unwrap().what, What::Report);

    let home = |agent: usize| {
        diagram.nodes.iter().position(|node| node.what.agents().contains(&agent)).unwrap()
    };
    let ways: BTreeSet<(usize, usize)> = diagram.edges.iter().map(|e| (e.from, e.to)).collect();
    assert_eq!(ways.len(), diagram.edges.len(), "no way twice");
    for edge in &diagram.edges {
        assert!(edge.from < edge.to, "data goes forward");
        check_ends(&diagram, edge);
    }
    for agent in 0..pipeline.agents().len() {
        for need in pipeline.needs(agent) {
            assert!(ways.contains(&(home(*need), home(agent))), "a{need} to a{agent}");
        }
        if pipeline.level(agent) == 0 {
            assert!(ways.contains(&(0, home(agent))));
        }
        let last = diagram.nodes.len() - 1;
        if pipeline.is_final(agent) {
            assert!(ways.contains(&(home(agent), last)));
        }
    }
}

/// A way begins at the edge of its one box and ends at the edge of its other one.
fn check_ends(diagram: &Diagram, edge: &Edge) {
    let on_border = |node: usize, (x, y): (f64, f64)| {
        let (left, top) = (diagram.nodes[node].x, diagram.nodes[node].y);
        let (right, bottom) = (left + diagram.node.0, top + diagram.node.1);
        let near = |a: f64, b: f64| (a - b).abs() < 0.01;
        let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        (near(y, middle.1) && (near(x, left) || near(x, right)))
            || (near(x, middle.0) && (near(y, top) || near(y, bottom)))
    };
    assert!(on_border(edge.from, edge.curve[0]), "{edge:?}");
    let last = *edge.curve.last().unwrap();
    assert!(on_border(edge.to, last), "{edge:?}");
    let (start, end) = (edge.point(0.0), edge.point(1.0));
    assert_eq!((start, end), (edge.curve[0], last));
    // And it goes through no box on its way.
    for step in 1..100 {
        let (x, y) = edge.point(f64::from(step) / 100.0);
        for node in &diagram.nodes {
            let inside = x > node.x + 0.1
                && x < node.x + diagram.node.0 - 0.1
                && y > node.y + 0.1
                && y < node.y + diagram.node.1 - 0.1;
            assert!(!inside, "{edge:?} goes through {node:?}");
        }
    }
}

#[test]
fn every_preset_fits_every_page() {
    let count = [1, 2, 7, 8, 9, 100];
    let presets = PresetId::ALL.into_iter().flat_map(|id| {
        let counts = if id == PresetId::Fanout { &count[..] } else { &count[..1] };
        counts.iter().map(move |n| preset(id, *n))
    });
    for preset in presets {
        for width in (280..=1400).step_by(7) {
            check(&preset.pipeline, f64::from(width));
        }
    }
}

/// A long chain has no room to go along the page.
#[test]
fn a_long_chain_fits_too() {
    let names: Vec<String> = (0..30).map(|index| format!("a{index}")).collect();
    let agents: Vec<(&str, Vec<&str>)> = (0..30)
        .map(|index| {
            (names[index].as_str(), names[..index].last().map(|n| n.as_str()).into_iter().collect())
        })
        .collect();
    let agents: Vec<(&str, &[&str], u64)> =
        agents.iter().map(|(name, reads)| (*name, reads.as_slice(), 1)).collect();
    let (chain, _) = pipeline(&agents);
    for width in [280, 560, 800, 1400] {
        check(&chain, f64::from(width));
    }
}

/// More than eight of a level: the rest are one box.
#[test]
fn many_branches_are_summed_up() {
    let preset = preset(PresetId::Fanout, 100);
    let diagram = Diagram::new(&preset.pipeline, 1000.0);
    let rest: Vec<usize> = (7..100).collect();
    assert_eq!(diagram.nodes[8].what, What::More(rest));
    assert_eq!(diagram.nodes.len(), 1 + 8 + 1 + 1);
}

proptest! {
    #[test]
    fn every_pipeline_fits_every_page(case in cases(), width in 280.0..1400.0_f64) {
        check(&case.pipeline, width);
    }

    /// What flows along an edge was written when its source was done, not before; and once it is
    /// written, that moment does not change.
    #[test]
    fn a_way_is_taken_when_its_source_is_done(case in faulty_cases(), parts in proptest::collection::vec(0.0..=1.0_f64, 1..5)) {
        let schedule = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
        let trace = run(&case.pipeline, &case.scripts, schedule).trace;
        let diagram = Diagram::new(&case.pipeline, 800.0);
        let end = Timeline::at(&trace, case.len(), trace.end());
        for part in parts {
            let cursor = at_ms((trace.end().as_micros() as f64 / 1000.0 * part) as u64);
            let timeline = Timeline::at(&trace, case.len(), cursor);
            for edge in &diagram.edges {
                let agents = diagram.nodes[edge.from].what.agents();
                let done = agents.iter().all(|a| timeline.lanes()[*a].phase() == Phase::Done);
                let last = agents.iter().filter_map(|a| timeline.lanes()[*a].end()).max();
                let expected = done.then_some(last.unwrap_or_default());
                let now = written(&diagram, edge, &timeline);
                prop_assert_eq!(now, expected);
                prop_assert!(now.is_none() || now == written(&diagram, edge, &end));
            }
        }
    }
}

/// Many in one box: their way is taken when the last of them is done.
#[test]
fn a_box_of_many_is_done_with_its_last() {
    let mut preset = preset(PresetId::Fanout, 20);
    preset.scripts[12].latency = ms(900);
    let trace = run(&preset.pipeline, &preset.scripts, Schedule::parallel()).trace;
    let diagram = Diagram::new(&preset.pipeline, 1000.0);
    let many = |edge: &&Edge| matches!(diagram.nodes[edge.from].what, What::More(_));
    let edge = diagram.edges.iter().find(many).unwrap();
    let at = |cursor| written(&diagram, edge, &Timeline::at(&trace, 21, at_ms(cursor)));
    assert_eq!(
        [at(500), at(899), at(900), at(1700)],
        [None, None, Some(at_ms(900)), Some(at_ms(900))]
    );
}

#[test]
fn a_text_is_under_way_for_a_moment() {
    let seen =
        [999, 1000, 1160, 1319, 1320, 9000].map(|cursor| under_way(at_ms(1000), at_ms(cursor)));
    assert_eq!((seen[0], seen[1], seen[2]), (None, Some(0.0), Some(0.5)));
    assert!(seen[3].is_some_and(|progress| progress > 0.99));
    assert_eq!((seen[4], seen[5]), (None, None));
}

#[test]
fn a_curve_is_svg_path_data() {
    let mut curve = vec![(0.0, 10.0), (5.0, 10.0), (5.0, 20.0), (10.0, 20.0)];
    let edge = Edge { from: 0, to: 1, curve: curve.clone() };
    assert_eq!(edge.path(), "M0.0 10.0C5.0 10.0 5.0 20.0 10.0 20.0");
    assert_eq!(edge.point(0.5), (5.0, 15.0));
    // Past another level it has more than one piece.
    curve.extend([(15.0, 20.0), (15.0, 0.0), (20.0, 0.0)]);
    let edge = Edge { from: 0, to: 1, curve };
    assert_eq!(edge.path(), "M0.0 10.0C5.0 10.0 5.0 20.0 10.0 20.0C15.0 20.0 15.0 0.0 20.0 0.0");
    let points = [0.0, 0.5, 0.75, 1.0].map(|t| edge.point(t));
    assert_eq!(points, [(0.0, 10.0), (10.0, 20.0), (15.0, 10.0), (20.0, 0.0)]);
}
