//! The browser's own model: whether it is there, and the button that downloads it.

use super::dom::{Node, el};
use super::signals::RwSignal;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::ui::{button, shown, text};
use crate::decimal;
use crate::web::built_in::{Availability, availability, download};
use crate::words;

/// How far it is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// The browser has not answered yet.
    Asking,
    Is(Availability),
    /// That part of it is there.
    Loaded(f64),
}

impl State {
    fn words(self) -> String {
        match self {
            Self::Asking => words::live::OWN_LOOKING.into(),
            Self::Is(Availability::Missing) => words::live::OWN_MISSING.into(),
            Self::Is(Availability::Unavailable) => words::live::OWN_UNAVAILABLE.into(),
            Self::Is(Availability::Downloadable) => words::live::OWN_DOWNLOADABLE.into(),
            Self::Is(Availability::Downloading) => words::live::OWN_DOWNLOADING.into(),
            Self::Is(Availability::Available) => words::live::OWN_AVAILABLE.into(),
            Self::Loaded(part) => words::live::own_loaded(&decimal::fixed(part * 100.0, 0)),
        }
    }

    fn is_to_be_downloaded(self) -> bool {
        matches!(self, Self::Is(Availability::Downloadable | Availability::Downloading))
    }
}

/// What the browser says of its model.
pub fn built_in(demo: Demo) -> Node {
    let state = RwSignal::new(State::Asking);
    let ask = move || {
        spawn_local(async move {
            let said = availability().await;
            // The provider may have been changed meanwhile, and this view with it.
            state.try_set(State::Is(said));
        });
    };
    ask();
    let load = move || {
        state.set(State::Loaded(0.0));
        spawn_local(async move {
            let heard = move |part| {
                state.try_set(State::Loaded(part));
            };
            if let Err(problem) = download(heard).await {
                demo.notice.set(Some(words::live::download_failed(&problem)));
            }
            ask();
        });
    };
    el("div")
        .class("built-in")
        .attr("role", "group")
        .attr("aria-label", words::live::OWN_LABEL)
        .child(el("p").attr("aria-live", "polite").child(text(move || state.get().words())))
        .child(shown(
            move || state.get().is_to_be_downloaded(),
            move || button("", "download", text(|| words::live::DOWNLOAD.into()), load),
        ))
        .node()
}
