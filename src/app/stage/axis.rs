//! The time axis: its labels and lines, the slider that lies on it, and the playhead.

use leptos::prelude::*;
use std::time::Duration;
use web_sys::KeyboardEvent;

use crate::app::kit::follow_range;
use crate::app::state::PlayheadState;
use crate::time::{Instant, parse_seconds, seconds};
use crate::timeline::playback::Command;
use crate::web::page;
use crate::words;

/// Labelled moments on the axis, at most.
const TICKS: usize = 8;

/// How far the arrow keys move the playhead, and how far with Shift.
const STEP: Duration = Duration::from_millis(100);
const BIG_STEP: Duration = Duration::from_secs(1);

/// Labels below the lanes, and the slider that moves the playhead.
#[component]
pub fn Axis(children: Children) -> impl IntoView {
    let scale = expect_context::<PlayheadState>().scale;
    let ticks = move || {
        let ticks = scale.get().ticks(TICKS).into_iter().map(|tick| {
            let unit = if tick.label == "0" { " s" } else { "" };
            view! {
                <span class="tick" style:left=percent(tick.x) aria-hidden="true">
                    {tick.label}
                    {unit}
                </span>
            }
        });
        ticks.collect_view()
    };
    view! {
        <div class="axis">
            <div class="axis-plot">
                {ticks} <TimeSlider /> {children()}
            </div>
        </div>
    }
}

/// The axis as lines through all lanes.
#[component]
pub fn Grid() -> impl IntoView {
    let scale = expect_context::<PlayheadState>().scale;
    let lines = move || {
        let ticks = scale.get().ticks(TICKS).into_iter();
        ticks
            .map(|tick| view! { <div class="grid-line" style:left=percent(tick.x)></div> })
            .collect_view()
    };
    view! { <div class="plane grid" aria-hidden="true">{lines}</div> }
}

/// The line at the playhead, and its time.
#[component]
pub fn Playhead() -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let cursor = move || playhead.shown();
    let x = move || percent(playhead.scale.get().x(cursor()).clamp(0.0, 1.0));
    view! {
        <div class="plane playhead" class:none=move || !playhead.has_run() aria-hidden="true">
            <div class="cursor" style:left=x></div>
            <output class="now" style=("--x", x)>
                {move || format!("{:.2}", cursor().as_secs())}
            </output>
        </div>
    }
}

/// The time at the playhead as a slider that lies on an axis: it reaches from the axis' left end to the
/// furthest moment that a run has come to, so that its thumb is where the playhead is.
#[component]
pub fn TimeSlider() -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    // What is left of the run once the axis is zoomed.
    let ends = move || {
        let scale = playhead.scale.get();
        let first = scale.at(0.0);
        (first, playhead.reached.get().min(scale.at(1.0)).max(first))
    };
    let slider = follow_range(move || {
        let (first, last) = ends();
        [first, last, playhead.shown()].map(|at| at.as_secs().to_string())
    });
    let reach = move || {
        let (_, last) = ends();
        format!("{:.5}", playhead.scale.get().x(last))
    };
    let spoken = move || {
        let spoken = |at: Instant| seconds(at - Instant::ZERO);
        words::race::time_of(&spoken(playhead.shown()), &spoken(playhead.reached.get()))
    };
    let seek = move |typed: String| {
        if let Some(at) = parse_seconds(&typed) {
            playhead.command(Command::Seek(Instant::ZERO + at));
        }
    };
    // What keys do, beyond what the browser does.
    let key = move |event: KeyboardEvent| {
        let step = if event.shift_key() { BIG_STEP } else { STEP };
        let here = playhead.shown();
        let back = Instant::ZERO + here.since(Instant::ZERO + step);
        let command = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Command::Seek(here + step),
            "ArrowLeft" | "ArrowDown" => Command::Seek(back),
            // The browser's own go to the length that was drawn last, which may be a frame old.
            "Home" => Command::Seek(Instant::ZERO),
            "End" => Command::Seek(playhead.edge.get()),
            " " => Command::TogglePlay,
            _ => return,
        };
        event.prevent_default();
        playhead.command(command);
    };
    view! {
        <input
            node_ref=slider
            type="range"
            class="time"
            aria-label="Time"
            aria-valuetext=spoken
            style=("--reach", reach)
            // Any: with steps the slider stops short of an end that lies between two, and with it the
            // playhead of what happened last.
            step="any"
            disabled=move || !playhead.has_run()
            on:keydown=key
            on:pointerdown=move |_| page::set_root("data-held", Some("1"))
            on:input:target=move |event| seek(event.target().value())
        />
    }
}

/// A fraction of the axis, as style sheets have it.
pub fn percent(fraction: f64) -> String {
    format!("{:.3}%", 100.0 * fraction)
}

/// A length in CSS pixels, as style sheets have it.
pub fn px(length: f64) -> String {
    format!("{length:.2}px")
}
