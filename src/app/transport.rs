//! What starts a run, and what moves time.

use std::time::Duration;

use super::dom::{Node, el};
use super::signals::Memo;
use leptos::prelude::*;

use super::again::run_again;
use super::demo::Demo;
use super::ui::{Choice, button, flag, icon, menu, shown, text};
use crate::decimal;
use crate::time::{Instant, parse_seconds, seconds};
use crate::timeline::playback::{Command, Direction, Playback};
use crate::web::page;
use crate::words;

/// The speeds in the menu: model seconds for each real second.
const SPEEDS: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

/// Run and Stop, and the controls of the cursor.
pub fn transport(demo: Demo) -> Node {
    let running = Memo::new(move |_| demo.is_running());
    let idle = flag(move || !demo.has_run());
    let edge = move || demo.edge.get();
    let cursor = move || demo.playback.get().cursor(edge());
    let moving = Memo::new(move |_| match demo.playback.get() {
        Playback::Playing { .. } => true,
        Playback::Following => running.get() && !demo.paused.get(),
        Playback::Paused { .. } => false,
    });
    let run = button(
        "primary",
        "run",
        text(move || if running.get() { words::race::STOP } else { words::race::RUN }.into()),
        move || if running.get_untracked() { demo.stop() } else { demo.run() },
    );
    let step_back = small_button(
        text(|| words::race::STEP_BACK.into()),
        text(|| "M12 3 6 8l6 5zM3 3h2v10H3z".into()),
        idle,
        move || demo.command(Command::Step(Direction::Back)),
    );
    let toggle = small_button(
        text(move || if moving.get() { words::race::PAUSE } else { words::race::PLAY }.into()),
        text(move || {
            if moving.get() { "M4 3h3v10H4zM9 3h3v10H9z" } else { "M4 2.5 13 8l-9 5.5z" }.into()
        }),
        idle,
        move || demo.command(Command::TogglePlay),
    );
    let step_forward = small_button(
        text(|| words::race::STEP_FORWARD.into()),
        text(|| "M4 3l6 5-6 5zM11 3h2v10h-2z".into()),
        idle,
        move || demo.command(Command::Step(Direction::Forward)),
    );
    el("div")
        .class("transport")
        .attr("data-control", "transport")
        .child(run)
        .child(run_again(demo))
        .child(
            el("div")
                .class("cursor-controls")
                .child(step_back)
                .child(toggle)
                .child(step_forward)
                .child(
                    el("input")
                        .attr("type", "range")
                        .attr("aria-label", words::race::TIME)
                        .attr(
                            "aria-valuetext",
                            text(move || {
                                let spoken = |at: Instant| seconds(at - Instant::ZERO);
                                words::race::time_of(&spoken(cursor()), &spoken(edge()))
                            }),
                        )
                        .attr("min", "0")
                        // Any: with steps the slider stops short of an end that lies between two, and
                        // with it the cursor of what happened last.
                        .attr("step", "any")
                        .attr("max", text(move || decimal::short(edge().as_secs())))
                        .prop("value", text(move || decimal::short(cursor().as_secs())))
                        .attr("disabled", idle)
                        .hears("keydown", keys(demo))
                        .upon("pointerdown", || page::set_root("data-held", Some("1")))
                        .on("input", move |event| {
                            if let Some(at) = parse_seconds(&event_target_value(&event)) {
                                demo.command(Command::Seek(Instant::ZERO + at));
                            }
                        }),
                )
                .child(
                    el("output")
                        .class("now")
                        .attr("aria-hidden", "true")
                        .child(text(move || decimal::fixed(cursor().as_secs(), 2) + " s")),
                ),
        )
        .child(shown(
            move || running.get() && demo.playback.get() != Playback::Following,
            move || {
                let label = text(|| words::race::FOLLOW.into());
                button("", "follow", label, move || demo.command(Command::Follow))
            },
        ))
        .child(speed(demo))
        .node()
}

/// How far the arrow keys move the cursor, and how far with Shift.
const STEPS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// What keys do on the time slider, beyond what the browser does.
fn keys(demo: Demo) -> impl FnMut(web_sys::KeyboardEvent) + 'static {
    move |event| {
        let (step, big_step) = STEPS;
        let step = if event.shift_key() { big_step } else { step };
        let edge = demo.frame.with_untracked(|frame| frame.edge);
        let here = demo.playback.get_untracked().cursor(edge);
        let back = Instant::ZERO + here.since(Instant::ZERO + step);
        let command = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Command::Seek(here + step),
            "ArrowLeft" | "ArrowDown" => Command::Seek(back),
            // The browser's own go to the length that was drawn last, which may be a frame old.
            "Home" => Command::Seek(Instant::ZERO),
            "End" => Command::Seek(edge),
            " " => Command::TogglePlay,
            _ => return,
        };
        event.prevent_default();
        demo.command(command);
    }
}

/// While a hand holds the time or a bar, what is out of view is not drawn: see `[data-held]` in the
/// style sheet. It ends wherever the hand lets go.
pub fn let_go(_: web_sys::PointerEvent) {
    page::set_root("data-held", None);
}

/// Lets the space key play and pause wherever it has nothing else to do.
pub fn space_plays(demo: Demo) {
    // The page lives as long as its tab, and so does this.
    window_event_listener(leptos::ev::keydown, move |event| {
        let taken = event.default_prevented() || event.ctrl_key() || event.alt_key();
        let free = event.key() == " " && !taken && !page::is_for_a_control(&event);
        if free && demo.has_run() {
            event.prevent_default();
            demo.command(Command::TogglePlay);
        }
    });
}

fn small_button(
    name: Signal<String>,
    path: Signal<String>,
    disabled: Signal<bool>,
    on_click: impl Fn() + 'static,
) -> Node {
    el("button")
        .attr("type", "button")
        .class("icon")
        .attr("aria-label", name)
        .attr("title", name)
        .attr("disabled", disabled)
        .upon("click", on_click)
        .child(icon(path))
        .node()
}

fn speed(demo: Demo) -> Node {
    let mut speeds = SPEEDS.to_vec();
    // The address may ask for one that is not in the menu.
    let asked = demo.settings.with_untracked(|settings| settings.speed);
    if !speeds.contains(&asked) {
        speeds.insert(speeds.partition_point(|speed| *speed < asked), asked);
    }
    let choices = (speeds.into_iter())
        .map(|speed| {
            let selected = move || demo.settings.with(|settings| settings.speed == speed);
            Choice::new(decimal::short(speed), words::times(&decimal::short(speed)), selected)
        })
        .collect();
    menu(words::race::SPEED, "speed", choices, move |value| {
        demo.settings.update(|settings| {
            settings.set("speed", &value);
        });
    })
}
