//! The runs: what a live one has used, how often to measure, the runs of before, and every start and
//! end as a table.

mod history;
mod repeat;
mod spending;
mod table;

use leptos::prelude::*;

use self::history::History;
use self::repeat::Repeat;
use self::spending::Spending;
use crate::app::state::SettingsState;

pub use self::table::TimelineTable;

/// What runs have come to, and the runs of before.
#[component]
pub fn Runs(
    /// What opens and saves files of runs.
    children: Children,
) -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    view! {
        <section class="runs panel" aria-labelledby="runs-title">
            <div class="runs-head">
                <h2 id="runs-title">"Runs"</h2>
                <div class="runs-files">{children()}</div>
            </div>
            <Show when=move || settings.is_live()>
                <Repeat />
                <Spending />
            </Show>
            <History />
        </section>
    }
}
