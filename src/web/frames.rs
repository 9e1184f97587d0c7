//! The one animation-frame loop: each frame decides whether there is another one.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Calls back before the browser paints, for as long as the callback asks for more.
#[derive(Clone)]
pub struct Frames(Rc<Inner>);

struct Inner {
    request: Cell<Option<i32>>,
    on_frame: Closure<dyn FnMut(f64)>,
}

impl Frames {
    /// A loop that stands still. `draw` gets the frame's time in milliseconds and answers whether
    /// it needs another frame.
    pub fn new(mut draw: impl FnMut(f64) -> bool + 'static) -> Self {
        let inner = Rc::new_cyclic(|inner: &Weak<Inner>| {
            let inner = inner.clone();
            let on_frame = Closure::new(move |time| {
                let Some(inner) = inner.upgrade() else { return };
                inner.request.set(None);
                if draw(time) {
                    inner.request_frame();
                }
            });
            Inner { request: Cell::new(None), on_frame }
        });
        Self(inner)
    }

    /// Requests a frame unless one is requested already.
    pub fn wake(&self) {
        self.0.request_frame();
    }
}

impl Inner {
    fn request_frame(&self) {
        if self.request.get().is_some() {
            return;
        }
        if let Some(window) = web_sys::window() {
            let callback = self.on_frame.as_ref().unchecked_ref();
            self.request.set(window.request_animation_frame(callback).ok());
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let (Some(request), Some(window)) = (self.request.get(), web_sys::window()) {
            let _ = window.cancel_animation_frame(request);
        }
    }
}
