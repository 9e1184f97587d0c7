//! Answers that are too long: where a call ends, what is said of it, and texts in slices.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use converge::clock::VirtualClock;
use converge::engine::{self, Schedule};
use converge::excerpt::{self, LINES, SLICE};
use converge::llm::join;
use converge::markdown::{self, Element, Node};
use converge::model::{
    Chunk, FinishReason, Grounding, LONGEST_ANSWER, MOST_PIECES, Model, ModelError, Prompt, Source,
};
use converge::state::State;
use converge::timeline::{Timeline, sentences};
use converge::trace::{EventKind, Outcome, Trace};
use futures::stream::{self, LocalBoxStream, StreamExt};
use proptest::prelude::*;

use crate::fixtures::pipeline;

/// A model that says the same piece for ever, until nobody listens any more.
struct Endless {
    piece: String,
    said: Rc<Cell<usize>>,
    hung_up: Rc<Cell<bool>>,
}

/// Notes that a stream was dropped, which is what ends a call on the wire.
struct OnDrop(Rc<Cell<bool>>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

impl Model for Endless {
    fn generate<'a>(&'a self, _: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        let guard = OnDrop(self.hung_up.clone());
        stream::repeat_with(move || {
            let _ = &guard;
            self.said.set(self.said.get() + 1);
            Ok(Chunk::Text(self.piece.clone()))
        })
        .boxed_local()
    }
}

/// The log of an agent that is answered without end, and how many pieces were taken.
fn endless(piece: &str) -> (Trace, usize) {
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let (said, hung_up) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
    let model = Endless { piece: piece.into(), said: said.clone(), hung_up: hung_up.clone() };
    let (clock, trace) = (VirtualClock::new(), RefCell::new(Trace::new()));
    let run = engine::run(&plan, State::new(), Schedule::parallel(), &clock, &model, &trace);
    assert_eq!(clock.run(run).outcome, Outcome::Done);
    assert!(hung_up.get(), "the call is ended");
    let trace = trace.into_inner();
    let timeline = Timeline::at(&trace, 1, trace.end());
    let lane = &timeline.lanes()[0];
    assert_eq!(lane.finish, Some(FinishReason::TooLong));
    let fate = sentences::fate(&plan, 0, lane, false);
    assert_eq!(
        fate.as_deref(),
        Some(
            "a reached the limit of 2 MB or 100,000 pieces for one answer. The call was ended, and \
             the answer is incomplete."
        )
    );
    (trace, said.get())
}

fn text_of(trace: &Trace) -> String {
    let timeline = Timeline::at(trace, 1, trace.end());
    timeline.lanes()[0].text.clone()
}

#[test]
fn a_call_ends_when_its_answer_is_too_long() {
    let (trace, taken) = endless(&"x".repeat(300_000));
    assert_eq!((text_of(&trace).len(), taken), (LONGEST_ANSWER, 7));
    // No character is cut in half.
    let (trace, _) = endless(&"€".repeat(100_000));
    assert_eq!(text_of(&trace).len(), LONGEST_ANSWER - LONGEST_ANSWER % 3);
}

#[test]
fn a_call_ends_when_its_answer_comes_in_too_many_pieces() {
    let (trace, taken) = endless("x");
    assert_eq!(taken, MOST_PIECES + 1);
    let deltas = trace.events().iter().filter(|event| matches!(event.kind, EventKind::Delta(_)));
    assert_eq!(deltas.count(), taken);
}

#[test]
fn an_answer_as_long_as_may_be_is_whole() {
    struct Once;
    impl Model for Once {
        fn generate<'a>(&'a self, _: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
            let text = Chunk::Text("x".repeat(LONGEST_ANSWER));
            stream::iter([Ok(text), Ok(Chunk::Finish(FinishReason::Stop))]).boxed_local()
        }
    }
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let (clock, trace) = (VirtualClock::new(), RefCell::new(Trace::new()));
    clock.run(engine::run(&plan, State::new(), Schedule::parallel(), &clock, &Once, &trace));
    let trace = trace.into_inner();
    let timeline = Timeline::at(&trace, 1, trace.end());
    assert_eq!(timeline.lanes()[0].finish, Some(FinishReason::Stop));
    assert_eq!(timeline.lanes()[0].text.len(), LONGEST_ANSWER);
}

#[test]
fn pieces_that_arrive_together_are_one() {
    let text = |text: &str| Ok(Chunk::Text(text.into()));
    let end = || Ok(Chunk::Finish(FinishReason::Stop));
    let pieces = vec![text("a"), text("b"), end(), text("c"), Err(ModelError::Cut), text("d")];
    let joined = vec![text("ab"), end(), text("c"), Err(ModelError::Cut), text("d")];
    assert_eq!(join(pieces), joined);
    assert_eq!(join(Vec::new()), Vec::new());
}

#[test]
fn what_an_answer_rests_on_has_limits() {
    let source = |title: &str| Source { title: title.into(), uri: "https://a.example/".into() };
    let found = Grounding {
        sources: (0..500).map(|_| source("a")).chain([source(&"b".repeat(5_000))]).collect(),
        queries: (0..500).map(|_| "q".into()).collect(),
        suggestions: "s".repeat(200_000),
    };
    let limited = found.limited();
    assert_eq!((limited.sources.len(), limited.queries.len()), (100, 20));
    assert_eq!(limited.suggestions, "");
    let usual = Grounding {
        sources: vec![source("a")],
        queries: vec!["q".into()],
        suggestions: "<b>s</b>".into(),
    };
    assert_eq!(usual.clone().limited(), usual);
}

#[test]
fn a_slice_ends_where_the_eye_expects_it() {
    let paragraph = "word ".repeat(100) + "\n\n";
    let text = paragraph.repeat(100);
    let all: Vec<&str> = excerpt::slices(&text).collect();
    assert_eq!(all.concat(), text);
    assert!(all.iter().all(|slice| slice.ends_with("\n\n") && slice.len() <= SLICE), "{all:?}");
    assert_eq!(excerpt::first(&text), all[0]);
    // What comes behind it does not change it.
    assert_eq!(excerpt::first(&(text.clone() + &text)), all[0]);
    for short in ["", "a", "a\n\nb"] {
        assert_eq!(excerpt::first(short), short);
    }
    let lines = "\n".repeat(3 * LINES);
    assert_eq!(excerpt::slices(&lines).count(), 3);
}

/// The text of a tree.
fn words(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) | Node::Code(text) => out.push_str(text),
            Node::Element(_, inside) => words(inside, out),
            Node::Break | Node::Rule => {}
        }
    }
}

#[test]
fn a_block_of_code_goes_on_in_the_next_slice() {
    let code = "let x = 1;\n".repeat(6_000);
    for (open, close) in [("```rust", "```"), ("~~~~", "~~~~~")] {
        let text = format!("Before.\n\n{open}\n{code}{close}\n\nAfter *it*.\n");
        let all: Vec<Vec<Node>> =
            markdown::slices(&text).map(|slice| markdown::parse(&slice)).collect();
        assert!(all.len() > 3);
        for slice in &all[1..all.len() - 1] {
            assert!(matches!(&slice[..], [Node::Element(Element::CodeBlock, _)]), "{slice:?}");
        }
        let mut said = String::new();
        all.iter().for_each(|slice| words(slice, &mut said));
        assert_eq!(said, format!("Before.{code}After it."));
    }
}

proptest! {
    /// Whatever the text: nothing is lost, no slice is too long, and there are not too many.
    #[test]
    fn slices_are_the_text(text in "(\\PC|\n| ){0,20}", times in 0_usize..4_000) {
        let text = text.repeat(times);
        let all: Vec<&str> = excerpt::slices(&text).collect();
        prop_assert_eq!(all.concat(), text.as_str());
        prop_assert!(all.iter().all(|slice| slice.len() <= SLICE));
        let lines = text.matches('\n').count();
        prop_assert!(all.len() <= 1 + text.len() / (SLICE / 2 - 4) + 2 * lines / LINES + lines / (LINES / 2));
        // Each can be parsed, whatever block it begins in.
        for slice in markdown::slices(&text) {
            let _ = markdown::parse(&slice);
        }
    }
}
