//! The fields of the provider's sheet that are settings: who answers, where, and which model.

use leptos::prelude::*;

use super::connection::MODELS;
use crate::app::kit::{Choice, Field, Menu};
use crate::app::state::live::MissingField;
use crate::app::state::{LiveState, SettingsState};
use crate::config::{SIMULATED, Settings};
use crate::llm::ProviderId;
use crate::words;

/// The ids of the base URL's field, and of the sentence that says what is missing.
pub const BASE_URL: &str = "base-url";
pub const PROBLEM: &str = "live-problem";

/// What answers: the scripts that come with the page, or a live model.
#[component]
pub fn ProviderMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let simulated = Choice::new(SIMULATED, "Simulated (no key needed)");
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

/// What is wrong with the base URL while it is typed; an empty one is only not there yet.
fn problem(settings: &Settings) -> Option<String> {
    match settings.target()? {
        (_, Err(error)) if settings.base_url.is_some() => {
            Some(words::live::base_url_is_wrong(&error.to_string()))
        }
        _ => None,
    }
}

/// What was typed, if anything.
fn given(value: String) -> Option<String> {
    (!value.trim().is_empty()).then_some(value)
}

/// Where the model is.
#[component]
pub fn BaseUrlField() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let placeholder = move || {
        let own = settings.with(|settings| settings.provider.map_or("", ProviderId::base_url));
        if own.is_empty() { "http://localhost:11434/v1" } else { own }.to_owned()
    };
    let value = move || settings.with(|settings| settings.base_url.clone().unwrap_or_default());
    view! {
        <Field
            name="Base URL"
            control="base_url"
            id=BASE_URL
            kind="url"
            class="field wide"
            is_invalid=Signal::derive(move || live.lacks(MissingField::BaseUrl))
            described_by=PROBLEM
            placeholder=Signal::derive(placeholder)
            value=Signal::derive(value)
            on_change=move |value: String| {
                let base_url = given(value);
                live.trust.update(|trust| trust.typed(base_url.as_deref()));
                settings.update(|settings| settings.base_url = base_url);
            }
        />
        <p class="problem">{move || settings.with(problem)}</p>
    }
}

/// Which model; those that testing the connection has found are offered.
#[component]
pub fn ModelField() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let placeholder = move || {
        settings.with(|settings| settings.provider.map_or("", ProviderId::model).to_owned())
    };
    let value = move || settings.with(|settings| settings.model.clone().unwrap_or_default());
    view! {
        <Field
            name="Model"
            control="model"
            placeholder=Signal::derive(placeholder)
            value=Signal::derive(value)
            list=MODELS
            on_change=move |value: String| {
                settings.update(|settings| settings.model = given(value));
            }
        />
    }
}
