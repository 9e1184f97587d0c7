//! Jaeger's JSON, as its page saves a trace: microseconds, tags with types, references to parents.

use serde_json::{Map, Value};

use super::attributes::{self, Attributes};
use super::otlp;
use super::span::{Found, Span};
use super::values;

/// One span.
pub fn read(value: &Value, found: &mut Found) {
    let start = value.get("startTime").and_then(values::micros);
    let length = value.get("duration").and_then(values::micros);
    let tags = tags(value.get("tags"));
    let references = value.get("references").and_then(Value::as_array);
    let of_kind = |kind: &str| {
        let reference = references?.iter().find(|r| values::text(r, &["refType"]) == Some(kind))?;
        values::id_of(reference, &["spanID", "spanId"])
    };
    let follows = of_kind("FOLLOWS_FROM");
    let mut span = Span {
        trace: otlp::trace(values::field(value, &["traceID", "traceId"]), found),
        id: values::id_of(value, &["spanID", "spanId"]).unwrap_or_default(),
        parent: of_kind("CHILD_OF").or_else(|| values::id_of(value, &["parentSpanID"])),
        name: values::text(value, &["operationName"]).unwrap_or_default().into(),
        start,
        end: start.zip(length).and_then(|(start, length)| start.checked_add(length)),
        links: follows.clone().into_iter().collect(),
        ..Span::default()
    };
    if span.parent.is_none() {
        span.parent = follows;
    }
    span.error = error(&tags);
    attributes::apply(&mut span, &Attributes::new(Some(&tags)), found);
    found.spans.push(span);
}

/// `[{key, value}]` as one object.
fn tags(list: Option<&Value>) -> Value {
    let mut all = Map::new();
    for tag in list.and_then(Value::as_array).into_iter().flatten() {
        if let (Some(key), Some(value)) = (values::text(tag, &["key"]), tag.get("value")) {
            all.insert(key.into(), value.clone());
        }
    }
    Value::Object(all)
}

/// What tags say went wrong, as Jaeger and Zipkin have it.
pub fn error(tags: &Value) -> Option<Box<str>> {
    let status = values::text(tags, &["otel.status_code"]);
    let failed = match tags.get("error") {
        Some(Value::Bool(failed)) => *failed,
        Some(Value::String(word)) => word != "false",
        _ => status.is_some_and(|status| status.eq_ignore_ascii_case("error")),
    };
    let told =
        values::text(tags, &["otel.status_description", "error.message", "exception.message"]);
    let told = told.or_else(|| values::text(tags, &["error"]).filter(|word| *word != "true"));
    failed.then(|| told.unwrap_or_default().into())
}
