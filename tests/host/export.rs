//! The trace file that other programs read: the contract's fields, with what the log says in them. Files
//! for other programs are in the module below.

mod others;

use std::collections::BTreeSet;

use converge::engine::Schedule;
use converge::export::{About, TraceFile};
use converge::presets::{PresetId, preset, topic_key};
use converge::state::State;
use converge::trace::Outcome;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixtures::{Case, Ran, conditions, faulty_cases, run};

const STARTED: &str = "2026-11-22T10:00:00Z";

fn about(case: &converge::pipeline::Pipeline, schedule: Schedule) -> About<'_> {
    About {
        pipeline: case,
        schedule,
        provider: "simulated",
        model: None,
        started: STARTED,
        hidden: false,
    }
}

fn company() -> Value {
    let company = preset(PresetId::Company, 1);
    let schedule = Schedule::parallel();
    let ran = run(&company.pipeline, &company.scripts, schedule);
    let mut inputs = State::new();
    inputs.set(topic_key(), "tides");
    // What is no input of the pipeline's is nobody's business.
    inputs.set(crate::fixtures::key("other"), "secret");
    let file = TraceFile::new(&ran.trace, about(&company.pipeline, schedule)).given(&inputs);
    serde_json::from_str(&file.text()).unwrap()
}

#[test]
fn the_article_s_run_has_the_article_s_figures() {
    let file = company();
    assert_eq!(file["format"], "converge-trace");
    assert_eq!(file["version"], 1);
    assert_eq!(file["provider"], "simulated");
    assert_eq!(file["model"], Value::Null);
    assert_eq!(file["started"], STARTED);
    assert_eq!(file["hidden"], false);
    assert_eq!(
        file["schedule"],
        json!({ "name": "parallel", "width": null, "on_error": "cancel", "retries": 0 })
    );
    assert_eq!(
        file["metrics"],
        json!({
            "makespan_us": 2_300_000, "work_us": 5_100_000,
            "critical_path": ["internal", "synthesis"], "max_in_flight": 4,
        })
    );
    let news = &file["spans"][0];
    assert_eq!(news["id"], 1);
    assert_eq!(news["parent"], 0);
    assert_eq!(news["name"], "news");
    assert_eq!(news["kind"], "agent");
    assert_eq!(news["start_us"], 0);
    assert_eq!(news["end_us"], 1_200_000);
    assert_eq!(news["outcome"], "done");
    assert_eq!(news["error"], Value::Null);
    assert_eq!(news["output_key"], "news");
    assert_eq!(file["pipeline"]["agents"].as_array().unwrap().len(), 5);
    assert_eq!(file["pipeline"]["given"], json!({ "topic": "tides" }));
}

/// The names are what other programs look for: none may go, and a new one is a decision.
#[test]
fn it_has_just_the_contract_s_fields() {
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let file = company();
    assert_eq!(
        keys(&file),
        words("format version pipeline schedule provider model started hidden spans metrics")
    );
    assert_eq!(
        keys(&file["spans"][0]),
        words(
            "id parent name kind queued_us start_us first_us end_us outcome error retries \
             output_key input_tokens output_tokens polls busy_us output"
        )
    );
    assert_eq!(keys(&file["metrics"]), words("makespan_us work_us critical_path max_in_flight"));
}

fn file(case: &Case, ran: &Ran, schedule: Schedule) -> TraceFile {
    TraceFile::new(&ran.trace, about(&case.pipeline, schedule))
}

proptest! {
    #[test]
    fn whatever_ran_it_reads_back_and_says_what_the_log_says(
        case in faulty_cases(), schedule in conditions(),
    ) {
        let ran = run(&case.pipeline, &case.scripts, schedule);
        let file = file(&case, &ran, schedule);
        let read: TraceFile = serde_json::from_str(&file.text()).unwrap();
        prop_assert_eq!(&read, &file);
        let timeline = ran.timeline(&case.pipeline);
        prop_assert_eq!(file.spans.len(), case.pipeline.agents().len());
        for (span, lane) in file.spans.iter().zip(timeline.lanes()) {
            prop_assert_eq!(span.outcome.as_str(), lane.phase().as_str());
            let failed = matches!(lane.ended, Some((_, Outcome::Failed(_) | Outcome::FellBack(_))));
            prop_assert_eq!(span.error.is_some(), failed);
            prop_assert_eq!(&span.output, &lane.text);
            prop_assert!(span.start_us <= span.end_us || span.end_us.is_none());
            let left_behind = lane.orphaned.is_some();
            prop_assert!(left_behind || span.end_us <= Some(file.metrics.makespan_us));
        }
    }
}
