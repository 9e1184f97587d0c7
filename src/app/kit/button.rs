//! A button.

use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent};

use crate::web::press::is_held;

/// A button with a text. It takes its handler as a prop: with erased components, `on:click` on a
/// component leaves the old handler in place when its view is rebuilt (Leptos 0.8).
#[component]
pub fn Button(
    /// Its name in the address, by which it can be hidden.
    control: &'static str,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    /// Ignore the clicks that a browser makes for as long as Enter is held: for what may run or call
    /// something.
    #[prop(optional)]
    one_click_a_press: bool,
    on_click: impl Fn(MouseEvent) + 'static,
    children: Children,
) -> impl IntoView {
    let hold = move |event: KeyboardEvent| {
        if one_click_a_press && is_held(&event) {
            event.prevent_default();
        }
    };
    view! {
        <button
            type="button"
            class=class
            id=id
            data-control=control
            on:keydown=hold
            on:click=on_click
        >
            {children()}
        </button>
    }
}
