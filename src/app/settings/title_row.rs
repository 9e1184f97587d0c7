//! The title: what the scenario is, and the choices that decide what it is about and who answers.

use leptos::prelude::*;

use super::NumberField;
use crate::app::kit::{Field, Popover};
use crate::app::lazy::Lazy;
use crate::app::state::{LazySection, PanelsState, PlanState, SettingsState};
use crate::config::Number;
use crate::llm::ProviderId;
use crate::presets::PresetId;

/// See the module.
#[component]
pub fn TitleRow() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let panels = expect_context::<PanelsState>();
    let plan = expect_context::<PlanState>().current;
    let is_fan_out = move || settings.current.with(|s| s.preset == PresetId::Fanout);
    view! {
        <div class="title-row">
            <h1>{move || plan.with(|plan| plan.experiment.preset.title.clone())}</h1>
            <div class="chips">
                <Popover
                    id="scenario"
                    control="preset"
                    class="scenario-chip"
                    label=|| "Scenario"
                    is_open=panels.scenarios
                >
                    <Lazy section=LazySection::Scenarios />
                </Popover>
                <TopicField />
                <Show when=is_fan_out>
                    <NumberField number=Number::Branches name="Branches" kind="number" />
                </Show>
                <ProviderChip />
            </div>
        </div>
    }
}

/// Names who answers, and opens the sheet where that is chosen.
#[component]
fn ProviderChip() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let panels = expect_context::<PanelsState>();
    let label = move || settings.with(|s| s.provider.map_or("Simulated", ProviderId::label));
    view! {
        <button
            type="button"
            class="chip"
            id="provider"
            data-control="provider"
            aria-haspopup="dialog"
            on:click=move |_| panels.provider.set(true)
        >
            <span class="visually-hidden">"Provider: "</span>
            {label}
        </button>
    }
}

#[component]
fn TopicField() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let default = move || plan.with(|plan| plan.experiment.preset.topic);
    let topic = move || {
        let own = settings.with(|settings| settings.topic.clone());
        own.unwrap_or_else(|| default().into())
    };
    view! {
        <Field
            name="Topic"
            control="topic"
            class="field topic"
            value=Signal::derive(topic)
            on_change=move |topic: String| {
                let default = plan.with_untracked(|plan| plan.experiment.preset.topic);
                // Not trimmed: the next word is still to come.
                let own = (topic != default).then_some(topic);
                settings.update(|settings| settings.topic = own);
            }
        />
    }
}
