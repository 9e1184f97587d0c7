//! The run on screen as a file for other programs.

use leptos::prelude::*;

use super::run_file::{NO_RUN, RunFile};
use crate::app::kit::{Button, Choice, Dialog, Menu};
use crate::app::state::{PanelsState, PlayheadState};
use crate::export::Format;
use crate::plan::Kind;
use crate::words;

/// Saves a run that is on screen.
#[component]
pub fn ExportDialog() -> impl IntoView {
    let is_open = expect_context::<PanelsState>().exporting;
    let playhead = expect_context::<PlayheadState>();
    let run_file = RunFile::find();
    let runs = Memo::new(move |_| match is_open.get() && playhead.has_run() {
        true => run_file.runs(),
        false => Vec::new(),
    });
    view! {
        <Dialog id="export-title" title="Export" is_open>
            <SaveRuns runs />
            <p class="fine">
                "A file holds one schedule\u{2019}s run as JSON: the pipeline, when each agent began \
                 and ended, and what it said; never a key. This page opens it again."
            </p>
            <Show when=move || runs.with(|runs| !runs.is_empty())>
                <Formats runs />
            </Show>
        </Dialog>
    }
}

/// A button for each run on screen.
#[component]
fn SaveRuns(runs: Memo<Vec<(usize, Kind)>>) -> impl IntoView {
    let run_file = RunFile::find();
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
                <p>{NO_RUN}</p>
            </Show>
        </div>
    }
}

/// The formats of other programs, for one of the runs.
#[component]
fn Formats(runs: Memo<Vec<(usize, Kind)>>) -> impl IntoView {
    let run_file = RunFile::find();
    let chosen = RwSignal::new(None::<usize>);
    // The parallel run is the one that the page is about.
    let place = Memo::new(move |_| {
        runs.with(|runs| {
            let is_there = |place: &usize| runs.iter().any(|(own, _)| own == place);
            let last = runs.last().map(|(place, _)| *place).unwrap_or_default();
            chosen.get().filter(is_there).unwrap_or(last)
        })
    });
    let choices = move || {
        let choice = |(place, kind): (usize, Kind)| {
            Choice::new(place.to_string(), words::capitalized_name(kind.as_str()))
        };
        runs.get().into_iter().map(choice).collect::<Vec<_>>()
    };
    let formats = Format::ALL.map(|format| {
        view! {
            <li>
                <Button
                    control="export"
                    on_click=move |_| run_file.save_as(place.get(), format)
                >
                    {format.label()}
                </Button>
                <span class="fine">{format.opens_in()}</span>
            </li>
        }
    });
    view! {
        <h3>"For other programs"</h3>
        <Show when=move || runs.with(|runs| { runs.len() > 1 })>
            <Menu
                name="Run"
                control="export"
                choices=Signal::derive(choices)
                value=Signal::derive(move || place.get().to_string())
                on_change=move |place: String| chosen.set(place.parse().ok())
            />
        </Show>
        <ul class="formats" aria-label="Formats">
            {formats.collect_view()}
        </ul>
    }
}
