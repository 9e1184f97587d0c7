//! The picture in words: the status line, and the table that is its twin.

use leptos::prelude::*;

use super::demo::Demo;
use super::ui::{flag, part, text};
use crate::decimal;
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
    start: String,
    end: String,
    phase: Phase,
}

fn rows(demo: Demo) -> Vec<Row> {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let runs = stage.lineup.iter().zip(&frame.timelines);
            let all = runs.flat_map(|(planned, timeline)| {
                let lanes = timeline.lanes().iter().zip(stage.pipeline().agents());
                lanes.map(|(lane, agent)| {
                    let moment = |at: Option<crate::time::Instant>| {
                        at.map(|at| decimal::fixed(at.as_secs(), 3)).unwrap_or_default()
                    };
                    Row {
                        agent: agent.name.clone(),
                        schedule: planned.kind.word(),
                        start: moment(lane.started),
                        end: moment(lane.end()),
                        phase: lane.phase(),
                    }
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
    let body = part(move || (0..count.get()).map(|at| row(table, at)).collect_view().into_any());
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

fn row(table: Memo<Vec<Row>>, at: usize) -> AnyView {
    let cell = move |of: fn(&Row) -> String| {
        text(move || table.with(|rows| rows.get(at).map(of).unwrap_or_default()))
    };
    view! {
        <tr data-phase=cell(|row| row.phase.word().into())>
            <th scope="row">{cell(|row| row.agent.clone())}</th>
            <td>{cell(|row| row.schedule.into())}</td>
            <td class="number">{cell(|row| row.start.clone())}</td>
            <td class="number">{cell(|row| row.end.clone())}</td>
            <td>{cell(|row| row.phase.word().into())}</td>
        </tr>
    }
    .into_any()
}
