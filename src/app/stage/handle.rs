//! The handle that changes an agent's latency.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

use super::axis::percent;
use crate::app::kit::distinct;
use crate::app::state::plan::LONGEST_LATENCY;
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::time::{exact_seconds, seconds};
use crate::words;

/// Arrow keys move by this, and drags end on a multiple of it.
const STEP: Duration = Duration::from_millis(100);
/// With Shift, and with the page keys.
const BIG_STEP: Duration = Duration::from_secs(1);

/// The end of a simulated bar, which can be grabbed: dragging it, or the arrow keys, change how long
/// the agent takes, and with that what is expected of every schedule.
#[component]
pub fn Handle(
    place: usize,
    agent: usize,
    name: String,
    /// Where the end is, as a fraction of the axis.
    at: impl Fn() -> Option<f64> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let plans = expect_context::<PlanState>();
    let plan = plans.current;
    let playhead = expect_context::<PlayheadState>();
    let SelectionState { pointed, reveals_expected, .. } = expect_context();
    // Its own, since it comes and goes with each run: a signal keeps the readers that are gone until it
    // changes (Leptos 0.8).
    let latency = distinct(move || plan.with(|plan| plan.latency(agent)));
    // A change shows the result that is expected of it.
    let set_latency = move |latency: Duration| {
        reveals_expected.set(true);
        plans.set_latency(agent, latency);
    };
    let handle = NodeRef::<html::Div>::new();
    let drag = move |event: PointerEvent| {
        let Some(scale) = playhead.held_axis() else { return };
        let Some(plot) = handle.get().and_then(|handle| handle.parent_element()) else { return };
        let plot = plot.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - plot.left()) / plot.width().max(1.0);
        let began = plan.with(|plan| {
            plan.lineup.get(place)?.expected.as_ref()?.lanes().get(agent)?.attempt_started()
        });
        let length = (x - scale.x(began.unwrap_or_default())).max(0.0);
        set_latency(rounded(scale.extent().mul_f64(length)));
    };
    let grab = move |event: PointerEvent| {
        if let Some(handle) = handle.get() {
            // Without the capture a drag would end at the handle's edge; it fails for a pointer
            // that is gone already.
            let _ = handle.set_pointer_capture(event.pointer_id());
        }
        event.prevent_default();
        playhead.hold_axis();
    };
    let key = move |event: KeyboardEvent| {
        let now = latency.get();
        let step = if event.shift_key() { BIG_STEP } else { STEP };
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => now + step,
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(step),
            "PageUp" => now + BIG_STEP,
            "PageDown" => now.saturating_sub(BIG_STEP),
            "Home" => Duration::ZERO,
            "End" => LONGEST_LATENCY,
            _ => return,
        };
        event.prevent_default();
        set_latency(next);
    };
    let left = move || percent(at().unwrap_or_default());
    view! {
        <div
            node_ref=handle
            class="handle"
            role="slider"
            tabindex="0"
            aria-label=name
            aria-valuemin="0"
            aria-valuemax=LONGEST_LATENCY.as_secs().to_string()
            aria-valuenow=move || exact_seconds(latency.get())
            aria-valuetext=move || words::race::spoken_seconds(&seconds(latency.get()))
            style:left=left
            on:pointerdown=grab
            on:pointermove=drag
            on:pointerup=move |_| playhead.release_axis()
            on:pointercancel=move |_| playhead.release_axis()
            on:keydown=key
            // By keys, this is how one points at an agent.
            on:focus=move |_| pointed.set(vec![agent])
            on:blur=move |_| pointed.set(Vec::new())
        ></div>
    }
}

/// To the nearest step, so that a drag ends on a figure that can be said.
fn rounded(length: Duration) -> Duration {
    let step = STEP.as_secs_f64();
    STEP.mul_f64((length.as_secs_f64() / step).round())
}
