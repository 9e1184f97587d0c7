//! Running again: only what failed, and whoever reads it; and what is said of attempts in words.

use std::cell::RefCell;
use std::num::NonZeroU32;
use std::rc::Rc;

use converge::clock::VirtualClock;
use converge::engine::{self, KeptAnswer, OnFailure, Resume, Retry, Schedule};
use converge::model::FinishReason;
use converge::pipeline::Pipeline;
use converge::presets::{PresetId, preset};
use converge::simulate::{Calls, Failing, Fault, Script, SimulatedModel};
use converge::state::State;
use converge::time::Instant;
use converge::timeline::sentences::{self, ScheduleRun};
use converge::timeline::text::text;
use converge::timeline::{Phase, Timeline};
use converge::trace::{EventKind, Outcome, SpanId, Trace};
use proptest::prelude::*;

use crate::fixtures::{at_ms, check_log, faulty_cases, key, ms, pipeline, run, schedules};

/// What a finished run leaves to the next one.
fn resume(pipeline: &Pipeline, timeline: &Timeline) -> Resume {
    Resume::of(pipeline, |agent| {
        let lane = &timeline.lanes()[agent];
        lane.phase().has_answer().then(|| KeptAnswer {
            text: lane.text.as_str().into(),
            finish: lane.finish,
            grounding: lane.grounding.clone(),
        })
    })
}

/// A run of the company in which some calls fail, and runs again from there, on one model.
struct Runs {
    pipeline: Pipeline,
    scripts: Vec<Script>,
    inputs: State,
    calls: Calls,
    schedule: Schedule,
}

impl Runs {
    fn company(faults: &[(&str, Failing)], schedule: Schedule) -> Self {
        let preset = preset(PresetId::Company, 1);
        let mut scripts = preset.scripts;
        for (name, fault) in faults {
            scripts[preset.pipeline.find(name).unwrap()].fault = Some(*fault);
        }
        let mut inputs = State::new();
        inputs.set(key("topic"), "tides");
        Self { pipeline: preset.pipeline, scripts, inputs, calls: Calls::default(), schedule }
    }

    fn run(&self, from: Resume) -> (Trace, engine::RunResult) {
        let clock = VirtualClock::new();
        let model = SimulatedModel::new(self.scripts.clone(), Rc::new(clock.clone()))
            .counting(self.calls.clone());
        let trace = RefCell::new(Trace::new());
        let run = engine::resume(
            &self.pipeline,
            self.inputs.clone(),
            from,
            self.schedule,
            &clock,
            &model,
            &trace,
        );
        let result = clock.run(run);
        check_log(&self.pipeline, &trace.borrow(), self.schedule.width);
        (trace.into_inner(), result)
    }

    fn timeline(&self, trace: &Trace) -> Timeline {
        Timeline::at(trace, self.pipeline.agents().len(), trace.end())
    }

    fn again(&self, trace: &Trace) -> (Trace, engine::RunResult) {
        self.run(resume(&self.pipeline, &self.timeline(trace)))
    }

    fn check(&self, trace: &Trace, expected: &str) {
        let picture = text(&self.pipeline, &self.timeline(trace), ms(100));
        assert_eq!(picture, expected.trim_start_matches('\n'), "\n{picture}");
    }
}

fn once(status: u16, after: u64) -> Failing {
    let fault = Fault::Status { status, after: Some(ms(after)) };
    Failing { times: NonZeroU32::new(1), ..fault.into() }
}

#[test]
fn only_what_failed_runs_again_and_what_reads_it() {
    let collect = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let runs = Runs::company(&[("stock", once(500, 400))], collect);
    let (first, result) = runs.run(Resume::default());
    assert_eq!(result.outcome, Outcome::Done, "with a gap in it");
    let (second, result) = runs.again(&first);
    runs.check(
        &second,
        "
news      =
stock     #########
social    =
internal  =
synthesis          ########
          1.7 s
",
    );
    assert_eq!(result.outcome, Outcome::Done);
    // The state is as whole as if everything had just run.
    assert_eq!(result.state.iter().count(), 6);
    let timeline = runs.timeline(&second);
    let kept = &timeline.lanes()[0];
    assert_eq!((kept.phase(), kept.duration(timeline.cursor())), (Phase::Kept, ms(0)));
    assert_eq!((kept.started, kept.first, kept.finish), (None, None, Some(FinishReason::Stop)));
    assert_eq!(kept.text, runs.timeline(&first).lanes()[0].text);
    assert!(timeline.keeps_answers());
    let run = ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] };
    assert_eq!(
        sentences::status(&runs.pipeline, &[run]),
        "Finished: parallel 1.7 s, reused 3 answers from the last run"
    );
    // Once more, with nothing left to do.
    let (third, result) = runs.again(&second);
    assert_eq!((third.end(), result.outcome), (Instant::ZERO, Outcome::Done));
}

/// Those who were cancelled have no answer, so they run again; who was quicker does not.
#[test]
fn who_was_cancelled_runs_again() {
    let runs = Runs::company(&[("stock", once(500, 800))], Schedule::parallel());
    let (first, result) = runs.run(Resume::default());
    assert!(matches!(result.outcome, Outcome::Failed(_)));
    let (second, result) = runs.again(&first);
    runs.check(
        &second,
        "
news      ############
stock     #########
social    =
internal  ###############
synthesis                ########
          2.3 s
",
    );
    assert_eq!(result.outcome, Outcome::Done);
}

#[test]
fn what_is_kept_is_logged_before_anything_starts() {
    let runs = Runs::company(&[("stock", once(500, 800))], Schedule::sequential());
    let (first, _) = runs.run(Resume::default());
    let (second, _) = runs.again(&first);
    let own: Vec<_> =
        second.events().iter().filter(|event| event.span == SpanId::agent(0)).collect();
    assert!(matches!(&own[0].kind, EventKind::Kept(text) if !text.is_empty()));
    assert_eq!(own[2].kind, EventKind::End(Outcome::Kept));
    assert!(own.iter().all(|event| event.at == Instant::ZERO));
    assert_eq!(own.len(), 3);
}

proptest! {
    /// Again and again, until all faults have passed: then everyone has an answer, nobody who had
    /// one with nothing missing in it was asked again, and the log is whole each time.
    #[test]
    fn nobody_is_asked_twice_for_what_they_answered(case in faulty_cases(), schedule in schedules()) {
        let mut case = case;
        for script in &mut case.scripts {
            // Some failures never pass.
            script.fault = script.fault.filter(|fault| fault.times.is_some());
        }
        let runs = Runs {
            pipeline: case.pipeline.clone(),
            scripts: case.scripts.clone(),
            inputs: State::new(),
            calls: Calls::default(),
            schedule,
        };
        let (mut trace, mut result) = runs.run(Resume::default());
        for _ in 0..60 {
            let timeline = runs.timeline(&trace);
            let from = resume(&case.pipeline, &timeline);
            let before = runs.calls.borrow().clone();
            (trace, result) = runs.run(from.clone());
            let after = runs.calls.borrow().clone();
            for agent in 0..case.len() {
                let lane = &runs.timeline(&trace).lanes()[agent].clone();
                if from.kept(agent).is_some() {
                    prop_assert_eq!(before.get(&agent), after.get(&agent));
                    prop_assert_eq!(lane.phase(), Phase::Kept);
                    prop_assert!(timeline.lanes()[agent].phase().has_answer());
                    let needs = case.pipeline.needs(agent);
                    prop_assert!(needs.iter().all(|need| from.kept(*need).is_some()));
                } else {
                    prop_assert!(lane.phase() != Phase::Kept);
                }
            }
            if (0..case.len()).all(|agent| from.kept(agent).is_some()) {
                break;
            }
        }
        prop_assert_eq!(result.outcome, Outcome::Done);
        prop_assert_eq!(result.state.iter().count(), case.len());
        prop_assert_eq!(trace.end(), Instant::ZERO);
    }
}

/// What is said of one agent at moments of its life.
fn check_words(failing: Failing, attempts: u32, expected: &[(u64, &str, &str)]) -> Timeline {
    let (plan, mut scripts) = pipeline(&[("a", &["topic"], 1000)]);
    scripts[0].fault = Some(failing);
    let retry =
        Retry { longest_wait: ms(9000), ..Retry::up_to(NonZeroU32::new(attempts).unwrap()) };
    let ran = run(&plan, &scripts, Schedule { retry, ..Schedule::parallel() });
    for (at, attempt, standing) in expected {
        let timeline = Timeline::at(&ran.trace, 1, at_ms(*at));
        let lane = &timeline.lanes()[0];
        let said = sentences::attempt(lane, timeline.cursor()).unwrap_or_default();
        assert_eq!(
            (said.as_str(), sentences::tries(lane).unwrap_or_default().as_str()),
            (*attempt, *standing),
            "{at}"
        );
    }
    ran.timeline(&plan)
}

#[test]
fn attempts_in_words() {
    let refused = Failing { retry_after: Some(ms(5000)), ..once(429, 400) };
    let timeline = check_words(
        refused,
        3,
        &[
            (399, "", ""),
            (1200, "attempt 2 of 3 in 4.2 s", "retrying: attempt 2 of 3"),
            (5400, "attempt 2 of 3", "attempt 2 of 3"),
            (7000, "attempt 2 of 3", "attempt 2 of 3"),
        ],
    );
    assert_eq!(
        sentences::thrown_away(&timeline.lanes()[0], 1).unwrap(),
        "Attempt 1 failed after 0.4 s: the server answered with error 429: simulated fault. The \
         next attempt came 5.0 s later."
    );
    assert_eq!(sentences::thrown_away(&timeline.lanes()[0], 2), None);

    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let fate =
        |timeline: &Timeline| sentences::fate(&plan, 0, &timeline.lanes()[0], false).unwrap();
    let never = Failing { times: None, retry_after: Some(ms(100)), ..once(503, 100) };
    let failed = check_words(never, 2, &[(999, "attempt 2 of 2", "attempt 2 of 2")]);
    assert_eq!(
        fate(&failed),
        "a failed 2 times: the server answered with error 503: simulated fault. The server has a \
         problem: run again in a moment."
    );
    let long = Failing { retry_after: Some(ms(120_000)), ..once(429, 100) };
    let failed = check_words(long, 3, &[(999, "", "")]);
    assert!(fate(&failed).contains("The server asked for 120.0 s; the maximum is 9.0 s."));
}

#[test]
fn the_status_says_who_waits_and_what_the_limit_is() {
    let refused = Failing { retry_after: Some(ms(5000)), ..once(429, 400) };
    let retry = Retry::up_to(NonZeroU32::new(3).unwrap());
    let runs = Runs::company(&[("stock", refused)], Schedule { retry, ..Schedule::parallel() });
    let (trace, _) = runs.run(Resume::default());
    let timeline = Timeline::at(&trace, 5, at_ms(1000));
    let run = ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] };
    assert_eq!(
        sentences::status(&runs.pipeline, &[run]),
        "Running: 1 of 4 branches done, Stock is retrying (attempt 2 of 3), limited to 3 at once after a rate limit"
    );
}

#[test]
fn a_run_that_took_too_long_says_so() {
    let schedule = Schedule {
        timeouts: engine::Timeouts { run: Some(ms(1000)), ..Default::default() },
        ..Schedule::parallel()
    };
    let runs = Runs::company(&[], schedule);
    let (trace, _) = runs.run(Resume::default());
    let timeline = runs.timeline(&trace);
    let run = ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] };
    assert_eq!(
        sentences::status(&runs.pipeline, &[run]),
        "Failed after 1.0 s: the run hit its 1.0 s timeout. Raise the run timeout, or \
         ask for less."
    );
    // After the times of several runs it is a sentence of its own.
    assert_eq!(
        sentences::status(&runs.pipeline, &[run, run]),
        "Failed: parallel 1.0 s, parallel 1.0 s. The run hit its 1.0 s timeout. Raise the run \
         timeout, or ask for less."
    );
}
