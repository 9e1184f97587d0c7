//! The link to this very state: to copy, and what it contains.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::kit::{Button, Dialog};
use crate::app::state::{PanelsState, SettingsState};
use crate::config::Settings;
use crate::web::page;

/// The id of the field.
const FIELD: &str = "share-link";

fn link(settings: &Settings) -> String {
    page::link(&settings.fragment())
}

/// The link. It follows the settings.
#[component]
pub fn LinkDialog() -> impl IntoView {
    let is_open = expect_context::<PanelsState>().sharing;
    view! {
        <Dialog id="share-title" title="Share" is_open>
            <Content />
        </Dialog>
    }
}

#[component]
fn Content() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let current = settings.current;
    let copied = RwSignal::new("");
    let copy = move |_| {
        let link = current.with(link);
        spawn_local(async move {
            let note = if page::copied(&link).await {
                "The link is in the clipboard."
            } else {
                page::focus(FIELD);
                "This browser does not let the page copy: the link is selected, so copy it by hand."
            };
            // The dialog may be closed by now.
            copied.try_set(note);
            settings.notice.set(Some(note.into()));
        });
    };
    view! {
        <label class="field wide">
            <span>"Link to this state"</span>
            <input
                type="text"
                id=FIELD
                readonly=true
                aria-describedby="share-told"
                prop:value=move || current.with(link)
                on:focus=|_| page::select(FIELD)
            />
        </label>
        <p class="fine" id="share-told">
            {move || current.with(Settings::shared)}
        </p>
        <div class="dialog-actions">
            <Button class="primary" control="share" on_click=copy>
                "Copy the link"
            </Button>
            <p aria-live="polite">{copied}</p>
        </div>
    }
}
