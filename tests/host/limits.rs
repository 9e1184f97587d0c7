//! Limits: how many calls at once after a refusal, and how long anything may take.

use std::cell::RefCell;

use converge::clock::{Clock, VirtualClock};
use converge::config::Settings;
use converge::engine::{self, OnFailure, Schedule, Timeouts};
use converge::model::{Chunk, FinishReason, Model, ModelError, Prompt};
use converge::state::State;
use converge::timeline::text::text;
use converge::timeline::{Phase, Timeline, sentences};
use converge::trace::{Outcome, Trace};
use futures::stream::{self, LocalBoxStream, StreamExt};

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

/// A model whose call is refused after 0.9 s, and which has sent it again in another form.
struct Resending(VirtualClock);

impl Model for Resending {
    fn generate<'a>(&'a self, _: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        let resent = Chunk::Resent(ModelError::status(400, "no temperature"));
        let pieces = [
            (900, resent),
            (900, Chunk::Text("So".into())),
            (100, Chunk::Finish(FinishReason::Stop)),
        ];
        let after = move |(wait, chunk)| async move {
            self.0.sleep(ms(wait)).await;
            Ok(chunk)
        };
        stream::iter(pieces).then(after).boxed_local()
    }
}

/// It is told as a try, takes none away, and has the time of a first piece anew.
#[test]
fn a_call_that_is_sent_again_has_its_time_anew() {
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let timeouts = Timeouts { first: Some(ms(1000)), between: Some(ms(200)), run: None };
    let schedule = Schedule { timeouts, ..Schedule::parallel() };
    let (clock, trace) = (VirtualClock::new(), RefCell::new(Trace::new()));
    let model = Resending(clock.clone());
    let result = clock.run(engine::run(&plan, State::new(), schedule, &clock, &model, &trace));
    assert_eq!(result.outcome, Outcome::Done);
    let trace = trace.into_inner();
    check_log(&plan, &trace, schedule.width);
    let timeline = Timeline::at(&trace, 1, trace.end());
    let lane = &timeline.lanes()[0];
    let [refused] = &lane.failed[..] else { panic!("{:?}", lane.failed) };
    assert_eq!(refused.error, ModelError::status(400, "no temperature"));
    assert_eq!((refused.failed, refused.retry_at), (at_ms(900), at_ms(900)));
    assert_eq!(refused.resumed, Some(at_ms(900)));
    assert_eq!((lane.text.as_str(), lane.end()), ("So", Some(at_ms(1900))));
    let told = "Attempt 1 failed after 0.9 s: the server answered with error 400: no temperature. It \
                was sent again at once without the refused part.";
    assert_eq!(sentences::thrown_away(lane, 1).as_deref(), Some(told));
}

#[test]
fn a_live_run_is_refused_where_it_is_too_wide() {
    let check = |address: &str, said: Option<&str>| {
        let (settings, notes) = Settings::read("", &format!("preset=fanout&{address}"));
        assert_eq!(notes, [""; 0], "{address}");
        let told = settings.too_wide(&settings.build().pipeline);
        assert_eq!(told.as_deref(), said, "{address}");
    };
    let refused = |calls: &str| {
        format!(
            "{calls} calls at once are more than browsers and APIs allow: set a \
             concurrency limit of at most 500."
        )
    };
    check("n=10000&provider=openai", Some(&refused("10,000")));
    check("n=501&provider=openai", Some(&refused("501")));
    check("n=10000&provider=openai&limit=900", Some(&refused("900")));
    check("n=10000&provider=openai&limit=20", None);
    check("n=500&provider=openai", None);
    // One after the other they are no crowd, and a simulated model takes any.
    check("n=10000&provider=openai&schedule=sequential", None);
    check("n=10000", None);
}
