//! What is seen of attempts: the failed ones on a bar, the waits between them, what they had said,
//! and the limit that a run has given itself after a refusal.

use super::dom::{Node, Nodes, el};
use super::signals::{Memo, RwSignal};

use super::demo::Demo;
use super::lane::block;
use super::race::mark;
use super::ui::{part, percent, shown};
use crate::timeline::gantt::{Bar, FailedTry, Stretch};
use crate::timeline::{Lane, Phase, Timeline, sentences};
use crate::words;

/// The failed attempts on a bar and the waits after them, in front of the present one.
pub fn tries(bar: Memo<Option<Bar>>) -> Node {
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
            parts.nodes()
        });
        tries.nodes()
    })
}

/// Which attempt the agent is at, and how long until it begins; or that it has its answer already.
pub fn standing(timeline: &Timeline, agent: usize) -> Option<String> {
    let lane = timeline.lanes().get(agent)?;
    match lane.phase() {
        Phase::Kept => Some(words::page::KEPT.into()),
        _ => sentences::attempt(lane, timeline.cursor()),
    }
}

/// What the failed attempts had said: struck through, since nobody reads it.
pub fn thrown_away(lane: RwSignal<Option<Lane>>) -> Node {
    let thrown = Memo::new(move |_| {
        lane.with(|lane| {
            let lane = lane.as_ref()?;
            let tries = lane.failed.iter().enumerate();
            let told = tries.filter_map(|(at, attempt)| {
                Some((sentences::thrown_away(lane, at + 1)?, attempt.text.clone()))
            });
            Some(told.collect::<Vec<_>>())
        })
    });
    part(move || {
        let thrown = thrown.get().unwrap_or_default();
        let views = thrown.into_iter().map(|(what, said)| {
            el("div")
                .class("thrown")
                .child(el("p").class("fate").child(what))
                .child(el("p").class("text").child(el("del").child(said)))
                .node()
        });
        views.nodes()
    })
}

/// "at most 3 at once since a refusal", where a run has lowered its own limit.
pub fn limit(demo: Demo, place: usize) -> Option<String> {
    demo.frame.with(|frame| {
        let (_, limit) = frame.timelines.get(place)?.limits().last()?;
        Some(words::page::at_most_at_once(limit.get()))
    })
}

/// Where on a track the run has lowered its limit, and to what.
pub fn limits(demo: Demo, place: usize) -> Node {
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
            el("div")
                .class("limit-line")
                .style("left", percent(x))
                .child(el("span").child(words::page::limit(limit)))
                .node()
        });
        lines.nodes()
    });
    el("div").class("grid").attr("aria-hidden", "true").child(lines).node()
}

/// What the marks of attempts mean, as soon as there are some.
pub fn legend(demo: Demo) -> Node {
    let tried = move || {
        demo.frame.with(|frame| {
            let mut lanes = frame.timelines.iter().flat_map(|timeline| timeline.lanes());
            lanes.any(|lane| !lane.failed.is_empty())
        })
    };
    let marks = || {
        let marks =
            [(words::page::FAILED_TRY, "failed-try"), (words::page::RETRY_WAIT, "retry-wait")];
        let items = marks.map(|(meaning, class)| mark(meaning, class));
        el("ul").class("legend").child(items.nodes()).node()
    };
    shown(tried, marks)
}

/// Whether there are failed attempts on a bar.
pub fn is_tried(bar: Memo<Option<Bar>>) -> bool {
    bar.with(|bar| bar.as_ref().is_some_and(|bar| !bar.failed.is_empty()))
}
