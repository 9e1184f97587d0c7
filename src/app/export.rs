//! The run on screen as a file for other programs, and such a file as a run on screen.
//!
//! What is in a file, and what a stranger may have written into one, is
//! [`export`](crate::export)'s business.

use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::dom::{Node, Nodes, el};
use super::runs::Log;
use super::stage::{Kind, Stage};
use super::ui::{button, part, shown, text};
use crate::config::SIMULATED;
use crate::export::{About, LONGEST, Opened, ReadError, TraceFile, read};
use crate::web::clock::universal_time;
use crate::web::{files, page};
use crate::words;

/// The id of what gets the focus back.
const BUTTON: &str = "export";

/// The button that saves the run that is shown.
pub fn export_button(demo: Demo) -> Node {
    let export = move || {
        demo.history.exporting.set(true);
        let place = demo.stage.with_untracked(|stage| stage.shown());
        demo.with_rest(move |rest| (rest.save_run)(demo, place));
    };
    el("button")
        .attr("type", "button")
        .class("quiet")
        .attr("id", BUTTON)
        .attr("data-control", "export")
        .attr("aria-expanded", text(move || demo.history.exporting.get().to_string()))
        .upon("click", export)
        .child(words::history::EXPORT)
        .node()
}

/// What else can be done with files, while it is shown.
pub fn export_panel(demo: Demo) -> Node {
    shown(move || demo.history.exporting.get(), move || panel(demo))
}

fn panel(demo: Demo) -> Node {
    let runs = part(move || {
        // Not before there is something in it.
        let has_run = demo.has_run();
        let kinds = demo.structure.with(|structure| structure.kinds.clone());
        let save = |(place, kind): (usize, Kind)| {
            let label = text(move || words::history::save_run(words::called(kind.word())));
            button("", "export", label, move || save_run(demo, place))
        };
        let all = kinds.into_iter().enumerate().filter(|_| has_run).map(save);
        all.nodes()
    });
    let open = move |event: web_sys::Event| {
        let Some(file) = files::chosen(&event) else { return };
        spawn_local(async move {
            let opened = match files::text(&file, LONGEST).await {
                Some(text) => read(&text),
                None => Err(ReadError::TooLong),
            };
            match opened {
                Ok(opened) => show_opened(demo, opened),
                Err(error) => {
                    demo.notice.set(Some(words::history::not_opened(&error.to_string())));
                }
            }
        });
    };
    let close = move || {
        demo.history.exporting.set(false);
        page::focus(BUTTON);
    };
    let field = el("input")
        .attr("type", "file")
        .attr("accept", ".json,application/json")
        .on("change", open);
    el("section")
        .class("panel export")
        .attr("aria-label", words::history::FILES)
        .attr("data-control", "export")
        .child(runs)
        .child(
            el("label")
                .class("field")
                .child(el("span").child(words::history::OPEN_A_FILE))
                .child(field),
        )
        .child(
            el("button").attr("type", "button").upon("click", close).child(words::history::CLOSE),
        )
        .child(el("p").class("fine").child(words::history::ABOUT_FILES))
        .node()
}

/// Saves the run at that place of the lineup.
pub fn save_run(demo: Demo, place: usize) {
    let saved = demo.runs.with_value(|runs| {
        let log = runs.logs.get(place)?.trace.borrow();
        if log.events().is_empty() {
            return None;
        }
        demo.stage.with_untracked(|stage| {
            let planned = stage.lineup.get(place)?;
            let begun = runs.begun.as_ref();
            let started = begun.map(|begun| universal_time(begun.started)).unwrap_or_default();
            let sight = begun.and_then(|begun| begun.sight.as_ref());
            let provider = demo.settings.with_untracked(|settings| settings.provider);
            let about = About {
                pipeline: stage.pipeline(),
                schedule: planned.schedule,
                provider: provider.map_or(SIMULATED, |provider| provider.name()),
                model: begun.and_then(|begun| begun.model.as_deref()),
                started: &started,
                hidden: sight.is_some_and(|sight| sight.was_lost()),
            };
            let file = TraceFile::new(&log, about).given(&stage.experiment.inputs);
            let preset = demo.settings.with_untracked(|settings| settings.preset.id());
            let name = format!("converge-{preset}-{}.json", planned.kind.word());
            Some((files::save(&name, &file.text()), name))
        })
    });
    demo.notice.set(Some(match saved {
        Some((true, name)) => words::history::saved(&name),
        Some((false, _)) => words::history::CANNOT_SAVE.into(),
        None => words::history::NOTHING_TO_SAVE.into(),
    }));
}

/// Puts the run of a file on screen.
fn show_opened(demo: Demo, opened: Opened) {
    let Opened { file, mut settings, log } = opened;
    demo.settings.with_untracked(|now| {
        settings.theme = now.theme;
        settings.view = now.view;
        settings.embed = now.embed;
        settings.hide.clone_from(&now.hide);
        settings.lang = now.lang;
    });
    let (stage, notes) = Stage::of(&settings, None);
    demo.show_kept(settings, stage, vec![Log::kept(log)]);
    demo.complaints.set(notes);
    page::show(".race");
    let short = |text: &str| text.chars().take(40).collect::<String>();
    demo.notice.set(Some(words::history::from_a_file(
        &short(&file.schedule.name),
        &short(&file.started),
        &short(&file.provider),
        file.model.as_deref().map(short).as_deref(),
    )));
}
