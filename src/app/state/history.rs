//! The runs that are over: kept by the browser, opened again, compared with the present one.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::log::{Begun, Log};
use super::playhead::PlayheadState;
use super::runs::{Race, RunsState};
use super::settings::SettingsState;
use crate::config::{Autoplay, Settings};
use crate::plan::{Kind, Measured, Plan};
use crate::record::{MOST_EVENTS, MOST_TEXT, Overlay, Record, RecordedRun, text_of};
use crate::time::{Instant, seconds};
use crate::timeline::Phase;
use crate::timeline::crowd::grouped;
use crate::timeline::metrics::speedup;
use crate::web::clock::{TimeSlice, local_time};
use crate::web::page;
use crate::web::storage::{self, Unavailable};
use crate::words;
use crate::words::size;

/// So many runs are kept; the oldest go.
pub const MOST: usize = 20;

/// See the module.
#[derive(Clone, Copy)]
pub struct HistoryState {
    settings: SettingsState,
    playhead: PlayheadState,
    runs: RunsState,
    /// The runs, in the order of their starts.
    pub records: RwSignal<Vec<Rc<HistoryEntry>>, LocalStorage>,
    /// Why the browser does not keep them beyond this page, where it does not.
    pub not_stored: RwSignal<Option<Unavailable>, LocalStorage>,
}

/// A run that is over, as the list has it.
pub struct HistoryEntry {
    /// When it began, in milliseconds since 1970.
    pub started: u64,
    /// Its scenario and topic.
    pub title: String,
    /// How it went. Computed once, since it takes a reading of the whole log.
    pub summary: String,
    /// Only where the browser does not have it: twenty long logs are a lot of memory.
    here: RefCell<Option<Rc<Record>>>,
    /// A run that was measured elsewhere: it has no settings, and goes when the page does.
    measured: Option<Rc<Measured>>,
}

impl HistoryEntry {
    /// `here` is the record itself, for as long as the browser does not have it.
    fn new(record: &Record, here: Option<Rc<Record>>) -> Rc<Self> {
        Rc::new(Self {
            started: record.started,
            title: record.title.clone(),
            summary: summary(record),
            here: RefCell::new(here),
            measured: None,
        })
    }

    fn of_measured(measured: &Rc<Measured>) -> Rc<Self> {
        let length = seconds(measured.log.end() - Instant::ZERO);
        let took = words::history::took(words::display_name(measured.kind.as_str()), &length);
        Rc::new(Self {
            started: measured.number,
            title: measured.title.clone(),
            summary: words::history::measured(&took, &measured.summary),
            here: RefCell::new(None),
            measured: Some(measured.clone()),
        })
    }
}

impl HistoryState {
    /// No runs yet.
    pub fn new(settings: SettingsState, playhead: PlayheadState, runs: RunsState) -> Self {
        let records = RwSignal::new_local(Vec::new());
        Self { settings, playhead, runs, records, not_stored: RwSignal::new_local(None) }
    }

    /// Gets the runs that the browser has kept. A figure in another page has no history.
    pub fn load(self) {
        if self.settings.is_embedded() {
            return;
        }
        spawn_local(async move {
            let numbers = match storage::numbers().await {
                Ok(numbers) => numbers,
                Err(why) => return self.is_not_stored(why),
            };
            let mut kept = Vec::new();
            let slice = TimeSlice::begin();
            for number in numbers {
                match stored(number).await {
                    Ok(record) => {
                        kept.extend(record.map(|record| HistoryEntry::new(&record, None)))
                    }
                    Err(why) => {
                        self.is_not_stored(why);
                        break;
                    }
                }
                slice.pause().await;
            }
            // A run may have ended in the meantime.
            self.records.update(|records| records.splice(0..0, kept).for_each(drop));
        });
    }

    /// Keeps a race that has ended. A page that embeds the figure is not asked to keep anything.
    pub fn keep(self, race: &Race) {
        if race.settings.embed {
            return;
        }
        let record = match record(race) {
            Ok(record) => Rc::new(record),
            Err(why_not) => return self.settings.notice.set(Some(why_not)),
        };
        let kept = HistoryEntry::new(&record, Some(record.clone()));
        let started = record.started as f64;
        let mut dropped = Vec::new();
        self.records.update(|records| {
            records.push(kept.clone());
            let surplus = records.len().saturating_sub(MOST);
            dropped.extend(records.drain(..surplus).map(|kept| kept.started as f64));
        });
        spawn_local(async move {
            let slice = TimeSlice::begin();
            let text = record.text(async || slice.pause().await).await;
            // It may have been deleted in the meantime.
            let is_kept = |records: &Vec<Rc<HistoryEntry>>| {
                records.iter().any(|other| Rc::ptr_eq(other, &kept))
            };
            if !self.records.with_untracked(is_kept) {
                return;
            }
            match storage::put(started, &text, &dropped).await {
                Ok(()) => drop(kept.here.take()),
                Err(why) => self.is_not_stored(why),
            }
        });
    }

    /// Notes that the browser does not keep runs. Where it should, and does not answer, a reader who
    /// waits for it is told.
    fn is_not_stored(self, why: Unavailable) {
        self.not_stored.set(Some(why));
        if why == Unavailable::Silent {
            let seconds = seconds(storage::PATIENCE);
            self.settings.notice.set(Some(words::history::storage_has_not_answered(&seconds)));
        }
    }

    /// Does something with a run's record, once the browser has given it.
    fn with_record(self, kept: &Rc<HistoryEntry>, act: fn(Self, &Record)) {
        if let Some(record) = kept.here.borrow().clone() {
            return act(self, &record);
        }
        let kept = kept.clone();
        spawn_local(async move {
            match stored(kept.started as f64).await {
                Ok(Some(record)) => return act(self, &record),
                Ok(None) | Err(Unavailable::Refused) => {}
                Err(Unavailable::Silent) => return self.is_not_stored(Unavailable::Silent),
            }
            self.records.update(|records| records.retain(|other| !Rc::ptr_eq(other, &kept)));
            self.settings.notice.set(Some(
                "The browser no longer has that run: it was erased, perhaps in another tab.".into(),
            ));
        });
    }

    /// Lists a run that was measured elsewhere. A figure in another page has no list.
    pub fn add_measured(self, measured: &Rc<Measured>) {
        if self.settings.is_embedded() {
            return;
        }
        self.records.update(|records| {
            records.push(HistoryEntry::of_measured(measured));
            let opened = |kept: &Rc<HistoryEntry>| kept.measured.is_some();
            let surplus = records.iter().filter(|kept| opened(kept)).count() > MOST;
            if let Some(oldest) = records.iter().position(opened).filter(|_| surplus) {
                records.remove(oldest);
            }
        });
    }

    /// Shows a run again, with the settings that it was run with.
    pub fn open(self, kept: &Rc<HistoryEntry>) {
        match &kept.measured {
            Some(measured) => {
                self.runs.show_measured(measured.clone());
                page::show(".race");
            }
            None => self.with_record(kept, Self::show),
        }
    }

    fn show(self, record: &Record) {
        let (settings, _) = Settings::read("", &record.settings);
        let settings = self.settings.on_this_page(settings);
        let (plan, notes) = Plan::of(&settings, None);
        let agents = plan.pipeline().agents();
        if !agents.iter().map(|agent| &agent.name).eq(&record.agents) {
            return self
                .settings
                .notice
                .set(Some("That run is of a pipeline that this version no longer has.".into()));
        }
        let logs = record.runs.iter().map(|run| Log::kept(run.log.clone())).collect();
        let (started, model) = (record.started, settings.model.clone());
        self.runs.show_finished(
            settings,
            plan,
            logs,
            Some(Begun { started, model, visibility: None }),
        );
        self.settings.complaints.set(notes);
        page::show(".race");
        self.settings.notice.set(Some(words::history::run_of(&local_time(started))));
    }

    /// Compares the present run with that one, or no longer. For event handlers.
    pub fn compare(self, kept: &Rc<HistoryEntry>) {
        let is_compared = |overlay: &Option<Overlay>| {
            overlay.as_ref().is_some_and(|overlay| overlay.started == kept.started)
        };
        if self.playhead.overlay.with(is_compared) {
            self.playhead.compare(None);
        } else if let Some(measured) = &kept.measured {
            let schedule = measured.kind.as_str();
            let (number, agents) = (measured.number, measured.agents());
            let overlay = Overlay::of_run(number, agents, schedule, &measured.log);
            self.playhead.compare(Some(overlay));
        } else {
            self.with_record(kept, |history, record| {
                history.playhead.compare(Some(Overlay::of(record)));
            });
        }
    }

    /// Deletes one run, or all of them. For event handlers.
    pub fn delete(self, started: Option<u64>) {
        let is_meant = |record: u64| started.is_none_or(|started| started == record);
        self.records.update(|records| records.retain(|kept| !is_meant(kept.started)));
        let overlay = self.playhead.overlay;
        if overlay.with(|o| o.as_ref().is_some_and(|o| is_meant(o.started))) {
            self.playhead.compare(None);
        }
        spawn_local(async move {
            if let Err(why) = storage::erase(started.map(|started| started as f64)).await {
                self.is_not_stored(why);
            }
        });
    }
}

/// What the browser has under that number, if that is a run that can be read.
async fn stored(number: f64) -> Result<Option<Record>, Unavailable> {
    let text = storage::get(number).await?;
    Ok(text.and_then(|text| Record::read(&text).ok()))
}

/// A race as it is kept, or why it is too large for that.
fn record(race: &Race) -> Result<Record, String> {
    let logs = race.logs.iter().map(|(_, log)| log.trace.borrow());
    let (events, said) = logs.fold((0, 0), |(events, said), trace| {
        (events + trace.events().len(), said + text_of(&trace))
    });
    if events > MOST_EVENTS {
        return Err(words::history::too_many_events(&grouped(events), &grouped(MOST_EVENTS)));
    }
    if said > MOST_TEXT {
        return Err(words::history::too_much_text(&size(said), &size(MOST_TEXT)));
    }
    let begun = race.logs.iter().filter(|(_, log)| log.has_begun());
    let runs = begun
        .map(|(kind, log)| RecordedRun {
            schedule: kind.as_str().into(),
            log: log.trace.borrow().clone(),
        })
        .collect();
    let settings = &race.settings;
    let topic = settings.topic.as_deref().unwrap_or(race.experiment.preset.topic);
    let edited = if settings.edited.is_some() { ", edited" } else { "" };
    let title = format!("{}{edited}: {topic}", settings.preset.label());
    let agents = race.experiment.preset.pipeline.agents();
    let agents = agents.iter().map(|agent| agent.name.clone()).collect();
    // How the page looks is no part of a run.
    let settings = settings.clone().looking_like(&Settings::default());
    let settings = Settings { autoplay: Autoplay::Off, ..settings };
    Ok(Record::new(race.started, settings.fragment(), title, agents, runs))
}

/// "sequential 5.1 s, parallel 2.3 s, 2.2 times faster", and how it ended if not well.
fn summary(record: &Record) -> String {
    let mut parts = Vec::new();
    let (mut sequential, mut parallel) = (None, None);
    for (schedule, timeline) in record.timelines() {
        let (phase, length) = (timeline.run().phase(), timeline.makespan());
        let part = words::history::took(words::display_name(schedule), &seconds(length));
        parts.push(match phase {
            Phase::Done => part,
            _ => words::history::took_and_ended(&part, words::display_name(phase.as_str())),
        });
        let done = (phase == Phase::Done).then_some(length);
        match schedule == Kind::Sequential.as_str() {
            true => sequential = done,
            false => parallel = done,
        }
    }
    if let Some((sequential, parallel)) = sequential.zip(parallel) {
        let times = speedup(sequential, parallel);
        parts.extend(times.map(|times| words::history::times_faster(&format!("{times:.1}"))));
    }
    parts.join(", ")
}
