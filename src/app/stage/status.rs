//! What assistive technology hears of the run, and what there is to say about the settings.

use leptos::prelude::*;

use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SettingsState};
use crate::timeline::{Phase, sentences};

/// The run in one sentence, announced when it changes. Where a verdict is drawn beside it, that is what
/// is seen of it.
#[component]
pub fn Status(
    /// Whether the sentence is for assistive technology only.
    #[prop(optional)]
    is_seen_elsewhere: bool,
) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let PlayheadState { frame, phases, .. } = expect_context();
    let SettingsState { complaints, notice, .. } = expect_context();
    let status = distinct(move || {
        plan.with(|plan| frame.with(|frame| sentences::status(plan.pipeline(), &frame.runs(plan))))
    });
    let has_failed = move || {
        phases.with(|phases| phases.contains(&Phase::Failed) && !phases.contains(&Phase::Running))
    };
    let notes = move || {
        let notes = complaints.get().into_iter().chain(notice.get());
        notes.map(|note| view! { <p class="note">{note}</p> }).collect_view()
    };
    view! {
        <div class="status" class:failed=has_failed role="status">
            <p class:visually-hidden=is_seen_elsewhere>{status}</p>
            {notes}
        </div>
    }
}
