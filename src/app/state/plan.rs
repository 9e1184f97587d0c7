//! The pipeline, the schedules that run it, and what is expected of them.

use std::time::Duration;

use leptos::prelude::*;

use super::changes::set_if_changed;
use super::settings::SettingsState;
use crate::codegen::Language;
use crate::config::{Settings, Tab, Theme};
use crate::plan::{Plan, Structure};
use crate::time::parse_seconds;
use crate::words;

/// The longest latency that can be dragged or typed.
pub const LONGEST_LATENCY: Duration = Duration::from_secs(60);

/// See the module.
#[derive(Clone, Copy)]
pub struct PlanState {
    settings: SettingsState,
    /// The plan that the settings lead to.
    pub current: RwSignal<Plan, LocalStorage>,
    /// What of it decides which elements there are; set only when it changes.
    pub structure: RwSignal<Structure, LocalStorage>,
}

impl PlanState {
    /// The plan of the settings that the page opens with.
    pub fn new(settings: SettingsState, plan: Plan) -> Self {
        let structure = RwSignal::new_local(plan.structure());
        Self { settings, current: RwSignal::new_local(plan), structure }
    }

    /// Puts another plan in place of this one.
    pub fn set(self, plan: Plan) {
        let structure = plan.structure();
        self.current.set(plan);
        set_if_changed(self.structure, structure);
    }

    /// Reads of the plan what follows from its structure; follows that, and not every figure.
    pub fn structural<T>(self, of: impl FnOnce(&Plan) -> T) -> T {
        self.structure.track();
        self.current.with_untracked(of)
    }

    /// The plan of these settings, built from the present one where nothing has changed.
    pub fn rebuilt(self, settings: &Settings) -> (Plan, Vec<String>) {
        self.current.with_untracked(|present| Plan::of(settings, Some(present)))
    }

    /// How long an agent is scripted to take; follows the plan.
    pub fn latency(self, agent: usize) -> Duration {
        self.current.with(|plan| plan.latency(agent))
    }

    /// Makes an agent take that long, within bounds. For event handlers.
    pub fn set_latency(self, agent: usize, latency: Duration) {
        let name = self.current.with(|plan| plan.name(agent));
        let latency = latency.min(LONGEST_LATENCY);
        // Many moves of a drag round to the same latency.
        self.settings.current.maybe_update(|settings| {
            let before = settings.latency.clone();
            settings.set_latency(&name, latency);
            settings.latency != before
        });
    }

    /// Makes an agent take as long as a person typed. What makes no sense changes nothing, and says
    /// so. For event handlers.
    pub fn type_latency(self, agent: usize, typed: &str) {
        let longest = LONGEST_LATENCY.as_secs();
        match parse_seconds(typed) {
            Some(latency) => {
                let note =
                    (latency > LONGEST_LATENCY).then(|| words::race::latency_at_most(longest));
                if latency.min(LONGEST_LATENCY) == self.latency(agent) {
                    self.settings.notice.set(note);
                } else {
                    self.settings.say_with_change(note);
                    self.set_latency(agent, latency);
                }
            }
            None => self.settings.notice.set(Some(words::race::latency_range(longest))),
        }
        // The field shows what holds, whatever was typed into it.
        self.current.notify();
    }

    /// Whether the plan was made from other settings, as far as runs depend on them. A measured run
    /// depends on none: it stays until another pipeline is chosen.
    pub fn is_outdated(self, settings: &Settings) -> bool {
        self.current.with_untracked(|plan| match plan.measured {
            Some(_) => !plan.settings().builds_like(settings),
            None => run_relevant(plan.settings()) != run_relevant(settings),
        })
    }

    /// Whether a measured run is shown; follows the plan.
    pub fn is_measured(self) -> bool {
        self.current.with(|plan| plan.measured.is_some())
    }
}

/// Of the settings, those whose change makes runs stale: the pipeline, its script, its schedules.
pub fn run_relevant(settings: &Settings) -> Settings {
    Settings {
        speed: 1.0,
        theme: Theme::Auto,
        tab: Tab::default(),
        lang: Language::default(),
        topic: None,
        base_url: None,
        model: None,
        temperature: None,
        max_tokens: None,
        // Only where many runs are drawn, which no run depends on.
        spread: None,
        seed: if settings.jitter == 0.0 { 0 } else { settings.seed },
        ..settings.clone()
    }
}
