//! The event loop: the one thread under each schedule, and the article's steps as they happen.

mod block;
mod steps;
mod thread;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::app::kit::{Button, distinct};
use crate::app::state::{PlanState, PlayheadState};
use crate::time::Instant;
use crate::timeline::event_loop::{self, Rows};
use crate::timeline::playback::Command;
use crate::timeline::scale::TimeScale;
use crate::words;
use block::Block;
use steps::Steps;
use thread::Thread;

/// Labelled moments on the axis, at most.
const TICKS: usize = 6;

/// The thread of each schedule, and the steps.
#[component]
pub fn EventLoop() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let zoom = RwSignal::new(0_u32);
    let window = distinct(move || window(playhead, zoom.get()));
    let rows = distinct(move || {
        plan.structure.with(|_| ());
        plan.current.with_untracked(|plan| Rows::of(plan.pipeline()))
    });
    let zoom_by = move |steps: i32| {
        let deepest = playhead.frame.with_untracked(|frame| TimeScale::deepest(frame.whole));
        zoom.update(|zoom| *zoom = zoom.saturating_add_signed(steps).min(deepest));
    };
    let keys = move |event: KeyboardEvent| {
        let step = window.get_untracked().extent() / 20;
        let cursor = untrack(|| cursor(playhead));
        match event.key().as_str() {
            "+" | "=" => zoom_by(1),
            "-" => zoom_by(-1),
            "0" => zoom.set(0),
            "ArrowRight" => playhead.command(Command::Seek(cursor + step)),
            "ArrowLeft" => {
                let back = cursor.since(Instant::ZERO + step);
                playhead.command(Command::Seek(Instant::ZERO + back));
            }
            _ => return,
        }
        event.prevent_default();
    };
    let threads = move || plan.structure.get().kinds.into_iter().enumerate().collect::<Vec<_>>();
    let extent = move || {
        words::steps::in_view(&event_loop::milliseconds(window.with(|window| window.extent())))
    };
    let ticks = move || {
        let ticks = window.get().ticks(TICKS).into_iter().map(|tick| {
            let left = format!("{:.3}%", 100.0 * tick.x);
            view! { <span class="tick" style:left=left>{tick.label}</span> }
        });
        ticks.collect_view()
    };
    view! {
        <section class="loop panel" aria-labelledby="loop-title">
            <h2 id="loop-title">"Event loop"</h2>
            <p class="note">
                "All agents share this page's one thread. Each mark is a poll: a moment in which the \
                 loop gave the thread to one agent. Where there is no mark the thread was free, and \
                 everybody in flight was waiting. Browsers measure in steps of 0.1 ms or more: a \
                 shorter poll reads 0.0 ms."
            </p>
            <div class="loop-tools">
                <Button control="zoom" on_click=move |_| zoom_by(1)>"Zoom in"</Button>
                <Button control="zoom" on_click=move |_| zoom_by(-1)>"Zoom out"</Button>
                <span class="note">{extent}</span>
            </div>
            <div
                class="threads"
                tabindex="0"
                role="group"
                aria-label="Polls on the thread. Plus and minus zoom, arrow keys move the cursor."
                on:keydown=keys
            >
                <For each=threads key=|thread| *thread let((place, kind))>
                    <Thread place kind rows window />
                </For>
                <div class="row axis-row" aria-hidden="true">
                    <span class="row-name">"seconds"</span>
                    <div class="axis-plot">{ticks}</div>
                </div>
            </div>
            <Steps />
            <Block />
        </section>
    }
}

fn cursor(playhead: PlayheadState) -> Instant {
    playhead.playback.get().cursor(playhead.edge.get())
}

/// What is looked at: the playhead and what is around it. After the last poll there is nothing to
/// see, so there it is the run's end.
fn window(playhead: PlayheadState, zoom: u32) -> TimeScale {
    let cursor = cursor(playhead);
    playhead.frame.with(|frame| {
        let ends = frame.timelines.iter().map(|timeline| timeline.run().end());
        let end = ends.collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max());
        let middle = end.map_or(cursor, |end| end.min(cursor));
        TimeScale::around(middle, frame.whole, zoom)
    })
}
