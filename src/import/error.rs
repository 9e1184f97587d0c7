//! Why a file cannot be opened, in words that say what to do.

use std::fmt;

use super::format::Format;
use super::{MOST_BYTES, MOST_SPANS};
use crate::export::ReadError;
use crate::words;

/// Why a text is no run that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// There is nothing in it.
    Empty,
    /// It has so many bytes, which is too many.
    TooLong(usize),
    /// It has more spans than are read.
    TooMany,
    /// It is compressed.
    Compressed,
    /// It is no text.
    NoText,
    /// It ends too early.
    Cut {
        /// In which line.
        line: usize,
        /// What it looks like.
        like: Option<Format>,
    },
    /// It is no JSON.
    Broken {
        /// In which line.
        line: usize,
        /// What it looks like.
        like: Option<Format>,
    },
    /// It is nothing that is known.
    Unknown,
    /// It holds metrics.
    Metrics,
    /// It holds log entries.
    Logs,
    /// It is a session of ADK, which has one time for each event.
    AdkSession,
    /// It is a list of traces.
    TracesList,
    /// There is no span with a start in it.
    NoSpans(Format),
    /// No call in it has an end.
    NothingEnded(Format),
    /// Its pieces are no pipeline.
    Pipeline(String),
    /// It is one of this page's files, and cannot be read.
    Own(ReadError),
}

impl ImportError {
    /// It ends there.
    pub(super) fn cut(text: &str, at: usize, like: Option<Format>) -> Self {
        Self::Cut { line: line(text, at), like }
    }

    /// It is no JSON from there on.
    pub(super) fn broken(text: &str, at: usize, like: Option<Format>) -> Self {
        Self::Broken { line: line(text, at), like }
    }
}

/// The line of a position, from 1.
fn line(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at.min(text.len())];
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use words::import as say;
        let like = |like: &Option<Format>| like.map(Format::name);
        match self {
            Self::Empty => f.write_str("There is nothing in this file."),
            Self::TooLong(bytes) => f.write_str(&say::too_long(*bytes, MOST_BYTES)),
            Self::TooMany => f.write_str(&say::too_many(MOST_SPANS)),
            Self::Compressed => {
                f.write_str("This file is compressed: unpack it first, and open what is in it.")
            }
            Self::NoText => f.write_str(
                "This file is not text. Traces are opened as JSON: of a binary trace (protobuf, \
                 Perfetto), save the JSON form.",
            ),
            Self::Cut { line, like: format } => f.write_str(&say::cut(*line, like(format))),
            Self::Broken { line, like: format } => f.write_str(&say::broken(*line, like(format))),
            Self::Unknown => f.write_str(
                "This is no trace that is known here. These are opened: OTLP JSON, ADK, Langfuse, \
                 HAR, LangSmith, Claude Code sessions, Chrome traces, Jaeger, OpenAI Agents, \
                 Zipkin, and trace files of this page.",
            ),
            Self::Metrics => {
                f.write_str("This file holds OpenTelemetry metrics, no spans: save the traces.")
            }
            Self::Logs => {
                f.write_str("This file holds OpenTelemetry logs, no spans: save the traces.")
            }
            Self::AdkSession => f.write_str(
                "This is an ADK session. It has one time for each event, mostly when the call \
                 began, and not how long it took. Open the trace instead: adk web answers it at \
                 /dev/apps/APP/debug/trace/session/SESSION (before ADK 2.0 at \
                 /debug/trace/session/SESSION).",
            ),
            Self::TracesList => f.write_str(
                "This is a list of Langfuse traces. It does not say when each call began and \
                 ended. Open one trace in Langfuse, and use Download as JSON there.",
            ),
            Self::NoSpans(format) => f.write_str(&say::no_spans(format.name())),
            Self::NothingEnded(format) => f.write_str(&say::nothing_ended(format.name())),
            Self::Pipeline(why) => f.write_str(why),
            Self::Own(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ImportError {}
