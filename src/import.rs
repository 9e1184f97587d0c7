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
mod other_schedule;
mod otlp;
mod own;
pub mod pieces;
pub mod records;
pub mod span;
mod tree;
pub mod values;
mod zipkin;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt;

use self::figures::{Figures, critical_path};
use self::format::Reader;
use self::needless::Limit;
use self::pieces::{Container, Piece, Pieces};
use self::records::Records;
use self::span::{Found, Note};
use self::tree::Tree;
use crate::engine::Schedule;
use crate::export::{self, About, TraceFile};
use crate::pipeline::Pipeline;
use crate::time::{Instant, written};
use crate::trace::Trace;
use crate::words;

pub use self::error::ImportError;
pub use self::format::Format;

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
    in_one_go(read_in_parts(text, async |_| ()))
}

/// What comes of work whose pauses are over at once.
fn in_one_go<T>(work: impl Future<Output = T>) -> T {
    work.now_or_never().expect("it waits for nothing but its pauses")
}

/// Whether bytes are compressed: these have to be unpacked before they are a text.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Bytes as the text that they are.
///
/// # Errors
/// Where they are compressed, or no text.
pub fn text_of(bytes: Vec<u8>) -> Result<String, ImportError> {
    if is_gzip(&bytes)
        || bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
    {
        return Err(ImportError::Compressed);
    }
    if bytes.len() > MOST_BYTES {
        return Err(ImportError::TooLong(bytes.len()));
    }
    String::from_utf8(bytes).map_err(|_| ImportError::NoText)
}

/// Reads a file, and awaits `pause` often with how much is done, from 0 to 1. A text that is given away is
/// dropped as soon as its records are read: what is made of them then takes its place in memory.
///
/// # Errors
/// Where it is no trace that can be shown.
pub async fn read_in_parts(
    text: impl AsRef<str>,
    pause: impl AsyncFn(f64),
) -> Result<Import, ImportError> {
    let whole = text.as_ref();
    if whole.len() > MOST_BYTES {
        return Err(ImportError::TooLong(whole.len()));
    }
    if whole.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    pause(0.0).await;
    if export::is_own(whole) {
        return own::read(whole);
    }
    let (format, found) = read_records(whole, &pause).await?;
    drop(text);
    let done = Cell::new(READING);
    let next = || done.set(done.get() + 0.2 * (1.0 - READING));
    let pause = async || pause(done.get()).await;
    Import::new(format, found, next, pause).await
}

/// The spans of a text and what format it is in.
async fn read_records(
    text: &str,
    pause: impl AsyncFn(f64),
) -> Result<(Format, Found), ImportError> {
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
        if count % A_FEW == 0 {
            pause(READING * records.position() as f64 / all).await;
        }
    }
    let format = reader.finish(&mut found)?;
    if found.spans.len() > MOST_SPANS {
        return Err(ImportError::TooMany);
    }
    Ok((format, found))
}

/// Pauses before every [`AT_ONCE`]th round of a loop.
async fn pause_now_and_then(round: usize, pause: &impl AsyncFn()) {
    if round.is_multiple_of(AT_ONCE) {
        pause().await;
    }
}

/// Gives the memory of a long list back, which takes long, too.
pub(crate) async fn drop_in_parts<T>(mut list: Vec<T>, pause: impl AsyncFn()) {
    while !list.is_empty() {
        list.truncate(list.len().saturating_sub(AT_ONCE));
        pause().await;
    }
}

/// Records that are read without a pause.
const A_FEW: usize = 64;
/// Spans, pieces or events that are worked on without a pause.
const AT_ONCE: usize = 256;
/// The share of the whole that reading the records takes.
const READING: f64 = 0.8;

impl Import {
    /// What was found as a run. `next` is called after each fifth of the work, and `pause` is awaited often.
    async fn new(
        format: Format,
        mut found: Found,
        next: impl Fn(),
        pause: impl AsyncFn(),
    ) -> Result<Self, ImportError> {
        let spans =
            found.spans.iter().filter(|span| span.start.is_some() && !span.is_made_up()).count();
        let repeats = format == Format::Langfuse;
        let tree = Tree::new(&mut found, repeats, &pause).await;
        next();
        let pieces = Pieces::new(tree, &mut found, &pause).await;
        let Some(Pieces { pieces, containers, makespan, zero }) = pieces else {
            return Err(ImportError::NoSpans(format));
        };
        if pieces.iter().all(|piece| piece.end.is_none()) {
            return Err(ImportError::NothingEnded(format));
        }
        next();
        pause().await;
        let figures = Figures::new(&pieces, makespan - Instant::ZERO);
        pause().await;
        let needless = needless::needless(&pieces, &containers);
        pause().await;
        let limit = needless::limit(&pieces, &containers);
        let needs = order::predecessors(&pieces, Duration::ZERO, &pause).await;
        next();
        let pipeline = log::pipeline(&pieces, needs, &pause).await;
        let pipeline = pipeline.map_err(|error| ImportError::Pipeline(error.to_string()))?;
        next();
        let log = log::log(&pieces, makespan, &pause).await;
        Ok(Self {
            format,
            spans,
            agents: (0..pieces.len()).collect(),
            pieces,
            containers,
            notes: found.notes,
            figures,
            needless,
            limit,
            pipeline,
            log,
            // Chrome's clock counts from when the machine was started.
            started: if format == Format::Chrome { String::new() } else { written(zero) },
            own: None,
        })
    }

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
