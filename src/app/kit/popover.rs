//! A button that opens a small panel over the page.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, KeyboardEvent, Node};

use super::is_escape;
use crate::web::page;

/// A button and its panel. Escape, a press elsewhere and leaving it with Tab close the panel; its
/// content is there only while it is open.
#[component]
pub fn Popover(
    /// The id of the button.
    id: &'static str,
    /// Its name in the address, by which it can be hidden.
    control: &'static str,
    #[prop(optional)] class: &'static str,
    /// What the button is called, where that is not what stands on it.
    #[prop(optional)]
    name: Option<&'static str>,
    /// What stands on the button.
    #[prop(into)]
    label: ViewFn,
    /// Whether the Tab key stops at the button.
    #[prop(into, default = "0".into())]
    tabindex: Signal<&'static str>,
    is_open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let is_outside = move |target: Option<web_sys::EventTarget>| {
        let target = target.and_then(|target| target.dyn_into::<Node>().ok());
        place.get_untracked().is_some_and(|place| !place.contains(target.as_ref()))
    };
    let elsewhere = window_event_listener(leptos::ev::pointerdown, move |event| {
        if is_open.get_untracked() && is_outside(event.target()) {
            is_open.set(false);
        }
    });
    on_cleanup(move || elsewhere.remove());
    // Without a related target the focus went nowhere: a press on a text, or another window.
    let leave = move |event: FocusEvent| {
        if event.related_target().is_some() && is_outside(event.related_target()) {
            is_open.set(false);
        }
    };
    let escape = move |event: KeyboardEvent| {
        if is_open.get_untracked() && is_escape(&event) {
            is_open.set(false);
            page::focus(id);
        }
    };
    let children = StoredValue::new(children);
    view! {
        <div
            node_ref=place
            class=format!("popover {class}")
            data-control=control
            on:focusout=leave
            on:keydown=escape
        >
            <button
                type="button"
                id=id
                class="popover-button"
                aria-label=name
                tabindex=tabindex
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                {label.run()}
            </button>
            <Show when=move || is_open.get()>
                <div class="popover-panel">{children.with_value(|children| children())}</div>
            </Show>
        </div>
    }
}
