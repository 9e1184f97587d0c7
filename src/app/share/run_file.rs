//! The run on screen as a trace file.

use leptos::prelude::*;

use crate::app::state::{PlanState, PlayheadState, SettingsState};
use crate::config::SIMULATED;
use crate::export::{About, TraceFile};
use crate::web::clock::universal_time;
use crate::web::files;
use crate::words;

/// The states that saving takes.
#[derive(Clone, Copy)]
pub struct RunFile {
    settings: SettingsState,
    plan: PlanState,
    playhead: PlayheadState,
}

impl RunFile {
    /// Those of the page.
    pub fn find() -> Self {
        Self { settings: expect_context(), plan: expect_context(), playhead: expect_context() }
    }

    /// Saves the run at that place of the plan.
    pub fn save(self, place: usize) {
        let note = match self.file(place) {
            None => "There is no run to save yet: press Run first.".into(),
            Some((name, text)) if files::save(&name, text.as_bytes()) => {
                words::history::saved(&name)
            }
            Some(_) => "This browser does not let the page save a file.".into(),
        };
        self.settings.notice.set(Some(note));
    }

    /// Its name and its text.
    fn file(self, place: usize) -> Option<(String, String)> {
        let (provider, preset) =
            self.settings.current.with_untracked(|s| (s.provider, s.preset.id()));
        self.playhead.logs.with_value(|logs| {
            let log = logs.logs.get(place).filter(|log| log.has_begun())?;
            let begun = logs.begun.as_ref();
            let started = begun.map(|begun| universal_time(begun.started)).unwrap_or_default();
            self.plan.current.with_untracked(|plan| {
                let planned = plan.lineup.get(place)?;
                let measured = plan.measured.as_ref().map(|measured| &measured.about);
                let simulated = provider.map_or(SIMULATED, |provider| provider.name());
                let about = About {
                    pipeline: plan.pipeline(),
                    schedule: planned.schedule,
                    provider: measured.map_or(simulated, |measured| &measured.provider),
                    model: match measured {
                        Some(measured) => measured.model.as_deref(),
                        None => begun.and_then(|begun| begun.model.as_deref()),
                    },
                    started: measured.map_or(&started, |measured| &measured.started),
                    hidden: logs.was_hidden(),
                };
                let file = TraceFile::new(&log.trace.borrow(), about);
                let name = format!("converge-{preset}-{}.json", planned.kind.as_str());
                Some((name, file.given(&plan.experiment.inputs).text()))
            })
        })
    }
}
