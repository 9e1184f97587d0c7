//! The diagram: input, fan-out, branches, fan-in, report, and what is under way between them.

use super::dom::{Node, Nodes, el, svg};
use super::signals::{RwSignal, StoredValue, effect, news};
use leptos::prelude::*;

use super::demo::Demo;
use super::ui::{breakable, flag, part, pixels, text};
use crate::decimal;
use crate::timeline::flow::{self, Diagram, Edge, What};
use crate::timeline::{Lane, Phase, Timeline};
use crate::web::page;
use crate::words;

/// The id of what it is drawn in.
const FRAME: &str = "flow-frame";

/// Below this many pixels, a box has its mark above its name.
const SLIM: f64 = 112.0;

/// The diagram of the parallel run, or of the only one.
pub fn flow(demo: Demo) -> Node {
    let width = RwSignal::new(0.0_f64);
    let measure = move || {
        if let Some(room) = page::width_of(FRAME) {
            width.set(room);
        }
    };
    // Effects run once the elements are there.
    effect(measure);
    let listener = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || listener.remove());
    let diagram = part(move || {
        demo.structure.with(|_| ());
        // Before the first measurement the page's own width is near enough, if it has one yet.
        let width = if width.get() > 0.0 { width.get() } else { (page::width() - 64.0).max(240.0) };
        let (diagram, place) = demo
            .stage
            .with_untracked(|stage| (Diagram::new(stage.pipeline(), width), stage.shown()));
        picture(demo, place, diagram)
    });
    el("section")
        .class("flow panel")
        .attr("aria-labelledby", "flow-title")
        .child(
            el("div")
                .child(el("h2").attr("id", "flow-title").child(words::data::FLOW))
                .child(el("p").class("fine").child(words::data::ABOUT_THE_FLOW)),
        )
        .child(el("div").class("flow-frame").attr("id", FRAME).child(diagram))
        .node()
}

fn picture(demo: Demo, place: usize, diagram: Diagram) -> Node {
    let (width, height) = (diagram.width, diagram.height);
    let boxes = diagram.nodes.iter().map(|node| a_box(demo, place, node, diagram.node));
    let boxes = boxes.nodes();
    let edges = diagram.edges.clone();
    let diagram = StoredValue::new(diagram);
    let edges = edges.into_iter().map(|edge| way(demo, place, diagram, edge)).nodes();
    el("div")
        .class("flow-canvas")
        .style("width", pixels(width))
        .style("height", pixels(height))
        .child(
            svg("svg")
                .attr("width", decimal::short(width))
                .attr("height", decimal::short(height))
                .attr("aria-hidden", "true")
                .child(edges),
        )
        .child(el("ul").class("flow-nodes").child(boxes))
        .node()
}

/// An edge, and what travels on it.
fn way(demo: Demo, place: usize, diagram: StoredValue<Diagram>, edge: Edge) -> Node {
    let path = edge.path();
    let edge = StoredValue::new(edge);
    // One subscription an edge: a frame costs as much as there are.
    let written = news(move || {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let at =
                diagram.with_value(|d| edge.with_value(|edge| flow::written(d, edge, timeline)));
            at.map(|at| flow::under_way(at, timeline.cursor()))
        })
    });
    let point = move || {
        let t = written.get().flatten()?;
        Some(edge.with_value(|edge| edge.point(t)))
    };
    (
        svg("path")
            .class("edge")
            .when("written", flag(move || written.get().is_some()))
            .attr("d", path),
        svg("circle")
            .class("token")
            .when("none", flag(move || point().is_none()))
            .attr("r", "5")
            .attr("cx", text(move || decimal::fixed(point().unwrap_or_default().0, 1)))
            .attr("cy", text(move || decimal::fixed(point().unwrap_or_default().1, 1))),
    )
        .into()
}

fn a_box(demo: Demo, place: usize, node: &flow::Node, (width, height): (f64, f64)) -> Node {
    let flow::Node { what, x, y } = node.clone();
    let label = demo.stage.with_untracked(|stage| match &what {
        What::Input => words::data::INPUT.into(),
        What::Agent(agent) => stage.name(*agent),
        What::More(more) => words::data::and_more(more.len()),
        What::Report => words::data::REPORT.into(),
    });
    let kind = match what {
        What::Input | What::Report => "end",
        What::Agent(_) | What::More(_) => "agent",
    };
    let phase = news(move || {
        demo.frame.with(|frame| {
            frame.timelines.get(place).map_or(Phase::Waiting, |timeline| box_phase(&what, timeline))
        })
    });
    el("li")
        .class(if width < SLIM { "flow-node slim" } else { "flow-node" })
        .attr("data-kind", kind)
        .attr("data-phase", text(move || phase.get().word().into()))
        .style("left", pixels(x))
        .style("top", pixels(y))
        .style("width", pixels(width))
        .style("height", pixels(height))
        .child(el("span").class("mark").attr("aria-hidden", "true"))
        .child(el("span").class("flow-label").attr("title", label.clone()).child(breakable(&label)))
        .child(
            el("span")
                .class("visually-hidden")
                .child(text(move || format!(", {}", words::called(phase.get().word())))),
        )
        .node()
}

/// The phase of a box: the agents' own, or for the two ends what the run says.
fn box_phase(what: &What, timeline: &Timeline) -> Phase {
    match what {
        What::Input if timeline.run().started.is_some() => Phase::Done,
        What::Input => Phase::Waiting,
        What::Report => match timeline.run().phase() {
            Phase::Running => Phase::Waiting,
            phase => phase,
        },
        what => {
            let lanes = || what.agents().iter().filter_map(|agent| timeline.lanes().get(*agent));
            let phases = || lanes().map(Lane::phase);
            let any = |wanted| phases().find(|phase| *phase == wanted);
            (any(Phase::Failed).or_else(|| any(Phase::Retrying)))
                .or_else(|| any(Phase::Running))
                .or_else(|| any(Phase::Queued))
                .or_else(|| phases().min_by_key(|phase| *phase as u8))
                .unwrap_or(Phase::Waiting)
        }
    }
}
