//! The verdict: one line on how the runs go and what came of them.

use leptos::prelude::*;

use super::guess::{GuessStep, answer};
use super::status::Status;
use crate::app::kit::{Button, Disclosure, distinct};
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::plan::{Frame, Makespans, Plan, Sum};
use crate::time::seconds;
use crate::timeline::sentences;
use crate::words;

/// See the module.
#[component]
pub fn Verdict(guess: Memo<GuessStep>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let why = follow(|plan, frame| plan.advice(frame, plan.shown()).is_some());
    let reveals = reveals_expected();
    let has_run = Memo::new({
        let playhead = expect_context::<PlayheadState>();
        move |_| playhead.has_run()
    });
    let selection = expect_context::<SelectionState>();
    let is_idle = move || !has_run.get() && !reveals.get() && guess.get() != GuessStep::Asked;
    let has_why = move || why.get() && (has_run.get() || reveals.get());
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
                    <Disclosure
                        id="why"
                        is_open
                        on_press=move || is_open.update(|open| *open = !*open)
                        on_escape=move || is_open.set(false)
                    >
                        "Why?"
                    </Disclosure>
                </Show>
            </div>
            <Show when=move || has_why() && is_open.get()>
                <Why />
            </Show>
            <Status is_seen_elsewhere=true />
        </div>
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

/// What is seen of the verdict.
#[component]
fn Line(guess: Memo<GuessStep>) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    let reveals = reveals_expected();
    let result = follow(|plan, frame| plan.makespans(frame));
    let expected = follow(|plan, frame| plan.expected_makespans(frame));
    let reason = follow(|plan, frame| plan.advice(frame, plan.shown())?.reason(plan.pipeline()));
    let status = distinct(move || {
        plan.with(|plan| frame.with(|frame| sentences::seen(plan.pipeline(), &frame.runs(plan))))
    });
    let shown = move || match (result.get(), expected.get()) {
        (Some(result), _) => Some((result, false)),
        (None, Some(expected)) if reveals.get() => Some((expected, true)),
        _ => None,
    };
    let guessed = answer(guess);
    move || match shown() {
        Some((makespans, is_expected)) => {
            let Makespans { sequential, parallel } = makespans;
            let times = makespans.speedup().map(|times| words::times(&format!("{times:.1}")));
            let faster = if is_expected { " faster, expected" } else { " faster" };
            let figures = words::race::from_to(&seconds(sequential), &seconds(parallel));
            view! {
                <p class="result" class:pending=is_expected aria-hidden="true">
                    <span class="speedup">
                        <strong>{times}</strong>
                        {faster}
                    </span>
                    <span class="figures">{figures}</span>
                    <span class="reason">{move || guessed().or_else(|| reason.get())}</span>
                </p>
            }
            .into_any()
        }
        None => view! {
            <p class="progress" aria-hidden="true">
                {move || guessed().unwrap_or_else(|| status.get())}
            </p>
        }
        .into_any(),
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
        <div class="why">
            <p class="advice">{move || lessons.get()}</p>
            <dl class="sums">{rows}</dl>
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
