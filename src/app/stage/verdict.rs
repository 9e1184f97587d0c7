//! The verdict: one line on how the runs go and what came of them.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::guess::{GuessStep, answer};
use super::legend::Legend;
use super::limits::LimitNote;
use super::status::Status;
use crate::app::kit::{Button, distinct, is_escape};
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::plan::{Frame, Plan, Sum};
use crate::timeline::sentences::{VerdictLine, VerdictState, verdict};
use crate::words;

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
                <Why />
            </Show>
            <Status is_seen_elsewhere=true />
        </div>
    }
}

/// Opens what the verdict rests on. Escape closes it from here, where the focus stays.
#[component]
fn WhyButton(is_open: RwSignal<bool>) -> impl IntoView {
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
            on:click=move |_| is_open.update(|open| *open = !*open)
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

/// What else the figures teach: the formulas with this run's figures in them, the best possible speedup,
/// the biggest win, slack.
#[component]
fn Why() -> impl IntoView {
    let sums = follow(Plan::sums);
    let lessons = follow(|plan, frame| {
        let advice = plan.advice(frame, plan.shown())?;
        Some(advice.sentences(plan.pipeline()).join(" "))
    });
    let rows = move || sums.get().into_iter().map(|sum| view! { <Row sum /> }).collect_view();
    view! {
        <div class="verdict-why">
            <p class="advice">{move || lessons.get()}</p>
            <dl class="sums">{rows}</dl>
            <LimitNote />
            <Legend />
        </div>
    }
}

/// A figure of runs that are over. They stand, so that it changes with the phases of the runs and not
/// with every frame.
fn follow<T: PartialEq + Send + Sync + 'static>(
    figure: impl Fn(&Plan, &Frame) -> T + 'static,
) -> ReadSignal<T> {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    distinct(move || {
        playhead.phases.track();
        plan.with(|plan| playhead.frame.with_untracked(|frame| figure(plan, frame)))
    })
}

/// The formula of one schedule.
#[component]
fn Row(sum: Sum) -> impl IntoView {
    let Sum { kind, spelled, is_expected } = sum;
    let name = words::display_name(kind.as_str());
    let name = if is_expected { words::race::expected(name) } else { name.to_owned() };
    view! {
        <div class:expected=is_expected>
            <dt>{name}</dt>
            <dd>{spelled}</dd>
        </div>
    }
}
