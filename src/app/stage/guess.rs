//! The reader's guess of the parallel time: a flag on the axis.

use std::time::Duration;

use leptos::prelude::*;

use super::axis::{percent, px};
use super::drawing::Drawing;
use crate::app::kit::{Button, follow_range};
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::time::{exact_seconds, parse_seconds, seconds};
use crate::timeline::sentences;
use crate::words;

/// How far a guess has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuessStep {
    /// There is nothing to guess.
    Closed,
    /// The reader can guess.
    Offered,
    /// The reader guesses, and what is expected stays hidden.
    Asked,
    /// The run has told how good the guess was.
    Answered,
}

impl GuessStep {
    /// The step at the moment.
    pub fn follow() -> Memo<Self> {
        let plan = expect_context::<PlanState>().current;
        let guess = expect_context::<SelectionState>().guess;
        let truth = truth();
        Memo::new(move |_| match guess.get() {
            _ if plan.with(|plan| plan.longest_guess()).is_none() => Self::Closed,
            None => Self::Offered,
            Some(_) if truth().is_none() => Self::Asked,
            Some(_) => Self::Answered,
        })
    }
}

/// How long the parallel run took, once it has its answer.
fn truth() -> impl Fn() -> Option<Duration> + Copy + Send + Sync {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    move || playhead.by_phase(|frame| plan.with(|plan| plan.parallel_makespan(frame)))
}

/// Asks for a guess before the run, and takes it back.
#[component]
pub fn GuessButton(step: Memo<GuessStep>) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let SelectionState { guess, reveals_expected, .. } = expect_context();
    let begin = move |_| {
        let longest = plan.with(|plan| plan.longest_guess());
        reveals_expected.set(false);
        guess.set(longest.map(|longest| longest / 2));
    };
    let show = move |_| {
        reveals_expected.set(true);
        guess.set(None);
    };
    move || match step.get() {
        GuessStep::Closed => ().into_any(),
        GuessStep::Offered => view! {
            <Button control="guess" on_click=begin>
                "Guess"
                <span class="visually-hidden">" the parallel time"</span>
            </Button>
        }
        .into_any(),
        GuessStep::Asked => view! {
            <Button control="guess" on_click=show>
                "Show me"
            </Button>
        }
        .into_any(),
        GuessStep::Answered => view! {
            <Button control="guess" on_click=move |_| guess.set(None)>
                "Clear guess"
            </Button>
        }
        .into_any(),
    }
}

/// The guess as a flag on the axis, which can be dragged until the run has told.
#[component]
pub fn GuessFlag(step: Memo<GuessStep>) -> impl IntoView {
    let guess = expect_context::<SelectionState>().guess;
    let scale = expect_context::<PlayheadState>().scale;
    let layout = expect_context::<Drawing>().layout;
    // From the axis up to the top of the parallel run.
    let height = move || {
        layout.with(|layout| Some(px(layout.axis - layout.parallel?.top))).unwrap_or_default()
    };
    let x = move || percent(scale.get().length(guess.get().unwrap_or_default()));
    view! {
        <Show when=move || guess.with(Option::is_some)>
            <div class="guess" data-control="guess">
                <div class="guess-line" style:left=x style:height=height aria-hidden="true"></div>
                <Show when=move || step.get() == GuessStep::Asked>
                    <GuessSlider />
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn GuessSlider() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let guess = expect_context::<SelectionState>().guess;
    let scale = expect_context::<PlayheadState>().scale;
    let value = move || guess.get().unwrap_or_default();
    let longest = move || plan.with(|plan| plan.longest_guess()).unwrap_or_default();
    let slider = follow_range(move || [Duration::ZERO, longest(), value()].map(exact_seconds));
    let set = move |typed: String| {
        if let Some(value) = parse_seconds(&typed) {
            guess.set(Some(value));
        }
    };
    let reach = move || format!("{:.5}", scale.get().length(longest()).min(1.0));
    let x = move || percent(scale.get().length(value()));
    view! {
        <input
            node_ref=slider
            type="range"
            class="guess-slider"
            aria-label="Your guess"
            aria-valuetext=move || words::race::spoken_seconds(&seconds(value()))
            style=("--reach", reach)
            step="0.1"
            on:input:target=move |event| set(event.target().value())
        />
        <output class="guess-time" style=("--x", x) aria-hidden="true">
            {move || format!("{:.1} s?", value().as_secs_f64())}
        </output>
    }
}

/// The guess beside the truth, once there is one.
pub fn answer(step: Memo<GuessStep>) -> impl Fn() -> Option<String> + Copy + Send + Sync {
    let guess = expect_context::<SelectionState>().guess;
    let truth = truth();
    move || match step.get() {
        GuessStep::Answered => Some(sentences::guessed(guess.get()?, truth()?)),
        _ => None,
    }
}
