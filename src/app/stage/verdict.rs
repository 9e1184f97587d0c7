//! The verdict: one line on how the runs go and what came of them.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::guess::{GuessStep, answer};
use super::status::Status;
use crate::app::kit::{Button, distinct, is_escape};
use crate::app::lazy::Lazy;
use crate::app::state::{LazySection, LazyState, PlanState, PlayheadState, SelectionState};
use crate::timeline::sentences::{VerdictLine, VerdictState, verdict};

/// See the module.
#[component]
pub fn Verdict(guess: Memo<GuessStep>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let reveals = reveals_expected();
    let has_run = Memo::new({
        let playhead = expect_context::<PlayheadState>();
        move |_| playhead.has_run()
    });
    let selection = expect_context::<SelectionState>();
    let is_idle = move || !has_run.get() && !reveals.get() && guess.get() != GuessStep::Asked;
    let has_why = move || has_run.get() || reveals.get();
    view! {
        <div class="verdict">
            <div class="verdict-line">
                <Line guess />
                <Show when=is_idle>
                    <Button
                        control="expected"
                        class="quiet"
                        on_click=move |_| selection.reveals_expected.set(true)
                    >
                        "Show expected"
                    </Button>
                </Show>
                <Show when=has_why>
                    <WhyButton is_open />
                </Show>
            </div>
            <Show when=move || has_why() && is_open.get()>
                <Lazy section=LazySection::Why />
            </Show>
            <Status is_seen_elsewhere=true />
        </div>
    }
}

/// Opens what the verdict rests on. Escape closes it from here, where the focus stays.
#[component]
fn WhyButton(is_open: RwSignal<bool>) -> impl IntoView {
    let lazy = expect_context::<LazyState>();
    let toggle = move |_| {
        is_open.update(|open| *open = !*open);
        // A figure in an article loads nothing lazy by itself.
        lazy.with_module(drop);
    };
    let close = move |event: KeyboardEvent| {
        if is_escape(&event) {
            is_open.set(false);
        }
    };
    // Its own, since the button comes and goes with each run: a signal keeps the readers that are gone until
    // it changes (Leptos 0.8).
    let is_expanded = distinct(move || is_open.get());
    view! {
        <button
            type="button"
            class="quiet"
            data-control="why"
            aria-expanded=move || is_expanded.get().to_string()
            on:click=toggle
            on:keydown=close
        >
            "Why?"
        </button>
    }
}

/// Whether the stage shows how the runs are expected to end; once a run has begun, it always does.
pub fn reveals_expected() -> Memo<bool> {
    let playhead = expect_context::<PlayheadState>();
    let SelectionState { reveals_expected, guess, .. } = expect_context();
    Memo::new(move |_| {
        let hides = guess.with(Option::is_some);
        playhead.has_run() || (reveals_expected.get() && !hides)
    })
}

/// What is seen of the verdict: of the runs, or before them of what is expected.
#[component]
fn Line(guess: Memo<GuessStep>) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    let reveals = reveals_expected();
    let line = distinct(move || {
        let reveals = reveals.get();
        plan.with(|plan| {
            let line = frame.with(|frame| verdict(plan.pipeline(), &frame.runs(plan)));
            let expected = plan.expected_runs();
            match line.state {
                VerdictState::Idle if reveals && expected.len() == plan.lineup.len() => {
                    (verdict(plan.pipeline(), &expected), true)
                }
                _ => (line, false),
            }
        })
    });
    // Not read by a part of the line: it comes and goes with the line, and a signal keeps the readers
    // that are gone until it changes (Leptos 0.8).
    let guessed = distinct(answer(guess));
    move || {
        let guessed = guessed.get();
        let (VerdictLine { state, headline, times, detail }, is_expected) = line.get();
        // "1.9× faster": the figure stands out.
        let headline = headline.map(|headline| match headline.split_once(' ') {
            Some((figure, rest)) if headline.starts_with(|c: char| c.is_ascii_digit()) => {
                (Some(figure.to_owned()), format!(" {rest}"))
            }
            _ => (None, headline),
        });
        let (figure, headline) = headline.unwrap_or_default();
        let is_result = times.is_some();
        let has_headline = figure.is_some() || !headline.is_empty();
        view! {
            <p
                class:result=is_result
                class:expected=is_expected
                class:failed=state == VerdictState::Failed
                aria-hidden="true"
            >
                <span class="speedup" class:none=!has_headline>
                    <strong>{figure}</strong>
                    {headline}
                    {is_expected.then_some(", expected")}
                </span>
                <span class="figures" class:none=!is_result>
                    {times}
                </span>
                <span class="detail">{guessed.or(detail)}</span>
            </p>
        }
    }
}
