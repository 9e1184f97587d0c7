//! The presets: the article's agents, keys and latencies, and answers that hold together.

use converge::engine::Schedule;
use converge::model::Tool;
use converge::pipeline::Work;
use converge::presets::{DEFAULT_FANOUT, MOST_FANOUT, Preset, PresetId, preset};
use converge::simulate::predict;
use converge::state::State;
use converge::timeline::{Phase, Timeline};

use crate::fixtures::{key, ms};

fn all() -> impl Iterator<Item = Preset> {
    PresetId::ALL.into_iter().map(|id| preset(id, DEFAULT_FANOUT))
}

/// Names, keys and milliseconds, in list order.
fn check(id: PresetId, expected: &[(&str, &str, u64)]) {
    let Preset { pipeline, scripts, .. } = preset(id, 3);
    let found: Vec<(&str, &str, u64)> = (pipeline.agents().iter().zip(&scripts))
        .map(|(agent, script)| {
            let millis = u64::try_from(script.latency.as_millis()).unwrap();
            (agent.name.as_str(), agent.output_key.as_str(), millis)
        })
        .collect();
    assert_eq!(found, expected);
    let last = expected.len() - 1;
    assert_eq!(pipeline.needs(last).len(), last, "the last one reads all the others");
    assert_eq!(pipeline.branches(), (0..last).collect::<Vec<_>>());
}

#[test]
fn company() {
    check(
        PresetId::Company,
        &[
            ("news", "news", 1200),
            ("stock", "stock", 900),
            ("social", "social", 700),
            ("internal", "internal", 1500),
            ("synthesis", "briefing", 800),
        ],
    );
}

#[test]
fn researchers() {
    check(
        PresetId::Researchers,
        &[
            ("RenewableEnergyResearcher", "renewable_energy_result", 1800),
            ("EVResearcher", "ev_technology_result", 2400),
            ("CarbonCaptureResearcher", "carbon_capture_result", 1400),
            ("SynthesisAgent", "report", 1600),
        ],
    );
    let tools: Vec<_> = preset(PresetId::Researchers, 1)
        .pipeline
        .agents()
        .iter()
        .map(|agent| agent.tools.contains(&Tool::GoogleSearch))
        .collect();
    assert_eq!(tools, [true, true, true, false], "the researchers search, the merger does not");
}

#[test]
fn topic() {
    check(
        PresetId::Topic,
        &[
            ("summary", "summary", 2000),
            ("questions", "questions", 1600),
            ("key_terms", "key_terms", 1100),
            ("topic", "original_topic", 0),
            ("synthesis", "answer", 1700),
        ],
    );
    let pipeline = preset(PresetId::Topic, 1).pipeline;
    assert_eq!(pipeline.agents()[3].work, Work::PassThrough);
    assert_eq!(pipeline.calls(), 4, "passing the topic on is not a call");
}

#[test]
fn fanout() {
    check(
        PresetId::Fanout,
        &[
            ("task1", "result1", 500),
            ("task2", "result2", 500),
            ("task3", "result3", 500),
            ("synthesis", "report", 800),
        ],
    );
    let agents = |n| preset(PresetId::Fanout, n).pipeline.agents().len();
    assert_eq!((agents(0), agents(1), agents(100)), (2, 2, 101));
}

/// The widest one is built, run and folded, and its figures are as simple as ever.
#[test]
fn ten_thousand_branches() {
    let Preset { pipeline, scripts, .. } = preset(PresetId::Fanout, usize::MAX);
    assert_eq!(pipeline.agents().len(), MOST_FANOUT + 1);
    let trace = predict(&pipeline, &State::new(), &scripts, Schedule::parallel());
    let timeline = Timeline::at(&trace, MOST_FANOUT + 1, trace.end());
    assert_eq!((timeline.makespan(), timeline.max_in_flight()), (ms(1300), MOST_FANOUT));
}

/// What the reader types into the topic field comes back in the report, and in each prompt that
/// can use it.
#[test]
fn the_topic_reaches_the_answers() {
    const TOPIC: &str = "Quokka Shipping & Söhne {braces}";
    for Preset { id, pipeline, scripts, .. } in all() {
        let mut inputs = State::new();
        inputs.set(key("topic"), TOPIC);
        let trace = predict(&pipeline, &inputs, &scripts, Schedule::parallel());
        let last = pipeline.agents().len() - 1;
        let timeline = Timeline::at(&trace, last + 1, trace.end());
        let report = &timeline.lanes()[last].text;
        assert!(report.contains(TOPIC), "{}: {report}", id.id());
        for agent in pipeline.branches() {
            let reads = pipeline.agents()[agent].reads();
            assert!(reads.iter().any(|(read, _)| read.as_str() == "topic"), "{}", id.id());
        }
    }
}

/// Every branch says something of its own, and the report holds all of it.
#[test]
fn the_report_holds_every_finding() {
    for Preset { id, pipeline, scripts, topic, .. } in all().filter(|p| p.id != PresetId::Fanout) {
        let mut inputs = State::new();
        inputs.set(key("topic"), topic);
        let trace = predict(&pipeline, &inputs, &scripts, Schedule::parallel());
        let last = pipeline.agents().len() - 1;
        let timeline = Timeline::at(&trace, last + 1, trace.end());
        let report = &timeline.lanes()[last].text;
        assert!(report.starts_with("## "), "{}: {report}", id.id());
        assert!(!report.contains("missing") && !report.contains(['{', '}']), "{report}");
        for agent in pipeline.branches() {
            let lane = &timeline.lanes()[agent];
            assert_eq!(lane.phase(), Phase::Done);
            if pipeline.agents()[agent].work == Work::Model {
                assert!(lane.text.len() > 60, "{}", lane.text);
            }
            assert!(report.contains(lane.text.as_str()), "{}: {}", id.id(), lane.text);
        }
    }
}

/// What an agent passes through is seen like any other answer.
#[test]
fn what_is_passed_through_is_in_the_log() {
    let Preset { pipeline, scripts, topic, .. } = preset(PresetId::Topic, 1);
    let mut inputs = State::new();
    inputs.set(key("topic"), topic);
    let trace = predict(&pipeline, &inputs, &scripts, Schedule::parallel());
    let timeline = Timeline::at(&trace, 5, trace.end());
    assert_eq!(timeline.lanes()[3].text, topic);
}

/// The reader is told where latencies come from, and asked to guess.
#[test]
fn every_preset_says_what_it_is() {
    for preset in all() {
        assert!(preset.question.ends_with('?'), "{}", preset.question);
        assert!(preset.source.ends_with('.') && !preset.topic.is_empty());
        assert_eq!(preset.scripts.len(), preset.pipeline.agents().len());
        assert!(!preset.id.label().is_empty());
    }
    let ids: Vec<&str> = PresetId::ALL.into_iter().map(PresetId::id).collect();
    assert_eq!(ids, ["company", "researchers", "topic", "fanout"]);
}
