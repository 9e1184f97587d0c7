//! LangChain and ADK side by side over the run that is shown: what each holds at the cursor, and the
//! article's comparison worked out for this pipeline.
//!
//! What they say and hold is all in [`versus`](crate::versus).

use leptos::prelude::*;

use super::demo::Demo;
use super::ui::part;
use crate::time::{Instant, seconds};
use crate::timeline::data::Writer;
use crate::timeline::{Lane, Phase};
use crate::versus::memory::{self, Slot};
use crate::versus::{self, Cell, Library, Row, Scene};

/// More entries than this are counted.
const MOST: usize = 24;
/// Letters of a text in a pane.
const BEGINNING: usize = 60;

/// Both libraries, in two panes and a table.
pub fn sides(demo: Demo) -> AnyView {
    // What is there changes when an agent begins or ends, and at no other moment.
    let phases = Memo::new(move |_| {
        let place = demo.stage.with(|stage| stage.shown());
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place);
            let lanes = timeline.map_or(&[][..], |timeline| timeline.lanes());
            let run = timeline.map(|timeline| timeline.run().phase());
            (run, lanes.iter().map(Lane::phase).collect::<Vec<Phase>>())
        })
    });
    let panes = Library::ALL.map(|library| pane(demo, phases, library));
    let rows = part(move || {
        phases.with(|_| ());
        // The schedule is no part of the run that it has led to.
        demo.settings.with(|_| ());
        let rows = look(demo, versus::rows).unwrap_or_default();
        rows.into_iter().map(row).collect_view().into_any()
    });
    view! {
        <section class="sides panel" aria-labelledby="sides-title">
            <div>
                <h2 id="sides-title">"LangChain and ADK"</h2>
                <p class="fine">
                    "The same run, as each of them would hold it at this moment: move the cursor. "
                    "Measured on langchain-core 1.7 and google-adk 2.13."
                </p>
            </div>
            <div class="sides-panes">{panes.into_iter().collect_view()}</div>
            <div class="scroller" tabindex="0" role="group" aria-label="The comparison, scrollable">
                <table role="table" aria-label="LangChain and ADK compared">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th scope="col" role="columnheader">"For this pipeline"</th>
                            {Library::ALL
                                .map(|library| view! { <th scope="col" role="columnheader">{library.label()}</th> }.into_any())
                                .into_iter()
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// Reads the run that is shown, as it is at the cursor.
fn look<T>(demo: Demo, of: impl Fn(&Scene<'_>) -> T) -> Option<T> {
    demo.stage.with(|stage| {
        demo.frame.with_untracked(|frame| {
            let timeline = frame.timelines.get(stage.shown())?;
            let schedule = stage.lineup.get(stage.shown())?.schedule;
            let pipeline = stage.pipeline();
            // Just after a change of the pipeline the runs of the one before are still there.
            let fits = timeline.lanes().len() == stage.agents();
            fits.then(|| of(&Scene { pipeline, schedule, timeline }))
        })
    })
}

fn pane(demo: Demo, phases: Memo<(Option<Phase>, Vec<Phase>)>, library: Library) -> AnyView {
    let held = part(move || {
        phases.with(|_| ());
        let inputs = demo.stage.with(|stage| stage.experiment.inputs.clone());
        let held = look(demo, |scene| {
            let slots = memory::slots(scene, &inputs, library);
            let told = memory::told(scene, &slots, library);
            (slots, told)
        });
        let (slots, told) = held.unwrap_or_default();
        let rest = slots.len().saturating_sub(MOST);
        let rest = (rest > 0)
            .then(|| view! { <li class="slot-rest">{format!("and {rest} more keys")}</li> });
        let slots = slots.iter().take(MOST).map(slot).collect_view();
        view! {
            <ul class="slots" aria-label=library.memory()>{slots} {rest}</ul>
            <p class="fine">{told}</p>
        }
        .into_any()
    });
    let id = match library {
        Library::LangChain => "sides-langchain",
        Library::Adk => "sides-adk",
    };
    view! {
        <section class="side" aria-labelledby=id data-library=library.label()>
            <h3 id=id>{library.label()}<span class="side-memory">{library.memory()}</span></h3>
            {held}
        </section>
    }
    .into_any()
}

fn slot(slot: &Slot) -> AnyView {
    let number = match slot.writer {
        Writer::Reader => String::new(),
        Writer::Agent(place) => (place % 8 + 1).to_string(),
    };
    let standing = slot.standing.word();
    let since = slot.since.map(|at| format!(" at {} s", seconds(at.since(Instant::ZERO))));
    let says = match slot.standing {
        memory::Standing::Given => standing.to_owned(),
        _ => format!("{standing}{}", since.unwrap_or_default()),
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
    .into_any()
}

fn row(row: Row) -> AnyView {
    let cells = row.cells.map(|Cell { code, says }| {
        let code = (!code.is_empty()).then(|| view! { <code>{code}</code> });
        view! { <td role="cell">{code}<p>{says}</p></td> }.into_any()
    });
    view! {
        // Spelled out, since on a narrow page they are laid out as blocks.
        <tr role="row">
            <th scope="row" role="rowheader">{row.about}</th>
            {cells.into_iter().collect_view()}
        </tr>
    }
    .into_any()
}
