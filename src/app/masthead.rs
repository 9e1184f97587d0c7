//! The head of the page: its name, the theme, and the buttons that open panels.

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::share::{FilesButton, LinkButton, SnippetButton};
use crate::app::state::SettingsState;
use crate::app::tour::TourButton;
use crate::config::Theme;
use crate::words;

/// See the module.
#[component]
pub fn Masthead() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let next_theme = move |_| {
        settings.update(|settings| {
            let at = Theme::ALL.iter().position(|theme| *theme == settings.theme);
            settings.theme = Theme::ALL[(at.unwrap_or_default() + 1) % Theme::ALL.len()];
        });
    };
    let theme = move || settings.with(|settings| settings.theme.as_str());
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
            <p class="tagline">"What running agents in parallel saves, on one clock"</p>
            <div class="masthead-actions">
                <Button class="quiet" control="theme" on_click=next_theme>
                    {move || words::page::theme(words::display_name(theme()))}
                </Button>
                <TourButton />
                <LinkButton />
                <SnippetButton />
                <FilesButton />
            </div>
        </header>
    }
}
