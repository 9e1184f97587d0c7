//! ADK's own trace, as `adk web` answers `/debug/trace/session/..`: a list of spans whose times are
//! nanoseconds and whose ids are numbers beyond what JavaScript can hold.

use serde_json::Value;

use super::attributes::{self, Attributes};
use super::otlp;
use super::span::{Found, Span};
use super::values;

/// One span.
pub fn read(value: &Value, found: &mut Found) {
    let name = values::text(value, &["name"]).unwrap_or_default();
    let time = |key: &str| values::nanos(value.get(key)?);
    let mut span = Span {
        trace: otlp::trace(value.get("trace_id"), found),
        id: values::id_of(value, &["span_id"]).unwrap_or_default(),
        parent: values::id_of(value, &["parent_span_id"]),
        name: name.into(),
        start: time("start_time"),
        end: time("end_time"),
        ..Span::default()
    };
    attributes::apply(&mut span, &Attributes::new(value.get("attributes")), found);
    // What ADK writes once more when the answers of tools called together have been merged.
    if name == "execute_tool (merged)" {
        span.kind = None;
    }
    if span.kind.is_some() && span.input.is_none() {
        let attribute = |key: &str| value.get("attributes").and_then(|all| all.get(key));
        let input = attribute("gcp.vertex.agent.llm_request").map(prompt).unwrap_or_default();
        let output = attribute("gcp.vertex.agent.llm_response").map(prompt).unwrap_or_default();
        span.input = found.text(input);
        span.output = found.text(output);
    }
    found.spans.push(span);
}

/// A request's contents, or a response's content, as a person reads them.
fn prompt(value: &Value) -> String {
    let Some(text) = value.as_str() else { return values::readable(value) };
    match serde_json::from_str::<Value>(text) {
        Ok(inner) => inner
            .get("contents")
            .or_else(|| inner.get("content"))
            .map(values::readable)
            .unwrap_or_default(),
        Err(_) => text.to_owned(),
    }
}
