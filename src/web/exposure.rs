//! Whether an element has been visible long enough to be read: in view as a whole, and with
//! nothing over it. A page around this one can lay something over a button, or move it under the
//! pointer at the last moment, and so have its reader press what they have not seen.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How long an element has to be visible before a press on it counts.
pub const LONG_ENOUGH: Duration = Duration::from_millis(500);

/// How much of it has to be in view. Not quite all: a pixel's fraction can be lost at an edge.
const ENOUGH: f64 = 0.99;

/// The entry's field that says that nothing covers the element, where browsers support it.
const IS_VISIBLE: &str = "isVisible";
/// The option that asks for it. Browsers require a delay of at least 100 ms between two checks.
const TRACK_VISIBILITY: &str = "trackVisibility";
const DELAY: f64 = 100.0;

/// Watches one element until it is dropped.
pub struct Exposure {
    /// Since when it is visible, in milliseconds of the document's time.
    since: Rc<Cell<Option<f64>>>,
    observer: IntersectionObserver,
    _on_change: Closure<dyn FnMut(Array)>,
}

impl Exposure {
    /// Watches the element with that id, and tells whether it is in plain sight whenever that
    /// changes; `None` if there is no such element.
    pub fn of(id: &str, mut changed: impl FnMut(bool) + 'static) -> Option<Self> {
        let element = web_sys::window()?.document()?.get_element_by_id(id)?;
        let since = Rc::new(Cell::new(None));
        let noted = since.clone();
        let on_change = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let Some(last) = entries.iter().last() else { return };
            let entry: IntersectionObserverEntry = last.unchecked_into();
            let now = in_plain_sight(&entry);
            if now != noted.get().is_some() {
                noted.set(now.then(|| entry.time()));
                changed(now);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_threshold(&Array::of2(&0.0.into(), &ENOUGH.into()));
        // Browsers without support ignore these options.
        Reflect::set(&options, &TRACK_VISIBILITY.into(), &true.into()).ok()?;
        Reflect::set(&options, &"delay".into(), &DELAY.into()).ok()?;
        let observer =
            IntersectionObserver::new_with_options(on_change.as_ref().unchecked_ref(), &options);
        let observer = observer.ok()?;
        observer.observe(&element);
        Some(Self { since, observer, _on_change: on_change })
    }

    /// Whether it had been visible for long enough at the time of the event.
    pub fn was_seen_before(&self, event: &Event) -> bool {
        let long_enough = LONG_ENOUGH.as_secs_f64() * 1e3;
        self.since.get().is_some_and(|since| event.time_stamp() - since >= long_enough)
    }
}

fn in_plain_sight(entry: &IntersectionObserverEntry) -> bool {
    let is_in_view = entry.is_intersecting() && entry.intersection_ratio() >= ENOUGH;
    let is_covered = match Reflect::get(entry, &IS_VISIBLE.into()) {
        Ok(visible) if visible != JsValue::UNDEFINED => !visible.is_truthy(),
        _ => false,
    };
    is_in_view && !is_covered
}

impl Drop for Exposure {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
