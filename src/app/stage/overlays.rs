//! What lies over or under all lanes of a track.

use leptos::prelude::*;

use super::axis::percent;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::plan::Kind;
use crate::time::seconds;
use crate::words;

/// The time between the parallel run's end and the sequential one's, once both are known.
#[component]
pub fn Saved(kind: Kind) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let saved = move || {
        playhead.phases.track();
        let both = playhead.frame.with_untracked(|frame| plan.with(|plan| plan.makespans(frame)));
        let both = both.filter(|_| kind == Kind::Parallel)?;
        let saved = both.sequential.checked_sub(both.parallel).filter(|saved| !saved.is_zero())?;
        let scale = playhead.scale.get();
        let (x, width) = (scale.length(both.parallel), scale.length(saved));
        Some(view! {
            <div class="saved" style:left=percent(x) style:width=percent(width)>
                <span>{words::race::saved(&seconds(saved))}</span>
            </div>
        })
    };
    view! { <div class="grid behind" aria-hidden="true">{saved}</div> }
}

/// Where the reader's guess lies on the parallel track.
#[component]
pub fn GuessLine(kind: Kind) -> impl IntoView {
    let guess = expect_context::<SelectionState>().guess;
    let scale = expect_context::<PlayheadState>().scale;
    let x = move || {
        let guess = guess.get().filter(|_| kind == Kind::Parallel)?;
        Some(scale.get().length(guess))
    };
    view! {
        <div class="grid" aria-hidden="true">
            <div
                class="guess-line"
                class:none=move || x().is_none()
                style:left=move || percent(x().unwrap_or_default())
            >
                "your guess"
            </div>
        </div>
    }
}

/// Where a run has lowered its own limit after a refusal, and to what.
#[component]
pub fn LimitLines(place: usize) -> impl IntoView {
    let frame = expect_context::<PlayheadState>().frame;
    let limits = distinct(move || {
        frame.with(|frame| {
            let limits = frame.timelines.get(place)?.limits();
            let at = limits.iter().map(|(at, limit)| (frame.scale().x(*at), limit.get()));
            Some(at.collect::<Vec<_>>())
        })
    });
    let lines = move || {
        let lines = limits.get().unwrap_or_default().into_iter().map(|(x, limit)| {
            view! {
                <div class="limit-line" style:left=percent(x)>
                    <span>{words::page::limit(limit)}</span>
                </div>
            }
        });
        lines.collect_view()
    };
    view! { <div class="grid" aria-hidden="true">{lines}</div> }
}
