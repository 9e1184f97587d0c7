//! The question, and the settings that decide what it is about and who answers.

use leptos::prelude::*;

use super::NumberField;
use crate::app::kit::{Choice, Field, Menu};
use crate::app::lazy::Lazy;
use crate::app::state::{LazySection, LiveState, PlanState, SettingsState};
use crate::config::{Number, SIMULATED};
use crate::llm::ProviderId;
use crate::presets::PresetId;

/// See the module.
#[component]
pub fn Opening() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let plan = expect_context::<PlanState>().current;
    let is_fan_out = move || settings.current.with(|s| s.preset == PresetId::Fanout);
    view! {
        <section class="opening" aria-labelledby="question">
            <h1 id="question">{move || plan.with(|plan| plan.experiment.preset.title.clone())}</h1>
            <div class="settings">
                <ScenarioMenu />
                <Show when=is_fan_out>
                    <NumberField number=Number::Branches name="Branches" kind="number" />
                </Show>
                <ProviderMenu />
                <TopicField />
            </div>
            <Show when=move || settings.is_live()>
                <Lazy section=LazySection::Live />
            </Show>
            <Lazy section=LazySection::Picture />
        </section>
    }
}

#[component]
fn ScenarioMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let scenarios = PresetId::ALL.map(|id| Choice::new(id.id(), id.label()));
    view! {
        <Menu
            name="Preset"
            control="preset"
            choices=scenarios.to_vec()
            value=Signal::derive(move || settings.with(|settings| settings.preset.id().to_owned()))
            on_change=move |id: String| {
                if let Some(preset) = PresetId::find(&id) {
                    settings.update(|settings| settings.choose(preset));
                }
            }
        />
    }
}

#[component]
fn ProviderMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let simulated = Choice::new(SIMULATED, "Simulated, no key");
    let providers = ProviderId::ALL.into_iter().map(|id| Choice::new(id.name(), id.label()));
    let choices: Vec<_> = std::iter::once(simulated).chain(providers).collect();
    let chosen =
        move || settings.with(|s| s.provider.map_or(SIMULATED, ProviderId::name).to_owned());
    view! {
        <Menu
            name="Provider"
            control="provider"
            choices
            value=Signal::derive(chosen)
            on_change=move |name: String| live.choose_provider(&name)
        />
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
            class="field wide"
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
