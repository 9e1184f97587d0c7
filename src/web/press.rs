//! Proof that the reader has just pressed something in this document.
//!
//! What spends the reader's money asks for one of these. Only the browser makes an event that it
//! trusts: a script, a link, a message or a timer cannot.

use std::marker::PhantomData;

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, Node};

/// The reader's own click or key press. It lasts as long as the handler of its event, and counts
/// once.
pub struct Press<'event>(PhantomData<&'event Event>);

impl<'event> Press<'event> {
    /// The press that an event tells of; `None` where a script has made it, where it is something
    /// else, or where it happened to what is not in this document.
    pub fn of(event: &'event Event) -> Option<Self> {
        let is_press = matches!(event.type_().as_str(), "click" | "keydown");
        let target = event.target()?.dyn_into::<Node>().ok()?;
        let document = web_sys::window()?.document()?;
        let is_here = target.is_connected() && target.owner_document() == Some(document);
        (event.is_trusted() && is_press && is_here).then_some(Self(PhantomData))
    }
}

/// Whether the event is a repeat from a key held down, which browsers report as further presses.
pub fn is_held(event: &Event) -> bool {
    let key = event.dyn_ref::<KeyboardEvent>();
    key.is_some_and(|event| event.repeat() && event.key() == "Enter")
}
