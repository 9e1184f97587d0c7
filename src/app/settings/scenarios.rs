//! The scenarios to choose from: what each one does, and what running it in parallel saves.
//!
//! The figures are forecasts of the presets as they are written, not of the settings at hand. They
//! are worked out once, on the virtual clock; the race is where the settings count.

use leptos::prelude::*;

use crate::app::state::{PanelsState, SettingsState};
use crate::presets::{DEFAULT_FANOUT, PresetId, forecast, preset};
use crate::time::seconds;
use crate::web::page;
use crate::words;

/// One button for each scenario.
#[component]
pub fn Scenarios() -> impl IntoView {
    view! {
        <section class="scenarios" aria-label="Scenarios">
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
    let scenarios = expect_context::<PanelsState>().scenarios;
    let choose = move |_| {
        settings.update(|settings| settings.choose(id));
        scenarios.set(false);
        page::focus("scenario");
    };
    let is_chosen = move || settings.with(|settings| settings.preset == id);
    view! {
        <li>
            <button
                type="button"
                class="scenario"
                aria-pressed=move || is_chosen().to_string()
                on:click=choose
            >
                <span class="name">{id.label()}</span>
                <span class="line">{id.line()}</span>
                <span class="times">{times} " " <strong>{speedup}</strong></span>
            </button>
        </li>
    }
}
