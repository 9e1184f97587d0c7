//! Setting a signal only when its value changes.

use leptos::prelude::*;

/// Sets a signal unless it has that value already, so that its subscribers are not woken for
/// nothing. State that lasts as long as the page is signals set like this, and not memos: a memo
/// keeps subscribers that are gone for as long as it lives (Leptos 0.8).
pub fn set_if_changed<T: PartialEq + 'static>(signal: impl Update<Value = T>, value: T) {
    signal.maybe_update(|own| {
        let is_changed = *own != value;
        *own = value;
        is_changed
    });
}
