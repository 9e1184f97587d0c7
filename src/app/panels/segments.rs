//! Buttons of which one is pressed: which part of a panel is shown.

use leptos::prelude::*;

/// The parts of a panel as buttons, the shown one pressed.
#[component]
pub fn Segments<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What is chosen between.
    name: &'static str,
    /// Each part with its label.
    #[prop(into)]
    parts: Signal<Vec<(T, &'static str)>>,
    chosen: RwSignal<T>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let button = move |(part, label): (T, &'static str)| {
        view! {
            <button
                type="button"
                aria-pressed=move || (chosen.get() == part).to_string()
                on:click=move |_| chosen.set(part)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class=format!("segments {class}") role="group" aria-label=name>
            {move || parts.get().into_iter().map(button).collect_view()}
        </div>
    }
}
