//! What the reader looks at: agents pointed at, the page of a crowd, the zoom of the axis, the guess.

use std::time::Duration;

use leptos::prelude::*;

use super::plan::PlanState;
use crate::time::Instant;
use crate::timeline::crowd::{Page, find};
use crate::timeline::scale::TimeScale;

/// Lanes in view below the picture of all of them.
pub const LANES: usize = 8;

/// How long a reader's hand has to rest before every view follows.
const AT_REST: Duration = Duration::from_millis(120);

/// See the module.
#[derive(Clone, Copy)]
pub struct SelectionState {
    plan: PlanState,
    /// The agents that the reader points at, in whatever view.
    pub pointed: RwSignal<Vec<usize>>,
    /// What the reader guesses the parallel run will take; while it is set, what is expected stays
    /// hidden until the run is over.
    pub guess: RwSignal<Option<Duration>>,
    /// Whether the stage shows how the runs are expected to end before they have run.
    pub reveals_expected: RwSignal<bool>,
    /// The first agent of a crowd that is in view.
    first: RwSignal<usize>,
    /// The same once it has been at rest for a moment: for views that take long to draw.
    settled: RwSignal<usize>,
    /// How many steps into the axis.
    zoom: RwSignal<u32>,
    /// The agents whose names hold what was searched for, and which of them is looked at.
    pub found: RwSignal<(Vec<usize>, usize)>,
}

impl SelectionState {
    /// The beginning of the list, and all of the axis.
    pub fn new(plan: PlanState) -> Self {
        Self {
            plan,
            pointed: RwSignal::new(Vec::new()),
            guess: RwSignal::new(None),
            reveals_expected: RwSignal::new(false),
            first: RwSignal::new(0),
            settled: RwSignal::new(0),
            zoom: RwSignal::new(0),
            found: RwSignal::new((Vec::new(), 0)),
        }
    }

    /// Whether the reader points at that agent; follows the pointer.
    pub fn points_at(self, agent: usize) -> bool {
        self.pointed.with(|pointed| pointed.contains(&agent))
    }

    /// The agents that a view shows: all where they are few, otherwise `size` of them.
    pub fn page(self, size: usize) -> Page {
        self.page_from(self.settled, size)
    }

    /// The agents whose lanes are shown.
    pub fn lanes_in_view(self) -> Page {
        self.page_from(self.first, LANES)
    }

    fn page_from(self, first: RwSignal<usize>, size: usize) -> Page {
        let (all, is_crowd) = self.plan.structural(|plan| (plan.agents(), plan.is_crowd()));
        Page::new(first.get(), if is_crowd { size } else { all }, all)
    }

    /// Brings an agent of a crowd into view.
    pub fn look_at(self, agent: usize) {
        self.first.set(agent);
        let follow = move || {
            if self.first.get() == agent {
                self.settled.set(agent);
            }
        };
        set_timeout(follow, AT_REST);
    }

    /// As much of an axis of that length as is looked at; follows the zoom.
    pub fn scale(self, whole: Duration, playhead: Instant) -> TimeScale {
        match self.zoom.get() {
            0 => TimeScale::up_to(whole),
            zoom => TimeScale::around(playhead, whole, zoom),
        }
    }

    /// Goes that many steps into the axis, of which `whole` is the length; negative: out of it.
    pub fn zoom(self, steps: i32, whole: Duration) {
        let deepest = TimeScale::deepest(whole);
        self.zoom.update(|zoom| *zoom = zoom.saturating_add_signed(steps).min(deepest));
    }

    /// Looks for agents by a part of their names.
    pub fn search(self, typed: &str) {
        let found = self.plan.current.with(|plan| {
            find(plan.pipeline().agents().iter().map(|agent| agent.name.as_str()), typed)
        });
        self.show_found(found, 0);
    }

    /// Goes to the next agent that was found, or the one before.
    pub fn next_found(self, forward: bool) {
        let (found, which) = self.found.get();
        if !found.is_empty() {
            let step = if forward { 1 } else { found.len() - 1 };
            let which = (which + step) % found.len();
            self.show_found(found, which);
        }
    }

    fn show_found(self, found: Vec<usize>, which: usize) {
        let agent = found.get(which).copied();
        self.found.set((found, which));
        self.pointed.set(agent.into_iter().collect());
        agent.into_iter().for_each(|agent| self.look_at(agent));
    }

    /// Back to the beginning: another pipeline has other agents.
    pub fn reset(self) {
        self.zoom.set(0);
        self.show_found(Vec::new(), 0);
        self.look_at(0);
    }
}
