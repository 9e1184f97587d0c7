//! Opening traces: how far reading has come, and whether a file is held over the page.

use futures::future::AbortHandle;
use leptos::prelude::*;

use super::changes::set_if_changed;

/// See the module.
#[derive(Clone, Copy)]
pub struct OpeningState {
    /// What is being read.
    pub progress: RwSignal<Option<Opening>>,
    /// Whether a file is dragged over the page.
    pub is_dragging: RwSignal<bool>,
    stop: StoredValue<Option<AbortHandle>>,
}

/// A trace that is being read.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The name of its file.
    pub name: String,
    /// How much is done, in percent.
    pub percent: u32,
}

impl OpeningState {
    /// Nothing is read.
    pub fn new() -> Self {
        Self {
            progress: RwSignal::new(None),
            is_dragging: RwSignal::new(false),
            stop: StoredValue::new(None),
        }
    }

    /// Begins to read, in place of what was being read before.
    pub fn begin(self, stop: AbortHandle) {
        self.stop();
        self.stop.set_value(Some(stop));
    }

    /// Says how far it has come.
    pub fn tell(self, name: &str, share: f64) {
        let percent = (share * 100.0).round() as u32;
        set_if_changed(self.progress, Some(Opening { name: name.into(), percent }));
    }

    /// Says that it is over.
    pub fn end(self) {
        self.stop.set_value(None);
        self.progress.set(None);
    }

    /// Stops reading.
    pub fn stop(self) {
        if let Some(stop) = self.stop.try_update_value(Option::take).flatten() {
            stop.abort();
            self.progress.set(None);
        }
    }
}
