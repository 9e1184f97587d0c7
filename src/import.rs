//! Traces of other tools as runs of this page: any of a dozen formats, told apart by what is in them.
//!
//! A text is cut into [records], each record becomes neutral [spans](span), the same for all formats, and
//! [pieces] of work are found among those. They become a [`Pipeline`] and a [`Trace`] like those of a run
//! on the page, so that every view shows them. What the same work takes under another schedule is run by
//! the engine ([order]). A file is a stranger's: it brings no address to call and no key, what is odd in it
//! is noted and never put right in silence, and what is no trace is refused with what to do.
//!
//! Reading pauses often, so that a page can go on in between; nothing here knows of files or of a page.

mod adk;
pub mod attributes;
mod chrome;
mod claude_code;
mod edited;
mod error;
pub mod figures;
mod format;
mod har;
mod jaeger;
mod langfuse;
mod langsmith;
mod log;
pub mod needless;
mod openai_agents;
pub mod order;
mod otlp;
mod own;
pub mod pieces;
pub mod records;
pub mod span;
mod tree;
pub mod values;
mod zipkin;

use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use self::figures::{Figures, critical_path};
use self::format::Reader;
use self::needless::Limit;
use self::order::Order;
use self::pieces::{Container, Piece, Pieces};
use self::records::Records;
use self::span::{Found, Note};
use self::tree::Tree;
use crate::engine::Schedule;
use crate::export::{self, About, TraceFile};
use crate::pipeline::Pipeline;
use crate::simulate::{predict_in_parts, scripts_of};
use crate::state::State;
use crate::time::{Instant, written};
use crate::timeline::Timeline;
use crate::trace::Trace;
use crate::words;

pub use self::error::ImportError;
pub use self::format::Format;
pub use self::log::names;

/// The longest file that is read, in bytes.
pub const MOST_BYTES: usize = 64_000_000;
/// The most spans that a file may have.
pub const MOST_SPANS: usize = 125_000;

/// A run that was measured elsewhere.
#[derive(Clone, Debug)]
pub struct Import {
    /// What the file is.
    pub format: Format,
    /// How many spans were read.
    pub spans: usize,
    /// The pieces of work; of another tool's file in the order in which they began.
    pub pieces: Vec<Piece>,
    /// The containers that pieces share.
    pub containers: Vec<Container>,
    /// What was odd, and how often.
    pub notes: BTreeMap<Note, usize>,
    /// What it comes to.
    pub figures: Figures,
    /// Runs of pieces for whose order there is no reason in the file.
    pub needless: Vec<Vec<usize>>,
    /// The limit that calls were held to, if it looks like one.
    pub limit: Option<Limit>,
    /// The pieces as agents.
    pub pipeline: Pipeline,
    /// The agent of each piece, by its place in the pipeline.
    pub agents: Vec<usize>,
    /// What happened.
    pub log: Trace,
    /// When it began, as in `2026-11-22T10:00:00Z`.
    pub started: String,
    /// This page's own file, where it is one.
    pub own: Option<Box<TraceFile>>,
}

/// Reads a file in one go.
///
/// # Errors
/// Where it is no trace that can be shown.
pub fn read(text: &str) -> Result<Import, ImportError> {
    // Nothing pauses, so that there is nothing to wait for.
    ready(read_in_parts(text, async |_| true)).unwrap_or(Err(ImportError::Stopped))
}

/// The answer of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

/// Whether bytes are compressed: these have to be unpacked before they are a text.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Bytes as the text that they are.
///
/// # Errors
/// Where they are compressed, or no text.
pub fn text_of(bytes: &[u8]) -> Result<&str, ImportError> {
    if is_gzip(bytes)
        || bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
    {
        return Err(ImportError::Compressed);
    }
    if bytes.len() > MOST_BYTES {
        return Err(ImportError::TooLong(bytes.len()));
    }
    std::str::from_utf8(bytes).map_err(|_| ImportError::NoText)
}

/// Reads a file, and awaits `pause` often with how much is done, from 0 to 1. Where that answers that
/// it is not wanted any more, reading stops.
///
/// # Errors
/// Where it is no trace that can be shown.
pub async fn read_in_parts(
    text: &str,
    pause: impl AsyncFn(f64) -> bool,
) -> Result<Import, ImportError> {
    if text.len() > MOST_BYTES {
        return Err(ImportError::TooLong(text.len()));
    }
    if text.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    if export::is_own(text) {
        return own(text);
    }
    let mut found = Found::default();
    let mut reader = Reader::default();
    let mut records = Records::new(text);
    let all = text.len().max(1) as f64;
    for count in 1_usize.. {
        match records.read() {
            Ok(Some(record)) => {
                let value = values::parse(record.text)
                    .map_err(|_| ImportError::broken(text, record.at, reader.format()))?;
                reader.read(&value, &record, &mut found)?;
            }
            Ok(None) => break,
            Err(fault) => {
                reader.fault(text, fault, &records.ways, &mut found)?;
                break;
            }
        }
        if found.spans.len() > MOST_SPANS {
            return Err(ImportError::TooMany);
        }
        if count % A_FEW == 0 && !pause(READING * records.position() as f64 / all).await {
            return Err(ImportError::Stopped);
        }
    }
    let format = reader.finish(&mut found)?;
    if found.spans.len() > MOST_SPANS {
        return Err(ImportError::TooMany);
    }
    let spans =
        found.spans.iter().filter(|span| span.start.is_some() && !span.is_made_up()).count();
    let mut part = 0.0;
    let next = async |part: &mut f64| {
        *part += 0.2 * (1.0 - READING);
        pause(READING + *part).await
    };
    let tree = Tree::new(&mut found, format == Format::Langfuse);
    if !next(&mut part).await {
        return Err(ImportError::Stopped);
    }
    let Pieces { pieces, containers, makespan, zero } =
        Pieces::new(tree, &mut found).ok_or(ImportError::NoSpans(format))?;
    if pieces.iter().all(|piece| piece.end.is_none()) {
        return Err(ImportError::NothingEnded(format));
    }
    if !next(&mut part).await {
        return Err(ImportError::Stopped);
    }
    let figures = Figures::new(&pieces, makespan - Instant::ZERO);
    let needless = needless::needless(&pieces, &containers);
    let limit = needless::limit(&pieces, &containers);
    let needs = order::predecessors(&pieces, Duration::ZERO);
    if !next(&mut part).await {
        return Err(ImportError::Stopped);
    }
    let pipeline =
        log::pipeline(&pieces, &needs).map_err(|error| ImportError::Pipeline(error.to_string()))?;
    if !next(&mut part).await {
        return Err(ImportError::Stopped);
    }
    Ok(Import {
        format,
        spans,
        agents: (0..pieces.len()).collect(),
        log: log::log(&pieces, makespan),
        pieces,
        containers,
        notes: found.notes,
        figures,
        needless,
        limit,
        pipeline,
        // Chrome's clock counts from when the machine was started.
        started: if format == Format::Chrome { String::new() } else { written(zero) },
        own: None,
    })
}

/// Records that are read without a pause.
const A_FEW: usize = 64;
/// The share of the whole that reading the records takes.
const READING: f64 = 0.8;

/// This page's own file.
fn own(text: &str) -> Result<Import, ImportError> {
    let whole = export::open(text).map_err(ImportError::Own)?;
    let export::Whole { file, pipeline, log } = whole;
    let pieces = own::pieces(&file);
    let makespan = Duration::from_micros(file.metrics.makespan_us);
    let figures = Figures::new(&pieces, makespan);
    Ok(Import {
        format: Format::Converge,
        spans: file.spans.len(),
        agents: own::places(&file, &pipeline),
        pieces,
        containers: Vec::new(),
        notes: BTreeMap::new(),
        figures,
        needless: Vec::new(),
        limit: None,
        pipeline,
        log,
        started: file.started.chars().take(40).collect(),
        own: Some(Box::new(file)),
    })
}

impl Import {
    /// What was read, in one line: "OTLP, 14 spans, 4 agents, 2 notes".
    pub fn summary(&self) -> String {
        let spans = self.format.spans(self.spans);
        words::import::summary(self.format.name(), &spans, self.lanes().len(), self.notes.len())
    }

    /// The notes as sentences.
    pub fn notes(&self) -> Vec<String> {
        let calls = self.format.has_calls();
        self.notes.iter().map(|(note, count)| note.sentence(*count, calls)).collect()
    }

    /// The names of the lanes, each once, in the order in which they begin.
    pub fn lanes(&self) -> Vec<&str> {
        let mut seen = std::collections::HashSet::new();
        let lanes = self.pieces.iter().map(|piece| piece.lane.as_str());
        lanes.filter(|lane| seen.insert(*lane)).collect()
    }

    /// The pieces that decided how long it took, first one first.
    pub fn critical_path(&self) -> Vec<usize> {
        critical_path(&self.pieces)
    }

    /// The pieces whose order could go: candidates, and those that a limit held back.
    fn loose(&self) -> Vec<Vec<usize>> {
        let limited = self.limit.iter().map(|limit| limit.pieces.clone());
        self.needless.iter().cloned().chain(limited).collect()
    }

    /// The same work one piece after another, as the engine runs it. `None` where `pause` answered that
    /// the result is not wanted any more.
    pub async fn sequential_in_parts(&self, pause: impl AsyncFn() -> bool) -> Option<Trace> {
        self.run(Schedule::sequential(), &[], pause).await
    }

    /// The same work with everything overlapping that could: without the candidates' order and without
    /// the limit. For this page's own files that is the pipeline itself, run in parallel.
    pub async fn overlapped_in_parts(&self, pause: impl AsyncFn() -> bool) -> Option<Trace> {
        let loose = self.loose();
        let trace = self.run(Schedule::parallel(), &loose, &pause).await?;
        // What came between two candidates comes after all of them, and where something else ran beside
        // them that can take longer than it took: then nothing is to be had from it.
        let is_longer = trace.end() - Instant::ZERO > self.figures.makespan;
        if is_longer && !loose.is_empty() {
            return self.run(Schedule::parallel(), &[], &pause).await;
        }
        Some(trace)
    }

    async fn run(
        &self,
        schedule: Schedule,
        without: &[Vec<usize>],
        pause: impl AsyncFn() -> bool,
    ) -> Option<Trace> {
        if self.own.is_some() {
            let timeline = Timeline::at(&self.log, self.pipeline.agents().len(), self.log.end());
            let scripts = scripts_of(&timeline);
            return predict_in_parts(&self.pipeline, &State::new(), &scripts, schedule, pause)
                .await;
        }
        let needs = order::predecessors(&self.pieces, figures::TOLERANCE);
        let makespan = Instant::ZERO + self.figures.makespan;
        let order = Order::new(&self.pieces, &needs, makespan).without(without);
        order.run(schedule, pause).await.ok().flatten()
    }

    /// Takes the order that an overlapped run did without out of the pipeline, so that what is shown as
    /// overlapping does not read as a chain.
    pub fn loosen(&mut self, overlapped: &Trace) {
        let timeline = Timeline::at(overlapped, self.pieces.len(), overlapped.end());
        let mut pieces: Vec<(usize, Piece)> = self.pieces.iter().cloned().enumerate().collect();
        for ((_, piece), lane) in pieces.iter_mut().zip(timeline.lanes()) {
            piece.start = lane.started.unwrap_or(piece.start);
            piece.end = lane.end().filter(|_| piece.end.is_some());
        }
        pieces.sort_by_key(|(place, piece)| (piece.start, *place));
        let (places, pieces): (Vec<usize>, Vec<Piece>) = pieces.into_iter().unzip();
        let mut needs = vec![Vec::new(); places.len()];
        for (at, own) in order::predecessors(&pieces, Duration::ZERO).into_iter().enumerate() {
            needs[places[at]] = own.into_iter().map(|need| places[need]).collect();
        }
        if let Ok(pipeline) = log::pipeline(&self.pieces, &needs) {
            self.pipeline = pipeline;
        }
    }

    /// [`sequential_in_parts`](Self::sequential_in_parts) in one go.
    pub fn sequential(&self) -> Trace {
        ready(self.sequential_in_parts(async || true)).flatten().unwrap_or_default()
    }

    /// [`overlapped_in_parts`](Self::overlapped_in_parts) in one go.
    pub fn overlapped(&self) -> Trace {
        ready(self.overlapped_in_parts(async || true)).flatten().unwrap_or_default()
    }

    /// How long it takes with everything overlapping that could, where that is shorter than it was. The
    /// outer `None` where `pause` answered that the result is not wanted any more.
    pub async fn could_take_in_parts(
        &self,
        pause: impl AsyncFn() -> bool,
    ) -> Option<Option<Duration>> {
        if self.own.is_none() && self.loose().is_empty() {
            return Some(None);
        }
        let took = self.overlapped_in_parts(pause).await?.end() - Instant::ZERO;
        Some((took + figures::TOLERANCE < self.figures.makespan).then_some(took))
    }

    /// [`could_take_in_parts`](Self::could_take_in_parts) in one go.
    pub fn could_take(&self) -> Option<Duration> {
        ready(self.could_take_in_parts(async || true)).flatten().flatten()
    }

    /// The run as a trace file of this page.
    pub fn file(&self) -> TraceFile {
        if let Some(own) = &self.own {
            return (**own).clone();
        }
        let about = About {
            pipeline: &self.pipeline,
            schedule: Schedule::parallel(),
            provider: self.format.as_str(),
            model: self.pieces.iter().find_map(|piece| piece.model.as_deref()),
            started: &self.started,
            hidden: false,
        };
        TraceFile::new(&self.log, about)
    }
}
