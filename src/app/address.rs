//! Ties the settings to the address, to the page's root element and to the runs that depend on them.

use futures::future::OptionFuture;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::lazy;
use super::state::live::sign_in;
use super::state::{LiveState, PlanState, PlayheadState, RunsState, SettingsState, Start};
use crate::config::{Settings, Theme};
use crate::edit::link::LinkError;
use crate::plan::Plan;
use crate::web::page;

/// What the address asks the page to open with.
///
/// # Errors
/// When what reads its edited pipeline did not arrive.
pub async fn open() -> Result<Start, LinkError> {
    let (query, fragment) = page::address();
    let (arrival, (settings, complaints)) = match sign_in::arrive(&query) {
        Some((arrival, fragment)) => (Some(arrival), read("", &fragment).await?),
        None => (None, read(&query, &fragment).await?),
    };
    Ok(Start { arrival, settings, complaints })
}

/// Reads an address, at once unless it holds an edited pipeline.
async fn read(query: &str, fragment: &str) -> Result<(Settings, Vec<String>), LinkError> {
    let link = Settings::link_in(query, fragment);
    match OptionFuture::from(link.map(lazy::read_link)).await {
        Some(Err(LinkError::NotLoaded)) => Err(LinkError::NotLoaded),
        linked => Ok(Settings::read_with(query, fragment, linked)),
    }
}

/// Follows the settings, and the address when it is changed from outside, as by the Back button.
pub fn follow() {
    let state = expect_context::<SettingsState>();
    let settings = state.current;
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let runs = expect_context::<RunsState>();
    let live = expect_context::<LiveState>();
    playhead.clear();
    let rebuild = move |settings: &Settings, _: Option<&_>, _| {
        if plan.is_outdated(settings) {
            runs.rebuild_plan();
        }
    };
    Effect::watch(move || settings.get(), rebuild, false);
    Effect::new(move |_| settings.with(show_on_root));
    Effect::new(move |_| {
        // Browsers limit how often an address may change; the end of a drag is soon enough.
        if playhead.held_axis().is_none() {
            page::write_address(&settings.with(Settings::fragment));
        }
    });
    let set_speed = move |(speed, is_live): &(f64, bool), _: Option<&_>, _| {
        if !is_live {
            let speed = speed.max(plan.current.with_untracked(Plan::min_speed));
            playhead.logs.with_value(|logs| logs.set_speed(speed));
        }
    };
    Effect::watch(move || settings.with(|s| (s.speed, s.provider.is_some())), set_speed, true);
    // The page lives as long as its tab, and so does this.
    window_event_listener(leptos::ev::hashchange, move |_| {
        spawn_local(follow_address(state, live));
    });
}

/// Takes over what the address has come to say.
async fn follow_address(settings: SettingsState, live: LiveState) {
    let address = page::address();
    let read = read(&address.0, &address.1).await;
    // Another one may have come meanwhile.
    if page::address() != address {
        return;
    }
    match read {
        Ok((read, complaints)) => live.adopt(read, complaints),
        Err(error) => settings.complaints.set(vec![error.to_string()]),
    }
}

/// What the style sheet has to know.
fn show_on_root(settings: &Settings) {
    let theme = (settings.theme != Theme::Auto).then(|| settings.theme.as_str());
    page::set_root("data-theme", theme);
    page::set_root("data-embed", settings.embed.then_some("1"));
    page::set_root("data-view", Some(settings.view.as_str()));
    page::set_root("data-hide", Some(settings.hide.join(" ").as_str()));
}
