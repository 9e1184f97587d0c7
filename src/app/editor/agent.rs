//! One agent of the editor: its line in the list, and its fields below while it is open.

use leptos::prelude::*;

use super::fields::AgentFields;
use super::state::{EditorState, element_id, focus_on};
use crate::app::kit::breakable;
use crate::edit::{AgentText, Command, Field};
use crate::template::Template;
use crate::words;

/// An agent in the list.
#[component]
pub fn AgentItem(id: u32) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let name = move || match state.text(id, Field::Name).trim() {
        "" => "an agent without a name".to_owned(),
        name => name.to_owned(),
    };
    let is_open = move || state.open.with(|open| open.contains(&id));
    let toggle = move |_| {
        state.open.update(|open| match open.iter().position(|own| *own == id) {
            Some(place) => drop(open.remove(place)),
            None => open.push(id),
        });
    };
    let problems = move || {
        let is_own = |wrong: &&super::state::Wrong| wrong.at.is_some_and(|(own, _)| own == id);
        let count = state.problems.with(|problems| problems.iter().filter(is_own).count());
        words::editor::problems(count)
    };
    view! {
        <li>
            <div class="edit-agent" role="group" aria-label=name>
                <div class="edit-head">
                    <button
                        type="button"
                        class="edit-line"
                        id=element_id(id, "line")
                        aria-expanded=move || is_open().to_string()
                        on:click=toggle
                    >
                        <strong>{move || breakable(&name())}</strong>
                        <span class="edit-flow">{move || state.of(id, flow)}</span>
                        <span class="edit-problems">{problems}</span>
                    </button>
                    <Moves id />
                </div>
                <Show when=is_open>
                    <AgentFields id />
                </Show>
            </div>
        </li>
    }
}

/// "{topic}, {stock} → {news}".
fn flow(text: &AgentText) -> String {
    let mut reads = Vec::new();
    for field in [Field::Instruction, Field::Prompt] {
        for (key, _) in Template::new(text.get(field)).holes() {
            let key = format!("{{{key}}}");
            if !reads.contains(&key) {
                reads.push(key);
            }
        }
    }
    format!("{} → {{{}}}", reads.join(" "), text.get(Field::Key).trim())
}

/// The buttons that move the agent in the list, or remove it.
#[component]
fn Moves(id: u32) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let is_first = move || state.ids.with(|ids| ids.first() == Some(&id));
    let is_last = move || state.ids.with(|ids| ids.last() == Some(&id));
    // A button that has nothing left to do is disabled, and cannot have the focus then.
    let up = move |_| {
        state.apply(&Command::Up(id));
        let is_first = state.ids_now().first() == Some(&id);
        focus_on(element_id(id, if is_first { "down" } else { "up" }));
    };
    let down = move |_| {
        state.apply(&Command::Down(id));
        let is_last = state.ids_now().last() == Some(&id);
        focus_on(element_id(id, if is_last { "up" } else { "down" }));
    };
    let remove = move |_| {
        let ids = state.ids_now();
        let place = ids.iter().position(|own| *own == id).unwrap_or_default();
        let next = ids.get(place + 1).or_else(|| ids.get(place.checked_sub(1)?));
        state.apply(&Command::Remove(id));
        focus_on(next.map_or("edit-add".into(), |next| element_id(*next, "line")));
    };
    view! {
        <div class="edit-moves">
            <button type="button" id=element_id(id, "up") disabled=is_first on:click=up>
                "Move up"
            </button>
            <button type="button" id=element_id(id, "down") disabled=is_last on:click=down>
                "Move down"
            </button>
            <button type="button" id=element_id(id, "remove") on:click=remove>
                "Remove"
            </button>
        </div>
    }
}
