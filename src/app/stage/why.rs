//! What the verdict rests on, and what else the figures teach: the formulas with this run's figures in
//! them, the best possible speedup, the biggest win, slack.

use leptos::prelude::*;

use super::legend::Legend;
use super::limits::LimitNote;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState};
use crate::plan::{Frame, Plan, Sum};
use crate::words;

/// See the module.
#[component]
pub fn Why() -> impl IntoView {
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

/// A figure of runs that are over.
fn follow<T: PartialEq + Send + Sync + 'static>(
    figure: impl Fn(&Plan, &Frame) -> T + 'static,
) -> ReadSignal<T> {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    distinct(move || playhead.by_phase(|frame| plan.with(|plan| figure(plan, frame))))
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
