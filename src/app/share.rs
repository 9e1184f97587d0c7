//! The link to this very state: copied, shown, and told what it holds.

use super::dom::{Node, el};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;

use super::demo::Demo;
use super::ui::{shown, text};
use crate::web::page;
use crate::words;

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
pub fn share_button(demo: Demo) -> Node {
    let copy = move || {
        demo.sharing.set(true);
        let link = untrack(move || link(demo));
        spawn_local(async move {
            let note = match page::copied(&link).await {
                true => words::share::COPIED,
                false => {
                    page::focus(FIELD);
                    words::share::SELECTED
                }
            };
            demo.notice.set(Some(note.into()));
        });
    };
    el("button")
        .attr("type", "button")
        .class("quiet")
        .attr("id", BUTTON)
        .attr("data-control", "share")
        .attr("aria-expanded", text(move || demo.sharing.get().to_string()))
        .upon("click", copy)
        .child(words::share::SHARE)
        .node()
}

/// The link, while it is shown. It follows what is changed meanwhile.
pub fn share_panel(demo: Demo) -> Node {
    shown(move || demo.sharing.get(), move || panel(demo))
}

fn panel(demo: Demo) -> Node {
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close(demo);
        }
    };
    el("section")
        .class("panel share")
        .attr("aria-label", words::share::LINK)
        .attr("data-control", "share")
        .hears("keydown", keys)
        .child(
            el("label")
                .class("field wide")
                .child(el("span").child(words::share::LINK_LABEL))
                .child(
                    el("input")
                        .attr("type", "text")
                        .attr("id", FIELD)
                        .attr("readonly", true)
                        .attr("aria-describedby", "share-told")
                        .prop("value", text(move || link(demo)))
                        .upon("focus", || page::select(FIELD)),
                ),
        )
        .child(
            el("button")
                .attr("type", "button")
                .upon("click", move || close(demo))
                .child(words::share::CLOSE),
        )
        .child(
            el("p")
                .class("fine")
                .attr("id", "share-told")
                .child(text(move || demo.settings.with(|settings| settings.shared()))),
        )
        .node()
}
