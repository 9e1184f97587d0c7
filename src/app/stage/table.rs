//! The runs as a table.

use leptos::prelude::*;

use crate::app::kit::{Pager, distinct};
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::plan::{Frame, Kind, Plan};
use crate::time::Instant;
use crate::timeline::crowd::Page;
use crate::timeline::playback::Command;
use crate::timeline::{Phase, sentences};
use crate::words;

/// Agents on a page of the table, where there are too many for one.
const AGENTS: usize = 50;

/// More rows than this are no stops for the keyboard: nobody gets past them.
const MOST_STOPS: usize = 24;

/// What the table says of one agent in one schedule.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    /// Its number in the whole table, the head being 1.
    number: usize,
    agent: String,
    schedule: Kind,
    start: Option<Instant>,
    end: Option<Instant>,
    phase: Phase,
    tries: String,
}

/// The race in figures: a row for each agent and schedule.
#[component]
pub fn TimelineTable() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    let selection = expect_context::<SelectionState>();
    let page = move || selection.page(AGENTS);
    let rows = distinct(move || {
        let page = page();
        plan.with(|plan| frame.with(|frame| rows(plan, frame, page)))
    });
    // Where rows are left out, assistive technology has to hear how many there are.
    let all = move || 1 + plan.with(|plan| plan.lineup.len()) * page().all();
    view! {
        <section class="panel numbers" aria-labelledby="numbers-title">
            <h2 id="numbers-title">"Every start and end"</h2>
            <Pager page what="Agents" on_turn=move |first| selection.look_at(first) />
            <div class="scroller" tabindex="0" role="group" aria-label="Timeline, scrollable">
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
                            <TableRow at rows />
                        </For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn rows(plan: &Plan, frame: &Frame, page: Page) -> Vec<Row> {
    let runs = plan.lineup.iter().zip(&frame.timelines).enumerate();
    let rows = runs.flat_map(|(run, (planned, timeline))| {
        let agents = timeline.lanes().iter().zip(plan.pipeline().agents()).enumerate();
        let shown = agents.skip(page.agents().start).take(page.agents().len());
        shown.map(move |(at, (lane, agent))| Row {
            number: 2 + run * page.all() + at,
            agent: agent.name.clone(),
            schedule: planned.kind,
            start: lane.started,
            end: lane.end(),
            phase: lane.phase(),
            tries: sentences::tries(lane).unwrap_or_default(),
        })
    });
    rows.collect()
}

/// The row at that place.
#[component]
fn TableRow(at: usize, rows: ReadSignal<Vec<Row>>) -> impl IntoView {
    let row = distinct(move || rows.with(|rows| rows.get(at).cloned()));
    let is_stop = at < MOST_STOPS;
    move || {
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
                        {words::display_name(row.phase.as_str())}
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
            title="Move the cursor here"
            on:click=seek
        >
            {label}
        </button>
    }
    .into_any()
}
