//! The link to this very state: copied, shown, and told what it holds.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;

use super::demo::Demo;
use super::ui::{clicked, focus, shown, text};
use crate::web::page;

/// The ids of what gets the focus.
const BUTTON: &str = "share";
const FIELD: &str = "share-link";

fn close(demo: Demo) {
    demo.sharing.set(false);
    page::focus(BUTTON);
}

fn link(demo: Demo) -> String {
    page::link(&demo.settings.with(|settings| settings.fragment()))
}

/// The button that copies the link and shows it.
pub fn share_button(demo: Demo) -> AnyView {
    let copy = move || {
        demo.sharing.set(true);
        let link = untrack(move || link(demo));
        spawn_local(async move {
            let note = match page::copied(&link).await {
                true => "The link is in the clipboard; a key is never part of it.",
                false => {
                    page::focus(FIELD);
                    "This browser does not let the page copy: the link is selected, so copy it by \
                     hand. A key is never part of it."
                }
            };
            demo.notice.set(Some(note.into()));
        });
    };
    view! {
        <button
            type="button"
            class="quiet"
            id=BUTTON
            data-control="share"
            aria-expanded=text(move || demo.sharing.get().to_string())
            on:click=clicked(copy)
        >
            "Share"
        </button>
    }
    .into_any()
}

/// The link, while it is shown. It follows what is changed meanwhile.
pub fn share_panel(demo: Demo) -> AnyView {
    shown(move || demo.sharing.get(), move || panel(demo)).into_any()
}

fn panel(demo: Demo) -> AnyView {
    let keys: Box<dyn FnMut(KeyboardEvent)> = Box::new(move |event| {
        if event.key() == "Escape" {
            close(demo);
        }
    });
    view! {
        <section class="panel share" aria-label="Link" data-control="share" on:keydown=keys>
            <label class="field wide">
                <span>"Link to this state"</span>
                <input
                    type="text"
                    id=FIELD
                    readonly=true
                    aria-describedby="share-told"
                    prop:value=text(move || link(demo))
                    on:focus=focus(|| page::select(FIELD))
                />
            </label>
            <button type="button" on:click=clicked(move || close(demo))>"Close"</button>
            <p class="fine" id="share-told">
                {text(move || demo.settings.with(|settings| settings.shared()))}
            </p>
        </section>
    }
    .into_any()
}
