//! The scenarios to choose from: what each one does, and what running it in parallel saves.
//!
//! The figures are forecasts of the presets as they are written, not of the settings at hand. They
//! are worked out once, on the virtual clock; the race is where the settings count.

use super::dom::{Node, Nodes, el};
use leptos::prelude::*;

use super::demo::Demo;
use super::ui::flag;
use crate::decimal::fixed;
use crate::presets::{DEFAULT_FANOUT, PresetId, forecast, preset};
use crate::time::seconds;
use crate::words;

/// One button for each preset.
pub fn gallery(demo: Demo) -> Node {
    let scenarios = PresetId::ALL.map(|id| scenario(demo, id)).into_iter().nodes();
    el("section")
        .class("gallery")
        .attr("aria-label", words::page::SCENARIOS)
        .attr("data-control", "preset")
        .child(el("ul").child(scenarios))
        .node()
}

fn scenario(demo: Demo, id: PresetId) -> Node {
    let forecast = forecast(&preset(id, DEFAULT_FANOUT));
    let times = words::page::from_to(&seconds(forecast.sequential), &seconds(forecast.parallel));
    let speedup = forecast.speedup.map(|speedup| words::times(&fixed(speedup, 1)));
    let chosen = flag(move || demo.settings.with(|settings| settings.preset == id));
    let current = Signal::derive(move || if chosen.get() { "true" } else { "false" }.to_owned());
    el("li")
        .child(
            el("button")
                .attr("type", "button")
                .class("scenario")
                .attr("aria-pressed", current)
                .upon("click", move || demo.settings.update(|settings| settings.choose(id)))
                .child(el("span").class("name").child(id.label()))
                .child(el("span").class("line").child(id.line()))
                .child(
                    el("span")
                        .class("times")
                        .child(times)
                        .child(" ")
                        .child(el("strong").child(speedup)),
                ),
        )
        .node()
}
