//! LangChain and ADK side by side over the run that is shown: what each holds at the playhead, and
//! the article's comparison worked out for this pipeline.
//!
//! What they say and hold is all in [`versus`](crate::versus).

use leptos::prelude::*;

use crate::app::panels::shown_run::{RunByPhase, ShownRun};
use crate::app::state::{PlanState, SettingsState};
use crate::plan::Plan;
use crate::time::{Instant, seconds};
use crate::timeline::data::Writer;
use crate::versus::memory::{self, Slot, Standing};
use crate::versus::{self, Cell, Library, Row, Scene};
use crate::web::page;
use crate::words;

/// What more agents than this hold is too much to read: the panes are left out.
const MOST_AGENTS: usize = 200;
/// On a narrower page, in CSS pixels, the panes are closed at first.
const ROOM_FOR_PANES: f64 = 640.0;
/// More entries than this are counted.
const MOST: usize = 24;
/// Letters of a text in a pane.
const BEGINNING: usize = 60;

/// Both libraries, in two panes and a table.
#[component]
pub fn Compare() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let run = ShownRun::from_context().by_phase(MOST_AGENTS);
    // On a phone the table comes first.
    let has_room = page::width() >= ROOM_FOR_PANES;
    let few = move || plan.with(|plan| plan.agents() <= MOST_AGENTS);
    view! {
        <section class="sides" aria-labelledby="sides-title">
            <div>
                <h3 id="sides-title">"LangChain and ADK"</h3>
                <p class="fine">
                    "What each library holds of this run at the playhead. Measured on langchain-core \
                     1.7 and google-adk 2.13."
                </p>
            </div>
            <Show when=few>
                <details class="sides-memory" open=has_room>
                    <summary>"What each library holds now"</summary>
                    <div class="sides-panes">
                        {Library::ALL.map(|library| view! { <MemoryPane run library /> })}
                    </div>
                </details>
            </Show>
            <div
                class="scroller"
                tabindex="0"
                role="group"
                aria-label="The comparison, scrollable"
            >
                <ComparisonTable run />
            </div>
        </section>
    }
}

/// Reads the run as the comparison sees it.
fn read<T: Default>(run: RunByPhase, read: impl FnOnce(&Scene<'_>, &Plan) -> T) -> T {
    run.read(|plan, timeline| {
        let schedule = plan.lineup.get(plan.shown())?.schedule;
        Some(read(&Scene { pipeline: plan.pipeline(), schedule, timeline }, plan))
    })
    .flatten()
    .unwrap_or_default()
}

/// What a library holds.
#[component]
fn MemoryPane(run: RunByPhase, library: Library) -> impl IntoView {
    let held = move || {
        let (slots, told) = read(run, |scene, plan| {
            let slots = memory::slots(scene, &plan.experiment.inputs, library);
            let told = memory::told(scene, &slots, library);
            (slots, told)
        });
        let rest = slots.len().saturating_sub(MOST);
        let rest =
            (rest > 0).then(|| view! { <li class="slot-rest">{words::data::more_keys(rest)}</li> });
        view! {
            <ul class="slots" aria-label=library.memory()>
                {slots.iter().take(MOST).map(slot_item).collect_view()}
                {rest}
            </ul>
            <p class="fine">{told}</p>
        }
    };
    let id = match library {
        Library::LangChain => "sides-langchain",
        Library::Adk => "sides-adk",
    };
    view! {
        <section class="side" aria-labelledby=id data-library=library.label()>
            <h4 id=id>
                {library.label()} <span class="side-memory">{library.memory()}</span>
            </h4>
            {held}
        </section>
    }
}

fn slot_item(slot: &Slot) -> impl IntoView + use<> {
    let number = match slot.writer {
        Writer::Reader => String::new(),
        Writer::Agent(place) => (place + 1).to_string(),
    };
    let standing = slot.standing.as_str();
    let since = slot.since.map(|at| words::data::at(&seconds(at.since(Instant::ZERO))));
    let says = match slot.standing {
        Standing::Given => words::display_name(standing).to_owned(),
        _ => words::display_name(standing).to_owned() + &since.unwrap_or_default(),
    };
    let text = slot.text.as_ref().map(|text| {
        let beginning: String = text.chars().take(BEGINNING).collect();
        let cut = if beginning.len() < text.len() { "…" } else { "" };
        view! { <q>{beginning + cut}</q> }
    });
    view! {
        <li class="slot" data-agent=number data-standing=standing>
            <code>{format!("\"{}\"", slot.key)}</code>
            <span class="slot-says">{says}</span>
            {text}
        </li>
    }
}

/// What is true of each library for this pipeline and this run.
#[component]
fn ComparisonTable(run: RunByPhase) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let rows = move || {
        // The schedule is no part of the run that it has led to.
        settings.track();
        let rows = read(run, |scene, _| versus::rows(scene));
        rows.into_iter().map(table_row).collect_view()
    };
    let heads = ["For this pipeline"].into_iter().chain(Library::ALL.map(Library::label));
    let heads = heads.map(|label| {
        view! {
            <th scope="col" role="columnheader">
                {label}
            </th>
        }
    });
    // Roles are spelled out, since on a narrow page a table is laid out as blocks.
    view! {
        <table role="table" aria-label="LangChain and ADK compared">
            <thead role="rowgroup">
                <tr role="row">{heads.collect_view()}</tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn table_row(row: Row) -> impl IntoView {
    let cells = row.cells.map(|Cell { code, says }| {
        let code = (!code.is_empty()).then(|| view! { <code>{code}</code> });
        view! {
            <td role="cell">
                {code} <p>{says}</p>
            </td>
        }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {row.about}
            </th>
            {cells}
        </tr>
    }
}
