//! The cards: one for each agent with its answer as it streams in, and the report's.

use leptos::prelude::*;

use super::body::{FailedAttempts, Said};
use super::long_text::Opened;
use super::sources::Sources;
use crate::app::kit::{breakable, distinct};
use crate::app::panels::shown_run::ShownRun;
use crate::app::state::PlanState;
use crate::time::Instant;
use crate::timeline::{Lane, Phase, answers};

/// An agent's card: what it says, as it says it.
#[component]
pub fn Card(agent: usize) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let run = ShownRun::from_context();
    provide_context(Opened(RwSignal::new(false)));
    let name = distinct(move || plan.with(|plan| plan.name(agent)));
    let title = distinct(move || {
        plan.with(|plan| plan.agent(agent).map(|a| a.title().to_owned()).unwrap_or_default())
    });
    let lane = distinct(move || run.lane(agent, Lane::abridged));
    view! {
        <CardFrame agent name lane title>
            <Said agent lane />
            <Sources name lane />
        </CardFrame>
    }
}

/// The card of the report, which is the card of the agent that writes it, where only one does.
#[component]
pub fn ReportCard(author: Option<usize>, children: Children) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let run = ShownRun::from_context();
    provide_context(Opened(RwSignal::new(false)));
    let Some(agent) = author else {
        return view! {
            <div class="card report-answer">
                <header>
                    <h3>"Report"</h3>
                </header>
                <Body>{children()}</Body>
                <footer>
                    <ShowAll is_long=Signal::derive(|| true) />
                </footer>
            </div>
        }
        .into_any();
    };
    let name = distinct(move || plan.with(|plan| plan.name(agent)));
    let lane = distinct(move || run.lane(agent, Lane::abridged));
    view! {
        <CardFrame agent name lane title="Report" class="card report-answer">
            <FailedAttempts lane />
            {children()}
            <Sources name lane />
        </CardFrame>
    }
    .into_any()
}

/// Head, body and foot of an agent's card.
#[component]
fn CardFrame(
    agent: usize,
    name: ReadSignal<String>,
    #[prop(into)] title: Signal<String>,
    lane: ReadSignal<Option<Lane>>,
    #[prop(default = "card")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let run = ShownRun::from_context();
    let phase = Memo::new(move |_| {
        lane.with(|lane| lane.as_ref().map_or(Phase::Waiting, Lane::phase)).as_str()
    });
    let state = distinct(move || {
        run.read(|plan, timeline| answers::state(plan.pipeline(), agent, timeline))
            .unwrap_or_default()
    });
    // While it runs or waits, its figures follow the playhead.
    let figures = Memo::new(move |_| {
        let figures = lane.with(|lane| {
            let lane = lane.as_ref()?;
            let cursor = match lane.phase().is_in_flight() {
                true => run.read(|_, timeline| timeline.cursor())?,
                false => Instant::ZERO,
            };
            answers::figures(lane, cursor)
        });
        figures
            .or_else(|| plan.with(|plan| plan.agent(agent).map(answers::reads_and_writes)))
            .unwrap_or_default()
    });
    let is_long = Memo::new(move |_| {
        lane.with(|lane| {
            lane.as_ref().is_some_and(|lane| {
                let has_more = !lane.failed.is_empty()
                    || lane.grounding.is_some()
                    || matches!(lane.phase(), Phase::Failed | Phase::FellBack);
                answers::is_long(&lane.text, has_more)
            })
        })
    });
    view! {
        <section
            class=class
            aria-label=name
            data-phase=phase
            data-agent=(agent + 1).to_string()
        >
            <header>
                <span class="mark" aria-hidden="true"></span>
                <h3>{move || title.with(|title| breakable(title))}</h3>
                <span class="phase">{state}</span>
            </header>
            <Body>{children()}</Body>
            <footer>
                <p class="facts">{move || figures.with(|figures| parts(figures))}</p>
                <ShowAll is_long=is_long.into() />
            </footer>
        </section>
    }
}

/// Figures one by one, so that a closed card leaves out those that it has no room for.
fn parts(figures: &str) -> impl IntoView + use<> {
    let parts = figures.split(" · ").enumerate().map(|(at, part)| match at {
        0 => part.to_owned(),
        _ => format!(" · {part}"),
    });
    parts.map(|part| view! { <span>{part}</span> }).collect_view()
}

/// What a card holds: a few lines of it, so that nothing moves while text streams in, or all of it.
#[component]
fn Body(children: Children) -> impl IntoView {
    let is_open = expect_context::<Opened>().0;
    view! {
        <div class="said" class:open=is_open>
            {children()}
        </div>
    }
}

/// The button that opens a card whose body is cut off, and closes it again. It is hidden where there is
/// no need of it, and not taken away: a signal keeps the readers that are gone until it changes, and
/// whether the card is open may never change (Leptos 0.8).
#[component]
fn ShowAll(is_long: Signal<bool>) -> impl IntoView {
    let is_open = expect_context::<Opened>().0;
    view! {
        <button
            type="button"
            class="quiet show-all"
            data-control="show-all"
            hidden=move || !is_long.get()
            aria-expanded=move || is_open.get().to_string()
            on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
        >
            {move || if is_open.get() { "Show less" } else { "Show all" }}
        </button>
    }
}
