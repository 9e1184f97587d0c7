//! The map of the pipeline: input, fan-out, branches, fan-in, report, and what is under way between them.

use leptos::html::Div;
use leptos::prelude::*;

use super::width::width_of;
use crate::app::kit::{breakable, distinct};
use crate::app::state::{PlanState, PlayheadState};
use crate::timeline::flow::{self, Diagram, Edge, What};
use crate::timeline::{Lane, Phase, Timeline};
use crate::web::page;
use crate::words;

/// Below this many pixels, a box has its mark above its name.
const SLIM: f64 = 112.0;

/// The map alone.
#[component]
pub fn Flow() -> impl IntoView {
    view! {
        <section class="flow panel" aria-labelledby="flow-title">
            <h2 id="flow-title" class="visually-hidden">"Flow"</h2>
            <Map />
        </section>
    }
}

/// The map of the parallel run, or of the only one.
#[component]
pub fn Map(
    /// The agent whose prompt is shown, where agents can be selected.
    #[prop(optional)]
    selected: Option<RwSignal<usize>>,
) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let room = NodeRef::<Div>::new();
    let width = width_of(room);
    let picture = move || {
        plan.structure.track();
        // Before the first measurement the page's own width is near enough, if it has one yet.
        let width = if width.get() > 0.0 { width.get() } else { (page::width() - 64.0).max(240.0) };
        let (diagram, place) = plan
            .current
            .with_untracked(|plan| (Diagram::new(plan.pipeline(), width), plan.shown()));
        view! { <Picture diagram place selected /> }
    };
    view! {
        <div class="flow-frame" id="flow-frame" node_ref=room>
            {picture}
        </div>
    }
}

#[component]
fn Picture(diagram: Diagram, place: usize, selected: Option<RwSignal<usize>>) -> impl IntoView {
    let (width, height) = (diagram.width, diagram.height);
    let size = diagram.node;
    let nodes = diagram.nodes.clone().into_iter();
    let nodes = nodes.map(|node| view! { <NodeBox place node size selected /> }).collect_view();
    let edges = diagram.edges.clone().into_iter();
    let diagram = StoredValue::new(diagram);
    let edges = edges.map(|edge| view! { <EdgePath place diagram edge /> }).collect_view();
    view! {
        <div
            class="flow-canvas"
            style:width=format!("{width:.1}px")
            style:height=format!("{height:.1}px")
        >
            <svg width=width.to_string() height=height.to_string() aria-hidden="true">
                {edges}
            </svg>
            <ul class="flow-nodes" aria-label="Map of the pipeline">
                {nodes}
            </ul>
        </div>
    }
}

/// An edge, and what travels on it.
#[component]
fn EdgePath(place: usize, diagram: StoredValue<Diagram>, edge: Edge) -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let path = edge.path();
    let edge = StoredValue::new(edge);
    // One subscription to the frame for each edge.
    let written = distinct(move || {
        playhead.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let at = diagram.with_value(|diagram| {
                edge.with_value(|edge| flow::written(diagram, edge, timeline))
            });
            at.map(|at| flow::under_way(at, timeline.cursor()))
        })
    });
    let point = move || {
        let t = written.get().flatten()?;
        Some(edge.with_value(|edge| edge.point(t)))
    };
    view! {
        <path class="edge" class:written=move || written.get().is_some() d=path></path>
        <circle
            class="token"
            class:none=move || point().is_none()
            r="5"
            cx=move || format!("{:.1}", point().unwrap_or_default().0)
            cy=move || format!("{:.1}", point().unwrap_or_default().1)
        ></circle>
    }
}

#[component]
fn NodeBox(
    place: usize,
    node: flow::Node,
    size: (f64, f64),
    selected: Option<RwSignal<usize>>,
) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let flow::Node { what, x, y } = node;
    let (width, height) = size;
    let (name, title) = plan.current.with_untracked(|plan| match &what {
        What::Input => ("input".into(), "input".into()),
        What::Agent(agent) => {
            let title = plan.agent(*agent).map(|agent| agent.title().to_owned());
            (plan.name(*agent), title.unwrap_or_default())
        }
        What::More(more) => {
            let more = words::data::and_more(more.len());
            (more.clone(), more)
        }
        What::Report => ("report".into(), "report".into()),
    });
    let kind = match what {
        What::Input | What::Report => "end",
        What::Agent(_) | What::More(_) => "agent",
    };
    let agent = match what {
        What::Agent(agent) => Some(agent),
        _ => None,
    };
    let phase = distinct(move || {
        playhead.frame.with(|frame| {
            frame.timelines.get(place).map_or(Phase::Waiting, |timeline| box_phase(&what, timeline))
        })
    });
    let label = view! {
        <span class="mark" aria-hidden="true"></span>
        <span class="flow-label" title=name>
            {breakable(&title)}
        </span>
        <span class="visually-hidden">
            {move || format!(", {}", words::display_name(phase.get().as_str()))}
        </span>
    };
    let inside = match agent.zip(selected) {
        Some((agent, selected)) => view! {
            <button
                type="button"
                class="flow-pick"
                aria-pressed=move || (selected.get() == agent).to_string()
                data-phase=move || phase.get().as_str()
                on:click=move |_| selected.set(agent)
            >
                {label}
            </button>
        }
        .into_any(),
        None => label.into_any(),
    };
    view! {
        <li
            class="flow-node"
            class:slim=width < SLIM
            data-kind=kind
            data-agent=agent.map(|agent| (agent + 1).to_string())
            data-phase=move || phase.get().as_str()
            style:left=format!("{x:.1}px")
            style:top=format!("{y:.1}px")
            style:width=format!("{width:.1}px")
            style:height=format!("{height:.1}px")
        >
            {inside}
        </li>
    }
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
