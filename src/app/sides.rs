//! LangChain and ADK side by side over the run that is shown: what each holds at the cursor, and the
//! article's comparison worked out for this pipeline.
//!
//! What they say and hold is all in [`versus`](crate::versus).

use super::demo::Demo;
use super::dom::{Node, Nodes, el};
use super::signals::Memo;
use super::ui::{part, shown};
use crate::time::{Instant, seconds};
use crate::timeline::data::Writer;
use crate::timeline::{Lane, Phase};
use crate::versus::memory::{self, Slot};
use crate::versus::{self, Cell, Library, Row, Scene};
use crate::words;

/// Nobody reads what more agents than this hold: the panes are left out.
const MOST_AGENTS: usize = 200;
/// More entries than this are counted.
const MOST: usize = 24;
/// Letters of a text in a pane.
const BEGINNING: usize = 60;

/// Both libraries, in two panes and a table.
pub fn sides(demo: Demo) -> Node {
    // What is there changes when an agent begins or ends, and at no other moment.
    let phases = Memo::new(move |_| {
        let place = demo.stage.with(|stage| stage.shown());
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place);
            let lanes = timeline.map_or(&[][..], |timeline| timeline.lanes());
            let run = timeline.map(|timeline| timeline.run().phase());
            let few = lanes.iter().filter(|_| lanes.len() <= MOST_AGENTS);
            (run, few.map(Lane::phase).collect::<Vec<Phase>>())
        })
    });
    let few = move || demo.stage.with(|stage| stage.agents() <= MOST_AGENTS);
    let panes = shown(few, move || {
        let panes = Library::ALL.map(|library| pane(demo, phases, library));
        el("div").class("sides-panes").child(panes.into_iter().nodes())
    });
    let rows = part(move || {
        phases.with(|_| ());
        // The schedule is no part of the run that it has led to.
        demo.settings.with(|_| ());
        let rows = look(demo, versus::rows).unwrap_or_default();
        rows.into_iter().map(row).nodes()
    });
    let heads =
        [words::data::FOR_THIS_PIPELINE].into_iter().chain(Library::ALL.map(Library::label));
    let head = |label| el("th").attr("scope", "col").attr("role", "columnheader").child(label);
    // Roles are spelled out, since on a narrow page a table is laid out as blocks.
    let table = el("table")
        .attr("role", "table")
        .attr("aria-label", words::data::COMPARED)
        .child(
            el("thead")
                .attr("role", "rowgroup")
                .child(el("tr").attr("role", "row").child(heads.map(head).nodes())),
        )
        .child(el("tbody").attr("role", "rowgroup").child(rows));
    el("section")
        .class("sides panel")
        .attr("aria-labelledby", "sides-title")
        .child(
            el("div")
                .child(el("h2").attr("id", "sides-title").child(words::data::LANGCHAIN_AND_ADK))
                .child(el("p").class("fine").child(words::data::ABOUT_THE_SIDES)),
        )
        .child(panes)
        .child(
            el("div")
                .class("scroller")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", words::data::SIDES_SCROLLABLE)
                .child(table),
        )
        .node()
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

fn pane(demo: Demo, phases: Memo<(Option<Phase>, Vec<Phase>)>, library: Library) -> Node {
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
        let rest =
            (rest > 0).then(|| el("li").class("slot-rest").child(words::data::more_keys(rest)));
        let slots = slots.iter().take(MOST).map(slot).nodes();
        let list = el("ul").class("slots").attr("aria-label", library.memory());
        (list.child(slots).child(rest), el("p").class("fine").child(told))
    });
    let id = match library {
        Library::LangChain => "sides-langchain",
        Library::Adk => "sides-adk",
    };
    let memory = el("span").class("side-memory").child(library.memory());
    el("section")
        .class("side")
        .attr("aria-labelledby", id)
        .attr("data-library", library.label())
        .child(el("h3").attr("id", id).child(library.label()).child(memory))
        .child(held)
        .node()
}

fn slot(slot: &Slot) -> Node {
    let number = match slot.writer {
        Writer::Reader => String::new(),
        Writer::Agent(place) => (place % 8 + 1).to_string(),
    };
    let standing = slot.standing.word();
    let since = slot.since.map(|at| words::data::at(&seconds(at.since(Instant::ZERO))));
    let says = match slot.standing {
        memory::Standing::Given => words::called(standing).to_owned(),
        _ => words::called(standing).to_owned() + &since.unwrap_or_default(),
    };
    let text = slot.text.as_ref().map(|text| {
        let beginning: String = text.chars().take(BEGINNING).collect();
        let cut = if beginning.len() < text.len() { "…" } else { "" };
        el("q").child(beginning + cut)
    });
    el("li")
        .class("slot")
        .attr("data-agent", number)
        .attr("data-standing", standing)
        .child(el("code").child(format!("\"{}\"", slot.key)))
        .child(el("span").class("slot-says").child(says))
        .child(text)
        .node()
}

fn row(row: Row) -> Node {
    let cells = row.cells.map(|Cell { code, says }| {
        let code = (!code.is_empty()).then(|| el("code").child(code));
        el("td").attr("role", "cell").child(code).child(el("p").child(says))
    });
    el("tr")
        .attr("role", "row")
        .child(el("th").attr("scope", "row").attr("role", "rowheader").child(row.about))
        .child(cells.into_iter().nodes())
        .node()
}
