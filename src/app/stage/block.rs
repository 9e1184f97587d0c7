//! A crowd: all agents of a run as one block, with a path for each state, and some of them in lanes below.

use leptos::html;
use leptos::prelude::*;
use web_sys::MouseEvent;

use super::axis::{Grid, percent, px};
use super::drawing::Drawing;
use super::lane::{Lane, LaneState};
use super::track::keyed;
use super::verdict::reveals_expected;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::plan::{Kind, Plan};
use crate::timeline::crowd::grouped;
use crate::timeline::gantt;
use crate::timeline::overview::{self, DRAWN};
use crate::timeline::stage::layout::BAR;
use crate::timeline::stage::{Label, LaneScene, Rect};
use crate::timeline::{Phase, Timeline};
use crate::words;

/// Between the middles of two lanes below the block, in CSS pixels.
const LANE: f64 = 26.0;

/// All agents of a run.
#[component]
pub fn Block(place: usize, kind: Kind) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let PlayheadState { frame, scale, overlay, .. } = expect_context();
    let selection = expect_context::<SelectionState>();
    let layout = expect_context::<Drawing>().layout;
    let reveals = reveals_expected();
    let room = move || {
        layout.with(|layout| match (kind, layout.parallel) {
            (Kind::Parallel, Some(track)) => (track.top, track.bottom - track.top),
            _ => (layout.sequential.map_or(0.0, |track| track.middle - BAR / 2.0), BAR),
        })
    };
    // A pixel for each row, at most. One agent at a time needs no more than one.
    let rows = if kind == Kind::Sequential { 1 } else { untrack(|| room().1) as usize };
    // The agent at the join has a bar of its own.
    let agents = move || match kind {
        Kind::Sequential => (0..plan.with(Plan::agents)).collect(),
        Kind::Parallel => plan.with(|plan| plan.pipeline().branches()),
    };
    let shapes = distinct(move || {
        let agents = agents();
        frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            Some(overview::paths_of(timeline, &agents, frame.scale(), rows))
        })
    });
    let shapes = DRAWN.into_iter().enumerate().map(|(at, phase)| {
        let path = move || shapes.with(|shapes| Some(shapes.as_ref()?.get(at)?.clone()));
        view! { <path class=format!("many-{}", phase.as_str()) d=move || path().unwrap_or_default() /> }
    });
    let done = DRAWN.iter().position(|phase| *phase == Phase::Done).unwrap_or_default();
    let whole = move |timeline: &Timeline| {
        let paths = overview::paths_of(timeline, &agents(), scale.get(), rows);
        paths.into_iter().nth(done).unwrap_or_default()
    };
    let expected = move || {
        let is_shown = reveals.get() || kind == Kind::Sequential;
        plan.with(|plan| {
            Some(whole(plan.lineup.get(place)?.expected.as_deref().filter(|_| is_shown)?))
        })
    };
    // The run that is drawn in full ends beyond the axis.
    let goes_on = distinct(move || {
        plan.with(|plan| {
            frame.with(|frame| {
                let (run, _) = plan.run_or_expected(frame, place)?;
                Some(scale.get().x(run.run().end()?) > 1.0)
            })
        })
    });
    let earlier =
        move || overlay.with(|overlay| Some(whole(overlay.as_ref()?.run(kind.as_str())?)));
    let count = move || {
        frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let has_begun = timeline.run().started.is_some();
            let lanes = timeline.lanes().iter().filter(|_| has_begun);
            let done = lanes.filter(|lane| lane.phase() == Phase::Done).count();
            let all = timeline.lanes().len();
            let [done, all, out] = [done, all, timeline.in_flight()].map(grouped);
            Some(words::race::many_done(&done, &all, &out))
        })
    };
    let block = NodeRef::<html::Div>::new();
    // To the agent that is drawn where the pointer is.
    let look = move |event: MouseEvent| {
        let Some(plot) = block.get().map(|block| block.get_bounding_client_rect()) else { return };
        let share = (f64::from(event.client_y()) - plot.top()) / plot.height().max(1.0);
        let agents = plan.with(Plan::agents);
        selection.look_at((share.clamp(0.0, 1.0) * agents as f64) as usize);
    };
    let viewbox = move || format!("0 0 1 {}", overview::rows(agents().len(), rows));
    view! {
        <div class="plane blocks">
            <div
                node_ref=block
                class="crowd-block"
                class:on=move || goes_on.get() == Some(true)
                title=count
                style:top=move || px(room().0)
                style:height=move || px(room().1)
                on:click=look
            >
                <svg viewBox=viewbox preserveAspectRatio="none" aria-hidden="true">
                    <path class="many-earlier" d=move || earlier().unwrap_or_default() />
                    <path class="many-ghost" d=move || expected().unwrap_or_default() />
                    {shapes.collect_view()}
                </svg>
                {(kind == Kind::Parallel).then(|| view! { <InView place /> })}
            </div>
        </div>
    }
}

/// Which part of the block is in lanes below it: around these agents, as far as they are drawn.
#[component]
fn InView(place: usize) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    let selection = expect_context::<SelectionState>();
    let end = distinct(move || {
        let agents = selection.lanes_in_view().agents();
        plan.with(|plan| {
            frame.with(|frame| {
                let expected = plan.lineup.get(place).and_then(|own| own.expected.as_deref());
                let runs = frame.timelines.get(place).into_iter().chain(expected);
                let bar = |run, agent| gantt::bar(run, agent, frame.scale())?.run;
                let bars = runs.flat_map(|run| agents.clone().filter_map(move |at| bar(run, at)));
                bars.map(|bar| bar.x + bar.width).fold(0.0, f64::max)
            })
        })
    });
    let share = move |of: fn(std::ops::Range<usize>) -> usize| {
        let page = selection.lanes_in_view();
        percent(of(page.agents()) as f64 / page.all().max(1) as f64)
    };
    view! {
        <div
            class="bracket"
            style:top=move || share(|agents| agents.start)
            style:height=move || share(|agents| agents.len())
            style:width=move || format!("calc({} + 0.8rem)", percent(end.get()))
        ></div>
    }
}

/// The agents of a crowd that the reader looks at, a lane each.
#[component]
pub fn LanesInView() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let selection = expect_context::<SelectionState>();
    let layout = expect_context::<Drawing>().layout;
    let reveals = reveals_expected();
    let place = plan.with_untracked(Plan::shown);
    let agents = keyed(move || selection.lanes_in_view().agents().collect());
    let height = move || px(selection.lanes_in_view().agents().len() as f64 * LANE + 8.0);
    // Where its bar is: below the others of the page, its name in the gutter.
    let lane_of = move |agent: usize| {
        let reveals = reveals.get();
        let row = agent.saturating_sub(selection.lanes_in_view().agents().start);
        let y = (row as f64 + 0.5) * LANE + 4.0;
        plan.with(|plan| {
            // It may be asked for once more when the pipeline is a smaller one already.
            let title = plan.agent(agent)?.title().to_owned();
            playhead.frame.with(|frame| {
                let planned = plan.lineup.get(place)?.expected.as_deref();
                let expected = planned.and_then(|run| gantt::bar(run, agent, frame.scale()));
                let is_secret = !reveals && !plan.pipeline().needs(agent).is_empty();
                let expected = expected.filter(|_| !is_secret);
                let handle = expected.as_ref().and_then(|bar| bar.now);
                let run = frame.timelines.get(place);
                let bar = run.and_then(|run| gantt::bar(run, agent, frame.scale()));
                let lane = LaneScene {
                    agent,
                    y,
                    bar,
                    expected: expected.and_then(|bar| bar.run),
                    handle: handle.map(|at| (at.x + at.width).min(1.0)),
                    done: 1.0,
                    ..LaneScene::default()
                };
                let width = layout.with(|layout| layout.left - 8.0);
                let label = Label {
                    agent,
                    place: Rect { x: 0.0, y: y - BAR / 2.0, width, height: BAR },
                    name: title,
                    length: String::new(),
                    note: String::new(),
                };
                Some(LaneState { lane, label: Some(label) })
            })
        })
        .unwrap_or_default()
    };
    view! {
        <div class="tracks in-view" style:height=height>
            <Grid />
            <div class="plane lanes">
                <For each=agents key=Clone::clone let((agent, name, title))>
                    {
                        let lane = distinct(move || lane_of(agent));
                        view! { <Lane place agent name title lane /> }
                    }
                </For>
            </div>
        </div>
    }
}
