//! The reader's key: its field, and how long it is kept. Inside another site's page there is none,
//! since a reader could not tell whose field it is.

use leptos::prelude::*;

use super::fields::PROBLEM;
use super::sign_in::SignInButton;
use super::standalone::StandaloneLink;
use crate::app::kit::{Button, Field};
use crate::app::state::LiveState;
use crate::app::state::live::MissingField;
use crate::app::state::permit::around;
use crate::config::Around;
use crate::words;

/// The id of the key's field.
pub const KEY: &str = "api-key";

fn is_away() -> bool {
    around() == Around::Foreign
}

/// Takes the key that this tab keeps for where calls go now, whether or not its field is on screen.
pub fn recall_key() {
    let live = expect_context::<LiveState>();
    if !is_away() {
        let place = Memo::new(move |_| live.key_place());
        Effect::new(move |_| live.recall_key(place.get()));
    }
}

/// The field for the key.
#[component]
pub fn KeyField() -> impl IntoView {
    let live = expect_context::<LiveState>();
    (!is_away()).then(|| {
        view! {
            <Field
                name="API key"
                control="key"
                id=KEY
                kind="password"
                class="field wide"
                is_invalid=Signal::derive(move || live.lacks(MissingField::Key))
                described_by=PROBLEM
                value=Signal::derive(move || live.key())
                on_change=move |key: String| live.take_key(key)
            />
        }
    })
}

/// How long the key is kept, or the way to a page that takes one.
#[component]
pub fn KeyKeeping() -> impl IntoView {
    if is_away() {
        view! { <StandaloneLink /> }.into_any()
    } else {
        view! { <Keeping /> }.into_any()
    }
}

#[component]
fn Keeping() -> impl IntoView {
    let live = expect_context::<LiveState>();
    let told = move || {
        words::live::kept_and_sent(match live.remembered.get() {
            true => {
                "This tab's session storage holds the key until you close the tab or press Forget. \
                 A reload finds it again, and so would any other script of this site."
            }
            false => "The key stays in this page's memory until you close or reload it.",
        })
    };
    view! {
        <div class="keeping" role="group" aria-label="Your key">
            <label class="check" data-control="remember">
                <input
                    type="checkbox"
                    prop:checked=move || live.remembered.get()
                    on:change:target=move |event| live.remember_key(event.target().checked())
                />
                <span>"Keep key until I close this tab"</span>
            </label>
            <SignInButton />
            <Show when=move || !live.key().is_empty()>
                <Button class="quiet" control="forget" on_click=move |_| live.forget_keys()>
                    "Forget"
                </Button>
            </Show>
            <p class="fine">{told}</p>
        </div>
    }
}
