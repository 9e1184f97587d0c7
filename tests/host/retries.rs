//! Attempts: when an agent is asked again, how long it waits, and when nobody asks again.

use std::num::NonZeroU32;
use std::time::Duration;

use converge::engine::{OnFailure, Retry, Schedule, Timeouts};
use converge::model::ModelError;
use converge::presets::{PresetId, preset};
use converge::simulate::{Failing, Fault, Script};
use converge::timeline::attempts::Try;
use converge::timeline::gantt::{FailedTry, Stretch, bar};
use converge::timeline::scale::TimeScale;
use converge::timeline::text::text;
use converge::timeline::{Phase, Timeline};
use converge::trace::{EventKind, GiveUp, Outcome, SpanId};
use proptest::prelude::*;

use crate::fixtures::{
    Ran, at_ms, check_log, ends, faulty_cases, ms, pipeline, run, run_while, schedules, script,
};

pub fn attempts(most: u32) -> Schedule {
    Schedule { retry: Retry::up_to(NonZeroU32::new(most).unwrap()), ..Schedule::parallel() }
}

pub fn refusal(status: u16, after: u64, times: u32, wait: Option<u64>) -> Failing {
    Failing {
        fault: Fault::Status { status, after: Some(ms(after)) },
        times: NonZeroU32::new(times),
        retry_after: wait.map(ms),
    }
}

/// The company, with something wrong, as a picture with a column for each tenth of a second.
pub fn check(faults: &[(&str, Failing)], schedule: Schedule, expected: &str) -> Ran {
    let preset = preset(PresetId::Company, 1);
    let mut scripts = preset.scripts;
    for (name, fault) in faults {
        scripts[preset.pipeline.find(name).unwrap()].fault = Some(*fault);
    }
    let ran = run(&preset.pipeline, &scripts, schedule);
    check_log(&preset.pipeline, &ran.trace, schedule.width);
    let picture = text(&preset.pipeline, &ran.timeline(&preset.pipeline), ms(100));
    assert_eq!(picture, expected.trim_start_matches('\n'), "\n{picture}");
    ran
}

/// One agent alone that takes a second, and what became of it.
pub fn alone(failing: Failing, schedule: Schedule) -> (Ran, Timeline) {
    let (plan, scripts) = pipeline(&[("a", &["topic"], 1000)]);
    let script = Script { fault: Some(failing), ..scripts[0].clone() };
    let ran = run(&plan, &[script], schedule);
    check_log(&plan, &ran.trace, schedule.width);
    let timeline = ran.timeline(&plan);
    (ran, timeline)
}

fn waits(timeline: &Timeline) -> Vec<Duration> {
    let failed = timeline.lanes()[0].failed.iter();
    failed.map(|attempt| attempt.retry_at - attempt.failed).collect()
}

/// Refused twice after 0.4 s, asked to wait for 0.5 s each time, answered the third time.
#[test]
fn a_servers_wait_is_kept_to_the_microsecond() {
    let ran = check(
        &[("stock", refusal(429, 400, 2, Some(500)))],
        attempts(3),
        "
news      ############
stock     ###/~~~~~###/~~~~~#########
social    #######
internal  ###############
synthesis                            ########
          3.5 s
",
    );
    let stock = SpanId::agent(1);
    let moments: Vec<_> = (ran.trace.events().iter().filter(|event| event.span == stock))
        .filter_map(|event| match &event.kind {
            EventKind::Retry { wait, left, .. } => Some((event.at, Some((*wait, *left)))),
            EventKind::Attempt | EventKind::End(Outcome::Done) => Some((event.at, None)),
            _ => None,
        })
        .collect();
    let expected = [
        (at_ms(400), Some((ms(500), 2))),
        (at_ms(900), None),
        (at_ms(1300), Some((ms(500), 1))),
        (at_ms(1800), None),
        (at_ms(2700), None),
    ];
    assert_eq!(moments, expected);
}

#[test]
fn without_a_retry_the_first_failure_is_the_last() {
    check(
        &[("stock", refusal(429, 400, 2, Some(500)))],
        Schedule::parallel(),
        "
news      ####x
stock     ####!
social    ####x
internal  ####x
synthesis     -
          0.4 s
",
    );
}

#[test]
fn after_the_last_attempt_the_failure_counts_and_says_so() {
    let (ran, timeline) = alone(refusal(503, 100, 5, Some(1000)), attempts(3));
    let lane = &timeline.lanes()[0];
    assert_eq!(lane.gave_up, Some(GiveUp::Attempts(3)));
    assert_eq!(lane.end(), Some(at_ms(2300)), "three times 0.1 s and two waits of a second");
    assert!(matches!(lane.ended, Some((_, Outcome::Failed(ModelError::Status { .. })))));
    assert_eq!(ran.prompts.len(), 3);
    assert_eq!(lane.attempt(), Some(Try { number: 3, of: 3 }));
}

#[test]
fn what_cannot_pass_is_not_asked_again() {
    for status in [400, 401, 403, 404, 405, 413, 422] {
        let (ran, timeline) = alone(refusal(status, 100, 1, Some(10)), attempts(3));
        assert_eq!(ran.prompts.len(), 1, "{status}");
        assert_eq!((waits(&timeline), timeline.lanes()[0].gave_up), (vec![], None));
    }
    for status in [408, 409, 429, 500, 502, 503, 504, 529] {
        let (ran, _) = alone(refusal(status, 100, 1, Some(10)), attempts(3));
        assert_eq!(ran.prompts.len(), 2, "{status}");
        assert_eq!(ran.result.unwrap().outcome, Outcome::Done);
    }
}

/// A server that asks for more than a run waits is told no at once, and so is the reader.
#[test]
fn a_wait_that_is_too_long_is_not_begun() {
    let schedule = |longest| Schedule {
        retry: Retry { longest_wait: ms(longest), ..attempts(3).retry },
        ..attempts(3)
    };
    let (_, timeline) = alone(refusal(429, 100, 1, Some(2001)), schedule(2000));
    let lane = &timeline.lanes()[0];
    let why = GiveUp::LongWait { asked: ms(2001), limit: ms(2000) };
    assert_eq!((lane.gave_up, lane.end()), (Some(why), Some(at_ms(100))));
    let (_, timeline) = alone(refusal(429, 100, 1, Some(2000)), schedule(2000));
    assert_eq!(timeline.lanes()[0].end(), Some(at_ms(3100)));
}

/// Doubled each time, and never the same twice: chance takes up to a half away.
#[test]
fn waits_of_our_own_grow_and_differ() {
    let mut firsts = std::collections::BTreeSet::new();
    for seed in 0..50 {
        let retry = Retry { seed, ..Retry::up_to(NonZeroU32::new(8).unwrap()) };
        let schedule = Schedule { retry, ..Schedule::parallel() };
        let (_, timeline) = alone(refusal(500, 10, 7, None), schedule);
        let waits = waits(&timeline);
        let longest = [500, 1000, 2000, 4000, 8000, 8000, 8000].map(ms);
        assert_eq!(waits.len(), longest.len());
        for (wait, longest) in waits.iter().zip(longest) {
            assert!(*wait >= longest / 2 && *wait <= longest, "{wait:?} of {longest:?}");
        }
        assert!(waits[4] != waits[5] && waits[5] != waits[6], "{waits:?}");
        firsts.insert(waits[0]);
    }
    assert!(firsts.len() > 45, "another seed, another wait");
}

/// Those who failed together do not come back together, and the same seed comes to the same.
#[test]
fn agents_wait_differently_and_the_same_every_time() {
    let (plan, mut scripts) =
        pipeline(&[("a", &["topic"], 100), ("b", &["topic"], 100), ("c", &["topic"], 100)]);
    scripts.iter_mut().for_each(|script| script.fault = Some(refusal(500, 10, 1, None)));
    let once = run(&plan, &scripts, attempts(2));
    assert_eq!(once.trace, run(&plan, &scripts, attempts(2)).trace);
    let timeline = once.timeline(&plan);
    let back: std::collections::BTreeSet<_> =
        timeline.lanes().iter().map(|lane| lane.failed[0].retry_at).collect();
    assert_eq!(back.len(), 3);
}

/// What came of a broken answer is thrown away and stays visible; nobody reads it.
#[test]
fn a_cut_answer_is_thrown_away_and_asked_for_again() {
    let (plan, _) = pipeline(&[("a", &["topic"], 0), ("b", &["a"], 0)]);
    let words = "one two three four five six seven eight";
    let cut = Failing { times: NonZeroU32::new(1), ..Fault::Cut { after: Some(ms(600)) }.into() };
    let scripts =
        [Script { fault: Some(cut), ..script(ms(1000), words) }, script(ms(1000), "read: {a}")];
    let ran = run(&plan, &scripts, attempts(3));
    check_log(&plan, &ran.trace, attempts(3).width);
    let timeline = ran.timeline(&plan);
    let lane = &timeline.lanes()[0];
    assert_eq!(lane.failed.len(), 1);
    let thrown = &lane.failed[0];
    assert_eq!(
        (thrown.started, thrown.first, thrown.failed),
        (at_ms(0), Some(at_ms(300)), at_ms(600))
    );
    assert_eq!((thrown.text.as_str(), &thrown.error), ("one two three four ", &ModelError::Cut));
    assert_eq!(lane.text, words);
    assert_eq!(lane.first, thrown.resumed.map(|at| at + ms(300)));
    assert_eq!(ran.timeline(&plan).lanes()[1].text, format!("read: {words}"));
}

/// A stall counts as an attempt, like any other failure.
#[test]
fn one_that_hangs_is_asked_again() {
    let hang = Failing { times: NonZeroU32::new(2), ..Fault::Hang.into() };
    let schedule = Schedule { timeouts: Timeouts::of_each_read(ms(2000)), ..attempts(3) };
    let (_, timeline) = alone(hang, schedule);
    let lane = &timeline.lanes()[0];
    assert_eq!(lane.phase(), Phase::Done);
    let late = ModelError::TimedOut { after: ms(2000), mid_answer: false };
    assert!(lane.failed.iter().all(|a| a.error == late && a.failed - a.started == ms(2000)));
    let (_, timeline) = alone(hang, Schedule { retry: attempts(2).retry, ..schedule });
    assert_eq!(timeline.lanes()[0].gave_up, Some(GiveUp::Attempts(2)));
}

/// What was said in an attempt that failed tells that somebody is there to say it.
#[test]
fn whether_anybody_has_answered() {
    let answered = |failing: Failing, attempts_: u32| {
        alone(failing, attempts(attempts_)).1.lanes()[0].was_answered()
    };
    let once = |fault: Fault| Failing { times: NonZeroU32::new(1), ..fault.into() };
    assert!(answered(refusal(503, 10, 9, None), 1), "a refusal is an answer");
    assert!(answered(once(Fault::Cut { after: Some(ms(600)) }), 1), "and so is half of one");
    assert!(answered(refusal(503, 10, 1, None), 2));
    let schedule = Schedule { timeouts: Timeouts::of_each_read(ms(2000)), ..attempts(1) };
    let (_, silent) = alone(Fault::Hang.into(), schedule);
    assert!(!silent.lanes()[0].was_answered(), "silence is none");
    let (ran, _) = alone(refusal(503, 400, 1, None), attempts(1));
    assert!(!Timeline::at(&ran.trace, 1, at_ms(399)).lanes()[0].was_answered(), "nor is a wait");
}

/// A scrub to the middle of a wait shows which attempt comes, and when.
#[test]
fn a_wait_counts_down() {
    let (ran, _) = alone(refusal(429, 400, 1, Some(5000)), attempts(3));
    let at = |millis| Timeline::at(&ran.trace, 1, at_ms(millis));
    let midway = at(1200);
    let lane = &midway.lanes()[0];
    assert_eq!(lane.phase(), Phase::Retrying);
    assert_eq!(lane.attempt(), Some(Try { number: 2, of: 3 }));
    assert_eq!(lane.retry_at(), Some(at_ms(5400)));
    assert_eq!(lane.wait_left(midway.cursor()), Some(ms(4200)));
    assert_eq!(midway.in_flight(), 1, "its slot is its own while it waits");
    assert_eq!(at(399).lanes()[0].attempt(), None);
    assert_eq!(at(5400).lanes()[0].phase(), Phase::Running);
    assert_eq!(at(5400).lanes()[0].retry_at(), None);

    let scale = TimeScale::up_to(ms(10_000));
    let stretch = |x, width| Stretch { x, width };
    let drawn = |millis| bar(&at(millis), 0, scale).unwrap();
    let close = |a: Stretch, b: Stretch| (a.x - b.x).abs() + (a.width - b.width).abs() < 1e-9;
    let [FailedTry { run, wait, queue: None }] = drawn(1200).failed[..] else { panic!() };
    assert!(close(run, stretch(0.0, 0.04)) && close(wait, stretch(0.04, 0.08)), "{wait:?}");
    assert_eq!((drawn(1200).now, drawn(1200).silence), (None, None));
    assert!(close(drawn(6400).now.unwrap(), stretch(0.54, 0.1)));
}

/// Stop works at any moment, also while nothing is on the wire.
#[test]
fn a_run_that_is_stopped_during_a_wait_asks_no_more() {
    let (plan, mut scripts) = pipeline(&[("a", &["topic"], 1000)]);
    scripts[0].fault = Some(refusal(503, 400, 1, Some(5000)));
    let ran = run_while(&plan, &scripts, attempts(3), |deadline| deadline < at_ms(5000));
    check_log(&plan, &ran.trace, attempts(3).width);
    assert_eq!((ran.result, ran.prompts.len()), (None, 1));
    let timeline = Timeline::at(&ran.trace, 1, at_ms(9000));
    let lane = &timeline.lanes()[0];
    assert_eq!((lane.phase(), lane.retry_at()), (Phase::Cancelled, None));
}

/// A sibling's failure ends a wait as it ends a call.
#[test]
fn a_failure_cancels_whoever_waits() {
    check(
        &[("stock", refusal(503, 200, 1, Some(5000))), ("social", refusal(401, 500, 9, None))],
        attempts(3),
        "
news      #####x
stock     #/~~~x
social    #####!
internal  #####x
synthesis      -
          0.5 s
",
    );
}

proptest! {
    /// Whatever goes wrong, and however often it is tried: everyone ends, within its attempts, and
    /// whoever passes in time has its answer.
    #[test]
    fn nobody_is_asked_too_often(case in faulty_cases(), schedule in schedules()) {
        let schedule = Schedule { on_failure: OnFailure::Collect, ..schedule };
        let ran = run(&case.pipeline, &case.scripts, schedule);
        check_log(&case.pipeline, &ran.trace, schedule.width);
        let most = schedule.retry.attempts.get();
        let timeline = ran.timeline(&case.pipeline);
        for (agent, end) in ends(&case.pipeline, &ran.trace).iter().enumerate() {
            let lane = &timeline.lanes()[agent];
            let asked = ran.prompts.iter().filter(|prompt| prompt.agent == agent).count();
            prop_assert!(asked <= most as usize);
            if asked > 0 {
                prop_assert_eq!(asked, lane.failed.len() + 1);
            }
            let failing = case.scripts[agent].fault;
            match end.as_ref().unwrap().1 {
                Outcome::Done => {
                    let times = failing.map_or(0, |f| f.times.unwrap().get() as usize);
                    prop_assert_eq!(lane.failed.len(), times);
                }
                Outcome::Failed(ref error) => {
                    let failing = failing.unwrap();
                    let passes = failing.times.is_some_and(|times| times.get() < most);
                    let waits = failing.retry_after.is_none_or(|w| w <= schedule.retry.longest_wait);
                    prop_assert!(!(error.kind().is_temporary() && passes && waits), "{:?}", error);
                }
                _ => {}
            }
        }
    }
}
