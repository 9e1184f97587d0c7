//! What the agents answer, as it comes in: a card for each, and the report.

mod card;
mod long_text;
mod markdown;
mod report;
mod sources;

use leptos::prelude::*;

use crate::app::kit::{Pager, distinct};
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::timeline::Lane;
use card::Card;

pub use report::Report;

/// Cards on a page, where there are too many agents for one.
const CARDS: usize = 12;

/// A card for each agent.
#[component]
pub fn Cards() -> impl IntoView {
    let selection = expect_context::<SelectionState>();
    let page = move || selection.page(CARDS);
    let agents = distinct(move || page().agents());
    view! {
        <section class="cards" aria-labelledby="cards-title">
            <h2 id="cards-title">"Agents"</h2>
            <Pager page what="Agents" on_turn=move |first| selection.look_at(first) />
            <div class="card-grid">
                <For each=move || agents.get() key=|agent| *agent let:agent>
                    <Card agent />
                </For>
            </div>
        </section>
    }
}

/// Reads an agent's lane in the run that is shown. Just after a change of the pipeline there may be
/// none.
fn read_lane<T>(
    plan: PlanState,
    playhead: PlayheadState,
    agent: usize,
    read: impl FnOnce(&Lane) -> T,
) -> Option<T> {
    let shown = plan.current.with(|plan| plan.shown());
    playhead.frame.with(|frame| Some(read(frame.timelines.get(shown)?.lanes().get(agent)?)))
}
