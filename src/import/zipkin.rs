//! Zipkin's JSON (version 2): a list of spans, or a list of traces. Microseconds; tags are texts.

use serde_json::Value;

use super::attributes::{self, Attributes};
use super::jaeger;
use super::otlp;
use super::span::{Found, Note, Span};
use super::values;

/// One span.
pub fn read(value: &Value, found: &mut Found) {
    let id = values::id_of(value, &["id"]).unwrap_or_default();
    let trace = otlp::trace(value.get("traceId"), found);
    let start = value.get("timestamp").and_then(values::micros);
    let length = value.get("duration").and_then(values::micros);
    let tags = value.get("tags").cloned().unwrap_or(Value::Null);
    // A server may write its side of a call under the client's id; it is a part of that call.
    let is_shared = value.get("shared") == Some(&Value::Bool(true));
    let (own, parent) = match is_shared {
        true => ("".into(), Some(id)),
        false => (id, values::id_of(value, &["parentId"])),
    };
    let mut span = Span {
        trace,
        id: own,
        parent,
        name: values::text(value, &["name"]).unwrap_or_default().into(),
        start,
        end: start.zip(length).and_then(|(start, length)| start.checked_add(length)),
        error: jaeger::error(&tags),
        ..Span::default()
    };
    attributes::apply(&mut span, &Attributes::new(Some(&tags)), found);
    if is_shared {
        span.kind = None;
    }
    if span.id.is_empty() && !is_shared {
        found.note(Note::Other);
    }
    found.spans.push(span);
}
