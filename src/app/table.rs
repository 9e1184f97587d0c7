//! The picture in words: the status line, and the table that is its twin.

use super::dom::{Node, Nodes, el};
use super::signals::{Memo, RwSignal, news};

use super::crowd::pager;
use super::demo::Demo;
use super::ui::{flag, part, text};
use crate::decimal;
use crate::time::Instant;
use crate::timeline::crowd::Page;
use crate::timeline::playback::Command;
use crate::timeline::{Phase, sentences};
use crate::words;

/// Agents on a page of the table, where there are too many for one.
const AGENTS: usize = 50;

/// What is going on, for everyone; assistive technology hears it when it changes.
pub fn status(demo: Demo) -> Node {
    let status = Memo::new(move |_| {
        demo.stage.with(|stage| {
            demo.frame.with(|frame| sentences::status(stage.pipeline(), &frame.entrants(stage)))
        })
    });
    let notes = part(move || {
        let notes = demo.complaints.get().into_iter().chain(demo.notice.get());
        notes.map(|note| el("p").class("note").child(note).node()).nodes()
    });
    el("div")
        .class("status")
        .when(
            "failed",
            flag(move || status.with(|status| status.starts_with(words::status::FAILED))),
        )
        .attr("role", "status")
        .child(el("p").child(text(move || status.get())))
        .child(notes)
        .node()
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

fn rows(demo: Demo, page: Page) -> Vec<Row> {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let runs = stage.lineup.iter().zip(&frame.timelines);
            let all = runs.flat_map(|(planned, timeline)| {
                let lanes = timeline.lanes().iter().zip(stage.pipeline().agents());
                let shown = lanes.skip(page.agents().start).take(page.agents().len());
                shown.map(|(lane, agent)| Row {
                    agent: agent.name.clone(),
                    schedule: planned.kind.word(),
                    start: lane.started,
                    end: lane.end(),
                    phase: lane.phase(),
                    tries: sentences::tries(lane).unwrap_or_default(),
                })
            });
            all.collect()
        })
    })
}

/// A row for each agent and schedule.
pub fn timeline(demo: Demo) -> Node {
    let page = Memo::new(move |_| demo.page(AGENTS));
    let table = Memo::new(move |_| rows(demo, page.get()));
    let count = Memo::new(move |_| table.with(Vec::len));
    // Where rows are left out, whoever counts them has to hear which these are, below the head.
    let schedules = Memo::new(move |_| demo.structure.with(|structure| structure.kinds.len()));
    let all = text(move || (1 + schedules.get() * page.get().all()).to_string());
    let numbers = Memo::new(move |_| {
        let page = page.get();
        (0..schedules.get())
            .flat_map(|run| page.agents().map(move |agent| 2 + run * page.all() + agent))
            .collect::<Vec<_>>()
    });
    let body = part(move || {
        let blocks = (0..count.get()).step_by(BLOCK).map(|first| {
            // A change costs as much as there are readers of what changed, so they stand in a tree.
            let block = news(move || {
                table.with(|rows| {
                    rows.get(first..).unwrap_or_default().iter().take(BLOCK).cloned().collect()
                })
            });
            let rows = (first..count.get_untracked()).take(BLOCK);
            rows.map(|at| row(demo, block, numbers, at, at - first)).nodes()
        });
        blocks.nodes()
    });
    el("section")
        .class("panel numbers")
        .attr("aria-labelledby", "numbers-title")
        .child(el("h2").attr("id", "numbers-title").child(words::page::EVERY_START_AND_END))
        .child(pager(demo, AGENTS, words::page::AGENTS))
        .child(
            el("div")
                .class("scroller")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", words::page::TIMELINE_SCROLLABLE)
                .child(
                    el("table")
                        .attr("aria-label", words::page::TIMELINE)
                        .attr("aria-rowcount", all)
                        .child(
                            el("thead").child(
                                el("tr")
                                    .child(el("th").attr("scope", "col").child(words::page::AGENT))
                                    .child(
                                        el("th").attr("scope", "col").child(words::page::SCHEDULE),
                                    )
                                    .child(
                                        el("th")
                                            .attr("scope", "col")
                                            .class("number")
                                            .child(words::page::START),
                                    )
                                    .child(
                                        el("th")
                                            .attr("scope", "col")
                                            .class("number")
                                            .child(words::page::END),
                                    )
                                    .child(
                                        el("th").attr("scope", "col").child(words::page::OUTCOME),
                                    ),
                            ),
                        )
                        .child(el("tbody").child(body)),
                ),
        )
        .node()
}

/// Rows that are looked through together when one of them changes.
const BLOCK: usize = 20;

fn row(
    demo: Demo,
    block: RwSignal<Vec<Row>>,
    numbers: Memo<Vec<usize>>,
    at: usize,
    place: usize,
) -> Node {
    let row = Memo::new(move |_| block.with(|rows| rows.get(place).cloned()));
    let cell = move |of: fn(&Row) -> String| {
        text(move || row.with(|row| row.as_ref().map(of).unwrap_or_default()))
    };
    let number = text(move || {
        numbers.with(|numbers| numbers.get(at).map(usize::to_string).unwrap_or_default())
    });
    el("tr")
        .attr("aria-rowindex", number)
        .attr("data-phase", cell(|row| row.phase.word().into()))
        .child(el("th").attr("scope", "row").child(cell(|row| row.agent.clone())))
        .child(el("td").child(cell(|row| words::called(row.schedule).into())))
        .child(el("td").class("number").child(moment(demo, row, at, |row| row.start)))
        .child(el("td").class("number").child(moment(demo, row, at, |row| row.end)))
        // Beside the outcome and not in it, so that whoever reads the table finds its words.
        .child(
            el("td")
                .class("outcome")
                .attr("data-tries", cell(|row| row.tries.clone()))
                .child(cell(|row| words::called(row.phase.word()).into())),
        )
        .node()
}

/// More rows than this are no stops for the keyboard: nobody gets past them.
const MOST_STOPS: usize = 24;

/// A moment of the run, which the cursor can be sent to.
fn moment(demo: Demo, row: Memo<Option<Row>>, at: usize, of: fn(&Row) -> Option<Instant>) -> Node {
    let moment = move || row.with(|row| row.as_ref().and_then(of));
    let label =
        text(move || moment().map(|at| decimal::fixed(at.as_secs(), 3)).unwrap_or_default());
    if at >= MOST_STOPS {
        return label.into();
    }
    el("button")
        .attr("type", "button")
        .class("moment")
        .attr("title", words::page::MOVE_THE_CURSOR)
        .when("none", flag(move || moment().is_none()))
        .upon("click", move || {
            if let Some(at) = row.with_untracked(|row| row.as_ref().and_then(of)) {
                demo.command(Command::Seek(at));
            }
        })
        .child(label)
        .node()
}
