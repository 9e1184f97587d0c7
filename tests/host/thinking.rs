//! Models that think, and models that say nothing: what the engine waits for, what it takes for an
//! answer, and what the log and the bar show of it.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use converge::clock::{Clock, VirtualClock};
use converge::engine::{self, Retry, Schedule, Timeouts};
use converge::model::{CallPart, Chunk, FinishReason, Model, ModelError, Prompt, Usage};
use converge::state::State;
use converge::timeline::gantt::{Stretch, bars};
use converge::timeline::scale::TimeScale;
use converge::timeline::{Thinking, Timeline, sentences};
use converge::trace::{GiveUp, Outcome, Trace};
use futures::stream::{self, LocalBoxStream, StreamExt};

use crate::fixtures::{at_ms, check_log, ms, pipeline};

/// Says the same to every call: pieces, each after so many milliseconds.
struct Says {
    clock: VirtualClock,
    pieces: Vec<(u64, Chunk)>,
    calls: Cell<usize>,
}

impl Model for Says {
    fn generate<'a>(&'a self, _: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        self.calls.set(self.calls.get() + 1);
        let after = move |(wait, chunk): (u64, Chunk)| async move {
            self.clock.sleep(ms(wait)).await;
            Ok(chunk)
        };
        stream::iter(self.pieces.clone()).then(after).boxed_local()
    }
}

/// One agent on such a model: how it ended, the log, and how often it was asked.
fn run(pieces: &[(u64, Chunk)], attempts: u32) -> (Outcome, Trace, usize) {
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let schedule = Schedule {
        timeouts: Timeouts { first: Some(ms(1000)), between: Some(ms(200)), run: None },
        retry: Retry::up_to(attempts.try_into().unwrap()),
        ..Schedule::parallel()
    };
    let (clock, trace) = (VirtualClock::new(), RefCell::new(Trace::new()));
    let model = Says { clock: clock.clone(), pieces: pieces.into(), calls: Cell::new(0) };
    let result = clock.run(engine::run(&plan, State::new(), schedule, &clock, &model, &trace));
    let trace = trace.into_inner();
    check_log(&plan, &trace, schedule.width);
    (result.outcome, trace, model.calls.get())
}

fn text(words: &str) -> Chunk {
    Chunk::Text(words.into())
}

const STOP: Chunk = Chunk::Finish(FinishReason::Stop);

#[test]
fn every_sign_of_life_begins_the_wait_anew() {
    for sign in [Chunk::Alive, Chunk::Thinking, Chunk::Usage(Usage::default())] {
        let mut pieces = vec![(900, sign.clone()); 5];
        pieces.extend([(900, text("So.")), (100, sign.clone()), (150, STOP)]);
        assert_eq!(run(&pieces, 1).0, Outcome::Done, "{sign:?}");
        // Silence is limited all the same: the longer wait before the first text, the shorter after.
        let silent = [(900, sign.clone()), (1001, text("So.")), (0, STOP)];
        let late = ModelError::TimedOut { after: ms(1000), mid_answer: false };
        assert_eq!(run(&silent, 1).0, Outcome::Failed(late));
        let stalled = [(0, text("So.")), (100, sign.clone()), (201, STOP)];
        let late = ModelError::TimedOut { after: ms(200), mid_answer: true };
        assert_eq!(run(&stalled, 1).0, Outcome::Failed(late));
    }
}

#[test]
fn thinking_is_a_stretch_of_its_own() {
    let pieces = [
        (100, Chunk::Thinking),
        (100, Chunk::Thinking),
        (200, text("So ")),
        (100, Chunk::Thinking),
        (100, text("it is.")),
        (100, STOP),
    ];
    let (outcome, trace, _) = run(&pieces, 1);
    assert_eq!(outcome, Outcome::Done);
    let timeline = Timeline::at(&trace, 1, trace.end());
    let lane = &timeline.lanes()[0];
    let stretch = |since, until| Thinking { since: at_ms(since), until: Some(at_ms(until)) };
    assert_eq!(lane.thinking, [stretch(100, 400), stretch(500, 600)]);
    assert_eq!(lane.thought_for(trace.end()), ms(400));
    assert_eq!((lane.first, lane.text.as_str()), (Some(at_ms(400)), "So it is."));
    let bar = bars(&timeline, TimeScale::up_to(ms(1000))).remove(0);
    assert_eq!(bar.silence, Some(Stretch { x: 0.0, width: 0.1 }));
    assert_eq!(bar.thinking.len(), 2);
    assert!((bar.thinking[0].x - 0.1).abs() < 1e-9 && (bar.thinking[0].width - 0.3).abs() < 1e-9);
    // While it thinks, the stretch goes on to the cursor.
    let timeline = Timeline::at(&trace, 1, at_ms(300));
    assert_eq!(timeline.lanes()[0].thought_for(at_ms(300)), ms(200));
    let times = sentences::times(lane);
    assert_eq!(times, "0.00 s to 0.70 s, thinking since 0.10 s, first token at 0.40 s");
}

#[test]
fn what_turns_out_to_be_thinking_is_no_part_of_the_answer() {
    let pieces = [(100, text("Hm. ")), (100, Chunk::WasThinking), (100, text("So.")), (0, STOP)];
    let (_, trace, _) = run(&pieces, 1);
    let timeline = Timeline::at(&trace, 1, trace.end());
    let lane = &timeline.lanes()[0];
    assert_eq!((lane.text.as_str(), lane.first), ("So.", Some(at_ms(300))));
    assert_eq!(lane.thinking, [Thinking { since: at_ms(100), until: Some(at_ms(200)) }]);
    // Where nothing follows, there is no answer.
    let (outcome, _, _) = run(&[(0, text("Hm. ")), (0, Chunk::WasThinking), (0, STOP)], 1);
    assert_eq!(outcome, Outcome::Failed(ModelError::Empty { thought: true }));
}

#[test]
fn an_answer_without_a_word_is_asked_for_once_more() {
    for silence in [vec![], vec![(0, text(" \n"))], vec![(0, Chunk::Thinking)]] {
        let thought = silence.iter().any(|(_, chunk)| *chunk == Chunk::Thinking);
        let pieces = [silence, vec![(0, STOP)]].concat();
        let (outcome, trace, calls) = run(&pieces, 4);
        assert_eq!(outcome, Outcome::Failed(ModelError::Empty { thought }));
        assert_eq!(calls, 2);
        let timeline = Timeline::at(&trace, 1, trace.end());
        assert_eq!(timeline.lanes()[0].gave_up, Some(GiveUp::Attempts(2)));
        assert_eq!(run(&pieces, 1).2, 1, "a run without retries asks once");
    }
}

#[test]
fn a_limit_that_went_into_thinking_is_said_and_not_asked_again() {
    let usage = Usage { input_tokens: 9, output_tokens: 300, thinking_tokens: 300 };
    let pieces =
        [(0, Chunk::Thinking), (0, Chunk::Finish(FinishReason::Length)), (0, Chunk::Usage(usage))];
    let (outcome, trace, calls) = run(&pieces, 4);
    assert_eq!(outcome, Outcome::Failed(ModelError::LimitSpent { thinking_tokens: 300 }));
    assert_eq!(calls, 1);
    let (plan, _) = pipeline(&[("a", &["topic"], 0)]);
    let timeline = Timeline::at(&trace, 1, trace.end());
    let told = "a failed: the limit on output tokens was reached before the answer began: 300 tokens \
                went into thinking. Raise Max output tokens, or choose a model that thinks less.";
    assert_eq!(sentences::first_failure(&plan, &timeline, &[]).as_deref(), Some(told));
}

/// The filter's word and the model's are answers in themselves: asking again would change nothing.
#[test]
fn a_refusal_without_a_word_is_the_answer() {
    for reason in [FinishReason::Filtered, FinishReason::Refused] {
        let (outcome, _, calls) = run(&[(0, Chunk::Finish(reason))], 3);
        assert_eq!((outcome, calls), (Outcome::Done, 1));
    }
}

#[test]
fn what_a_call_goes_without_is_on_its_lane() {
    let pieces = [(0, Chunk::Without(CallPart::Temperature)), (0, text("So.")), (0, STOP)];
    let (_, trace, _) = run(&pieces, 1);
    let timeline = Timeline::at(&trace, 1, trace.end());
    let lane = &timeline.lanes()[0];
    assert_eq!(lane.without, [CallPart::Temperature]);
    assert_eq!(
        sentences::without(lane).as_deref(),
        Some("without temperature (refused by the server)")
    );
    assert_eq!(Duration::ZERO, lane.thought_for(trace.end()));
}
