//! The diagram: input, fan-out, branches, fan-in, report, and what is under way between them.

use leptos::prelude::*;

use super::demo::Demo;
use super::ui::{breakable, flag, part, pixels, text};
use crate::decimal;
use crate::timeline::flow::{self, Diagram, Edge, Node, What};
use crate::timeline::{Lane, Phase, Timeline};
use crate::web::page;

/// The diagram of the parallel run, or of the only one.
pub fn flow(demo: Demo) -> AnyView {
    let frame = NodeRef::<leptos::html::Div>::new();
    let width = RwSignal::new(0.0_f64);
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            width.set(f64::from(frame.client_width()));
        }
    };
    Effect::new(move |_| {
        frame.track();
        measure();
    });
    let listener = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || listener.remove());
    let diagram = part(move || {
        demo.structure.with(|_| ());
        // Before the first measurement the page's own width is near enough.
        let width = if width.get() > 0.0 { width.get() } else { page::width() - 64.0 };
        let (diagram, place) = demo
            .stage
            .with_untracked(|stage| (Diagram::new(stage.pipeline(), width), stage.shown()));
        picture(demo, place, diagram)
    });
    view! {
        <section class="flow panel" aria-labelledby="flow-title">
            <div>
                <h2 id="flow-title">"Flow"</h2>
                <p class="fine">
                    "Read off the prompts: a box starts as soon as everything that its prompt names is written."
                </p>
            </div>
            <div class="flow-frame" node_ref=frame>{diagram}</div>
        </section>
    }
    .into_any()
}

fn picture(demo: Demo, place: usize, diagram: Diagram) -> AnyView {
    let (width, height) = (diagram.width, diagram.height);
    let boxes = diagram.nodes.iter().map(|node| a_box(demo, place, node, diagram.node));
    let boxes = boxes.collect_view();
    let edges = diagram.edges.clone();
    let diagram = StoredValue::new(diagram);
    let edges = edges.into_iter().map(|edge| way(demo, place, diagram, edge)).collect_view();
    view! {
        <div
            class="flow-canvas"
            style:width=pixels(width)
            style:height=pixels(height)
        >
            <svg width=decimal::short(width) height=decimal::short(height) aria-hidden="true">{edges}</svg>
            <ul class="flow-nodes">{boxes}</ul>
        </div>
    }
    .into_any()
}

/// An edge, and what travels on it.
fn way(demo: Demo, place: usize, diagram: StoredValue<Diagram>, edge: Edge) -> AnyView {
    let path = edge.path();
    let edge = StoredValue::new(edge);
    // One subscription an edge: a frame costs as much as there are.
    let written = Memo::new(move |_| {
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
    view! {
        <path class="edge" class:written=flag(move || written.get().is_some()) d=path></path>
        <circle
            class="token"
            class:none=flag(move || point().is_none())
            r="5"
            cx=text(move || decimal::fixed(point().unwrap_or_default().0, 1))
            cy=text(move || decimal::fixed(point().unwrap_or_default().1, 1))
        ></circle>
    }
    .into_any()
}

fn a_box(demo: Demo, place: usize, node: &Node, (width, height): (f64, f64)) -> AnyView {
    let Node { what, x, y } = node.clone();
    let label = demo.stage.with_untracked(|stage| match &what {
        What::Input => "input".into(),
        What::Agent(agent) => stage.name(*agent),
        What::More(more) => format!("and {} more", more.len()),
        What::Report => "report".into(),
    });
    let kind = match what {
        What::Input | What::Report => "end",
        What::Agent(_) | What::More(_) => "agent",
    };
    let phase = Memo::new(move |_| {
        demo.frame.with(|frame| {
            frame.timelines.get(place).map_or(Phase::Waiting, |timeline| box_phase(&what, timeline))
        })
    });
    view! {
        <li
            class="flow-node"
            data-kind=kind
            data-phase=text(move || phase.get().word().into())
            style:left=pixels(x)
            style:top=pixels(y)
            style:width=pixels(width)
            style:height=pixels(height)
        >
            <span class="mark" aria-hidden="true"></span>
            <span class="flow-label" title=label.clone()>{breakable(&label)}</span>
            <span class="visually-hidden">{text(move || format!(", {}", phase.get().word()))}</span>
        </li>
    }
    .into_any()
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
