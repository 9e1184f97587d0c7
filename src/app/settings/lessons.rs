//! What the article's formula teaches, one click each.

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::state::{LiveState, SettingsState};
use crate::config::{SIMULATED, ScheduleChoice, Settings};
use crate::presets::LESSONS;

/// The buttons that set the page up for a lesson.
#[component]
pub fn Lessons() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let set_up = move |address: &str| {
        let (lesson, _) = Settings::read("", address);
        live.choose_provider(SIMULATED);
        settings.update(|settings| {
            settings.preset = lesson.preset;
            settings.edited = None;
            settings.n = lesson.n;
            settings.latency = lesson.latency;
            settings.topic = None;
            settings.fail.clear();
            settings.limit = None;
            settings.quorum = None;
            settings.hedge = None;
            settings.schedule = ScheduleChoice::Race;
        });
    };
    let buttons = LESSONS.map(|(name, address)| {
        view! {
            <Button class="quiet lesson" control="lessons" on_click=move |_| set_up(address)>
                {name}
            </Button>
        }
    });
    view! {
        <div class="lessons" role="group" aria-label="Lessons">
            <span>"Lessons"</span>
            {buttons.collect_view()}
        </div>
    }
}
