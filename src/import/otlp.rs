//! OpenTelemetry: OTLP as JSON in every spelling (camel and snake case, ids in hex or base64, times as
//! texts or numbers), and the console exporters of Python and Go, which write one object a span.

use serde_json::Value;

use super::attributes::{self, Attributes};
use super::span::{Found, Span};
use super::values;

/// A span of an OTLP file, a collector's line, or Tempo.
pub fn read(value: &Value, found: &mut Found) {
    let time = |keys: &[&str]| values::nanos(values::field(value, keys)?);
    let mut span = Span {
        trace: trace(values::field(value, &["traceId", "trace_id"]), found),
        id: values::id_of(value, &["spanId", "span_id"]).unwrap_or_default(),
        parent: values::id_of(value, &["parentSpanId", "parent_span_id"]),
        name: values::text(value, &["name"]).unwrap_or_default().into(),
        start: time(&["startTimeUnixNano", "start_time_unix_nano"]),
        end: time(&["endTimeUnixNano", "end_time_unix_nano"]),
        error: status(value.get("status")),
        links: links(value.get("links")),
        ..Span::default()
    };
    attributes::apply(&mut span, &Attributes::new(value.get("attributes")), found);
    attributes::events(&mut span, value.get("events"), |event| {
        values::nanos(values::field(event, &["timeUnixNano", "time_unix_nano"])?)
    });
    found.spans.push(span);
}

/// A span as Python's `ConsoleSpanExporter`, Phoenix, or Go's `stdouttrace` write it.
pub fn read_console(value: &Value, found: &mut Found) {
    let context = values::field(value, &["context", "SpanContext"]).unwrap_or(&Value::Null);
    let parent = match value.get("Parent") {
        Some(parent) => values::id_of(parent, &["SpanID"]),
        None => values::id_of(value, &["parent_id"]),
    };
    let time = |keys: &[&str]| values::moment(values::field(value, keys)?);
    let mut span = Span {
        trace: trace(values::field(context, &["trace_id", "TraceID"]), found),
        id: values::id_of(context, &["span_id", "SpanID"]).unwrap_or_default(),
        parent,
        name: values::text(value, &["name", "Name"]).unwrap_or_default().into(),
        start: time(&["start_time", "StartTime"]),
        end: time(&["end_time", "EndTime"]),
        error: status(values::field(value, &["status", "Status"])),
        links: Vec::new(),
        ..Span::default()
    };
    let all = values::field(value, &["attributes", "Attributes"]);
    attributes::apply(&mut span, &Attributes::new(all), found);
    if span.kind.is_none() && value.get("span_kind").is_some() {
        // Phoenix keeps the kind beside the attributes.
        let beside = serde_json::json!({ "openinference.span.kind": value["span_kind"] });
        let mut kind = Span { name: span.name.clone(), ..Span::default() };
        attributes::apply(&mut kind, &Attributes::new(Some(&beside)), found);
        span.kind = kind.kind;
    }
    attributes::events(&mut span, values::field(value, &["events", "Events"]), |event| {
        values::moment(values::field(event, &["timestamp", "Time"])?)
    });
    found.spans.push(span);
}

/// The number of a trace, by its id.
pub fn trace(id: Option<&Value>, found: &mut Found) -> u32 {
    let id = id.and_then(values::id).unwrap_or_default();
    found.trace(&id)
}

/// What a status says went wrong: its message, which may be empty.
fn status(status: Option<&Value>) -> Option<Box<str>> {
    let status = status?;
    let code = values::field(status, &["code", "Code", "status_code"])?;
    let failed = match code {
        Value::Number(number) => number.as_u64() == Some(2),
        Value::String(word) => word.to_ascii_uppercase().ends_with("ERROR"),
        _ => false,
    };
    let message = values::text(status, &["message", "Description", "description"]);
    failed.then(|| message.unwrap_or_default().into())
}

fn links(list: Option<&Value>) -> Vec<Box<str>> {
    let Some(Value::Array(list)) = list else { return Vec::new() };
    list.iter().filter_map(|link| values::id_of(link, &["spanId", "span_id"])).collect()
}
