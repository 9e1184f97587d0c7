//! The pipeline as a program, twice: one await after the other, and all that can start at once. The
//! lines that wait at the playhead are marked, and a line and its bar point at each other. Beside
//! that, what LangChain and ADK make of the same run.

mod compare;
mod pane;
mod request;

use leptos::prelude::*;

use self::compare::Compare;
use self::pane::Pane;
use self::request::{Request, WRITTEN};
use super::segments::Segments;
use crate::app::kit::{Choice, Menu};
use crate::app::state::{PlanState, SettingsState};
use crate::codegen::{Form, Language};
use crate::plan::MOST_AT_ONCE;
use crate::words;

/// What of the panel is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Programs,
    Compare,
}

/// The programs, or the libraries compared.
#[component]
pub fn Code() -> impl IntoView {
    let part = RwSignal::new(Part::Programs);
    let is_programs = move || part.get() == Part::Programs;
    let parts = vec![(Part::Programs, "Programs"), (Part::Compare, "Compare")];
    view! {
        <section class="code panel" aria-labelledby="code-title">
            <h2 id="code-title" class="visually-hidden">"Code"</h2>
            <div class="code-tools">
                <Segments name="Show" parts chosen=part />
                <Show when=is_programs>
                    <LanguageMenu />
                </Show>
            </div>
            <Show when=is_programs fallback=|| view! { <Compare /> }>
                <Programs />
            </Show>
        </section>
    }
}

/// Both programs.
#[component]
fn Programs() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let settings = expect_context::<SettingsState>().current;
    let request = Memo::new(move |_| {
        settings.with(|settings| plan.current.with(|plan| Request::of(settings, plan)))
    });
    // Where there is room for one only.
    let chosen = RwSignal::new(Form::Parallel);
    let language = Signal::derive(move || settings.with(|settings| settings.lang));
    let is_shortened = move || plan.current.with(|plan| plan.agents() > MOST_AT_ONCE);
    let forms = move || Form::ALL.map(|form| (form, language.get().title(form))).to_vec();
    let panes = Form::ALL.map(|form| view! { <Pane request form language chosen /> });
    view! {
        <Segments name="Program" parts=Signal::derive(forms) chosen class="code-choice" />
        <p class="fine how-to-run">{move || language.get().how_to_run()}</p>
        <Show when=is_shortened>
            <p class="note">{words::code::written_out(WRITTEN)}</p>
        </Show>
        <div class="code-panes">{panes}</div>
    }
}

#[component]
fn LanguageMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let languages = Language::ALL.iter().map(|own| Choice::new(own.as_str(), own.label()));
    let languages = languages.collect::<Vec<_>>();
    let change_language = move |word: String| {
        let language = Language::ALL.iter().copied().find(|language| language.as_str() == word);
        if let Some(language) = language {
            settings.update(|settings| settings.lang = language);
        }
    };
    view! {
        <Menu
            name="Language"
            control="lang"
            choices=languages
            value=Signal::derive(move || settings.with(|s| s.lang.as_str().to_owned()))
            on_change=change_language
        />
    }
}
