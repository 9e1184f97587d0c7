//! A small drawing.

use leptos::prelude::*;

/// A drawing in a box of sixteen by sixteen, in the color of the text.
#[component]
pub fn Icon(#[prop(into)] path: Signal<&'static str>) -> impl IntoView {
    view! {
        <svg class="icon-shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=path fill="currentColor"></path>
        </svg>
    }
}
