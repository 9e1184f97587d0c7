//! After a live run: what it used, agent by agent, what the other schedule would have taken, and a
//! button that measures that for real.
//!
//! It is about runs that are over and reads their whole logs, so that the playhead changes nothing.

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::state::live::CalledServer;
use crate::app::state::permit::By;
use crate::app::state::{LiveState, PlanState, PlayheadState, RunsState, SettingsState};
use crate::llm::prices::{self, Price};
use crate::plan::spending::Spending;
use crate::words;

/// What a live run has come to; nothing before one is over.
#[component]
pub fn SpendingPanel() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let runs = expect_context::<RunsState>();
    let live = expect_context::<LiveState>();
    let spending = Memo::new(move |_| read(settings, plan, playhead, live));
    let says = move |of: fn(&Spending) -> String| move || spending.with(|s| s.as_ref().map(of));
    let is_measurable = move || spending.with(|s| s.as_ref().is_some_and(Spending::is_measurable));
    let measure = move |event: web_sys::MouseEvent| {
        live.act(By::of(&event), move |permit| runs.measure_sequential(permit));
    };
    let measure_label =
        move || words::spent::measure(spending.with(|s| s.as_ref().map_or(0, Spending::calls)));
    view! {
        <Show when=move || spending.with(Option::is_some)>
            <div class="spent" role="group" aria-label="After the run">
                <p>
                    {says(Spending::timed)} " " <Show when=is_measurable>
                        <Button control="measure" one_click_a_press=true on_click=measure>
                            {measure_label}
                        </Button>
                    </Show>
                </p>
                <p>{says(Spending::compared)}</p>
                {move || spending.get().map(|spending| view! { <SpendingTable spending /> })}
            </div>
        </Show>
    }
}

#[component]
fn SpendingTable(spending: Spending) -> impl IntoView {
    let heads = spending.columns().into_iter().map(|head| {
        view! {
            <th scope="col" class="number">
                {head}
            </th>
        }
    });
    let rows = spending.rows().into_iter().map(|(agent, cells)| {
        let cells = cells.into_iter().map(|cell| view! { <td class="number">{cell}</td> });
        view! {
            <tr>
                <th scope="row">{agent}</th>
                {cells.collect_view()}
            </tr>
        }
    });
    view! {
        <div
            class="scroller"
            tabindex="0"
            role="group"
            aria-label="Tokens and cost, scrollable"
        >
            <table aria-label="Tokens and cost">
                <thead>
                    <tr>
                        <th scope="col">"Agent"</th>
                        {heads.collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p class="fine">{spending.prices_of()}</p>
    }
}

/// Reads the runs; `None` while one goes on, and where none of them called a model.
fn read(
    settings: SettingsState,
    plan: PlanState,
    playhead: PlayheadState,
    live: LiveState,
) -> Option<Spending> {
    if !playhead.is_settled() {
        return None;
    }
    let called = live.called_server()?;
    plan.current.with(|plan| {
        let sequential =
            settings.current.with_untracked(|settings| settings.sequential(plan.pipeline()));
        let runs = playhead.logs.with_value(|logs| {
            let begun = plan.lineup.iter().zip(&logs.logs).filter(|(_, log)| log.has_begun());
            begun
                .map(|(planned, log)| (planned.kind, log.finished(plan.agents())))
                .collect::<Vec<_>>()
        });
        Spending::of(plan, &runs, sequential, |model| price(&called, model))
    })
}

/// The price of a model on the server that was called, where it is known.
fn price(called: &CalledServer, model: Option<&str>) -> Option<Price> {
    let model = model.unwrap_or(&called.model);
    prices::price(called.id, model).filter(|_| called.id.owns(&called.base_url))
}
