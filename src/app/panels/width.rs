//! How wide an element is, for views that place things in pixels.

use leptos::html::Div;
use leptos::prelude::*;

/// The width of an element in CSS pixels, also after the window was resized; zero before it is on the
/// page.
pub fn width_of(element: NodeRef<Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(0.0_f64);
    let measure = move || {
        if let Some(element) = element.get_untracked() {
            set_width.set(element.client_width().into());
        }
    };
    // Effects run once the elements are on the page.
    Effect::new(measure);
    let listener = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || listener.remove());
    width
}
