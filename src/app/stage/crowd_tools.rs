//! Search, paging and zoom for many agents.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::app::kit::{Button, follow_range};
use crate::app::state::selection::LANES;
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::plan::Plan;
use crate::time::seconds;
use crate::timeline::crowd::grouped;
use crate::words;

/// Above the race of very many agents: finding one of them, going through all, and looking closer at
/// the axis.
#[component]
pub fn CrowdTools() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    view! {
        <Show when=move || plan.with(Plan::is_crowd)>
            <div class="crowd" role="group" aria-label="Agents in view">
                <Search />
                <Roll />
                <Zoom />
            </div>
        </Show>
    }
}

/// Finds agents by their names.
#[component]
fn Search() -> impl IntoView {
    let PlanState { current: plan, structure, .. } = expect_context();
    let playhead = expect_context::<PlayheadState>();
    let selection = expect_context::<SelectionState>();
    let typed = RwSignal::new(String::new());
    // Another pipeline has other agents, at other places.
    let start_over = move |_: &(), _: Option<&()>, _| {
        typed.set(String::new());
        selection.reset();
        playhead.refresh();
    };
    Effect::watch(move || structure.track(), start_over, false);
    let told = move || {
        selection.found.with(|(found, which)| match found.get(*which) {
            _ if typed.with(|typed| typed.trim().is_empty()) => String::new(),
            None => "no agent has that name".into(),
            Some(_) if found.len() == 1 => "found".into(),
            Some(agent) => {
                let name = plan.with_untracked(|plan| plan.name(*agent));
                let (which, all) = (grouped(which + 1), grouped(found.len()));
                words::crowd::found_one_of(&which, &all, &name)
            }
        })
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            selection.next_found(!event.shift_key());
        }
    };
    let search = move |value: String| {
        selection.search(&value);
        typed.set(value);
    };
    view! {
        <label class="field">
            <span>"Find an agent"</span>
            <input
                type="search"
                aria-label="Find an agent"
                autocomplete="off"
                spellcheck="false"
                maxlength="100"
                prop:value=typed
                on:input:target=move |event| search(event.target().value())
                on:keydown=key
            />
        </label>
        <p class="found" aria-live="polite">{told}</p>
    }
}

/// Goes through all lanes.
#[component]
fn Roll() -> impl IntoView {
    let selection = expect_context::<SelectionState>();
    let page = move || selection.lanes_in_view();
    let slider = follow_range(move || {
        let page = page();
        [1, page.all() - LANES + 1, page.agents().start + 1].map(|lane| lane.to_string())
    });
    let roll = move |value: String| {
        if let Ok(place) = value.parse::<usize>() {
            selection.look_at(place.saturating_sub(1));
        }
    };
    view! {
        <label class="roll">
            <span>{move || words::crowd::lanes(&page().told())}</span>
            <input
                node_ref=slider
                type="range"
                aria-label="First lane in view"
                aria-valuetext=move || page().told()
                on:input:target=move |event| roll(event.target().value())
            />
        </label>
    }
}

/// Looks closer at the axis.
#[component]
fn Zoom() -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let extent = move || words::crowd::in_view(&seconds(playhead.scale.get().extent()));
    view! {
        <div class="closer" role="group" aria-label="Time axis">
            <Button control="axis" on_click=move |_| playhead.zoom(1)>
                "Zoom in"
            </Button>
            <Button control="axis" on_click=move |_| playhead.zoom(-1)>
                "Zoom out"
            </Button>
            <span class="note">{extent}</span>
        </div>
    }
}
