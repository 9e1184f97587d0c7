//! All lanes of a crowd, as one path a state.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::axis::percent;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::plan::Kind;
use crate::timeline::crowd::grouped;
use crate::timeline::overview::{self, DRAWN};
use crate::timeline::{Phase, Timeline};
use crate::words;

/// The picture of many lanes has so many rows at most: as many as it is pixels high.
const MOST_ROWS: usize = 160;

/// A picture of all lanes of a track, where there are too many to draw each by itself.
#[component]
pub fn AllLanes(place: usize, kind: Kind, lanes: usize) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let PlayheadState { frame, scale, overlay, .. } = expect_context();
    let selection = expect_context::<SelectionState>();
    let shapes = distinct(move || {
        frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            Some(overview::paths(timeline, frame.scale(), MOST_ROWS))
        })
    });
    let shapes = DRAWN.into_iter().enumerate().map(|(at, phase)| {
        let path = move || shapes.with(|shapes| Some(shapes.as_ref()?.get(at)?.clone()));
        view! { <path class=format!("many-{}", phase.as_str()) d=move || path().unwrap_or_default() /> }
    });
    let done = DRAWN.iter().position(|phase| *phase == Phase::Done).unwrap_or_default();
    let whole = move |timeline: &Timeline| {
        let paths = overview::paths(timeline, scale.get(), MOST_ROWS);
        paths.into_iter().nth(done).unwrap_or_default()
    };
    let expected =
        move || plan.with(|plan| Some(whole(plan.lineup.get(place)?.expected.as_deref()?)));
    let earlier =
        move || overlay.with(|overlay| Some(whole(overlay.as_ref()?.run(kind.as_str())?)));
    let count = move || {
        frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let done = timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Done).count();
            let [done, lanes, out] = [done, lanes, timeline.in_flight()].map(grouped);
            Some(words::race::many_done(&done, &lanes, &out))
        })
    };
    // To the agent that is drawn where the pointer is.
    let look = move |event: MouseEvent| {
        let plot = event.current_target().and_then(|at| at.dyn_into::<Element>().ok());
        let Some(plot) = plot.map(|plot| plot.get_bounding_client_rect()) else { return };
        let share = (f64::from(event.client_y()) - plot.top()) / plot.height().max(1.0);
        selection.look_at((share.clamp(0.0, 1.0) * lanes as f64) as usize);
    };
    let rows = overview::rows(lanes, MOST_ROWS);
    view! {
        <div class="lane all-lanes">
            <span class="lane-name" aria-hidden="true">{count}</span>
            <div class="lane-plot" title="Click to look at these lanes" on:click=look>
                <svg
                    viewBox=format!("0 0 1 {rows}")
                    preserveAspectRatio="none"
                    aria-hidden="true"
                >
                    <path class="many-earlier" d=move || earlier().unwrap_or_default() />
                    <path class="many-ghost" d=move || expected().unwrap_or_default() />
                    {shapes.collect_view()}
                </svg>
                <Bracket />
            </div>
        </div>
    }
}

/// Which part of the picture is in view below it.
#[component]
fn Bracket() -> impl IntoView {
    let selection = expect_context::<SelectionState>();
    let share = move |of: fn(std::ops::Range<usize>) -> usize| {
        let page = selection.lanes_in_view();
        percent(of(page.agents()) as f64 / page.all().max(1) as f64)
    };
    view! {
        <div
            class="bracket"
            style:top=move || share(|agents| agents.start)
            style:height=move || share(|agents| agents.len())
        ></div>
    }
}
