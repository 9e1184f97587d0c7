//! Limits: how many calls at once after a refusal, and how long anything may take.

use converge::engine::{OnFailure, Schedule, Timeouts};
use converge::model::ModelError;
use converge::timeline::Phase;
use converge::timeline::text::text;
use converge::trace::Outcome;

use crate::fixtures::{at_ms, check_log, ms, pipeline, run, script, width};
use crate::retries::{alone, attempts, check, refusal};

/// Three are out besides the one that is refused, so three may be out from then on: the branch
/// that was queued starts later, and so does the attempt that comes back.
#[test]
fn a_refusal_lowers_the_limit() {
    let (plan, mut scripts) = pipeline(&[
        ("a", &["topic"], 1000),
        ("b", &["topic"], 1000),
        ("c", &["topic"], 500),
        ("d", &["topic"], 1000),
    ]);
    scripts[1].fault = Some(refusal(429, 200, 1, Some(100)));
    let schedule = Schedule { width: width(3).width, ..attempts(2) };
    let ran = run(&plan, &scripts, schedule);
    check_log(&plan, &ran.trace, schedule.width);
    let timeline = ran.timeline(&plan);
    let picture = text(&plan, &timeline, ms(100));
    let expected = "\
a ##########
b #/~..##########
c #####
d ..........##########
  2.0 s
";
    assert_eq!(picture, expected, "\n{picture}");
    let limits: Vec<_> = timeline.limits().iter().map(|(at, n)| (*at, n.get())).collect();
    assert_eq!(limits, [(at_ms(200), 2)]);
    // Another error says nothing about how many are too many.
    scripts[1].fault = Some(refusal(503, 200, 1, Some(100)));
    assert_eq!(run(&plan, &scripts, schedule).timeline(&plan).limits(), []);
}

/// Everyone is refused at once: one at a time is what is left, and all are answered.
#[test]
fn a_burst_of_refusals_ends_one_at_a_time() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let agents = names.map(|name| (name, &["topic"][..], 300));
    let (plan, mut scripts) = pipeline(&agents);
    scripts.iter_mut().for_each(|script| script.fault = Some(refusal(429, 100, 1, None)));
    let ran = run(&plan, &scripts, attempts(2));
    check_log(&plan, &ran.trace, attempts(2).width);
    let timeline = ran.timeline(&plan);
    assert_eq!(timeline.limits().last().unwrap().1.get(), 1);
    assert_eq!(ran.result.unwrap().outcome, Outcome::Done);
    // Calls after their waits, one after the other.
    let mut second: Vec<_> = (timeline.lanes().iter())
        .map(|lane| (lane.failed[0].resumed.unwrap(), lane.end().unwrap()))
        .collect();
    second.sort();
    assert!(second.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{second:?}");
}

#[test]
fn a_run_has_its_own_time() {
    let timeouts = Timeouts { run: Some(ms(1000)), ..Timeouts::default() };
    let ran = check(
        &[],
        Schedule { timeouts, ..Schedule::parallel() },
        "
news      ##########x
stock     #########
social    #######
internal  ##########x
synthesis           -
          1.0 s
",
    );
    let late = ModelError::RunTooLong { after: ms(1000) };
    assert_eq!(ran.result.unwrap().outcome, Outcome::Failed(late.clone()));
    // Whatever becomes of failures, time is up for everyone.
    let collect = Schedule { on_failure: OnFailure::Collect, ..attempts(3) };
    let (ran, timeline) = alone(refusal(503, 100, 1, Some(5000)), Schedule { timeouts, ..collect });
    assert_eq!(ran.result.unwrap().outcome, Outcome::Failed(late));
    assert_eq!(timeline.lanes()[0].phase(), Phase::Cancelled);
    // And a run that is quick enough does not hear of it.
    let timeouts = Timeouts { run: Some(ms(1001)), ..Timeouts::default() };
    let (plan, scripts) = pipeline(&[("a", &["topic"], 1000)]);
    let ran = run(&plan, &scripts, Schedule { timeouts, ..Schedule::parallel() });
    assert_eq!((ran.result.unwrap().outcome, ran.trace.end()), (Outcome::Done, at_ms(1000)));
}

#[test]
fn the_first_piece_and_the_next_have_their_own_time() {
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    // Silence takes three seconds, and each of five chunks 1.4.
    let scripts = [script(ms(10_000), "one two three four five six seven eight nine ten")];
    let outcome = |first, between| {
        let timeouts = Timeouts { first: Some(ms(first)), between: Some(ms(between)), run: None };
        let ran = run(&plan, &scripts, Schedule { timeouts, ..Schedule::parallel() });
        ran.result.unwrap().outcome
    };
    let late =
        |after, mid_answer| Outcome::Failed(ModelError::TimedOut { after: ms(after), mid_answer });
    assert_eq!(outcome(3001, 1401), Outcome::Done);
    assert_eq!(outcome(2999, 1401), late(2999, false));
    assert_eq!(outcome(3001, 1399), late(1399, true));
}
