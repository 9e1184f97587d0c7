//! Where branches meet in a track.

use leptos::prelude::*;

use super::axis::percent;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState};
use crate::timeline::joins::{self, Join};

/// Where branches meet in a track: a line at the moment at which the synthesis starts, a dot for each
/// text on its way there, and a note at the last one to arrive.
#[component]
pub fn Joins(place: usize) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    let joins = distinct(move || {
        plan.with(|plan| {
            frame.with(|frame| {
                let (timeline, _) = plan.run_or_expected(frame, place)?;
                Some(joins::joins(plan.pipeline(), timeline, frame.scale()))
            })
        })
    });
    let drawn = move || {
        let lanes = plan.with_untracked(|plan| plan.agents());
        let joins = joins.get().unwrap_or_default().into_iter();
        joins.map(|join| view! { <JoinMark join lanes /> }).collect_view()
    };
    view! { <div class="grid joins" aria-hidden="true">{drawn}</div> }
}

#[component]
fn JoinMark(join: Join, lanes: usize) -> impl IntoView {
    // Heights in lanes from the top of the first: a text leaves its branch at the branch's lower
    // edge, and arrives in the middle of the lane that it is read in.
    let to = join.agent as f64 + 0.5;
    let leave = |branch: usize| branch as f64 + if branch < join.agent { 1.0 } else { 0.0 };
    let height = |lane: f64| percent(lane / lanes as f64);
    let ends = join.branches.iter().map(|&branch| leave(branch)).chain([to]);
    let (top, bottom) = ends.fold((to, to), |(top, bottom), y| (top.min(y), bottom.max(y)));
    let texts = join.under_way.map(|gone| {
        let texts = join.branches.iter().map(|&branch| {
            let y = leave(branch) + (to - leave(branch)) * gone;
            view! { <span class="join-text" style:top=height(y)></span> }
        });
        texts.collect_view()
    });
    // After the straggler's own length, where the axis has room for it.
    let note = (join.x <= 0.6).then(|| {
        let top = height(join.straggler as f64 + 0.5);
        view! { <span class="join-note" style:top=top>"the straggler"</span> }
    });
    // How bright the line is: it flares when the texts arrive and fades to a thread.
    let glow = format!("{:.3}", join.under_way.map_or(0.0, |gone| 1.0 - gone));
    view! {
        <div class="join" style:left=percent(join.x) style=("--glow", glow)>
            <span
                class="join-line"
                style:top=height(top)
                style:height=height(bottom - top)
            ></span>
            {texts}
            {note}
        </div>
    }
}
