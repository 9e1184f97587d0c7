//! The way from a figure in another page to the page itself, which takes a key.

use leptos::prelude::*;

use crate::app::state::SettingsState;
use crate::config::{Autoplay, Settings, View};
use crate::web::page;

/// A link to the page itself, with the same settings.
#[component]
pub fn StandaloneLink() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    view! {
        <p class="fine">
            "A figure inside another page takes no key, since you could not tell whose field it is. "
            <a
                href=move || page::link(&settings.with(standalone).fragment())
                target="_blank"
                rel="noopener"
            >
                "Open Converge itself with these settings"
            </a> " to use yours."
        </p>
    }
}

/// The same settings, for a page of its own.
fn standalone(settings: &Settings) -> Settings {
    Settings {
        embed: false,
        view: View::All,
        autoplay: Autoplay::Off,
        hide: Vec::new(),
        ..settings.clone()
    }
}
