//! The picture in words: the status line, and the table that is its twin.

use leptos::prelude::*;

use super::demo::Demo;
use crate::timeline::{Phase, words};

/// Rows in the table, at most: beyond that it is cut, and says so.
const MOST_ROWS: usize = 400;

/// What is going on, for everyone; assistive technology hears it when it changes.
#[component]
pub fn Status() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let status = Memo::new(move |_| {
        demo.stage.with(|stage| {
            demo.frame.with(|frame| {
                words::status(&stage.experiment.preset.pipeline, &frame.entrants(stage))
            })
        })
    });
    let failed = move || status.with(|status| status.starts_with("Failed"));
    view! {
        <div class="status" class:failed=failed role="status">
            <p>{status}</p>
            {move || demo.notes.get().into_iter().map(|note| view! { <p class="note">{note}</p> }).collect_view()}
        </div>
    }
}

#[derive(Clone, PartialEq)]
struct Row {
    agent: String,
    schedule: &'static str,
    start: Option<String>,
    end: Option<String>,
    phase: Phase,
}

/// A row for each agent and schedule.
#[component]
pub fn TimelineTable() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let rows = Memo::new(move |_| {
        demo.stage.with(|stage| {
            let pipeline = &stage.experiment.preset.pipeline;
            demo.frame.with(|frame| {
                let runs = stage.lineup.iter().zip(&frame.timelines);
                runs.flat_map(|(planned, timeline)| {
                    let lanes = timeline.lanes().iter().zip(pipeline.agents());
                    lanes.map(move |(lane, agent)| Row {
                        agent: agent.name.clone(),
                        schedule: planned.kind.word(),
                        start: lane.started.map(|at| format!("{:.3}", at.as_secs())),
                        end: lane.end().map(|at| format!("{:.3}", at.as_secs())),
                        phase: lane.phase(),
                    })
                })
                .take(MOST_ROWS)
                .collect::<Vec<Row>>()
            })
        })
    });
    let all = move || demo.frame.with(|f| f.timelines.iter().map(|t| t.lanes().len()).sum::<usize>());
    view! {
        <section class="panel numbers">
            <h2>"Every start and end"</h2>
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
                    <tbody>
                        <For
                            each=move || { let n = rows.with(Vec::len); 0..n }
                            key=|row| *row
                            children=move |row| {
                                let cell = move |of: fn(&Row) -> String| {
                                    move || rows.with(|rows| rows.get(row).map(of))
                                };
                                view! {
                                    <tr data-phase=cell(|row| row.phase.word().into())>
                                        <th scope="row">{cell(|row| row.agent.clone())}</th>
                                        <td>{cell(|row| row.schedule.into())}</td>
                                        <td class="number">
                                            {cell(|row| row.start.clone().unwrap_or_default())}
                                        </td>
                                        <td class="number">
                                            {cell(|row| row.end.clone().unwrap_or_default())}
                                        </td>
                                        <td>{cell(|row| row.phase.word().into())}</td>
                                    </tr>
                                }
                            }
                        />
                    </tbody>
                </table>
            </div>
            {move || {
                (all() > MOST_ROWS)
                    .then(|| view! { <p class="note">{format!("The first {MOST_ROWS} of {} rows.", all())}</p> })
            }}
        </section>
    }
}
