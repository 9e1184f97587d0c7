//! The pipeline as a program, twice: one await after the other, and all that can start at once. The
//! lines that wait at the playhead are lit, and a line and its bar point at each other.

mod pane;
mod request;

use leptos::prelude::*;

use crate::app::kit::{Choice, Menu};
use crate::app::state::{PlanState, SettingsState};
use crate::codegen::{Form, Language};
use crate::plan::MOST_AT_ONCE;
use crate::words;
use pane::Pane;
use request::{Request, WRITTEN};

/// Both programs.
#[component]
pub fn Code() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let settings = expect_context::<SettingsState>().current;
    let request = Memo::new(move |_| {
        let structure = plan.structure.get();
        settings.with(|settings| Request::of(settings, structure))
    });
    // Where there is room for one only.
    let chosen = RwSignal::new(Form::Parallel);
    let language = Signal::derive(move || settings.with(|settings| settings.lang));
    let languages = Language::ALL.iter().map(|own| Choice::new(own.as_str(), own.label()));
    let languages = languages.collect::<Vec<_>>();
    let change_language = move |word: String| {
        let language = Language::ALL.iter().copied().find(|language| language.as_str() == word);
        if let Some(language) = language {
            settings.update(|settings| settings.lang = language);
        }
    };
    let is_shortened = move || plan.current.with(|plan| plan.agents() > MOST_AT_ONCE);
    let forms = Form::ALL.map(|form| {
        view! {
            <button
                type="button"
                aria-pressed=move || (chosen.get() == form).to_string()
                on:click=move |_| chosen.set(form)
            >
                {move || language.get().title(form)}
            </button>
        }
    });
    let panes = Form::ALL.map(|form| view! { <Pane request form language chosen /> });
    view! {
        <section class="code panel" aria-labelledby="code-title">
            <div>
                <h2 id="code-title">"Code"</h2>
                <p class="fine">
                    "The same pipeline as a program. A line with a mark waits at this moment of the \
                     run; point at a line or a bar to find the other."
                </p>
            </div>
            <Show when=is_shortened>
                <p class="note">{words::code::written_out(WRITTEN)}</p>
            </Show>
            <Menu
                name="Language"
                control="lang"
                choices=languages
                value=Signal::derive(move || language.get().as_str().to_owned())
                on_change=change_language
            />
            <p class="fine">{move || language.get().how_to_run()}</p>
            <div class="code-choice" role="group" aria-label="Program">
                {forms}
            </div>
            <div class="code-panes">{panes}</div>
        </section>
    }
}
