//! Traces come in: by a button, by pasting, by dropping a file anywhere.
//!
//! What is read, and how, is in the lazy module ([`open_traces`](super::open_traces)).

use leptos::prelude::*;
use web_sys::{ClipboardEvent, DragEvent, HtmlInputElement};

use crate::app::kit::Button;
use crate::app::state::{LazyState, OpeningState, SettingsState};
use crate::web::files::{self, Source};
use crate::web::page;
use crate::words;

/// Where a paste is for the field and not for the page.
const FIELDS: &str = "input, textarea, select, [contenteditable]";

/// Chooses files and opens them.
#[component]
pub fn OpenButton() -> impl IntoView {
    let lazy = expect_context::<LazyState>();
    let field = NodeRef::<leptos::html::Input>::new();
    let choose = move |_| {
        let field: Option<HtmlInputElement> = field.get();
        field.iter().for_each(|field| field.click());
    };
    view! {
        <Button control="open" on_click=choose>
            "Open a trace"
        </Button>
        <input
            node_ref=field
            type="file"
            aria-label="Open a trace file"
            accept=".json,.jsonl,.ndjson,.har,.txt,application/json"
            multiple=true
            hidden=true
            on:change=move |event| open(lazy, files::all_chosen(&event))
        />
    }
}

fn open(lazy: LazyState, sources: Vec<Source>) {
    if !sources.is_empty() {
        lazy.with_module(move |module| (module.open)(sources));
    }
}

/// Opens what is pasted outside of fields, and what is dropped anywhere. A figure in another page leaves
/// both to that page.
pub fn accept_traces() {
    if expect_context::<SettingsState>().is_embedded() {
        return;
    }
    let lazy = expect_context::<LazyState>();
    let is_dragging = expect_context::<OpeningState>().is_dragging;
    window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        if event.default_prevented() || page::is_within(&event, FIELDS) {
            return;
        }
        let mut sources = files::pasted(&event, "Pasted text");
        // What else is pasted here is a slip.
        sources.retain(|source| match source {
            Source::File(_) | Source::Text { text: None, .. } => true,
            Source::Text { text: Some(text), .. } => text.trim_start().starts_with(['{', '[']),
        });
        open(lazy, sources);
    });
    // Without this the browser would leave the page for the file.
    let hold = move |event: DragEvent| {
        if files::has_files(&event) {
            event.prevent_default();
            is_dragging.set(true);
        }
    };
    window_event_listener(leptos::ev::dragenter, hold);
    window_event_listener(leptos::ev::dragover, hold);
    window_event_listener(leptos::ev::dragleave, move |event: DragEvent| {
        // Between two elements of the page it goes on.
        if event.related_target().is_none() {
            is_dragging.set(false);
        }
    });
    window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        is_dragging.set(false);
        if files::has_files(&event) {
            event.prevent_default();
            open(lazy, files::dropped(&event));
        }
    });
}

/// What is seen while a file is dragged over the page.
#[component]
pub fn DropTarget() -> impl IntoView {
    let is_dragging = expect_context::<OpeningState>().is_dragging;
    view! {
        <Show when=move || is_dragging.get()>
            <div class="drop-target">
                <p>
                    <strong>"Drop a trace to open it"</strong>
                    "It stays in your browser."
                </p>
            </div>
        </Show>
    }
}

/// How far reading has come, and the way to stop it.
#[component]
pub fn OpenProgress() -> impl IntoView {
    let opening = expect_context::<OpeningState>();
    let name = move || opening.progress.with(|now| now.as_ref().map(|now| now.name.clone()));
    let percent = move || opening.progress.with(|now| now.as_ref().map_or(0, |now| now.percent));
    view! {
        <Show when=move || opening.progress.with(Option::is_some)>
            <div class="open-progress" role="group" aria-label="Opening a trace">
                <span>{move || words::import::opening(&name().unwrap_or_default())}</span>
                <progress aria-label="Read" max="100" value=move || percent().to_string()></progress>
                <Button control="open" on_click=move |_| opening.stop()>
                    "Cancel"
                </Button>
            </div>
        </Show>
    }
}
