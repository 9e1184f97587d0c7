//! The event loop: the one thread under each schedule, and the article's steps as they happen.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::block::block;
use super::demo::Demo;
use super::stage::Kind;
use super::ui::{button, flag, part, percent, text};
use crate::time::Instant;
use crate::timeline::Timeline;
use crate::timeline::event_loop::{self, Rows, Window};
use crate::timeline::playback::Command;
use crate::timeline::steps::{self, Step};

/// Labelled moments on the axis, at most.
const TICKS: u64 = 6;

/// The thread of each schedule, and the steps.
pub fn event_loop(demo: Demo) -> AnyView {
    let zoom = RwSignal::new(0_u32);
    let window = Memo::new(move |_| look(demo, zoom.get()));
    let rows = Memo::new(move |_| {
        demo.structure.with(|_| ());
        demo.stage.with_untracked(|stage| Rows::of(stage.pipeline()))
    });
    let keys: Box<dyn FnMut(KeyboardEvent)> = Box::new(move |event| {
        let step = window.get_untracked().length() / 20;
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
    });
    let shows = text(move || {
        format!("{} in view, around the cursor", event_loop::milliseconds(window.get().length()))
    });
    view! {
        <section class="loop panel" aria-labelledby="loop-title">
            <h2 id="loop-title">"Event loop"</h2>
            <p class="note">
                "All agents share this page's one thread. Each mark is a poll: a moment in which "
                "the loop gave the thread to one agent. Where there is no mark the thread was free, "
                "and everybody in flight was waiting. Browsers measure in steps of 0.1 ms or "
                "more: a shorter poll reads 0.0 ms."
            </p>
            <div class="loop-tools">
                {button("", "zoom", text(|| "Zoom in".into()), move || closer(demo, zoom, 1))}
                {button("", "zoom", text(|| "Zoom out".into()), move || closer(demo, zoom, -1))}
                <span class="note">{shows}</span>
            </div>
            <div
                class="threads"
                tabindex="0"
                role="group"
                aria-label="Polls on the thread. Plus and minus zoom, arrow keys move the cursor."
                on:keydown=keys
            >
                {part(move || {
                    let kinds = demo.structure.get().kinds.into_iter().enumerate();
                    kinds
                        .map(|(place, kind)| thread(demo, place, kind, rows, window))
                        .collect_view()
                        .into_any()
                })}
                <div class="row axis-row" aria-hidden="true">
                    <span class="row-name">"seconds"</span>
                    <div class="axis-plot">{part(move || axis(window.get()))}</div>
                </div>
            </div>
            {told(demo)}
            {block(demo)}
        </section>
    }
    .into_any()
}

fn cursor(demo: Demo) -> Instant {
    demo.playback.get().cursor(demo.edge.get())
}

/// What is looked at: the cursor and what is around it. After the last poll there is nothing to
/// see, so there it is the run's end.
fn look(demo: Demo, zoom: u32) -> Window {
    let cursor = cursor(demo);
    demo.frame.with(|frame| {
        let ends = frame.timelines.iter().map(|timeline| timeline.run().end());
        let end = ends.collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max());
        let middle = end.map_or(cursor, |end| end.min(cursor));
        Window::around(middle, frame.scale().end(), zoom)
    })
}

fn closer(demo: Demo, zoom: RwSignal<u32>, steps: i32) {
    let deepest = demo.frame.with_untracked(|frame| Window::deepest(frame.scale().end()));
    zoom.update(|zoom| *zoom = zoom.saturating_add_signed(steps).min(deepest));
}

fn thread(demo: Demo, place: usize, kind: Kind, rows: Memo<Rows>, window: Memo<Window>) -> AnyView {
    let paths = Memo::new(move |_| {
        let window = window.get();
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place);
            let drawn = |timeline| rows.with(|rows| event_loop::paths(timeline, rows, window));
            timeline.map(drawn).unwrap_or_default()
        })
    });
    let said = text(move || {
        demo.frame
            .with(|frame| {
                let timeline = frame.timelines.get(place)?;
                Some(match event_loop::free(timeline) {
                    Some(free) => format!("{}: {free}", event_loop::busy(timeline)),
                    None => "nothing has run yet".into(),
                })
            })
            .unwrap_or_default()
    });
    let names = move || rows.with(|rows| rows.labels.clone());
    let at = move || window.get().x(cursor(demo));
    view! {
        <div class="thread" data-kind=kind.word()>
            <div class="thread-head">
                <h3>{kind.word()}</h3>
                <p class="busy">{said}</p>
            </div>
            <div class="thread-rows" aria-hidden="true">
                {row(paths, 0, "thread".into())}
                {part(move || {
                    let named = names().into_iter().enumerate();
                    named.map(|(index, name)| row(paths, index + 1, name)).collect_view().into_any()
                })}
                <div class="over">
                    <div
                        class="cursor"
                        class:none=flag(move || !(0.0..=1.0).contains(&at()))
                        style:left=text(move || percent(at()))
                    ></div>
                </div>
            </div>
            <p class="note">{text(move || sums(demo, place, rows))}</p>
        </div>
    }
    .into_any()
}

fn row(paths: Memo<Vec<String>>, row: usize, name: String) -> AnyView {
    let path = text(move || paths.with(|paths| paths.get(row).cloned().unwrap_or_default()));
    let number = if row == 0 { String::new() } else { row.to_string() };
    let agent = number.clone();
    view! {
        <div class="row" data-agent=agent>
            <span class="row-name"><b>{number}</b>" "{name}</span>
            <svg viewBox="0 0 1 1" preserveAspectRatio="none"><path d=path/></svg>
        </div>
    }
    .into_any()
}

/// "1 news 12 polls, 0.3 ms · 2 stock …": the picture in words.
fn sums(demo: Demo, place: usize, rows: Memo<Rows>) -> String {
    demo.frame.with(|frame| {
        let Some(timeline) = frame.timelines.get(place) else { return String::new() };
        rows.with(|rows| {
            let of = rows.labels.iter().zip(rows.sums(timeline)).enumerate();
            let spoken = of.map(|(index, (name, (polls, held)))| {
                let held = event_loop::milliseconds(held);
                let polls = if polls == 1 { "1 poll".into() } else { format!("{polls} polls") };
                format!("{} {name}: {polls}, {held}", index + 1)
            });
            spoken.collect::<Vec<_>>().join(" · ")
        })
    })
}

fn axis(window: Window) -> AnyView {
    let ticks = window.ticks(TICKS).into_iter().map(|tick| {
        view! { <span class="tick" style:left=percent(tick.x)>{tick.label}</span> }.into_any()
    });
    ticks.collect_view().into_any()
}

/// The article's steps, under this run's own agents.
fn told(demo: Demo) -> AnyView {
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
            format!("Step by step, in the {} run", kind.unwrap_or_default())
        })
    });
    view! {
        <div class="steps">
            <h3 id="steps-title">{whose}</h3>
            <ol aria-labelledby="steps-title">
                {part(move || steps.get().into_iter().map(step).collect_view().into_any())}
            </ol>
        </div>
    }
    .into_any()
}

fn step(step: Step) -> AnyView {
    let state = step.state.word();
    view! { <li data-state=state>{step.text}" "<span class="state">{state}</span></li> }.into_any()
}
