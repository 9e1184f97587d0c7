//! The diagram: input, fan-out, branches, fan-in, report, and what is under way between them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::demo::{Demo, Kind};
use crate::timeline::flow::{self, Diagram, Node, What};
use crate::timeline::{Phase, Timeline};
use crate::web::page;

/// The diagram of the parallel run, or of the only one.
#[component]
pub fn Flow() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let frame = NodeRef::<leptos::html::Div>::new();
    let width = RwSignal::new(0.0_f64);
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            width.set(f64::from(frame.unchecked_ref::<web_sys::Element>().client_width()));
        }
    };
    Effect::new(move |_| {
        frame.track();
        measure();
    });
    let listener = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || listener.remove());
    let diagram = move || {
        let width = if width.get() > 0.0 { width.get() } else { page::width() - 64.0 };
        demo.stage.with(|stage| Diagram::new(&stage.experiment.preset.pipeline, width))
    };
    view! {
        <section class="flow panel" aria-labelledby="flow-title">
            <h2 id="flow-title">"Flow"</h2>
            <p class="fine">
                "Read off the prompts: a box starts as soon as everything that its prompt names is written."
            </p>
            <div class="flow-frame" node_ref=frame>
                {move || view! { <Picture diagram=diagram()/> }}
            </div>
        </section>
    }
}

/// The place of the run that single-run views show: the parallel one where there are two.
pub fn shown_run(demo: Demo) -> usize {
    demo.stage.with(|stage| {
        stage.lineup.iter().position(|planned| planned.kind == Kind::Parallel).unwrap_or(0)
    })
}

#[component]
fn Picture(diagram: Diagram) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let place = shown_run(demo);
    let on_timeline = move |what: &dyn Fn(&Timeline) -> Option<f64>| {
        demo.frame.with(|frame| what(frame.timelines.get(place)?))
    };
    let Diagram { width, height, node: (node_width, node_height), .. } = diagram;
    let nodes = diagram.nodes.clone();
    let edges = diagram.edges.clone();
    let diagram = StoredValue::new(diagram);
    view! {
        <div
            class="flow-canvas"
            style:width=format!("{width}px")
            style:height=format!("{height}px")
        >
            <svg width=width height=height aria-hidden="true">
                {edges
                    .into_iter()
                    .map(|edge| {
                        let path = edge.path();
                        let written = {
                            let edge = edge.clone();
                            Memo::new(move |_| {
                                demo.frame.with(|frame| {
                                    let timeline = frame.timelines.get(place)?;
                                    diagram.with_value(|d| flow::written(d, &edge, timeline))
                                })
                            })
                        };
                        let token = move || {
                            let written = written.get()?;
                            on_timeline(&|timeline| flow::under_way(written, timeline.cursor()))
                        };
                        let at = move || token().map_or((-20.0, -20.0), |t| edge.point(t));
                        let at_x = at.clone();
                        view! {
                            <path class="edge" class:written=move || written.get().is_some() d=path/>
                            <circle
                                class="token"
                                class:none=move || token().is_none()
                                r="5"
                                cx=move || at_x().0.to_string()
                                cy=move || at().1.to_string()
                            ></circle>
                        }
                    })
                    .collect_view()}
            </svg>
            <ul class="flow-nodes">
                {nodes
                    .into_iter()
                    .map(|node| view! { <Box node place width=node_width height=node_height/> })
                    .collect_view()}
            </ul>
        </div>
    }
}

#[component]
fn Box(node: Node, place: usize, width: f64, height: f64) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let Node { what, x, y } = node;
    let label = demo.stage.with_untracked(|stage| {
        let agents = stage.experiment.preset.pipeline.agents();
        match &what {
            What::Input => "input".into(),
            What::Agent(agent) => agents[*agent].name.clone(),
            What::More(more) => format!("and {} more", more.len()),
            What::Report => "report".into(),
        }
    });
    let kind = match what {
        What::Input | What::Report => "end",
        What::Agent(_) | What::More(_) => "agent",
    };
    let phase = Memo::new(move |_| {
        demo.frame.with(|frame| frame.timelines.get(place).map_or(Phase::Waiting, |t| box_phase(&what, t)))
    });
    view! {
        <li
            class="flow-node"
            data-kind=kind
            data-phase=move || phase.get().word()
            style:left=format!("{x:.1}px")
            style:top=format!("{y:.1}px")
            style:width=format!("{width:.1}px")
            style:height=format!("{height:.1}px")
        >
            <span class="mark" aria-hidden="true"></span>
            <span class="flow-label" title=label.clone()>{breakable(&label)}</span>
            <span class="visually-hidden">{move || format!(", {}", phase.get().word())}</span>
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
            let phases = || what.agents().iter().map(|agent| timeline.lanes()[*agent].phase());
            let any = |wanted| phases().find(|phase| *phase == wanted);
            (any(Phase::Failed).or_else(|| any(Phase::Running)).or_else(|| any(Phase::Queued)))
                .or_else(|| phases().min_by_key(|phase| *phase as u8))
                .unwrap_or(Phase::Waiting)
        }
    }
}

/// Lets a long name break where a word in it begins.
fn breakable(name: &str) -> String {
    let mut out = String::new();
    let mut last_lower = false;
    for letter in name.chars() {
        if last_lower && letter.is_uppercase() {
            out.push('\u{200b}');
        }
        out.push(letter);
        if letter == '_' {
            out.push('\u{200b}');
        }
        last_lower = letter.is_lowercase();
    }
    out
}
