//! One agent in a track.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::axis::percent;
use super::handle::Handle;
use crate::advice::Advice;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SelectionState, SettingsState};
use crate::timeline::gantt::{self, Bar, FailedTry, Stretch};
use crate::timeline::lane_view::{LaneSources, LaneView};
use crate::timeline::playback::Command;

/// One agent in a track: its bar, what was expected of it, and what stands beside it.
#[component]
pub fn Lane(
    place: usize,
    agent: usize,
    name: String,
    /// Whether assistive technology meets its handle.
    is_spoken: bool,
    advice: Memo<Option<Advice>>,
) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let settings = expect_context::<SettingsState>();
    let selection = expect_context::<SelectionState>();
    let lane = distinct(move || {
        let insight = advice.with(|advice| Some(advice.as_ref()?.insight(agent)));
        plan.with(|plan| {
            playhead.frame.with(|frame| {
                let planned = plan.lineup.get(place);
                let scale = frame.scale();
                let earlier = playhead.overlay.with(|overlay| {
                    let overlay = overlay.as_ref()?;
                    let agent = overlay.place(&plan.agent(agent)?.name)?;
                    gantt::bar(overlay.run(planned?.kind.as_str())?, agent, scale)?.run
                });
                let sources = LaneSources {
                    run: frame.timelines.get(place),
                    expected: planned.and_then(|planned| planned.expected.as_deref()),
                    earlier,
                    insight: insight.unwrap_or_default(),
                    scale,
                };
                LaneView::of(agent, sources)
            })
        })
    });
    // To whichever end of the bar is nearer to the pointer.
    let jump = move |event: MouseEvent| {
        let ends = playhead.frame.with_untracked(|frame| {
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
    view! {
        <div
            class="lane"
            class:pointed=move || selection.points_at(agent)
            class:tried=move || lane.with(LaneView::is_tried)
            class:critical=move || lane.with(|lane| lane.is_critical)
            data-phase=move || lane.with(|lane| lane.phase().as_str())
            on:pointerenter=move |_| selection.pointed.set(vec![agent])
            on:pointerleave=move |_| selection.pointed.set(Vec::new())
        >
            <span class="lane-name" title=own_name.clone() aria-hidden="true">
                {name}
            </span>
            <div class="lane-plot" on:click=jump>
                // All that moves with a frame, in one go: a lane is woken once.
                {move || lane.with(|lane| view! { <Plot lane=lane.clone() /> })}
                <Show when=move || !settings.is_live()>
                    <Handle place agent name=own_name.clone() lane is_spoken />
                </Show>
            </div>
        </div>
    }
}

/// What lies on a lane, from the back to the front.
#[component]
fn Plot(lane: LaneView) -> impl IntoView {
    let LaneView { bar, expected, earlier, slack, label, .. } = lane;
    let of = |part: fn(&Bar) -> Option<Stretch>| bar.as_ref().and_then(part);
    let (queue, now, silence, orphaned) =
        (of(|bar| bar.queue), of(|bar| bar.now), of(|bar| bar.silence), of(|bar| bar.orphaned));
    let (failed, thinking) = bar.map(|bar| (bar.failed, bar.thinking)).unwrap_or_default();
    let failed = failed.into_iter().map(|FailedTry { run, wait, queue }| {
        view! {
            <Block class="retry-wait" at=Some(wait) />
            <Block class="queue" at=queue />
            <Block class="failed-try" at=Some(run) />
        }
    });
    let thinking = thinking.into_iter().map(|at| view! { <Block class="thinking" at=Some(at) /> });
    view! {
        <Block class="ghost" at=expected />
        <Block class="queue" at=queue />
        {failed.collect_view()}
        <Block class="bar" at=now />
        <Block class="silence" at=silence />
        {thinking.collect_view()}
        <Block class="orphan" at=orphaned />
        <Block class="slack" at=slack />
        <Block class="earlier" at=earlier />
        <span
            class="lane-length"
            aria-hidden="true"
            data-place=label.side.as_str()
            style:left=percent(label.x)
        >
            {label.length}
            <b>{label.standing}</b>
            <i>{label.to_spare}</i>
        </span>
    }
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
