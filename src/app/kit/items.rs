//! A list of plain items.

use leptos::prelude::*;

/// The items of a list, one a line.
#[component]
pub fn Items(#[prop(into)] lines: Signal<Vec<String>>) -> impl IntoView {
    move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()
}
