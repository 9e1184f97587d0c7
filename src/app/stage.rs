//! The race: the schedules of one pipeline, on one clock and one axis, with what starts and moves
//! it and what comes of it.

mod all_lanes;
mod axis;
mod break_a_branch;
mod crowd_tools;
mod guess;
mod handle;
mod joins;
mod lane;
mod legend;
mod overlays;
mod run_again;
mod status;
mod track;
mod transport;
mod verdict;

use leptos::prelude::*;

pub use break_a_branch::BreakABranch;
pub use crowd_tools::CrowdTools;
pub use status::Status;
pub use transport::Transport;

use self::axis::Axis;
use self::guess::{Guess, GuessStep};
use self::legend::Legend;
use self::track::Track;
use self::verdict::Verdict;
use super::lazy::Lazy;
use super::state::{LazySection, PlanState};

/// The race.
#[component]
pub fn Stage() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let longest_name = move || {
        plan.with(|plan| {
            let names = plan.pipeline().agents().iter().map(|agent| agent.name.chars().count());
            names.max().unwrap_or_default().to_string()
        })
    };
    let kinds = move || {
        plan.with(|plan| {
            plan.lineup.iter().map(|planned| planned.kind).enumerate().collect::<Vec<_>>()
        })
    };
    let guess = GuessStep::follow();
    view! {
        <section
            class="race panel"
            class:guessing=move || guess.get() == GuessStep::Asked
            aria-labelledby="race-title"
        >
            <h2 id="race-title" class="visually-hidden">"Race"</h2>
            <Transport />
            <Guess step=guess />
            <Lazy section=LazySection::Crowd />
            <div class="tracks" style=("--longest-name", longest_name)>
                <For each=kinds key=|track: &(usize, _)| *track let((place, kind))>
                    <Track place kind />
                </For>
                <Axis />
            </div>
            <Legend />
            <Verdict />
        </section>
    }
}
