//! What an agent says, and what came of it.

use leptos::prelude::*;

use super::long_text::{Extent, Rest};
use crate::app::kit::distinct;
use crate::app::panels::shown_run::ShownRun;
use crate::app::state::PlanState;
use crate::excerpt;
use crate::timeline::{Lane, Phase, sentences};

/// The text of a lane, struck through where it is used for nothing.
#[component]
pub fn Said(agent: usize, lane: ReadSignal<Option<Lane>>) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let run = ShownRun::from_context();
    let extent = distinct(move || {
        let extent = |lane: &Lane| Extent {
            shown: excerpt::first(&lane.text).len(),
            all: lane.text.len(),
            grows: lane.phase().is_in_flight(),
        };
        run.lane(agent, extent).unwrap_or_default()
    });
    let slices = move || {
        let slices = |lane: &Lane| excerpt::slices(&lane.text).map(str::to_owned).collect();
        untrack(|| run.lane(agent, slices)).unwrap_or_default()
    };
    let fate = Memo::new(move |_| {
        plan.with(|plan| {
            plan.agent(agent)?;
            lane.with(|lane| {
                let is_injected = plan.injected.contains(&agent);
                sentences::fate(plan.pipeline(), agent, lane.as_ref()?, is_injected)
            })
        })
    });
    let is_discarded = Memo::new(move |_| {
        lane.with(|lane| {
            lane.as_ref().is_some_and(|l| l.phase() == Phase::Failed && !l.text.is_empty())
        })
    });
    let text = move || lane.with(|lane| lane.as_ref().map(|lane| lane.text.clone()));
    let slice = move |slice: String| {
        let text = match is_discarded.get_untracked() {
            true => view! { <del>{slice}</del> }.into_any(),
            false => slice.into_any(),
        };
        view! { <p class="text">{text}</p> }.into_any()
    };
    view! {
        {move || fate.get().map(|fate| view! { <p class="fate">{fate}</p> })}
        <FailedAttempts lane />
        <Show when=move || is_discarded.get()>
            <p>"Discarded partial answer:"</p>
        </Show>
        <p class="text">
            <Show when=move || is_discarded.get() fallback=move || text>
                <del>{text}</del>
            </Show>
        </p>
        <Rest extent slices slice />
    }
}

/// What the failed attempts had said: struck through, since it is used for nothing.
#[component]
pub fn FailedAttempts(lane: ReadSignal<Option<Lane>>) -> impl IntoView {
    let attempts = Memo::new(move |_| {
        lane.with(|lane| {
            let lane = lane.as_ref()?;
            let attempts = lane.failed.iter().enumerate().filter_map(|(at, attempt)| {
                Some((sentences::thrown_away(lane, at + 1)?, attempt.text.clone()))
            });
            Some(attempts.collect::<Vec<_>>())
        })
        .unwrap_or_default()
    });
    view! {
        <For each=move || attempts.get() key=Clone::clone let((why, text))>
            <div class="thrown">
                <p class="fate">{why}</p>
                <p class="text">
                    <del>{text}</del>
                </p>
            </div>
        </For>
    }
}
