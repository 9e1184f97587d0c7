//! The latencies of the simulated agents, in fields.

use leptos::prelude::*;

use crate::app::kit::{Pager, distinct};
use crate::app::state::plan::LONGEST_LATENCY;
use crate::app::state::{PlanState, SelectionState, SettingsState};
use crate::time::exact_seconds;
use crate::words;

/// Fields on a page, where there are too many agents for one.
const FIELDS: usize = 12;

/// A field for each agent, unless a live model answers.
#[component]
pub fn Latencies() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    view! {
        <Show when=move || !settings.is_live()>
            <Fields />
        </Show>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let selection = expect_context::<SelectionState>();
    let plan = expect_context::<PlanState>();
    let page = move || selection.page(FIELDS);
    // With their names, since another pipeline has other fields.
    let agents = distinct(move || {
        let page = page().agents();
        plan.current.with(|plan| {
            let all = plan.pipeline().agents().iter().enumerate();
            let shown = all.filter(|(place, _)| page.contains(place));
            let named =
                shown.map(|(place, agent)| (place, agent.name.clone(), agent.title().into()));
            named.collect::<Vec<(usize, String, String)>>()
        })
    });
    view! {
        <fieldset class="latencies">
            <legend>"Latencies (s)"</legend>
            <Pager page what="Latencies" on_turn=move |first| selection.look_at(first) />
            <div class="settings">
                <For each=move || agents.get() key=Clone::clone let((agent, name, title))>
                    <LatencyField agent name title />
                </For>
            </div>
        </fieldset>
    }
}

#[component]
fn LatencyField(agent: usize, name: String, title: String) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let label = words::page::latency_of(&name);
    view! {
        <label class="field narrow" data-control="latency">
            <span>{title}</span>
            <input
                type="number"
                min="0"
                max=LONGEST_LATENCY.as_secs().to_string()
                step="0.1"
                aria-label=label
                prop:value=move || exact_seconds(plan.latency(agent))
                on:change:target=move |event| {
                    plan.type_latency(agent, &event.target().value());
                }
            />
        </label>
    }
}
