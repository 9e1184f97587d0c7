//! Lists of agents that are pipelines, and each way not to be one.

use converge::model::Tool;
use converge::pipeline::{Agent, Pipeline, PipelineError};
use proptest::prelude::*;

use crate::fixtures::{agent, cases, key};

fn check(agents: Vec<Agent>, error: PipelineError, message: &str) {
    assert_eq!(error.to_string(), message);
    assert_eq!(Pipeline::new(vec![key("topic")], agents), Err(error));
}

#[test]
fn an_empty_list() {
    check(vec![], PipelineError::Empty, "the pipeline has no agents: add one");
}

#[test]
fn two_agents_of_one_name() {
    check(
        vec![agent("news", "{topic}", "a"), agent("news", "{topic}", "b")],
        PipelineError::SameName { name: "news".into() },
        "two agents are called news: rename one of them",
    );
}

#[test]
fn an_agent_that_reads_itself() {
    check(
        vec![agent("other", "{topic}", "o"), agent("echo", "{said}", "said")],
        PipelineError::Cycle(vec!["echo".into()]),
        "echo reads its own output: it could never start",
    );
}

#[test]
fn two_agents_that_read_each_other() {
    check(
        vec![agent("hen", "{egg}", "hen"), agent("egg", "{hen}", "egg")],
        PipelineError::Cycle(vec!["egg".into(), "hen".into()]),
        "these agents wait for each other: egg → hen → egg",
    );
}

/// Named in the direction of the data: whoever only leads into the cycle or hangs on it is not in
/// it.
#[test]
fn three_agents_in_a_ring() {
    check(
        vec![
            agent("before", "{topic}", "lead"),
            agent("after", "{c}", "tail"),
            agent("one", "{c} {lead}", "a"),
            agent("two", "{a}", "b"),
            agent("three", "{b}", "c"),
        ],
        PipelineError::Cycle(vec!["one".into(), "two".into(), "three".into()]),
        "these agents wait for each other: one → two → three → one",
    );
}

#[test]
fn a_key_with_a_slip() {
    check(
        vec![agent("news", "{topic}", "news_result"), agent("merger", "{news_resutl}", "report")],
        PipelineError::Unwritten {
            key: key("news_resutl"),
            agent: "merger".into(),
            did_you_mean: Some(key("news_result")),
        },
        "merger reads {news_resutl}, which no agent writes: did you mean {news_result}?",
    );
}

#[test]
fn a_key_like_an_input() {
    check(
        vec![agent("news", "{topics}", "news_result")],
        PipelineError::Unwritten {
            key: key("topics"),
            agent: "news".into(),
            did_you_mean: Some(key("topic")),
        },
        "news reads {topics}, which no agent writes: did you mean {topic}?",
    );
}

/// Its own output key would be the nearest, but reading that is no way out.
#[test]
fn a_key_like_no_other() {
    check(
        vec![agent("news", "{weather2}", "weather")],
        PipelineError::Unwritten { key: key("weather2"), agent: "news".into(), did_you_mean: None },
        "news reads {weather2}, which no agent writes",
    );
}

#[test]
fn a_key_that_two_agents_write() {
    check(
        vec![agent("news", "{topic}", "found"), agent("stock", "{topic}", "found")],
        PipelineError::WrittenTwice {
            key: key("found"),
            first: Some("news".into()),
            second: "stock".into(),
        },
        "news and stock both write {found}: give one another output key",
    );
}

#[test]
fn a_key_that_is_an_input() {
    check(
        vec![agent("news", "{topic}", "topic")],
        PipelineError::WrittenTwice { key: key("topic"), first: None, second: "news".into() },
        "news writes {topic}, which is an input: give it another output key",
    );
}

#[test]
fn what_can_be_done_without_need_not_be_written() {
    let agents = vec![agent("writer", "{topic} {critique?}", "draft")];
    let pipeline = Pipeline::new(vec![key("topic")], agents).unwrap();
    assert!(pipeline.needs(0).is_empty());
}

/// An agent that insists on a key in one place reads it, however often it could do without.
#[test]
fn one_place_that_insists_is_enough() {
    let agents = vec![agent("writer", "{critique?} {critique}", "draft")];
    let error = Pipeline::new(vec![], agents).unwrap_err();
    assert!(matches!(error, PipelineError::Unwritten { .. }), "{error}");
}

#[test]
fn dependencies_come_from_both_templates_each_once() {
    let reader = Agent { instruction: "{b} {b?}".into(), ..agent("c", "{a} {b} {topic}", "c") };
    let agents = vec![reader, agent("a", "", "a"), agent("b", "{a}", "b")];
    let pipeline = Pipeline::new(vec![key("topic")], agents).unwrap();
    assert_eq!(pipeline.needs(0), [2, 1], "in order of appearance");
    assert_eq!(pipeline.needed_by(1), [0, 2], "in order of the list");
    assert_eq!((pipeline.level(1), pipeline.level(2), pipeline.level(0)), (0, 1, 2));
    assert_eq!(pipeline.in_order(), [1, 2, 0]);
    assert_eq!(pipeline.branches(), [1, 2]);
    assert!(pipeline.is_final(0) && !pipeline.is_final(1));
}

#[test]
fn files_with_a_slip_say_what_it_is() {
    let check = |json: &str, expected: &str| {
        let error = serde_json::from_str::<Pipeline>(json).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    check(r#"{"inputs":[],"agents":[]}"#, "the pipeline has no agents");
    let agent = r#"{"name":"a","prompt":"{b}","output_key":"a"}"#;
    check(&format!(r#"{{"inputs":[],"agents":[{agent}]}}"#), "a reads {b}, which no agent writes");
    let agent = r#"{"name":"a","prompt":"","output_key":"not a key"}"#;
    check(&format!(r#"{{"inputs":[],"agents":[{agent}]}}"#), "`not a key` is not a key");
}

#[test]
fn a_file_keeps_everything_an_agent_has() {
    let searching = Agent {
        instruction: "Search.".into(),
        tools: vec![Tool::GoogleSearch],
        ..agent("a", "{topic}", "a")
    };
    let pipeline = Pipeline::new(vec![key("topic")], vec![searching]).unwrap();
    let json = serde_json::to_string(&pipeline).unwrap();
    assert_eq!(
        json,
        r#"{"inputs":["topic"],"agents":[{"name":"a","instruction":"Search.","prompt":"{topic}","output_key":"a","tools":["google_search"]}]}"#
    );
    assert_eq!(serde_json::from_str::<Pipeline>(&json).unwrap(), pipeline);
}

proptest! {
    #[test]
    fn a_pipeline_survives_its_file(case in cases()) {
        let json = serde_json::to_string(&case.pipeline).unwrap();
        prop_assert_eq!(serde_json::from_str::<Pipeline>(&json).unwrap(), case.pipeline);
    }

    /// Any graph at all is a pipeline in order, or a cycle in which each really waits for the one
    /// before it.
    #[test]
    fn every_graph_has_an_order_or_a_cycle(
        reads in proptest::collection::vec(proptest::collection::vec(0..8_usize, 0..3), 8),
    ) {
        let holes = |reads: &[usize]| -> String {
            reads.iter().map(|read| format!("{{k{read}}}")).collect()
        };
        let agents: Vec<Agent> = (reads.iter().enumerate())
            .map(|(index, reads)| agent(&format!("a{index}"), &holes(reads), &format!("k{index}")))
            .collect();
        match Pipeline::new(vec![], agents) {
            Ok(pipeline) => {
                let order = pipeline.in_order();
                let place = |agent| order.iter().position(|other| *other == agent);
                for agent in 0..8 {
                    let deepest = pipeline.needs(agent).iter().map(|need| pipeline.level(*need)).max();
                    prop_assert_eq!(pipeline.level(agent), deepest.map_or(0, |level| level + 1));
                    for need in pipeline.needs(agent) {
                        prop_assert!(place(*need) < place(agent));
                        prop_assert!(pipeline.needed_by(*need).contains(&agent));
                    }
                }
            }
            Err(PipelineError::Cycle(names)) => {
                let index = |name: &String| name[1..].parse::<usize>().unwrap();
                for (place, name) in names.iter().enumerate() {
                    let before = &names[(place + names.len() - 1) % names.len()];
                    prop_assert!(reads[index(name)].contains(&index(before)), "{:?}", names);
                }
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
