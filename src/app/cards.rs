//! What each agent says, as it says it.

use leptos::prelude::*;

use super::demo::Demo;
use super::flow::shown_run;
use crate::time::seconds;
use crate::timeline::{Lane, Phase, words};

/// More agents than this get no card of their own; the table and the bars still have them all.
const MOST_CARDS: usize = 24;

/// A card for each agent.
#[component]
pub fn Cards() -> impl IntoView {
    let demo = expect_context::<Demo>();
    view! {
        <section class="cards" aria-labelledby="cards-title">
            <h2 id="cards-title">"Agents"</h2>
            <div class="card-grid">
                {move || {
                    let place = shown_run(demo);
                    let names: Vec<String> = demo.stage.with(|stage| {
                        let agents = stage.experiment.preset.pipeline.agents().iter();
                        agents.map(|agent| agent.name.clone()).collect()
                    });
                    let all = names.len();
                    let cards = (names.into_iter().enumerate().take(MOST_CARDS))
                        .map(|(agent, name)| view! { <Card place agent name/> })
                        .collect_view();
                    let rest = (all > MOST_CARDS).then(|| {
                        view! { <p class="note">{format!("and {} more agents.", all - MOST_CARDS)}</p> }
                    });
                    (cards, rest)
                }}
            </div>
        </section>
    }
}

#[component]
fn Card(place: usize, agent: usize, name: String) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let phase = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let lane = frame.timelines.get(place).and_then(|timeline| timeline.lanes().get(agent));
            lane.map_or(Phase::Waiting, Lane::phase).word()
        })
    });
    let text = Memo::new(move |_| {
        demo.frame.with(|frame| Some(frame.timelines.get(place)?.lanes().get(agent)?.text.clone()))
    });
    let times = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let lane = timeline.lanes().get(agent)?;
            let started = lane.started?;
            let whole = format!("{} s", seconds(lane.duration(timeline.cursor())));
            let first = lane.first.map(|at| format!("first word after {} s", seconds(at - started)));
            let tokens = lane.usage.map(|usage| {
                format!("{} tokens in, {} out", usage.input_tokens, usage.output_tokens)
            });
            let facts: Vec<String> = std::iter::once(whole).chain(first).chain(tokens).collect();
            Some(facts.join(" · "))
        })
    });
    let fate = Memo::new(move |_| {
        demo.stage.with(|stage| {
            demo.frame.with(|frame| {
                let lane = frame.timelines.get(place)?.lanes().get(agent)?;
                words::fate(&stage.experiment.preset.pipeline, agent, lane)
            })
        })
    });
    let reads = demo.stage.with_untracked(|stage| {
        let agent = &stage.experiment.preset.pipeline.agents()[agent];
        let mut reads: Vec<String> =
            agent.reads().iter().map(|(key, _)| format!("{{{key}}}")).collect();
        if reads.len() > 6 {
            let more = reads.len() - 5;
            reads.truncate(5);
            reads.push(format!("and {more} more"));
        }
        format!("{} → {{{}}}", reads.join(" "), agent.output_key)
    });
    view! {
        <section class="card" role="region" aria-label=name.clone() data-phase=phase>
            <header>
                <span class="mark" aria-hidden="true"></span>
                <h3>{name.clone()}</h3>
                <span class="phase">{phase}</span>
            </header>
            <p class="reads">{reads}</p>
            // Its height is fixed, so that nothing on the page moves while text streams in.
            <div class="said" tabindex="0" role="group" aria-label=format!("What {name} says")>
                {move || fate.get().map(|fate| view! { <p class="fate">{fate}</p> })}
                <p class="text">{move || text.get()}</p>
            </div>
            <p class="facts">{times}</p>
        </section>
    }
}
