//! The time axis below the tracks.

use leptos::prelude::*;

use crate::app::state::PlayheadState;
use crate::time::Instant;
use crate::timeline::Phase;
use crate::timeline::playback::Playback;

/// Labelled moments on the axis, at most.
const TICKS: usize = 8;

/// The axis below the tracks.
#[component]
pub fn Axis() -> impl IntoView {
    let scale = expect_context::<PlayheadState>().scale;
    let ticks = move || {
        let ticks = scale.get().ticks(TICKS).into_iter().map(|tick| {
            view! { <span class="tick" style:left=percent(tick.x)>{tick.label}</span> }
        });
        ticks.collect_view()
    };
    view! {
        <div class="axis" aria-hidden="true">
            <span class="axis-name">"seconds"</span>
            <div class="axis-plot">{ticks}</div>
        </div>
    }
}

/// The axis as lines through the lanes of a track, and the playhead.
#[component]
pub fn Grid() -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let lines = move || {
        let ticks = playhead.scale.get().ticks(TICKS).into_iter();
        ticks
            .map(|tick| view! { <div class="grid-line" style:left=percent(tick.x)></div> })
            .collect_view()
    };
    // While a run goes on, and whenever the playhead is somewhere in it.
    let is_shown = move || {
        let is_running = || playhead.phases.with(|phases| phases.contains(&Phase::Running));
        let is_held = playhead.playback.get() != Playback::Following;
        playhead.edge.get() > Instant::ZERO && (is_held || is_running())
    };
    let x = move || {
        let cursor = playhead.playback.get().cursor(playhead.edge.get());
        percent(playhead.scale.get().x(cursor).min(1.0))
    };
    view! {
        <div class="grid" aria-hidden="true">
            {lines}
            <div class="cursor" class:none=move || !is_shown() style:left=x></div>
        </div>
    }
}

/// A fraction of the axis, as style sheets have it.
pub fn percent(fraction: f64) -> String {
    format!("{:.3}%", 100.0 * fraction)
}
