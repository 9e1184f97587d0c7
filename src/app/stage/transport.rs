//! Run, stop, and moving through time.

use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent};

use super::mini_race::MiniRace;
use super::retry_failed::RetryFailed;
use crate::app::kit::{Button, Choice, Icon, Menu, distinct};
use crate::app::lazy::Lazy;
use crate::app::state::permit::By;
use crate::app::state::{LazySection, PlayheadState, RunsState, SettingsState};
use crate::timeline::playback::{Command, Direction, Playback};
use crate::web::page;
use crate::words;

/// The speeds in the menu: model seconds for each real second.
const SPEEDS: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

const PREVIOUS: &str = "M12 3 6 8l6 5zM3 3h2v10H3z";
const NEXT: &str = "M4 3l6 5-6 5zM11 3h2v10h-2z";
const PAUSE: &str = "M4 3h3v10H4zM9 3h3v10H9z";
const PLAY: &str = "M4 2.5 13 8l-9 5.5z";

/// Run and Stop, the controls of the playhead, and what stands beside them.
#[component]
pub fn Transport(
    /// Whether it floats over the page as a bar, because the stage is out of sight.
    #[prop(into)]
    floats: Signal<bool>,
    /// Whether the race is drawn in it in any case, because there is no stage.
    #[prop(optional)]
    has_race: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
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
    let play = Signal::derive(move || match is_moving.get() {
        true => "Pause",
        false if playhead.is_at_end() => "Replay",
        false => "Play",
    });
    let run = move |event: MouseEvent| match running.get() {
        true => runs.stop(),
        false => runs.start(By::of(&event)),
    };
    let is_elsewhere = move || running.get() && playhead.playback.get() != Playback::Following;
    view! {
        <div class="transport" class:floats=floats data-control="transport">
            <Button control="run" class="primary" one_click_a_press=true on_click=run>
                {move || if running.get() { "Stop" } else { "Run" }}
            </Button>
            <div class="cursor-controls">
                <IconButton
                    name="Previous event"
                    path=PREVIOUS
                    disabled=is_idle
                    on_click=move |_| playhead.command(Command::Step(Direction::Back))
                />
                <IconButton
                    name=play
                    path=Signal::derive(move || if is_moving.get() { PAUSE } else { PLAY })
                    disabled=is_idle
                    on_click=move |_| playhead.command(Command::TogglePlay)
                />
                <IconButton
                    name="Next event"
                    path=NEXT
                    disabled=is_idle
                    on_click=move |_| playhead.command(Command::Step(Direction::Forward))
                />
            </div>
            <RetryFailed />
            <Show when=is_elsewhere>
                <Button control="follow" on_click=move |_| playhead.command(Command::Follow)>
                    "Jump to now"
                </Button>
            </Show>
            <Show when=move || has_race || floats.get()>
                <MiniRace has_slider=has_race />
            </Show>
            <div class="beside">{children.map(|children| children())} <SpeedMenu /></div>
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

#[component]
fn SpeedMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let speed = distinct(move || settings.with(|settings| settings.speed));
    let choices = Signal::derive(move || {
        let mut speeds = SPEEDS.to_vec();
        // The address may ask for one that is not in the menu.
        let asked = speed.get();
        if !speeds.contains(&asked) {
            speeds.insert(speeds.partition_point(|speed| *speed < asked), asked);
        }
        let choice = |speed: f64| Choice::new(speed.to_string(), words::times(&speed.to_string()));
        speeds.into_iter().map(choice).collect::<Vec<_>>()
    });
    let value = move || speed.get().to_string();
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
    // the style sheet. It ends where the pointer is released.
    let let_go = |_| page::set_root("data-held", None);
    // The space key plays and pauses wherever it has nothing else to do.
    let play = move |event: KeyboardEvent| {
        let taken = event.default_prevented() || event.ctrl_key() || event.alt_key();
        let free = event.key() == " " && !taken && !page::is_for_a_control(&event);
        if free && playhead.has_run() {
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
