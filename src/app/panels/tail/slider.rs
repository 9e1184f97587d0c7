//! A slider with its name and its value above it.

use leptos::prelude::*;

/// A slider over the places of a list, from `first` to `last`.
#[component]
pub fn Slider(
    /// What is written above it, and what assistive technology and tests call it.
    name: &'static str,
    /// Its name in the address, by which it can be hidden.
    control: &'static str,
    #[prop(optional)] first: usize,
    #[prop(into)] last: Signal<usize>,
    #[prop(into)] place: Signal<usize>,
    /// The value at that place, in words.
    #[prop(into)]
    value: Signal<String>,
    on_move: impl Fn(usize) + 'static,
) -> impl IntoView {
    let slider = NodeRef::<leptos::html::Input>::new();
    // All in one effect, since a slider takes no value beyond the maximum that it has by then.
    Effect::new(move || {
        let (last, place) = (last.get(), place.get());
        if let Some(slider) = slider.get() {
            slider.set_max(&last.to_string());
            slider.set_value(&place.to_string());
        }
    });
    view! {
        <label class="field slider" data-control=control>
            <span>{name} " " <span class="value">{move || value.get()}</span></span>
            <input
                node_ref=slider
                type="range"
                min=first.to_string()
                step="1"
                aria-label=name
                aria-valuetext=move || value.get()
                on:input:target=move |event| {
                    if let Ok(place) = event.target().value().parse() {
                        on_move(place);
                    }
                }
            />
        </label>
    }
}

/// The place in an ascending list that is nearest to a value, by ratio.
pub fn nearest(list: &[f64], value: f64) -> usize {
    let apart = |other: f64| (other.max(1e-9) / value.max(1e-9)).ln().abs();
    let places = list.iter().enumerate();
    places.min_by(|(_, a), (_, b)| apart(**a).total_cmp(&apart(**b))).map_or(0, |(at, _)| at)
}
