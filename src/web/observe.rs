//! Elements that are watched: whether one is in view, and how wide it is.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, ResizeObserver};

/// Watches whether an element is in view, until it is dropped.
pub struct InView {
    observer: IntersectionObserver,
    _on_change: Closure<dyn FnMut(Array)>,
}

impl InView {
    /// Tells whether any part of the element is in view: at once, and whenever that changes.
    pub fn of(element: &Element, mut changed: impl FnMut(bool) + 'static) -> Option<Self> {
        let on_change = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let Some(last) = entries.iter().last() else { return };
            changed(last.unchecked_into::<IntersectionObserverEntry>().is_intersecting());
        });
        let observer = IntersectionObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _on_change: on_change })
    }
}

impl Drop for InView {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Watches how wide an element is, until it is dropped.
pub struct Width {
    observer: ResizeObserver,
    _on_change: Closure<dyn FnMut()>,
}

impl Width {
    /// Tells the width in CSS pixels: at once, and whenever it changes.
    pub fn of(element: &Element, mut changed: impl FnMut(f64) + 'static) -> Option<Self> {
        let own = element.clone();
        let on_change =
            Closure::<dyn FnMut()>::new(move || changed(own.get_bounding_client_rect().width()));
        let observer = ResizeObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _on_change: on_change })
    }
}

impl Drop for Width {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
