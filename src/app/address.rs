//! Ties the settings to the address, to the page's root element and to the runs that depend on them.

use leptos::prelude::*;

use super::state::{LiveState, PlanState, PlayheadState, RunsState, SettingsState};
use crate::config::{Settings, Theme};
use crate::plan::Plan;
use crate::web::page;

/// Follows the settings, and the address where somebody else changes it.
pub fn follow() {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let runs = expect_context::<RunsState>();
    let live = expect_context::<LiveState>();
    playhead.clear();
    Effect::new(move |_| {
        settings.track();
        if plan.is_outdated() {
            runs.rebuild_plan();
        }
    });
    Effect::new(move |_| {
        let settings = settings.get();
        show_on_root(&settings);
        // Browsers limit how often an address may change; the end of a drag is soon enough.
        if !playhead.is_axis_held() {
            page::write_address(&settings.fragment());
        }
    });
    Effect::new(move |_| {
        let (speed, is_live) = settings.with(|s| (s.speed, s.provider.is_some()));
        if !is_live {
            let speed = speed.max(plan.current.with_untracked(Plan::min_speed));
            playhead.logs.with_value(|logs| logs.set_speed(speed));
        }
    });
    // The page lives as long as its tab, and so does this.
    window_event_listener(leptos::ev::hashchange, move |_| {
        let (query, fragment) = page::address();
        let (settings, complaints) = Settings::read(&query, &fragment);
        live.adopt(settings, complaints);
    });
}

/// What the style sheet has to know.
fn show_on_root(settings: &Settings) {
    let theme = (settings.theme != Theme::Auto).then(|| settings.theme.as_str());
    page::set_root("data-theme", theme);
    page::set_root("data-embed", settings.embed.then_some("1"));
    page::set_root("data-view", Some(settings.view.as_str()));
    page::set_root("data-hide", Some(settings.hide.join(" ").as_str()));
}
