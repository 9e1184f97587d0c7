//! Tabs, of which one is open: a list of their names, and the panel of the open one.

use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::key_leads_to;
use crate::web::{page, scroll};

/// One tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TabLabel {
    /// What it is called in the address.
    pub key: &'static str,
    /// What is written on it.
    pub label: &'static str,
}

/// The id of a tab.
fn tab_id(key: &str) -> String {
    format!("tab-{key}")
}

/// The id of the panel.
const PANEL: &str = "tab-panel";

/// Goes to a tab that something in the panel of another one has opened: its name has the focus, and its
/// panel is in view from the beginning.
pub fn go_to_tab(key: &'static str) {
    request_animation_frame(move || {
        page::focus(&tab_id(key));
        if scroll::past(PANEL) > 0.0 {
            scroll::to_past(PANEL, 0.0);
        }
    });
}

/// The names of all tabs, and the panel of the open one. Only that is built; how far the reader had
/// scrolled into a tab is kept.
#[component]
pub fn Tabs(
    /// What assistive technology calls the list.
    name: &'static str,
    tabs: Vec<TabLabel>,
    /// The key of the open tab.
    #[prop(into)]
    open: Signal<&'static str>,
    on_open: impl Fn(&'static str) + Copy + Send + Sync + 'static,
    /// Draws the panel of a tab.
    panel: impl Fn(&'static str) -> AnyView + Send + 'static,
) -> impl IntoView {
    let depths = StoredValue::new(Vec::<(&'static str, f64)>::new());
    let keys: Vec<_> = tabs.iter().map(|tab| tab.key).collect();
    let open_tab = move |key: &'static str| {
        let before = open.get_untracked();
        if key == before {
            return;
        }
        let below = scroll::past(PANEL);
        let depth = depths.try_update_value(|depths| {
            depths.retain(|(own, _)| *own != before);
            depths.push((before, below.max(0.0)));
            depths.iter().find(|(own, _)| *own == key).map(|(_, depth)| *depth)
        });
        on_open(key);
        let depth = depth.flatten().unwrap_or_default();
        // A reader who has not scrolled to the panel stays at what is above it.
        if below > 0.0 || depth > 0.0 {
            request_animation_frame(move || scroll::to_past(PANEL, depth));
        }
    };
    let key_down = move |event: KeyboardEvent| {
        if let Some(key) = key_leads_to(&event.key(), &keys, open.get_untracked()) {
            event.prevent_default();
            open_tab(key);
            page::focus(&tab_id(key));
        }
    };
    let list = NodeRef::<html::Div>::new();
    // Where the list is wider than its room, the open tab is in view.
    Effect::new(move |_| {
        let key = open.get();
        if let Some(list) = list.get() {
            scroll::center_in(&list, &tab_id(key));
        }
    });
    let buttons = tabs.into_iter().map(|TabLabel { key, label }| {
        let is_open = move || open.get() == key;
        view! {
            <button
                type="button"
                role="tab"
                id=tab_id(key)
                aria-selected=move || is_open().to_string()
                aria-controls=PANEL
                tabindex=move || if is_open() { "0" } else { "-1" }
                on:click=move |_| open_tab(key)
            >
                {label}
            </button>
        }
    });
    view! {
        <div class="tabs">
            <div
                node_ref=list
                class="tab-list"
                role="tablist"
                aria-label=name
                on:keydown=key_down
            >
                {buttons.collect_view()}
            </div>
            <div
                class="tab-panel"
                role="tabpanel"
                id=PANEL
                aria-labelledby=move || tab_id(open.get())
            >
                {move || panel(open.get())}
            </div>
        </div>
    }
}
