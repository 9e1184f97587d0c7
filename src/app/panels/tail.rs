//! The tail latency: how long one call, a sequential run and a parallel run take when calls do not
//! always take as long, and what a hedge and a quorum do about it. All figures are drawn in slices
//! while the tab is open.

mod controls;
mod draw;
mod growth;
mod rows;
mod slider;

use leptos::prelude::*;

use self::controls::Controls;
use self::draw::Drawing;
use self::growth::Growth;
use self::rows::Rows;
use super::lessons::Lessons;
use crate::app::kit::Items;
use crate::config::Settings;
use crate::plan::tail::lessons;

/// See the module.
#[component]
pub fn Tail() -> impl IntoView {
    let drawing = Drawing::follow();
    provide_context(drawing);
    let sentences =
        Signal::derive(move || drawing.read(|figure| figure.sentences.clone()).unwrap_or_default());
    let drawn = move || drawing.read(|figure| figure.drawn.clone());
    view! {
        <section
            class="panel tail"
            aria-label="Tail latency"
            aria-busy=move || drawing.is_busy.get().to_string()
        >
            <Lessons name="Lessons about the tail" lessons=lessons().to_vec() take_over=take_lesson />
            <ul class="tail-points" aria-label="What the runs say">
                <Items lines=sentences />
            </ul>
            <Controls />
            <Rows />
            <Growth />
            <p class="fine">
                {drawn} " Heights are the roots of shares, so that rare lengths can be seen."
            </p>
        </section>
    }
}

/// What a lesson does not say is as it is in a link to it, but for how the page looks.
fn take_lesson(settings: &mut Settings, lesson: Settings) {
    let Settings { speed, autoplay, .. } = *settings;
    *settings = Settings { speed, autoplay, ..lesson.looking_like(settings) };
}
