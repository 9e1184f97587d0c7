//! What went into the prompts: the page shows what the engine sent, and who wrote it.

use std::rc::Rc;

use converge::engine::{OnFailure, Schedule};
use converge::state::State;
use converge::timeline::Timeline;
use converge::timeline::data::{Data, Piece, Writer};
use proptest::prelude::*;

use crate::fixtures::{at_ms, faulty_cases, key, pipeline, policies, run, widths};

fn inputs() -> State {
    let mut inputs = State::new();
    inputs.set(key("topic"), "tides");
    inputs
}

proptest! {
    /// What is shown of a prompt, at the moment its agent starts and ever after, is what was sent.
    #[test]
    fn what_is_shown_is_what_was_sent(
        case in faulty_cases(), width in widths(), on_failure in policies(),
    ) {
        let ran = run(&case.pipeline, &case.scripts, Schedule { width, on_failure, ..Schedule::parallel() });
        let end = ran.timeline(&case.pipeline);
        let inputs = inputs();
        for prompt in &ran.prompts {
            let agent = &case.pipeline.agents()[prompt.agent];
            let started = end.lanes()[prompt.agent].started.unwrap();
            let then = Timeline::at(&ran.trace, case.len(), started);
            for timeline in [&then, &end] {
                let data = Data::new(&case.pipeline, &inputs, timeline);
                prop_assert_eq!(&data.filled(&agent.instruction), &prompt.system);
                prop_assert_eq!(&data.filled(&agent.prompt), &prompt.user);
            }
        }
    }

    /// The state at the end is what the engine answers with.
    #[test]
    fn the_state_grows_into_the_result(case in faulty_cases(), width in widths()) {
        let schedule = Schedule { width, on_failure: OnFailure::Collect, ..Schedule::parallel() };
        let ran = run(&case.pipeline, &case.scripts, schedule);
        if let Some(result) = &ran.result {
            let (inputs, end) = (inputs(), ran.timeline(&case.pipeline));
            let mut state = State::new();
            for entry in Data::new(&case.pipeline, &inputs, &end).state(0..case.len()) {
                if let Some((_, text)) = entry.written {
                    state.set(entry.key, text);
                }
            }
            prop_assert_eq!(&state, &result.state);
        }
    }
}

#[test]
fn a_hole_until_it_is_written_and_then_who_wrote_it() {
    let (plan, scripts) =
        pipeline(&[("a", &["topic"], 100), ("b", &["topic"], 300), ("c", &["a", "b"], 100)]);
    let ran = run(&plan, &scripts, Schedule::parallel());
    let inputs = inputs();
    let pieces = |at| {
        let timeline = Timeline::at(&ran.trace, 3, at_ms(at));
        Data::new(&plan, &inputs, &timeline).pieces(&plan.agents()[2].prompt)
    };
    let text = |text: &str| Piece::Text(text.into());
    let hole = |name, place| Piece::Hole { key: key(name), writer: Writer::Agent(place) };
    let filled = |name: &str, place| Piece::Filled {
        key: key(name),
        writer: Writer::Agent(place),
        text: Rc::from(name),
    };
    assert_eq!(pieces(0), [hole("a", 0), text(" "), hole("b", 1)]);
    assert_eq!(pieces(150), [filled("a", 0), text(" "), hole("b", 1)]);
    assert_eq!(pieces(300), [filled("a", 0), text(" "), filled("b", 1)]);

    let timeline = Timeline::at(&ran.trace, 3, at_ms(150));
    let state = Data::new(&plan, &inputs, &timeline).state(0..3);
    let told: Vec<_> = (state.iter())
        .map(|entry| (entry.key.as_str(), entry.written.as_ref().map(|(at, text)| (*at, &**text))))
        .collect();
    assert_eq!(
        told,
        [
            ("topic", Some((at_ms(0), "tides"))),
            ("a", Some((at_ms(100), "a"))),
            ("b", None),
            ("c", None),
        ]
    );
    assert_eq!(state[0].writer, Writer::Reader);
    // A page of it has the inputs too; who is not there writes nothing.
    let page = Data::new(&plan, &inputs, &timeline).state(1..9);
    let keys: Vec<_> = page.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["topic", "b", "c"]);
}

#[test]
fn what_will_never_be_written_is_missing() {
    let (plan, mut scripts) =
        pipeline(&[("a", &[], 100), ("b", &[], 100), ("c", &["a", "b"], 100)]);
    scripts[0].fault = Some(converge::simulate::Fault::Status { status: 500, after: None }.into());
    let schedule = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let end = run(&plan, &scripts, schedule).timeline(&plan);
    let pieces = Data::new(&plan, &inputs(), &end).pieces(&plan.agents()[2].prompt);
    assert_eq!(pieces[0], Piece::Missing { key: key("a"), optional: false });
    assert!(matches!(pieces[2], Piece::Filled { .. }));
}
