//! The pipeline in fields. What is typed is the pipeline as soon as it is valid; until then Run uses
//! the last one that was, and each problem stands at its field.
//!
//! What the fields hold, what can be done to them and what is wrong is all in [`edit`](crate::edit).

mod agent;
mod fields;
mod needs;
mod state;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use self::agent::AgentItem;
use self::state::EditorState;
use super::kit::Items;
use super::state::{PlanState, SettingsState};
use crate::edit::why::reasons;
use crate::edit::{Editor, MOST_AGENTS};
use crate::words;

/// The region: a button, and the editor once it is open.
#[component]
pub fn EditorPanel(is_open: RwSignal<bool>) -> impl IntoView {
    let was_open = RwSignal::new(false);
    let toggle = move |_| {
        is_open.update(|open| *open = !*open);
        was_open.set(true);
    };
    view! {
        <section class="editor" aria-labelledby="editor-title" data-control="editor">
            <div class="editor-top">
                <h2 id="editor-title" class="visually-hidden">"Editor"</h2>
                <button
                    type="button"
                    aria-expanded=move || is_open.get().to_string()
                    on:click=toggle
                >
                    {move || if is_open.get() { "Close editor" } else { "Edit pipeline" }}
                </button>
                <p class="fine">
                    "Write " <code>"{key}"</code>
                    " into a prompt and an edge appears; take it out and it goes."
                </p>
            </div>
            <div hidden=move || !is_open.get()>
                <Show when=move || was_open.get()>
                    <EditorBody />
                </Show>
            </div>
        </section>
    }
}

/// All agents, or why there are none to edit.
#[component]
fn EditorBody() -> impl IntoView {
    let state = EditorState::new();
    provide_context(state);
    let is_too_wide = Memo::new(move |_| state.is_too_wide());
    let undo_or_redo = move |event: KeyboardEvent| {
        let is_command = event.ctrl_key() || event.meta_key();
        match event.key().to_lowercase().as_str() {
            "z" if is_command && event.shift_key() => state.redo(),
            "y" if is_command => state.redo(),
            "z" if is_command => state.undo(),
            _ => return,
        }
        // The browser's own undo knows one field, and nothing of keys that were renamed in others.
        event.prevent_default();
    };
    view! {
        <div class="desk" on:keydown=undo_or_redo>
            <Show when=move || !state.ids.with(Vec::is_empty) || !is_too_wide.get()>
                <Verdict />
                <Tools />
                <ol class="edit-agents">
                    <For each=move || state.ids.get() key=|id| *id let(id)>
                        <AgentItem id />
                    </For>
                </ol>
                <Reasons />
            </Show>
            <Show when=move || is_too_wide.get()>
                <p class="note">{words::editor::too_wide(MOST_AGENTS)}</p>
            </Show>
        </div>
    }
}

/// Whether the pipeline can run, and how long that takes.
#[component]
fn Verdict() -> impl IntoView {
    let state = expect_context::<EditorState>();
    view! {
        <p
            class="edit-verdict"
            aria-live="polite"
            data-wrong=move || state.has_problems().to_string()
        >
            {move || state.verdict()}
        </p>
    }
}

#[component]
fn Tools() -> impl IntoView {
    let state = expect_context::<EditorState>();
    let settings = expect_context::<SettingsState>().current;
    let cannot_undo = move || !state.editor.with(Editor::can_undo);
    let cannot_redo = move || !state.editor.with(Editor::can_redo);
    let is_full = move || state.ids.with(|ids| ids.len() >= MOST_AGENTS);
    let is_preset = move || settings.with(|settings| settings.edited.is_none());
    view! {
        <div class="edit-tools" role="group" aria-label="Editing">
            <button
                type="button"
                id="edit-undo"
                disabled=cannot_undo
                on:click=move |_| state.undo()
            >
                "Undo"
            </button>
            <button
                type="button"
                id="edit-redo"
                disabled=cannot_redo
                on:click=move |_| state.redo()
            >
                "Redo"
            </button>
            <button type="button" id="edit-add" disabled=is_full on:click=move |_| state.add()>
                "Add agent"
            </button>
            <button
                type="button"
                id="edit-reset"
                disabled=is_preset
                on:click=move |_| state.reset()
            >
                "Reset to preset"
            </button>
        </div>
    }
}

/// What waits for what, and why, in sentences.
#[component]
fn Reasons() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let sentences = move || {
        plan.with(|plan| match plan.agents() {
            few if few <= MOST_AGENTS => reasons(plan.pipeline()),
            _ => Vec::new(),
        })
    };
    view! {
        <div class="edit-why">
            <h3 id="edit-why">"What waits for what"</h3>
            <ul aria-labelledby="edit-why">
                <Items lines=Signal::derive(sentences) />
            </ul>
        </div>
    }
}
