//! An agent's card with its answer as it streams in.

use leptos::prelude::*;

use super::long_text::{Extent, Rest};
use super::read_lane;
use super::sources::Sources;
use crate::app::kit::{breakable, distinct};
use crate::app::state::plan::LONGEST_LATENCY;
use crate::app::state::{PlanState, PlayheadState};
use crate::excerpt;
use crate::pipeline::{Agent, Work};
use crate::time::exact_seconds;
use crate::time::{Instant, seconds};
use crate::timeline::{Lane, Phase, sentences};
use crate::words;

/// An agent's card: what it says, as it says it.
#[component]
pub fn Card(agent: usize) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let name = distinct(move || plan.current.with(|plan| plan.name(agent)));
    let lane = distinct(move || read_lane(plan, playhead, agent, Lane::abridged));
    let phase = Memo::new(move |_| {
        lane.with(|lane| lane.as_ref().map_or(Phase::Waiting, Lane::phase)).as_str()
    });
    let reads = Memo::new(move |_| {
        plan.current.with(|plan| plan.agent(agent).map(reads_and_writes).unwrap_or_default())
    });
    // While it runs or waits, its figures follow the playhead.
    let figures = Memo::new(move |_| {
        lane.with(|lane| {
            let lane = lane.as_ref()?;
            let cursor = match lane.phase().is_in_flight() {
                true => {
                    let shown = plan.current.with(|plan| plan.shown());
                    playhead.frame.with(|frame| Some(frame.timelines.get(shown)?.cursor()))?
                }
                false => Instant::ZERO,
            };
            facts(lane, cursor)
        })
    });
    let takes_time = Memo::new(move |_| {
        let is_model = |agent: &Agent| agent.work == Work::Model;
        playhead.can_hold_time()
            && plan.current.with(|plan| plan.agent(agent).is_some_and(is_model))
    });
    view! {
        <section class="card" aria-label=name data-phase=phase>
            <header>
                <span class="mark" aria-hidden="true"></span>
                <h3>{move || name.with(|name| breakable(name))}</h3>
                <span class="phase">{phase}</span>
            </header>
            <p class="reads">{reads}</p>
            <Answer agent name lane />
            <p class="facts">{move || figures.get().unwrap_or_default()}</p>
            <Show when=move || takes_time.get()>
                <Latency agent name />
            </Show>
        </section>
    }
}

/// What an agent says. Its height is fixed, so that nothing on the page moves while text streams in.
#[component]
fn Answer(agent: usize, name: ReadSignal<String>, lane: ReadSignal<Option<Lane>>) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let extent = distinct(move || {
        let extent = |lane: &Lane| Extent {
            shown: excerpt::first(&lane.text).len(),
            all: lane.text.len(),
            grows: lane.phase().is_in_flight(),
        };
        read_lane(plan, playhead, agent, extent).unwrap_or_default()
    });
    let slices = move || {
        let slices = |lane: &Lane| excerpt::slices(&lane.text).map(str::to_owned).collect();
        untrack(|| read_lane(plan, playhead, agent, slices)).unwrap_or_default()
    };
    let fate = Memo::new(move |_| {
        plan.current.with(|plan| {
            plan.agent(agent)?;
            lane.with(|lane| {
                let is_injected = plan.injected.contains(&agent);
                sentences::fate(plan.pipeline(), agent, lane.as_ref()?, is_injected)
            })
        })
    });
    let is_discarded = Memo::new(move |_| {
        lane.with(|lane| {
            lane.as_ref().is_some_and(|l| l.phase() == Phase::Failed && !l.text.is_empty())
        })
    });
    let text = move || lane.with(|lane| lane.as_ref().map(|lane| lane.text.clone()));
    let slice = move |slice: String| {
        let text = match is_discarded.get_untracked() {
            true => view! { <del>{slice}</del> }.into_any(),
            false => slice.into_any(),
        };
        view! { <p class="text">{text}</p> }.into_any()
    };
    view! {
        <div
            class="said"
            tabindex="0"
            role="group"
            aria-label=move || name.with(|name| words::page::what_it_says(name))
        >
            {move || fate.get().map(|fate| view! { <p class="fate">{fate}</p> })}
            <FailedAttempts lane />
            <Show when=move || is_discarded.get()>
                <p>"What it had said is thrown away:"</p>
            </Show>
            <p class="text">
                <Show when=move || is_discarded.get() fallback=move || text>
                    <del>{text}</del>
                </Show>
            </p>
            <Rest extent slices slice />
            <Sources name lane />
        </div>
    }
}

/// What the failed attempts had said: struck through, since it is used for nothing.
#[component]
fn FailedAttempts(lane: ReadSignal<Option<Lane>>) -> impl IntoView {
    let attempts = Memo::new(move |_| {
        lane.with(|lane| {
            let lane = lane.as_ref()?;
            let attempts = lane.failed.iter().enumerate().filter_map(|(at, attempt)| {
                Some((sentences::thrown_away(lane, at + 1)?, attempt.text.clone()))
            });
            Some(attempts.collect::<Vec<_>>())
        })
        .unwrap_or_default()
    });
    view! {
        <For each=move || attempts.get() key=Clone::clone let((why, text))>
            <div class="thrown">
                <p class="fate">{why}</p>
                <p class="text">
                    <del>{text}</del>
                </p>
            </div>
        </For>
    }
}

/// How long a simulated agent takes, as a number to type.
#[component]
fn Latency(agent: usize, name: ReadSignal<String>) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    view! {
        <label class="latency" data-control="latency">
            <span>"takes"</span>
            <input
                type="number"
                min="0"
                max=LONGEST_LATENCY.as_secs().to_string()
                step="0.1"
                aria-label=move || name.with(|name| words::page::latency_of(name))
                prop:value=move || exact_seconds(plan.latency(agent))
                on:change:target=move |event| {
                    plan.type_latency(agent, &event.target().value());
                }
            />
            <span>"s, simulated"</span>
        </label>
    }
}

/// How long it took, how long until the first token, what it cost.
fn facts(lane: &Lane, cursor: Instant) -> Option<String> {
    if lane.phase() == Phase::Kept {
        return Some("kept from the run before".into());
    }
    let started = lane.started?;
    let attempt = sentences::attempt(lane, cursor);
    let whole = words::seconds(&seconds(lane.duration(cursor)));
    let began = lane.attempt_started().unwrap_or(started);
    let first = lane.first.map(|at| words::page::first_word(&seconds(at - began)));
    let thought = lane.thought_for(cursor);
    let thought = (!thought.is_zero()).then(|| words::page::thought_for(&seconds(thought)));
    let tokens = lane.usage.map(sentences::tokens);
    let all = [attempt, Some(whole), thought, first, tokens, sentences::without(lane)];
    Some(all.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// More keys than this are counted and not named.
const MOST_KEYS: usize = 5;

/// "{topic} {news} → {briefing}": what its prompt reads and what it writes.
fn reads_and_writes(agent: &Agent) -> String {
    let reads = agent.reads();
    let named = reads.iter().take(MOST_KEYS).map(|(key, _)| format!("{{{key}}}"));
    let more = (reads.len() > MOST_KEYS).then(|| words::page::and_more(reads.len() - MOST_KEYS));
    let reads = named.chain(more).collect::<Vec<_>>().join(" ");
    format!("{reads} → {{{}}}", agent.output_key)
}
