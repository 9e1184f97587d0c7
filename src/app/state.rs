//! What the page knows, and what can be done to it. No view is in here.
//!
//! Each state is a plain struct of signals, found by `expect_context`. A view reads signals and
//! calls methods of the one or two states that it needs; a state never knows a view. A state may
//! hold those above it in [`provide`].

mod changes;
pub mod history;
mod lazy;
pub mod live;
pub mod log;
mod opening;
mod panels;
pub mod permit;
pub mod plan;
mod playhead;
pub mod prediction;
pub mod runs;
pub mod selection;
mod settings;

use leptos::prelude::provide_context;

pub use history::HistoryState;
pub use lazy::{LazyModule, LazySection, LazyState, Load, Progress};
pub use live::LiveState;
pub use opening::OpeningState;
pub use panels::PanelsState;
pub use plan::PlanState;
pub use playhead::PlayheadState;
pub use runs::{Race, RunsState};
pub use selection::SelectionState;
pub use settings::SettingsState;

use crate::config::Settings;
use crate::llm::Trust;
use crate::plan::Plan;

/// What the page starts with.
pub struct Start {
    /// What signing in has brought.
    pub arrival: Option<live::Arrival>,
    /// The settings.
    pub settings: Settings,
    /// Sentences about what was not understood.
    pub complaints: Vec<String>,
}

/// Makes every state, and lets `expect_context` find it.
pub fn provide(Start { arrival, settings, complaints }: Start, load: Load) {
    let (plan, about_plan) = Plan::of(&settings, None);
    let mut trust = Trust::default();
    trust.link(settings.base_url.as_deref());
    let settings = SettingsState::new(settings, [complaints, about_plan].concat());
    let plan = PlanState::new(settings, plan);
    let selection = SelectionState::new(plan);
    let playhead = PlayheadState::new(settings, plan, selection);
    let live = LiveState::new(settings, trust, arrival);
    let runs = RunsState::new(settings, plan, playhead, live);
    provide_context(settings);
    provide_context(plan);
    provide_context(selection);
    provide_context(playhead);
    provide_context(live);
    provide_context(runs);
    provide_context(HistoryState::new(settings, playhead, runs));
    provide_context(OpeningState::new());
    provide_context(PanelsState::new());
    provide_context(LazyState::new(load));
}
