//! A run as a table for spreadsheets: CSV, one row an agent.
//!
//! A cell that a spreadsheet would take for a formula is made text by an apostrophe: what a model said is
//! a stranger's text.

use csv::{Terminator, WriterBuilder};

use super::{SpanFile, TraceFile};

/// The columns. Times are milliseconds since the run began.
pub const COLUMNS: [&str; 15] = [
    "agent",
    "schedule",
    "queued_ms",
    "start_ms",
    "first_token_ms",
    "end_ms",
    "duration_ms",
    "outcome",
    "error",
    "attempts",
    "provider",
    "model",
    "input_tokens",
    "output_tokens",
    "output",
];

/// The table, with its columns' names in the first row.
pub fn csv(file: &TraceFile) -> String {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and all rows are of one length.
    let _ = writer.write_record(COLUMNS);
    for (span, agent) in file.spans.iter().zip(&file.pipeline.agents) {
        let model = agent.model.as_deref().or(file.model.as_deref()).unwrap_or_default();
        let _ = writer.write_record(row(file, span, model));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// How many calls were made, the second one of a hedge included.
fn calls(span: &SpanFile) -> u64 {
    let second = u64::from(span.conditions.second.is_some());
    if span.start_us.is_some() { u64::from(span.retries) + 1 + second } else { 0 }
}

fn row(file: &TraceFile, span: &SpanFile, model: &str) -> [String; COLUMNS.len()] {
    let millis = |micros: Option<u64>| match micros {
        Some(micros) => (micros as f64 / 1000.0).to_string(),
        None => String::new(),
    };
    let took = span.start_us.zip(span.end_us).map(|(start, end)| end.saturating_sub(start));
    [
        harmless(&span.name),
        harmless(&file.schedule.name),
        millis(span.queued_us),
        millis(span.start_us),
        millis(span.first_us),
        millis(span.end_us),
        millis(took),
        harmless(&span.outcome),
        harmless(span.error.as_deref().unwrap_or_default()),
        calls(span).to_string(),
        harmless(&file.provider),
        harmless(model),
        span.input_tokens.to_string(),
        span.output_tokens.to_string(),
        harmless(&span.output),
    ]
}

/// The text, with an apostrophe before what a spreadsheet would compute.
fn harmless(text: &str) -> String {
    let computed = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@']);
    if computed { format!("'{text}") } else { text.to_owned() }
}
