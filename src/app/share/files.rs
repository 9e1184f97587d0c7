//! The run on screen as a file for other programs.

use leptos::prelude::*;

use super::run_file::RunFile;
use crate::app::kit::{Button, Dialog};
use crate::app::state::{PanelsState, PlanState, PlayheadState};
use crate::plan::Kind;
use crate::words;

/// Saves a run that is on screen.
#[component]
pub fn ExportDialog() -> impl IntoView {
    let is_open = expect_context::<PanelsState>().exporting;
    view! {
        <Dialog id="export-title" title="Export" is_open>
            <SaveRuns />
            <p class="fine">
                "A file holds one schedule\u{2019}s run as JSON: the pipeline, when each agent began \
                 and ended, and what it said; never a key."
            </p>
        </Dialog>
    }
}

/// A button for each run on screen.
#[component]
fn SaveRuns() -> impl IntoView {
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
    view! {
        <div class="dialog-actions">
            <For
                each=move || runs.get()
                key=|(place, kind)| (*place, kind.as_str())
                let((place, kind))
            >
                <Button control="export" on_click=move |_| run_file.save(place)>
                    {words::history::save_run(words::display_name(kind.as_str()))}
                </Button>
            </For>
            <Show when=move || runs.with(Vec::is_empty)>
                <p>"There is no run to save yet: press Run first."</p>
            </Show>
        </div>
    }
}
