//! Which panels are open, and how far the tour has come.

use leptos::prelude::*;

use crate::tour::Tour;

/// See the module.
#[derive(Clone, Copy)]
pub struct PanelsState {
    /// Whether the link to this state is shown.
    pub sharing: RwSignal<bool>,
    /// Whether the embed snippet is shown.
    pub embedding: RwSignal<bool>,
    /// Whether what can be done with files is shown.
    pub exporting: RwSignal<bool>,
    /// How far the tour has come.
    pub tour: RwSignal<Tour>,
}

impl PanelsState {
    /// All closed.
    pub fn new() -> Self {
        Self {
            sharing: RwSignal::new(false),
            embedding: RwSignal::new(false),
            exporting: RwSignal::new(false),
            tour: RwSignal::new(Tour::default()),
        }
    }

    /// Whether one is open; follows them.
    pub fn is_any_open(self) -> bool {
        let is_open = self.sharing.get() || self.embedding.get() || self.exporting.get();
        is_open || self.tour.with(|tour| tour.is_open)
    }
}
