//! What a reader gives to reach a live model, and what the page says before it spends anything.

use leptos::prelude::*;

use super::bill;
use super::built_in::BuiltInModel;
use super::connection::{Connection, MODELS};
use super::key::{KeyField, KeyKeeping};
use crate::app::kit::{Button, Field, Items};
use crate::app::settings::NumberField;
use crate::app::state::{LiveState, PlanState, SettingsState};
use crate::config::{Number, Settings};
use crate::llm::{ProviderId, Url};
use crate::words;

/// See the module.
#[component]
pub fn LiveSheet() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let is_built_in = Memo::new(move |_| {
        settings.with(|settings| settings.provider.is_some_and(ProviderId::is_built_in))
    });
    let is_remote = move || !is_built_in.get();
    let bill = move || settings.with(|s| plan.with(|p| bill::bill(s, p)));
    let good_to_know =
        Memo::new(move |_| settings.with(|s| plan.with(|p| bill::good_to_know(s, p))));
    view! {
        <div class="live" role="group" aria-label="Live model">
            <Show when=move || is_built_in.get()>
                <BuiltInModel />
            </Show>
            <div class="settings">
                <Show when=is_remote>
                    <BaseUrlField />
                    <ModelField />
                    <KeyField />
                </Show>
            </div>
            <p class="problem">{move || settings.with(problem)}</p>
            <UntrustedHost />
            <Show when=is_remote>
                <KeyKeeping />
            </Show>
            <div class="settings">
                <Show when=is_remote>
                    <NumberField
                        number=Number::Temperature
                        name="Temperature"
                        placeholder="provider default"
                    />
                    <NumberField
                        number=Number::MaxOutputTokens
                        name="Max output tokens"
                        placeholder="provider default"
                    />
                </Show>
                <NumberField number=Number::FirstTokenTimeout name="First-token timeout (s)" />
                <NumberField number=Number::StallTimeout name="Stall timeout (s)" />
            </div>
            <Connection />
            <p class="bill">{bill}</p>
            <Show when=move || good_to_know.with(|notes| !notes.is_empty())>
                <ul class="fine" aria-label="Good to know">
                    <Items lines=good_to_know />
                </ul>
            </Show>
        </div>
    }
}

/// What is wrong with the base URL; an empty one is only not there yet.
fn problem(settings: &Settings) -> Option<String> {
    match settings.target()? {
        (_, Err(error)) if settings.base_url.is_some() => {
            Some(words::live::base_url_is_wrong(&error.to_string()))
        }
        _ => None,
    }
}

/// The host that a link has set, until the reader accepts that a key goes there.
#[component]
fn UntrustedHost() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let host = Memo::new(move |_| {
        let (id, url) = settings.with(Settings::target)?;
        let url = url.ok()?;
        live.trust.with(|trust| trust.must_accept(id, &url)).then_some(url)
    });
    move || host.get().map(|url| view! { <HostWarning url /> })
}

/// Names the host as it will be accepted, and says so where others can read along.
#[component]
fn HostWarning(url: Url) -> impl IntoView {
    let live = expect_context::<LiveState>();
    let host = url.shown().to_owned();
    let label = words::live::trust(&host);
    let unencrypted = url
        .is_exposed()
        .then_some(", which is not encrypted: others on the network can read the key on its way");
    view! {
        <div class="confirmation" role="alert">
            <p>
                "This link sends your API key to " <strong>{host}</strong> {unencrypted}
                ". Continue only if you trust it."
            </p>
            <Button
                control="accept"
                on_click=move |_| live.trust.update(|trust| trust.accept(&url))
            >
                {label}
            </Button>
        </div>
    }
}

/// What was typed, if anything.
fn given(value: String) -> Option<String> {
    (!value.trim().is_empty()).then_some(value)
}

#[component]
fn BaseUrlField() -> impl IntoView {
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
            kind="url"
            class="field wide"
            placeholder=Signal::derive(placeholder)
            value=Signal::derive(value)
            on_change=move |value: String| {
                let base_url = given(value);
                live.trust.update(|trust| trust.typed(base_url.as_deref()));
                settings.update(|settings| settings.base_url = base_url);
            }
        />
    }
}

#[component]
fn ModelField() -> impl IntoView {
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
