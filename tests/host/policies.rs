//! What becomes of the siblings of a failure: each policy against what its library was measured to do,
//! with branches of 0.1, 0.2 and 0.3 s of which the first raises at its end; then over random pipelines.

use std::num::NonZeroUsize;

use converge::engine::{OnFailure, Schedule, Timeouts, fallback};
use converge::model::ModelError;
use converge::pipeline::{Pipeline, Work};
use converge::presets::{Preset, PresetId, preset};
use converge::simulate::{Fault, Script};
use converge::timeline::sentences::{self, ScheduleRun};
use converge::timeline::text::text;
use converge::timeline::{Phase, Timeline};
use converge::trace::{EventKind, Outcome, SpanId};
use proptest::prelude::*;

use crate::fixtures::{
    Case, Ran, at_ms, check_log, ends, faulty_cases, key, ms, pipeline, run, starts, width, widths,
};

fn measured() -> (Pipeline, Vec<Script>) {
    let (plan, mut scripts) = pipeline(&[
        ("a", &["topic"], 100),
        ("b", &["topic"], 200),
        ("c", &["topic"], 300),
        ("d", &["a", "b", "c"], 100),
    ]);
    scripts[0].fault = Some(Fault::Status { status: 500, after: None }.into());
    (plan, scripts)
}

/// The measured case: its picture, a column for 0.1 s, and when the caller has its answer.
fn check(on_failure: OnFailure, limit: Option<usize>, caller: u64, expected: &str) -> Ran {
    let (plan, scripts) = measured();
    let schedule = limit.map_or(Schedule::parallel(), width);
    let ran = run(&plan, &scripts, Schedule { on_failure, ..schedule });
    check_log(&plan, &ran.trace, schedule.width);
    let picture = text(&plan, &ran.timeline(&plan), ms(100));
    assert_eq!(picture, expected.trim_start_matches('\n'), "\n{picture}");
    let run_end = ran
        .trace
        .events()
        .iter()
        .find(|event| event.span == SpanId::RUN && matches!(event.kind, EventKind::End(_)));
    assert_eq!(run_end.unwrap().at, at_ms(caller), "when the caller has its answer");
    ran
}

fn outcome(ran: &Ran) -> Outcome {
    ran.result.as_ref().unwrap().outcome.clone()
}

fn failed(status: u16) -> Outcome {
    Outcome::Failed(ModelError::status(status, "simulated fault"))
}

/// `asyncio.TaskGroup`, ADK's `ParallelAgent`: the caller at 0.10, siblings cancelled.
#[test]
fn cancel_is_a_task_group() {
    let ran = check(
        OnFailure::Cancel,
        None,
        100,
        "
a #!
b #x
c #x
d  -
  0.1 s
",
    );
    assert_eq!(outcome(&ran), failed(500));
}

/// `asyncio.gather`, `Promise.all`, `ainvoke`: the caller at 0.10, siblings keep running.
#[test]
fn leave_is_gather() {
    let ran = check(
        OnFailure::Leave,
        None,
        100,
        "
a #!
b ##o
c ###o
d  -
  0.1 s
",
    );
    assert_eq!(outcome(&ran), failed(500));
    let state = &ran.result.as_ref().unwrap().state;
    assert!(state.get(&key("b")).is_none(), "nobody was there to take it");
    // Their work is counted, and said: it was paid for.
    let (plan, _) = measured();
    let told = |at| {
        let timeline = Timeline::at(&ran.trace, 4, at_ms(at));
        let run = ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] };
        (sentences::status(&plan, &[run]), timeline.in_flight())
    };
    let (status, in_flight) = told(250);
    assert!(status.starts_with("Failed after 0.1 s: a failed"), "{status}");
    assert!(
        status.ends_with(
            "1 agent is still running, but nothing will use the answers (0.3 s wasted)."
        ),
        "{status}"
    );
    assert_eq!(in_flight, 1);
    let (status, _) = told(300);
    assert!(
        status.ends_with("2 agents ran on, but nothing used the answers (0.3 s wasted)."),
        "{status}"
    );
    let end = ran.timeline(&plan);
    assert_eq!(end.lanes()[1].orphaned, Some(at_ms(100)));
    let fate = sentences::fate(&plan, 1, &end.lanes()[1], false).unwrap();
    assert!(fate.starts_with("The answer of b was not used"), "{fate}");
}

/// With a semaphore the tasks that wait for it are there as well, and are left too.
#[test]
fn what_waits_for_a_slot_is_left_too() {
    check(
        OnFailure::Leave,
        Some(2),
        100,
        "
a #!
b ##o
c .###o
d  -
  0.1 s
",
    );
}

/// `RunnableParallel.invoke`: the caller after the slowest, siblings run to their end.
#[test]
fn wait_is_a_map_of_threads() {
    let ran = check(
        OnFailure::Wait,
        None,
        300,
        "
a #!
b ##
c ###
d    -
  0.3 s
",
    );
    assert_eq!(outcome(&ran), failed(500));
}

/// It raises the exception of the first key that failed, whoever failed first.
#[test]
fn wait_raises_for_the_first_in_the_list() {
    let (plan, mut scripts) = measured();
    scripts[0].fault = Some(Fault::Status { status: 503, after: Some(ms(90)) }.into());
    scripts[1].fault = Some(Fault::Status { status: 400, after: Some(ms(50)) }.into());
    let outcome_of = |on_failure| {
        outcome(&run(&plan, &scripts, Schedule { on_failure, ..Schedule::parallel() }))
    };
    assert_eq!(outcome_of(OnFailure::Wait), failed(503));
    assert_eq!(outcome_of(OnFailure::Leave), failed(400));
}

/// `gather(return_exceptions=True)`, `Promise.allSettled`: nothing raised, all kept.
#[test]
fn collect_is_return_exceptions() {
    let ran = check(
        OnFailure::Collect,
        None,
        400,
        "
a #!
b ##
c ###
d    #
  0.4 s
",
    );
    assert_eq!(outcome(&ran), Outcome::Done);
}

/// The topic that is passed through is no finding: with every branch failed, a synthesis would be paid
/// for and have nothing to combine. With one answer left, it is asked.
#[test]
fn collect_does_not_ask_a_synthesis_that_has_nothing_but_the_question() {
    let Preset { pipeline, mut scripts, .. } = preset(PresetId::Topic, 1);
    let collect = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let branches = pipeline.branches();
    let passes = |agent: usize| pipeline.agents()[agent].work == Work::PassThrough;
    assert!(pipeline.needs(pipeline.agents().len() - 1).iter().any(|need| passes(*need)));
    for branch in branches.iter().filter(|branch| !passes(**branch)) {
        scripts[*branch].fault = Some(Fault::Status { status: 500, after: None }.into());
    }
    let synthesis = pipeline.agents().len() - 1;
    let ran = run(&pipeline, &scripts, collect);
    assert!(ran.prompts.iter().all(|prompt| prompt.agent != synthesis));
    assert!(matches!(ends(&pipeline, &ran.trace)[synthesis], Some((_, Outcome::Skipped { .. }))));
    assert!(matches!(outcome(&ran), Outcome::Failed(_)));

    let spared = branches.iter().find(|branch| !passes(**branch)).copied().unwrap();
    scripts[spared].fault = None;
    let ran = run(&pipeline, &scripts, collect);
    assert!(ran.prompts.iter().any(|prompt| prompt.agent == synthesis));
    assert_eq!(outcome(&ran), Outcome::Done);
}

/// `with_fallbacks` on a branch: its value stands in the answer's place.
#[test]
fn fallback_stands_in_for_the_answer() {
    let ran = check(
        OnFailure::Fallback,
        None,
        400,
        "
a #?
b ##
c ###
d    #
  0.4 s
",
    );
    assert_eq!(outcome(&ran), Outcome::Done);
    let (plan, _) = measured();
    let value = fallback(&plan.agents()[0]);
    let prompt = &ran.prompts.last().unwrap().user;
    assert_eq!(*prompt, format!("{value} b c"));
    assert_eq!(
        ran.result.as_ref().unwrap().state.get(&key("a")).map(|t| t.to_string()),
        Some(value.clone())
    );
    let end = ran.timeline(&plan);
    assert_eq!((end.lanes()[0].phase(), &end.lanes()[0].text), (Phase::FellBack, &value));
    let fate = sentences::fate(&plan, 0, &end.lanes()[0], false).unwrap();
    assert!(fate.contains("Its fallback was used."), "{fate}");
    let run = ScheduleRun { schedule: "parallel", timeline: &end, injected: &[] };
    let status = sentences::status(&plan, &[run]);
    assert!(status.contains("The report is missing an answer. a failed"), "{status}");
}

/// What it had said before it broke off is no part of what stands for it.
#[test]
fn a_fallback_replaces_the_beginning_of_an_answer() {
    let (plan, mut scripts) = measured();
    scripts[0].fault = Some(Fault::Cut { after: None }.into());
    let schedule = Schedule { on_failure: OnFailure::Fallback, ..Schedule::parallel() };
    let end = run(&plan, &scripts, schedule).timeline(&plan);
    assert_eq!(end.lanes()[0].text, fallback(&plan.agents()[0]));
}

/// One await after the other: the first that raises is the last that ran, whatever was to become of
/// siblings.
#[test]
fn in_sequence_there_are_no_siblings() {
    for on_failure in [OnFailure::Cancel, OnFailure::Leave, OnFailure::Wait] {
        check(
            on_failure,
            Some(1),
            100,
            "
a #!
b .x
c .x
d  -
  0.1 s
",
        );
    }
}

/// The time for the whole run is the caller's: whoever is left behind has no such limit.
#[test]
fn a_deadline_ends_with_the_run() {
    let (plan, scripts) = measured();
    let timeouts = Timeouts { run: Some(ms(250)), ..Timeouts::default() };
    let with = |on_failure| Schedule { on_failure, timeouts, ..Schedule::parallel() };
    let left = run(&plan, &scripts, with(OnFailure::Leave));
    assert_eq!(left.trace.end(), at_ms(300));
    let waited = run(&plan, &scripts, with(OnFailure::Wait));
    assert_eq!(outcome(&waited), Outcome::Failed(ModelError::RunTooLong { after: ms(250) }));
}

fn schedule(width: NonZeroUsize, on_failure: OnFailure) -> Schedule {
    let timeouts = Timeouts::of_each_read(ms(60_000));
    Schedule { width, on_failure, timeouts, ..Schedule::parallel() }
}

proptest! {
    /// Left or cancelled, the caller knows the same at the same moment; what differs is what it costs.
    #[test]
    fn leaving_differs_from_cancelling_only_afterwards(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let [cancelled, left] = [OnFailure::Cancel, OnFailure::Leave]
            .map(|policy| run(pipeline, scripts, schedule(width, policy)));
        check_log(pipeline, &left.trace, width);
        prop_assert_eq!(&cancelled.result, &left.result);
        let [before, after] = [&cancelled, &left].map(|ran| ran.timeline(pipeline));
        prop_assert_eq!(before.makespan(), after.makespan());
        for (agent, (before, after)) in before.lanes().iter().zip(after.lanes()).enumerate() {
            match after.phase() {
                Phase::Orphaned => {
                    prop_assert_eq!(before.phase(), Phase::Cancelled);
                    prop_assert!(scripts[agent].fault.is_none());
                }
                Phase::Failed if after.orphaned.is_some() => {
                    prop_assert_eq!(before.phase(), Phase::Cancelled);
                }
                _ => prop_assert_eq!(before, after),
            }
        }
    }

    /// All that could run when the first one failed has run; nobody who waited for an answer has.
    #[test]
    fn waiting_lets_run_what_could_run(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let ran = run(pipeline, scripts, schedule(width, OnFailure::Wait));
        check_log(pipeline, &ran.trace, width);
        let lanes = ran.timeline(pipeline);
        let first = lanes.lanes().iter().filter(|lane| lane.phase() == Phase::Failed).filter_map(|lane| lane.end()).min();
        let Some(first) = first else {
            prop_assert_eq!(outcome(&ran), Outcome::Done);
            return Ok(());
        };
        let starts = starts(pipeline, &ran.trace);
        for (agent, (_, end)) in ends(pipeline, &ran.trace).into_iter().flatten().enumerate() {
            let ready = lanes.lanes()[agent].queued.is_some();
            match end {
                Outcome::Done | Outcome::Failed(_) => prop_assert!(ready && starts[agent].is_some()),
                Outcome::Cancelled => prop_assert!(!ready || width == NonZeroUsize::MIN),
                Outcome::Skipped { needs } => prop_assert!(!ready && !needs.is_empty()),
                other => prop_assert!(false, "{:?}", other),
            }
            prop_assert!(lanes.lanes()[agent].queued.is_none_or(|queued| queued <= first));
        }
        let errors = lanes.lanes().iter().filter_map(|lane| match &lane.ended {
            Some((_, Outcome::Failed(error))) => Some(error.clone()),
            _ => None,
        });
        prop_assert_eq!(outcome(&ran), Outcome::Failed(errors.take(1).next().unwrap()));
    }

    /// With fallbacks every agent runs and the run is done, whatever failed.
    #[test]
    fn with_fallbacks_nothing_is_missing(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let ran = run(pipeline, scripts, schedule(width, OnFailure::Fallback));
        check_log(pipeline, &ran.trace, width);
        prop_assert_eq!(outcome(&ran), Outcome::Done);
        let state = &ran.result.as_ref().unwrap().state;
        for (agent, (_, end)) in ends(pipeline, &ran.trace).into_iter().flatten().enumerate() {
            let own = &pipeline.agents()[agent];
            let written = state.get(&own.output_key).map(|text| text.to_string());
            match end {
                Outcome::Done => prop_assert!(scripts[agent].fault.is_none() && written.is_some()),
                Outcome::FellBack(_) => prop_assert_eq!(written, Some(fallback(own))),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
