//! The runs of before: kept by the browser, opened again, laid over the present one.

use std::cell::RefCell;
use std::rc::Rc;

use super::dom::{Node, Nodes, el};
use super::signals::{RwSignal, StoredValue};
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::rest::Ended;
use super::runs::{Begun, Log};
use super::stage::{Kind, Stage};
use super::ui::{button, part, shown, text};
use crate::config::{Autoplay, Experiment, Settings, View};
use crate::record::{MOST_EVENTS, Overlay, Record, RecordedRun};
use crate::time::{Instant, seconds};
use crate::timeline::crowd::grouped;
use crate::timeline::metrics::speedup;
use crate::web::clock::{Breath, local_time};
use crate::web::page;
use crate::web::storage::{self, Unavailable};
use crate::words;

/// So many runs are kept; the oldest go.
const MOST: usize = 20;

/// The runs that are over.
#[derive(Clone, Copy)]
pub struct History {
    records: RwSignal<Vec<Rc<Kept>>>,
    overlay: RwSignal<Option<Overlay>>,
    /// Whether the browser keeps them beyond this page.
    is_stored: RwSignal<bool>,
    /// Whether what can be done with files is shown.
    pub exporting: RwSignal<bool>,
}

/// A run that is over, as the list has it.
struct Kept {
    started: u64,
    title: String,
    /// Takes a reading of the whole log.
    summary: String,
    /// Only where the browser does not have it: twenty long logs are a lot of memory.
    here: RefCell<Option<Rc<Record>>>,
}

impl Kept {
    /// `here` is the record itself, for as long as the browser does not have it.
    fn new(record: &Record, here: Option<Rc<Record>>) -> Rc<Self> {
        Rc::new(Self {
            started: record.started,
            title: record.title.clone(),
            summary: summary(record),
            here: RefCell::new(here),
        })
    }
}

impl History {
    /// None yet.
    pub fn new() -> Self {
        Self {
            records: RwSignal::new(Vec::new()),
            overlay: RwSignal::new(None),
            is_stored: RwSignal::new(true),
            exporting: RwSignal::new(false),
        }
    }

    /// Reads the run that is laid over the present one.
    pub fn overlay<T>(self, of: impl FnOnce(&Overlay) -> Option<T>) -> Option<T> {
        self.overlay.with(|overlay| of(overlay.as_ref()?))
    }

    /// When the run that is laid over the present one ended.
    pub fn end(self) -> Instant {
        self.overlay
            .with_untracked(|overlay| overlay.as_ref().map(Overlay::end).unwrap_or_default())
    }
}

/// Gets the runs that the browser has kept.
pub fn load_history(demo: Demo) {
    if demo.settings.with_untracked(|settings| settings.embed) {
        return;
    }
    spawn_local(async move {
        let Ok(numbers) = storage::numbers().await else {
            return demo.history.is_stored.set(false);
        };
        let mut kept = Vec::new();
        let breath = Breath::begin();
        for number in numbers {
            kept.extend(stored(number).await.map(|record| Kept::new(&record, None)));
            breath.pause().await;
        }
        // A run may have ended in the meantime.
        demo.history.records.update(|records| records.splice(0..0, kept).for_each(drop));
    });
}

/// What the browser has under that number, if that is a run that can be read.
async fn stored(number: f64) -> Option<Record> {
    Record::read(&storage::get(number).await.ok()??).ok()
}

/// Keeps runs that have ended.
pub fn keep(demo: Demo, started: u64, settings: &Settings, experiment: &Experiment, ended: &Ended) {
    let events: usize = ended.iter().map(|(_, log)| log.borrow().events().len()).sum();
    if events > MOST_EVENTS {
        let (events, most) = (grouped(events), grouped(MOST_EVENTS));
        demo.notice.set(Some(words::history::too_many_events(&events, &most)));
        return;
    }
    let runs = (ended.iter().filter(|(_, log)| !log.borrow().events().is_empty()))
        .map(|(kind, log)| RecordedRun { schedule: kind.word().into(), log: log.borrow().clone() })
        .collect();
    let topic = settings.topic.as_deref().unwrap_or(experiment.preset.topic);
    let edited = if settings.edited.is_some() { words::history::EDITED } else { "" };
    let title = format!("{}{edited}: {topic}", settings.preset.label());
    let agents = experiment.preset.pipeline.agents();
    let agents = agents.iter().map(|agent| agent.name.clone()).collect();
    let settings = essential(settings).fragment();
    let record = Rc::new(Record::new(started, settings, title, agents, runs));
    let kept = Kept::new(&record, Some(record.clone()));
    let mut forgotten = Vec::new();
    demo.history.records.update(|records| {
        records.push(kept.clone());
        let surplus = records.len().saturating_sub(MOST);
        forgotten.extend(records.drain(..surplus).map(|kept| kept.started as f64));
    });
    spawn_local(async move {
        let breath = Breath::begin();
        let text = record.text(async || breath.pause().await).await;
        // It may have been erased in the meantime.
        let is_kept =
            |records: &Vec<Rc<Kept>>| records.iter().any(|other| Rc::ptr_eq(other, &kept));
        if !demo.history.records.with_untracked(is_kept) {
            return;
        }
        match storage::put(started as f64, &text, &forgotten).await {
            Ok(()) => drop(kept.here.take()),
            Err(Unavailable) => demo.history.is_stored.set(false),
        }
    });
}

impl Demo {
    /// Does that with a run's record, once the browser has given it.
    fn with_record(self, kept: &Rc<Kept>, act: fn(Self, &Record)) {
        if let Some(record) = kept.here.borrow().clone() {
            return act(self, &record);
        }
        let kept = kept.clone();
        spawn_local(async move {
            if let Some(record) = stored(kept.started as f64).await {
                return act(self, &record);
            }
            self.history
                .records
                .update(|records| records.retain(|other| !Rc::ptr_eq(other, &kept)));
            self.notice.set(Some(words::history::IS_GONE.into()));
        });
    }

    fn open_again(self, record: &Record) {
        let (mut settings, _) = Settings::read("", &record.settings);
        self.settings.with_untracked(|now| {
            settings.theme = now.theme;
            settings.view = now.view;
            settings.embed = now.embed;
            settings.hide.clone_from(&now.hide);
            settings.lang = now.lang;
        });
        let (stage, notes) = Stage::of(&settings, None);
        let agents = stage.pipeline().agents();
        let same = agents.iter().map(|agent| &agent.name).eq(&record.agents);
        let logs: Vec<_> = (record.runs.iter()).map(|run| Log::kept(run.log.clone())).collect();
        if same {
            self.show_kept(settings, stage, logs);
            let (started, model) =
                (record.started, self.settings.with_untracked(|s| s.model.clone()));
            self.runs.update_value(|runs| runs.begun = Some(Begun { started, model, sight: None }));
            self.complaints.set(notes);
            page::show(".race");
            let when = local_time(record.started);
            self.notice.set(Some(words::history::run_of(&when)));
        } else {
            let problem = words::history::NO_SUCH_PIPELINE;
            self.notice.set(Some(problem.into()));
        }
    }

    /// Lays a run over the present one, or takes it away again.
    fn lay_over(self, kept: &Rc<Kept>) {
        let is_laid =
            |laid: &Option<Overlay>| laid.as_ref().is_some_and(|laid| laid.started == kept.started);
        if self.history.overlay.with_untracked(is_laid) {
            self.set_overlay(None);
        } else {
            self.with_record(kept, |demo, record| demo.set_overlay(Some(Overlay::of(record))));
        }
    }

    fn set_overlay(self, overlay: Option<Overlay>) {
        self.history.overlay.set(overlay);
        self.refresh();
    }

    /// Erases one run, or all of them.
    fn erase(self, started: Option<u64>) {
        let is_meant = |record: u64| started.is_none_or(|started| started == record);
        self.history.records.update(|records| records.retain(|kept| !is_meant(kept.started)));
        self.history.overlay.update(|overlay| {
            if overlay.as_ref().is_some_and(|laid| is_meant(laid.started)) {
                *overlay = None;
            }
        });
        self.refresh();
        spawn_local(async move {
            if storage::erase(started.map(|started| started as f64)).await.is_err() {
                self.history.is_stored.set(false);
            }
        });
    }
}

/// The settings without those of the page around the run.
fn essential(settings: &Settings) -> Settings {
    Settings {
        theme: Settings::default().theme,
        view: View::All,
        embed: false,
        hide: Vec::new(),
        autoplay: Autoplay::Off,
        ..settings.clone()
    }
}

/// The list of the runs that are over, the last one first.
pub fn history(demo: Demo) -> Node {
    let some = move || demo.history.records.with(|records| !records.is_empty());
    shown(some, move || list(demo))
}

fn list(demo: Demo) -> Node {
    let items = part(move || {
        let records = demo.history.records.get();
        // Read once here, and not by each item.
        let laid = demo.history.overlay.with(|laid| laid.as_ref().map(|laid| laid.started));
        let is_laid = |kept: &Kept| laid == Some(kept.started);
        records.into_iter().rev().map(|kept| item(demo, is_laid(&kept), kept)).nodes()
    });
    let told = text(move || {
        let kept = match demo.history.is_stored.get() {
            true => words::history::KEPT_HERE,
            false => words::history::KEPT_NOWHERE,
        };
        words::history::told(kept, MOST)
    });
    let compared = part(move || {
        let lines = comparison(demo);
        lines.into_iter().map(|line| el("li").child(line).node()).nodes()
    });
    el("section")
        .class("panel history")
        .attr("aria-labelledby", "history-title")
        .child(el("h2").attr("id", "history-title").child(words::history::HISTORY))
        .child(el("p").class("note").child(told))
        .child(
            el("ul")
                .class("compared")
                .attr("aria-label", words::history::LAID_OVER)
                .child(compared),
        )
        .child(el("ol").class("kept").attr("aria-label", words::history::EARLIER_RUNS).child(items))
        .child(button("quiet", "history", text(|| words::history::ERASE_ALL.into()), move || {
            demo.erase(None)
        }))
        .node()
}

/// The run laid over, against the present one.
fn comparison(demo: Demo) -> Vec<String> {
    let now: Vec<_> = demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let runs = stage.lineup.iter().enumerate().filter_map(|(place, planned)| {
                let (timeline, _) = stage.run_or_ghost(frame, place)?;
                Some((planned.kind.word(), timeline.makespan()))
            });
            runs.collect()
        })
    });
    demo.history.overlay(|overlay| Some(overlay.compare(&now))).unwrap_or_default()
}

fn item(demo: Demo, is_laid: bool, kept: Rc<Kept>) -> Node {
    let started = kept.started;
    let when = local_time(started);
    let name = format!("{when}, {}", kept.title);
    let (title, summary) = (kept.title.clone(), kept.summary.clone());
    let kept = StoredValue::new(kept);
    el("li")
        .attr("aria-label", name)
        .child(el("span").class("when").child(when.clone()))
        .child(el("span").class("title").child(title))
        .child(el("span").class("summary").child(summary))
        .child(
            el("span")
                .class("actions")
                .child(
                    el("button")
                        .attr("type", "button")
                        .upon("click", move || {
                            kept.with_value(|kept| demo.with_record(kept, Demo::open_again))
                        })
                        .child(words::history::OPEN),
                )
                .child(
                    el("button")
                        .attr("type", "button")
                        .attr("aria-pressed", is_laid.to_string())
                        .upon("click", move || kept.with_value(|kept| demo.lay_over(kept)))
                        .child(words::history::LAY_OVER),
                )
                .child(
                    el("button")
                        .attr("type", "button")
                        .upon("click", move || demo.erase(Some(started)))
                        .child(words::history::ERASE),
                ),
        )
        .node()
}

/// "sequential 5.1 s, parallel 2.3 s, 2.2 times faster", and how it ended if not well.
fn summary(record: &Record) -> String {
    let mut parts = Vec::new();
    let mut done = Vec::new();
    for (schedule, timeline) in record.timelines() {
        let phase = timeline.run().phase();
        let mut part = words::history::took(words::called(schedule), &seconds(timeline.makespan()));
        if phase == crate::timeline::Phase::Done {
            done.push((schedule.to_owned(), timeline.makespan()));
        } else {
            part = words::history::took_and_ended(&part, words::called(phase.word()));
        }
        parts.push(part);
    }
    let of =
        |kind: Kind| done.iter().find(|(own, _)| own == kind.word()).map(|(_, length)| *length);
    if let (Some(sequential), Some(parallel)) = (of(Kind::Sequential), of(Kind::Parallel)) {
        let times = speedup(sequential, parallel);
        parts.extend(
            times.map(|times| words::history::times_faster(&crate::decimal::fixed(times, 1))),
        );
    }
    parts.join(", ")
}
