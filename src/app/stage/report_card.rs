//! The report, which opens in the time that is saved.

use leptos::prelude::*;

use super::axis::px;
use super::drawing::Drawing;
use crate::app::kit::distinct;
use crate::app::state::{PlanState, PlayheadState, SettingsState};
use crate::config::{Tab, View};
use crate::timeline::stage::ReportText;
use crate::web::page;

/// A card with the beginning of the report, right of the parallel run's end.
#[component]
pub fn ReportCard() -> impl IntoView {
    let Drawing { layout, scene } = expect_context();
    let said = follow_report();
    let place = distinct(move || {
        if said.with(|said| said.is_missing) {
            return None;
        }
        let left = layout.with(|layout| layout.left);
        let place = scene
            .with(|scene| scene.card.filter(|(_, opened)| *opened > 0.0).map(|(place, _)| place))?;
        Some((place, place.x - left))
    });
    let opened = move || scene.with(|scene| scene.card.map_or(0.0, |(_, opened)| opened));
    let settings = expect_context::<SettingsState>().current;
    let is_on_page = distinct(move || settings.with(|s| s.view == View::All && !s.embed));
    // The card comes and goes with each run. What is nested in it reads only what changes with a run,
    // since a signal keeps the readers that are gone until it changes (Leptos 0.8).
    move || {
        let is_on_page = is_on_page.get();
        place.get().map(|(place, left)| {
            view! {
                <div class="plane">
                    <div
                        class="report-card"
                        style:left=px(left)
                        style:top=px(place.y)
                        style:width=px(place.width)
                        style:height=px(place.height)
                        style:opacity=move || format!("{:.2}", opened())
                        style:scale=move || format!("{:.3} 1", 0.6 + 0.4 * opened())
                    >
                        <p class="ready">
                            <span class="headline">
                                {move || said.with(|said| said.headline.clone())}
                            </span>
                            {is_on_page.then(|| view! { <Read said /> })}
                        </p>
                        <p class="title">{move || said.with(|said| said.title.clone())}</p>
                        <p class="beginning">{move || said.with(|said| said.beginning.clone())}</p>
                    </div>
                </div>
            }
        })
    }
}

/// Leads to the whole report, once it is there.
#[component]
fn Read(said: ReadSignal<ReportText>) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let read = move |_| {
        settings.update(|settings| settings.tab = Tab::Answers);
        set_timeout(|| page::show(".report"), std::time::Duration::ZERO);
    };
    view! {
        <Show when=move || said.with(|said| said.is_ready)>
            <button type="button" class="quiet read" aria-label="Read the report" on:click=read>
                "Read"
            </button>
        </Show>
    }
}

/// What there is of the report at the playhead.
fn follow_report() -> ReadSignal<ReportText> {
    let plan = expect_context::<PlanState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    distinct(move || {
        plan.with(|plan| {
            frame.with(|frame| ReportText::of(plan.pipeline(), frame.timelines.get(plan.shown())?))
        })
        .unwrap_or_default()
    })
}
