//! The runs on screen as files: each as a trace file, and in the formats of other programs.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::state::{PlanState, PlayheadState, SelectionState, SettingsState};
use crate::config::{SIMULATED, Theme};
use crate::drawing::Colors;
use crate::export::{self, About, Format, TraceFile};
use crate::plan::{Beside, Kind, Look};
use crate::timeline::Timeline;
use crate::timeline::stage::Pace;
use crate::web::clock::universal_time;
use crate::web::png::png;
use crate::web::{files, page};
use crate::words;

/// What is said where nothing has run.
pub const NO_RUN: &str = "There is no run to save yet: press Run first.";
const NOT_SAVED: &str = "This browser does not let the page save a file.";

/// So that a picture is sharp where it is shown larger, or on a screen of small pixels.
const PNG_SCALE: f64 = 2.0;

/// The width of the picture where no stage is laid out, in CSS pixels.
const USUAL_WIDTH: f64 = 1000.0;

/// The states that saving takes. Files are saved by event handlers, which subscribe to nothing.
#[derive(Clone, Copy)]
pub struct RunFile {
    settings: SettingsState,
    plan: PlanState,
    playhead: PlayheadState,
    selection: SelectionState,
}

/// A run as it is written.
struct Written {
    kind: Kind,
    file: TraceFile,
    /// The whole of it, wherever the playhead is.
    timeline: Timeline,
}

impl RunFile {
    /// Those of the page.
    pub fn find() -> Self {
        Self {
            settings: expect_context(),
            plan: expect_context(),
            playhead: expect_context(),
            selection: expect_context(),
        }
    }

    /// The runs that can be saved, by their places in the plan; follows the plan. A file of a run that has
    /// not begun would have nothing in it, and beside an opened trace the other run is only expected.
    pub fn runs(self) -> Vec<(usize, Kind)> {
        let has_begun = |place: usize| {
            self.playhead
                .logs
                .with_value(|logs| logs.logs.get(place).is_some_and(|log| log.has_begun()))
        };
        self.plan.current.with(|plan| {
            let kinds = plan.lineup.iter().map(|planned| planned.kind).enumerate();
            kinds.filter(|(place, _)| has_begun(*place)).collect()
        })
    }

    /// Saves the run at that place of the plan as a trace file.
    pub fn save(self, place: usize) {
        let note = match self.written(place) {
            None => NO_RUN.into(),
            Some(Written { kind, file, .. }) => {
                let name = self.name(Some(kind), "json");
                match files::save(&name, file.text().as_bytes()) {
                    true => words::history::saved(&name),
                    false => NOT_SAVED.into(),
                }
            }
        };
        self.settings.notice.set(Some(note));
    }

    /// Saves the run at that place of the plan for another program.
    pub fn save_as(self, place: usize, format: Format) {
        let Some((name, text)) = self.file_for(place, format) else {
            return self.settings.notice.set(Some(NO_RUN.into()));
        };
        spawn_local(async move {
            let is_saved = match format {
                Format::Png => {
                    let picture = png(&text, PNG_SCALE).await;
                    picture.is_ok_and(|picture| files::save_blob(&name, &picture))
                }
                _ => files::save(&name, text.as_bytes()),
            };
            let note = if is_saved { words::history::saved_as(&name) } else { NOT_SAVED.into() };
            self.settings.notice.set(Some(note));
        });
    }

    /// The name and the text of the file for another program; of a PNG, the text of the picture.
    fn file_for(self, place: usize, format: Format) -> Option<(String, String)> {
        let Written { kind, file, timeline } = self.written(place)?;
        let text = self.plan.current.with(|plan| match format {
            Format::Csv => export::csv(&file),
            Format::Perfetto => export::perfetto(&file, plan.pipeline(), &timeline),
            Format::OpenTelemetry => export::opentelemetry(&file, &timeline),
            Format::Gantt => export::gantt(&file),
            Format::Flowchart => export::flowchart(plan.pipeline()),
            Format::Svg | Format::Png => self.picture(),
        });
        let is_of_one_run = !matches!(format, Format::Flowchart | Format::Svg | Format::Png);
        Some((self.name(is_of_one_run.then_some(kind), format.ending()), text))
    }

    fn name(self, kind: Option<Kind>, ending: &str) -> String {
        let preset = self.settings.current.with(|settings| settings.preset.id());
        match kind {
            Some(kind) => format!("converge-{preset}-{}.{ending}", kind.as_str()),
            None => format!("converge-{preset}.{ending}"),
        }
    }

    /// The stage as it stands, in the colors and at the width that the reader sees.
    fn picture(self) -> String {
        let (theme, speed) =
            self.settings.current.with(|settings| (settings.theme, settings.speed));
        let is_dark = match theme {
            Theme::Dark => true,
            Theme::Light => false,
            Theme::Auto => page::prefers_dark(),
        };
        let colors = if is_dark { Colors::Dark } else { Colors::Light };
        let look = Look {
            cursor: self.playhead.playback.get().cursor(self.playhead.edge.get()),
            pace: Pace { speed, is_reduced: page::wants_less_motion() },
            shows_expected: true,
        };
        let playhead = Some(self.playhead.shown());
        let guess = self.selection.guess.get();
        let width = page::width_of("stage-picture").filter(|width| *width > 0.0);
        let width = width.unwrap_or(USUAL_WIDTH);
        self.plan.current.with(|plan| {
            self.playhead.frame.with(|frame| {
                self.playhead.overlay.with(|overlay| {
                    let beside = Beside { playhead, overlay: overlay.as_ref(), guess };
                    plan.svg(frame, &plan.stage(frame, width, look, beside), colors)
                })
            })
        })
    }

    fn written(self, place: usize) -> Option<Written> {
        let provider = self.settings.current.with(|settings| settings.provider);
        self.playhead.logs.with_value(|logs| {
            let log = logs.logs.get(place).filter(|log| log.has_begun())?;
            let begun = logs.begun.as_ref();
            let started = begun.map(|begun| universal_time(begun.started)).unwrap_or_default();
            self.plan.current.with(|plan| {
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
                let trace = log.trace.borrow();
                let file = TraceFile::new(&trace, about).given(&plan.experiment.inputs);
                let timeline = Timeline::at(&trace, plan.agents(), trace.end());
                Some(Written { kind: planned.kind, file, timeline })
            })
        })
    }
}
