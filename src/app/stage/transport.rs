//! Run, stop, and moving through time.

use std::time::Duration;

use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent};

use super::run_again::RunAgain;
use crate::app::kit::{Button, Choice, Icon, Menu};
use crate::app::lazy::Lazy;
use crate::app::state::permit::By;
use crate::app::state::{LazySection, PlayheadState, RunsState, SettingsState};
use crate::time::{Instant, parse_seconds, seconds};
use crate::timeline::playback::{Command, Direction, Playback};
use crate::web::page;
use crate::words;

/// The speeds in the menu: model seconds for each real second.
const SPEEDS: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

/// How far the arrow keys move the playhead, and how far with Shift.
const STEP: Duration = Duration::from_millis(100);
const BIG_STEP: Duration = Duration::from_secs(1);

const STEP_BACK: &str = "M12 3 6 8l6 5zM3 3h2v10H3z";
const STEP_FORWARD: &str = "M4 3l6 5-6 5zM11 3h2v10h-2z";
const PAUSE: &str = "M4 3h3v10H4zM9 3h3v10H9z";
const PLAY: &str = "M4 2.5 13 8l-9 5.5z";

/// Run and Stop, and the controls of the playhead.
#[component]
pub fn Transport() -> impl IntoView {
    let runs = expect_context::<RunsState>();
    let playhead = expect_context::<PlayheadState>();
    let running = playhead.running;
    listen_to_the_window(playhead);
    let is_idle = Signal::derive(move || !playhead.has_run());
    let is_moving = Memo::new(move |_| match playhead.playback.get() {
        Playback::Playing { .. } => true,
        Playback::Following => running.get() && !playhead.paused.get(),
        Playback::Paused { .. } => false,
    });
    let run = move |event: MouseEvent| match running.get_untracked() {
        true => runs.stop(),
        false => runs.start(By::of(&event)),
    };
    let is_elsewhere = move || running.get() && playhead.playback.get() != Playback::Following;
    view! {
        <div class="transport" data-control="transport">
            <Button control="run" class="primary" one_click_a_press=true on_click=run>
                {move || if running.get() { "Stop" } else { "Run" }}
            </Button>
            <RunAgain />
            <div class="cursor-controls">
                <IconButton
                    name="Step back"
                    path=STEP_BACK
                    disabled=is_idle
                    on_click=move |_| playhead.command(Command::Step(Direction::Back))
                />
                <IconButton
                    name=Signal::derive(move || if is_moving.get() { "Pause" } else { "Play" })
                    path=Signal::derive(move || if is_moving.get() { PAUSE } else { PLAY })
                    disabled=is_idle
                    on_click=move |_| playhead.command(Command::TogglePlay)
                />
                <IconButton
                    name="Step forward"
                    path=STEP_FORWARD
                    disabled=is_idle
                    on_click=move |_| playhead.command(Command::Step(Direction::Forward))
                />
                <TimeSlider disabled=is_idle />
            </div>
            <Show when=is_elsewhere>
                <Button control="follow" on_click=move |_| playhead.command(Command::Follow)>
                    "Follow the run"
                </Button>
            </Show>
            <SpeedMenu />
            <Lazy section=LazySection::Question />
        </div>
    }
}

/// A button of the playhead, known by what is drawn on it.
#[component]
fn IconButton(
    #[prop(into)] name: Signal<&'static str>,
    #[prop(into)] path: Signal<&'static str>,
    disabled: Signal<bool>,
    on_click: impl Fn(MouseEvent) + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon"
            aria-label=name
            title=name
            disabled=disabled
            on:click=on_click
        >
            <Icon path />
        </button>
    }
}

/// The time at the playhead, as a slider and a clock.
#[component]
fn TimeSlider(disabled: Signal<bool>) -> impl IntoView {
    let playhead = expect_context::<PlayheadState>();
    // They tell the run's time, which ends with the run.
    let edge = move || playhead.edge.get().min(playhead.reached.get());
    let cursor = move || playhead.playback.get().cursor(edge());
    let slider = NodeRef::new();
    // Both in one effect, since a slider takes no value beyond the maximum that it has by then.
    Effect::new(move || {
        let (edge, cursor) = (edge(), cursor());
        if let Some(slider) = slider.get() {
            let slider: web_sys::HtmlInputElement = slider;
            slider.set_max(&edge.as_secs().to_string());
            slider.set_value(&cursor.as_secs().to_string());
        }
    });
    let spoken = move || {
        let spoken = |at: Instant| seconds(at - Instant::ZERO);
        words::race::time_of(&spoken(cursor()), &spoken(edge()))
    };
    let seek = move |typed: String| {
        if let Some(at) = parse_seconds(&typed) {
            playhead.command(Command::Seek(Instant::ZERO + at));
        }
    };
    // What keys do, beyond what the browser does.
    let key = move |event: KeyboardEvent| {
        let step = if event.shift_key() { BIG_STEP } else { STEP };
        let edge = playhead.frame.with_untracked(|frame| frame.edge);
        let here = playhead.playback.get_untracked().cursor(edge);
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
        playhead.command(command);
    };
    view! {
        <input
            node_ref=slider
            type="range"
            aria-label="Time"
            aria-valuetext=spoken
            min="0"
            // Any: with steps the slider stops short of an end that lies between two, and with it the
            // playhead of what happened last.
            step="any"
            disabled=disabled
            on:keydown=key
            on:pointerdown=move |_| page::set_root("data-held", Some("1"))
            on:input:target=move |event| seek(event.target().value())
        />
        <output class="now" aria-hidden="true">
            {move || format!("{:.2} s", cursor().as_secs())}
        </output>
    }
}

#[component]
fn SpeedMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let choices = Signal::derive(move || {
        let mut speeds = SPEEDS.to_vec();
        // The address may ask for one that is not in the menu.
        let asked = settings.with(|settings| settings.speed);
        if !speeds.contains(&asked) {
            speeds.insert(speeds.partition_point(|speed| *speed < asked), asked);
        }
        let choice = |speed: f64| Choice::new(speed.to_string(), words::times(&speed.to_string()));
        speeds.into_iter().map(choice).collect::<Vec<_>>()
    });
    let value = move || settings.with(|settings| settings.speed.to_string());
    let choose = move |value: String| {
        if let Ok(speed) = value.parse() {
            settings.update(|settings| settings.speed = speed);
        }
    };
    view! { <Menu name="Speed" control="speed" choices value=Signal::derive(value) on_change=choose /> }
}

/// Listens to the whole window, for as long as there are controls of the playhead.
fn listen_to_the_window(playhead: PlayheadState) {
    // While a hand holds the time or a bar, what is out of view is not drawn: see `[data-held]` in
    // the style sheet. It ends wherever the hand lets go.
    let let_go = |_| page::set_root("data-held", None);
    // The space key plays and pauses wherever it has nothing else to do.
    let play = move |event: KeyboardEvent| {
        let taken = event.default_prevented() || event.ctrl_key() || event.alt_key();
        let free = event.key() == " " && !taken && !page::is_for_a_control(&event);
        if free && untrack(|| playhead.has_run()) {
            event.prevent_default();
            playhead.command(Command::TogglePlay);
        }
    };
    let listeners = [
        window_event_listener(leptos::ev::keydown, play),
        window_event_listener(leptos::ev::pointerup, let_go),
        window_event_listener(leptos::ev::pointercancel, let_go),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
}
