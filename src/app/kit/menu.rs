//! A labeled menu.

use leptos::prelude::*;
use leptos::task::spawn_local;

/// One of a menu's choices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// What it is called in the address.
    pub value: String,
    /// What it is called on the page.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A menu with its name above it.
#[component]
pub fn Menu(
    /// What is written above it, and what assistive technology and tests call it.
    name: &'static str,
    /// Its name in the address, by which it can be hidden.
    control: &'static str,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    /// The value of the present choice.
    #[prop(into)]
    value: Signal<String>,
    on_change: impl Fn(String) + 'static,
) -> impl IntoView {
    let menu = NodeRef::new();
    // After the options have changed, since a menu can choose only what it has.
    Effect::new(move || {
        choices.track();
        let value = value.get();
        if let Some(menu) = menu.get() {
            let menu: web_sys::HtmlSelectElement = menu;
            spawn_local(async move {
                menu.set_value(&value);
                // The address may name what is not among the choices.
                if menu.selected_index() < 0 {
                    menu.set_selected_index(0);
                }
            });
        }
    });
    view! {
        <label class="field" data-control=control>
            <span>{name}</span>
            <select
                node_ref=menu
                aria-label=name
                on:change:target=move |event| on_change(event.target().value())
            >
                <For each=move || choices.get() key=Clone::clone let(Choice { value, label })>
                    <option value=value>{label}</option>
                </For>
            </select>
        </label>
    }
}
