//! The browser's own model: whether it is there, and the button that downloads it.

use super::dom::{Node, el};
use super::signals::RwSignal;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::ui::{button, shown, text};
use crate::decimal;
use crate::web::built_in::{Availability, availability, download};

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
            Self::Asking => "Looking for this browser's own model".into(),
            Self::Is(Availability::Missing) => {
                "This browser has no model of its own for web pages: Chrome 148 or newer on a \
                 desktop computer has one."
                    .into()
            }
            Self::Is(Availability::Unavailable) => {
                "This browser's model does not run on this machine: it needs more memory, room on \
                 the disk or a faster graphics card."
                    .into()
            }
            Self::Is(Availability::Downloadable) => {
                "This browser has a model that it must download first: some gigabytes, once for all \
                 pages."
                    .into()
            }
            Self::Is(Availability::Downloading) => "The model is being downloaded".into(),
            Self::Is(Availability::Available) => {
                "The model is there. It needs no key, and what it is asked stays on this machine; \
                 it may well answer one call after the other."
                    .into()
            }
            Self::Loaded(part) => {
                format!("The model is being downloaded: {} %", decimal::fixed(part * 100.0, 0))
            }
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
                demo.notice.set(Some(format!("The download failed: {problem}")));
            }
            ask();
        });
    };
    el("div")
        .class("built-in")
        .attr("role", "group")
        .attr("aria-label", "This browser's own model")
        .child(el("p").attr("aria-live", "polite").child(text(move || state.get().words())))
        .child(shown(
            move || state.get().is_to_be_downloaded(),
            move || button("", "download", text(|| "Download the model".into()), load),
        ))
        .node()
}
