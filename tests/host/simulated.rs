//! The simulated model: what it says, when, and what can go wrong with it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::time::Duration;

use converge::clock::{Clock, VirtualClock};
use converge::engine::{self, Retry, Schedule, Timeouts};
use converge::model::{Chunk, FinishReason, Model, ModelError, Prompt};
use converge::simulate::{
    Fault, Script, SimulatedModel, predict, predict_in_parts, scripts_of, without_text,
};
use converge::state::State;
use converge::timeline::{Phase, Timeline};
use converge::trace::{EventKind, Trace};
use futures::{FutureExt, StreamExt};
use proptest::prelude::*;

use crate::fixtures::{cases, faulty_cases, key, ms, policies, run, script, widths};

type Heard = Vec<(Duration, Result<Chunk, ModelError>)>;

/// Everything one call says and when, counted from the call; the clock does not stand at zero.
fn hear(script: Script, reads: &[(&str, Option<&str>)]) -> Heard {
    let clock = VirtualClock::new();
    clock.run(clock.sleep(ms(777)));
    let began = clock.now();
    let model = SimulatedModel::new(vec![script], Rc::new(clock.clone()));
    let reads = reads.iter().map(|(name, text)| (key(name), text.map(Into::into))).collect();
    let prompt = Prompt { reads, ..Prompt::default() };
    let mut heard = Vec::new();
    let listen = async {
        let mut chunks = model.generate(&prompt);
        while let Some(chunk) = chunks.next().await {
            heard.push((clock.now() - began, chunk));
        }
    };
    let _ = clock.run_while(listen, |deadline| deadline.as_micros() < u64::MAX);
    heard
}

fn text(heard: &Heard) -> String {
    let text = |chunk: &Result<Chunk, ModelError>| match chunk {
        Ok(Chunk::Text(text)) => Some(text.clone()),
        _ => None,
    };
    heard.iter().filter_map(|(_, chunk)| text(chunk)).collect()
}

fn faults() -> impl Strategy<Value = Fault> {
    let after = || proptest::option::of((0..4_000_000_u64).prop_map(Duration::from_micros));
    prop_oneof![
        (400..600_u16, after()).prop_map(|(status, after)| Fault::Status { status, after }),
        after().prop_map(|after| Fault::Cut { after }),
        Just(Fault::Hang),
    ]
}

proptest! {
    #[test]
    fn the_pieces_are_the_answer_and_the_last_comes_when_it_should(
        micros in 0..5_000_000_u64,
        answer in "[^{}]{0,200}",
    ) {
        let latency = Duration::from_micros(micros);
        let heard = hear(script(latency, &answer), &[]);
        prop_assert_eq!(text(&heard), answer);
        let finish = Ok(Chunk::Finish(FinishReason::Stop));
        prop_assert_eq!(heard.last(), Some(&(latency, finish)));
        prop_assert!(heard.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        // Nothing for the first three tenths.
        prop_assert!(heard[0].0 + Duration::from_micros(1) >= latency.mul_f64(0.3));
    }

    #[test]
    fn a_fault_ends_the_answer_when_it_should(
        micros in 0..3_000_000_u64,
        answer in "([a-z]{1,6} ){0,20}",
        fault in faults(),
    ) {
        let latency = Duration::from_micros(micros);
        let heard = hear(Script { fault: Some(fault.into()), ..script(latency, &answer) }, &[]);
        let last = heard.last().cloned();
        match fault {
            Fault::Status { status, after } => {
                let error = ModelError::status(status, "simulated fault");
                prop_assert_eq!(heard, vec![(after.unwrap_or(latency), Err(error))]);
            }
            Fault::Cut { after } => {
                let half = Duration::from_micros(micros / 2);
                prop_assert_eq!(last, Some((after.unwrap_or(half), Err(ModelError::Cut))));
                prop_assert!(answer.starts_with(&text(&heard)));
                let errors = heard.iter().filter(|(_, chunk)| chunk.is_err()).count();
                prop_assert_eq!(errors, 1);
            }
            Fault::Hang => prop_assert_eq!(heard, vec![]),
        }
    }

    /// A prediction is the run itself: the same log to the last event, on any other clock too.
    #[test]
    fn a_prediction_is_what_happens(
        case in faulty_cases(),
        width in widths(),
        on_failure in policies(),
        head_start in 0..2_000_000_u64,
    ) {
        let schedule = Schedule { width, on_failure, timeouts: Timeouts::of_each_read(ms(60_000)), ..Schedule::parallel() };
        let mut inputs = State::new();
        inputs.set(key("topic"), "tides");
        let predicted = predict(&case.pipeline, &inputs, &case.scripts, schedule);

        let clock = VirtualClock::new();
        clock.run(clock.sleep(Duration::from_micros(head_start)));
        let model = SimulatedModel::new(case.scripts.clone(), Rc::new(clock.clone()));
        let trace = RefCell::new(Trace::new());
        clock.run(engine::run(&case.pipeline, inputs, schedule, &clock, &model, &trace));
        prop_assert_eq!(predicted, trace.into_inner());
    }

    /// Whoever says next to nothing takes as long and fails as often at the same moments, and so does
    /// everybody who waits for it. But for a tie: whether who is done at the very moment of another's
    /// failure was in time depends on whose timer was set first, and who says less sets fewer.
    #[test]
    fn a_prediction_without_text_has_the_same_moments(
        case in faulty_cases(), width in widths(), on_failure in policies(), retries in 1..4_u32,
    ) {
        let retry = Retry::up_to(NonZeroU32::new(retries).unwrap());
        let schedule = Schedule { width, on_failure, retry, ..Schedule::parallel() };
        let timeline = |scripts: &[Script]| {
            let trace = predict(&case.pipeline, &State::new(), scripts, schedule);
            (Timeline::at(&trace, case.len(), trace.end()), trace.events().len())
        };
        let (full, events) = timeline(&case.scripts);
        let (short, fewer) = timeline(&without_text(&case.scripts, schedule));
        let has_tie = |timeline: &Timeline| {
            let lanes = timeline.lanes();
            let in_phase = |phase| lanes.iter().filter(move |lane| lane.phase() == phase);
            let ended = in_phase(Phase::Failed).filter_map(|lane| lane.end());
            let tried = lanes.iter().flat_map(|lane| &lane.failed).map(|attempt| attempt.failed);
            let failed: Vec<_> = ended.chain(tried).collect();
            in_phase(Phase::Done).filter_map(|lane| lane.end()).any(|done| failed.contains(&done))
        };
        if has_tie(&full) || has_tie(&short) {
            return Ok(());
        }
        prop_assert!(fewer <= events);
        let moments = |timeline: &Timeline| -> Vec<_> {
            let lanes = timeline.lanes().iter().chain([timeline.run()]);
            lanes.map(|lane| {
                let failed = lane.failed.iter().map(|a| (a.started, a.first, a.failed, a.resumed));
                let ended = lane.ended.clone();
                (lane.queued, lane.started, lane.first, ended, failed.collect::<Vec<_>>())
            }).collect()
        };
        prop_assert_eq!(moments(&short), moments(&full));
    }

    /// In parts it is the same prediction.
    #[test]
    fn a_prediction_in_parts_is_the_same(case in faulty_cases(), width in widths()) {
        let schedule = Schedule { width, ..Schedule::parallel() };
        let (pipeline, inputs) = (&case.pipeline, State::new());
        let whole = predict(pipeline, &inputs, &case.scripts, schedule);
        let pauses = Cell::new(0);
        let pause = async || pauses.set(pauses.get() + 1);
        let parts = predict_in_parts(pipeline, &inputs, case.scripts.clone(), schedule, pause);
        let parts = parts.now_or_never().unwrap();
        let deadlines: BTreeSet<_> = parts.events().iter().map(|event| event.at).collect();
        prop_assert_eq!(parts, whole);
        prop_assert!(pauses.get() + 1 >= deadlines.len());
    }

    /// After a run at one width, what another width would have cost is known without a call.
    #[test]
    fn what_a_run_took_predicts_the_other_schedules(case in cases(), ran_at in widths(), asked in widths()) {
        let schedule = |width| Schedule { width, ..Schedule::parallel() };
        let ran = run(&case.pipeline, &case.scripts, schedule(ran_at));
        let scripts = scripts_of(&ran.timeline(&case.pipeline));
        let predicted = predict(&case.pipeline, &State::new(), &scripts, schedule(asked));
        let real = run(&case.pipeline, &case.scripts, schedule(asked));
        prop_assert_eq!(predicted.end(), real.trace.end());
    }
}

#[test]
fn a_hang_is_predicted_up_to_its_last_event() {
    let (plan, mut scripts) =
        crate::fixtures::pipeline(&[("a", &["topic"], 10), ("b", &["topic"], 20)]);
    scripts[0].fault = Some(Fault::Hang.into());
    let trace = predict(&plan, &State::new(), &scripts, Schedule::parallel());
    assert_eq!(trace.end().as_micros(), 20_000);
}

#[test]
fn an_answer_speaks_of_what_was_read() {
    let heard = hear(
        script(ms(100), "{topic}, {news} and {gap}"),
        &[("topic", Some("Tides")), ("news", Some("much news")), ("gap", None)],
    );
    assert_eq!(text(&heard), "Tides, much news and *(gap is missing)*");
}

/// Late timers do not add up: each chunk is timed from the call and not from the one before.
#[test]
fn chunks_are_timed_from_the_call() {
    /// Wakes everybody three milliseconds late.
    struct Late(VirtualClock);

    impl Clock for Late {
        fn now(&self) -> converge::time::Instant {
            self.0.now()
        }

        fn sleep(&self, length: Duration) -> futures::future::LocalBoxFuture<'static, ()> {
            self.0.sleep(length + ms(3))
        }

        fn block(&self, length: Duration) {
            self.0.block(length);
        }

        fn stopwatch(&self) -> Duration {
            Duration::ZERO
        }
    }

    let clock = VirtualClock::new();
    let words = "one two three four five six seven eight nine ten eleven twelve";
    let model = SimulatedModel::new(vec![script(ms(1000), words)], Rc::new(Late(clock.clone())));
    let prompt = Prompt::default();
    let count = clock.run(model.generate(&prompt).count());
    assert_eq!(count, 7, "six pairs of words and the finish");
    assert_eq!(clock.now().as_micros(), 1_003_000);
}

/// Ten thousand agents start at one moment of the run, and whoever else waits for the thread has it
/// several times meanwhile.
#[test]
fn a_wide_run_lets_others_in_between() {
    let agents: Vec<_> = (0..10_000).map(|at| format!("a{at}")).collect();
    let agents: Vec<_> = agents.iter().map(|name| (name.as_str(), &["topic"][..], 500)).collect();
    let (plan, scripts) = crate::fixtures::pipeline(&agents);
    let clock = VirtualClock::new();
    let model = SimulatedModel::new(scripts, Rc::new(clock.clone()));
    let trace = RefCell::new(Trace::new());
    let starts = || {
        let is_start = |kind: &EventKind| matches!(kind, EventKind::Start);
        trace.borrow().events().iter().filter(|event| is_start(&event.kind)).count()
    };
    let schedule = Schedule::parallel();
    let run = engine::run(&plan, State::new(), schedule, &clock, &model, &trace);
    let seen = RefCell::new(vec![0]);
    let pause = async || {
        // Afterwards nobody starts any more.
        if clock.now() == converge::time::Instant::ZERO {
            seen.borrow_mut().push(starts());
        }
    };
    clock.run_in_parts(run, |_| true, pause).now_or_never().unwrap().unwrap();
    let seen = seen.into_inner();
    assert!(seen.windows(2).all(|two| two[1] - two[0] <= 1_001), "{seen:?}");
    assert!(seen.len() >= 10, "{seen:?}");
    assert_eq!(starts(), 10_001);
    assert_eq!(trace.borrow().end().as_micros(), 500_000);
}
