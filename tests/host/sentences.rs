//! Sentences about runs.

use converge::engine::{OnFailure, Schedule};
use converge::model::{FinishReason, ModelError};
use converge::pipeline::Pipeline;
use converge::presets::{Preset, PresetId, preset};
use converge::simulate::Fault;
use converge::timeline::Timeline;
use converge::timeline::sentences::{ScheduleRun, fate, first_failure, status, times};
use converge::trace::{Outcome, Trace};

use crate::fixtures::{at_ms, ms, run, run_while};

fn company() -> Preset {
    preset(PresetId::Company, 1)
}

fn timeline(pipeline: &Pipeline, trace: &Trace, millis: u64) -> Timeline {
    Timeline::at(trace, pipeline.agents().len(), at_ms(millis))
}

/// The status line of a run of the company at some moment.
fn check(preset: &Preset, schedule: Schedule, millis: u64, expected: &str) {
    let trace = run(&preset.pipeline, &preset.scripts, schedule).trace;
    let timeline = timeline(&preset.pipeline, &trace, millis);
    let runs = [ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] }];
    assert_eq!(status(&preset.pipeline, &runs), expected);
}

#[test]
fn progress_and_end() {
    let (preset, parallel) = (company(), Schedule::parallel());
    check(&preset, parallel, 0, "Running: 0 of 4 branches done");
    check(&preset, parallel, 1000, "Running: 2 of 4 branches done");
    check(&preset, parallel, 1500, "Running: 4 of 4 branches done, waiting for Synthesis");
    check(&preset, parallel, 2300, "Finished: parallel 2.3 s");
    check(
        &preset,
        Schedule::sequential(),
        5099,
        "Running: 4 of 4 branches done, waiting for Synthesis",
    );
}

#[test]
fn before_and_between_runs() {
    let Preset { pipeline, scripts, .. } = company();
    let none = Timeline::new(5);
    let over = run(&pipeline, &scripts, Schedule::parallel()).trace;
    let over = timeline(&pipeline, &over, 9000);
    let check = |slow: &Timeline, fast: &Timeline, expected: &str| {
        let runs = [
            ScheduleRun { schedule: "sequential", timeline: slow, injected: &[] },
            ScheduleRun { schedule: "parallel", timeline: fast, injected: &[] },
        ];
        assert_eq!(status(&pipeline, &runs), expected);
    };
    check(&none, &none, "Press Run. Both runs start together.");
    // A live race runs one after the other: here the second one has not begun.
    check(&none, &over, "Running");
    assert_eq!(status(&pipeline, &[]), "Press Run.");
    // Of two under way, the last one is told: in a race, the parallel run until it is over.
    let slow = run(&pipeline, &scripts, Schedule::sequential()).trace;
    let fast = run(&pipeline, &scripts, Schedule::parallel()).trace;
    for (millis, expected) in [(1000, 2), (2300, 2), (2900, 3)] {
        let (slow, fast) = (timeline(&pipeline, &slow, millis), timeline(&pipeline, &fast, millis));
        check(&slow, &fast, &format!("Running: {expected} of 4 branches done"));
    }
}

/// After every single event, the line is a whole sentence.
#[test]
fn the_status_is_never_left_hanging() {
    let Preset { pipeline, scripts, .. } = company();
    let trace = run(&pipeline, &scripts, Schedule::parallel()).trace;
    let mut growing = Trace::new();
    for event in trace.events() {
        growing.push(event.clone());
        let timeline = Timeline::at(&growing, 5, growing.end());
        let runs = [ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] }];
        let status = status(&pipeline, &runs);
        assert!(!status.contains("  ") && !status.contains(", at work"), "{status}");
        assert_eq!(status.trim(), status);
    }
}

fn stock_fails() -> Preset {
    let mut preset = company();
    preset.scripts[1].fault = Some(Fault::Status { status: 500, after: Some(ms(400)) }.into());
    preset
}

/// A live race whose first run has failed ends there: nothing is under way any more.
#[test]
fn a_race_that_fails_does_not_go_on() {
    let Preset { pipeline, scripts, .. } = stock_fails();
    let trace = run(&pipeline, &scripts, Schedule::parallel()).trace;
    let (none, failed) = (Timeline::new(5), timeline(&pipeline, &trace, 9000));
    let runs = [
        ScheduleRun { schedule: "sequential", timeline: &none, injected: &[] },
        ScheduleRun { schedule: "parallel", timeline: &failed, injected: &[] },
    ];
    assert_eq!(status(&pipeline, &runs), format!("Failed after 0.4 s: {STOCK_FAILED}"));
}

const STOCK_FAILED: &str = "Stock failed: the server answered with error 500: simulated fault. \
     The server has a problem: run again in a moment.";

#[test]
fn a_failure_names_the_agent_and_the_likely_cause() {
    let expected = format!("Failed after 0.4 s: {STOCK_FAILED}");
    check(&stock_fails(), Schedule::parallel(), 9000, &expected);
}

#[test]
fn a_gap_in_the_answer_is_told() {
    let collect = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let expected =
        format!("Finished: parallel 2.3 s. The report is missing an answer. {STOCK_FAILED}");
    check(&stock_fails(), collect, 9000, &expected);
}

#[test]
fn a_run_that_was_stopped() {
    let Preset { pipeline, scripts, .. } = company();
    let trace =
        run_while(&pipeline, &scripts, Schedule::sequential(), |at| at <= at_ms(1000)).trace;
    let timeline = timeline(&pipeline, &trace, 9000);
    let runs = [ScheduleRun { schedule: "sequential", timeline: &timeline, injected: &[] }];
    assert_eq!(status(&pipeline, &runs), "Stopped");
    let fates: Vec<_> = (0..5).map(|a| fate(&pipeline, a, &timeline.lanes()[a], false)).collect();
    assert_eq!(fates[0].as_deref(), Some("News was canceled before it finished."));
    assert_eq!(fates[4].as_deref(), Some("Synthesis was canceled before it started."));
    assert_eq!(first_failure(&pipeline, &timeline, &[]), None);
}

#[test]
fn times_of_an_agent() {
    let Preset { pipeline, scripts, .. } = company();
    let trace = run_while(&pipeline, &scripts, Schedule::sequential(), |_| true).trace;
    let check = |cursor, expected: [&str; 2]| {
        let timeline = timeline(&pipeline, &trace, cursor);
        assert_eq!([1, 4].map(|agent| times(&timeline.lanes()[agent])), expected);
    };
    check(0, ["waiting for a slot since 0.00 s", "not started yet"]);
    check(1300, ["since 1.20 s, waited 1.20 s for a slot", "not started yet"]);
    check(
        9000,
        [
            "1.20 s to 2.10 s, first token at 1.47 s, waited 1.20 s for a slot",
            "4.30 s to 5.10 s, first token at 4.54 s",
        ],
    );
}

#[test]
fn fates() {
    let Preset { pipeline, .. } = company();
    let lane = |outcome, finish| converge::timeline::Lane {
        ended: Some((at_ms(1), outcome)),
        finish,
        ..Default::default()
    };
    let check = |agent, lane, expected: Option<&str>| {
        assert_eq!(fate(&pipeline, agent, &lane, false).as_deref(), expected);
    };
    check(0, lane(Outcome::Done, Some(FinishReason::Stop)), None);
    check(
        0,
        lane(Outcome::Done, Some(FinishReason::Length)),
        Some("News reached the limit on output tokens: the answer is incomplete."),
    );
    check(
        0,
        lane(Outcome::Done, Some(FinishReason::Filtered)),
        Some("A content filter ended the answer of News."),
    );
    check(
        0,
        lane(Outcome::Done, Some(FinishReason::Refused)),
        Some("The model declined to answer News. Rephrase the prompt."),
    );
    check(
        0,
        lane(Outcome::Done, Some(FinishReason::ToolCall)),
        Some(
            "News ended with a call to a tool that this page does not have. The answer is incomplete.",
        ),
    );
    check(
        4,
        lane(Outcome::Skipped { needs: vec![0, 3] }, None),
        Some("Synthesis was skipped: it needs News and Internal."),
    );
    let origin = "http://127.0.0.1:1".into();
    check(
        2,
        lane(Outcome::Failed(ModelError::Unreachable { origin }), None),
        Some(
            "Social failed: could not reach http://127.0.0.1:1. Either nothing answers there, or \
             the server does not allow calls from web pages (CORS): check the base URL and that \
             the server is running.",
        ),
    );
}

/// Of several failures, the first in time.
#[test]
fn the_first_failure_is_the_one_that_is_told() {
    let mut preset = stock_fails();
    preset.scripts[0].fault = Some(Fault::Cut { after: Some(ms(900)) }.into());
    let collect = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let trace = run(&preset.pipeline, &preset.scripts, collect).trace;
    let timeline = timeline(&preset.pipeline, &trace, 9000);
    assert_eq!(first_failure(&preset.pipeline, &timeline, &[]).as_deref(), Some(STOCK_FAILED));
}
