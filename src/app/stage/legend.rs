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
    let has_second_calls = has(|lane| lane.second.is_some());
    let has_unused = has(|lane| lane.orphaned.is_some());
    view! {
        <ul class="legend" aria-label="Legend">
            <Mark class="ghost" meaning="expected" />
            <Mark class="silence" meaning="waiting for first token" />
            <Mark class="bar" meaning="streaming" />
            <Mark class="queue" meaning="waiting for a slot" />
            <Mark class="held" meaning="waiting for the thread" />
            <Mark class="wait" meaning="waiting at the join" />
            <Show when=move || has_thinking.get()>
                <Mark class="thinking" meaning="thinking" />
            </Show>
            <Show when=move || has_failed_tries.get()>
                <Mark class="failed-try" meaning="failed attempt" />
                <Mark class="retry-wait" meaning="waiting to retry" />
            </Show>
            <Show when=move || has_second_calls.get()>
                <Mark class="second-call" meaning="second call (hedge)" />
            </Show>
            <Show when=move || has_unused.get()>
                <Mark class="orphan" meaning="ran on, not used" />
            </Show>
            <Show when=move || overlay.with(Option::is_some)>
                <Mark class="earlier" meaning="earlier run" />
            </Show>
        </ul>
    }
}

/// What the mark of a class means.
#[component]
fn Mark(class: &'static str, meaning: &'static str) -> impl IntoView {
    view! {
        <li>
            <span class="swatch" aria-hidden="true" data-agent="1">
                <span class=class></span>
            </span>
            {meaning}
        </li>
    }
}
