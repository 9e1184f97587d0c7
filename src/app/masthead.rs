//! The head of the page: its name, and what is about the page as a whole.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::kit::{Button, Popover, is_escape, key_leads_to};
use super::share::OpenButton;
use super::state::{PanelsState, SettingsState};
use super::tour::TourOffer;
use crate::config::Theme;
use crate::web::page;
use crate::words;

/// The ids of the controls, in order. All but the last have the names by which an address can hide
/// them.
const CONTROLS: [&str; 4] = ["tour", "embed", "share", "more"];

/// See the module.
#[component]
pub fn Masthead() -> impl IntoView {
    view! {
        <header class="masthead">
            <p class="brand">
                <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
                    <path
                        d="M3 6c10 0 10 10 20 10M3 16h20M3 26c10 0 10-10 20-10"
                        fill="none"
                        stroke="currentColor"
                        stroke-width="2.6"
                        stroke-linecap="round"
                    ></path>
                    <circle cx="25" cy="16" r="4.5" fill="currentColor"></circle>
                </svg>
                "Converge"
            </p>
            <p class="tagline">"Watch agents run in parallel and converge"</p>
            <TourOffer />
            <Toolbar />
        </header>
    }
}

/// One stop of the Tab key: what a reader came for is the run, which is not to be many stops away.
#[component]
fn Toolbar() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let panels = expect_context::<PanelsState>();
    let last = RwSignal::new(CONTROLS[0]);
    let is_shown = |control: &str, hidden: &[String]| !hidden.iter().any(|name| name == control);
    let shown = move || {
        let of =
            |hidden: &[String]| CONTROLS.into_iter().filter(|id| is_shown(id, hidden)).collect();
        settings.with(|settings| -> Vec<_> { of(&settings.hide) })
    };
    let stop = Memo::new(move |_| {
        let (shown, last) = (shown(), last.get());
        shown.iter().copied().find(|id| *id == last).or(shown.first().copied())
    });
    let tabindex =
        move |id| Signal::derive(move || if stop.get() == Some(id) { "0" } else { "-1" });
    let key_down = move |event: KeyboardEvent| {
        if is_escape(&event) && panels.tour.with_untracked(|tour| tour.is_open) {
            panels.tour.update(|tour| *tour = tour.toggle());
        } else if !page::is_within(&event, ".popover-panel")
            && let Some(here) = stop.get_untracked()
            && let Some(to) = key_leads_to(&event.key(), &untrack(shown), here)
        {
            event.prevent_default();
            last.set(to);
            page::focus(to);
        }
    };
    let button = move |id: &'static str, label: &'static str, press: fn(PanelsState)| {
        view! {
            <button
                type="button"
                class="quiet"
                id=id
                data-control=id
                aria-haspopup=(id != "tour").then_some("dialog")
                aria-expanded=move || {
                    (id == "tour").then(|| panels.tour.with(|tour| tour.is_open).to_string())
                }
                tabindex=tabindex(id)
                on:focus=move |_| last.set(id)
                on:click=move |_| press(panels)
            >
                {label}
            </button>
        }
    };
    let is_menu_open = RwSignal::new(false);
    view! {
        <div
            class="masthead-actions"
            role="toolbar"
            aria-label="About this page"
            on:keydown=key_down
        >
            {button("tour", "Tour", |panels| panels.tour.update(|tour| *tour = tour.toggle()))}
            {button("embed", "Embed", |panels| panels.embedding.set(true))}
            {button("share", "Share", |panels| panels.sharing.set(true))}
            <Popover
                id="more"
                control="more"
                class="menu"
                name="More"
                label=|| "\u{22ef}"
                tabindex=tabindex("more")
                is_open=is_menu_open
            >
                <MoreMenu is_open=is_menu_open />
            </Popover>
        </div>
    }
}

/// What is behind the three dots.
#[component]
fn MoreMenu(is_open: RwSignal<bool>) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let panels = expect_context::<PanelsState>();
    let next_theme = move |_| {
        settings.update(|settings| {
            let at = Theme::ALL.iter().position(|theme| *theme == settings.theme);
            settings.theme = Theme::ALL[(at.unwrap_or_default() + 1) % Theme::ALL.len()];
        });
    };
    let theme = move || settings.with(|settings| settings.theme.as_str());
    // The dialog gives the focus back to where it was, which should outlast the menu.
    let open = move |dialog: RwSignal<bool>| {
        move |_| {
            is_open.set(false);
            page::focus("more");
            dialog.set(true);
        }
    };
    view! {
        <Button class="quiet" control="theme" on_click=next_theme>
            {move || words::page::theme(words::display_name(theme()))}
        </Button>
        <OpenButton />
        <Button class="quiet" control="export" on_click=open(panels.exporting)>
            "Export"
        </Button>
        <Button class="quiet" control="shortcuts" on_click=open(panels.shortcuts)>
            "Keyboard shortcuts"
        </Button>
        <a href="article.html">"An article with such figures"</a>
    }
}
