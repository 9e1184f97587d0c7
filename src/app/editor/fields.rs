//! The fields of one agent. What is wrong with a field stands under it.

use leptos::prelude::*;

use super::needs::Needs;
use super::state::{EditorState, element_id};
use crate::app::kit::{Choice, Menu};
use crate::edit::{AgentText, Command, Field};
use crate::pipeline::Work;

/// All fields of an agent.
#[component]
pub fn AgentFields(id: u32) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let asks_a_model = move || state.of(id, |text: &AgentText| text.work == Work::Model);
    view! {
        <div class="edit-fields">
            <LineField id field=Field::Name label="Name" />
            <LineField id field=Field::Key label="Output key" />
            <WorkMenu id />
            <Show when=asks_a_model>
                <LineField id field=Field::Latency label="Simulated latency (s)" />
            </Show>
            <AreaField id field=Field::Instruction label="Instruction" rows="2" />
            <AreaField id field=Field::Prompt label="Prompt" rows="4" />
            <Needs id />
            <Show when=asks_a_model>
                <AreaField id field=Field::Answer label="Simulated answer" rows="3" />
                <LineField id field=Field::Model label="Model override" />
                <Check
                    label="May search the web (Gemini)"
                    is_checked=Signal::derive(move || state.of(id, |text| text.search))
                    on_change=move |on| state.apply(&Command::Search(id, on))
                />
                <Check
                    label="Reads the picture"
                    is_checked=Signal::derive(move || state.of(id, |text| text.sees))
                    on_change=move |on| state.apply(&Command::Sees(id, on))
                />
            </Show>
        </div>
    }
}

#[component]
fn Check(
    label: &'static str,
    is_checked: Signal<bool>,
    on_change: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <label class="edit-check">
            <input
                type="checkbox"
                prop:checked=is_checked
                on:change=move |_| on_change(!is_checked.get_untracked())
            />
            <span>{label}</span>
        </label>
    }
}

#[component]
fn WorkMenu(id: u32) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let choices =
        vec![Choice::new("model", "Calls a model"), Choice::new("pass", "Pass-through (no call)")];
    let value = move || match state.of(id, |text: &AgentText| text.work == Work::Model) {
        true => "model".to_owned(),
        false => "pass".to_owned(),
    };
    view! {
        <Menu
            name="How it answers"
            control="editor"
            choices
            value=Signal::derive(value)
            on_change=move |word: String| {
                let work = if word == "pass" { Work::PassThrough } else { Work::Model };
                state.apply(&Command::Work(id, work));
            }
        />
    }
}

/// The id of a field, and of what is wrong with it.
fn ids(id: u32, field: Field) -> (String, String) {
    (element_id(id, &format!("{field:?}")), element_id(id, &format!("{field:?}-wrong")))
}

#[component]
fn LineField(id: u32, field: Field, label: &'static str) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let (own_id, problem_id) = ids(id, field);
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type="text"
                id=own_id
                aria-label=label
                aria-invalid=move || (!state.problem(id, field).is_empty()).to_string()
                aria-describedby=problem_id.clone()
                autocomplete="off"
                spellcheck="false"
                maxlength=field.most().to_string()
                prop:value=move || state.text(id, field)
                on:input:target=move |event| {
                    state.apply(&Command::Write(id, field, event.target().value()));
                }
                on:blur=move |_| state.leave_field()
            />
            <span class="edit-wrong" id=problem_id>
                {move || state.problem(id, field)}
            </span>
        </label>
    }
}

#[component]
fn AreaField(id: u32, field: Field, label: &'static str, rows: &'static str) -> impl IntoView {
    let state = expect_context::<EditorState>();
    let (own_id, problem_id) = ids(id, field);
    view! {
        <label class="field edit-area">
            <span>{label}</span>
            <textarea
                id=own_id
                rows=rows
                aria-label=label
                aria-invalid=move || (!state.problem(id, field).is_empty()).to_string()
                aria-describedby=problem_id.clone()
                autocomplete="off"
                maxlength=field.most().to_string()
                prop:value=move || state.text(id, field)
                on:input:target=move |event| {
                    state.apply(&Command::Write(id, field, event.target().value()));
                }
                on:blur=move |_| state.leave_field()
            ></textarea>
            <span class="edit-wrong" id=problem_id>
                {move || state.problem(id, field)}
            </span>
        </label>
    }
}
