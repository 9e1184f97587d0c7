//! The presets: the article's agents, keys and latencies, and answers that hold together.

use converge::engine::Schedule;
use converge::model::Tool;
use converge::pipeline::Work;
use converge::presets::{
    DEFAULT_FANOUT, Forecast, MOST_FANOUT, Preset, PresetId, forecast, preset,
};
use converge::simulate::{Fault, predict};
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
            ("RenewableEnergyResearcher", "renewable_energy_result", 1200),
            ("EVResearcher", "ev_technology_result", 1500),
            ("CarbonCaptureResearcher", "carbon_capture_result", 900),
            ("SynthesisAgent", "report", 800),
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

/// The image goes to whoever reads it, and to nobody else; no prompt says what is on it.
#[test]
fn one_agent_looks_at_the_picture() {
    for id in PresetId::ALL {
        let pipeline = preset(id, 3).pipeline;
        let looks: Vec<&str> =
            (pipeline.agents().iter().filter(|agent| agent.sees()).map(|a| a.name.as_str()))
                .collect();
        let expected: &[&str] = if id == PresetId::Multimodal { &["image"] } else { &[] };
        assert_eq!(looks, expected, "{id:?}");
    }
    let post = preset(PresetId::Multimodal, 1);
    let prompts = post.pipeline.agents().iter().map(|a| format!("{}{}", a.instruction, a.prompt));
    let said = prompts.collect::<String>() + post.topic;
    assert!(["cat", "box"].iter().all(|seen| !said.contains(seen)), "{said}");
    assert!(converge::presets::multimodal::SHOWS.contains("cat"));
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

#[test]
fn feedback() {
    check(
        PresetId::Feedback,
        &[
            ("sentiment", "sentiment", 900),
            ("keywords", "keywords", 700),
            ("category", "category", 600),
            ("urgency", "urgency", 800),
            ("summary", "summary", 1000),
        ],
    );
}

#[test]
fn travel() {
    check(
        PresetId::Travel,
        &[
            ("flights", "flights", 2100),
            ("hotels", "hotels", 1800),
            ("events", "events", 1300),
            ("restaurants", "restaurants", 1200),
            ("itinerary", "itinerary", 1700),
        ],
    );
}

#[test]
fn email() {
    check(
        PresetId::Email,
        &[
            ("subject", "subject", 700),
            ("body", "body", 2200),
            ("image_prompt", "image_prompt", 1100),
            ("call_to_action", "call_to_action", 600),
            ("assembly", "email", 900),
        ],
    );
}

#[test]
fn validation() {
    check(
        PresetId::Validation,
        &[
            ("format", "format_check", 150),
            ("phone", "phone_check", 300),
            ("address", "address_check", 550),
            ("profanity", "profanity_check", 400),
            ("problems", "problems", 250),
        ],
    );
}

#[test]
fn multimodal() {
    check(
        PresetId::Multimodal,
        &[
            ("text", "text_insight", 1100),
            ("image", "image_insight", 2300),
            ("merge", "insight", 1000),
        ],
    );
}

#[test]
fn headlines() {
    check(
        PresetId::Headlines,
        &[
            ("plain", "plain", 900),
            ("curious", "curious", 1100),
            ("bold", "bold", 1000),
            ("judge", "choice", 800),
        ],
    );
}

/// What the gallery says: the sum of all, and the slowest branch with what comes after it.
#[test]
fn forecasts() {
    for (id, sequential, parallel) in [
        (PresetId::Company, 5100, 2300),
        (PresetId::Researchers, 4400, 2300),
        (PresetId::Topic, 6400, 3700),
        (PresetId::Feedback, 4000, 1900),
        (PresetId::Travel, 8100, 3800),
        (PresetId::Email, 5500, 3100),
        (PresetId::Validation, 1650, 800),
        (PresetId::Multimodal, 4400, 3300),
        (PresetId::Headlines, 3800, 1900),
        (PresetId::Fanout, 50_800, 1300),
    ] {
        let preset = preset(id, DEFAULT_FANOUT);
        let Forecast { sequential: one_by_one, parallel: at_once, speedup } = forecast(&preset);
        assert_eq!((one_by_one, at_once), (ms(sequential), ms(parallel)), "{}", id.id());
        let times = sequential as f64 / parallel as f64;
        assert!((speedup.unwrap() - times).abs() < 1e-9, "{}", id.id());
        let levels: Vec<usize> = preset.pipeline.by_level().iter().map(Vec::len).collect();
        assert_eq!(levels, [preset.scripts.len() - 1, 1], "{}", id.id());
        assert!(!id.line().is_empty() && id.line().len() < 72, "{}", id.line());
    }
}

/// A check that could not be made does not hide what the others found.
#[test]
fn validation_collects() {
    let Preset { id, pipeline, mut scripts, topic, .. } = preset(PresetId::Validation, 1);
    scripts[2].fault = Some(Fault::Status { status: 503, after: None }.into());
    let mut inputs = State::new();
    inputs.set(key("topic"), topic);
    let schedule = Schedule { on_failure: id.on_failure(), ..Schedule::parallel() };
    let trace = predict(&pipeline, &inputs, &scripts, schedule);
    let timeline = Timeline::at(&trace, 5, trace.end());
    let report = &timeline.lanes()[4].text;
    for check in [0, 1, 3] {
        assert!(report.contains(timeline.lanes()[check].text.as_str()), "{report}");
    }
    assert!(report.contains("address_check is missing"), "{report}");
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
        assert!(preset.title.contains(", then one "), "{}", preset.title);
        assert!(preset.source.ends_with('.') && !preset.topic.is_empty());
        assert_eq!(preset.scripts.len(), preset.pipeline.agents().len());
        assert!(!preset.id.label().is_empty());
    }
    let ids: Vec<&str> = PresetId::ALL.into_iter().map(PresetId::id).collect();
    assert_eq!(
        ids,
        [
            "researchers",
            "company",
            "topic",
            "feedback",
            "travel",
            "email",
            "validation",
            "multimodal",
            "headlines",
            "fanout"
        ]
    );
}
