//! What the agents answer, as it comes in: a card for each, and the report last.

mod body;
mod card;
mod long_text;
mod markdown;
mod report;
mod sources;

use leptos::prelude::*;

use crate::app::kit::{Pager, distinct};
use crate::app::state::{PlanState, SelectionState};
use crate::timeline::answers;
use card::{Card, ReportCard};

pub use report::Report;
pub use sources::draw_sources;

/// Cards on a page, where there are too many agents for one.
const CARDS: usize = 10;

/// A card for each agent of the page, and the report's.
#[component]
pub fn Answers(
    /// The report, which comes with the lazy module.
    children: ChildrenFn,
) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let selection = expect_context::<SelectionState>();
    let page = move || selection.page(CARDS);
    // The card of the report stands for the agent that writes it.
    let author = distinct(move || {
        plan.structure.track();
        plan.current.with_untracked(|plan| answers::author(plan.pipeline()))
    });
    let agents = distinct(move || {
        let author = author.get();
        page().agents().filter(|agent| Some(*agent) != author).collect::<Vec<_>>()
    });
    view! {
        <section class="answers" aria-labelledby="answers-title">
            <h2 id="answers-title" class="visually-hidden">"Answers"</h2>
            <Pager page what="Agents" on_turn=move |first| selection.look_at(first) />
            <div class="card-grid">
                <For each=move || agents.get() key=|agent| *agent let:agent>
                    <Card agent />
                </For>
                {move || {
                    let children = children.clone();
                    view! { <ReportCard author=author.get()>{children()}</ReportCard> }
                }}
            </div>
        </section>
    }
}
