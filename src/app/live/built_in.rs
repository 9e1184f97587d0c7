//! The browser's own model: whether it is there, and the button that downloads it.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::kit::Button;
use crate::app::state::SettingsState;
use crate::web::built_in::{Availability, availability, download};
use crate::words;

/// How far the model is.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    /// The browser has not answered yet.
    Asking,
    Is(Availability),
    /// That fraction of it is loaded.
    Loaded(f64),
}

impl Progress {
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
                "This browser has a model that it must download first: some gigabytes, once for \
                 all pages."
                    .into()
            }
            Self::Is(Availability::Downloading) => "The model is being downloaded".into(),
            Self::Is(Availability::Available) => {
                "The model is there. It needs no key, and what it is asked stays on this machine; \
                 it may well answer one call after the other."
                    .into()
            }
            Self::Loaded(part) => words::live::own_loaded(&format!("{:.0}", 100.0 * part)),
        }
    }

    fn is_to_be_downloaded(self) -> bool {
        matches!(self, Self::Is(Availability::Downloadable | Availability::Downloading))
    }
}

/// What the browser says of its model.
#[component]
pub fn BuiltInModel() -> impl IntoView {
    let notice = expect_context::<SettingsState>().notice;
    let progress = RwSignal::new(Progress::Asking);
    // The provider may change while the browser answers, and this view goes with it.
    let show = move |now| {
        progress.try_set(now);
    };
    let ask = move || spawn_local(async move { show(Progress::Is(availability().await)) });
    ask();
    let load = move |_| {
        progress.set(Progress::Loaded(0.0));
        spawn_local(async move {
            if let Err(problem) = download(move |part| show(Progress::Loaded(part))).await {
                notice.set(Some(words::live::download_failed(&problem)));
            }
            ask();
        });
    };
    view! {
        <div class="built-in" role="group" aria-label="This browser's own model">
            <p aria-live="polite">{move || progress.get().words()}</p>
            <Show when=move || progress.get().is_to_be_downloaded()>
                <Button control="download" on_click=load>
                    "Download the model"
                </Button>
            </Show>
        </div>
    }
}
