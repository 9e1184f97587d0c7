//! Where the thumb of a slider is.

use leptos::html;
use leptos::prelude::*;

/// Keeps a slider at its minimum, its maximum and its value. One effect sets all three, since a slider
/// takes no value beyond the maximum that it has by then.
pub fn follow_range(range: impl Fn() -> [String; 3] + 'static) -> NodeRef<html::Input> {
    let slider = NodeRef::<html::Input>::new();
    Effect::new(move || {
        let [min, max, value] = range();
        if let Some(slider) = slider.get() {
            slider.set_min(&min);
            slider.set_max(&max);
            slider.set_value(&value);
        }
    });
    slider
}
