//! A second call of an agent that does not answer: what it wins, what it costs, and what it never does.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use converge::clock::{Clock, VirtualClock};
use converge::config::spent;
use converge::engine::{self, Hedge, OnFailure, Schedule, Timeouts};
use converge::model::{Chunk, FinishReason, Model, ModelError, Prompt, Usage};
use converge::pipeline::{Pipeline, Work};
use converge::state::State;
use converge::timeline::{Phase, Timeline};
use converge::trace::{EventKind, Outcome, Trace};
use futures::StreamExt;
use futures::stream::{self, LocalBoxStream};
use proptest::prelude::*;

use crate::fixtures::{Case, at_ms, cases, check_log, hedges, ms, pipeline, policies, widths};

/// What one call comes to: when it is over, and how.
type Drawn = (Duration, Result<(), u16>);

/// A model whose calls each take their own time: the calls of an agent in order, the last one again
/// and again. Every call says in its answer which one it is, and costs ten tokens when it has begun
/// to answer, half-way.
struct Draws<D> {
    draw: D,
    clock: VirtualClock,
    calls: RefCell<Vec<usize>>,
}

impl<D: Fn(usize, usize) -> Drawn> Model for Draws<D> {
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        let mut calls = self.calls.borrow_mut();
        let agents = calls.len().max(prompt.agent + 1);
        calls.resize(agents, 0);
        calls[prompt.agent] += 1;
        let call = calls[prompt.agent];
        let (length, result) = (self.draw)(prompt.agent, call);
        let usage = Usage { input_tokens: 3, output_tokens: 7, thinking_tokens: 0 };
        let end = match result {
            Ok(()) => Ok(Chunk::Finish(FinishReason::Stop)),
            Err(status) => Err(ModelError::status(status, "")),
        };
        let chunks = vec![
            (length / 2, Ok(Chunk::Usage(usage))),
            (length / 2, Ok(Chunk::Text(format!("call {call}")))),
            (length, end),
        ];
        let began = self.clock.now();
        stream::iter(chunks)
            .then(move |(after, chunk)| async move {
                self.clock.sleep((began + after).since(self.clock.now())).await;
                chunk
            })
            .boxed_local()
    }
}

struct Ran {
    trace: Trace,
    outcome: Outcome,
    calls: usize,
}

impl Ran {
    fn timeline(&self, plan: &Pipeline) -> Timeline {
        Timeline::at(&self.trace, plan.agents().len(), self.trace.end())
    }
}

fn run(plan: &Pipeline, schedule: Schedule, draw: impl Fn(usize, usize) -> Drawn) -> Ran {
    let clock = VirtualClock::new();
    let model = Draws { draw, clock: clock.clone(), calls: RefCell::default() };
    let trace = RefCell::new(Trace::new());
    let ran = engine::run(plan, State::new(), schedule, &clock, &model, &trace);
    let outcome = clock.run(ran).outcome;
    let calls = model.calls.borrow().iter().sum();
    let trace = trace.into_inner();
    check_log(plan, &trace, schedule.width);
    Ran { trace, outcome, calls }
}

fn after(millis: u64) -> Schedule {
    let hedge = Some(Hedge { after: ms(millis), agent: None });
    Schedule { hedge, ..Schedule::parallel() }
}

/// One agent whose first call and whose second one come to that.
fn alone(schedule: Schedule, first: Drawn, second: Drawn) -> (Ran, Timeline) {
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let ran = run(&plan, schedule, |_, call| if call == 1 { first } else { second });
    let timeline = ran.timeline(&plan);
    (ran, timeline)
}

#[test]
fn the_second_call_answers_first() {
    let (ran, timeline) = alone(after(300), (ms(2000), Ok(())), (ms(400), Ok(())));
    let lane = &timeline.lanes()[0];
    assert_eq!((lane.end(), ran.calls), (Some(at_ms(700)), 2));
    assert_eq!((lane.text.as_str(), lane.phase()), ("call 2", Phase::Done));
    let second = lane.second.as_ref().unwrap();
    assert_eq!((second.started, second.phase()), (Some(at_ms(300)), Phase::Done));
    // The first call had said nothing by then: its half is at 1 s.
    assert_eq!((second.text.as_str(), second.usage), ("", None));
    assert_eq!(lane.first, Some(at_ms(500)));
}

#[test]
fn the_first_call_answers_first() {
    let (ran, timeline) = alone(after(300), (ms(600), Ok(())), (ms(400), Ok(())));
    let lane = &timeline.lanes()[0];
    assert_eq!((lane.end(), ran.calls), (Some(at_ms(600)), 2));
    assert_eq!(lane.text, "call 1");
    let second = lane.second.as_ref().unwrap();
    assert_eq!((second.end(), second.phase()), (Some(at_ms(600)), Phase::Cancelled));
    assert_eq!(second.text, "call 2");
    // Both are in the bill.
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let bill = spent(&plan, &timeline);
    assert_eq!((bill.calls, bill.total.output_tokens), (2, 14));
}

/// An answer that comes when the time is up is an answer in time.
#[test]
fn no_second_call_is_made_for_an_answer_in_time() {
    for length in [299, 300] {
        let (ran, timeline) = alone(after(300), (ms(length), Ok(())), (ms(1), Ok(())));
        assert_eq!(ran.calls, 1);
        assert_eq!(timeline.lanes()[0].second, None);
    }
}

#[test]
fn one_of_the_two_may_fail() {
    // The second one fails, and the first one answers as it would have.
    let (_, timeline) = alone(after(300), (ms(900), Ok(())), (ms(100), Err(500)));
    let lane = &timeline.lanes()[0];
    assert_eq!((lane.end(), lane.text.as_str()), (Some(at_ms(900)), "call 1"));
    assert_eq!(lane.second.as_ref().unwrap().phase(), Phase::Failed);
    // The first one fails, and the second one is waited for.
    let (ran, timeline) = alone(after(300), (ms(400), Err(500)), (ms(400), Ok(())));
    let lane = &timeline.lanes()[0];
    assert_eq!((lane.end(), lane.text.as_str()), (Some(at_ms(700)), "call 2"));
    assert_eq!(ran.outcome, Outcome::Done);
    // Both fail: the error is the first call's.
    let (ran, timeline) = alone(after(300), (ms(400), Err(503)), (ms(400), Err(400)));
    assert_eq!(ran.outcome, Outcome::Failed(ModelError::status(503, "")));
    assert_eq!(timeline.lanes()[0].end(), Some(at_ms(700)));
}

/// A server that refuses calls for being too many is not asked twice.
#[test]
fn a_rate_limit_ends_all_hedging() {
    let (plan, _) = pipeline(&[("a", &["topic"], 0), ("b", &["topic"], 0)]);
    let schedule = Schedule { on_failure: OnFailure::Collect, ..after(300) };
    let ran = run(&plan, schedule, |agent, _| match agent {
        0 => (ms(100), Err(429)),
        _ => (ms(900), Ok(())),
    });
    assert_eq!(ran.calls, 2);
}

/// As long as a call of that agent takes: the same for the same seed, whatever the schedule.
fn drawn(seed: u64, agent: usize, call: usize) -> Duration {
    let place = (agent as u64) << 32 | call as u64;
    let mut random = fastrand::Rng::with_seed(seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    // Some are slow.
    let slow = if random.u8(..) < 50 { 10 } else { 1 };
    Duration::from_micros(random.u64(1..1_000_000) * slow)
}

proptest! {
    /// Where there are slots enough, no agent ends later than without, and none is asked more than
    /// twice.
    #[test]
    fn a_hedge_is_never_later_and_costs_at_most_twice(
        case in cases(), hedge in hedges(), seed: u64, policy in policies(),
    ) {
        let Case { pipeline, .. } = &case;
        let plain = Schedule { on_failure: policy, ..Schedule::parallel() };
        let draw = |agent, call| (drawn(seed, agent, call), Ok(()));
        let without = run(pipeline, plain, draw);
        let with = run(pipeline, Schedule { hedge: Some(hedge), ..plain }, draw);
        let [before, after] = [&without, &with].map(|ran| ran.timeline(pipeline));
        prop_assert!(after.makespan() <= before.makespan());
        for (before, after) in before.lanes().iter().zip(after.lanes()) {
            prop_assert!(after.end() <= before.end());
        }
        prop_assert!(with.calls <= 2 * without.calls);
        let asks = |agent: usize| pipeline.agents()[agent].work == Work::Model;
        for (agent, lane) in after.lanes().iter().enumerate() {
            let Some(second) = &lane.second else { continue };
            prop_assert!(asks(agent) && hedge.is_for(agent));
            prop_assert_eq!(second.started.unwrap() - lane.started.unwrap(), hedge.after);
            // The answer is the one that came first.
            let [first, other] = [1, 2].map(|call| drawn(seed, agent, call));
            let took = lane.duration(after.cursor());
            prop_assert_eq!(took, first.min(hedge.after + other));
            let winner = if first <= hedge.after + other { "call 1" } else { "call 2" };
            prop_assert_eq!(lane.text.as_str(), winner);
        }
    }

    /// Whatever fails: an agent that has an answer without a hedge has one with it, and no later; the
    /// books are balanced at every width.
    #[test]
    fn a_hedge_loses_no_answer(
        case in cases(), hedge in hedges(), seed: u64, width in widths(), patience in 0..3_u64,
    ) {
        let Case { pipeline, .. } = &case;
        let timeouts = Timeouts::of_each_read(ms(1 + patience * 2000));
        let plain = Schedule { on_failure: OnFailure::Collect, timeouts, ..Schedule::parallel() };
        let draw = |agent: usize, call| {
            let fails = drawn(!seed, agent, call).as_micros().is_multiple_of(3);
            (drawn(seed, agent, call), if fails { Err(500) } else { Ok(()) })
        };
        let without = run(pipeline, plain, draw);
        let with = run(pipeline, Schedule { hedge: Some(hedge), ..plain }, draw);
        let [before, after] = [&without, &with].map(|ran| ran.timeline(pipeline));
        for (agent, lane) in before.lanes().iter().enumerate() {
            // An agent that reads others may begin later, when one that had failed has answered.
            if lane.phase() == Phase::Done && pipeline.needs(agent).is_empty() {
                prop_assert_eq!(after.lanes()[agent].phase(), Phase::Done);
                prop_assert!(after.lanes()[agent].end() <= lane.end());
            }
        }
        let narrow = run(pipeline, Schedule { hedge: Some(hedge), width, ..plain }, draw);
        let bill = spent(pipeline, &narrow.timeline(pipeline));
        prop_assert_eq!(bill.calls, narrow.calls);
        let count = |wanted: fn(&EventKind) -> bool| {
            narrow.trace.events().iter().filter(|event| wanted(&event.kind)).count()
        };
        let made = count(|kind| *kind == EventKind::Hedge);
        let lanes = narrow.timeline(pipeline);
        let over = lanes.lanes().iter().filter_map(|lane| lane.second.as_ref());
        prop_assert_eq!(made, over.filter(|second| second.ended.is_some()).count());
    }
}

/// Dropping the loser ends its stream: that is what ends a live call on the wire.
#[test]
fn the_loser_is_dropped() {
    struct Counted(Rc<RefCell<usize>>);
    impl Drop for Counted {
        fn drop(&mut self) {
            *self.0.borrow_mut() += 1;
        }
    }
    struct Watched {
        clock: VirtualClock,
        dropped: Rc<RefCell<usize>>,
        calls: RefCell<u64>,
    }
    impl Model for Watched {
        fn generate<'a>(&'a self, _: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
            *self.calls.borrow_mut() += 1;
            let length = if *self.calls.borrow() == 1 { ms(1_000_000) } else { ms(200) };
            let (sleep, guard) = (self.clock.sleep(length), Counted(self.dropped.clone()));
            stream::once(async move {
                let _guard = guard;
                sleep.await;
                Ok(Chunk::Text("here".into()))
            })
            .boxed_local()
        }
    }
    let (plan, _) = pipeline(&[("a", &["topic"], 0), ("b", &["a"], 0)]);
    let clock = VirtualClock::new();
    let dropped = Rc::new(RefCell::new(0));
    let model = Watched { clock: clock.clone(), dropped: dropped.clone(), calls: 0.into() };
    let trace = RefCell::new(Trace::new());
    let hedge = Some(Hedge { after: ms(300), agent: Some(0) });
    let schedule = Schedule { hedge, ..Schedule::parallel() };
    let run = engine::run(&plan, State::new(), schedule, &clock, &model, &trace);
    // At 0.6 s the second call has won, and the next agent's call, the third one, is out.
    assert!(clock.run_while(run, |deadline| deadline <= at_ms(600)).is_none());
    let won = |kind: &EventKind| matches!(kind, EventKind::Hedged(_));
    let at = trace.borrow().events().iter().find(|event| won(&event.kind)).map(|event| event.at);
    assert_eq!(at, Some(at_ms(500)));
    assert!(*dropped.borrow() >= 2);
}
