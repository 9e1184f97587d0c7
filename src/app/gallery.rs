//! The scenarios to choose from: what each one does, and what running it in parallel saves.
//!
//! The figures are forecasts of the presets as they are written, not of the settings at hand. They
//! are worked out once, on the virtual clock; the race is where the settings count.

use leptos::prelude::*;

use super::demo::Demo;
use super::ui::{clicked, flag};
use crate::decimal::fixed;
use crate::presets::{DEFAULT_FANOUT, PresetId, forecast, preset};
use crate::time::seconds;

/// One button for each preset.
pub fn gallery(demo: Demo) -> AnyView {
    let scenarios = PresetId::ALL.map(|id| scenario(demo, id)).into_iter().collect_view();
    view! {
        <section class="gallery" aria-label="Scenarios" data-control="preset">
            <ul>{scenarios}</ul>
        </section>
    }
    .into_any()
}

fn scenario(demo: Demo, id: PresetId) -> AnyView {
    let forecast = forecast(&preset(id, DEFAULT_FANOUT));
    let times = format!("{} s → {} s", seconds(forecast.sequential), seconds(forecast.parallel));
    let speedup = forecast.speedup.map(|speedup| format!("{}×", fixed(speedup, 1)));
    let chosen = flag(move || demo.settings.with(|settings| settings.preset == id));
    let current = Signal::derive(move || if chosen.get() { "true" } else { "false" }.to_owned());
    view! {
        <li>
            <button
                type="button"
                class="scenario"
                aria-pressed=current
                on:click=clicked(move || demo.settings.update(|settings| settings.choose(id)))
            >
                <span class="name">{id.label()}</span>
                <span class="line">{id.line()}</span>
                <span class="times">{times} " " <strong>{speedup}</strong></span>
            </button>
        </li>
    }
    .into_any()
}
