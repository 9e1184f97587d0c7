//! The runs: whether the last one was really parallel, what a live one has used, how often to measure,
//! the runs of before, and every start and end as a table.

mod history;
mod overlap;
mod repeat;
mod spending;
mod table;

use leptos::prelude::*;

use self::history::History;
use self::overlap::Overlap;
use self::repeat::Repeat;
use self::spending::SpendingPanel;
use crate::app::share::OpenButton;
use crate::app::state::{PanelsState, SettingsState};

pub use self::table::TimelineTable;

/// What runs have come to, the runs of before, and files of runs.
#[component]
pub fn Runs() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let panels = expect_context::<PanelsState>();
    view! {
        <section class="runs panel" aria-labelledby="runs-title">
            <div class="runs-head">
                <h2 id="runs-title">"Runs"</h2>
                <OpenButton />
                <button type="button" on:click=move |_| panels.exporting.set(true)>
                    "Save this run"
                </button>
            </div>
            <Overlap />
            <Show when=move || settings.is_live()>
                <Repeat />
                <SpendingPanel />
            </Show>
            <History />
        </section>
    }
}
