//! Whose answers an agent needs, and what waiting for them costs.

use leptos::prelude::*;

use super::state::EditorState;
use crate::app::kit::Items;
use crate::edit::{Command, Field, cost};

/// A button for each other agent, which makes this one need its answer or not.
#[component]
pub fn Needs(id: u32) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let others = move || {
        let mut ids = state.ids.get();
        ids.retain(|other| *other != id);
        ids
    };
    let costs = move || {
        state.editor.with(|editor| {
            state.settings.current.with(|settings| cost::waiting(settings, editor.draft(), id))
        })
    };
    view! {
        <div class="edit-needs">
            <div class="edit-chips" role="group" aria-label="Needs">
                <span>"Needs"</span>
                <For each=others key=|other| *other let(other)>
                    <Need id other />
                </For>
            </div>
            <ul class="edit-costs" aria-label="What waiting costs">
                <Items lines=Signal::derive(costs) />
            </ul>
        </div>
    }
}

#[component]
fn Need(id: u32, other: u32) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let is_needed = move || state.editor.with(|editor| editor.draft().needs(id, other));
    // An agent that waits for this one already would close a circle.
    let is_circular =
        move || !is_needed() && state.editor.with(|editor| editor.draft().waits_for(other, id));
    view! {
        <button
            type="button"
            class="edit-chip"
            aria-pressed=move || is_needed().to_string()
            disabled=is_circular
            on:click=move |_| state.apply(&Command::Need(id, other))
        >
            {move || state.text(other, Field::Name)}
        </button>
    }
}
