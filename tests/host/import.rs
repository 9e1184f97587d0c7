//! Trace files read back: the same run again, and whatever a stranger may have written. Files of other
//! tools are in the modules below.

mod files;
mod large;
mod laws;
mod measured;
mod refused;
mod samples;
mod tools;

use converge::config::{ScheduleChoice, Settings};
use converge::engine::{OnFailure, Schedule};
use converge::export::{About, Opened, ReadError, TraceFile, read};
use converge::model::ModelError;
use converge::pipeline::Pipeline;
use converge::presets::{PresetId, preset};
use converge::simulate::Fault;
use converge::timeline::{Phase, Timeline};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixtures::{Ran, agent, at_ms, conditions, faulty_cases, key, ms, run, script};

fn file(pipeline: &Pipeline, ran: &Ran, schedule: Schedule) -> TraceFile {
    let (provider, model) = ("openai", Some("gpt-6-luna"));
    let started = "2026-11-22T10:00:00Z";
    let about = About { pipeline, schedule, provider, model, started, hidden: false };
    TraceFile::new(&ran.trace, about)
}

fn company(schedule: Schedule, change: impl FnOnce(&mut Value)) -> Result<Opened, ReadError> {
    let company = preset(PresetId::Company, 1);
    let ran = run(&company.pipeline, &company.scripts, schedule);
    let mut value: Value =
        serde_json::from_str(&file(&company.pipeline, &ran, schedule).text()).unwrap();
    change(&mut value);
    read(&value.to_string())
}

proptest! {
    /// What is read back sums up to the same file, but for what a summary cannot hold.
    #[test]
    fn a_run_comes_back_as_it_was(case in faulty_cases(), schedule in conditions()) {
        let ran = run(&case.pipeline, &case.scripts, schedule);
        let written = file(&case.pipeline, &ran, schedule);
        let opened = read(&written.text());
        let says_nothing = |agent: &converge::pipeline::Agent| agent.prompt.to_string().trim().is_empty();
        let editable = case.len() <= 12 && !case.pipeline.agents().iter().any(says_nothing);
        if !editable {
            prop_assert!(matches!(opened, Err(ReadError::Pipeline(_))), "{:?}", opened);
            return Ok(());
        }
        let opened = opened.unwrap();
        prop_assert!(opened.log.is_over());
        prop_assert!(opened.log.events().windows(2).all(|pair| pair[0].at <= pair[1].at));
        let about = About {
            pipeline: &case.pipeline, schedule, provider: "openai", model: Some("gpt-6-luna"),
            started: "2026-11-22T10:00:00Z", hidden: false,
        };
        let mut again = TraceFile::new(&opened.log, about);
        let mut expected = written.clone();
        for span in again.spans.iter_mut().chain(&mut expected.spans) {
            (span.polls, span.busy_us, span.retries) = (0, 0, 0);
        }
        // Agents that take no time are in flight together at no moment that a file could tell.
        let instant = expected.spans.iter().any(|span| span.start_us.is_some() && span.start_us == span.end_us);
        prop_assert!(again.metrics.max_in_flight <= expected.metrics.max_in_flight);
        if instant {
            again.metrics.max_in_flight = expected.metrics.max_in_flight;
        }
        prop_assert_eq!(again, expected);
        // It shows on a page: the pipeline that its settings come to has the same agents.
        let (experiment, notes) = opened.settings.experiment();
        prop_assert_eq!(notes, Vec::<String>::new());
        let names = |pipeline: &Pipeline| pipeline.agents().iter().map(|a| (a.name.clone(), a.output_key.clone())).collect::<Vec<_>>();
        prop_assert_eq!(names(&experiment.preset.pipeline), names(&case.pipeline));
    }

    /// Any text at all is read or refused.
    #[test]
    fn nothing_that_is_read_panics(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    /// So is any value in the place of any other in a file.
    #[test]
    fn no_part_of_a_file_can_do_harm(
        place in 0..5_usize,
        field in prop::sample::select(vec![
            "id", "name", "queued_us", "start_us", "first_us", "end_us", "outcome", "error",
            "output", "output_key", "input_tokens", "polls", "busy_us",
        ]),
        value in prop_oneof![
            Just(Value::Null), Just(json!("")), Just(json!("<script>alert(1)</script>")),
            Just(json!(u64::MAX)), Just(json!(-1)), Just(json!(1e300)), Just(json!({})), Just(json!([])),
        ],
    ) {
        let opened = company(Schedule::parallel(), |file| file["spans"][place][field] = value);
        if let Ok(opened) = opened {
            let end = Timeline::at(&opened.log, 5, opened.log.end());
            prop_assert!(end.run().ended.is_some());
        }
    }
}

#[test]
fn a_preset_s_run_is_that_preset_and_nothing_live() {
    let opened = company(Schedule::parallel(), |_| {}).unwrap();
    let expected = Settings {
        preset: PresetId::Company,
        schedule: ScheduleChoice::Parallel,
        on_error: Some(OnFailure::Cancel),
        ..Settings::default()
    };
    assert_eq!(opened.settings, expected);
    // Whoever had answered: nothing in a file makes the page call anyone.
    assert_eq!((opened.file.provider.as_str(), opened.settings.provider), ("openai", None));
    let half = Timeline::at(&opened.log, 5, at_ms(1000));
    let phases: Vec<Phase> = half.lanes().iter().map(|lane| lane.phase()).collect();
    use Phase::{Done, Running, Waiting};
    assert_eq!(phases, [Running, Done, Done, Running, Waiting]);
    let about = company(Schedule::parallel(), |file| {
        file["pipeline"]["given"] = json!({ "topic": "Somebody else" });
    });
    assert_eq!(about.unwrap().settings.topic.as_deref(), Some("Somebody else"));
    let one = company(Schedule::sequential(), |_| {}).unwrap();
    assert_eq!(one.settings.schedule, ScheduleChoice::Sequential);
    let two = company(crate::fixtures::width(2), |_| {}).unwrap();
    assert_eq!(two.settings.limit.map(|limit| limit.get()), Some(2));
}

#[test]
fn what_it_took_is_what_it_takes_in_a_simulation() {
    let mut company = preset(PresetId::Company, 1);
    company.scripts[0].latency = ms(3_200);
    let ran = run(&company.pipeline, &company.scripts, Schedule::parallel());
    let opened = read(&file(&company.pipeline, &ran, Schedule::parallel()).text()).unwrap();
    assert_eq!(opened.settings.latency, [("news".to_owned(), ms(3_200))]);
    // The same of a pipeline that is no preset's.
    let plan = Pipeline::new(vec![key("topic")], vec![agent("only", "{topic}", "word")]).unwrap();
    let ran = run(&plan, &[script(ms(700), "a {b} c")], Schedule::parallel());
    let opened = read(&file(&plan, &ran, Schedule::parallel()).text()).unwrap();
    let (experiment, _) = opened.settings.experiment();
    assert_eq!(experiment.preset.pipeline.agents(), plan.agents());
    assert_eq!(experiment.scripts[0].latency, ms(700));
}

#[test]
fn a_wide_fanout_comes_back_as_one() {
    let wide = preset(PresetId::Fanout, 40);
    let ran = run(&wide.pipeline, &wide.scripts, Schedule::parallel());
    let opened = read(&file(&wide.pipeline, &ran, Schedule::parallel()).text()).unwrap();
    assert_eq!((opened.settings.preset, opened.settings.n), (PresetId::Fanout, 40));
}

#[test]
fn a_failure_comes_back_in_its_words() {
    let mut company = preset(PresetId::Company, 1);
    company.scripts[1].fault = Some(Fault::Status { status: 500, after: Some(ms(400)) }.into());
    for (on_failure, end, others) in [
        (OnFailure::Cancel, 400, Phase::Cancelled),
        (OnFailure::Leave, 400, Phase::Orphaned),
        (OnFailure::Wait, 1500, Phase::Done),
        (OnFailure::Collect, 2300, Phase::Done),
        (OnFailure::Fallback, 2300, Phase::Done),
    ] {
        let schedule = Schedule { on_failure, ..Schedule::parallel() };
        let ran = run(&company.pipeline, &company.scripts, schedule);
        let opened = read(&file(&company.pipeline, &ran, schedule).text()).unwrap();
        assert_eq!(opened.settings.on_error, Some(on_failure));
        let [before, after] = [&ran.trace, &opened.log].map(|log| Timeline::at(log, 5, log.end()));
        assert_eq!(after.makespan(), ms(end));
        assert_eq!(after.run().phase(), before.run().phase());
        assert_eq!(after.lanes()[0].phase(), others);
        assert_eq!(after.lanes()[0].orphaned, before.lanes()[0].orphaned);
        let told = "the server answered with error 500: simulated fault";
        match &after.lanes()[1].ended {
            Some((
                _,
                converge::trace::Outcome::Failed(error) | converge::trace::Outcome::FellBack(error),
            )) => {
                assert_eq!(*error, ModelError::Imported(told.into()));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_no_run_is_refused_with_a_reason() {
    let refused = |change: fn(&mut Value)| company(Schedule::parallel(), change).unwrap_err();
    assert_eq!(read("hello").unwrap_err(), ReadError::NotATrace);
    assert_eq!(refused(|file| file["format"] = json!("other")), ReadError::NotATrace);
    assert_eq!(refused(|file| file["version"] = json!(2)), ReadError::Version(2));
    assert_eq!(refused(|file| file["version"] = json!("1")), ReadError::NotATrace);
    assert_eq!(refused(|file| file["spans"] = json!([])), ReadError::Spans);
    assert_eq!(refused(|file| file["spans"][0]["end_us"] = json!(1)), ReadError::Spans);
    assert_eq!(refused(|file| file["spans"][0]["end_us"] = json!(u64::MAX)), ReadError::Spans);
    assert_eq!(refused(|file| file["spans"][0]["name"] = json!("other")), ReadError::Spans);
    assert_eq!(refused(|file| file["metrics"]["makespan_us"] = json!(u64::MAX)), ReadError::Spans);
    let cycle = refused(|file| file["pipeline"]["agents"][0]["prompt"] = json!("{briefing}"));
    assert!(
        matches!(&cycle, ReadError::Pipeline(why) if why.contains("wait for each other")),
        "{cycle}"
    );
    let name = refused(|file| {
        file["pipeline"]["agents"][0]["name"] = json!("a,b");
        file["spans"][0]["name"] = json!("a,b");
    });
    assert!(matches!(&name, ReadError::Pipeline(why) if why.contains("comma")), "{name}");
    assert_eq!(read(&" ".repeat(8_000_001)).unwrap_err(), ReadError::TooLong);
    assert_eq!(
        ReadError::Version(2).to_string(),
        "it is version 2, and this page reads version 1: use a newer Converge"
    );
}
