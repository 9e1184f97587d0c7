//! The thread as a picture: which agent had its turn when.

use std::cell::RefCell;
use std::ops::Range;

use leptos::prelude::*;

use super::cursor;
use crate::app::kit::distinct;
use crate::app::state::PlayheadState;
use crate::plan::Kind;
use crate::timeline::Timeline;
use crate::timeline::event_loop::{self, Picture, Rows};
use crate::timeline::scale::TimeScale;
use crate::words;

/// The thread under one schedule, and in a row for each agent what of it was the agent's.
#[component]
pub fn Thread(
    place: usize,
    kind: Kind,
    rows: ReadSignal<Rows>,
    window: ReadSignal<TimeScale>,
) -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    let picture = RefCell::new(Picture::default());
    let paths = distinct(move || {
        let window = window.get();
        playhead.frame.with(|frame| {
            let Some(timeline) = frame.timelines.get(place) else { return Vec::new() };
            rows.with(|rows| {
                let mut picture = picture.borrow_mut();
                picture.draw((timeline, frame.number), rows, window);
                picture.paths(timeline, rows)
            })
        })
    });
    let busy = move || {
        playhead.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            Some(match event_loop::free(timeline) {
                Some(free) => format!("{}: {free}", event_loop::busy(timeline)),
                None => "nothing has run yet".into(),
            })
        })
    };
    let sums = move || {
        let sums = |timeline: &Timeline| rows.with(|rows| sums(rows, timeline));
        playhead.frame.with(|frame| frame.timelines.get(place).map(sums))
    };
    let drawn = move || {
        let labels = rows.with(|rows| rows.labels.clone());
        let all = 0..labels.len() + 1;
        let own = labels.into_iter().enumerate().map(|(index, name)| {
            view! { <Row paths rows=index + 1..index + 2 name /> }
        });
        // The row of the thread holds the marks of all others too, each in its own color.
        (view! { <Row paths rows=all name="thread".to_owned() /> }, own.collect_view())
    };
    let at = distinct(move || window.get().x(cursor(playhead)));
    view! {
        <div class="thread" data-kind=kind.as_str()>
            <div class="thread-head">
                <h3>{words::display_name(kind.as_str())}</h3>
                <p class="busy">{busy}</p>
            </div>
            <div class="thread-rows" aria-hidden="true">
                {drawn}
                <div class="over">
                    <div
                        class="cursor"
                        class:none=move || !(0.0..=1.0).contains(&at.get())
                        style:left=move || format!("{:.3}%", 100.0 * at.get())
                    ></div>
                </div>
            </div>
            <p class="note">{sums}</p>
        </div>
    }
}

/// One of the picture's rows, with the paths of those in `rows` in it.
#[component]
fn Row(paths: ReadSignal<Vec<String>>, rows: Range<usize>, name: String) -> impl IntoView {
    let number = |row: usize| if row == 0 { String::new() } else { row.to_string() };
    let own = number(rows.start);
    let label = own.clone();
    let drawn = rows.map(|row| {
        let path = move || paths.with(|paths| paths.get(row).cloned().unwrap_or_default());
        view! { <path d=path data-agent=number(row)></path> }
    });
    view! {
        <div class="row" data-agent=own>
            <span class="row-name">
                <b>{label}</b>
                " "
                {name}
            </span>
            <svg viewBox="0 0 1 1" preserveAspectRatio="none">
                {drawn.collect_view()}
            </svg>
        </div>
    }
}

/// "1 news 12 polls, 0.3 ms · 2 stock …": the picture in words.
fn sums(rows: &Rows, timeline: &Timeline) -> String {
    let rows = rows.labels.iter().zip(rows.sums(timeline)).enumerate();
    let spoken = rows.map(|(index, (name, (polls, held)))| {
        let held = event_loop::milliseconds(held);
        let polls = words::steps::polls(polls);
        format!("{} {name}: {polls}, {held}", index + 1)
    });
    spoken.collect::<Vec<_>>().join(" · ")
}
