//! A run that is over, as it is kept: its settings, and its log event by event.
//!
//! Everything the page shows of a run is computed from these two, so a kept run can be looked at like
//! one that has just ended. It is not the trace file of the contract, which is a summary for other
//! programs; and it is not where records are stored, which is the page's business.

use std::cmp::Ordering;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::{Instant, seconds, seconds_between};
use crate::timeline::Timeline;
use crate::trace::{Event, EventKind, Trace};
use crate::words;

/// The form below.
const VERSION: u32 = 2;

/// The form before, whose settings leave out another default preset. It is read; any other is not.
const VERSION_1: u32 = 1;
const DEFAULT_OF_VERSION_1: &str = "preset=company";

/// More events than this, over all schedules, are not kept: a record must stay small enough to be
/// read back while the page loads.
pub const MOST_EVENTS: usize = 50_000;

/// Nor are runs whose agents have said more than this, over all schedules, in bytes.
pub const MOST_TEXT: usize = 5_000_000;

/// Events that are written down without a pause.
const IN_ONE_GO: usize = 256;

/// What was run, and what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// When it began: milliseconds since 1970.
    pub started: u64,
    /// The settings, as the address has them. A key is never among those.
    pub settings: String,
    /// What the run was about, in words.
    pub title: String,
    /// The names of the agents, by place.
    pub agents: Vec<String>,
    /// One for each schedule that ran.
    pub runs: Vec<RecordedRun>,
}

/// One schedule's run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedRun {
    /// "sequential" or "parallel".
    pub schedule: String,
    /// What happened.
    pub log: Trace,
}

/// Why a text is not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// It is not one at all, or a part of it is missing.
    Unreadable,
    /// It is one of another version of this page.
    Version(u32),
}

/// How many bytes of text a log holds.
pub fn text_of(log: &Trace) -> usize {
    let text = |event: &Event| match &event.kind {
        EventKind::Delta(text) | EventKind::Kept(text) | EventKind::Fallback(text) => text.len(),
        _ => 0,
    };
    log.events().iter().map(text).sum()
}

impl Record {
    /// A record of runs that are over.
    pub fn new(
        started: u64,
        settings: String,
        title: String,
        agents: Vec<String>,
        runs: Vec<RecordedRun>,
    ) -> Self {
        Self { version: VERSION, started, settings, title, agents, runs }
    }

    /// The record as a text to store. `pause` is awaited between its parts: a long log takes longer
    /// than a frame.
    pub async fn text(&self, pause: impl AsyncFn()) -> String {
        // Strings, numbers and lists of them: nothing in there can fail to become JSON.
        fn json(part: &impl Serialize) -> String {
            serde_json::to_string(part).unwrap_or_default()
        }
        let mut text = json(&self.without_runs());
        text.truncate(text.len() - "]}".len());
        for (at, run) in self.runs.iter().enumerate() {
            let between = if at == 0 { "" } else { "," };
            text += &format!("{between}{{\"schedule\":{},\"log\":[", json(&run.schedule));
            for (part, events) in run.log.events().chunks(IN_ONE_GO).enumerate() {
                let list = json(&events);
                text.push_str(if part == 0 { "" } else { "," });
                text.push_str(&list[1..list.len() - 1]);
                pause().await;
            }
            text += "]}";
        }
        text + "]}"
    }

    fn without_runs(&self) -> Self {
        Self {
            version: self.version,
            started: self.started,
            settings: self.settings.clone(),
            title: self.title.clone(),
            agents: self.agents.clone(),
            runs: Vec::new(),
        }
    }

    /// Reads it back.
    pub fn read(text: &str) -> Result<Self, RecordError> {
        let mut record: Self = serde_json::from_str(text).map_err(|_| RecordError::Unreadable)?;
        if record.version == VERSION_1 {
            record.version = VERSION;
            // The last one of a key wins.
            record.settings = format!("{DEFAULT_OF_VERSION_1}&{}", record.settings);
        }
        match record.version {
            VERSION => Ok(record),
            version => Err(RecordError::Version(version)),
        }
    }

    /// The runs as they ended.
    pub fn timelines(&self) -> impl Iterator<Item = (&str, Timeline)> {
        self.runs.iter().map(|run| {
            let timeline = Timeline::at(&run.log, self.agents.len(), run.log.end());
            (run.schedule.as_str(), timeline)
        })
    }
}

/// An earlier run, to be laid over the one on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    /// Which record it was made from.
    pub started: u64,
    agents: Vec<String>,
    runs: Vec<(String, Timeline)>,
}

impl Overlay {
    /// The runs of a record, as they ended.
    pub fn of(record: &Record) -> Self {
        let runs = record.timelines().map(|(schedule, timeline)| (schedule.to_owned(), timeline));
        Self { started: record.started, agents: record.agents.clone(), runs: runs.collect() }
    }

    /// One schedule's run that is not of a record.
    pub fn of_run(started: u64, agents: Vec<String>, schedule: &str, log: &Trace) -> Self {
        let timeline = Timeline::at(log, agents.len(), log.end());
        Self { started, agents, runs: vec![(schedule.to_owned(), timeline)] }
    }

    /// The run of that schedule.
    pub fn run(&self, schedule: &str) -> Option<&Timeline> {
        self.runs.iter().find(|(own, _)| own == schedule).map(|(_, timeline)| timeline)
    }

    /// The place that an agent of that name had in the earlier run.
    pub fn place(&self, agent: &str) -> Option<usize> {
        self.agents.iter().position(|name| name == agent)
    }

    /// When its longest run ended: an axis that both are on has to reach this far.
    pub fn end(&self) -> Instant {
        self.runs.iter().map(|(_, run)| run.cursor()).max().unwrap_or_default()
    }

    /// "parallel 2.3 s then, 3.3 s now: 1.0 s slower", for each schedule that is in both.
    pub fn compare(&self, now: &[(&str, Duration)]) -> Vec<String> {
        let both =
            now.iter().filter_map(|(schedule, now)| Some((schedule, self.run(schedule)?, now)));
        both.map(|(schedule, then, now)| {
            let then = then.makespan();
            let apart = seconds_between(then, *now);
            let change = match then.cmp(now) {
                _ if apart == "0" => "no change".to_owned(),
                Ordering::Less => words::history::slower(&apart),
                _ => words::history::faster(&apart),
            };
            let (then, now) = (seconds(then), seconds(*now));
            words::history::then_and_now(words::display_name(schedule), &then, &now, &change)
        })
        .collect()
    }
}
