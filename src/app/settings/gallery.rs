//! The scenarios to choose from: what each one does, and what running it in parallel saves.
//!
//! The figures are forecasts of the presets as they are written, not of the settings at hand. They
//! are worked out once, on the virtual clock; the race is where the settings count.

use leptos::prelude::*;

use crate::app::state::SettingsState;
use crate::presets::{DEFAULT_FANOUT, PresetId, forecast, preset};
use crate::time::seconds;
use crate::words;

/// One button for each scenario.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <section class="gallery" aria-label="Scenarios" data-control="preset">
            <ul>{PresetId::ALL.map(|id| view! { <Scenario id /> }).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Scenario(id: PresetId) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let forecast = forecast(&preset(id, DEFAULT_FANOUT));
    let times = words::page::from_to(&seconds(forecast.sequential), &seconds(forecast.parallel));
    let speedup = forecast.speedup.map(|speedup| words::times(&format!("{speedup:.1}")));
    let is_chosen = move || settings.with(|settings| settings.preset == id);
    view! {
        <li>
            <button
                type="button"
                class="scenario"
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| settings.update(|settings| settings.choose(id))
            >
                <span class="name">{id.label()}</span>
                <span class="line">{id.line()}</span>
                <span class="times">{times} " " <strong>{speedup}</strong></span>
            </button>
        </li>
    }
}
