//! What each agent says, as it says it.

use leptos::prelude::*;

use super::demo::Demo;
use super::handle;
use super::sources::sources;
use super::stage::Stage;
use super::tries::thrown_away;
use super::ui::{breakable, listener, part, shown, text};
use crate::pipeline::Work;
use crate::time::{Instant, seconds};
use crate::timeline::{Lane, Phase, Timeline, words};

/// More agents than this get no card of their own; the table and the bars still have them all.
const MOST_CARDS: usize = 24;

/// A card for each agent.
pub fn cards(demo: Demo) -> AnyView {
    let cards = part(move || {
        demo.structure.with(|_| ());
        let (place, all) = demo.stage.with_untracked(|stage| (stage.shown(), stage.agents()));
        let cards = (0..all.min(MOST_CARDS)).map(|agent| card(demo, place, agent)).collect_view();
        let rest = (all > MOST_CARDS).then(|| {
            view! { <p class="note">{format!("and {} more agents.", all - MOST_CARDS)}</p> }
        });
        (cards, rest).into_any()
    });
    view! {
        <section class="cards" aria-labelledby="cards-title">
            <h2 id="cards-title">"Agents"</h2>
            <div class="card-grid">{cards}</div>
        </section>
    }
    .into_any()
}

fn card(demo: Demo, place: usize, agent: usize) -> AnyView {
    let name = demo.stage.with_untracked(|stage| stage.name(agent));
    // One reader of the frame a card; what has not changed is not drawn anew.
    let lane = Memo::new(move |_| {
        demo.frame.with(|frame| frame.timelines.get(place)?.lanes().get(agent).cloned())
    });
    let phase = move || {
        lane.with(|lane| lane.as_ref().map_or(Phase::Waiting, Lane::phase)).word().to_owned()
    };
    let fate = Memo::new(move |_| {
        demo.stage.with(|stage| {
            stage.agent(agent)?;
            lane.with(|lane| words::fate(stage.pipeline(), agent, lane.as_ref()?))
        })
    });
    let said = move || lane.with(|lane| lane.as_ref().map(|lane| lane.text.clone()));
    // While it runs or waits, its figures follow the cursor.
    let figures = Memo::new(move |_| {
        let facts = |cursor| lane.with(|lane| facts(lane.as_ref()?, cursor));
        let moves = lane.with(|lane| lane.as_ref().is_some_and(|l| l.phase().is_in_flight()));
        if !moves {
            return facts(Instant::ZERO);
        }
        facts(demo.frame.with(|frame| frame.timelines.get(place).map(Timeline::cursor))?)
    });
    view! {
        <section class="card" aria-label=name.clone() data-phase=text(phase)>
            <header>
                <span class="mark" aria-hidden="true"></span>
                <h3>{breakable(&name)}</h3>
                <span class="phase">{text(phase)}</span>
            </header>
            <p class="reads">{reads(demo, agent)}</p>
            // Its height is fixed, so that nothing on the page moves while text streams in.
            <div class="said" tabindex="0" role="group" aria-label=format!("What {name} says")>
                {part(move || fate.get().map(|fate| view! { <p class="fate">{fate}</p> }).into_any())}
                {thrown_away(lane)}
                <p class="text">{text(move || said().unwrap_or_default())}</p>
                {sources(name.clone(), lane)}
            </div>
            <p class="facts">{text(move || figures.get().unwrap_or_default())}</p>
            {shown(
                move || demo.can_hold_time() && demo.stage.with_untracked(|s| takes_time(s, agent)),
                move || latency_field(demo, agent),
            )}
        </section>
    }
    .into_any()
}

fn takes_time(stage: &Stage, agent: usize) -> bool {
    stage.agent(agent).is_some_and(|agent| agent.work == Work::Model)
}

/// How long a simulated agent takes, as a number to type.
fn latency_field(demo: Demo, agent: usize) -> AnyView {
    let name = demo.stage.with_untracked(|stage| stage.name(agent));
    let value = text(move || handle::seconds_exact(handle::latency(demo, agent)));
    view! {
        <label class="latency" data-control="latency">
            <span>"takes"</span>
            <input
                type="number"
                min="0"
                max=handle::LONGEST.as_secs().to_string()
                step="0.1"
                aria-label=format!("Latency of {name}, in seconds")
                prop:value=value
                on:change=listener(move |event| {
                    handle::type_latency(demo, agent, &event_target_value(&event));
                })
            />
            <span>"s, simulated"</span>
        </label>
    }
    .into_any()
}

/// How long it took, how long until the first word, what it cost.
fn facts(lane: &Lane, cursor: Instant) -> Option<String> {
    if lane.phase() == Phase::Kept {
        return Some("kept from the run before".into());
    }
    let started = lane.started?;
    let attempt = words::attempt(lane, cursor);
    let whole = format!("{} s", seconds(lane.duration(cursor)));
    let began = lane.attempt_started().unwrap_or(started);
    let first = lane.first.map(|at| format!("first word after {} s", seconds(at - began)));
    let tokens = lane.usage.map(words::tokens);
    Some(
        [attempt, Some(whole), first, tokens].into_iter().flatten().collect::<Vec<_>>().join(" · "),
    )
}

/// More keys than this are counted and not named.
const MOST_KEYS: usize = 5;

/// "{topic} {news} → {briefing}": what its prompt reads and what it writes.
fn reads(demo: Demo, agent: usize) -> String {
    demo.stage.with_untracked(|stage| {
        let Some(agent) = stage.agent(agent) else { return String::new() };
        let reads = agent.reads();
        let named = reads.iter().take(MOST_KEYS).map(|(key, _)| format!("{{{key}}}"));
        let more =
            (reads.len() > MOST_KEYS).then(|| format!("and {} more", reads.len() - MOST_KEYS));
        let reads = named.chain(more).collect::<Vec<_>>().join(" ");
        format!("{reads} → {{{}}}", agent.output_key)
    })
}
