//! The tracks of both schedules.

use leptos::prelude::*;

use super::axis::px;
use super::drawing::Drawing;
use super::lane::{Lane, LaneState};
use super::verdict::reveals_expected;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SettingsState};
use crate::plan::Kind;
use crate::record::Overlay;
use crate::time::seconds;
use crate::timeline::stage::LaneScene;
use crate::words;

/// The name of a schedule, and how long it took or is expected to take.
#[component]
pub fn TrackHead(place: usize, kind: Kind) -> impl IntoView {
    let layout = expect_context::<Drawing>().layout;
    let plan = expect_context::<PlanState>().current;
    let PlayheadState { frame, overlay, .. } = expect_context();
    let settings = expect_context::<SettingsState>().current;
    let reveals = reveals_expected();
    let how = move || match (kind, settings.with(|settings| settings.limit)) {
        (Kind::Sequential, _) => "one at a time".to_owned(),
        (Kind::Parallel, None) => "each agent starts as soon as it can".to_owned(),
        (Kind::Parallel, Some(limit)) => words::race::at_most_at_once(limit.get()),
    };
    let earlier = move || {
        let length = |overlay: &Overlay| Some(overlay.run(kind.as_str())?.makespan());
        let length = overlay.with(|overlay| overlay.as_ref().and_then(length));
        length.map(|length| words::race::earlier(&seconds(length)))
    };
    let figure = distinct(move || {
        let reveals = reveals.get();
        plan.with(|plan| frame.with(|frame| plan.total(frame, place, reveals)))
    });
    let at = move || {
        let track = layout.with(|layout| match kind {
            Kind::Sequential => layout.sequential,
            Kind::Parallel => layout.parallel,
        });
        track.map_or((0.0, 0.0), |track| (track.heading.x, track.heading.y - BASELINE))
    };
    view! {
        <div
            class="track-head"
            style:left=move || px(at().0)
            style:top=move || px(at().1)
        >
            <h3 title=how>
                {match kind {
                    Kind::Sequential => "Sequential",
                    Kind::Parallel => "Parallel",
                }}
            </h3>
            <span class="figure" aria-hidden="true">
                {figure}
            </span>
            <span class="then">{earlier}</span>
        </div>
    }
}

/// From the top of a heading to its baseline, in CSS pixels.
const BASELINE: f64 = 14.0;

/// The parallel run's lanes. Of a crowd only the agents at the join have one.
#[component]
pub fn Lanes(place: usize) -> impl IntoView {
    let scene = expect_context::<Drawing>().scene;
    let agents = distinct(move || {
        scene.with(|scene| scene.lanes.iter().map(|lane| lane.agent).collect::<Vec<_>>())
    });
    view! {
        <div class="plane lanes">
            <For each=keyed(move || agents.get()) key=Clone::clone let((agent, name, title))>
                {
                    let lane = distinct(move || {
                        scene
                            .with(|scene| LaneState {
                                lane: (scene.lanes.iter())
                                    .find(|lane| lane.agent == agent)
                                    .cloned()
                                    .unwrap_or_default(),
                                label: (scene.labels.iter())
                                    .find(|label| label.agent == agent)
                                    .cloned(),
                            })
                    });
                    view! { <Lane place agent name title lane /> }
                }
            </For>
        </div>
    }
}

/// The sequential run: its agents one after the other in one row.
#[component]
pub fn Segments(place: usize) -> impl IntoView {
    let Drawing { layout, scene } = expect_context();
    let agents = distinct(move || {
        scene.with(|scene| scene.segments.iter().map(|segment| segment.agent).collect::<Vec<_>>())
    });
    // Handles stand on the parallel run, where there is one: one for each agent is enough.
    let is_alone = distinct(move || layout.with(|layout| layout.parallel.is_none()));
    view! {
        <div class="plane lanes">
            <For each=keyed(move || agents.get()) key=Clone::clone let((agent, name, title))>
                {
                    let lane = distinct(move || {
                        let y = layout
                            .with(|layout| layout.sequential.map(|track| track.middle))
                            .unwrap_or_default();
                        let is_alone = is_alone.get();
                        scene
                            .with(|scene| {
                                let segment = scene.segments.iter().find(|own| own.agent == agent);
                                let segment = segment.cloned().unwrap_or_default();
                                LaneState {
                                    lane: LaneScene {
                                        agent,
                                        y,
                                        bar: segment.bar,
                                        expected: segment.expected,
                                        handle: segment.handle.filter(|_| is_alone),
                                        done: 1.0,
                                        ..LaneScene::default()
                                    },
                                    label: (scene.segment_labels.iter())
                                        .find(|label| label.agent == agent)
                                        .cloned(),
                                }
                            })
                    });
                    view! { <Lane place agent name title lane /> }
                }
            </For>
        </div>
    }
}

/// Agents with their names: another pipeline has other agents at the same places.
pub fn keyed(agents: impl Fn() -> Vec<usize>) -> impl Fn() -> Vec<(usize, String, String)> {
    let plan = expect_context::<PlanState>().current;
    move || {
        let agents = agents();
        plan.with(|plan| {
            let named = agents.into_iter().filter_map(|agent| {
                let own = plan.agent(agent)?;
                Some((agent, own.name.clone(), own.title().to_owned()))
            });
            named.collect()
        })
    }
}
