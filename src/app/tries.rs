//! What is seen of attempts: the failed ones on a bar, the waits between them, what they had said,
//! and the limit that a run has given itself after a refusal.

use leptos::prelude::*;

use super::demo::Demo;
use super::lane::block;
use super::race::mark;
use super::ui::{part, percent, shown};
use crate::timeline::gantt::{Bar, FailedTry, Stretch};
use crate::timeline::{Lane, Phase, Timeline, words};

/// The failed attempts on a bar and the waits after them, in front of the present one.
pub fn tries(bar: Memo<Option<Bar>>) -> AnyView {
    let count = Memo::new(move |_| bar.with(|bar| bar.as_ref().map_or(0, |bar| bar.failed.len())));
    part(move || {
        let tries = (0..count.get()).map(|at| {
            let of = |part: fn(&FailedTry) -> Option<Stretch>| {
                move || bar.with(|bar| part(bar.as_ref()?.failed.get(at)?))
            };
            let parts = [
                block("retry-wait", of(|attempt| Some(attempt.wait))),
                block("queue", of(|attempt| attempt.queue)),
                block("failed-try", of(|attempt| Some(attempt.run))),
            ];
            parts.collect_view()
        });
        tries.collect_view().into_any()
    })
    .into_any()
}

/// Which attempt the agent is at, and how long until it begins; or that it has its answer already.
pub fn standing(timeline: &Timeline, agent: usize) -> Option<String> {
    let lane = timeline.lanes().get(agent)?;
    match lane.phase() {
        Phase::Kept => Some("kept from before".into()),
        _ => words::attempt(lane, timeline.cursor()),
    }
}

/// What the failed attempts had said: struck through, since nobody reads it.
pub fn thrown_away(lane: Memo<Option<Lane>>) -> AnyView {
    let thrown = Memo::new(move |_| {
        lane.with(|lane| {
            let lane = lane.as_ref()?;
            let tries = lane.failed.iter().enumerate();
            let told = tries.filter_map(|(at, attempt)| {
                Some((words::thrown_away(lane, at + 1)?, attempt.text.clone()))
            });
            Some(told.collect::<Vec<_>>())
        })
    });
    part(move || {
        let thrown = thrown.get().unwrap_or_default();
        let views = thrown.into_iter().map(|(what, said)| {
            view! {
                <div class="thrown">
                    <p class="fate">{what}</p>
                    <p class="text"><del>{said}</del></p>
                </div>
            }
            .into_any()
        });
        views.collect_view().into_any()
    })
    .into_any()
}

/// "at most 3 at once since a refusal", where a run has lowered its own limit.
pub fn limit(demo: Demo, place: usize) -> Option<String> {
    demo.frame.with(|frame| {
        let (_, limit) = frame.timelines.get(place)?.limits().last()?;
        Some(format!("at most {limit} at once since a refusal"))
    })
}

/// Where on a track the run has lowered its limit, and to what.
pub fn limits(demo: Demo, place: usize) -> AnyView {
    let marks = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let limits = frame.timelines.get(place)?.limits();
            let at = limits.iter().map(|(at, limit)| (frame.scale().x(*at), limit.get()));
            Some(at.collect::<Vec<_>>())
        })
    });
    let lines = part(move || {
        let marks = marks.get().unwrap_or_default();
        let lines = marks.into_iter().map(|(x, limit)| {
            view! {
                <div class="limit-line" style:left=percent(x)>
                    <span>{format!("limit {limit}")}</span>
                </div>
            }
            .into_any()
        });
        lines.collect_view().into_any()
    });
    view! { <div class="grid" aria-hidden="true">{lines}</div> }.into_any()
}

/// What the marks of attempts mean, as soon as there are some.
pub fn legend(demo: Demo) -> AnyView {
    let tried = move || {
        demo.frame.with(|frame| {
            let mut lanes = frame.timelines.iter().flat_map(|timeline| timeline.lanes());
            lanes.any(|lane| !lane.failed.is_empty())
        })
    };
    let marks = || {
        let marks = [("a try that failed", "failed-try"), ("wait for the next one", "retry-wait")];
        let items = marks.map(|(meaning, class)| mark(meaning, class));
        view! { <ul class="legend">{items.collect_view()}</ul> }.into_any()
    };
    shown(tried, marks).into_any()
}

/// Whether there are failed attempts on a bar.
pub fn is_tried(bar: Memo<Option<Bar>>) -> bool {
    bar.with(|bar| bar.as_ref().is_some_and(|bar| !bar.failed.is_empty()))
}
