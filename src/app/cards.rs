//! What each agent says, as it says it.

use super::dom::{Node, Nodes, el};
use super::signals::{Memo, news};
use leptos::prelude::*;

use super::crowd::pager;
use super::demo::Demo;
use super::handle;
use super::sources::sources;
use super::stage::Stage;
use super::tries::thrown_away;
use super::ui::{breakable, part, shown, text};
use crate::pipeline::Work;
use crate::time::{Instant, seconds};
use crate::timeline::{Lane, Phase, Timeline, sentences};
use crate::words;

/// Cards on a page, where there are too many agents for one.
const CARDS: usize = 12;

/// A card for each agent.
pub fn cards(demo: Demo) -> Node {
    let cards = part(move || {
        let agents = demo.page(CARDS).agents();
        let place = demo.stage.with_untracked(|stage| stage.shown());
        agents.map(|agent| card(demo, place, agent)).nodes()
    });
    el("section")
        .class("cards")
        .attr("aria-labelledby", "cards-title")
        .child(el("h2").attr("id", "cards-title").child(words::page::AGENTS))
        .child(pager(demo, CARDS, words::page::AGENTS))
        .child(el("div").class("card-grid").child(cards))
        .node()
}

fn card(demo: Demo, place: usize, agent: usize) -> Node {
    let name = demo.stage.with_untracked(|stage| stage.name(agent));
    // One reader of the frame a card; what has not changed is not drawn anew.
    let lane = news(move || {
        demo.frame.with(|frame| frame.timelines.get(place)?.lanes().get(agent).cloned())
    });
    let phase = move || {
        lane.with(|lane| lane.as_ref().map_or(Phase::Waiting, Lane::phase)).word().to_owned()
    };
    let fate = Memo::new(move |_| {
        demo.stage.with(|stage| {
            stage.agent(agent)?;
            lane.with(|lane| sentences::fate(stage.pipeline(), agent, lane.as_ref()?))
        })
    });
    let is_thrown_away = Memo::new(move |_| {
        lane.with(|lane| {
            lane.as_ref().is_some_and(|l| l.phase() == Phase::Failed && !l.text.is_empty())
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
    el("section")
        .class("card")
        .attr("aria-label", name.clone())
        .attr("data-phase", text(phase))
        .child(
            el("header")
                .child(el("span").class("mark").attr("aria-hidden", "true"))
                .child(el("h3").child(breakable(&name)))
                .child(el("span").class("phase").child(text(phase))),
        )
        .child(el("p").class("reads").child(reads(demo, agent)))
        // Its height is fixed, so that nothing on the page moves while text streams in.
        .child(
            el("div")
                .class("said")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", words::page::what_it_says(&name))
                .child(part(move || fate.get().map(|fate| el("p").class("fate").child(fate))))
                .child(thrown_away(lane))
                .child(shown(
                    move || is_thrown_away.get(),
                    || el("p").child(words::page::THROWN_AWAY),
                ))
                .child(el("p").class("text").child(part(move || {
                    let said = text(move || said().unwrap_or_default());
                    match is_thrown_away.get() {
                        true => el("del").child(said).node(),
                        false => said.into(),
                    }
                })))
                .child(sources(name.clone(), lane)),
        )
        .child(el("p").class("facts").child(text(move || figures.get().unwrap_or_default())))
        .child(shown(
            move || demo.can_hold_time() && demo.stage.with_untracked(|s| takes_time(s, agent)),
            move || latency_field(demo, agent),
        ))
        .node()
}

fn takes_time(stage: &Stage, agent: usize) -> bool {
    stage.agent(agent).is_some_and(|agent| agent.work == Work::Model)
}

/// How long a simulated agent takes, as a number to type.
fn latency_field(demo: Demo, agent: usize) -> Node {
    let name = demo.stage.with_untracked(|stage| stage.name(agent));
    let value = text(move || handle::seconds_exact(handle::latency(demo, agent)));
    el("label")
        .class("latency")
        .attr("data-control", "latency")
        .child(el("span").child(words::page::TAKES))
        .child(
            el("input")
                .attr("type", "number")
                .attr("min", "0")
                .attr("max", handle::LONGEST.as_secs().to_string())
                .attr("step", "0.1")
                .attr("aria-label", words::page::latency_of(&name))
                .prop("value", value)
                .on("change", move |event| {
                    handle::type_latency(demo, agent, &event_target_value(&event));
                }),
        )
        .child(el("span").child(words::page::SECONDS_SIMULATED))
        .node()
}

/// How long it took, how long until the first word, what it cost.
fn facts(lane: &Lane, cursor: Instant) -> Option<String> {
    if lane.phase() == Phase::Kept {
        return Some(words::page::KEPT_FROM_BEFORE.into());
    }
    let started = lane.started?;
    let attempt = sentences::attempt(lane, cursor);
    let whole = words::seconds(&seconds(lane.duration(cursor)));
    let began = lane.attempt_started().unwrap_or(started);
    let first = lane.first.map(|at| words::page::first_word(&seconds(at - began)));
    let tokens = lane.usage.map(sentences::tokens);
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
            (reads.len() > MOST_KEYS).then(|| words::page::and_more(reads.len() - MOST_KEYS));
        let reads = named.chain(more).collect::<Vec<_>>().join(" ");
        format!("{reads} → {{{}}}", agent.output_key)
    })
}
