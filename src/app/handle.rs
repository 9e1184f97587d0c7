//! The end of a simulated bar, which can be grabbed: dragging it, or the arrow keys, change how long
//! the agent takes, and with that what is expected of every schedule.

use std::time::Duration;

use super::dom::{Node, el};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::demo::Demo;
use super::stage::Stage;
use super::ui::{flag, percent, text};
use crate::decimal;
use crate::time::{parse_seconds, seconds};
use crate::timeline::gantt;
use crate::words;

/// Arrow keys move by this, and drags end on a multiple of it.
const STEP: Duration = Duration::from_millis(100);
/// With Shift, and with the page keys.
const BIG_STEP: Duration = Duration::from_secs(1);
/// The longest latency that can be dragged or typed.
pub const LONGEST: Duration = Duration::from_secs(60);

/// How long an agent is scripted to take.
pub fn latency(demo: Demo, agent: usize) -> Duration {
    demo.stage.with(|stage| {
        stage.experiment.scripts.get(agent).map(|script| script.latency).unwrap_or_default()
    })
}

/// Makes an agent take as long as a person typed. What makes no sense changes nothing, and says so.
pub fn type_latency(demo: Demo, agent: usize, typed: &str) {
    let longest = LONGEST.as_secs();
    match parse_seconds(typed) {
        Some(latency) => {
            let note = (latency > LONGEST).then(|| words::race::latency_at_most(longest));
            if latency.min(LONGEST) == self::latency(demo, agent) {
                demo.notice.set(note);
            } else {
                demo.say_with_change(note);
                set_latency(demo, agent, latency);
            }
        }
        None => {
            let range = words::race::latency_range(longest);
            demo.notice.set(Some(range));
        }
    }
    // The field shows what holds, whatever was typed into it.
    demo.stage.notify();
}

/// Makes an agent take that long, within bounds.
pub fn set_latency(demo: Demo, agent: usize, latency: Duration) {
    let name = demo.stage.with_untracked(|stage| stage.name(agent));
    demo.settings.update(|settings| settings.set_latency(&name, latency.min(LONGEST)));
}

/// The handle at the expected end of an agent's bar. `spoken` is whether assistive technology meets
/// it: of the two tracks of a race one is enough.
pub fn handle(demo: Demo, place: usize, agent: usize, spoken: bool) -> Node {
    let name = demo.stage.with_untracked(|stage| stage.name(agent));
    // Where its last attempt is expected to begin and end, on the axis as it is.
    let expected = move || {
        let scale = demo.scale.get();
        demo.stage
            .with(|stage| gantt::bar(stage.lineup.get(place)?.ghost.as_deref()?, agent, scale)?.now)
    };
    let began = move || {
        let ghost = |stage: &Stage| {
            stage.lineup.get(place)?.ghost.as_ref()?.lanes().get(agent)?.attempt_started()
        };
        demo.stage.with_untracked(ghost).unwrap_or_default()
    };
    // An agent that is not expected to start has no end to grab.
    let gone = flag(move || expected().is_none());
    let left = text(move || percent(expected().map_or(0.0, |bar| (bar.x + bar.width).min(1.0))));
    let drag = move |event: PointerEvent| {
        let Some(scale) = demo.held_axis() else { return };
        let handle = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(plot) = handle.and_then(|handle| handle.parent_element()) else { return };
        let plot = plot.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - plot.left()) / plot.width().max(1.0);
        let length = (x - scale.x(began())).max(0.0);
        set_latency(demo, agent, rounded(scale.extent().mul_f64(length)));
    };
    let grab = move |event: PointerEvent| {
        let target = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(target) = target {
            // Without the capture a drag would end at the handle's edge; it fails for a pointer
            // that is gone already.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        event.prevent_default();
        demo.hold_axis();
    };
    let key = move |event: KeyboardEvent| {
        let now = latency(demo, agent);
        let step = if event.shift_key() { BIG_STEP } else { STEP };
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => now + step,
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(step),
            "PageUp" => now + BIG_STEP,
            "PageDown" => now.saturating_sub(BIG_STEP),
            "Home" => Duration::ZERO,
            "End" => LONGEST,
            _ => return,
        };
        event.prevent_default();
        set_latency(demo, agent, next);
    };
    let value = text(move || seconds_exact(latency(demo, agent)));
    let told = text(move || words::race::spoken_seconds(&seconds(latency(demo, agent))));
    if spoken {
        el("div")
            .class("handle")
            .when("none", gone)
            .attr("role", "slider")
            .attr("tabindex", "0")
            .attr("aria-label", name)
            .attr("aria-valuemin", "0")
            .attr("aria-valuemax", LONGEST.as_secs().to_string())
            .attr("aria-valuenow", value)
            .attr("aria-valuetext", told)
            .style("left", left)
            .hears("pointerdown", grab)
            .hears("pointermove", drag)
            .upon("pointerup", move || demo.release_axis())
            .upon("pointercancel", move || demo.release_axis())
            .hears("keydown", key)
            // By keys, this is how one points at an agent.
            .upon("focus", move || demo.pointed.set(vec![agent]))
            .upon("blur", move || demo.pointed.set(Vec::new()))
            .node()
    } else {
        el("div")
            .class("handle")
            .when("none", gone)
            .attr("aria-hidden", "true")
            .style("left", left)
            .hears("pointerdown", grab)
            .hears("pointermove", drag)
            .upon("pointerup", move || demo.release_axis())
            .upon("pointercancel", move || demo.release_axis())
            .node()
    }
}

/// To the nearest step, so that a drag ends on a figure that can be said.
fn rounded(length: Duration) -> Duration {
    let step = STEP.as_secs_f64();
    STEP.mul_f64((length.as_secs_f64() / step).round())
}

/// Seconds as a number field has them: every digit that counts.
pub fn seconds_exact(length: Duration) -> String {
    decimal::short(length.as_secs_f64())
}
