//! Which dialogs and menus are open, and how far the tour has come.

use leptos::prelude::*;

use crate::tour::Tour;

/// See the module.
#[derive(Clone, Copy)]
pub struct PanelsState {
    /// The link to this state.
    pub sharing: RwSignal<bool>,
    /// The embed snippet.
    pub embedding: RwSignal<bool>,
    /// Saving a run as a file.
    pub exporting: RwSignal<bool>,
    /// The sheet with the provider, its key and its model.
    pub provider: RwSignal<bool>,
    /// The list of scenarios.
    pub scenarios: RwSignal<bool>,
    /// The list of keyboard shortcuts.
    pub shortcuts: RwSignal<bool>,
    /// How far the tour has come.
    pub tour: RwSignal<Tour>,
}

impl PanelsState {
    /// All closed.
    pub fn new() -> Self {
        let closed = || RwSignal::new(false);
        Self {
            sharing: closed(),
            embedding: closed(),
            exporting: closed(),
            provider: closed(),
            scenarios: closed(),
            shortcuts: closed(),
            tour: RwSignal::new(Tour::default()),
        }
    }

    /// Whether one is open; follows them.
    pub fn is_any_open(self) -> bool {
        let panels = [
            self.sharing,
            self.embedding,
            self.exporting,
            self.provider,
            self.scenarios,
            self.shortcuts,
        ];
        // All of them are read, so that all are followed.
        let open = panels.into_iter().filter(|panel| panel.get()).count();
        self.tour.with(|tour| tour.is_open) || open > 0
    }
}
