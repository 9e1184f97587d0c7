//! Which format a record is in: told by its keys, never by a file's name.

use serde_json::Value;

use super::chrome::Events;
use super::claude_code::Session;
use super::error::ImportError;
use super::records::{Fault, Record};
use super::span::{Found, Note};
use super::{adk, har, jaeger, langfuse, langsmith, openai_agents, otlp, zipkin};
use crate::words;

/// A format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenTelemetry's JSON in all its shapes.
    Otlp,
    /// ADK's own trace.
    Adk,
    /// Langfuse.
    Langfuse,
    /// A browser's network recording.
    Har,
    /// LangSmith.
    LangSmith,
    /// A session of Claude Code.
    ClaudeCode,
    /// Chrome's trace events.
    Chrome,
    /// Jaeger.
    Jaeger,
    /// The OpenAI Agents SDK.
    OpenAiAgents,
    /// Zipkin.
    Zipkin,
    /// This page's own.
    Converge,
}

impl Format {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Otlp => words::import::OTLP,
            Self::Adk => "ADK trace",
            Self::Langfuse => "Langfuse",
            Self::Har => "HAR",
            Self::LangSmith => "LangSmith",
            Self::ClaudeCode => "Claude Code",
            Self::Chrome => "Chrome trace",
            Self::Jaeger => "Jaeger",
            Self::OpenAiAgents => "OpenAI Agents",
            Self::Zipkin => "Zipkin",
            Self::Converge => "Converge",
        }
    }

    /// Its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Otlp => "otlp",
            Self::Adk => "adk",
            Self::Langfuse => "langfuse",
            Self::Har => "har",
            Self::LangSmith => "langsmith",
            Self::ClaudeCode => "claude-code",
            Self::Chrome => "chrome",
            Self::Jaeger => "jaeger",
            Self::OpenAiAgents => "openai-agents",
            Self::Zipkin => "zipkin",
            Self::Converge => "converge",
        }
    }

    /// "14 spans", in the word of the tool.
    pub fn spans(self, count: usize) -> String {
        match self {
            Self::Har => words::import::requests(count),
            Self::Langfuse => words::import::observations(count),
            Self::LangSmith => words::import::runs(count),
            Self::ClaudeCode => words::import::calls(count),
            _ => words::import::spans(count),
        }
    }

    /// Whether what it lists are calls, to its readers, and not spans.
    pub fn has_calls(self) -> bool {
        matches!(self, Self::Langfuse | Self::LangSmith | Self::Har | Self::ClaudeCode)
    }
}

/// What a record is.
enum Shape {
    Known(Format),
    /// OpenTelemetry's console exporters.
    Console,
    Refused(ImportError),
    Unknown,
}

/// Reads records of any format.
#[derive(Default)]
pub struct Reader {
    format: Option<Format>,
    chrome: Events,
    claude: Session,
    unknown: usize,
}

impl Reader {
    /// The format of the records so far.
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// One record.
    pub fn read(
        &mut self,
        value: &Value,
        record: &Record<'_>,
        found: &mut Found,
    ) -> Result<(), ImportError> {
        let shape = shape(value, record);
        let format = match shape {
            Shape::Known(format) => format,
            Shape::Console => Format::Otlp,
            Shape::Refused(error) if found.spans.is_empty() && self.format.is_none() => {
                return Err(error);
            }
            // The answer of an API, which holds what it is about in a list.
            Shape::Unknown if inner(value).is_some() => {
                for item in inner(value).into_iter().flatten() {
                    self.read(item, &Record { depth: record.depth + 1, ..*record }, found)?;
                }
                return Ok(());
            }
            Shape::Refused(_) | Shape::Unknown => {
                self.unknown += 1;
                return Ok(());
            }
        };
        self.format.get_or_insert(format);
        match format {
            Format::Otlp if matches!(shape, Shape::Console) => otlp::read_console(value, found),
            // Spans without any, as an exporter writes them that has nothing to say.
            Format::Otlp if value.get("resourceSpans").is_some() => {}
            Format::Otlp => otlp::read(value, found),
            Format::Adk => adk::read(value, found),
            Format::Langfuse => langfuse::read(value, found),
            Format::Har => har::read(value, found),
            Format::LangSmith => langsmith::read(value, found),
            Format::ClaudeCode => self.claude.read(value, found),
            Format::Chrome => self.chrome.read(value, found),
            Format::Jaeger => jaeger::read(value, found),
            Format::OpenAiAgents => openai_agents::read(value, found),
            Format::Zipkin => zipkin::read(value, found),
            // Read as a whole, before it is cut into records.
            Format::Converge => {}
        }
        Ok(())
    }

    /// A text that is not whole, or no JSON somewhere.
    ///
    /// # Errors
    /// Unless what is missing is known to be missing by design.
    pub fn fault(
        &mut self,
        text: &str,
        fault: Fault,
        ways: &[&str],
        found: &mut Found,
    ) -> Result<(), ImportError> {
        let like = self.format.or_else(|| ways.iter().find_map(|way| looks_like(way)));
        match fault {
            Fault::Cut { in_list: true, .. } if self.format == Some(Format::Chrome) => {
                found.note(Note::Unclosed);
                Ok(())
            }
            // A file of lines is read while it is written.
            Fault::Cut { after_values: true, .. } if self.format.is_some() => {
                found.note(Note::CutLine);
                Ok(())
            }
            Fault::Cut { at, .. } if looks_like_json(text) => Err(ImportError::cut(text, at, like)),
            Fault::Syntax { at } if looks_like_json(text) => {
                Err(ImportError::broken(text, at, like))
            }
            _ => Err(ImportError::Unknown),
        }
    }

    /// What is known once all is read.
    ///
    /// # Errors
    /// Where nothing that is known was in it.
    pub fn finish(mut self, found: &mut Found) -> Result<Format, ImportError> {
        let format = self.format.ok_or(ImportError::Unknown)?;
        self.chrome.finish(found);
        self.claude.finish(found);
        if format == Format::Har {
            har::finish(found);
        }
        (0..self.unknown).for_each(|_| found.note(Note::Other));
        if found.spans.is_empty() {
            return Err(ImportError::NoSpans(format));
        }
        Ok(format)
    }
}

/// The objects that a page of an API's answer lists.
fn inner(value: &Value) -> Option<&Vec<Value>> {
    let list = value.get("data")?.as_array()?;
    list.first()?.is_object().then_some(list)
}

fn looks_like_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// The format that has lists under such a key.
fn looks_like(way: &str) -> Option<Format> {
    match way {
        "resourceSpans"
        | "resource_spans"
        | "batches"
        | "scopeSpans"
        | "scope_spans"
        | "instrumentationLibrarySpans"
        | "instrumentation_library_spans" => Some(Format::Otlp),
        "observations" => Some(Format::Langfuse),
        "traceEvents" => Some(Format::Chrome),
        "log" | "entries" => Some(Format::Har),
        _ => None,
    }
}

fn shape(value: &Value, record: &Record<'_>) -> Shape {
    let has = |key: &str| value.get(key).is_some();
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let known = |is: bool, format| is.then_some(Shape::Known(format));
    let is_time = |key: &str| value.get(key).is_some_and(Value::is_number);
    let has_context = value.pointer("/context/span_id").is_some()
        || value.pointer("/SpanContext/SpanID").is_some();
    known(has("ph") && (has("ts") || text("ph") == Some("M")), Format::Chrome)
        .or_else(|| known(has("startedDateTime") && has("request"), Format::Har))
        .or_else(|| known(has("run_type") && has("name"), Format::LangSmith))
        .or_else(|| {
            known(text("object").is_some_and(|o| o.starts_with("trace")), Format::OpenAiAgents)
        })
        .or_else(|| {
            let times = ["startTimeUnixNano", "start_time_unix_nano", "endTimeUnixNano"];
            known(
                times.iter().any(|key| has(key)) || (record.list == "spans" && has("spanId")),
                Format::Otlp,
            )
        })
        .or_else(|| known(has("operationName") && (has("spanID") || has("spanId")), Format::Jaeger))
        .or_else(|| has_context.then_some(Shape::Console))
        .or_else(|| known(has("span_id") && is_time("start_time"), Format::Adk))
        .or_else(|| {
            let is =
                has("startTime") && has("type") && (has("traceId") || has("parentObservationId"));
            known(is, Format::Langfuse)
        })
        .or_else(|| {
            known(
                has("traceId")
                    && has("id")
                    && !has("projectId")
                    && (has("timestamp") || has("localEndpoint") || has("parentId")),
                Format::Zipkin,
            )
        })
        .or_else(|| {
            let is_line = has("sessionId") && (has("type") || has("uuid"));
            known(is_line || text("type").is_some_and(is_claude_line), Format::ClaudeCode)
        })
        .or_else(|| refused(value).map(Shape::Refused))
        .or_else(|| known(has("resourceSpans") || has("resource_spans"), Format::Otlp))
        .unwrap_or(Shape::Unknown)
}

fn is_claude_line(kind: &str) -> bool {
    matches!(
        kind,
        "summary"
            | "file-history-snapshot"
            | "queue-operation"
            | "last-prompt"
            | "custom-title"
            | "ai-title"
            | "attachment"
            | "progress"
    )
}

/// What is known and cannot be shown, with what to do instead.
fn refused(value: &Value) -> Option<ImportError> {
    let has = |key: &str| value.get(key).is_some();
    if has("resourceMetrics") || has("resource_metrics") {
        return Some(ImportError::Metrics);
    }
    if has("resourceLogs") || has("resource_logs") {
        return Some(ImportError::Logs);
    }
    if has("events") && (has("appName") || has("app_name")) {
        return Some(ImportError::AdkSession);
    }
    langfuse::is_trace(value).then_some(ImportError::TracesList)
}
