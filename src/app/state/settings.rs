//! The settings: what the address says and the controls change, and what there is to say about them.

use leptos::prelude::*;

use super::changes::set_if_changed;
use crate::config::Settings;

/// See the module.
#[derive(Clone, Copy)]
pub struct SettingsState {
    /// The settings in force.
    pub current: RwSignal<Settings, LocalStorage>,
    /// Sentences about settings that were not understood.
    pub complaints: RwSignal<Vec<String>>,
    /// What there is to say about the last thing that was done.
    pub notice: RwSignal<Option<String>>,
    /// Complaints about settings that have just been read, until their plan is on screen.
    unread: StoredValue<Vec<String>>,
}

impl SettingsState {
    /// The settings that the page opens with, and sentences about what was not understood.
    pub fn new(settings: Settings, complaints: Vec<String>) -> Self {
        Self {
            current: RwSignal::new_local(settings),
            complaints: RwSignal::new(complaints),
            notice: RwSignal::new(None),
            unread: StoredValue::new(Vec::new()),
        }
    }

    /// Whether a live model is asked; follows the settings.
    pub fn is_live(self) -> bool {
        self.current.with(|settings| settings.provider.is_some())
    }

    /// Whether the page is a figure in another one just now.
    pub fn is_embedded(self) -> bool {
        self.current.with_untracked(|settings| settings.embed)
    }

    /// These settings, on a page that looks as it does now.
    pub fn on_this_page(self, settings: Settings) -> Settings {
        self.current.with_untracked(|now| settings.looking_like(now))
    }

    /// Changes the settings, and keeps `complaints` for when their plan is on screen.
    pub fn replace(self, settings: Settings, complaints: Vec<String>) {
        self.unread.set_value(complaints);
        self.current.set(settings);
    }

    /// Says something about a change of settings that is made now.
    pub fn say_with_change(self, note: Option<String>) {
        self.unread.set_value(note.into_iter().collect());
    }

    /// Says what was kept for this plan, and what is wrong with the plan itself.
    pub fn complain(self, about_plan: Vec<String>) {
        let unread = self.unread.try_update_value(std::mem::take).unwrap_or_default();
        set_if_changed(self.complaints, [unread, about_plan].concat());
        set_if_changed(self.notice, None);
    }
}
