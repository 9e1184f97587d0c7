//! The reader's guess of the parallel time.

use std::time::Duration;

use leptos::prelude::*;

use crate::app::kit::Button;
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
    move || {
        // What is read of the frame stands once the run is over.
        playhead.phases.track();
        let truth = |frame: &_| plan.with(|plan| plan.parallel_makespan(frame));
        playhead.frame.with_untracked(truth)
    }
}

/// Asks for a guess before the run, takes it, and holds it against the truth.
#[component]
pub fn Guess(step: Memo<GuessStep>) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let guess = expect_context::<SelectionState>().guess;
    let begin = move |_| {
        let longest = plan.with_untracked(|plan| plan.longest_guess());
        guess.set(longest.map(|longest| longest / 2));
    };
    let view = move || match step.get() {
        GuessStep::Closed => ().into_any(),
        GuessStep::Offered => view! {
            <Button control="guess" class="quiet" on_click=begin>
                "Guess first"
            </Button>
        }
        .into_any(),
        GuessStep::Asked => view! { <Question /> }.into_any(),
        GuessStep::Answered => view! { <Answer /> }.into_any(),
    };
    view! {
        <div class="guess" data-control="guess">
            {view}
        </div>
    }
}

#[component]
fn Question() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let guess = expect_context::<SelectionState>().guess;
    let value = move || guess.get().unwrap_or_default();
    let slider = NodeRef::new();
    // Both in one effect, since a slider takes no value beyond the maximum that it has by then.
    Effect::new(move || {
        let longest = plan.with(|plan| plan.longest_guess()).unwrap_or_default();
        let value = value();
        if let Some(slider) = slider.get() {
            let slider: web_sys::HtmlInputElement = slider;
            slider.set_max(&exact_seconds(longest));
            slider.set_value(&exact_seconds(value));
        }
    });
    let set = move |typed: String| {
        if let Some(value) = parse_seconds(&typed) {
            guess.set(Some(value));
        }
    };
    view! {
        <label>
            <span>"Your guess for the parallel run"</span>
            <input
                node_ref=slider
                type="range"
                aria-label="Your guess"
                aria-valuetext=move || words::race::spoken_seconds(&seconds(value()))
                min="0"
                step="0.1"
                on:input:target=move |event| set(event.target().value())
            />
            <output aria-hidden="true">{move || format!("{:.1} s", value().as_secs_f64())}</output>
        </label>
        <Button control="guess" class="quiet" on_click=move |_| guess.set(None)>
            "Rather show it"
        </Button>
    }
}

#[component]
fn Answer() -> impl IntoView {
    let guess = expect_context::<SelectionState>().guess;
    let truth = truth();
    let sentence = move || Some(sentences::guessed(guess.get()?, truth()?));
    view! {
        <p>{sentence}</p>
        <Button control="guess" class="quiet" on_click=move |_| guess.set(None)>
            "Forget the guess"
        </Button>
    }
}
