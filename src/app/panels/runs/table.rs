//! The runs as a table: the twin of the picture. It is always in the document, for assistive
//! technology, and seen where the runs are looked at.

use leptos::prelude::*;

use crate::app::kit::{Pager, distinct};
use crate::app::state::{PlanState, PlayheadState, SelectionState, SettingsState};
use crate::config::{Settings, Tab, View};
use crate::plan::table::{Row, rows};
use crate::time::Instant;
use crate::timeline::playback::Command;
use crate::words;

/// Agents on a page of the table, where there are too many for one.
const AGENTS: usize = 50;

/// In more rows than this, moments are no stops for the keyboard: there would be too many.
const MOST_STOPS: usize = 24;

/// A row for each agent and schedule.
#[component]
pub fn TimelineTable() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let settings = expect_context::<SettingsState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    let selection = expect_context::<SelectionState>();
    let is_seen = distinct(move || settings.with(is_seen));
    let page = move || selection.page(AGENTS);
    let rows = distinct(move || {
        let page = page();
        plan.with(|plan| frame.with(|frame| rows(plan, frame, page)))
    });
    // Where rows are left out, assistive technology has to hear how many there are.
    let all = move || 1 + plan.with(|plan| plan.lineup.len()) * page().all();
    let tab_index = move || is_seen.get().then_some("0");
    view! {
        <section
            class="numbers"
            class:panel=is_seen
            class:visually-hidden=move || !is_seen.get()
            aria-labelledby="numbers-title"
        >
            <h2 id="numbers-title">"Start and end of every agent"</h2>
            <Show when=move || is_seen.get()>
                <Pager page what="Agents" on_turn=move |first| selection.look_at(first) />
            </Show>
            <div class="scroller" tabindex=tab_index role="group" aria-label="Timeline, scrollable">
                <table aria-label="Timeline" aria-rowcount=move || all().to_string()>
                    <thead>
                        <tr>
                            <th scope="col">"Agent"</th>
                            <th scope="col">"Schedule"</th>
                            <th scope="col" class="number">"Start (s)"</th>
                            <th scope="col" class="number">"End (s)"</th>
                            <th scope="col">"Outcome"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || 0..rows.with(Vec::len) key=|at| *at let(at)>
                            <TableRow at rows is_seen />
                        </For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn is_seen(settings: &Settings) -> bool {
    settings.view == View::All && settings.tab == Tab::Runs
}

/// The row at that place.
#[component]
fn TableRow(at: usize, rows: ReadSignal<Vec<Row>>, is_seen: ReadSignal<bool>) -> impl IntoView {
    let row = distinct(move || rows.with(|rows| rows.get(at).cloned()));
    move || {
        let is_stop = at < MOST_STOPS && is_seen.get();
        row.get().map(|row| {
            view! {
                <tr aria-rowindex=row.number.to_string() data-phase=row.phase.as_str()>
                    <th scope="row">{row.agent}</th>
                    <td>{words::display_name(row.schedule.as_str())}</td>
                    <td class="number">
                        <Moment at=row.start is_stop />
                    </td>
                    <td class="number">
                        <Moment at=row.end is_stop />
                    </td>
                    // Beside the outcome and not in it, so that a reader of the table finds the
                    // outcome's own words.
                    <td class="outcome" data-tries=row.tries>
                        {row.outcome}
                    </td>
                </tr>
            }
        })
    }
}

/// A moment of the run, to which the playhead can be sent.
#[component]
fn Moment(at: Option<Instant>, is_stop: bool) -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let label = at.map(|at| format!("{:.3}", at.as_secs())).unwrap_or_default();
    if !is_stop {
        return label.into_any();
    }
    let seek = move |_| {
        if let Some(at) = at {
            playhead.command(Command::Seek(at));
        }
    };
    view! {
        <button
            type="button"
            class="moment"
            class:none=at.is_none()
            title="Move the playhead here"
            on:click=seek
        >
            {label}
        </button>
    }
    .into_any()
}
