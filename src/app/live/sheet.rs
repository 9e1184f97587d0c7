//! The sheet where a reader chooses who answers, in the order in which that is done: provider, key,
//! model, a test of the connection, what a run will cost, and Run. The rest is under Advanced.

use leptos::prelude::*;
use web_sys::MouseEvent;

use super::bill;
use super::built_in::BuiltInModel;
use super::connection::Connection;
use super::fields::{BASE_URL, BaseUrlField, ModelField, PROBLEM, ProviderMenu};
use super::key::{KEY, KeyField, KeyKeeping, recall_key};
use super::picture::{PicturePanel, load_picture};
use super::trust::{ACCEPT, HostWarning, untrusted_host};
use crate::app::kit::{Button, Dialog, Items};
use crate::app::settings::NumberField;
use crate::app::state::live::MissingField;
use crate::app::state::permit::By;
use crate::app::state::{LiveState, PanelsState, PlanState, RunsState, SettingsState};
use crate::config::Number;
use crate::llm::ProviderId;
use crate::web::page;

/// See the module.
#[component]
pub fn ProviderSheet() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let live = expect_context::<LiveState>();
    let is_open = expect_context::<PanelsState>().provider;
    recall_key();
    load_picture();
    live.collect_arrival();
    show_what_is_missing();
    let host = untrusted_host();
    // The question before a call inside another site's page is asked on the page itself.
    Effect::new(move |_| {
        if live.asked.with(Option::is_some) {
            is_open.set(false);
        }
    });
    let warning = move || host.get().map(|url| view! { <HostWarning url /> });
    // What is missing is said beside Run already.
    let notice = move || settings.notice.get().filter(|_| live.missing.with(Option::is_none));
    view! {
        <Dialog id="provider-title" title="Model provider" class="sheet" is_open>
            <div class="live" role="group" aria-label="Live model">
                {warning} <ProviderMenu />
                <Show
                    when=move || settings.is_live()
                    fallback=|| {
                        view! {
                            <p class="fine">
                                "Scripted answers, real timers in your browser. Nothing is sent."
                            </p>
                        }
                    }
                >
                    <LiveFields />
                </Show>
                <RunFromHere />
                <details class="advanced">
                    <summary>"Advanced"</summary>
                    <Advanced />
                </details>
                <p class="note" aria-live="polite">
                    {notice}
                </p>
            </div>
        </Dialog>
    }
}

/// Opens the sheet where something is missing, and leads to the field; until something is changed.
fn show_what_is_missing() {
    let settings = expect_context::<SettingsState>();
    let live = expect_context::<LiveState>();
    let is_open = expect_context::<PanelsState>().provider;
    Effect::new(move |_| {
        let field = live.missing.with(|missing| missing.as_ref().and_then(|m| m.field));
        let Some(field) = field.filter(|_| !settings.is_embedded()) else { return };
        is_open.set(true);
        let id = match field {
            MissingField::BaseUrl => BASE_URL,
            MissingField::Host => ACCEPT,
            MissingField::Key => KEY,
        };
        request_animation_frame(move || page::focus(id));
    });
    let fields = move || {
        settings.current.track();
        live.keys.track();
        live.trust.track();
    };
    Effect::watch(fields, move |_, _, _| live.forget_missing(), false);
}

fn provider_is(of: fn(ProviderId) -> bool) -> Memo<bool> {
    let settings = expect_context::<SettingsState>().current;
    Memo::new(move |_| settings.with(|settings| settings.provider.is_some_and(of)))
}

/// Whether a provider has no address of its own, so that its field is no advanced one.
fn needs_address(id: ProviderId) -> bool {
    !id.is_built_in() && id.base_url().is_empty()
}

#[component]
fn LiveFields() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let is_built_in = provider_is(ProviderId::is_built_in);
    let needs_address = provider_is(needs_address);
    let bill = move || settings.with(|s| plan.with(|p| bill::bill(s, p)));
    view! {
        <Show when=move || is_built_in.get()>
            <BuiltInModel />
        </Show>
        <Show when=move || needs_address.get()>
            <BaseUrlField />
        </Show>
        <Show when=move || !is_built_in.get()>
            <KeyField />
            <KeyKeeping />
            <ModelField />
        </Show>
        <Connection />
        <p class="bill">{bill}</p>
    }
}

/// Run, and what is missing for it.
#[component]
fn RunFromHere() -> impl IntoView {
    let runs = expect_context::<RunsState>();
    let live = expect_context::<LiveState>();
    let is_open = expect_context::<PanelsState>().provider;
    let run = move |event: MouseEvent| {
        live.forget_missing();
        runs.start(By::of(&event));
        if live.missing.with(Option::is_none) {
            is_open.set(false);
        }
    };
    let problem = move || live.missing.with(|missing| missing.as_ref().map(|m| m.problem.clone()));
    view! {
        <div class="sheet-run">
            <p class="problem" id=PROBLEM role="alert">
                {problem}
            </p>
            <Button control="run" class="primary" one_click_a_press=true on_click=run>
                "Run"
            </Button>
        </div>
    }
}

#[component]
fn Advanced() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let has_address = provider_is(|id| !id.is_built_in() && !needs_address(id));
    let takes_settings = provider_is(|id| !id.is_built_in());
    let good_to_know =
        Memo::new(move |_| settings.with(|s| plan.with(|p| bill::good_to_know(s, p))));
    view! {
        <Show when=move || has_address.get()>
            <BaseUrlField />
        </Show>
        <Show when=move || takes_settings.get()>
            <div class="settings">
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
            </div>
        </Show>
        <PicturePanel />
        <Show when=move || good_to_know.with(|notes| !notes.is_empty())>
            <ul class="fine" aria-label="Good to know">
                <Items lines=good_to_know />
            </ul>
        </Show>
        <p class="fine">"Timeouts, retries and the concurrency limit are in the tab What if."</p>
    }
}
