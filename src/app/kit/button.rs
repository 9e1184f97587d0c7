//! A button, and one that opens something.

use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent};

use super::is_escape;
use crate::web::press::is_held;

/// A button with a text. It takes its handler as a prop: with erased components, `on:click` on a
/// component leaves the old handler in place when its view is rebuilt (Leptos 0.8).
#[component]
pub fn Button(
    /// Its name in the address, by which it can be hidden.
    control: &'static str,
    #[prop(optional)] class: &'static str,
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
        <button type="button" class=class data-control=control on:keydown=hold on:click=on_click>
            {children()}
        </button>
    }
}

/// A button that opens and closes a panel. Escape closes the panel from here too, since the focus
/// stays here when it opens.
#[component]
pub fn Disclosure(
    id: &'static str,
    #[prop(into)] is_open: Signal<bool>,
    on_press: impl Fn() + 'static,
    on_escape: impl Fn() + 'static,
    children: Children,
) -> impl IntoView {
    let escape = move |event: KeyboardEvent| {
        if is_open.get_untracked() && is_escape(&event) {
            on_escape();
        }
    };
    view! {
        <button
            type="button"
            class="quiet"
            id=id
            data-control=id
            aria-expanded=move || is_open.get().to_string()
            on:click=move |_| on_press()
            on:keydown=escape
        >
            {children()}
        </button>
    }
}
