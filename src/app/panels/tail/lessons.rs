//! What the tail teaches, one click each.

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::state::{LiveState, SettingsState};
use crate::config::{SIMULATED, Settings};
use crate::plan::tail::lessons;

/// The buttons that set the page up for a lesson.
#[component]
pub fn Lessons() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let set_up = move |address: &str| {
        let (lesson, _) = Settings::read("", address);
        live.choose_provider(SIMULATED);
        settings.update(|settings| {
            // What a lesson does not say is as it is in a link to it, but for how the page looks.
            let speed = settings.speed;
            let autoplay = settings.autoplay;
            *settings = Settings { speed, autoplay, ..lesson.looking_like(settings) };
        });
    };
    let buttons = lessons().map(|(name, address)| {
        view! {
            <Button class="quiet lesson" control="lessons" on_click=move |_| set_up(address)>
                {name}
            </Button>
        }
    });
    view! {
        <div class="lessons" role="group" aria-label="Lessons about the tail">
            <span>"Lessons"</span>
            {buttons.collect_view()}
        </div>
    }
}
