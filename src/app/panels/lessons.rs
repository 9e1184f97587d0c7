//! What the article's formula and the tail teach, one click each.

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::state::{LiveState, SettingsState};
use crate::config::{SIMULATED, Settings};

/// Buttons that set the page up for a lesson.
#[component]
pub fn Lessons(
    /// What assistive technology and tests call them.
    name: &'static str,
    /// What is written on each, and its settings as an address.
    lessons: Vec<(String, &'static str)>,
    /// Takes over the settings of a lesson.
    take_over: fn(&mut Settings, Settings),
) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let button = |(label, address): (String, &'static str)| {
        let set_up = move |_| {
            let (lesson, _) = Settings::read("", address);
            live.choose_provider(SIMULATED);
            settings.update(|settings| take_over(settings, lesson));
        };
        view! {
            <Button class="quiet lesson" control="lessons" on_click=set_up>
                {label}
            </Button>
        }
    };
    view! {
        <div class="lessons" role="group" aria-label=name>
            <span>"Lessons"</span>
            {lessons.into_iter().map(button).collect_view()}
        </div>
    }
}
