//! The track of one schedule.

use leptos::prelude::*;

use super::all_lanes::AllLanes;
use super::axis::Grid;
use super::joins::Joins;
use super::lane::Lane;
use super::overlays::{GuessLine, LimitLines, Saved};
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SelectionState, SettingsState};
use crate::plan::Kind;
use crate::record::Overlay;
use crate::time::seconds;
use crate::timeline::{Phase, sentences};
use crate::words;

/// One schedule: its name and figure, and the lanes of its agents.
#[component]
pub fn Track(place: usize, kind: Kind) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let selection = expect_context::<SelectionState>();
    // Once for all lanes: it walks the whole pipeline, or runs it. In a sequential run every agent is
    // as critical as any other, and has no slack.
    let advice = Memo::new(move |_| {
        playhead.phases.track();
        let advice = |frame: &_| plan.with(|plan| plan.advice(frame, place));
        (kind == Kind::Parallel).then(|| playhead.frame.with_untracked(advice)).flatten()
    });
    // Another pipeline has other agents at the same places. Of the two tracks of a race one is enough
    // for assistive technology.
    let lanes = move || {
        let agents = selection.lanes_in_view().agents();
        plan.with(|plan| {
            let is_spoken = plan.shown() == place;
            agents.map(|agent| (agent, plan.name(agent), is_spoken)).collect::<Vec<_>>()
        })
    };
    let many = distinct(move || plan.with(|plan| plan.is_crowd().then(|| plan.agents())));
    let phase = move || {
        let phase = playhead.phases.with(|phases| phases.get(place).copied());
        phase.unwrap_or(Phase::Waiting).as_str()
    };
    view! {
        <div class="track" data-kind=kind.as_str() data-phase=phase>
            <TrackHead place kind />
            <div class="lanes" class:many=move || many.get().is_some()>
                <Grid />
                {move || many.get().map(|lanes| view! { <AllLanes place kind lanes /> })}
                <For each=lanes key=Clone::clone let((agent, name, is_spoken))>
                    <Lane place agent name is_spoken advice />
                </For>
                <Saved kind />
                {move || {
                    let shown = kind == Kind::Parallel && many.get().is_none();
                    shown.then(|| view! { <Joins place /> })
                }}
                <GuessLine kind />
                <LimitLines place />
            </div>
        </div>
    }
}

/// The name of a schedule, how it goes, and how long it took or is expected to take.
#[component]
fn TrackHead(place: usize, kind: Kind) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let PlayheadState { frame, overlay, .. } = expect_context();
    let settings = expect_context::<SettingsState>().current;
    let pointed = expect_context::<SelectionState>().pointed;
    // While the reader points at an agent, what there is to read of it on this track.
    let pointed = move || {
        let agent = pointed.with(|pointed| match pointed[..] {
            [agent] => Some(agent),
            _ => None,
        })?;
        plan.with(|plan| {
            frame.with(|frame| {
                let (timeline, is_expected) = plan.run_or_expected(frame, place)?;
                let times = sentences::times(timeline.lanes().get(agent)?);
                let name = plan.name(agent);
                Some(match is_expected {
                    true => words::race::times_expected(&name, &times),
                    false => words::race::times(&name, &times),
                })
            })
        })
    };
    let limited = move || {
        frame.with(|frame| {
            let (_, limit) = frame.timelines.get(place)?.limits().last()?;
            Some(words::page::at_most_at_once(limit.get()))
        })
    };
    let how = move || match (kind, settings.with(|settings| settings.limit)) {
        (Kind::Sequential, _) => "one after the other".to_owned(),
        (Kind::Parallel, None) => "whatever can start, starts".to_owned(),
        (Kind::Parallel, Some(limit)) => words::race::at_most_at_once(limit.get()),
    };
    let earlier = move || {
        let length = |overlay: &Overlay| Some(overlay.run(kind.as_str())?.makespan());
        let length = overlay.with(|overlay| overlay.as_ref().and_then(length));
        length.map(|length| words::race::earlier(&seconds(length)))
    };
    let figure = move || {
        plan.with(|plan| {
            frame.with(|frame| {
                let (timeline, _) = plan.run_or_expected(frame, place)?;
                Some(format!("{:.1}", timeline.makespan().as_secs_f64()))
            })
        })
    };
    view! {
        <div class="track-head">
            <h3>
                {match kind {
                    Kind::Sequential => "Sequential",
                    Kind::Parallel => "Parallel",
                }}
            </h3>
            <p class="how">{move || pointed().or_else(limited).unwrap_or_else(how)}</p>
            <p class="then">{earlier}</p>
            <p class="figure" aria-hidden="true">
                <span class="value">{figure}</span>
                <span class="unit">" s"</span>
            </p>
        </div>
    }
}
