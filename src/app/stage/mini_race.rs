//! The race in one line: a bar for each run, with the same playhead as on the stage.

use leptos::prelude::*;

use super::axis::{TimeSlider, percent};
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState};
use crate::plan::Kind;

/// How far each run has come, in 28 px; with `has_slider` the playhead can be moved on it.
#[component]
pub fn MiniRace(has_slider: bool) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let ends = distinct(move || {
        plan.with(|plan| {
            playhead.frame.with(|frame| {
                let lineup = plan.lineup.iter().map(|planned| planned.kind).enumerate();
                let end = |(place, kind): (usize, Kind)| {
                    let timeline = frame.timelines.get(place)?;
                    let end = timeline.run().started? + timeline.makespan();
                    Some((kind, frame.scale().x(end).clamp(0.0, 1.0)))
                };
                lineup.filter_map(end).collect::<Vec<_>>()
            })
        })
    });
    let bars = move || {
        let bars = ends.get().into_iter().map(|(kind, end)| {
            view! { <div class="mini-bar" data-kind=kind.as_str() style:width=percent(end)></div> }
        });
        bars.collect_view()
    };
    let x = move || percent(playhead.scale.get().x(playhead.shown()).clamp(0.0, 1.0));
    view! {
        <div class="mini-race">
            <div class="mini-plot">
                <div aria-hidden="true">
                    {bars} <div class="cursor" class:none=move || !playhead.has_run() style:left=x></div>
                </div>
                {has_slider.then(|| view! { <TimeSlider /> })}
            </div>
            <output class="now" aria-hidden="true">
                {move || format!("{:.2} s", playhead.shown().as_secs())}
            </output>
        </div>
    }
}
