//! The page's furniture: its head, the question, and the settings.

use leptos::prelude::*;

use super::demo::Demo;
use super::live::Live;
use crate::config::{SIMULATED, ScheduleChoice, Theme};
use crate::engine::OnFailure;
use crate::llm::ProviderId;
use crate::presets::{MOST_FANOUT, PresetId};
use crate::web::page;

/// The name, the theme and a link to this very state.
#[component]
pub fn Header() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let theme = move || demo.settings.with(|settings| settings.theme);
    let next_theme = move |_| {
        let now = theme();
        let at = Theme::ALL.iter().position(|choice| *choice == now).unwrap_or_default();
        let next = Theme::ALL[(at + 1) % Theme::ALL.len()];
        demo.settings.update(|settings| settings.theme = next);
    };
    let share = move |_| {
        let note = if page::copy(&page::href()) {
            "The link to this state is in the clipboard; a key is never part of it."
        } else {
            "Copy the address from the address bar: it holds this state, and never a key."
        };
        demo.notes.set(vec![note.into()]);
    };
    view! {
        <header class="masthead">
            <p class="brand">
                <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
                    <path
                        d="M3 6c10 0 10 10 20 10M3 16h20M3 26c10 0 10-10 20-10"
                        fill="none"
                        stroke="currentColor"
                        stroke-width="2.6"
                        stroke-linecap="round"
                    />
                    <circle cx="25" cy="16" r="4.5" fill="currentColor"/>
                </svg>
                "Converge"
            </p>
            <p class="tagline">"What running agents in parallel saves, on one clock"</p>
            <div class="masthead-actions">
                <button type="button" class="quiet" data-control="theme" on:click=next_theme>
                    {move || match theme() {
                        Theme::Auto => "Theme: auto",
                        Theme::Light => "Theme: light",
                        Theme::Dark => "Theme: dark",
                    }}
                </button>
                <button type="button" class="quiet" data-control="share" on:click=share>
                    "Share"
                </button>
            </div>
        </header>
    }
}

/// The question, and the settings that decide what it is about.
#[component]
pub fn Opening() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let settings = demo.settings;
    let question = Memo::new(move |_| {
        demo.stage.with(|stage| stage.experiment.preset.question.clone())
    });
    let usual_topic = Memo::new(move |_| demo.stage.with(|stage| stage.experiment.preset.topic));
    let source = Memo::new(move |_| demo.stage.with(|stage| stage.experiment.preset.source));
    let topic = move || {
        settings.with(|s| s.topic.clone()).unwrap_or_else(|| usual_topic.get().into())
    };
    let set_preset = move |event| {
        let value = event_target_value(&event);
        settings.update(|settings| {
            settings.set("preset", &value);
            // They belong to the agents of the pipeline before.
            settings.topic = None;
            settings.latency.clear();
            settings.fail.clear();
        });
    };
    let set_topic = move |event| {
        let value = event_target_value(&event);
        let own = (value.trim() != usual_topic.get_untracked()).then_some(value);
        settings.update(|settings| settings.topic = own);
    };
    let set_limit = move |event| {
        let value = event_target_value(&event);
        settings.update(|settings| {
            settings.limit = value.trim().parse().ok();
        });
    };
    let set = move |key: &'static str| {
        move |event| {
            let value = event_target_value(&event);
            settings.update(|settings| {
                settings.set(key, &value);
            });
        }
    };
    view! {
        <section class="opening" aria-labelledby="question">
            <h1 id="question">{question}</h1>
            <div class="settings">
                <label class="field" data-control="preset">
                    <span>"Preset"</span>
                    <select aria-label="Preset" on:change=set_preset>
                        {PresetId::ALL
                            .map(|preset| {
                                let selected = move || settings.with(|s| s.preset == preset);
                                view! {
                                    <option value=preset.id() selected=selected>{preset.label()}</option>
                                }
                            })
                            .into_iter()
                            .collect_view()}
                    </select>
                </label>
                <Show when=move || settings.with(|s| s.preset == PresetId::Fanout)>
                    <label class="field narrow" data-control="n">
                        <span>"Branches"</span>
                        <input
                            type="number"
                            min="1"
                            max=MOST_FANOUT.to_string()
                            prop:value=move || settings.with(|s| s.n.to_string())
                            on:change=set("n")
                        />
                    </label>
                </Show>
                <label class="field wide" data-control="topic">
                    <span>"Topic"</span>
                    <input
                        type="text"
                        aria-label="Topic"
                        maxlength="300"
                        autocomplete="off"
                        prop:value=topic
                        on:input=set_topic
                    />
                </label>
                <label class="field" data-control="provider">
                    <span>"Provider"</span>
                    <select aria-label="Provider" on:change=move |event| {
                        demo.access.from_address.set(false);
                        set("provider")(event);
                    }>
                        <option value=SIMULATED selected=move || settings.with(|s| s.provider.is_none())>
                            "Simulated, no key"
                        </option>
                        {ProviderId::ALL
                            .map(|id| {
                                let selected = move || settings.with(|s| s.provider == Some(id));
                                view! {
                                    <option value=id.name() selected=selected>{id.label()}</option>
                                }
                            })
                            .into_iter()
                            .collect_view()}
                    </select>
                </label>
                <label class="field" data-control="schedule">
                    <span>"Schedule"</span>
                    <select aria-label="Schedule" on:change=set("schedule")>
                        {ScheduleChoice::ALL
                            .iter()
                            .map(|choice| {
                                let selected = move || settings.with(|s| s.schedule == *choice);
                                let label = match choice {
                                    ScheduleChoice::Race => "Race, both",
                                    ScheduleChoice::Sequential => "Sequential",
                                    ScheduleChoice::Parallel => "Parallel",
                                };
                                view! { <option value=choice.word() selected=selected>{label}</option> }
                            })
                            .collect_view()}
                    </select>
                </label>
                <label class="field narrow" data-control="limit">
                    <span>"Concurrency limit"</span>
                    <input
                        type="number"
                        min="1"
                        aria-label="Concurrency limit"
                        placeholder="none"
                        prop:value=move || {
                            settings.with(|s| s.limit.map(|limit| limit.to_string()).unwrap_or_default())
                        }
                        on:change=set_limit
                    />
                </label>
                <label class="field" data-control="on_error">
                    <span>"When a branch fails"</span>
                    <select aria-label="When a branch fails" on:change=set("on_error")>
                        {[
                            (OnFailure::Cancel, "cancel the others"),
                            (OnFailure::Collect, "go on with what there is"),
                        ]
                            .map(|(policy, label)| {
                                let selected = move || settings.with(|s| s.on_error == policy);
                                view! {
                                    <option value=policy.word() selected=selected>{label}</option>
                                }
                            })
                            .into_iter()
                            .collect_view()}
                    </select>
                </label>
            </div>
            <Show
                when=move || settings.with(|s| s.provider.is_some())
                fallback=move || view! {
                    <p class="fine">
                        "Simulated: real timers on this page's own event loop, answers written beforehand. "
                        {source}
                    </p>
                }
            >
                <Live/>
            </Show>
        </section>
    }
}

/// Who made it of what.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="colophon">
            <p>
                "Everything drawn here is computed from the log of the run in front of you. "
                "No request leaves this page except to the model that you name."
            </p>
        </footer>
    }
}
