//! Whether the parallel run really was parallel, and what held it back.

use leptos::prelude::*;

use crate::app::share::VerdictReasons;
use crate::app::state::{PlanState, PlayheadState};
use crate::plan::Kind;
use crate::verdict::{Reason, Verdict};

/// What the log of the parallel run shows, once it is over. An opened trace has this beside the stage.
#[component]
pub fn Overlap() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let reasons = Memo::new(move |_| read(plan, playhead));
    move || {
        let reasons = reasons.get()?;
        Some(view! {
            <div class="overlap">
                <h3>"Was it really parallel?"</h3>
                <VerdictReasons reasons />
            </div>
        })
    }
}

/// Reads the run; `None` while one goes on, and without a parallel one of this page.
fn read(plan: PlanState, playhead: PlayheadState) -> Option<Vec<Reason>> {
    if !playhead.is_settled() {
        return None;
    }
    plan.current.with(|plan| {
        let place = plan.place(Kind::Parallel)?;
        playhead.logs.with_value(|logs| {
            let log = logs.logs.get(place)?;
            if plan.measured.is_some() || !log.has_begun() {
                return None;
            }
            let timeline = log.finished(plan.agents());
            let schedule = plan.lineup[place].schedule;
            let verdict = Verdict::of_run(plan.pipeline(), &timeline, schedule, logs.was_hidden());
            Some(verdict.reasons())
        })
    })
}
