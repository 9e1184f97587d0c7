//! One agent's lane.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::axis::{percent, px};
use super::drawing::Drawing;
use super::handle::Handle;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SelectionState, SettingsState};
use crate::timeline::gantt::{self, Bar, FailedTry, SecondCall, Stretch};
use crate::timeline::playback::Command;
use crate::timeline::stage::layout::BAR;
use crate::timeline::stage::{Label, LaneScene};
use crate::timeline::{Phase, sentences};

/// What a lane shows. Equal ones look the same, so that a lane is drawn only when it has changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneState {
    /// Its marks.
    pub lane: LaneScene,
    /// What stands above its bar.
    pub label: Option<Label>,
}

/// Below this length, in CSS pixels, a bar has no room for the mark of its end.
const ROOM_FOR_MARK: f64 = 20.0;
const TICK: &str = "M4 8.5 7 11.5 12 5";
const CROSS: &str = "M4.5 4.5l7 7M11.5 4.5l-7 7";

/// One agent's lane: its bar, what was expected of it, and what stands above it.
#[component]
pub fn Lane(
    place: usize,
    agent: usize,
    /// Its name in code.
    name: String,
    /// What people read.
    title: String,
    lane: ReadSignal<LaneState>,
) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let settings = expect_context::<SettingsState>();
    let selection = expect_context::<SelectionState>();
    let phase = move || {
        let phase = |state: &LaneState| state.lane.bar.as_ref().map(|bar| bar.phase);
        lane.with(phase).unwrap_or(Phase::Waiting).as_str()
    };
    let earlier = distinct(move || {
        playhead.overlay(|overlay| {
            plan.with(|plan| {
                let agent = overlay.place(&plan.agent(agent)?.name)?;
                let run = overlay.run(plan.lineup.get(place)?.kind.as_str())?;
                gantt::bar(run, agent, playhead.scale.get())?.run
            })
        })
    });
    // While the reader points at it, what there is to read of it.
    let times = move || {
        let read = || {
            plan.with(|plan| {
                playhead.frame.with(|frame| {
                    let (run, _) = plan.run_or_expected(frame, place)?;
                    Some(format!("{title}: {}", sentences::times(run.lanes().get(agent)?)))
                })
            })
        };
        selection.points_at(agent).then(read).flatten()
    };
    // To the end of the bar that is nearer to the pointer.
    let jump = move |event: MouseEvent| {
        let ends = playhead.frame.with(|frame| {
            let lane = frame.timelines.get(place)?.lanes().get(agent)?;
            Some((lane.started?, lane.end()?))
        });
        let hit = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        // A pale part lies over the bar; the handle at its end has a life of its own.
        let bar = hit.filter(|hit| hit.matches(".bar, .silence").unwrap_or(false));
        let bar = bar.and_then(|hit| hit.parent_element()?.query_selector(".bar").ok()?);
        if let (Some((start, end)), Some(bar)) = (ends, bar) {
            let bar = bar.get_bounding_client_rect();
            let later = f64::from(event.client_x()) > bar.left() + bar.width() / 2.0;
            playhead.command(Command::Seek(if later { end } else { start }));
        }
    };
    let own_name = name.clone();
    let handle = move || lane.with(|state| state.lane.handle);
    view! {
        <div
            class="lane"
            class:pointed=move || selection.points_at(agent)
            class:tried=move || lane.with(is_tried)
            data-phase=phase
            data-agent=agent + 1
            data-name=own_name
            title=times
            style:top=move || px(lane.with(|state| state.lane.y) - BAR / 2.0)
            on:pointerenter=move |_| selection.pointed.set(vec![agent])
            on:pointerleave=move |_| selection.pointed.set(Vec::new())
        >
            <div class="lane-plot" on:click=jump>
                // All that moves with a frame, in one go: a lane is woken once.
                {move || lane.with(|state| view! { <Marks state=state.clone() /> })}
                <Mark class="earlier" at=earlier />
                <Show when=move || !settings.is_live() && handle().is_some()>
                    <Handle place agent name=name.clone() at=handle />
                </Show>
            </div>
        </div>
    }
}

fn is_tried(state: &LaneState) -> bool {
    state.lane.bar.as_ref().is_some_and(|bar| !bar.failed.is_empty())
}

/// What lies on a lane, from the back to the front.
#[component]
fn Marks(state: LaneState) -> impl IntoView {
    let layout = expect_context::<Drawing>().layout;
    let LaneState { lane, label } = state;
    let LaneScene { y, bar, expected, blocked, wait, done, .. } = lane;
    let of = |part: fn(&Bar) -> Option<Stretch>| bar.as_ref().and_then(part);
    let (queue, now, silence, orphaned) =
        (of(|bar| bar.queue), of(|bar| bar.now), of(|bar| bar.silence), of(|bar| bar.orphaned));
    let phase = bar.as_ref().map_or(Phase::Waiting, |bar| bar.phase);
    let second = bar.as_ref().and_then(|bar| bar.second);
    let (failed, thinking) = bar.map(|bar| (bar.failed, bar.thinking)).unwrap_or_default();
    let failed = failed.into_iter().map(|FailedTry { run, wait, queue }| {
        view! {
            <Block class="retry-wait" at=Some(wait) />
            <Block class="queue" at=queue />
            <Block class="failed-try" at=Some(run) />
        }
    });
    let thinking = thinking.into_iter().map(|at| view! { <Block class="thinking" at=Some(at) /> });
    let blocked = blocked.into_iter().map(|at| view! { <Block class="held" at=Some(at) /> });
    let (left, length) = layout
        .with_untracked(|layout| (layout.left, now.map_or(0.0, |now| layout.length(now.width))));
    let second_won = second.is_some_and(|second| second.phase == Phase::Done);
    let is_halved = second.is_some();
    let second = second.map(|SecondCall { run, silence, phase }| {
        view! {
            <div class="second-call" data-phase=phase.as_str() style:left=percent(run.x) style:width=percent(run.width)></div>
            <Block class="second-silence" at=silence.filter(|_| phase != Phase::Cancelled) />
        }
    });
    let mark = match phase {
        _ if length < ROOM_FOR_MARK => None,
        Phase::Done => Some(TICK),
        Phase::Failed | Phase::FellBack => Some(CROSS),
        _ => None,
    };
    let mark = mark.zip(now).map(|(d, now)| {
        view! {
            <svg
                class="end-mark"
                class:half=is_halved
                class:second=second_won
                viewBox="0 0 16 16"
                aria-hidden="true"
                style:left=percent(now.x + now.width)
                style:opacity=format!("{done:.2}")
            >
                <path d=d></path>
            </svg>
        }
    });
    let label = label.map(|label| {
        view! {
            <span
                class="label"
                aria-hidden="true"
                style:left=px(label.place.x - left)
                style:top=px(label.place.y - y + BAR / 2.0)
            >
                <b>{label.name}</b>
                <span class="part">{label.length}</span>
                <span class="part">{label.note}</span>
            </span>
        }
    });
    view! {
        <Block class="ghost" at=expected />
        <Block class="queue" at=queue />
        <Block class="wait" at=wait />
        {failed.collect_view()}
        <Block class=if second_won { "bar lost" } else { "bar" } at=now />
        <Block class=if second_won { "silence lost" } else { "silence" } at=silence />
        {thinking.collect_view()}
        {blocked.collect_view()}
        <Block class="orphan" at=orphaned />
        {second}
        {mark}
        {label}
    }
}

/// A stretch of a lane that is there or not.
#[component]
fn Mark(class: &'static str, at: ReadSignal<Option<Stretch>>) -> impl IntoView {
    move || view! { <Block class at=at.get() /> }
}

/// A stretch of a lane.
#[component]
fn Block(class: &'static str, at: Option<Stretch>) -> impl IntoView {
    let (x, width) = at.map_or((0.0, 0.0), |at| (at.x, at.width));
    view! {
        <div
            class=class
            class:none=at.is_none()
            style:left=percent(x)
            style:width=percent(width)
        ></div>
    }
}
