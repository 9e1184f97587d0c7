//! What came out of a race: how many times faster, and the article's formula with this run's
//! figures in it.

use std::time::Duration;

use super::dom::{Node, Nodes, el};
use super::signals::Memo;

use super::demo::Demo;
use super::race::phase;
use super::stage::Kind;
use super::ui::{flag, part, text};
use crate::decimal;
use crate::timeline::{Phase, metrics, sentences};
use crate::words;

/// The makespans of both schedules.
#[derive(Clone, Copy, PartialEq)]
pub struct Makespans {
    /// One agent after the other.
    pub sequential: Duration,
    /// Whatever can run, runs.
    pub parallel: Duration,
}

/// Both makespans as they are expected, before a run.
fn expected_makespans(demo: Demo) -> Option<Makespans> {
    // Like all that follows: figures of runs that are over, which not every frame changes.
    demo.phases.with(|_| ());
    demo.stage.with(|stage| {
        demo.frame.with_untracked(|frame| {
            let of = |kind| match stage.run_or_ghost(frame, stage.place(kind)?)? {
                (ghost, true) if phase(ghost) == Phase::Done => Some(ghost.makespan()),
                _ => None,
            };
            Some(Makespans { sequential: of(Kind::Sequential)?, parallel: of(Kind::Parallel)? })
        })
    })
}

/// What the durations of the parallel run teach, as sentences.
fn advice(demo: Demo) -> Vec<String> {
    demo.phases.with(|_| ());
    demo.stage.with(|stage| {
        demo.frame.with_untracked(|frame| match stage.run_or_ghost(frame, stage.shown()) {
            Some((run, _)) if phase(run) == Phase::Done && !run.keeps_answers() => {
                sentences::advice(stage.pipeline(), &metrics::durations(run))
            }
            _ => Vec::new(),
        })
    })
}

/// Both makespans, once both runs have their answer.
pub fn makespans(demo: Demo) -> Option<Makespans> {
    demo.phases.with(|_| ());
    demo.stage.with(|stage| {
        demo.frame.with_untracked(|frame| {
            let of = |kind| {
                let timeline = frame.timelines.get(stage.place(kind)?)?;
                let whole = phase(timeline) == Phase::Done && !timeline.keeps_answers();
                whole.then(|| timeline.makespan())
            };
            Some(Makespans { sequential: of(Kind::Sequential)?, parallel: of(Kind::Parallel)? })
        })
    })
}

/// A formula of one schedule.
#[derive(Clone, PartialEq)]
struct Sum {
    name: &'static str,
    spelled: String,
    /// Whether it is of the run as it is expected, and not of one that was.
    expected: bool,
}

/// The sums of all schedules: of the runs, or before them of what is expected.
fn sums(demo: Demo) -> Vec<Sum> {
    demo.phases.with(|_| ());
    demo.stage.with(|stage| {
        demo.frame.with_untracked(|frame| {
            let of = |(place, planned): (usize, &super::stage::Planned)| {
                let (timeline, expected) = stage.run_or_ghost(frame, place)?;
                if phase(timeline) != Phase::Done {
                    return None;
                }
                let durations = metrics::durations(timeline);
                let total = timeline.makespan();
                let spelled = match planned.kind {
                    Kind::Sequential => metrics::sequential_formula(total, &durations),
                    Kind::Parallel => {
                        metrics::parallel_formula(total, stage.pipeline(), &durations)
                    }
                };
                Some(Sum { name: planned.kind.word(), spelled: spelled?, expected })
            };
            stage.lineup.iter().enumerate().filter_map(of).collect()
        })
    })
}

/// The verdict.
pub fn verdict(demo: Demo) -> Node {
    let sums = Memo::new(move |_| sums(demo));
    let times = |both: Makespans| {
        metrics::speedup(both.sequential, both.parallel)
            .map(|times| words::times(&decimal::fixed(times, 1)))
    };
    let speedup = move || makespans(demo).and_then(times);
    let expected = move || expected_makespans(demo).and_then(times);
    let lessons = Memo::new(move |_| advice(demo).join(" "));
    let race = move || demo.structure.with(|structure| structure.kinds.len() > 1);
    el("div")
        .class("verdict")
        .child(
            el("p")
                .class("speedup")
                .when("pending", flag(move || speedup().is_none()))
                .when("none", flag(move || !race()))
                .attr("aria-hidden", "true")
                .child(el("strong").child(text(move || {
                    speedup().or_else(expected).unwrap_or_else(|| words::race::UNKNOWN_TIMES.into())
                })))
                .child(text(move || {
                    let expects = speedup().is_none() && expected().is_some();
                    if expects { words::race::FASTER_EXPECTED } else { words::race::FASTER }.into()
                })),
        )
        .child(el("dl").class("sums").child(part(move || sums.get().into_iter().map(row).nodes())))
        .child(el("p").class("advice").child(text(move || lessons.get())))
        .node()
}

fn row(sum: Sum) -> Node {
    let Sum { name, spelled, expected } = sum;
    let name = words::called(name);
    let name = if expected { words::race::expected(name) } else { name.to_owned() };
    el("div")
        .when("expected", expected)
        .child(el("dt").child(name))
        .child(el("dd").child(spelled))
        .node()
}
