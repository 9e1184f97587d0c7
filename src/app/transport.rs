//! What starts a run, and what moves time.

use leptos::prelude::*;

use super::demo::Demo;
use crate::time::{Instant, seconds};
use crate::timeline::playback::{Command, Direction};

/// The speeds in the menu: model seconds for each real second.
const SPEEDS: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

/// Run and Stop, and the controls of the cursor.
#[component]
pub fn Transport() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let running = Memo::new(move |_| demo.is_running());
    let has_run = Memo::new(move |_| demo.has_run());
    let edge = Memo::new(move |_| demo.frame.with(|frame| frame.edge.as_secs()));
    let cursor = Memo::new(move |_| {
        demo.frame.with(|frame| demo.playback.get().cursor(frame.edge).as_secs())
    });
    let moving = Memo::new(move |_| {
        let playback = demo.playback.get();
        let following = matches!(playback, crate::timeline::playback::Playback::Following);
        let playing = matches!(playback, crate::timeline::playback::Playback::Playing { .. });
        playing || (following && running.get() && !demo.paused.get())
    });
    let seek = move |event: web_sys::Event| {
        if let Ok(at) = event_target_value(&event).parse::<f64>() {
            demo.command(Command::Seek(Instant::from_micros((at * 1e6) as u64)));
        }
    };
    let spoken = move || {
        let at = |secs: f64| seconds(std::time::Duration::from_secs_f64(secs.max(0.0)));
        format!("{} of {} seconds", at(cursor.get()), at(edge.get()))
    };
    view! {
        <div class="transport" data-control="transport">
            <button
                type="button"
                class="primary"
                data-control="run"
                on:click=move |_| if running.get_untracked() { demo.stop() } else { demo.run() }
            >
                {move || if running.get() { "Stop" } else { "Run" }}
            </button>
            <div class="cursor-controls">
                <button
                    type="button"
                    class="icon"
                    aria-label="Step back"
                    disabled=move || !has_run.get()
                    on:click=move |_| demo.command(Command::Step(Direction::Back))
                >
                    <Icon path="M11 3 5 8l6 5zM3 3h2v10H3z"/>
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label=move || if moving.get() { "Pause" } else { "Play" }
                    disabled=move || !has_run.get()
                    on:click=move |_| demo.command(Command::TogglePlay)
                >
                    {move || {
                        let path =
                            if moving.get() { "M4 3h3v10H4zM9 3h3v10H9z" } else { "M4 2.5 13 8l-9 5.5z" };
                        view! { <Icon path/> }
                    }}
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label="Step forward"
                    disabled=move || !has_run.get()
                    on:click=move |_| demo.command(Command::Step(Direction::Forward))
                >
                    <Icon path="M5 3l6 5-6 5zM11 3h2v10h-2z"/>
                </button>
                <input
                    type="range"
                    aria-label="Time"
                    aria-valuetext=spoken
                    min="0"
                    step="0.01"
                    max=move || edge.get().to_string()
                    prop:value=move || cursor.get().to_string()
                    disabled=move || !has_run.get()
                    on:input=seek
                />
                <output class="now" aria-hidden="true">
                    {move || format!("{:.2} s", cursor.get())}
                </output>
            </div>
            <label class="field speed" data-control="speed">
                <span>"Speed"</span>
                <select
                    aria-label="Speed"
                    disabled=move || !demo.can_hold_time()
                    on:change=move |event| {
                        if let Ok(speed) = event_target_value(&event).parse() {
                            demo.settings.update(|settings| settings.speed = speed);
                        }
                    }
                >
                    {move || {
                        let speed = demo.settings.with(|settings| settings.speed);
                        let mut speeds = SPEEDS.to_vec();
                        if !speeds.contains(&speed) {
                            speeds.push(speed);
                            speeds.sort_by(f64::total_cmp);
                        }
                        speeds
                            .into_iter()
                            .map(|choice| {
                                view! {
                                    <option value=choice.to_string() selected=choice == speed>
                                        {format!("{choice}×")}
                                    </option>
                                }
                            })
                            .collect_view()
                    }}
                </select>
            </label>
        </div>
    }
}

/// A drawing in a box of sixteen by sixteen, in the colour of the text.
#[component]
pub fn Icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon-shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=path fill="currentColor"/>
        </svg>
    }
}
