//! Hedges and quorums in programs: where they are written, and what a program says where they are not.

use std::num::NonZeroUsize;

use converge::codegen::{Form, Language};
use converge::engine::{Hedge, Late, OnFailure, Quorum, Schedule};
use converge::pipeline::Pipeline;
use converge::simulate::Script;

use super::{fan_in, written, written_in};
use crate::fixtures::{ms, pipeline};

fn wide() -> (Pipeline, Vec<Script>) {
    pipeline(&[
        ("a", &["topic"], 200),
        ("b", &["topic"], 300),
        ("c", &["topic"], 400),
        ("end", &["a", "b", "c"], 100),
    ])
}

fn two_of_three(late: Late) -> Schedule {
    let quorum = Some(Quorum { answers: NonZeroUsize::new(2).unwrap(), join: None, late });
    Schedule { quorum, ..Schedule::parallel() }
}

/// Where a program has no hedge and no quorum, it says what it does instead.
#[test]
fn a_hedge_and_a_quorum_are_in_the_program() {
    let (pipeline, _) = wide();
    let hedge = Some(Hedge { after: ms(1500), agent: None });
    let schedule = Schedule { hedge, ..two_of_three(Late::Keep) };
    for language in Language::ALL {
        let text = written_in(*language, Form::Parallel, &pipeline, schedule).text();
        let parts = match language {
            Language::RustEngine => [
                "hedge: Some(engine::Hedge { after: Duration::from_micros(1500000), agent: None }),",
                "join: None, late: engine::Late::Keep }),",
            ],
            Language::Asyncio => {
                ["HEDGE = 1.5  # seconds", "a, b, c = await quorum(\n        2,\n"]
            }
            Language::Js => {
                ["const HEDGE = 1500; // milliseconds", "[a, b, c] = await quorum(2, [\n"]
            }
            Language::Rust => [
                "const HEDGE: Duration = Duration::from_millis(1500);",
                "[a, b, c]: [Answer; 3] = quorum(2, [\n",
            ],
            _ => [
                " The page asks an agent a second time after 1.5 s without an answer.",
                " On the page an agent that reads others starts once it has 2 answers.",
            ],
        };
        for part in parts {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        let says_so =
            text.contains("asks once and waits") || text.contains("waits for all of them");
        assert_eq!(says_so, parts[0].starts_with(' '), "{text}");
    }
}

/// A program without a quorum says so, and one in which it would change nothing need not.
#[test]
fn a_quorum_that_is_not_in_the_program_is_told() {
    let wide = wide().0;
    let uneven =
        pipeline(&[("a", &[], 200), ("b", &[], 300), ("c", &["a"], 9), ("d", &["b", "c"], 9)]);
    let one = Quorum { answers: NonZeroUsize::MIN, join: None, late: Late::Keep };
    let one = Schedule { quorum: Some(one), ..Schedule::parallel() };
    let waits = Schedule { on_failure: OnFailure::Wait, ..one };
    let narrow = Schedule { width: NonZeroUsize::new(2).unwrap(), ..one };
    let collects = Schedule { on_failure: OnFailure::Collect, ..one };
    let other = Quorum { join: Some(0), ..one.quorum.unwrap() };
    let other = Schedule { quorum: Some(other), ..one };
    for (form, pipeline, schedule, [is_there, is_told]) in [
        (Form::Parallel, &wide, one, [true, false]),
        (Form::Sequential, &wide, one, [true, false]),
        (Form::Parallel, &wide, collects, [true, false]),
        (Form::Sequential, &wide, collects, [false, true]),
        (Form::Parallel, &wide, waits, [false, true]),
        (Form::Parallel, &wide, narrow, [false, true]),
        (Form::Parallel, &uneven.0, one, [false, true]),
        (Form::Parallel, &wide, other, [false, false]),
        (Form::Parallel, &fan_in().0, two_of_three(Late::Cancel), [false, false]),
    ] {
        let text = written(form, pipeline, schedule).text();
        let found = ["await quorum(", "is not asked."].iter().any(|sign| text.contains(sign));
        let told = text.contains("# In this program it waits for all of them.\n");
        assert_eq!([found, told], [is_there, is_told], "{form:?} {schedule:?}\n{text}");
    }
}
