//! The race: both schedules of one pipeline, on one clock and one axis.

use super::dom::{Node, Nodes, el, svg};
use super::signals::Memo;

use super::demo::Demo;
use super::guess;
use super::joins::joins;
use super::lane::{critical_path, lane};
use super::stage::Kind;
use super::transport::transport;
use super::tries;
use super::ui::{flag, part, percent, shown, text};
use super::verdict::{makespans, verdict};
use crate::decimal;
use crate::time::{Instant, seconds};
use crate::timeline::gantt;
use crate::timeline::playback::Playback;
use crate::timeline::{Phase, Timeline};

/// More lanes than this are drawn as one shape for each phase.
const MOST_LANES: usize = 40;
/// Labelled moments on the axis, at most.
const TICKS: usize = 8;

/// The race, with what starts and moves it.
pub fn race(demo: Demo) -> Node {
    let longest_name = text(move || {
        demo.structure.with(|_| ());
        demo.stage.with_untracked(|stage| {
            let names = stage.pipeline().agents().iter().map(|agent| agent.name.chars().count());
            names.max().unwrap_or_default().to_string()
        })
    });
    el("section")
        .class("race panel")
        .when("guessing", flag(move || guess::is_open(demo)))
        .attr("aria-labelledby", "race-title")
        .child(el("h2").attr("id", "race-title").class("visually-hidden").child("Race"))
        .child(transport(demo))
        .child(guess::guess(demo))
        .child(
            el("div")
                .class("tracks")
                .style("--longest-name", longest_name)
                .child(part(move || {
                    let kinds = demo.structure.get().kinds.into_iter().enumerate();
                    kinds.map(|(place, kind)| track(demo, place, kind)).nodes()
                }))
                .child(axis(demo)),
        )
        .child(legend(demo))
        .child(tries::legend(demo))
        .child(verdict(demo))
        .node()
}

fn track(demo: Demo, place: usize, kind: Kind) -> Node {
    let lanes = demo.stage.with_untracked(|stage| stage.agents());
    let many = lanes > MOST_LANES;
    // Once for all lanes: it walks the whole pipeline.
    let path = Memo::new(move |_| critical_path(demo, place));
    let title = match kind {
        Kind::Sequential => "Sequential",
        Kind::Parallel => "Parallel",
    };
    let how = move || match (kind, demo.settings.with(|settings| settings.limit)) {
        (Kind::Sequential, _) => "one after the other".into(),
        (Kind::Parallel, None) => "whatever can start, starts".into(),
        (Kind::Parallel, Some(limit)) => format!("at most {limit} at once"),
    };
    let how = text(move || tries::limit(demo, place).unwrap_or_else(how));
    let run_phase = text(move || {
        demo.frame
            .with(|frame| frame.timelines.get(place).map_or(Phase::Waiting, phase).word().into())
    });
    // While nothing has run, the figure is what is expected, and looks like it.
    let figure = text(move || {
        let length = demo.stage.with(|stage| {
            demo.frame.with(|frame| Some(stage.run_or_ghost(frame, place)?.0.makespan()))
        });
        length.map(|length| decimal::fixed(length.as_secs_f64(), 1)).unwrap_or_default()
    });
    let then = move || {
        let earlier = demo.history.overlay(|overlay| Some(overlay.run(kind.word())?.makespan()));
        earlier.map(|length| format!("earlier: {} s", seconds(length)))
    };
    el("div")
        .class("track")
        .attr("data-kind", kind.word())
        .attr("data-phase", run_phase)
        .child(
            el("div")
                .class("track-head")
                .child(el("h3").child(title))
                .child(el("p").class("how").child(how))
                .child(el("p").class("then").child(text(move || then().unwrap_or_default())))
                .child(
                    el("p")
                        .class("figure")
                        .attr("aria-hidden", "true")
                        .child(el("span").class("value").child(figure))
                        .child(el("span").class("unit").child(" s")),
                ),
        )
        .child(
            el("div")
                .class("lanes")
                .when("many", many)
                .child(grid(demo))
                .child(if many {
                    many_lanes(demo, place, lanes)
                } else {
                    (0..lanes).map(|agent| lane(demo, place, agent, path)).nodes()
                })
                .child(saved(demo, kind))
                .child((kind == Kind::Parallel && !many).then(|| joins(demo, place)))
                .child(guess_line(demo, kind))
                .child(tries::limits(demo, place)),
        )
        .node()
}

/// The phase of the run as a whole at the cursor.
pub fn phase(timeline: &Timeline) -> Phase {
    timeline.run().phase()
}

fn many_lanes(demo: Demo, place: usize, lanes: usize) -> Node {
    const PHASES: [Phase; 4] = [Phase::Running, Phase::Done, Phase::Failed, Phase::Cancelled];
    let shapes = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let bars = gantt::bars(timeline, frame.scale());
            Some(PHASES.map(|phase| gantt::path(&bars, phase)))
        })
    });
    // Its own memo, since it changes with the axis and not with the frame.
    let scale = demo.scale;
    let ghost = move || {
        demo.stage.with(|stage| {
            let ghost = stage.lineup.get(place)?.ghost.as_ref()?;
            Some(gantt::path(&gantt::bars(ghost, scale.get()), Phase::Done))
        })
    };
    let earlier = move || {
        let kind = demo.stage.with(|stage| Some(stage.lineup.get(place)?.kind.word()))?;
        demo.history.overlay(|overlay| {
            Some(gantt::path(&gantt::bars(overlay.run(kind)?, scale.get()), Phase::Done))
        })
    };
    let count = move || {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let done = timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Done).count();
            Some(format!("{done} of {lanes} done, {} in flight", timeline.in_flight()))
        })
    };
    let shapes = PHASES.into_iter().enumerate().map(|(at, phase)| {
        let class = format!("many-{}", phase.word());
        let path = move || shapes.with(|shapes| Some(shapes.as_ref()?.get(at)?.clone()));
        svg("path").class(class).attr("d", text(move || path().unwrap_or_default())).node()
    });
    el("div")
        .class("lane")
        .child(
            el("span")
                .class("lane-name")
                .attr("aria-hidden", "true")
                .child(text(move || count().unwrap_or_default())),
        )
        .child(
            el("div").class("lane-plot").child(
                svg("svg")
                    .attr("viewBox", format!("0 0 1 {lanes}"))
                    .attr("preserveAspectRatio", "none")
                    .child(
                        svg("path")
                            .class("many-earlier")
                            .attr("d", text(move || earlier().unwrap_or_default())),
                    )
                    .child(
                        svg("path")
                            .class("many-ghost")
                            .attr("d", text(move || ghost().unwrap_or_default())),
                    )
                    .child(shapes.nodes()),
            ),
        )
        .node()
}

/// Labelled moments, as lines through the lanes, and the cursor.
fn grid(demo: Demo) -> Node {
    let scale = demo.scale;
    let lines = part(move || {
        let lines = scale
            .get()
            .ticks(TICKS)
            .into_iter()
            .map(|tick| el("div").class("grid-line").style("left", percent(tick.x)).node());
        lines.nodes()
    });
    // While the run goes on, and whenever the cursor is somewhere in it.
    let shown = move || {
        let held = demo.playback.get() != Playback::Following;
        demo.frame.with(|frame| {
            let running = frame.timelines.iter().any(|timeline| phase(timeline) == Phase::Running);
            frame.edge > Instant::ZERO && (running || held)
        })
    };
    let at = move || demo.scale.get().x(demo.playback.get().cursor(demo.edge.get())).min(1.0);
    el("div")
        .class("grid")
        .attr("aria-hidden", "true")
        .child(lines)
        .child(
            el("div")
                .class("cursor")
                .when("none", flag(move || !shown()))
                .style("left", text(move || percent(at()))),
        )
        .node()
}

/// The time between the parallel run's end and the sequential one's, once both are known.
fn saved(demo: Demo, kind: Kind) -> Node {
    let both = Memo::new(move |_| makespans(demo));
    let scale = demo.scale;
    let view = move || {
        let both = both.get().filter(|_| kind == Kind::Parallel)?;
        let saved = both.sequential.checked_sub(both.parallel).filter(|saved| !saved.is_zero())?;
        let (x, width) = (scale.get().length(both.parallel), scale.get().length(saved));
        Some(
            el("div")
                .class("saved")
                .style("left", percent(x))
                .style("width", percent(width))
                .child(el("span").child(format!("{} s saved", seconds(saved)))),
        )
    };
    el("div").class("grid behind").attr("aria-hidden", "true").child(part(move || view())).node()
}

/// Where the reader's guess lies on the parallel track.
fn guess_line(demo: Demo, kind: Kind) -> Node {
    let at = move || {
        let guess = demo.guess.get().filter(|_| kind == Kind::Parallel)?;
        Some(demo.scale.get().length(guess))
    };
    el("div")
        .class("grid")
        .attr("aria-hidden", "true")
        .child(
            el("div")
                .class("guess-line")
                .when("none", flag(move || at().is_none()))
                .style("left", text(move || percent(at().unwrap_or_default())))
                .child("your guess"),
        )
        .node()
}

fn axis(demo: Demo) -> Node {
    let scale = demo.scale;
    let ticks = part(move || {
        let ticks = scale.get().ticks(TICKS).into_iter().map(|tick| {
            el("span").class("tick").style("left", percent(tick.x)).child(tick.label).node()
        });
        ticks.nodes()
    });
    el("div")
        .class("axis")
        .attr("aria-hidden", "true")
        .child(el("span").class("axis-name").child("seconds"))
        .child(el("div").class("axis-plot").child(ticks))
        .node()
}

/// What the marks mean, drawn with the marks themselves.
fn legend(demo: Demo) -> Node {
    let marks = [
        ("expected", "ghost"),
        ("waiting for the first word", "silence"),
        ("answering", "bar"),
        ("done", "bar done"),
        ("queued for a slot", "queue"),
        ("critical path", "bar done critical"),
        ("time to spare", "slack"),
    ];
    let items = marks.into_iter().map(|(meaning, class)| mark(meaning, class));
    let earlier = shown(
        move || demo.history.overlay(|_| Some(())).is_some(),
        || mark("an earlier run", "earlier"),
    );
    el("ul").class("legend").child(items.nodes()).child(earlier).node()
}

/// An entry of a legend: what the mark of that class means.
pub fn mark(meaning: &'static str, class: &'static str) -> Node {
    el("li")
        .child(
            el("span").class("swatch").attr("aria-hidden", "true").child(el("span").class(class)),
        )
        .child(meaning)
        .node()
}
