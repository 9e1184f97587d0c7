//! The race: both schedules of one pipeline, on one clock and one axis.

use super::dom::{Node, Nodes, el, svg};
use super::signals::Memo;
use leptos::prelude::Signal;
use wasm_bindgen::JsCast;

use super::crowd;
use super::demo::Demo;
use super::guess;
use super::joins::joins;
use super::lane::{critical_path, lane};
use super::rest::{Place, later};
use super::stage::Kind;
use super::transport::transport;
use super::tries;
use super::ui::{flag, part, percent, shown, text};
use super::verdict::{makespans, verdict};
use crate::decimal;
use crate::time::{Instant, seconds};
use crate::timeline::crowd::grouped;
use crate::timeline::overview::{self, DRAWN};
use crate::timeline::playback::Playback;
use crate::timeline::sentences;
use crate::timeline::{Phase, Timeline};
use crate::words;

/// The picture of many lanes has so many rows at most: as many as it is pixels high.
const MOST_ROWS: usize = 160;
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
        .child(el("h2").attr("id", "race-title").class("visually-hidden").child(words::race::RACE))
        .child(transport(demo))
        .child(guess::guess(demo))
        .child(later(demo, Place::Crowd))
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
    let (lanes, many) = demo.stage.with_untracked(|stage| (stage.agents(), stage.is_crowd()));
    // Once for all lanes: it walks the whole pipeline.
    let path = Memo::new(move |_| critical_path(demo, place));
    let title = match kind {
        Kind::Sequential => words::race::SEQUENTIAL,
        Kind::Parallel => words::race::PARALLEL,
    };
    let how = move || match (kind, demo.settings.with(|settings| settings.limit)) {
        (Kind::Sequential, _) => words::race::ONE_AFTER_THE_OTHER.into(),
        (Kind::Parallel, None) => words::race::WHATEVER_CAN_START.into(),
        (Kind::Parallel, Some(limit)) => words::race::at_most_at_once(limit.get()),
    };
    // While the reader points at an agent, what there is to read of it on this track.
    let pointed = Memo::new(move |_| {
        let agent = demo.pointed.with(|pointed| match pointed[..] {
            [agent] => Some(agent),
            _ => None,
        })?;
        demo.stage.with(|stage| {
            demo.frame.with(|frame| {
                let (timeline, is_ghost) = stage.run_or_ghost(frame, place)?;
                let times = sentences::times(timeline.lanes().get(agent)?);
                let name = stage.name(agent);
                Some(match is_ghost {
                    true => words::race::times_expected(&name, &times),
                    false => words::race::times(&name, &times),
                })
            })
        })
    });
    let how = text(move || pointed.get().or_else(|| tries::limit(demo, place)).unwrap_or_else(how));
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
        earlier.map(|length| words::race::earlier(&seconds(length)))
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
                        .child(el("span").class("unit").child(words::race::UNIT)),
                ),
        )
        .child(
            el("div")
                .class("lanes")
                .when("many", many)
                .child(grid(demo))
                .child(many.then(|| many_lanes(demo, place, lanes)))
                .child(part(move || {
                    let agents = demo.lanes_in_view().agents();
                    agents.map(|agent| lane(demo, place, agent, path)).nodes()
                }))
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
    let shapes = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            Some(overview::paths(timeline, frame.scale(), MOST_ROWS))
        })
    });
    // Its own memo, since it changes with the axis and not with the frame.
    let scale = demo.scale;
    let done = DRAWN.iter().position(|phase| *phase == Phase::Done).unwrap_or_default();
    let whole = move |timeline: &Timeline| {
        let paths = overview::paths(timeline, scale.get(), MOST_ROWS);
        paths.into_iter().nth(done).unwrap_or_default()
    };
    let ghost =
        move || demo.stage.with(|stage| Some(whole(stage.lineup.get(place)?.ghost.as_deref()?)));
    let earlier = move || {
        let kind = demo.stage.with(|stage| Some(stage.lineup.get(place)?.kind.word()))?;
        demo.history.overlay(|overlay| Some(whole(overlay.run(kind)?)))
    };
    let count = move || {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let done = timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Done).count();
            let [done, lanes, out] = [done, lanes, timeline.in_flight()].map(grouped);
            Some(words::race::many_done(&done, &lanes, &out))
        })
    };
    let shapes = DRAWN.into_iter().enumerate().map(|(at, phase)| {
        let class = format!("many-{}", phase.word());
        let path = move || shapes.with(|shapes| Some(shapes.as_ref()?.get(at)?.clone()));
        svg("path").class(class).attr("d", text(move || path().unwrap_or_default())).node()
    });
    let rows = overview::rows(lanes, MOST_ROWS);
    // To whoever is drawn where the pointer is.
    let look = move |event: web_sys::MouseEvent| {
        let plot = event.current_target().and_then(|at| at.dyn_into::<web_sys::Element>().ok());
        let Some(plot) = plot.map(|plot| plot.get_bounding_client_rect()) else { return };
        let share = (f64::from(event.client_y()) - plot.top()) / plot.height().max(1.0);
        demo.look_at((share.clamp(0.0, 1.0) * lanes as f64) as usize);
    };
    let of = |path: Signal<String>, class: &'static str| svg("path").class(class).attr("d", path);
    el("div")
        .class("lane all-lanes")
        .child(
            el("span")
                .class("lane-name")
                .attr("aria-hidden", "true")
                .child(text(move || count().unwrap_or_default())),
        )
        .child(
            el("div")
                .class("lane-plot")
                .attr("title", words::race::LOOK_AT_THESE)
                .hears("click", look)
                .child(
                    svg("svg")
                        .attr("viewBox", format!("0 0 1 {rows}"))
                        .attr("preserveAspectRatio", "none")
                        .attr("aria-hidden", "true")
                        .child(of(text(move || earlier().unwrap_or_default()), "many-earlier"))
                        .child(of(text(move || ghost().unwrap_or_default()), "many-ghost"))
                        .child(shapes.nodes()),
                )
                .child(crowd::bracket(demo)),
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
                .child(el("span").child(words::race::saved(&seconds(saved)))),
        )
    };
    el("div").class("grid behind").attr("aria-hidden", "true").child(part(view)).node()
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
                .child(words::race::YOUR_GUESS_MARK),
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
        .child(el("span").class("axis-name").child(words::race::SECONDS))
        .child(el("div").class("axis-plot").child(ticks))
        .node()
}

/// What the marks mean, drawn with the marks themselves.
fn legend(demo: Demo) -> Node {
    let marks = [
        (words::race::EXPECTED, "ghost"),
        (words::race::SILENCE, "silence"),
        (words::race::ANSWERING, "bar"),
        (words::race::DONE, "bar done"),
        (words::race::QUEUE, "queue"),
        (words::race::CRITICAL_PATH, "bar done critical"),
        (words::race::SLACK, "slack"),
    ];
    let items = marks.into_iter().map(|(meaning, class)| mark(meaning, class));
    let earlier = shown(
        move || demo.history.overlay(|_| Some(())).is_some(),
        || mark(words::race::EARLIER_RUN, "earlier"),
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
