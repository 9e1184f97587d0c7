//! Where a run has lowered its own limit after a refusal.

use leptos::prelude::*;

use super::axis::{percent, px};
use super::drawing::Drawing;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState};
use crate::plan::Plan;
use crate::words;

/// A line through the parallel run wherever it has lowered its limit.
#[component]
pub fn LimitLines() -> impl IntoView {
    let layout = expect_context::<Drawing>().layout;
    let frame = expect_context::<PlayheadState>().frame;
    let plan = expect_context::<PlanState>().current;
    let limits = distinct(move || {
        let place = plan.with(Plan::shown);
        frame.with(|frame| {
            let limits = frame.timelines.get(place)?.limits();
            let at = limits.iter().map(|(at, limit)| (frame.scale().x(*at), limit.get()));
            Some(at.collect::<Vec<_>>())
        })
    });
    let lines = move || {
        let (top, bottom) = layout
            .with(|layout| layout.parallel.map_or((0.0, 0.0), |track| (track.top, track.bottom)));
        let lines = limits.get().unwrap_or_default().into_iter().map(|(x, limit)| {
            view! {
                <div
                    class="limit-line"
                    title=words::page::limited(limit)
                    style:left=percent(x)
                    style:top=px(top)
                    style:height=px(bottom - top)
                ></div>
            }
        });
        lines.collect_view()
    };
    view! {
        <div class="plane" aria-hidden="true">
            {lines}
        </div>
    }
}

/// The limit that the shown run has come to, in words.
#[component]
pub fn LimitNote() -> impl IntoView {
    let frame = expect_context::<PlayheadState>().frame;
    let plan = expect_context::<PlanState>().current;
    let limit = distinct(move || {
        let place = plan.with(Plan::shown);
        frame.with(|frame| Some(frame.timelines.get(place)?.limits().last()?.1.get()))
    });
    move || limit.get().map(|limit| view! { <p>{words::page::limited(limit)}</p> })
}
