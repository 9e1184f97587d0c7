//! The event loop: the one thread under each schedule, and the article's steps as they happen.

mod block;
mod steps;
mod thread;

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use self::block::Block;
use self::steps::Steps;
use self::thread::Thread;
use super::width::width_of;
use crate::app::kit::{Button, distinct};
use crate::app::state::{PlanState, PlayheadState, SettingsState};
use crate::time::Instant;
use crate::timeline::event_loop::{self, Rows};
use crate::timeline::playback::Command;
use crate::timeline::scale::TimeScale;
use crate::words;

/// Labelled moments on the axis, at most.
const TICKS: usize = 6;

/// The thread of each schedule, and the steps.
#[component]
pub fn EventLoop() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let is_embedded = expect_context::<SettingsState>().current.with_untracked(|s| s.embed);
    let records_turns = distinct(move || plan.with(|plan| plan.records_turns()));
    view! {
        <section class="loop panel" aria-labelledby="loop-title">
            <h2 id="loop-title" class="visually-hidden">"Event loop"</h2>
            <Show
                when=move || records_turns.get()
                fallback=|| view! { <p class="note">{words::steps::NOT_RECORDED}</p> }
            >
                <Threads />
            </Show>
            <div class="loop-parts">
                <Steps is_open=!is_embedded />
                <Block is_open=!is_embedded />
            </div>
        </section>
    }
}

/// The thread of each schedule on one axis, and what magnifies it.
#[component]
fn Threads() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let zoom = RwSignal::new(0_u32);
    let whole = distinct(move || playhead.frame.with(|frame| TimeScale::up_to(frame.whole)));
    // What is magnified: the playhead and what is around it.
    let window = distinct(move || {
        let shown = playhead.shown();
        playhead.frame.with(|frame| TimeScale::around(shown, frame.whole, zoom.get()))
    });
    let rows = distinct(move || {
        plan.structure.track();
        plan.current.with_untracked(|plan| Rows::of(plan.pipeline()))
    });
    let zoom_by = move |steps: i32| {
        let deepest = playhead.frame.with_untracked(|frame| TimeScale::deepest(frame.whole));
        zoom.update(|zoom| *zoom = zoom.saturating_add_signed(steps).min(deepest));
    };
    let keys = move |event: KeyboardEvent| {
        let step = window.get_untracked().extent() / 20;
        let cursor = untrack(|| playhead.shown());
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
    let plot = NodeRef::<Div>::new();
    let width = width_of(plot);
    view! {
        <div class="loop-tools">
            <p class="note">
                "Each mark is one agent's turn on the single thread. "
                <span class="loop-more">"Where there is no mark, the thread is free."</span>
            </p>
            <div class="magnifier" role="group" aria-label="Magnifier">
                <span class="note">{extent}</span>
                <Button control="zoom" on_click=move |_| zoom_by(-1)>"Zoom out"</Button>
                <Button control="zoom" on_click=move |_| zoom_by(1)>"Zoom in"</Button>
            </div>
        </div>
        <div
            class="threads"
            tabindex="0"
            role="group"
            aria-label="Turns on the thread. Plus and minus zoom, arrow keys move the playhead."
            on:keydown=keys
        >
            <For each=threads key=|thread| *thread let((place, kind))>
                <Thread place kind rows whole window width />
            </For>
            <div class="row axis-row" aria-hidden="true">
                <span class="row-name">"seconds"</span>
                <div class="axis-plot" node_ref=plot>
                    {ticks}
                </div>
            </div>
        </div>
    }
}
