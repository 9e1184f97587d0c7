//! The report: what the final agents wrote.

use std::borrow::Cow;

use leptos::prelude::*;

use super::long_text::{Extent, Rest};
use super::markdown::{block, formatted};
use crate::app::kit::distinct;
use crate::app::panels::shown_run::ShownRun;
use crate::excerpt;
use crate::markdown::{self, parse};
use crate::timeline::{Lane, Phase, sentences};

/// Between what several agents wrote.
const BETWEEN: &str = "\n\n";

/// What the final agents wrote, as formatted text.
#[component]
pub fn Report() -> impl IntoView {
    let run = ShownRun::from_context();
    // The beginning alone: a frame must not cost more the more was written.
    let written = distinct(move || {
        read_finals(run, |lanes| {
            let beginning = lanes.iter().fold(String::new(), |text, lane| {
                let room = excerpt::SLICE.saturating_sub(text.len());
                let more = excerpt::at_most(&lane.text, room + 4);
                if text.is_empty() { more.to_owned() } else { text + BETWEEN + more }
            });
            excerpt::first(&beginning).to_owned()
        })
    });
    let extent = distinct(move || {
        let shown = written.with(String::len);
        read_finals(run, |lanes| {
            let between = BETWEEN.len() * lanes.len().saturating_sub(1);
            let all = lanes.iter().map(|lane| lane.text.len()).sum::<usize>() + between;
            Extent { shown, all, grows: lanes.iter().any(|lane| lane.phase().is_in_flight()) }
        })
    });
    let slices = move || {
        let all = untrack(|| {
            read_finals(run, |lanes| {
                lanes.iter().map(|lane| lane.text.as_str()).collect::<Vec<_>>().join(BETWEEN)
            })
        });
        markdown::slices(&all).map(Cow::into_owned).collect()
    };
    let fates = distinct(move || fates(run));
    // Block by block, since text that streams in changes only the last one.
    let blocks = Memo::new(move |_| written.with(|text| parse(text)));
    let count = distinct(move || blocks.with(Vec::len));
    let block = move |at: usize| {
        let own = distinct(move || blocks.with(|blocks| blocks.get(at).cloned()));
        move || own.get().map(block)
    };
    let is_discarded = distinct(move || {
        read_finals(run, |lanes| {
            !lanes.is_empty() && lanes.iter().all(|lane| lane.phase() == Phase::Failed)
        })
    });
    // An opened trace may hold times only.
    let is_missing = distinct(move || {
        let is_measured_and_over = run.read(|plan, timeline| {
            plan.measured.is_some() && timeline.run().phase() == Phase::Done
        });
        is_measured_and_over == Some(true)
    });
    let nothing_yet = move || {
        // It goes with each run: a signal keeps the readers that are gone until it changes (Leptos 0.8).
        let is_missing = distinct(move || is_missing.get());
        let why = move || match is_missing.get() {
            true => "The trace holds no text of a report.",
            false => "Where all branches meet: the report appears here.",
        };
        view! { <p class="fine">{why}</p> }
    };
    let text = move || {
        view! {
            <Show when=move || count.get() != 0 fallback=nothing_yet>
                <For each=move || 0..count.get() key=|at| *at children=block />
            </Show>
            <Rest extent slices slice=|slice| formatted(parse(&slice)) />
        }
    };
    // The list of blocks goes with each run's report: an owner that stays keeps a trace of every item
    // that a `For` in it has ever had (Leptos 0.8).
    view! {
        <section class="report" aria-label="Report">
            <Show when=move || fates.with(|fates| !fates.is_empty())>
                <p class="fate">{fates}</p>
            </Show>
            <article class="prose text" aria-label="Report text">
                {move || match is_discarded.get() {
                    true => {
                        view! {
                            <p>"Discarded partial answer:"</p>
                            <del>{text()}</del>
                        }
                            .into_any()
                    }
                    false => text().into_any(),
                }}
            </article>
        </section>
    }
}

/// Reads the lanes of the final agents that have written something.
fn read_finals<T: Default>(run: ShownRun, read: impl FnOnce(&[&Lane]) -> T) -> T {
    run.read(|plan, timeline| {
        let lanes = timeline.lanes().iter().enumerate();
        let finals = lanes.filter(|(agent, _)| plan.pipeline().is_final(*agent));
        let written = finals.map(|(_, lane)| lane).filter(|lane| !lane.text.is_empty());
        read(&written.collect::<Vec<_>>())
    })
    .unwrap_or_default()
}

/// What is wrong with what the final agents wrote, or why they wrote nothing; empty where nothing is.
fn fates(run: ShownRun) -> String {
    run.read(|plan, timeline| {
        let pipeline = plan.pipeline();
        let lanes = timeline.lanes().iter().enumerate();
        let finals = lanes.filter(|(agent, _)| pipeline.is_final(*agent));
        let fates = finals.filter_map(|(agent, lane)| {
            sentences::fate(pipeline, agent, lane, plan.injected.contains(&agent))
        });
        fates.collect::<Vec<_>>().join(" ")
    })
    .unwrap_or_default()
}
