//! Listeners: they know their element, run for whoever owns it, and are gone when it is.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Element;

type Heard = Box<dyn FnMut(web_sys::Event)>;

/// A listener that stays with its element, whatever it does when it hears something.
pub struct Listener {
    dom: Element,
    name: &'static str,
    heard: Rc<RefCell<Heard>>,
    callback: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Listens from now on.
    pub fn new(dom: &Element, name: &'static str, heard: Heard) -> Self {
        let heard = Rc::new(RefCell::new(heard));
        let (own, owner) = (heard.clone(), Owner::current().unwrap_or_default());
        let callback = Closure::<dyn FnMut(web_sys::Event)>::new(move |event| {
            // What a listener sets off may come back to it; once is enough.
            if let Ok(mut heard) = own.try_borrow_mut() {
                // Nobody reads anew because of what a listener has read.
                owner.with(|| untrack(|| heard(event)));
            }
        });
        // It fails for nothing that is a function.
        let _ = dom.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
        Self { dom: dom.clone(), name, heard, callback }
    }

    /// Does something else from now on.
    pub fn hears(&self, heard: Heard) {
        *self.heard.borrow_mut() = heard;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.dom.remove_event_listener_with_callback(self.name, callback);
    }
}
