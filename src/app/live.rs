//! What a reader gives to reach a live model, and what the page says before it spends anything.

use std::time::Duration;

use leptos::prelude::*;

use super::demo::Demo;
use crate::config::ScheduleChoice;
use crate::llm::Url;
use crate::time::{parse_seconds, seconds};

/// Base URL, model and key of a live model.
#[component]
pub fn Live() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let settings = demo.settings;
    let access = demo.access;
    let id = Memo::new(move |_| settings.with(|settings| settings.provider));
    let text = move |of: fn(&crate::config::Settings) -> &Option<String>| {
        move || settings.with(|settings| of(settings).clone().unwrap_or_default())
    };
    let given = move |event: &web_sys::Event| {
        let value = event_target_value(event);
        (!value.trim().is_empty()).then_some(value)
    };
    let url = move || {
        let id = id.get()?;
        let base = settings.with(|settings| settings.base_url.clone().unwrap_or_default());
        Some((id, id.settings(&base, "", None).map(|settings| settings.base_url)))
    };
    // A base URL that makes no sense is said at the field; an empty one is only not there yet.
    let problem = move || match url()? {
        (_, Err(error)) if settings.with(|s| s.base_url.is_some()) => Some(error.to_string()),
        _ => None,
    };
    let trap = move || {
        let (id, url) = url()?;
        let url = url.ok()?;
        demo.must_accept(id, &url).then_some(url)
    };
    let bill = move || {
        let calls = demo.stage.with(|stage| stage.experiment.preset.pipeline.calls());
        let host = url().and_then(|(_, url)| url.ok()).map(|url| url.host().to_owned());
        let host = host.unwrap_or_else(|| "the model".into());
        match settings.with(|settings| settings.schedule) {
            ScheduleChoice::Race => format!(
                "Run makes {} calls to {host}: {calls} in parallel first, then the same {calls} one after the other.",
                2 * calls
            ),
            ScheduleChoice::Parallel => format!("Run makes {calls} calls to {host}, in parallel."),
            ScheduleChoice::Sequential => {
                format!("Run makes {calls} calls to {host}, one after the other.")
            }
        }
    };
    view! {
        <div class="live" role="group" aria-label="Live model">
            <div class="settings">
                <label class="field wide" data-control="base_url">
                    <span>"Base URL"</span>
                    <input
                        type="url"
                        aria-label="Base URL"
                        placeholder=move || match id.get().map(|id| id.base_url()) {
                            Some("") | None => "http://localhost:11434/v1",
                            Some(url) => url,
                        }
                        autocomplete="off"
                        spellcheck="false"
                        aria-invalid=move || problem().map(|_| "true")
                        aria-describedby="base-url-problem"
                        prop:value=text(|settings| &settings.base_url)
                        on:input=move |event| {
                            access.from_address.set(false);
                            let value = given(&event);
                            settings.update(|settings| settings.base_url = value);
                        }
                    />
                </label>
                <label class="field" data-control="model">
                    <span>"Model"</span>
                    <input
                        type="text"
                        aria-label="Model"
                        placeholder=move || id.get().map(|id| id.model()).unwrap_or_default()
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=text(|settings| &settings.model)
                        on:input=move |event| {
                            let value = given(&event);
                            settings.update(|settings| settings.model = value);
                        }
                    />
                </label>
                <label class="field" data-control="key">
                    <span>"API key"</span>
                    <input
                        type="password"
                        aria-label="API key"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=move || access.key.get()
                        on:input=move |event| access.key.set(event_target_value(&event))
                    />
                </label>
                <label class="field narrow" data-control="read_timeout">
                    <span>"Longest wait (s)"</span>
                    <input
                        type="number"
                        min="0.1"
                        step="any"
                        aria-label="Longest wait for a piece of an answer, in seconds"
                        prop:value=move || seconds_field(access.read_timeout.get())
                        on:change=move |event| {
                            let given = parse_seconds(&event_target_value(&event));
                            if let Some(wait) = given.filter(|wait| !wait.is_zero()) {
                                access.read_timeout.set(wait);
                            } else {
                                // Shows again what still holds.
                                access.read_timeout.notify();
                            }
                        }
                    />
                </label>
            </div>
            <p id="base-url-problem" class="problem">
                {move || problem().map(|problem| format!("Base URL: {problem}."))}
            </p>
            {move || trap().map(|url: Url| {
                let origin = url.origin().to_owned();
                view! {
                    <div class="trap" role="alert">
                        <p>
                            "This link set the base URL. Your key will be sent to "
                            <strong>{url.host().to_owned()}</strong>
                            ". Do you know that host?"
                        </p>
                        <button
                            type="button"
                            on:click=move |_| access.accepted.set(Some(origin.clone()))
                        >
                            {format!("Send my key to {}", url.host())}
                        </button>
                    </div>
                }
            })}
            <p class="bill">{bill}</p>
            <p class="fine">
                "The key stays in this page's memory until you close it, and travels only in the "
                "Authorization header to the base URL above."
            </p>
        </div>
    }
}

fn seconds_field(length: Duration) -> String {
    if length.subsec_micros() == 0 { length.as_secs().to_string() } else { seconds(length) }
}
