//! The real Python and the real Node run generated programs, on virtual time and with answers from
//! the engine's own runs: they must ask the same, at the same moments, and print the same.

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;
use std::process::{Command, Stdio};

use converge::codegen::{Form, Language, Program};
use converge::engine::{Late, OnFailure, Quorum, Schedule};
use converge::pipeline::{Agent, Pipeline, Work};
use converge::presets::{PresetId, preset};
use converge::simulate::{Fault, Script};
use converge::template::Template;
use converge::trace::Outcome;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{fan_in, written_in};
use crate::fixtures::{
    Case, Ran, agent, cases, ends, faulty_cases, hostile, key, ms, run, script, starts, width,
    with_texts,
};

/// The languages whose programs are run.
const RUN: [Language; 2] = [Language::Asyncio, Language::Js];

/// What a program did when it ran.
struct Did {
    /// When each agent's call began, in microseconds.
    starts: BTreeMap<usize, u64>,
    /// When something was asked that the engine's run did not ask.
    unknown: Vec<u64>,
    printed: String,
    error: Option<String>,
}

/// Lets Python or Node run the programs, each with what its calls are to be answered.
fn did(language: Language, cases: &[(Program, Vec<Value>)]) -> Vec<Did> {
    let cases: Vec<Value> = (cases.iter())
        .map(|(program, calls)| json!({ "program": program.text(), "calls": calls }))
        .collect();
    let (command, driver) = match language {
        Language::Js => ("node", "driver.mjs"),
        _ => ("python3", "driver.py"),
    };
    let drivers = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/host/codegen/");
    let mut child = Command::new(command)
        .arg(format!("{drivers}{driver}"))
        .env("PYTHONIOENCODING", "utf-8")
        // Where the picture is.
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/public"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs python3, 3.11 or later, and node, 20 or later, on the PATH");
    let input = serde_json::to_vec(&cases).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&input).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command} could not run the driver");
    let did: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let read = |did: Value| Did {
        starts: serde_json::from_value(did["starts"].clone()).unwrap(),
        unknown: serde_json::from_value(did["unknown"].clone()).unwrap(),
        printed: did["printed"].as_str().unwrap().into(),
        error: did["error"].as_str().map(String::from),
    };
    did.into_iter().map(read).collect()
}

/// The calls of a run: what was asked, how long it took and what came.
fn calls(pipeline: &Pipeline, scripts: &[Script], ran: &Ran) -> Vec<Value> {
    let timeline = ran.timeline(pipeline);
    let call = |prompt: &converge::model::Prompt| {
        let lane = &timeline.lanes()[prompt.agent];
        let failed = matches!(lane.ended, Some((_, Outcome::Failed(_))));
        let failed = failed || matches!(lane.ended, Some((_, Outcome::FellBack(_))));
        let orphaned = matches!(lane.ended, Some((_, Outcome::Orphaned)));
        let whole = matches!(lane.ended, Some((_, Outcome::Done))) || failed || orphaned;
        let took = if whole { lane.duration(timeline.cursor()) } else { ms(60_000) };
        json!({
            "agent": prompt.agent,
            "system": prompt.system,
            "user": prompt.user,
            "micros": u64::try_from(took.as_micros()).unwrap(),
            "answer": (!failed).then_some(&lane.text),
        })
    };
    assert_eq!(scripts.len(), pipeline.agents().len());
    ran.prompts.iter().map(call).collect()
}

fn asked_at(pipeline: &Pipeline, ran: &Ran) -> BTreeMap<usize, u64> {
    let asks = |agent: &usize| pipeline.agents()[*agent].work == Work::Model;
    let starts = starts(pipeline, &ran.trace).into_iter().enumerate();
    let starts = starts.filter_map(|(agent, at)| Some((agent, at?.as_micros())));
    starts.filter(|(agent, _)| asks(agent)).collect()
}

/// Sums of seconds are not exact in Python.
fn close(a: &BTreeMap<usize, u64>, b: &BTreeMap<usize, u64>) -> bool {
    a.len() == b.len()
        && a.iter().all(|(agent, at)| b.get(agent).is_some_and(|other| at.abs_diff(*other) <= 3))
}

fn answers(pipeline: &Pipeline, ran: &Ran) -> String {
    let state = &ran.result.as_ref().unwrap().state;
    let finals = (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent));
    let answer =
        |agent: usize| format!("{}\n", state.get(&pipeline.agents()[agent].output_key).unwrap());
    finals.map(answer).collect()
}

/// Runs both forms of each case in each language and holds them to the engine's own run.
fn check_where_it_runs(cases: &[(Pipeline, Vec<Script>, Schedule)]) {
    RUN.into_iter().for_each(|language| check_in(language, cases));
}

fn check_in(language: Language, cases: &[(Pipeline, Vec<Script>, Schedule)]) {
    let mut programs = Vec::new();
    let mut runs = Vec::new();
    for (pipeline, scripts, wide) in cases {
        let alone = Schedule { width: NonZeroUsize::MIN, ..*wide };
        for (form, schedule) in Form::ALL.into_iter().zip([alone, *wide]) {
            let ran = run(pipeline, scripts, schedule);
            let program = written_in(language, form, pipeline, schedule);
            programs.push((program, calls(pipeline, scripts, &ran)));
            runs.push((pipeline, ran, form, schedule));
        }
    }
    let did = did(language, &programs);
    assert_eq!(did.len(), runs.len());
    for (((pipeline, ran, form, schedule), did), (program, _)) in
        runs.into_iter().zip(did).zip(&programs)
    {
        let text = program.text();
        let Did { starts, unknown, printed, error } = did;
        let ends = ends(pipeline, &ran.trace);
        let failed = ends.iter().flatten().filter(|(_, end)| matches!(end, Outcome::Failed(_)));
        let failed = failed.min_by_key(|(at, _)| *at);
        let expected = asked_at(pipeline, &ran);
        match failed {
            None => {
                assert_eq!(error, None, "{text}");
                assert!(unknown.is_empty(), "{text}");
                assert_eq!(printed, answers(pipeline, &ran), "{text}");
                // Where tasks share a limit, whoever was ready first goes first, not whoever is
                // first in the list.
                let tasks =
                    ["create_task", "(async () => {"].iter().any(|task| text.contains(task));
                let tasks = tasks && schedule.width.get() != usize::MAX;
                assert!(
                    tasks || close(&starts, &expected),
                    "{starts:?} {expected:?} {form:?} {schedule:?} {:?}\n{text}",
                    ends
                );
                assert_eq!(starts.len(), expected.len());
            }
            // Nobody starts after it; what starts at that very moment is a matter of luck.
            Some((at, _)) => {
                let error = error.unwrap_or_default();
                assert!(error.starts_with("ConnectionError"), "{error}\n{text}");
                let before = |starts: &BTreeMap<usize, u64>| -> BTreeMap<usize, u64> {
                    let earlier = |(_, start): &(&usize, &u64)| **start + 3 < at.as_micros();
                    starts.iter().filter(earlier).map(|(a, b)| (*a, *b)).collect()
                };
                assert!(
                    close(&before(&starts), &before(&expected)),
                    "{starts:?} {expected:?}\n{text}"
                );
                assert!(starts.values().all(|start| *start <= at.as_micros() + 3));
                assert!(unknown.iter().all(|start| at.as_micros().abs_diff(*start) <= 3));
            }
        }
    }
}

#[test]
fn programs_run_every_preset_as_the_engine_does() {
    let schedules = [Schedule::parallel(), width(2)];
    let policies = OnFailure::ALL.map(|on_failure| Schedule { on_failure, ..Schedule::parallel() });
    let schedules: Vec<Schedule> = schedules.into_iter().chain(policies).collect();
    let cases: Vec<_> = (PresetId::ALL.into_iter())
        .flat_map(|id| schedules.clone().into_iter().map(move |schedule| (id, schedule)))
        .map(|(id, schedule)| {
            let preset = preset(id, 30);
            (preset.pipeline, preset.scripts, schedule)
        })
        .collect();
    check_where_it_runs(&cases);
}

/// The joins begin at the same moment, with the same gaps.
#[test]
fn programs_begin_joins_early_as_the_engine_does() {
    let mut cases = Vec::new();
    for (id, answers) in
        [(PresetId::Company, 3), (PresetId::Company, 1), (PresetId::Researchers, 2)]
    {
        let answers = NonZeroUsize::new(answers).unwrap();
        for late in [Late::Cancel, Late::Keep] {
            for on_failure in [OnFailure::Cancel, OnFailure::Leave, OnFailure::Fallback] {
                let quorum = Some(Quorum { answers, join: None, late });
                let schedule = Schedule { quorum, on_failure, ..Schedule::parallel() };
                let preset = preset(id, 30);
                cases.push((preset.pipeline, preset.scripts, schedule));
            }
        }
    }
    check_where_it_runs(&cases);
}

fn samples(cases: impl Strategy<Value = Case>, count: usize) -> Vec<(Pipeline, Vec<Script>)> {
    let mut random = TestRunner::deterministic();
    let drawn = (cases, proptest::collection::vec(hostile(), 1..5));
    let cases = (0..count).filter_map(|_| {
        let (case, texts) = drawn.new_tree(&mut random).unwrap().current();
        Some((with_texts(&case, &texts)?, case.scripts))
    });
    cases.collect()
}

#[test]
fn programs_run_any_pipeline_and_any_text_as_the_engine_does() {
    let cases = samples(cases(), 150);
    assert!(cases.len() > 100, "only {} of 150 are pipelines", cases.len());
    let wide = cases.iter().cloned().map(|(plan, scripts)| (plan, scripts, Schedule::parallel()));
    let narrow = cases.iter().cloned().map(|(p, s)| (p, s, width(3)));
    check_where_it_runs(&wide.chain(narrow).collect::<Vec<_>>());
}

#[test]
fn programs_stop_at_a_failure_as_the_engine_does() {
    let hangs = |script: &Script| script.fault.is_some_and(|failing| failing.fault == Fault::Hang);
    let cases = samples(faulty_cases(), 150).into_iter();
    let cases = cases.filter(|(_, scripts)| !scripts.iter().any(hangs));
    check_where_it_runs(&cases.map(|(p, s)| (p, s, Schedule::parallel())).collect::<Vec<_>>());
}

/// Whoever is out at a failure goes on, and nobody begins after it, though what they read may come.
#[test]
fn programs_leave_and_wait_for_the_others_as_the_engine_does() {
    let hangs = |script: &Script| script.fault.is_some_and(|failing| failing.fault == Fault::Hang);
    let cases = samples(faulty_cases(), 100).into_iter();
    let cases = cases.filter(|(_, scripts)| !scripts.iter().any(hangs));
    let policies = [OnFailure::Leave, OnFailure::Wait];
    let cases = cases.flat_map(|(p, s)| {
        policies.map(|on_failure| {
            (p.clone(), s.clone(), Schedule { on_failure, ..Schedule::parallel() })
        })
    });
    check_where_it_runs(&cases.collect::<Vec<_>>());
}

#[test]
fn programs_take_the_gap_that_a_failure_leaves() {
    let (pipeline, mut scripts) = fan_in();
    scripts[0].fault = Some(Fault::Status { status: 500, after: None }.into());
    let schedule = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let ran = run(&pipeline, &scripts, schedule);
    // Told apart by what they are asked: the fixture's two look-ups ask the same.
    let tell_apart = |agent: &Agent| Agent {
        prompt: Template::new(&format!("{}: {}", agent.name, agent.prompt)),
        ..agent.clone()
    };
    let agents = pipeline.agents().iter().map(tell_apart).collect();
    let pipeline = Pipeline::new(vec![key("topic")], agents).unwrap();
    let apart = run(&pipeline, &scripts, schedule);
    assert_eq!(apart.trace, ran.trace);
    for (language, form) in RUN.into_iter().flat_map(|l| Form::ALL.map(|form| (l, form))) {
        let program = written_in(language, form, &pipeline, schedule);
        let calls = calls(&pipeline, &scripts, &apart);
        let did = did(language, &[(program, calls)]).remove(0);
        assert_eq!(did.error, None);
        assert_eq!(did.printed, "end\n");
    }
}

/// Keys that are Python's own words, or the program's, or no words to Python.
#[test]
fn programs_take_any_key() {
    let keys = [
        "class",
        "None",
        "match",
        "__debug__",
        "asyncio",
        "let",
        "function",
        "ask",
        "Promise",
        "console",
        "given",
        "arguments",
        "undefined",
        "print",
        "client",
        "main",
        "ask_a",
        "a",
        "ſ",
        "s",
        "ª",
        "ﬁ",
        "fi",
        "größe",
        "тема",
        "主题",
        "ก",
        "_",
        "__",
    ];
    let mut agents: Vec<Agent> =
        keys.iter().map(|key| agent(key, &format!("ask {key} {{topic}}"), key)).collect();
    let reads: Vec<String> = keys.iter().map(|key| format!("{{{key}}}")).collect();
    agents.push(agent("# end\n", &reads.join(" "), "the_end"));
    // Reads one branch only, so that a gather would not do.
    let uneven = [agents.clone(), vec![agent("late", "{class}", "late")]].concat();
    let cases = [agents, uneven].map(|agents| {
        let scripts = agents.iter().map(|agent| script(ms(10), &agent.name)).collect();
        (Pipeline::new(vec![key("topic")], agents).unwrap(), scripts, Schedule::parallel())
    });
    check_where_it_runs(&cases);
}
