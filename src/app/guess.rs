//! A guess before the run: what is expected stays hidden, and the result stands beside the guess.

use std::time::Duration;

use super::dom::{Node, el, nothing};
use super::signals::Memo;
use leptos::prelude::*;

use super::demo::Demo;
use super::handle::seconds_exact;
use super::race::phase;
use super::stage::Kind;
use super::ui::{button, part, text};
use crate::decimal;
use crate::time::{parse_seconds, seconds};
use crate::timeline::{Phase, sentences};
use crate::words;

/// How long the parallel run took, once it has its answer.
fn truth(demo: Demo) -> Option<Duration> {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(stage.place(Kind::Parallel)?)?;
            (phase(timeline) == Phase::Done).then(|| timeline.makespan())
        })
    })
}

/// Whether what is expected has to stay hidden.
pub fn is_open(demo: Demo) -> bool {
    demo.guess.get().is_some() && truth(demo).is_none()
}

/// The longest guess that makes sense: what the sequential run is expected to take.
fn longest(demo: Demo) -> Option<Duration> {
    demo.stage.with(|stage| {
        let parallel = stage.place(Kind::Parallel)?;
        stage.place(Kind::Sequential).and(stage.lineup[parallel].ghost.as_ref())?;
        Some(stage.lineup[stage.place(Kind::Sequential)?].ghost.as_ref()?.makespan())
    })
}

/// Asks for a guess, takes it, and holds it against the truth.
pub fn guess(demo: Demo) -> Node {
    let stage = Memo::new(move |_| match demo.guess.get() {
        _ if longest(demo).is_none() => 0,
        None => 1,
        Some(_) if truth(demo).is_none() => 2,
        Some(_) => 3,
    });
    let view = part(move || match stage.get() {
        1 => button("quiet", "guess", text(|| words::race::GUESS_FIRST.into()), move || {
            demo.guess.set(longest(demo).map(|longest| longest / 2));
        }),
        2 => ask(demo),
        3 => answer(demo),
        _ => nothing(),
    });
    el("div").class("guess").attr("data-control", "guess").child(view).node()
}

fn ask(demo: Demo) -> Node {
    let value = move || demo.guess.get().unwrap_or_default();
    (
        el("label")
            .child(el("span").child(words::race::YOUR_GUESS_FOR_PARALLEL))
            .child(
                el("input")
                    .attr("type", "range")
                    .attr("aria-label", words::race::YOUR_GUESS)
                    .attr(
                        "aria-valuetext",
                        text(move || words::race::spoken_seconds(&seconds(value()))),
                    )
                    .attr("min", "0")
                    .attr("step", "0.1")
                    .attr("max", text(move || seconds_exact(longest(demo).unwrap_or_default())))
                    .prop("value", text(move || seconds_exact(value())))
                    .on("input", move |event| {
                        if let Some(guess) = parse_seconds(&event_target_value(&event)) {
                            demo.guess.set(Some(guess));
                        }
                    }),
            )
            .child(
                el("output")
                    .attr("aria-hidden", "true")
                    .child(text(move || words::seconds(&decimal::fixed(value().as_secs_f64(), 1)))),
            ),
        button("quiet", "guess", text(|| words::race::RATHER_SHOW_IT.into()), move || {
            demo.guess.set(None)
        }),
    )
        .into()
}

fn answer(demo: Demo) -> Node {
    let sentence = text(move || match (demo.guess.get(), truth(demo)) {
        (Some(guess), Some(truth)) => sentences::guessed(guess, truth),
        _ => String::new(),
    });
    (
        el("p").child(sentence),
        button("quiet", "guess", text(|| words::race::FORGET_THE_GUESS.into()), move || {
            demo.guess.set(None)
        }),
    )
        .into()
}
