//! Reading a trace file back: what it takes to show the run that it sums up.
//!
//! A stranger may have written it, so nothing in it is taken on trust: sizes and times have bounds, the
//! pipeline is validated like any other, and what the figures say is worked out anew from the spans.
//! What comes out can only ever be simulated: a file brings no address to call and no key.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use super::{FORMAT, SpanFile, TraceFile, VERSION};
use crate::config::{ScheduleChoice, Settings};
use crate::edit::{AgentText, Edited, Field, MOST_AGENTS};
use crate::engine::OnFailure;
use crate::model::{ModelError, Usage};
use crate::pipeline::{Pipeline, Work};
use crate::presets::{MOST_FANOUT, PresetId, preset, topic_key};
use crate::time::{Instant, exact_seconds};
use crate::trace::{Event, EventKind, Outcome, SpanId, Trace};
use crate::words;

/// The longest file that is looked at, in bytes.
pub const LONGEST: usize = 8_000_000;
/// As many characters as the field takes.
const LONGEST_TOPIC: usize = 2000;
/// No run that is shown takes longer than a day.
const LATEST: u64 = 24 * 3600 * 1_000_000;

/// Why a text is not a run that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is longer than any file of this page that is worth reading.
    TooLong,
    /// It is no trace file, or a part of it is missing.
    NotATrace,
    /// It is one of a later version.
    Version(u32),
    /// Its agents are no pipeline, or none that this page can show.
    Pipeline(String),
    /// Its spans are not those of its agents, or not in the order of time.
    Spans,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str(&words::history::file_too_long(LONGEST / 1_000_000)),
            Self::NotATrace => f.write_str(
                "it is not a trace file, or it was cut: Export writes one, with “converge-trace” \
                 at its beginning",
            ),
            Self::Version(version) => f.write_str(&words::history::file_version(*version, VERSION)),
            Self::Pipeline(why) => f.write_str(&words::history::file_pipeline(why)),
            Self::Spans => {
                f.write_str("its times do not fit together: it was changed by something else")
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// The run that a file sums up.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The file.
    pub file: TraceFile,
    /// What to set so that its pipeline is on the page: simulated, whatever model had answered.
    pub settings: Settings,
    /// Its log, as far as a summary can say it: each text comes whole, at the end of its answer, and
    /// nothing is said of polls and of attempts that failed.
    pub log: Trace,
}

/// The run of a file as it is, whether or not the page's settings can hold its pipeline.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The file.
    pub file: TraceFile,
    /// What was run.
    pub pipeline: Pipeline,
    /// Its log, as far as a summary can say it.
    pub log: Trace,
}

/// Reads a trace file that is to be set up on the page.
///
/// # Errors
/// When it is none, says what cannot have happened, or is too large for the page's settings.
pub fn read(text: &str) -> Result<Opened, ReadError> {
    if text.len() > LONGEST {
        return Err(ReadError::TooLong);
    }
    let Whole { file, pipeline, log } = open(text)?;
    let settings = settings(&file, &pipeline)?;
    Ok(Opened { file, settings, log })
}

/// Reads a trace file of any size.
///
/// # Errors
/// When it is none, or says what cannot have happened.
pub fn open(text: &str) -> Result<Whole, ReadError> {
    let head: Head = serde_json::from_str(text).map_err(|_| ReadError::NotATrace)?;
    if head.format.as_deref() != Some(FORMAT) {
        return Err(ReadError::NotATrace);
    }
    let version = head.version.as_u64().and_then(|version| u32::try_from(version).ok());
    match version {
        Some(VERSION) => {}
        Some(other) => return Err(ReadError::Version(other)),
        None => return Err(ReadError::NotATrace),
    }
    let file: TraceFile = serde_json::from_str(text).map_err(|_| ReadError::NotATrace)?;
    let plan = &file.pipeline;
    let pipeline = Pipeline::new(plan.inputs.clone(), plan.agents.clone())
        .map_err(|error| ReadError::Pipeline(error.to_string()))?;
    check(&file)?;
    let log = log(&file, &pipeline);
    Ok(Whole { file, pipeline, log })
}

/// What says that a file is one of these. Whatever else is in it is passed over.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    #[serde(default)]
    version: serde_json::Value,
}

/// Whether a text is a trace file of this page, of any version.
pub fn is_own(text: &str) -> bool {
    let head = || serde_json::from_str::<Head>(text).ok();
    text.contains(FORMAT) && head().is_some_and(|head| head.format.as_deref() == Some(FORMAT))
}

/// Whether its spans can be what happened to its agents.
fn check(file: &TraceFile) -> Result<(), ReadError> {
    let agents = &file.pipeline.agents;
    let fits = file.spans.len() == agents.len()
        && file.metrics.makespan_us <= LATEST
        && file.spans.iter().zip(agents).enumerate().all(|(place, (span, agent))| {
            let times = [span.queued_us, span.start_us, span.first_us, span.end_us];
            let known: Vec<u64> = times.into_iter().flatten().collect();
            span.id == SpanId::agent(place).number()
                && span.name == agent.name
                && known.iter().all(|at| *at <= LATEST)
                && known.is_sorted()
                // Nothing comes before what it needs.
                && (span.start_us.is_none() || span.queued_us.is_some())
                && (span.first_us.is_none() || span.start_us.is_some())
                && span.conditions.second.as_ref().is_none_or(|second| second.fits(span))
        });
    if fits { Ok(()) } else { Err(ReadError::Spans) }
}

/// What to set so that the pipeline, and a schedule like the file's, are on the page.
///
/// # Errors
/// When the page's settings cannot hold the pipeline.
pub fn settings(file: &TraceFile, pipeline: &Pipeline) -> Result<Settings, ReadError> {
    let mut settings = Settings::default();
    let agents = pipeline.agents();
    let count = agents.len();
    let unlabeled = |_: &str| None;
    let plain = pipeline.clone().labeled(unlabeled);
    let like = PresetId::ALL.into_iter().find_map(|id| {
        let n = if id == PresetId::Fanout { count.checked_sub(1)? } else { 1 };
        let possible = id != PresetId::Fanout || (1..=MOST_FANOUT).contains(&n);
        let own = possible.then(|| preset(id, n))?;
        // Older files have no labels.
        (own.pipeline.clone().labeled(unlabeled) == plain).then_some((id, n, own))
    });
    match like {
        Some((id, n, own)) => {
            settings.preset = id;
            if id == PresetId::Fanout {
                settings.n = n;
            }
            // A wide one is as its preset says: a list of that length is no use to a reader.
            let few = file.spans.iter().zip(&own.scripts).take(MOST_AGENTS);
            for (span, script) in few {
                if let Some(took) = took(span).filter(|took| *took != script.latency) {
                    settings.set_latency(&span.name, took);
                }
            }
        }
        None if count > MOST_AGENTS => {
            return Err(ReadError::Pipeline(words::history::too_many_agents(count, MOST_AGENTS)));
        }
        None => {
            let edited = Edited::new(edited(file)).map_err(|problems| {
                let first = problems.into_iter().next();
                ReadError::Pipeline(first.map(|problem| problem.says).unwrap_or_default())
            })?;
            settings.edited = Some(edited);
        }
    }
    let topic = file.pipeline.given.get(&topic_key()).filter(|topic| {
        topic.chars().count() <= LONGEST_TOPIC && **topic != preset(settings.preset, 1).topic
    });
    settings.topic = topic.cloned();
    settings.schedule = match file.schedule.width {
        Some(1) => ScheduleChoice::Sequential,
        _ => ScheduleChoice::Parallel,
    };
    settings.limit = file.schedule.width.filter(|width| *width > 1).and_then(|w| w.try_into().ok());
    settings.on_error =
        OnFailure::ALL.into_iter().find(|policy| policy.as_str() == file.schedule.on_error);
    file.schedule.conditions.set(&mut settings);
    Ok(settings)
}

/// How long a span took, where it has an answer of its own.
fn took(span: &SpanFile) -> Option<Duration> {
    let (start, end) = (span.start_us?, span.end_us?);
    (span.outcome == Outcome::Done.as_str()).then(|| Duration::from_micros(end - start))
}

/// The agents as the editor has them: each takes as long as it took, and says what it said.
fn edited(file: &TraceFile) -> Vec<AgentText> {
    let agents = file.pipeline.agents.iter().zip(&file.spans);
    agents
        .map(|(agent, span)| {
            let mut text = AgentText::default();
            text.work = agent.work;
            text.search = agent.searches();
            text.sees = agent.sees();
            text.set(Field::Name, agent.name.as_str());
            text.set(Field::Key, agent.output_key.as_str());
            text.set(Field::Model, agent.model.clone().unwrap_or_default());
            text.set(Field::Instruction, agent.instruction.to_string());
            text.set(Field::Prompt, agent.prompt.to_string());
            let longest = Duration::from_secs(60);
            let latency = took(span).map(|took| exact_seconds(took.min(longest)));
            text.set(Field::Latency, latency.unwrap_or_else(|| "1".into()));
            if agent.work == Work::Model {
                // Braces in an answer are no holes; what an answer reads is not in the file.
                let answer: String = span.output.chars().take(Field::Answer.most()).collect();
                text.set(Field::Answer, answer.replace('{', "(").replace('}', ")"));
            }
            text
        })
        .collect()
}

/// The log of the run, in the order of time.
fn log(file: &TraceFile, pipeline: &Pipeline) -> Trace {
    let run_end = file.metrics.makespan_us;
    let mut events = Vec::new();
    for (place, span) in file.spans.iter().enumerate() {
        let id = SpanId::agent(place);
        let mut put = |at: u64, kind: EventKind| {
            // At one moment, spans that began earlier come first, then those that take no time, since
            // slots are freed before they are taken; and agents before those that need them.
            let begins = span.start_us.is_none_or(|start| start >= at);
            let stays = span.start_us != span.end_us;
            let order = (at, begins, stays, pipeline.level(place), place);
            events.push((order, Event { at: Instant::from_micros(at), span: id, kind }));
        };
        let outcome = outcome(span, pipeline, place);
        let end = span.end_us.unwrap_or(run_end);
        // A late branch runs on from when all that read it have begun.
        let left = late_since(file, pipeline, place).unwrap_or(run_end).min(run_end).min(end);
        let is_orphan = span.queued_us.is_some_and(|queued| queued <= left)
            && (end > left || outcome == Outcome::Orphaned);
        span.queued_us.into_iter().for_each(|at| put(at, EventKind::Queued));
        if is_orphan && span.start_us.is_none_or(|start| start > left) {
            put(left, EventKind::Orphaned);
        }
        span.start_us.into_iter().for_each(|at| put(at, EventKind::Start));
        let missing = span.conditions.missing(file.spans.len());
        if let Some(start) = span.start_us.filter(|_| !missing.is_empty()) {
            put(start, EventKind::Quorum { missing });
        }
        // When the first piece came is known, and not what was in it.
        let won = span.conditions.second_won();
        let first = span.first_us.filter(|_| !won).map(|at| (at, EventKind::Delta(String::new())));
        let orphaned = (is_orphan && span.start_us.is_some_and(|start| start <= left))
            .then_some((left, EventKind::Orphaned));
        let mut middle = [first, orphaned];
        if middle[1].as_ref().zip(middle[0].as_ref()).is_some_and(|(left, first)| left.0 < first.0)
        {
            middle.swap(0, 1);
        }
        middle.into_iter().flatten().for_each(|(at, kind)| put(at, kind));
        match &outcome {
            Outcome::Kept => put(end, EventKind::Kept(span.output.clone())),
            Outcome::FellBack(_) => put(end, EventKind::Fallback(span.output.clone())),
            _ if span.output.is_empty() || won => {}
            _ => put(end, EventKind::Delta(span.output.clone())),
        }
        let (input_tokens, output_tokens) = (span.input_tokens, span.output_tokens);
        if (input_tokens, output_tokens) != (0, 0) && !won {
            let usage = Usage { input_tokens, output_tokens, thinking_tokens: 0 };
            put(end, EventKind::Usage(usage));
        }
        span.conditions.second.iter().for_each(|second| second.log(span, &mut put));
        put(end, EventKind::End(outcome));
    }
    // Stable, so that each span's events stay as they were put.
    events.sort_by_key(|(order, _)| *order);
    let run = |at, kind| Event { at: Instant::from_micros(at), span: SpanId::RUN, kind };
    let ends = events.partition_point(|(_, event)| event.at.as_micros() <= run_end);
    let (before, after) = events.split_at(ends);
    let own =
        |events: &[(_, Event)]| events.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>();
    let mut all = vec![run(0, EventKind::Start)];
    all.extend(own(before));
    all.push(run(run_end, EventKind::End(judged(file, pipeline))));
    all.extend(own(after));
    all.into_iter().collect()
}

/// When the last of its readers began, where one has begun without its answer.
fn late_since(file: &TraceFile, pipeline: &Pipeline, place: usize) -> Option<u64> {
    let readers = pipeline.needed_by(place);
    let is_missing = readers
        .iter()
        .any(|reader| file.spans[*reader].conditions.missing(file.spans.len()).contains(&place));
    let begun = readers.iter().map(|reader| file.spans[*reader].queued_us);
    begun.max().flatten().filter(|_| is_missing)
}

/// How a span ended, by its word.
fn outcome(span: &SpanFile, pipeline: &Pipeline, place: usize) -> Outcome {
    let error =
        || ModelError::Imported(span.error.clone().unwrap_or_else(|| "no reason given".into()));
    match span.outcome.as_str() {
        "done" => Outcome::Done,
        "kept" => Outcome::Kept,
        "failed" => Outcome::Failed(error()),
        "fallback" => Outcome::FellBack(error()),
        "orphaned" => Outcome::Orphaned,
        "skipped" => Outcome::Skipped { needs: pipeline.needs(place).to_vec() },
        // What had not ended when the file was written was not going to be seen any more.
        _ => Outcome::Cancelled,
    }
}

/// How the run as a whole ended: the file does not say, and its spans do.
fn judged(file: &TraceFile, pipeline: &Pipeline) -> Outcome {
    let has_answer =
        |place: &usize| matches!(file.spans[*place].outcome.as_str(), "done" | "kept" | "fallback");
    if (0..file.spans.len())
        .filter(|place| pipeline.is_final(*place))
        .all(|place| has_answer(&place))
    {
        return Outcome::Done;
    }
    let failed = file.spans.iter().enumerate().filter(|(_, span)| span.outcome == "failed");
    let waits = file.schedule.on_error == OnFailure::Wait.as_str();
    match failed
        .min_by_key(|(place, span)| if waits { (None, *place) } else { (span.end_us, *place) })
    {
        Some((place, span)) => match outcome(span, pipeline, place) {
            failed @ Outcome::Failed(_) => failed,
            _ => Outcome::Cancelled,
        },
        None => Outcome::Cancelled,
    }
}
