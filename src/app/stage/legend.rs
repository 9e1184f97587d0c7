//! The legend of the marks on the lanes.

use leptos::prelude::*;

use crate::app::kit::distinct;
use crate::app::state::PlayheadState;
use crate::timeline::Lane;

/// What the marks on the lanes mean, drawn with the marks themselves.
#[component]
pub fn Legend() -> impl IntoView {
    let PlayheadState { frame, overlay, .. } = expect_context();
    let has = move |what: fn(&Lane) -> bool| {
        distinct(move || {
            frame.with(|frame| frame.timelines.iter().flat_map(|run| run.lanes()).any(what))
        })
    };
    let has_thinking = has(|lane| !lane.thinking.is_empty());
    let has_failed_tries = has(|lane| !lane.failed.is_empty());
    view! {
        <ul class="legend">
            <Mark class="ghost" meaning="expected" />
            <Mark class="silence" meaning="waiting for the first word" />
            <Mark class="bar" meaning="answering" />
            <Mark class="bar done" meaning="done" />
            <Mark class="queue" meaning="queued for a slot" />
            <Mark class="bar done critical" meaning="critical path" />
            <Mark class="slack" meaning="time to spare" />
            <Show when=move || overlay.with(Option::is_some)>
                <Mark class="earlier" meaning="an earlier run" />
            </Show>
        </ul>
        <Show when=move || has_thinking.get()>
            <ul class="legend">
                <Mark class="thinking" meaning="thinking" />
            </ul>
        </Show>
        <Show when=move || has_failed_tries.get()>
            <ul class="legend">
                <Mark class="failed-try" meaning="a try that failed" />
                <Mark class="retry-wait" meaning="wait for the next one" />
            </ul>
        </Show>
    }
}

/// What the mark of a class means.
#[component]
fn Mark(class: &'static str, meaning: &'static str) -> impl IntoView {
    view! {
        <li>
            <span class="swatch" aria-hidden="true">
                <span class=class></span>
            </span>
            {meaning}
        </li>
    }
}
