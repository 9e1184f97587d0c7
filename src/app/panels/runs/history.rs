//! The runs that are over, the last one first, to be opened, compared with the present one or
//! deleted.

use std::rc::Rc;

use leptos::prelude::*;

use crate::app::kit::{Button, Items, distinct};
use crate::app::state::history::{HistoryEntry, MOST};
use crate::app::state::{HistoryState, PlanState, PlayheadState};
use crate::web::clock::local_time;
use crate::web::storage::Unavailable;
use crate::words;

/// The list of earlier runs.
#[component]
pub fn History() -> impl IntoView {
    let history = expect_context::<HistoryState>();
    let is_empty = Memo::new(move |_| history.records.with(Vec::is_empty));
    view! {
        <Show when=move || !is_empty.get() fallback=NoRuns>
            <EarlierRuns />
        </Show>
    }
}

#[component]
fn NoRuns() -> impl IntoView {
    view! { <p class="fine">"Runs that have ended are listed here."</p> }
}

#[component]
fn EarlierRuns() -> impl IntoView {
    let history = expect_context::<HistoryState>();
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let compared = Memo::new(move |_| comparison(plan, playhead));
    let place = move || {
        let kept = match history.not_stored.get() {
            None => "Kept by this browser only",
            Some(Unavailable::Refused) => {
                "This browser keeps nothing, so they go when the page does"
            }
            Some(Unavailable::Silent) => {
                "This browser\u{2019}s storage does not answer, so they go when the page does"
            }
        };
        words::history::told(kept, MOST)
    };
    let runs = move || {
        let run = |kept: &Rc<HistoryEntry>| Run {
            started: kept.started,
            title: kept.title.clone(),
            summary: kept.summary.clone(),
        };
        history.records.with(|records| records.iter().rev().map(run).collect::<Vec<_>>())
    };
    view! {
        <div class="history">
            <h3>"History"</h3>
            <p class="note">{place}</p>
            <ul class="compared" aria-label="Compared">
                <Items lines=compared />
            </ul>
            <ol class="kept" aria-label="Earlier runs">
                <For each=runs key=|run| run.started let:run>
                    <EarlierRun run />
                </For>
            </ol>
            <Button class="quiet" control="history" on_click=move |_| history.delete(None)>
                "Delete all"
            </Button>
        </div>
    }
}

/// What the list shows of a run.
struct Run {
    started: u64,
    title: String,
    summary: String,
}

#[component]
fn EarlierRun(run: Run) -> impl IntoView {
    let history = expect_context::<HistoryState>();
    let playhead = expect_context::<PlayheadState>();
    let Run { started, title, summary } = run;
    let when = local_time(started);
    let label = format!("{when}, {title}");
    let kept = move || {
        history
            .records
            .with_untracked(|records| records.iter().find(|kept| kept.started == started).cloned())
    };
    let open = move |_| {
        if let Some(kept) = kept() {
            history.open(&kept);
        }
    };
    let compare = move |_| {
        if let Some(kept) = kept() {
            history.compare(&kept);
        }
    };
    // Items come and go with every run, and the overlay, which hardly ever changes, must not keep
    // those that are gone among its subscribers.
    let is_compared = distinct(move || {
        playhead.overlay.with(|overlay| overlay.as_ref().is_some_and(|o| o.started == started))
    });
    view! {
        <li aria-label=label>
            <span class="when">{when}</span>
            <span class="title">{title}</span>
            <span class="summary">{summary}</span>
            <span class="actions">
                <button type="button" on:click=open>
                    "Open"
                </button>
                <button
                    type="button"
                    aria-pressed=move || is_compared.get().to_string()
                    on:click=compare
                >
                    "Compare"
                </button>
                <button type="button" on:click=move |_| history.delete(Some(started))>
                    "Delete"
                </button>
            </span>
        </li>
    }
}

/// The run that is compared, against the present one.
fn comparison(plan: PlanState, playhead: PlayheadState) -> Vec<String> {
    let compared = playhead.overlay(|overlay| {
        let now = plan.current.with(|plan| {
            playhead.frame.with(|frame| {
                let runs = plan.lineup.iter().enumerate().filter_map(|(place, planned)| {
                    let (timeline, _) = plan.run_or_expected(frame, place)?;
                    Some((planned.kind.as_str(), timeline.makespan()))
                });
                runs.collect::<Vec<_>>()
            })
        });
        Some(overlay.compare(&now))
    });
    compared.unwrap_or_default()
}
