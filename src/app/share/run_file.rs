//! The run on screen into a file, and a file's run on screen.
//!
//! What is in a file, and what a stranger may have written into one, is
//! [`export`](crate::export)'s business.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::state::log::Log;
use crate::app::state::{PlanState, PlayheadState, RunsState, SettingsState};
use crate::config::SIMULATED;
use crate::export::{About, LONGEST, Opened, ReadError, TraceFile, read};
use crate::plan::Plan;
use crate::web::clock::universal_time;
use crate::web::{files, page};
use crate::words;

/// The states that saving and opening take.
#[derive(Clone, Copy)]
pub struct RunFile {
    settings: SettingsState,
    plan: PlanState,
    playhead: PlayheadState,
    runs: RunsState,
}

impl RunFile {
    /// Those of the page.
    pub fn find() -> Self {
        Self {
            settings: expect_context(),
            plan: expect_context(),
            playhead: expect_context(),
            runs: expect_context(),
        }
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
            let monitor = begun.and_then(|begun| begun.visibility.as_ref());
            self.plan.current.with_untracked(|plan| {
                let planned = plan.lineup.get(place)?;
                let about = About {
                    pipeline: plan.pipeline(),
                    schedule: planned.schedule,
                    provider: provider.map_or(SIMULATED, |provider| provider.name()),
                    model: begun.and_then(|begun| begun.model.as_deref()),
                    started: &started,
                    hidden: monitor.is_some_and(|monitor| monitor.was_hidden()),
                };
                let file = TraceFile::new(&log.trace.borrow(), about);
                let name = format!("converge-{preset}-{}.json", planned.kind.as_str());
                Some((name, file.given(&plan.experiment.inputs).text()))
            })
        })
    }

    /// Puts the run of a file on screen, or says what is wrong with the file.
    pub fn open(self, file: web_sys::File) {
        spawn_local(async move {
            let opened = match files::text(&file, LONGEST).await {
                Some(text) => read(&text),
                None => Err(ReadError::TooLong),
            };
            match opened {
                Ok(opened) => self.show(opened),
                Err(error) => {
                    let problem = words::history::not_opened(&error.to_string());
                    self.settings.notice.set(Some(problem));
                }
            }
        });
    }

    fn show(self, opened: Opened) {
        let Opened { file, settings, log } = opened;
        let settings = self.settings.current.with_untracked(|now| settings.looking_like(now));
        let (plan, notes) = Plan::of(&settings, None);
        self.runs.show_finished(settings, plan, vec![Log::kept(log)], None);
        self.settings.complaints.set(notes);
        page::show(".race");
        let short = |text: &str| text.chars().take(40).collect::<String>();
        self.settings.notice.set(Some(words::history::from_a_file(
            &short(&file.schedule.name),
            &short(&file.started),
            &short(&file.provider),
            file.model.as_deref().map(short).as_deref(),
        )));
    }
}
