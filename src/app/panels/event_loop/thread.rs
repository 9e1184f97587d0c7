//! The thread as a picture: which agent had its turn when, and how little of the time that was.

use std::cell::RefCell;
use std::ops::Range;

use leptos::prelude::*;

use crate::app::kit::distinct;
use crate::app::state::PlayheadState;
use crate::plan::Kind;
use crate::timeline::Timeline;
use crate::timeline::event_loop::{self, Marks, Picture, Plot, Rows};
use crate::timeline::scale::TimeScale;
use crate::words;

/// The width of the picture before it was measured, in CSS pixels.
const USUAL_WIDTH: f64 = 1000.0;

/// The thread under one schedule over the whole run, and below it, magnified, what of it was each
/// agent's.
#[component]
pub fn Thread(
    place: usize,
    kind: Kind,
    rows: ReadSignal<Rows>,
    /// The whole run.
    whole: ReadSignal<TimeScale>,
    /// What is magnified.
    window: ReadSignal<TimeScale>,
    /// How wide the picture is, in CSS pixels.
    width: ReadSignal<f64>,
) -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let pixel = move || 1.0 / Some(width.get()).filter(|width| *width > 0.0).unwrap_or(USUAL_WIDTH);
    let marks = move |window: ReadSignal<TimeScale>| {
        let picture = RefCell::new(Picture::default());
        distinct(move || {
            let plot = Plot { window: window.get(), pixel: pixel() };
            playhead.frame.with(|frame| {
                let Some(timeline) = frame.timelines.get(place) else { return Vec::new() };
                rows.with(|rows| {
                    let mut picture = picture.borrow_mut();
                    picture.draw((timeline, frame.number), rows, plot);
                    picture.marks(timeline, rows)
                })
            })
        })
    };
    let (all, magnified) = (marks(whole), marks(window));
    let sums = move || {
        let sums = |timeline: &Timeline| rows.with(|rows| words_of(rows, timeline));
        playhead.frame.with(|frame| frame.timelines.get(place).map(sums))
    };
    let agents = move || {
        let labels = rows.with(|rows| rows.labels.clone());
        let rows = labels.into_iter().enumerate().map(|(index, name)| {
            view! { <Row marks=magnified rows=index + 1..index + 2 name /> }
        });
        rows.collect_view()
    };
    // Each mark in the color of its agent.
    let thread = move || {
        let count = rows.with(|rows| rows.labels.len());
        view! { <Row marks=all rows=1..count + 1 name="thread".to_owned() /> }
    };
    let lens = distinct(move || {
        let (whole, window) = (whole.get(), window.get());
        let (from, width) = (whole.x(window.at(0.0)), whole.length(window.extent()));
        (width < 1.0).then_some((from, width))
    });
    let percent = |fraction: f64| format!("{:.3}%", 100.0 * fraction);
    view! {
        <div class="thread" data-kind=kind.as_str()>
            <div class="thread-head">
                <h3>{words::display_name(kind.as_str())}</h3>
                <Gauge place kind />
            </div>
            <div class="thread-rows" aria-hidden="true">
                {thread} <div class="over">
                    <div
                        class="lens"
                        class:none=move || lens.get().is_none()
                        style:left=move || percent(lens.get().unwrap_or_default().0)
                        style:width=move || percent(lens.get().unwrap_or_default().1)
                    ></div>
                    <Playhead scale=whole />
                </div>
            </div>
            <div class="thread-rows" aria-hidden="true">
                {agents} <div class="over">
                    <Playhead scale=window />
                </div>
            </div>
            <p class="note sums">{sums}</p>
        </div>
    }
}

/// For how much of the time the thread was taken.
#[component]
fn Gauge(place: usize, kind: Kind) -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let share = distinct(move || {
        playhead.frame.with(|frame| event_loop::busy_share(frame.timelines.get(place)?))
    });
    let percent = move || 100.0 * share.get().unwrap_or_default();
    let busy = move || {
        playhead.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            Some(match event_loop::free(timeline) {
                Some(free) => format!("{}: {free}", event_loop::busy(timeline)),
                None => words::steps::NOT_RUN.into(),
            })
        })
    };
    view! {
        <div
            class="gauge"
            role="meter"
            aria-label=words::steps::thread_busy(words::display_name(kind.as_str()))
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || format!("{:.1}", percent())
        >
            <div
                class="gauge-busy"
                class:none=move || share.get().is_none()
                style:width=move || format!("{:.3}%", percent())
            ></div>
        </div>
        <p class="busy">{busy}</p>
    }
}

#[component]
fn Playhead(scale: ReadSignal<TimeScale>) -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let at = distinct(move || scale.get().x(playhead.shown()));
    view! {
        <div
            class="cursor"
            class:none=move || !(0.0..=1.0).contains(&at.get())
            style:left=move || format!("{:.3}%", 100.0 * at.get())
        ></div>
    }
}

/// One row of the picture, with the marks of those in `rows` in it.
#[component]
fn Row(marks: ReadSignal<Vec<Marks>>, rows: Range<usize>, name: String) -> impl IntoView {
    let own = (rows.len() == 1).then_some(rows.start).map(color_number);
    let drawn = rows.map(|row| {
        let path = move |of: fn(&Marks) -> &String| {
            move || marks.with(|marks| marks.get(row).map(of).cloned().unwrap_or_default())
        };
        view! {
            <g data-agent=color_number(row)>
                <path class="turns" d=path(|marks| &marks.turns)></path>
                <path class="widened" d=path(|marks| &marks.widened)></path>
            </g>
        }
    });
    view! {
        <div class="row" data-agent=own>
            <span class="row-name">{name}</span>
            <svg viewBox="0 0 1 1" preserveAspectRatio="none">
                {drawn.collect_view()}
            </svg>
        </div>
    }
}

/// The number by which the page colors the agents of a row.
fn color_number(row: usize) -> String {
    row.to_string()
}

/// "news: 12 turns, 0.3 ms · stock: …": the picture in words.
fn words_of(rows: &Rows, timeline: &Timeline) -> String {
    let rows = rows.labels.iter().zip(rows.sums(timeline));
    let spoken = rows.map(|(name, (turns, held))| {
        let held = event_loop::milliseconds(held);
        format!("{name}: {}, {held}", words::steps::turns(turns))
    });
    spoken.collect::<Vec<_>>().join(" · ")
}
