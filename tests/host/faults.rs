//! Failure: what it does to the others under each policy, over random pipelines and in pictures.

use std::num::NonZeroUsize;

use converge::engine::{OnFailure, Schedule, Timeouts};
use converge::model::ModelError;
use converge::pipeline::Work;
use converge::presets::{PresetId, preset};
use converge::simulate::Fault;
use converge::template::Part;
use converge::time::Instant;
use converge::timeline::text::text;
use converge::trace::{EventKind, Outcome};
use proptest::prelude::*;

use crate::fixtures::{
    Case, Ran, agent, check_log, ends, faulty_cases, key, ms, run, script, starts, widths,
};

/// Every read may take that long, so that whoever hangs ends too.
fn schedule(width: NonZeroUsize, on_failure: OnFailure) -> Schedule {
    Schedule {
        width,
        on_failure,
        timeouts: Timeouts::of_each_read(ms(60_000)),
        ..Schedule::parallel()
    }
}

/// The first failure in the log.
fn first_failure(ran: &Ran) -> Option<(Instant, usize, ModelError)> {
    ran.trace.events().iter().find_map(|event| match (&event.kind, event.span.agent_index()) {
        (EventKind::End(Outcome::Failed(error)), Some(agent)) => {
            Some((event.at, agent, error.clone()))
        }
        _ => None,
    })
}

fn run_outcome(ran: &Ran) -> Outcome {
    let outcome = ran.result.as_ref().unwrap().outcome.clone();
    let last = &ran.trace.events().last().unwrap().kind;
    assert_eq!(*last, EventKind::End(outcome.clone()), "the log and the result agree");
    outcome
}

proptest! {
    #[test]
    fn the_first_failure_cancels_everyone_else(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let ran = run(pipeline, scripts, schedule(width, OnFailure::Cancel));
        check_log(pipeline, &ran.trace, width);
        let Some((failed_at, failed, error)) = first_failure(&ran) else {
            prop_assert_eq!(run_outcome(&ran), Outcome::Done);
            return Ok(());
        };
        prop_assert_eq!(run_outcome(&ran), Outcome::Failed(error));
        prop_assert_eq!(ran.trace.end(), failed_at, "the run ends with its first failure");
        let (starts, ends) = (starts(pipeline, &ran.trace), ends(pipeline, &ran.trace));
        let queued: Vec<bool> = ran.timeline(pipeline).lanes().iter().map(|l| l.queued.is_some()).collect();
        for (agent, end) in ends.iter().enumerate() {
            let (at, outcome) = end.as_ref().unwrap();
            match outcome {
                Outcome::Done => prop_assert!(*at <= failed_at),
                Outcome::Failed(_) => prop_assert_eq!(agent, failed, "one failure is the last"),
                Outcome::Kept | Outcome::FellBack(_) | Outcome::Orphaned => {
                    prop_assert!(false, "nobody could");
                }
                Outcome::Cancelled => {
                    prop_assert!(queued[agent], "what could not have run is skipped");
                    prop_assert_eq!(*at, failed_at);
                }
                Outcome::Skipped { needs } => {
                    prop_assert!(starts[agent].is_none() && !queued[agent]);
                    prop_assert!(!needs.is_empty());
                    for need in needs {
                        prop_assert!(pipeline.needs(agent).contains(need));
                        let (_, outcome) = ends[*need].as_ref().unwrap();
                        prop_assert!(*outcome != Outcome::Done, "it lacked only what is missing");
                    }
                }
            }
        }
        // Nobody begins after it: the failure is followed by ends only.
        let after = ran.trace.events().iter().skip_while(|event| !matches!(event.kind, EventKind::End(Outcome::Failed(_))));
        for event in after {
            prop_assert!(matches!(event.kind, EventKind::End(_)), "{:?}", event);
        }
    }

    #[test]
    fn everyone_else_goes_on_when_failures_are_collected(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let ran = run(pipeline, scripts, schedule(width, OnFailure::Collect));
        check_log(pipeline, &ran.trace, width);
        let (starts, ends) = (starts(pipeline, &ran.trace), ends(pipeline, &ran.trace));
        let done = |agent: &usize| matches!(ends[*agent], Some((_, Outcome::Done)));
        for agent in 0..case.len() {
            let needs = pipeline.needs(agent);
            // What a pass-through hands on counts only where there is nothing else to read.
            let asks = |need: &&usize| pipeline.agents()[**need].work == Work::Model;
            let findings: Vec<&usize> = match needs.iter().any(|need| asks(&need)) {
                true => needs.iter().filter(asks).collect(),
                false => needs.iter().collect(),
            };
            let could_run = needs.is_empty() || findings.into_iter().any(done);
            prop_assert_eq!(starts[agent].is_some(), could_run);
            let (_, outcome) = ends[agent].as_ref().unwrap();
            match outcome {
                Outcome::Skipped { needs: lacks } => {
                    prop_assert!(!could_run);
                    prop_assert_eq!(lacks.as_slice(), needs);
                }
                Outcome::Done => prop_assert!(could_run && scripts[agent].fault.is_none()),
                Outcome::Failed(_) => prop_assert!(scripts[agent].fault.is_some()),
                _ => prop_assert!(false, "nobody is"),
            }
        }
        let answered = (0..case.len()).filter(|agent| pipeline.is_final(*agent)).all(|agent| done(&agent));
        match first_failure(&ran) {
            Some((_, _, error)) if !answered => {
                prop_assert_eq!(run_outcome(&ran), Outcome::Failed(error));
            }
            _ => prop_assert_eq!(run_outcome(&ran), Outcome::Done),
        }
        // The state holds the answers that there are, and no others.
        let state = ran.result.as_ref().unwrap().state.clone();
        for agent in 0..case.len() {
            let written = state.get(&pipeline.agents()[agent].output_key).is_some();
            prop_assert_eq!(written, done(&agent));
        }
    }

    /// Whoever runs without something it reads is told so in its prompt, unless it can do without.
    #[test]
    fn gaps_are_visible_in_the_prompt(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let ran = run(pipeline, scripts, schedule(width, OnFailure::Collect));
        let state = ran.result.as_ref().unwrap().state.clone();
        for prompt in &ran.prompts {
            let agent = &pipeline.agents()[prompt.agent];
            for (template, text) in [(&agent.instruction, &prompt.system), (&agent.prompt, &prompt.user)] {
                let expected: String = template.parts().iter().map(|part| match part {
                    Part::Text(text) => text.clone(),
                    Part::Hole { key, optional } => match (state.get(key), optional) {
                        (Some(text), _) => text.to_string(),
                        (None, true) => String::new(),
                        (None, false) => {
                            format!("[{key} is missing: the agent that writes it gave no answer]")
                        }
                    },
                }).collect();
                prop_assert_eq!(text, &expected);
            }
        }
    }
}

/// The company, with something wrong.
fn check(faults: &[(&str, Fault)], schedule: Schedule, expected: &str) -> Ran {
    let preset = preset(PresetId::Company, 1);
    let mut scripts = preset.scripts;
    for (name, fault) in faults {
        scripts[preset.pipeline.find(name).unwrap()].fault = Some((*fault).into());
    }
    let ran = run(&preset.pipeline, &scripts, schedule);
    let picture = text(&preset.pipeline, &ran.timeline(&preset.pipeline), ms(100));
    assert_eq!(picture, expected.trim_start_matches('\n'), "\n{picture}");
    ran
}

const STOCK_FAILS: (&str, Fault) =
    ("stock", Fault::Status { status: 500, after: Some(ms_const(400)) });

const fn ms_const(millis: u64) -> std::time::Duration {
    std::time::Duration::from_millis(millis)
}

#[test]
fn the_siblings_of_a_failure_are_cancelled() {
    let ran = check(
        &[STOCK_FAILS],
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
    let lacks = Outcome::Skipped { needs: vec![0, 1, 2, 3] };
    let preset = preset(PresetId::Company, 1);
    assert_eq!(ends(&preset.pipeline, &ran.trace)[4].as_ref().unwrap().1, lacks);
}

#[test]
fn the_siblings_of_a_failure_go_on_when_it_is_collected() {
    let ran = check(
        &[STOCK_FAILS],
        Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() },
        "
news      ############
stock     ####!
social    #######
internal  ###############
synthesis                ########
          2.3 s
",
    );
    let prompt = &ran.prompts.last().unwrap().user;
    let mark = "Stock: [stock is missing: the agent that writes it gave no answer]";
    assert!(prompt.contains(mark), "{prompt}");
    assert_eq!(run_outcome(&ran), Outcome::Done);
}

#[test]
fn a_queue_is_cancelled_too() {
    check(
        &[STOCK_FAILS],
        crate::fixtures::width(2),
        "
news      ####x
stock     ####!
social    ....x
internal  ....x
synthesis     -
          0.4 s
",
    );
}

#[test]
fn one_that_hangs_ends_at_the_timeout() {
    let ran = check(
        &[("news", Fault::Hang)],
        Schedule { timeouts: Timeouts::of_each_read(ms(2000)), ..Schedule::parallel() },
        "
news      ####################!
stock     #########
social    #######
internal  ###############
synthesis                     -
          2.0 s
",
    );
    let error = ModelError::TimedOut { after: ms(2000), mid_answer: false };
    assert_eq!(run_outcome(&ran), Outcome::Failed(error));
}

/// Each read has the whole time again: a long answer that keeps coming is not late.
#[test]
fn the_timeout_is_for_each_read() {
    let (pipeline, _) = crate::fixtures::pipeline(&[("a", &["topic"], 0)]);
    let scripts = [script(ms(10_000), "one two three four five six seven eight nine ten")];
    let timed =
        |millis| Schedule { timeouts: Timeouts::of_each_read(ms(millis)), ..Schedule::parallel() };
    // Silence takes three seconds, and each of five chunks 1.4.
    assert_eq!(run_outcome(&run(&pipeline, &scripts, timed(3001))), Outcome::Done);
    let late = ModelError::TimedOut { after: ms(2999), mid_answer: false };
    assert_eq!(run_outcome(&run(&pipeline, &scripts, timed(2999))), Outcome::Failed(late));
}

#[test]
fn one_that_hangs_without_a_timeout_is_cancelled_when_the_run_is_dropped() {
    let ran = check(
        &[("news", Fault::Hang)],
        Schedule::parallel(),
        "
news      ###############x
stock     #########
social    #######
internal  ###############
synthesis                x
          1.5 s
",
    );
    assert!(ran.result.is_none());
}

/// On the wire first: when the log says that a call was cancelled, its request is gone.
#[test]
fn a_cancelled_call_is_abandoned_before_it_is_logged() {
    use converge::clock::VirtualClock;
    use converge::model::{Chunk, Model, Prompt};
    use converge::state::State;
    use futures::stream::{self, LocalBoxStream, StreamExt};
    use std::cell::RefCell;
    use std::rc::Rc;

    /// The last agent fails at once, the others hang; each call notes that it was dropped.
    struct Wire(Rc<RefCell<Vec<usize>>>);
    struct Call(Rc<RefCell<Vec<usize>>>, usize);

    impl Drop for Call {
        fn drop(&mut self) {
            self.0.borrow_mut().push(self.1);
        }
    }

    impl Model for Wire {
        fn generate<'a>(
            &'a self,
            prompt: &'a Prompt,
        ) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
            let call = Call(self.0.clone(), prompt.agent);
            if prompt.agent == 2 {
                return stream::iter([Err(ModelError::Cut)]).boxed_local();
            }
            stream::pending()
                .inspect(move |_| {
                    let _ = &call;
                })
                .boxed_local()
        }
    }

    /// Looks at the wire whenever something ends.
    struct Watch(Rc<RefCell<Vec<usize>>>, RefCell<Vec<(usize, bool)>>);

    impl converge::trace::Sink for Watch {
        fn emit(&self, event: converge::trace::Event) {
            if let (EventKind::End(Outcome::Cancelled), Some(agent)) =
                (event.kind, event.span.agent_index())
            {
                self.1.borrow_mut().push((agent, self.0.borrow().contains(&agent)));
            }
        }
    }

    let (pipeline, _) = crate::fixtures::pipeline(&[
        ("a", &["topic"], 0),
        ("b", &["topic"], 0),
        ("c", &["topic"], 0),
    ]);
    let dropped = Rc::new(RefCell::new(Vec::new()));
    let watch = Watch(dropped.clone(), RefCell::default());
    let clock = VirtualClock::new();
    let model = Wire(dropped);
    let run = converge::engine::run(
        &pipeline,
        State::new(),
        Schedule::parallel(),
        &clock,
        &model,
        &watch,
    );
    clock.run(run);
    assert_eq!(watch.1.into_inner(), [(0, true), (1, true)]);
}

/// What was in the state under an agent's key before the run is not that agent's answer.
#[test]
fn a_leftover_is_not_an_answer() {
    use converge::clock::VirtualClock;
    use converge::pipeline::Pipeline;
    use converge::simulate::SimulatedModel;
    use converge::state::State;
    use converge::trace::Trace;

    let agents = vec![agent("a", "{topic}", "a"), agent("b", "{a}", "b")];
    let pipeline = Pipeline::new(vec![key("topic")], agents).unwrap();
    let mut scripts = vec![script(ms(10), "new"), script(ms(10), "{a}")];
    scripts[0].fault = Some(Fault::Cut { after: None }.into());
    let clock = VirtualClock::new();
    let model = SimulatedModel::new(scripts, std::rc::Rc::new(clock.clone()));
    let trace = std::cell::RefCell::new(Trace::new());
    let mut inputs = State::new();
    for name in ["topic", "a", "b"] {
        inputs.set(key(name), "old");
    }
    let collect = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let run = converge::engine::run(&pipeline, inputs, collect, &clock, &model, &trace);
    let result = clock.run(run);
    assert_eq!(result.outcome, Outcome::Failed(ModelError::Cut));
    assert_eq!(result.state.get(&key("a")), None);
}
