//! The article's figures, through the engine on the virtual clock, to the microsecond.

use std::time::Duration;

use converge::engine::Schedule;
use converge::pipeline::Pipeline;
use converge::presets::{PresetId, preset};
use converge::simulate::Script;
use converge::timeline::metrics::{self, critical_path, parallel_formula, sequential_formula};
use converge::timeline::sentences::{ScheduleRun, status};
use converge::timeline::text::text;

use crate::fixtures::{ms, pipeline, run, width};

/// What the page prints of a race.
struct Printed {
    /// Both makespans, in microseconds.
    makespans: (u64, u64),
    status: &'static str,
    formulas: (&'static str, &'static str),
}

fn check((pipeline, scripts): (Pipeline, Vec<Script>), printed: Printed) {
    let sequential = run(&pipeline, &scripts, Schedule::sequential());
    let parallel = run(&pipeline, &scripts, Schedule::parallel());
    let micros = |length: Duration| u64::try_from(length.as_micros()).unwrap();
    assert_eq!((micros(sequential.makespan()), micros(parallel.makespan())), printed.makespans);
    assert_eq!(
        sequential.result.unwrap().state,
        parallel.result.unwrap().state,
        "the same answer, only sooner"
    );

    let fold = |trace| {
        let end = converge::trace::Trace::end(trace);
        converge::timeline::Timeline::at(trace, pipeline.agents().len(), end)
    };
    let (slow, fast) = (fold(&sequential.trace), fold(&parallel.trace));
    let runs = [
        ScheduleRun { schedule: "sequential", timeline: &slow, injected: &[] },
        ScheduleRun { schedule: "parallel", timeline: &fast, injected: &[] },
    ];
    assert_eq!(status(&pipeline, &runs), printed.status);
    let durations = metrics::durations(&fast);
    assert_eq!(durations, metrics::durations(&slow));
    let formulas = (
        sequential_formula(slow.makespan(), &durations).unwrap(),
        parallel_formula(fast.makespan(), &pipeline, &durations).unwrap(),
    );
    assert_eq!((formulas.0.as_str(), formulas.1.as_str()), printed.formulas);
}

fn company() -> (Pipeline, Vec<Script>) {
    let preset = preset(PresetId::Company, 1);
    (preset.pipeline, preset.scripts)
}

#[test]
fn four_look_ups_and_a_synthesis() {
    check(
        company(),
        Printed {
            makespans: (5_100_000, 2_300_000),
            status: "Finished: sequential 5.1 s, parallel 2.3 s, 2.2 times faster",
            formulas: ("5.1 = 1.2 + 0.9 + 0.7 + 1.5 + 0.8", "2.3 = max(1.2, 0.9, 0.7, 1.5) + 0.8"),
        },
    );
}

#[test]
fn three_tasks_of_two_seconds_take_two_and_not_six() {
    check(
        pipeline(&[("a", &["topic"], 2000), ("b", &["topic"], 2000), ("c", &["topic"], 2000)]),
        Printed {
            makespans: (6_000_000, 2_000_000),
            status: "Finished: sequential 6.0 s, parallel 2.0 s, 3.0 times faster",
            formulas: ("6.0 = 2.0 + 2.0 + 2.0", "2.0 = max(2.0, 2.0, 2.0)"),
        },
    );
}

#[test]
fn a_straggler_of_ten_seconds_leaves_nothing_to_gain() {
    check(
        pipeline(&[("slow", &["topic"], 10_000), ("b", &["topic"], 100), ("c", &["topic"], 100)]),
        Printed {
            makespans: (10_200_000, 10_000_000),
            status: "Finished: sequential 10.2 s, parallel 10.0 s, no speedup",
            formulas: ("10.2 = 10.0 + 0.1 + 0.1", "10.0 = max(10.0, 0.1, 0.1)"),
        },
    );
}

#[test]
fn the_speedup_is_two_point_two() {
    let speedup = metrics::speedup(ms(5100), ms(2300)).unwrap();
    assert_eq!(format!("{speedup:.1}"), "2.2");
    assert_eq!(metrics::speedup(ms(5100), Duration::ZERO), None);
}

#[test]
fn the_slowest_look_up_decides_and_social_has_time_to_spare() {
    let (pipeline, scripts) = company();
    let latencies: Vec<Duration> = scripts.iter().map(|script| script.latency).collect();
    let path = critical_path(&pipeline, &latencies);
    let names: Vec<&str> =
        path.agents.iter().map(|agent| pipeline.agents()[*agent].name.as_str()).collect();
    assert_eq!(names, ["internal", "synthesis"]);
    assert_eq!(path.length, ms(2300));
    // In the order of the list: social could be 0.8 s slower for free.
    assert_eq!(path.slack, [ms(300), ms(600), ms(800), ms(0), ms(0)]);
}

fn check_picture(schedule: Schedule, expected: &str) {
    let (pipeline, scripts) = company();
    let timeline = run(&pipeline, &scripts, schedule).timeline(&pipeline);
    let picture = text(&pipeline, &timeline, ms(100));
    assert_eq!(picture, expected.trim_start_matches('\n'), "\n{picture}");
}

#[test]
fn one_after_the_other() {
    check_picture(
        Schedule::sequential(),
        "
news      ############
stock     ............#########
social    .....................#######
internal  ............................###############
synthesis                                            ########
          5.1 s
",
    );
}

#[test]
fn all_at_once() {
    check_picture(
        Schedule::parallel(),
        "
news      ############
stock     #########
social    #######
internal  ###############
synthesis                ########
          2.3 s
",
    );
}

#[test]
fn two_at_a_time() {
    check_picture(
        width(2),
        "
news      ############
stock     #########
social    .........#######
internal  ............###############
synthesis                            ########
          3.5 s
",
    );
}
