//! The result of a race.

use leptos::prelude::*;

use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState};
use crate::plan::{Frame, Makespans, Plan, Sum};
use crate::words;

/// What came out of a race: how many times faster, the formulas with this run's figures in them, and
/// what they teach.
#[component]
pub fn Verdict() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let is_race = move || plan.with(|plan| plan.lineup.len() > 1);
    let speedup = follow(|plan, frame| plan.makespans(frame).and_then(Makespans::speedup));
    let expected = follow(|plan, frame| plan.expected_makespans(frame)?.speedup());
    let sums = follow(Plan::sums);
    let lessons = follow(|plan, frame| {
        let advice = plan.advice(frame, plan.shown())?;
        Some(advice.sentences(plan.pipeline()).join(" "))
    });
    // An empty line keeps the place, so that nothing moves while time is dragged.
    let figure = move || match speedup.get().or(expected.get()) {
        Some(times) => words::times(&format!("{times:.1}")),
        None => "\u{a0}".into(),
    };
    let faster = move || match (speedup.get(), expected.get()) {
        (Some(_), _) => " faster",
        (None, Some(_)) => " faster, expected",
        (None, None) => "",
    };
    let rows = move || sums.get().into_iter().map(|sum| view! { <Row sum /> }).collect_view();
    view! {
        <div class="verdict">
            <p
                class="speedup"
                class:pending=move || speedup.get().is_none()
                class:none=move || !is_race()
                aria-hidden="true"
            >
                <strong>{figure}</strong>
                {faster}
            </p>
            <dl class="sums">{rows}</dl>
            <p class="advice">{move || lessons.get()}</p>
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
