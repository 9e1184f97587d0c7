//! The article's steps for this run.

use leptos::prelude::*;

use crate::app::state::{PlanState, PlayheadState};
use crate::timeline::Timeline;
use crate::timeline::steps::{Step, steps};
use crate::words;

/// The article's steps, told of this run's own agents.
#[component]
pub fn Steps(is_open: bool) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let steps = Memo::new(move |_| {
        plan.current
            .with(|plan| {
                playhead.frame.with(|frame| {
                    let fits = |timeline: &&Timeline| timeline.lanes().len() == plan.agents();
                    let timeline = frame.timelines.get(plan.told()).filter(fits);
                    let thread_use = |agent| plan.thread_use(agent);
                    timeline.map(|timeline| steps(plan.pipeline(), timeline, &thread_use))
                })
            })
            .unwrap_or_default()
    });
    let title = move || {
        plan.current.with(|plan| {
            let kind = plan.lineup.get(plan.told()).map(|planned| planned.kind.as_str());
            words::steps::step_by_step(words::display_name(kind.unwrap_or_default()))
        })
    };
    view! {
        <details class="steps" open=is_open>
            <summary>
                <h3 id="steps-title">{title}</h3>
            </summary>
            <ol aria-labelledby="steps-title">
                {move || steps.get().into_iter().map(item).collect_view()}
            </ol>
        </details>
    }
}

fn item(step: Step) -> impl IntoView {
    let state = step.state.as_str();
    view! {
        <li data-state=state>
            {step.text} " " <span class="state">{words::display_name(state)}</span>
        </li>
    }
}
