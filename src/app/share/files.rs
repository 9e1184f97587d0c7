//! The run on screen as a file for other programs, and such a file as a run on screen.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::open::OpenButton;
use super::run_file::RunFile;
use crate::app::kit::{Button, Disclosure, is_escape};
use crate::app::state::{LazyState, PanelsState, PlanState, PlayheadState};
use crate::plan::{Kind, Plan};
use crate::web::page;
use crate::words;

/// The id of what gets the focus back.
const BUTTON: &str = "export";

fn close(panels: PanelsState) {
    panels.exporting.set(false);
    page::focus(BUTTON);
}

/// The button that saves the run that is shown, and opens the panel.
#[component]
pub fn FilesButton() -> impl IntoView {
    let panels = expect_context::<PanelsState>();
    let plan = expect_context::<PlanState>();
    let lazy = expect_context::<LazyState>();
    let export = move || {
        panels.exporting.set(true);
        let place = plan.current.with_untracked(Plan::shown);
        lazy.with_module(move |module| (module.save_run)(place));
    };
    let is_open = Signal::derive(move || panels.exporting.get());
    view! {
        <Disclosure id=BUTTON is_open on_press=export on_escape=move || close(panels)>
            "Export"
        </Disclosure>
    }
}

/// What can be done with files, while it is shown.
#[component]
pub fn FilesPanel() -> impl IntoView {
    let panels = expect_context::<PanelsState>();
    view! {
        <Show when=move || panels.exporting.get()>
            <OpenPanel />
        </Show>
    }
}

#[component]
fn OpenPanel() -> impl IntoView {
    let panels = expect_context::<PanelsState>();
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let run_file = RunFile::find();
    // A file of no run has nothing in it.
    let runs = Memo::new(move |_| match playhead.has_run() {
        true => plan.current.with(|plan| {
            let kinds = plan.lineup.iter().map(|planned| planned.kind);
            kinds.enumerate().collect::<Vec<(usize, Kind)>>()
        }),
        false => Vec::new(),
    });
    let escape = move |event: KeyboardEvent| {
        if is_escape(&event) {
            close(panels);
        }
    };
    view! {
        <section class="panel export" aria-label="Files" data-control="export" on:keydown=escape>
            <For
                each=move || runs.get()
                key=|(place, kind)| (*place, kind.as_str())
                let((place, kind))
            >
                <Button control="export" on_click=move |_| run_file.save(place)>
                    {words::history::save_run(words::display_name(kind.as_str()))}
                </Button>
            </For>
            <OpenButton />
            <button type="button" on:click=move |_| close(panels)>
                "Close"
            </button>
            <p class="fine">
                "A file holds one schedule\u{2019}s run as JSON: the pipeline, when each agent \
                 began and ended, and what it said; never a key. An opened one stays on this \
                 machine, and asks nobody."
            </p>
        </section>
    }
}
