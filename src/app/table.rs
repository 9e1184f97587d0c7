//! The picture in words: the status line, and the table that is its twin.

use leptos::prelude::*;

use super::demo::Demo;
use super::ui::{clicked, flag, part, text};
use crate::decimal;
use crate::time::Instant;
use crate::timeline::playback::Command;
use crate::timeline::{Phase, words};

/// Rows in the table, at most: beyond that it is cut, and says so.
const MOST_ROWS: usize = 400;

/// What is going on, for everyone; assistive technology hears it when it changes.
pub fn status(demo: Demo) -> AnyView {
    let status = Memo::new(move |_| {
        demo.stage.with(|stage| {
            demo.frame.with(|frame| words::status(stage.pipeline(), &frame.entrants(stage)))
        })
    });
    let notes = part(move || {
        let notes = demo.complaints.get().into_iter().chain(demo.notice.get());
        notes.map(|note| view! { <p class="note">{note}</p> }.into_any()).collect_view().into_any()
    });
    view! {
        <div
            class="status"
            class:failed=flag(move || status.with(|status| status.starts_with("Failed")))
            role="status"
        >
            <p>{text(move || status.get())}</p>
            {notes}
        </div>
    }
    .into_any()
}

/// What the table says of one agent in one schedule.
#[derive(Clone, PartialEq)]
struct Row {
    agent: String,
    schedule: &'static str,
    start: Option<Instant>,
    end: Option<Instant>,
    phase: Phase,
    tries: String,
}

fn rows(demo: Demo) -> Vec<Row> {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let runs = stage.lineup.iter().zip(&frame.timelines);
            let all = runs.flat_map(|(planned, timeline)| {
                let lanes = timeline.lanes().iter().zip(stage.pipeline().agents());
                lanes.map(|(lane, agent)| Row {
                    agent: agent.name.clone(),
                    schedule: planned.kind.word(),
                    start: lane.started,
                    end: lane.end(),
                    phase: lane.phase(),
                    tries: words::tries(lane).unwrap_or_default(),
                })
            });
            all.take(MOST_ROWS).collect()
        })
    })
}

/// A row for each agent and schedule.
pub fn timeline(demo: Demo) -> AnyView {
    let table = Memo::new(move |_| rows(demo));
    let count = Memo::new(move |_| table.with(Vec::len));
    let all = move || demo.structure.with(|_| demo.stage.with(|s| s.lineup.len() * s.agents()));
    let body = part(move || {
        let blocks = (0..count.get()).step_by(BLOCK).map(|first| {
            // A change costs as much as there are readers of what changed, so they stand in a tree.
            let block = Memo::new(move |_| {
                table.with(|rows| {
                    rows.get(first..).unwrap_or_default().iter().take(BLOCK).cloned().collect()
                })
            });
            let rows = (first..count.get_untracked()).take(BLOCK);
            rows.map(|at| row(demo, block, at, at - first)).collect_view()
        });
        blocks.collect_view().into_any()
    });
    let cut = part(move || {
        let cut = all() > MOST_ROWS;
        let note = || format!("The first {MOST_ROWS} of {} rows.", all());
        cut.then(|| view! { <p class="note">{note()}</p> }).into_any()
    });
    view! {
        <section class="panel numbers" aria-labelledby="numbers-title">
            <h2 id="numbers-title">"Every start and end"</h2>
            <div class="scroller" tabindex="0" role="group" aria-label="Timeline, scrollable">
                <table aria-label="Timeline">
                    <thead>
                        <tr>
                            <th scope="col">"Agent"</th>
                            <th scope="col">"Schedule"</th>
                            <th scope="col" class="number">"Start (s)"</th>
                            <th scope="col" class="number">"End (s)"</th>
                            <th scope="col">"Outcome"</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            {cut}
        </section>
    }
    .into_any()
}

/// Rows that are looked through together when one of them changes.
const BLOCK: usize = 20;

fn row(demo: Demo, block: Memo<Vec<Row>>, at: usize, place: usize) -> AnyView {
    let row = Memo::new(move |_| block.with(|rows| rows.get(place).cloned()));
    let cell = move |of: fn(&Row) -> String| {
        text(move || row.with(|row| row.as_ref().map(of).unwrap_or_default()))
    };
    view! {
        <tr data-phase=cell(|row| row.phase.word().into())>
            <th scope="row">{cell(|row| row.agent.clone())}</th>
            <td>{cell(|row| row.schedule.into())}</td>
            <td class="number">{moment(demo, row, at, |row| row.start)}</td>
            <td class="number">{moment(demo, row, at, |row| row.end)}</td>
            // Beside the outcome and not in it, so that whoever reads the table finds its words.
            <td class="outcome" data-tries=cell(|row| row.tries.clone())>
                {cell(|row| row.phase.word().into())}
            </td>
        </tr>
    }
    .into_any()
}

/// More rows than this are no stops for the keyboard: nobody gets past them.
const MOST_STOPS: usize = 24;

/// A moment of the run, which the cursor can be sent to.
fn moment(
    demo: Demo,
    row: Memo<Option<Row>>,
    at: usize,
    of: fn(&Row) -> Option<Instant>,
) -> AnyView {
    let moment = move || row.with(|row| row.as_ref().and_then(of));
    let label =
        text(move || moment().map(|at| decimal::fixed(at.as_secs(), 3)).unwrap_or_default());
    if at >= MOST_STOPS {
        return label.into_any();
    }
    view! {
        <button
            type="button"
            class="moment"
            title="Move the cursor here"
            class:none=flag(move || moment().is_none())
            on:click=clicked(move || {
                if let Some(at) = row.with_untracked(|row| row.as_ref().and_then(of)) {
                    demo.command(Command::Seek(at));
                }
            })
        >
            {label}
        </button>
    }
    .into_any()
}
