//! What each library's primitive does, against what was measured: three branches of 0.1, 0.2 and 0.3 s,
//! of which the first raises at its end, and a join that takes 0.1 s.

use std::num::NonZeroUsize;
use std::time::Duration;

use converge::config::Settings;
use converge::engine::{OnFailure, Retry, Schedule, Timeouts};
use converge::library::{Primitive, Row, Sees, Siblings, row, rows};
use converge::model::ModelError;
use converge::pipeline::Pipeline;
use converge::simulate::{Failing, Fault, Script};
use converge::state::State;
use converge::timeline::Phase;
use proptest::prelude::*;

use crate::fixtures::{Case, faulty_cases, ms, pipeline, run, widths};

const A: usize = 0;
const B: usize = 1;
const C: usize = 2;

fn measured(failing: &[usize]) -> (Pipeline, Vec<Script>) {
    let (plan, mut scripts) = pipeline(&[
        ("a", &["topic"], 100),
        ("b", &["topic"], 200),
        ("c", &["topic"], 300),
        ("d", &["a", "b", "c"], 100),
    ]);
    for branch in failing {
        // Each with its own error, so that the one that is seen can be told.
        let status = 500 + *branch as u16;
        scripts[*branch].fault = Some(Fault::Status { status, after: None }.into());
    }
    (plan, scripts)
}

fn raised(branch: usize) -> Sees {
    Sees::Error(branch, ModelError::status(500 + branch as u16, "simulated fault"))
}

fn of(primitive: Primitive, failing: &[usize], settings: Schedule) -> Row {
    let (plan, scripts) = measured(failing);
    row(primitive, &plan, &State::new(), &scripts, settings)
}

/// A primitive; what the caller sees, and when in milliseconds; what the siblings do; which answers
/// survive; how many calls there are; and how much is wasted, in milliseconds.
type Expected<'a> = (Primitive, Sees, u64, Siblings, &'a [usize], usize, u64);

fn check(failing: &[usize], settings: Schedule, table: &[Expected<'_>]) {
    for (primitive, sees, at, siblings, survivors, calls, wasted) in table {
        let row = of(*primitive, failing, settings);
        let found =
            (row.sees, row.at, row.siblings, row.survivors.as_slice(), row.calls, row.wasted);
        let expected = (sees.clone(), Some(ms(*at)), *siblings, *survivors, *calls, ms(*wasted));
        assert_eq!(found, expected, "{primitive:?}");
    }
}

/// The table of measurements: the first branch raises at 0.1 s.
#[test]
fn each_primitive_does_what_was_measured() {
    use Primitive::*;
    use Siblings::{Awaited, Canceled, RunOn};
    let timeout = Timeouts { run: Some(ms(250)), ..Timeouts::default() };
    let settings = Schedule { timeouts: timeout, ..Schedule::parallel() };
    check(
        &[A],
        settings,
        &[
            (Gather, raised(A), 100, RunOn, &[], 3, 300),
            (GatherReturnExceptions, Sees::Errors(vec![A]), 300, Awaited, &[B, C], 4, 0),
            (TaskGroup, Sees::Group(vec![A]), 100, Canceled, &[], 3, 0),
            // The gather raises before the time is up.
            (WaitFor, raised(A), 100, RunOn, &[], 3, 300),
            (Ainvoke, raised(A), 100, RunOn, &[], 3, 300),
            (Invoke, raised(A), 300, Awaited, &[], 3, 300),
            (WithFallbacks, Sees::Fallbacks(vec![A]), 300, Awaited, &[B, C], 4, 0),
            (ParallelAgent, raised(A), 100, Canceled, &[], 3, 0),
            (Workflow, raised(A), 100, Canceled, &[], 3, 0),
            (LangGraph, raised(A), 100, Canceled, &[], 3, 0),
            (PromiseAll, raised(A), 100, RunOn, &[], 3, 300),
            (PromiseAllSettled, Sees::Errors(vec![A]), 300, Awaited, &[B, C], 4, 0),
            (PromiseRace, raised(A), 100, RunOn, &[], 3, 300),
            (PromiseAny, Sees::First(B), 200, RunOn, &[B], 4, 100),
            (TryJoinAll, raised(A), 100, Canceled, &[], 3, 0),
            (JoinAll, Sees::Errors(vec![A]), 300, Awaited, &[B, C], 4, 0),
            (BufferUnordered, Sees::Errors(vec![A]), 300, Awaited, &[B, C], 4, 0),
        ],
    );
}

/// The slowest branch raises: what had finished is lost, or stays.
#[test]
fn answers_before_a_late_failure_are_kept_by_some() {
    use Primitive::*;
    use Siblings::None as Alone;
    check(
        &[C],
        Schedule::parallel(),
        &[
            (Gather, raised(C), 300, Alone, &[], 3, 0),
            (GatherReturnExceptions, Sees::Errors(vec![C]), 300, Alone, &[A, B], 4, 0),
            (TaskGroup, Sees::Group(vec![C]), 300, Alone, &[A, B], 3, 0),
            (ParallelAgent, raised(C), 300, Alone, &[A, B], 3, 0),
            (Workflow, raised(C), 300, Alone, &[A, B], 3, 0),
            (PromiseRace, Sees::First(A), 100, Siblings::RunOn, &[A], 4, 300),
            (PromiseAny, Sees::First(A), 100, Siblings::RunOn, &[A], 4, 300),
        ],
    );
}

/// Two branches raise: the first in time, or the first key after the slowest.
#[test]
fn threads_raise_the_first_key() {
    let (plan, mut scripts) = measured(&[A, C]);
    // The last key fails first.
    scripts[C].latency = ms(50);
    let of = |primitive| row(primitive, &plan, &State::new(), &scripts, Schedule::parallel());
    let gather = of(Primitive::Ainvoke);
    assert_eq!((gather.sees, gather.at), (raised(C), Some(ms(50))));
    let threads = of(Primitive::Invoke);
    assert_eq!((threads.sees, threads.at), (raised(A), Some(ms(200))));
    assert_eq!(threads.wasted, ms(50 + 150));
}

#[test]
fn all_that_fail_are_one_group() {
    let all = [A, B, C];
    let any = of(Primitive::PromiseAny, &all, Schedule::parallel());
    assert_eq!((any.sees, any.at), (Sees::Group(all.to_vec()), Some(ms(300))));
    let settled = of(Primitive::PromiseAllSettled, &all, Schedule::parallel());
    assert_eq!((settled.sees, settled.calls), (Sees::Errors(all.to_vec()), 3));
}

/// In lists of results, each error stands in its branch's place, however late it came.
#[test]
fn errors_are_in_the_order_of_the_branches() {
    let (plan, mut scripts) = measured(&[A, B, C]);
    scripts[C].latency = ms(50);
    let of = |primitive| row(primitive, &plan, &State::new(), &scripts, Schedule::parallel()).sees;
    assert_eq!(of(Primitive::PromiseAny), Sees::Group(vec![A, B, C]));
    assert_eq!(of(Primitive::JoinAll), Sees::Errors(vec![A, B, C]));
    assert_eq!(of(Primitive::GatherReturnExceptions), Sees::Errors(vec![A, B, C]));
    assert_eq!(of(Primitive::WithFallbacks), Sees::Fallbacks(vec![A, B, C]));
    // One that is canceled by another's error has none of its own.
    assert_eq!(of(Primitive::TaskGroup), Sees::Group(vec![C]));
}

/// What comes after the map is not its caller's: a join that fails, or the time that is up by then.
#[test]
fn a_failure_of_the_join_is_not_the_maps() {
    const JOIN: usize = 3;
    let (plan, scripts) = measured(&[JOIN]);
    for row in rows(&plan, &State::new(), &scripts, Schedule::parallel()) {
        let races = row.primitive.quorum().is_some();
        let sees = if races { Sees::First(A) } else { Sees::Answers };
        let survivors: &[usize] = if races { &[A] } else { &[A, B, C] };
        assert_eq!(
            (&row.sees, row.survivors.as_slice()),
            (&sees, survivors),
            "{:?}",
            row.primitive
        );
        let siblings = if races { Siblings::RunOn } else { Siblings::None };
        assert_eq!(row.siblings, siblings, "{:?}", row.primitive);
        // Each agent is retried on its own, but the map is not for what is no part of it.
        let calls = if row.primitive == Primitive::WithRetry { 6 } else { 4 };
        assert_eq!((row.calls, row.runs.len()), (calls, 1), "{:?}", row.primitive);
    }
    let timeouts = Timeouts { run: Some(ms(350)), ..Timeouts::default() };
    let late = of(Primitive::WaitFor, &[], Schedule { timeouts, ..Schedule::parallel() });
    assert_eq!((late.sees, late.at), (Sees::Answers, Some(ms(300))));
    assert_eq!((late.siblings, late.survivors), (Siblings::None, vec![A, B, C]));
}

#[test]
fn a_timeout_cancels_all() {
    let timeouts = Timeouts { run: Some(ms(250)), ..Timeouts::default() };
    let row = of(Primitive::WaitFor, &[], Schedule { timeouts, ..Schedule::parallel() });
    assert_eq!((row.sees, row.at), (Sees::Timeout, Some(ms(250))));
    assert_eq!((row.siblings, row.survivors), (Siblings::Canceled, vec![]));
}

/// The branch that failed runs again alone, or all of them do and are paid for again.
#[test]
fn a_retry_is_for_a_branch_or_for_all() {
    let (plan, mut scripts) = measured(&[]);
    let once = NonZeroUsize::MIN.get() as u32;
    scripts[A].fault = Some(Failing {
        fault: Fault::Status { status: 500, after: None },
        times: once.try_into().ok(),
        retry_after: None,
    });
    let of = |primitive| row(primitive, &plan, &State::new(), &scripts, Schedule::parallel());
    let branch = of(Primitive::WithRetry);
    assert_eq!((&branch.sees, branch.calls, branch.wasted), (&Sees::Answers, 5, ms(0)));
    assert_eq!(branch.survivors, [A, B, C]);
    let map = of(Primitive::WithRetryAroundMap);
    assert_eq!((&map.sees, map.runs.len()), (&Sees::Answers, 2));
    // Three calls, of which two run on unused, and then all four.
    assert_eq!((map.calls, map.wasted), (7, ms(300)));
    let (began, second) = &map.runs[1];
    let backoff = Retry::never().backoff;
    assert!((ms(100) + backoff / 2..=ms(100) + backoff).contains(began), "{began:?}");
    assert_eq!(map.at, Some(*began + ms(300)));
    assert_eq!(second.run().phase(), Phase::Done);
    assert!(map.usage.output_tokens > branch.usage.output_tokens);
    // Where it goes on failing, three times is all.
    let (_, always) = measured(&[A]);
    let map =
        row(Primitive::WithRetryAroundMap, &plan, &State::new(), &always, Schedule::parallel());
    assert_eq!((map.sees, map.calls, map.wasted), (raised(A), 9, ms(900)));
}

/// LangChain's retry asks neither what kind of failure it was nor how long the server wants it to wait.
#[test]
fn with_retry_retries_any_failure() {
    let (plan, mut scripts) = measured(&[]);
    let fault = Fault::Status { status: 400, after: None };
    let day = Duration::from_secs(24 * 3600);
    let refused = Failing { fault, times: None, retry_after: Some(day) };
    scripts[A].fault = Some(refused);
    let of = |primitive| row(primitive, &plan, &State::new(), &scripts, Schedule::parallel());
    let (branch, map) = (of(Primitive::WithRetry), of(Primitive::WithRetryAroundMap));
    assert_eq!((branch.calls, map.calls), (5, 9));
    assert!(branch.at.unwrap() < day && map.at.unwrap() < day);
    // Run has no such retries, which choosing the row says.
    let mut settings = Settings { fail: vec![("a".into(), refused)], ..Settings::default() };
    assert!(!Primitive::WithRetry.choose(&mut settings));
    settings.fail = vec![("a".into(), Fault::Status { status: 500, after: None }.into())];
    assert!(Primitive::WithRetry.choose(&mut settings));
}

/// A row that is chosen is what Run does then.
#[test]
fn a_chosen_row_is_what_runs() {
    let (plan, scripts) = measured(&[A]);
    for primitive in Primitive::ALL {
        let mut settings = Settings { limit: NonZeroUsize::new(2), ..Settings::default() };
        if primitive == Primitive::WaitFor {
            settings.run_timeout = Some(ms(250));
        }
        let row = of(primitive, &[A], settings.parallel(&plan));
        let does_it = primitive.choose(&mut settings);
        assert_eq!(does_it, primitive != Primitive::WithRetryAroundMap);
        let end = run(&plan, &scripts, settings.parallel(&plan)).timeline(&plan);
        let (_, expected) = &row.runs[0];
        assert_eq!(end.run().ended, expected.run().ended, "{primitive:?}");
    }
}

#[test]
fn a_row_in_words() {
    let (plan, _) = measured(&[]);
    let check = |primitive, failing: &[usize], sees: &str, siblings: &str| {
        let row = of(primitive, failing, Schedule::parallel());
        assert_eq!(row.sees_in_words(&plan), sees);
        assert_eq!(row.siblings.as_str(), siblings);
    };
    check(Primitive::Gather, &[A], "the error of a", "keep running, unused");
    check(Primitive::TaskGroup, &[A], "a group with the errors of a", "are canceled");
    let errors = "the answers, with an error in place of a and b";
    check(Primitive::JoinAll, &[A, B], errors, "run to their end");
    check(Primitive::PromiseRace, &[], "the answer of a, which came first", "keep running, unused");
    check(Primitive::Invoke, &[], "all answers", "none were running");
}

#[test]
fn a_limit_is_honored_by_some() {
    let two = crate::fixtures::width(2);
    for primitive in Primitive::ALL {
        let row = of(primitive, &[], two);
        let most = row.runs.iter().map(|(_, timeline)| timeline.max_in_flight()).max();
        let expected = if primitive.honors_limit() { 2 } else { 3 };
        let races = primitive.quorum().is_some();
        assert!(most == Some(expected) || races, "{primitive:?}: {most:?}");
    }
}

#[test]
fn what_hangs_is_waited_for_or_left() {
    let (plan, mut scripts) = measured(&[A]);
    scripts[C].fault = Some(Fault::Hang.into());
    let of = |primitive| row(primitive, &plan, &State::new(), &scripts, Schedule::parallel());
    let settled = of(Primitive::PromiseAllSettled);
    assert_eq!((settled.sees, settled.at), (Sees::Never, None));
    let gather = of(Primitive::Gather);
    assert_eq!((gather.sees, gather.at), (raised(A), Some(ms(100))));
}

#[test]
fn without_a_failure_all_see_the_answers() {
    let (plan, scripts) = measured(&[]);
    for row in rows(&plan, &State::new(), &scripts, Schedule::parallel()) {
        let races = row.primitive.quorum().is_some();
        let (sees, at) = match races {
            true => (Sees::First(A), 100),
            false => (Sees::Answers, 300),
        };
        assert_eq!((&row.sees, row.at), (&sees, Some(ms(at))), "{:?}", row.primitive);
        assert_eq!(row.calls, 4);
        assert_eq!(row.wasted, if races { ms(300) } else { Duration::ZERO });
    }
}

proptest! {
    /// Over any pipeline and fault: a primitive's run is the engine's under its policy, the books are
    /// balanced, and the answers that survive were there in time.
    #[test]
    fn every_row_is_a_run(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let settings = Schedule { width, ..Schedule::parallel() };
        for row in rows(pipeline, &State::new(), scripts, settings) {
            let conditions = row.primitive.conditions(settings);
            let (_, first) = &row.runs[0];
            let own = run(pipeline, scripts, conditions.schedule).timeline(pipeline);
            prop_assert_eq!(&first.run().ended, &own.run().ended);
            prop_assert!(row.runs.len() == 1 || row.primitive == Primitive::WithRetryAroundMap);
            let (began, last) = row.runs.last().unwrap();
            for agent in &row.survivors {
                let lane = &last.lanes()[*agent];
                prop_assert_eq!(lane.phase(), Phase::Done);
                let end = *began + Duration::from_micros(lane.end().unwrap().as_micros());
                prop_assert!(Some(end) <= row.at);
            }
            if row.primitive.on_failure() == OnFailure::Cancel {
                prop_assert_eq!(row.wasted, Duration::ZERO);
            }
            prop_assert_eq!(row.at.is_none(), row.sees == Sees::Never);
        }
    }
}
