//! The button that signs in with OpenRouter.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::kit::Button;
use crate::app::state::SettingsState;
use crate::app::state::live::sign_in::depart;
use crate::config::Settings;
use crate::llm::ProviderId;
use crate::web::page;

/// The button, where OpenRouter's own address is called from a page of its own.
#[component]
pub fn SignInButton() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let is_offered = move || match settings.current.with(Settings::target) {
        Some((ProviderId::OpenRouter, Ok(url))) => {
            ProviderId::OpenRouter.owns(&url) && !page::in_iframe()
        }
        _ => false,
    };
    let leave = move |_| {
        let fragment = settings.current.with(Settings::fragment);
        spawn_local(async move {
            if depart(fragment).await.is_none() {
                let problem = "This browser cannot sign in from here: type a key instead.";
                settings.notice.set(Some(problem.into()));
            }
        });
    };
    view! {
        <Show when=is_offered>
            <Button control="sign_in" on_click=leave>
                "Sign in with OpenRouter"
            </Button>
        </Show>
    }
}
