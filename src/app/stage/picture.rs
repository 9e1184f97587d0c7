//! The picture: both runs on one axis. Where things are follows from the geometry's layout, and what is
//! there from its scene, which is worked out once a frame.

use leptos::html;
use leptos::prelude::*;

use super::axis::{Axis, Grid, Playhead, percent, px};
use super::block::{Block, LanesInView};
use super::drawing::Drawing;
use super::fan_out::FanOut;
use super::guess::{GuessFlag, GuessStep};
use super::joins::{JoinMark, TokenMark};
use super::limits::LimitLines;
use super::report_card::ReportCard;
use super::track::{Lanes, Segments, TrackHead};
use super::verdict::reveals_expected;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SettingsState};
use crate::plan::{Kind, Look};
use crate::timeline::stage::{Layout, Pace, Scene};
use crate::web::observe::Width;
use crate::web::page;

/// The width that is laid out for until the real one is known, in CSS pixels.
const USUAL_WIDTH: f64 = 720.0;

/// See the module.
#[component]
pub fn Picture(guess: Memo<GuessStep>) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let width = RwSignal::new(USUAL_WIDTH);
    let room = NodeRef::<html::Div>::new();
    let watch = StoredValue::new_local(None);
    Effect::new(move |_| {
        if let Some(room) = room.get() {
            width.set(room.get_bounding_client_rect().width());
            watch.set_value(Width::of(&room, move |now| {
                if now > 0.0 && (now - width.get_untracked()).abs() > 0.5 {
                    width.set(now);
                }
            }));
        }
    });
    let layout = distinct(move || {
        let width = width.get();
        plan.structural(|plan| plan.layout(width))
    });
    let drawing = Drawing { layout, scene: follow_scene(layout) };
    provide_context(drawing);
    let is_crowd = distinct(move || layout.with(|layout| layout.is_crowd));
    let height = move || px(layout.with(|layout| layout.height));
    let gutter = move || px(layout.with(|layout| layout.left));
    let after = move || px(layout.with(|layout| layout.width - layout.right));
    let kinds = move || {
        let kinds = plan.structure.with(|structure| structure.kinds.clone());
        kinds.into_iter().enumerate().collect::<Vec<_>>()
    };
    view! {
        <div
            node_ref=room
            id="stage-picture"
            class="stage-picture"
            class:narrow=move || layout.with(|layout| layout.is_narrow)
            style=("--gutter", gutter)
            style=("--after", after)
        >
            <div class="tracks" style:height=height>
                <Grid />
                <Fan />
                <For each=kinds key=|track: &(usize, _)| *track let((place, kind))>
                    <div class="track" data-kind=kind.as_str()>
                        <TrackHead place kind />
                        <Show
                            when=move || is_crowd.get()
                            fallback=move || match kind {
                                Kind::Sequential => view! { <Segments place /> }.into_any(),
                                Kind::Parallel => ().into_any(),
                            }
                        >
                            <Block place kind />
                        </Show>
                        {(kind == Kind::Parallel).then(|| view! { <Lanes place /> <Joins /> })}
                    </div>
                </For>
                <LimitLines />
                <Saved />
                <ReportCard />
                <Axis>
                    <GuessFlag step=guess />
                </Axis>
                <Playhead />
            </div>
            <Show when=move || is_crowd.get()>
                <LanesInView />
            </Show>
        </div>
    }
}

/// The scene at the playhead.
fn follow_scene(layout: ReadSignal<Layout>) -> ReadSignal<Scene> {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let settings = expect_context::<SettingsState>().current;
    let speed = distinct(move || settings.with(|settings| settings.speed));
    let reveals = reveals_expected();
    distinct(move || {
        let shows_expected = reveals.get();
        let cursor = playhead.playback.get().cursor(playhead.edge.get());
        let pace = Pace { speed: speed.get(), is_reduced: page::wants_less_motion() };
        let look = Look { cursor, pace, shows_expected };
        layout.with(|layout| {
            plan.with(|plan| playhead.frame.with(|frame| plan.scene(frame, layout, look)))
        })
    })
}

#[component]
fn Fan() -> impl IntoView {
    let Drawing { layout, scene } = expect_context();
    let grown = distinct(move || scene.with(|scene| scene.fan_out));
    view! { <FanOut layout grown /> }
}

/// Where branches meet, and what is on its way there.
#[component]
fn Joins() -> impl IntoView {
    let Drawing { layout, scene } = expect_context();
    let shown = distinct(move || scene.with(|scene| (scene.joins.clone(), scene.tokens.clone())));
    let marks = move || {
        let (joins, tokens) = shown.get();
        let bars = layout.with(|layout| (!layout.is_crowd).then(|| layout.bars.clone()));
        let joins = joins
            .into_iter()
            .map(|join| view! { <JoinMark join bars=bars.clone() /> })
            .collect_view();
        let tokens = tokens.into_iter().map(|token| view! { <TokenMark token /> }).collect_view();
        (joins, tokens)
    };
    view! { <div class="plane joins" aria-hidden="true">{marks}</div> }
}

/// The bracket over the time saved.
#[component]
fn Saved() -> impl IntoView {
    let Drawing { layout, scene } = expect_context();
    let saved = distinct(move || scene.with(|scene| scene.saved.clone()));
    let view = move || {
        let saved = saved.get()?;
        let (left, top) = layout.with(|layout| (layout.left, layout.bracket));
        Some(view! {
            <div
                class="saved"
                class:on=saved.goes_on
                style:left=percent(saved.at.x)
                style:width=percent(saved.at.width * saved.shown)
                style:top=px(top)
            ></div>
            <span
                class="saved-label"
                style:left=px(saved.place.x - left)
                style:top=px(saved.place.y)
                style:width=px(saved.place.width)
                style:opacity=format!("{:.2}", saved.shown)
            >
                {saved.label}
            </span>
        })
    };
    view! { <div class="plane" aria-hidden="true">{view}</div> }
}
