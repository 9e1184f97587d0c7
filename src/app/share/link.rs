//! The link to this very state: copied, shown, and what it contains.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;

use crate::app::kit::{Disclosure, is_escape};
use crate::app::state::{PanelsState, SettingsState};
use crate::config::Settings;
use crate::web::page;

/// The ids of what gets the focus.
const BUTTON: &str = "share";
const FIELD: &str = "share-link";

fn close(panels: PanelsState) {
    panels.sharing.set(false);
    page::focus(BUTTON);
}

fn link(settings: &Settings) -> String {
    page::link(&settings.fragment())
}

/// The button that copies the link and shows it.
#[component]
pub fn LinkButton() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let panels = expect_context::<PanelsState>();
    let copy = move || {
        panels.sharing.set(true);
        let link = settings.current.with_untracked(link);
        spawn_local(async move {
            let note = if page::copied(&link).await {
                "The link is in the clipboard; a key is never part of it."
            } else {
                page::focus(FIELD);
                "This browser does not let the page copy: the link is selected, so copy it by \
                 hand. A key is never part of it."
            };
            settings.notice.set(Some(note.into()));
        });
    };
    let is_open = Signal::derive(move || panels.sharing.get());
    view! {
        <Disclosure id=BUTTON is_open on_press=copy on_escape=move || close(panels)>
            "Share"
        </Disclosure>
    }
}

/// The link, while it is shown. It follows the settings.
#[component]
pub fn LinkPanel() -> impl IntoView {
    let panels = expect_context::<PanelsState>();
    view! {
        <Show when=move || panels.sharing.get()>
            <OpenPanel />
        </Show>
    }
}

#[component]
fn OpenPanel() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let panels = expect_context::<PanelsState>();
    let escape = move |event: KeyboardEvent| {
        if is_escape(&event) {
            close(panels);
        }
    };
    view! {
        <section class="panel share" aria-label="Link" data-control="share" on:keydown=escape>
            <label class="field wide">
                <span>"Link to this state"</span>
                <input
                    type="text"
                    id=FIELD
                    readonly=true
                    aria-describedby="share-told"
                    prop:value=move || settings.with(link)
                    on:focus=|_| page::select(FIELD)
                />
            </label>
            <button type="button" on:click=move |_| close(panels)>
                "Close"
            </button>
            <p class="fine" id="share-told">
                {move || settings.with(Settings::shared)}
            </p>
        </section>
    }
}
