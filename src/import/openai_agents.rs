//! The OpenAI Agents SDK: what its trace processors export, a trace and its spans, as a list or lines.

use serde_json::Value;

use super::attributes::order_said;
use super::span::{Found, Kind, Order, Span};
use super::values;

/// A trace or a span of one.
pub fn read(value: &Value, found: &mut Found) {
    if values::text(value, &["object"]) != Some("trace.span") {
        return;
    }
    let data = value.get("span_data").unwrap_or(&Value::Null);
    let kind = values::text(data, &["type"]).unwrap_or_default();
    let name = values::text(data, &["name"]).unwrap_or(kind);
    let inner = data.get("data").unwrap_or(&Value::Null);
    let turn = values::text(inner, &["agent_name"]);
    let trace = values::text(value, &["trace_id"]).unwrap_or_default();
    let time = |key: &str| values::moment(value.get(key)?);
    let mut span = Span {
        trace: found.trace(trace),
        id: values::id_of(value, &["id"]).unwrap_or_default(),
        parent: values::id_of(value, &["parent_id"]),
        name: name.into(),
        kind: match kind {
            "generation" | "response" | "transcription" | "speech" => Some(Kind::Model),
            "function" => Some(Kind::Tool),
            "agent" => Some(Kind::Agent),
            _ => None,
        },
        start: time("started_at"),
        end: time("ended_at"),
        label: turn.map(Into::into),
        order: match (order_said(name), kind) {
            (Order::Unsaid, "agent") => Order::Agent,
            (Order::Unsaid, _) if turn.is_some() => Order::Agent,
            (said, _) => said,
        },
        model: values::text(data, &["model"]).map(Into::into),
        tokens: tokens(data.get("usage")),
        ..Span::default()
    };
    if span.kind == Some(Kind::Tool) {
        span.agent = Some(name.into());
    }
    let error = value.get("error").filter(|error| !error.is_null());
    span.error = error.map(|error| values::text(error, &["message"]).unwrap_or_default().into());
    if span.kind.is_some() {
        let text = |key: &str| data.get(key).map(values::readable).unwrap_or_default();
        let (input, output) = (text("input"), text("output"));
        span.input = found.text(input);
        span.output = found.text(output);
    }
    found.spans.push(span);
}

fn tokens(usage: Option<&Value>) -> Option<(u64, u64)> {
    let count = |keys: &[&str]| values::whole(values::field(usage?, keys)?);
    let input = count(&["input_tokens", "prompt_tokens"]);
    let output = count(&["output_tokens", "completion_tokens"]);
    (input.is_some() || output.is_some())
        .then(|| (input.unwrap_or_default(), output.unwrap_or_default()))
}
