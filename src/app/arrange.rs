//! Settings that have changed become another stage: what of them makes runs stale, and how what they
//! come to gets on screen.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::set_timeout;

use super::demo::Demo;
use super::stage::Stage;
use crate::codegen::Language;
use crate::config::{Settings, Theme};

impl Demo {
    /// Makes another stage of the settings, and puts it on screen in place of what was there.
    pub fn rearrange(self) {
        self.stop();
        let settings = self.settings.get_untracked();
        let (before, (stage, notes)) = self.stage.with_untracked(|before| {
            (before.experiment.clone(), Stage::of(&settings, Some(before)))
        });
        // Building thousands of agents has kept the thread long enough: their views take their turn
        // later, unless something else is to be seen by then.
        if stage.is_wide() && !Rc::ptr_eq(&before.preset, &stage.experiment.preset) {
            let now = move || {
                let is_here = self.stage.with_untracked(|s| Rc::ptr_eq(&s.experiment, &before));
                if is_here
                    && self.settings.with_untracked(|now| decisive(now) == decisive(&settings))
                {
                    self.show_stage(stage, notes);
                }
            };
            set_timeout(now, Duration::ZERO);
        } else {
            self.show_stage(stage, notes);
        }
    }

    fn show_stage(self, stage: Stage, notes: Vec<String>) {
        self.stage.set(stage);
        let unread = self.unread.update_value(std::mem::take);
        self.complaints.set([unread, notes].concat());
        self.notice.set(None);
        self.access.repeats.set(Vec::new());
        self.clear();
    }
}

/// Of the settings, those whose change makes runs stale: the pipeline, its script, its schedules.
pub fn decisive(settings: &Settings) -> Settings {
    Settings {
        speed: 1.0,
        theme: Theme::Auto,
        lang: Language::default(),
        topic: None,
        base_url: None,
        model: None,
        temperature: None,
        max_tokens: None,
        ..settings.clone()
    }
}
