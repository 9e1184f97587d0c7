//! The status line, which screen readers announce.

use leptos::prelude::*;

use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SettingsState};
use crate::timeline::{Phase, sentences};

/// What is going on, for everyone; assistive technology hears it when it changes.
#[component]
pub fn Status() -> impl IntoView {
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
            <p>{status}</p>
            {notes}
        </div>
    }
}
