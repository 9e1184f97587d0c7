//! Traces as the stage shows them: what was measured, what is expected of the other schedule, and what
//! the page can simulate of it.

use std::rc::Rc;
use std::time::Duration;

use converge::config::Settings;
use converge::export::{About, TraceFile};
use converge::import::read;
use converge::plan::{Frame, Kind, Measured, Plan, blocking};
use converge::presets::{PresetId, preset};
use converge::time::Instant;
use converge::timeline::Timeline;
use converge::timeline::steps::{Moment, steps};
use futures::FutureExt;

use super::samples::*;
use crate::fixtures::{ms, run, width};

fn measured(text: &str) -> Measured {
    let import = read(text).unwrap();
    let page = Settings::default();
    let of = Measured::of(import, 7, "run.json".into(), &page, async || ());
    of.now_or_never().unwrap().unwrap()
}

/// Three calls at once, then one; or one after the other.
fn calls(overlap: bool) -> String {
    let start = |place: u64| if overlap { 0.0 } else { place as f64 * 1000.0 };
    let call = |place: u64, name: &'static str| {
        fact(place + 2, 1, name, What::Model(name), start(place), start(place) + 1000.0)
    };
    let last = if overlap { 1000.0 } else { 3000.0 };
    let facts = [
        fact(1, 0, "run", What::Chain, 0.0, last + 500.0),
        call(0, "news"),
        call(1, "stock"),
        call(2, "social"),
        fact(9, 1, "report", What::Model("report"), last, last + 500.0),
    ];
    otlp(&facts, Spelling::Camel).to_string()
}

fn lengths(measured: Measured) -> [(bool, Duration); 2] {
    let plan = Plan::of_measured(&Settings::default(), Rc::new(measured));
    let measured = plan.measured.as_ref().unwrap();
    let log = &measured.log;
    let mut frame = Frame::default();
    frame.forget(2, plan.agents());
    let place = plan.place(measured.kind).unwrap();
    frame.timelines[place] = Timeline::at(log, plan.agents(), log.end());
    [Kind::Sequential, Kind::Parallel].map(|kind| {
        let place = plan.place(kind).unwrap();
        let (timeline, is_expected) = plan.run_or_expected(&frame, place).unwrap();
        (is_expected, timeline.makespan())
    })
}

#[test]
fn a_run_that_overlapped_is_the_parallel_one_beside_what_one_after_another_would_take() {
    let run = measured(&calls(true));
    assert_eq!((run.kind, run.is_own), (Kind::Parallel, false));
    assert_eq!(run.summary, "OTLP, 5 spans, 4 agents");
    assert_eq!(run.verdict[0].text, "Yes, parallel: 3 at once.");
    assert_eq!(lengths(run), [(true, ms(3500)), (false, ms(1500))]);
}

#[test]
fn a_run_that_did_not_overlap_is_the_sequential_one_beside_what_overlapping_could_take() {
    let run = measured(&calls(false));
    assert_eq!(run.kind, Kind::Sequential);
    assert_eq!(run.verdict[0].text, "No, sequential: nothing overlapped.");
    // The sentence about the order that could go leads to the agents that it is about.
    let candidates = run.verdict.iter().find(|reason| !reason.agents.is_empty()).unwrap();
    assert!(candidates.agents.len() >= 3, "{candidates:?}");
    assert_eq!(candidates.from, Instant::ZERO);
    let [(sequential, took), (parallel, could)] = lengths(run);
    assert_eq!((sequential, took, parallel), (false, ms(3500), true));
    assert!(could < took, "{could:?}");
    // The pipeline that is shown has the candidates beside each other.
    let settings = measured(&calls(false)).simulated.unwrap();
    let (plan, _) = Plan::of(&settings, None);
    let expected = plan.lineup[plan.place(Kind::Parallel).unwrap()].expected.as_ref().unwrap();
    assert_eq!(expected.makespan(), could);
}

#[test]
fn a_measured_run_becomes_a_pipeline_that_takes_as_long() {
    let run = measured(&calls(true));
    let settings = run.simulated.unwrap();
    let (plan, notes) = Plan::of(&settings, None);
    assert_eq!((notes, plan.agents()), (Vec::new(), 4));
    let expected =
        |kind| plan.lineup[plan.place(kind).unwrap()].expected.as_ref().unwrap().makespan();
    assert_eq!((expected(Kind::Sequential), expected(Kind::Parallel)), (ms(3500), ms(1500)));
}

#[test]
fn many_calls_are_shown_and_not_simulated() {
    let call = |place: u64| {
        let at = (place / 2) as f64 * 100.0;
        fact(place + 1, 0, "call", What::Model("worker"), at, at + 90.0)
    };
    let facts: Vec<_> = (0..30).map(call).collect();
    let run = measured(&otlp(&facts, Spelling::Camel).to_string());
    assert_eq!(run.agents().len(), 30);
    assert!(run.simulated.is_err());
}

/// Settings change nothing of a measured run, until another pipeline is chosen.
#[test]
fn a_measured_run_is_no_prediction() {
    let measured = Rc::new(measured(&calls(true)));
    let page = Settings::default();
    let plan = Plan::of_measured(&page, measured);
    let before = plan.structure();
    let (own, _) = Plan::of(&page, Some(&plan));
    assert!(own.measured.is_none());
    assert_ne!(own.structure(), before);
    assert_eq!(own.agents(), preset(page.preset, 1).pipeline.agents().len());
}

#[test]
fn this_page_s_own_file_brings_its_settings() {
    let company = preset(PresetId::Company, 1);
    for (schedule, kind) in [(width(1), Kind::Sequential), (width(2), Kind::Parallel)] {
        let ran = run(&company.pipeline, &company.scripts, schedule);
        let about = About {
            pipeline: &company.pipeline,
            schedule,
            provider: "openai",
            model: Some("m"),
            started: "2026-11-22T10:00:00Z",
            hidden: false,
        };
        let opened = measured(&TraceFile::new(&ran.trace, about).text());
        assert_eq!((opened.kind, opened.is_own), (kind, true));
        assert_eq!(opened.about.provider, "openai");
        let settings = opened.simulated.as_ref().unwrap();
        assert_eq!((settings.preset, settings.provider), (PresetId::Company, None));
        let [sequential, _] = lengths(opened);
        assert_eq!(sequential.1, ms(5100));
    }
}

/// The steps of a trace at its end, and what its plan explains of the thread.
fn told(text: &str) -> (Vec<String>, Option<String>) {
    let plan = Plan::of_measured(&Settings::default(), Rc::new(measured(text)));
    let log = &plan.measured.as_ref().unwrap().log;
    let mut frame = Frame::default();
    frame.forget(2, plan.agents());
    frame.timelines[plan.told()] = Timeline::at(log, plan.agents(), log.end());
    let thread_use = |agent| plan.thread_use(agent);
    let steps = steps(plan.pipeline(), &frame.timelines[plan.told()], &thread_use);
    assert!(steps.iter().all(|step| step.state == Moment::Done), "{steps:?}");
    let texts = steps.into_iter().map(|step| step.text).collect();
    (texts, blocking::explanation(&plan, &frame, 1.0))
}

/// With two at once, one forecast starts when the shorter of the first two is over, and the other when
/// both are.
#[test]
fn steps_of_a_trace_are_its_own() {
    let tasks = [
        ("forecast Oslo", 10.0, 1010.0),
        ("forecast Lima", 12.0, 1412.0),
        ("forecast Pune", 1015.0, 1915.0),
        ("forecast Kyiv", 1420.0, 2220.0),
        ("compare", 2230.0, 3010.0),
    ];
    let mut facts = vec![fact(1, 0, "LangGraph", What::Chain, 0.0, 3020.0)];
    for (place, (name, start, end)) in (1..).zip(tasks) {
        let call = What::Model("");
        facts.push(fact(2 * place, 1, name, What::Chain, start, end));
        facts.push(fact(2 * place + 1, 2 * place, "openai.chat", call, start + 4.0, end - 2.0));
    }
    let (steps, explained) = told(&jaeger(&facts).to_string());
    assert_eq!(
        steps,
        [
            "forecast Oslo starts",
            "Before forecast Oslo ends: start forecast Lima",
            "forecast Oslo answers",
            "forecast Lima answers",
            "forecast Oslo is done → proceed with forecast Pune",
            "forecast Oslo, forecast Lima are done → proceed with forecast Kyiv",
            "forecast Pune, forecast Kyiv are done → proceed with compare",
        ]
    );
    assert_eq!(explained, None, "a trace says nothing of the thread");
}

#[test]
fn what_began_after_another_had_ended_did_not_begin_while_it_waited() {
    let (steps, _) = told(&calls(false));
    assert_eq!(steps[0], "news starts");
    assert!(steps.iter().any(|step| step.starts_with("After news ends: start stock")), "{steps:?}");
    let said = steps.join("\n");
    assert!(!said.contains("waits") && !said.contains("resume"), "{said}");
}
