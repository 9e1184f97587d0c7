//! The event loop: the one thread under each schedule, and the article's steps as they happen.

use std::cell::RefCell;

use super::dom::{Node, Nodes, el, svg};
use super::signals::{Memo, RwSignal, news};
use web_sys::KeyboardEvent;

use super::block::block;
use super::demo::Demo;
use super::stage::Kind;
use super::ui::{button, flag, part, percent, text};
use crate::time::Instant;
use crate::timeline::Timeline;
use crate::timeline::event_loop::{self, Picture, Rows};
use crate::timeline::playback::Command;
use crate::timeline::scale::TimeScale;
use crate::timeline::steps::{self, Step};
use crate::words;

/// Labelled moments on the axis, at most.
const TICKS: usize = 6;

/// The thread of each schedule, and the steps.
pub fn event_loop(demo: Demo) -> Node {
    let zoom = RwSignal::new(0_u32);
    let window = Memo::new(move |_| look(demo, zoom.get()));
    let rows = Memo::new(move |_| {
        demo.structure.with(|_| ());
        demo.stage.with_untracked(|stage| Rows::of(stage.pipeline()))
    });
    let keys = move |event: KeyboardEvent| {
        let step = window.get_untracked().extent() / 20;
        let cursor = cursor(demo);
        match event.key().as_str() {
            "+" | "=" => closer(demo, zoom, 1),
            "-" => closer(demo, zoom, -1),
            "0" => zoom.set(0),
            "ArrowRight" => demo.command(Command::Seek(cursor + step)),
            "ArrowLeft" => {
                let back = cursor.since(Instant::ZERO + step);
                demo.command(Command::Seek(Instant::ZERO + back));
            }
            _ => return,
        }
        event.prevent_default();
    };
    let shows =
        text(move || words::steps::in_view(&event_loop::milliseconds(window.get().extent())));
    el("section")
        .class("loop panel")
        .attr("aria-labelledby", "loop-title")
        .child(el("h2").attr("id", "loop-title").child(words::steps::EVENT_LOOP))
        .child(el("p").class("note").child(words::steps::ONE_THREAD))
        .child(
            el("div")
                .class("loop-tools")
                .child(button("", "zoom", text(|| words::steps::ZOOM_IN.into()), move || {
                    closer(demo, zoom, 1)
                }))
                .child(button("", "zoom", text(|| words::steps::ZOOM_OUT.into()), move || {
                    closer(demo, zoom, -1)
                }))
                .child(el("span").class("note").child(shows)),
        )
        .child(
            el("div")
                .class("threads")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", words::steps::POLLS)
                .hears("keydown", keys)
                .child(part(move || {
                    let kinds = demo.structure.get().kinds.into_iter().enumerate();
                    kinds.map(|(place, kind)| thread(demo, place, kind, rows, window)).nodes()
                }))
                .child(
                    el("div")
                        .class("row axis-row")
                        .attr("aria-hidden", "true")
                        .child(el("span").class("row-name").child(words::steps::SECONDS))
                        .child(
                            el("div").class("axis-plot").child(part(move || axis(window.get()))),
                        ),
                ),
        )
        .child(told(demo))
        .child(block(demo))
        .node()
}

fn cursor(demo: Demo) -> Instant {
    demo.playback.get().cursor(demo.edge.get())
}

/// What is looked at: the cursor and what is around it. After the last poll there is nothing to
/// see, so there it is the run's end.
fn look(demo: Demo, zoom: u32) -> TimeScale {
    let cursor = cursor(demo);
    demo.frame.with(|frame| {
        let ends = frame.timelines.iter().map(|timeline| timeline.run().end());
        let end = ends.collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max());
        let middle = end.map_or(cursor, |end| end.min(cursor));
        TimeScale::around(middle, frame.whole, zoom)
    })
}

fn closer(demo: Demo, zoom: RwSignal<u32>, steps: i32) {
    let deepest = demo.frame.with_untracked(|frame| TimeScale::deepest(frame.whole));
    zoom.update(|zoom| *zoom = zoom.saturating_add_signed(steps).min(deepest));
}

fn thread(demo: Demo, place: usize, kind: Kind, rows: Memo<Rows>, window: Memo<TimeScale>) -> Node {
    let picture = RefCell::new(Picture::default());
    let paths = news(move || {
        let window = window.get();
        demo.frame.with(|frame| {
            let Some(timeline) = frame.timelines.get(place) else { return Vec::new() };
            rows.with(|rows| {
                let mut picture = picture.borrow_mut();
                picture.draw((timeline, frame.number), rows, window);
                picture.paths(timeline, rows)
            })
        })
    });
    let said = text(move || {
        demo.frame
            .with(|frame| {
                let timeline = frame.timelines.get(place)?;
                Some(match event_loop::free(timeline) {
                    Some(free) => format!("{}: {free}", event_loop::busy(timeline)),
                    None => words::steps::NOTHING_YET.into(),
                })
            })
            .unwrap_or_default()
    });
    let names = move || rows.with(|rows| rows.labels.clone());
    let at = move || window.get().x(cursor(demo));
    el("div")
        .class("thread")
        .attr("data-kind", kind.word())
        .child(
            el("div")
                .class("thread-head")
                .child(el("h3").child(words::called(kind.word())))
                .child(el("p").class("busy").child(said)),
        )
        .child(
            el("div")
                .class("thread-rows")
                .attr("aria-hidden", "true")
                .child(part(move || {
                    let all = names();
                    let thread = row(paths, 0..all.len() + 1, words::steps::THREAD.into());
                    let own = |(index, name)| row(paths, index + 1..index + 2, name);
                    (thread, all.into_iter().enumerate().map(own).nodes())
                }))
                .child(
                    el("div").class("over").child(
                        el("div")
                            .class("cursor")
                            .when("none", flag(move || !(0.0..=1.0).contains(&at())))
                            .style("left", text(move || percent(at()))),
                    ),
                ),
        )
        .child(el("p").class("note").child(text(move || sums(demo, place, rows))))
        .node()
}

/// The row of the thread holds the marks of all others too, each in its own colour.
fn row(paths: RwSignal<Vec<String>>, rows: std::ops::Range<usize>, name: String) -> Node {
    let first = rows.start;
    let number = if first == 0 { String::new() } else { first.to_string() };
    let drawn = rows.map(|row| {
        let path = text(move || paths.with(|paths| paths.get(row).cloned().unwrap_or_default()));
        let agent = if row == 0 { String::new() } else { row.to_string() };
        svg("path").attr("d", path).attr("data-agent", agent)
    });
    el("div")
        .class("row")
        .attr("data-agent", number.clone())
        .child(el("span").class("row-name").child(el("b").child(number)).child(" ").child(name))
        .child(
            svg("svg")
                .attr("viewBox", "0 0 1 1")
                .attr("preserveAspectRatio", "none")
                .child(drawn.nodes()),
        )
        .node()
}

/// "1 news 12 polls, 0.3 ms · 2 stock …": the picture in words.
fn sums(demo: Demo, place: usize, rows: Memo<Rows>) -> String {
    demo.frame.with(|frame| {
        let Some(timeline) = frame.timelines.get(place) else { return String::new() };
        rows.with(|rows| {
            let of = rows.labels.iter().zip(rows.sums(timeline)).enumerate();
            let spoken = of.map(|(index, (name, (polls, held)))| {
                let held = event_loop::milliseconds(held);
                let polls = words::steps::polls(polls);
                format!("{} {name}: {polls}, {held}", index + 1)
            });
            spoken.collect::<Vec<_>>().join(" · ")
        })
    })
}

fn axis(window: TimeScale) -> Node {
    let ticks = window.ticks(TICKS).into_iter().map(|tick| {
        el("span").class("tick").style("left", percent(tick.x)).child(tick.label).node()
    });
    ticks.nodes()
}

/// The article's steps, under this run's own agents.
fn told(demo: Demo) -> Node {
    let steps = Memo::new(move |_| {
        demo.stage
            .with(|stage| {
                demo.frame.with(|frame| {
                    let fits = |timeline: &&Timeline| timeline.lanes().len() == stage.agents();
                    let timeline = frame.timelines.get(stage.shown()).filter(fits);
                    timeline.map(|timeline| steps::steps(stage.pipeline(), timeline))
                })
            })
            .unwrap_or_default()
    });
    let whose = text(move || {
        demo.structure.with(|_| ());
        demo.stage.with_untracked(|stage| {
            let kind = stage.lineup.get(stage.shown()).map(|planned| planned.kind.word());
            words::steps::step_by_step(words::called(kind.unwrap_or_default()))
        })
    });
    el("div")
        .class("steps")
        .child(el("h3").attr("id", "steps-title").child(whose))
        .child(
            el("ol")
                .attr("aria-labelledby", "steps-title")
                .child(part(move || steps.get().into_iter().map(step).nodes())),
        )
        .node()
}

fn step(step: Step) -> Node {
    let state = step.state.word();
    el("li")
        .attr("data-state", state)
        .child(step.text)
        .child(" ")
        .child(el("span").class("state").child(words::called(state)))
        .node()
}
