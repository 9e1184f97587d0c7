//! What the runs of a plan come to.

use converge::config::Settings;
use converge::plan::{Frame, Kind, Plan};
use converge::time::seconds;
use converge::timeline::{Timeline, sentences};

fn plan() -> Plan {
    Plan::of(&Settings::default(), None).0
}

/// The runs before their beginning.
fn not_begun(plan: &Plan) -> Frame {
    let timelines = vec![Timeline::new(plan.agents()); plan.lineup.len()];
    Frame { timelines, ..Frame::default() }
}

/// The runs at their end, if they go as expected.
fn over(plan: &Plan) -> Frame {
    let expected = plan.lineup.iter().filter_map(|planned| planned.expected.as_deref().cloned());
    Frame { timelines: expected.collect(), ..Frame::default() }
}

#[test]
fn before_the_runs_every_figure_is_expected() {
    let plan = plan();
    let nothing = not_begun(&plan);
    assert_eq!(plan.makespans(&nothing), None);
    assert_eq!(plan.parallel_makespan(&nothing), None);
    let expected = plan.expected_makespans(&nothing).unwrap();
    assert!(expected.sequential > expected.parallel);
    assert!(expected.speedup().unwrap() > 1.0);
    assert_eq!(plan.longest_guess(), Some(expected.sequential));
    let sums = plan.sums(&nothing);
    assert_eq!(
        sums.iter().map(|sum| sum.kind).collect::<Vec<_>>(),
        [Kind::Sequential, Kind::Parallel]
    );
    assert!(sums.iter().all(|sum| sum.is_expected));
}

#[test]
fn after_the_runs_every_figure_is_theirs() {
    let plan = plan();
    let whole = over(&plan);
    let both = plan.makespans(&whole).unwrap();
    assert_eq!(plan.expected_makespans(&whole), None);
    assert_eq!(plan.parallel_makespan(&whole), Some(both.parallel));
    assert!(plan.sums(&whole).iter().all(|sum| !sum.is_expected));
    let advice = plan.advice(&whole, plan.shown()).unwrap();
    assert_eq!(advice.makespan, both.parallel);
    let on_path = &advice.path.as_ref().unwrap().agents;
    let critical = (0..plan.agents()).filter(|agent| advice.insight(*agent).is_critical);
    assert!(critical.eq(on_path.iter().copied()));
}

/// A sequential run that takes too long to be watched is not run: the prediction stands in its place once
/// the parallel run has ended, and says that it is one.
#[test]
fn a_long_sequential_run_is_predicted() {
    let (settings, _) = Settings::read("", "preset=fanout&n=100");
    let plan = Plan::of(&settings, None).0;
    assert!(plan.predicts(Kind::Sequential) && !plan.predicts(Kind::Parallel));
    let mut frame = not_begun(&plan);
    assert_eq!(plan.makespans(&frame), None);
    let parallel = plan.place(Kind::Parallel).unwrap();
    frame.timelines[parallel] = plan.lineup[parallel].expected.as_deref().unwrap().clone();
    let both = plan.makespans(&frame).unwrap();
    let status = sentences::status(plan.pipeline(), &frame.runs(&plan));
    let (sequential, parallel) = (seconds(both.sequential), seconds(both.parallel));
    let expected =
        format!("Finished: sequential {sequential} s (predicted), parallel {parallel} s, ");
    assert!(status.starts_with(&expected), "{status}");
    // Alone, it is what was asked for.
    for address in [
        "preset=fanout&n=100&schedule=sequential",
        "preset=company&latency=*:300",
        "preset=fanout&n=100&provider=openai",
    ] {
        let (settings, _) = Settings::read("", address);
        assert!(!Plan::of(&settings, None).0.predicts(Kind::Sequential), "{address}");
    }
}
