//! Langfuse's observations: the download of a trace (version 4's `{observations, scores}`, and before
//! it the same list both beside and inside `trace`), and the answers of its API.

use serde_json::Value;

use super::attributes::order_said;
use super::span::{Found, Kind, Order, Span};
use super::values;

/// One observation.
pub fn read(value: &Value, found: &mut Found) {
    let name = values::text(value, &["name"]).unwrap_or_default();
    let kind = values::text(value, &["type"]).unwrap_or_default().to_ascii_uppercase();
    let time = |key: &str| values::moment(value.get(key)?);
    let trace = values::text(value, &["traceId"]).unwrap_or_default();
    let mut span = Span {
        trace: found.trace(trace),
        id: values::id_of(value, &["id"]).unwrap_or_default(),
        parent: values::id_of(value, &["parentObservationId"]),
        name: name.into(),
        kind: match kind.as_str() {
            "GENERATION" | "EMBEDDING" => Some(Kind::Model),
            "TOOL" => Some(Kind::Tool),
            "RETRIEVER" => Some(Kind::Retriever),
            "AGENT" => Some(Kind::Agent),
            _ => None,
        },
        start: time("startTime"),
        end: time("endTime"),
        first: time("completionStartTime"),
        model: values::text(value, &["model", "providedModelName"]).map(Into::into),
        tokens: tokens(value),
        ..Span::default()
    };
    if kind == "EVENT" {
        // A moment, which has no end by design.
        span.end = span.start;
    }
    span.order = match (order_said(name), span.kind) {
        (Order::Unsaid, Some(Kind::Agent)) => Order::Agent,
        (said, _) => said,
    };
    if values::text(value, &["level"]) == Some("ERROR") {
        span.error = Some(values::text(value, &["statusMessage"]).unwrap_or_default().into());
    }
    if span.kind.is_some() {
        let text = |key: &str| value.get(key).map(values::readable).unwrap_or_default();
        let (input, output) = (text("input"), text("output"));
        span.input = found.text(input);
        span.output = found.text(output);
    }
    found.spans.push(span);
}

fn tokens(value: &Value) -> Option<(u64, u64)> {
    let details = ["usageDetails", "usage"].iter().find_map(|key| {
        let usage = value.get(*key)?.as_object()?;
        let count = |key: &str| values::whole(usage.get(key)?);
        (usage.contains_key("input") || usage.contains_key("output"))
            .then(|| (count("input").unwrap_or_default(), count("output").unwrap_or_default()))
    });
    let count = |key: &str| values::whole(value.get(key)?).filter(|count| *count > 0);
    let flat = || {
        let input = count("promptTokens").or_else(|| count("inputUsage"));
        let output = count("completionTokens").or_else(|| count("outputUsage"));
        (input.is_some() || output.is_some())
            .then(|| (input.unwrap_or_default(), output.unwrap_or_default()))
    };
    details.or_else(flat).filter(|tokens| *tokens != (0, 0))
}

/// Whether it is an entry of a list of traces, which has no times of what was done in them.
pub fn is_trace(value: &Value) -> bool {
    let lists_ids = |list: &Value| list.as_array().is_some_and(|l| l.iter().all(Value::is_string));
    value.get("timestamp").is_some()
        && value.get("id").is_some()
        && (value.get("observations").is_some_and(lists_ids)
            || value.get("htmlPath").is_some()
            || (value.get("latency").is_some() && value.get("startTime").is_none()))
}
