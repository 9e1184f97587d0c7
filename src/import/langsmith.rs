//! LangSmith's runs: lines or a list, as the SDK and the command line write them, or nested by
//! `child_runs`. A time without a zone is UTC.

use serde_json::Value;

use super::attributes::order_said;
use super::span::{Found, Kind, Span};
use super::values;

/// A run, with the runs inside it.
pub fn read(value: &Value, found: &mut Found) {
    read_below(value, None, found, 0);
}

/// Runs are not nested deeper; serde would not have parsed them.
const DEEPEST: usize = 100;

fn read_below(value: &Value, parent: Option<&str>, found: &mut Found, depth: usize) {
    let name = values::text(value, &["name"]).unwrap_or_default();
    let run_type = values::text(value, &["run_type"]).unwrap_or_default();
    let time = |key: &str| values::moment(value.get(key)?);
    let metadata = value.pointer("/extra/metadata").unwrap_or(&Value::Null);
    let invocation = value.pointer("/extra/invocation_params").unwrap_or(&Value::Null);
    let trace = values::text(value, &["trace_id"]).unwrap_or_default();
    let id = values::id_of(value, &["id", "run_id"]).unwrap_or_default();
    let mut span = Span {
        // A run that is nested without one is of the trace around it.
        trace: if trace.is_empty() { 0 } else { found.trace(trace) },
        parent: values::id_of(value, &["parent_run_id"]).or_else(|| parent.map(Into::into)),
        id: id.clone(),
        name: name.into(),
        kind: match run_type {
            "llm" | "embedding" => Some(Kind::Model),
            "tool" => Some(Kind::Tool),
            "retriever" => Some(Kind::Retriever),
            "agent" => Some(Kind::Agent),
            _ => None,
        },
        start: time("start_time"),
        end: time("end_time"),
        first: time("first_token_time").or_else(|| first_token(value.get("events"))),
        model: values::text(metadata, &["ls_model_name"])
            .or_else(|| values::text(invocation, &["model", "model_name"]))
            .map(Into::into),
        tokens: tokens(value),
        order: order_said(name),
        ..Span::default()
    };
    let failed = values::text(value, &["status"]) == Some("error");
    span.error = match values::text(value, &["error"]) {
        Some(error) => Some(error.into()),
        None if failed => Some("".into()),
        None => None,
    };
    if span.kind.is_some() {
        let text = |key: &str| {
            let value =
                value.get(key).filter(|value| value.as_object().is_none_or(|o| !o.is_empty()));
            value.map(values::readable).unwrap_or_default()
        };
        let (input, output) = (text("inputs"), text("outputs"));
        span.input = found.text(input);
        span.output = found.text(output);
    }
    found.spans.push(span);
    let Some(Value::Array(children)) = value.get("child_runs") else { return };
    if depth < DEEPEST {
        children.iter().for_each(|child| read_below(child, Some(&id), found, depth + 1));
    }
}

fn first_token(events: Option<&Value>) -> Option<i64> {
    let is_token = |event: &&Value| values::text(event, &["name"]) == Some("new_token");
    values::moment(events?.as_array()?.iter().find(is_token)?.get("time")?)
}

fn tokens(value: &Value) -> Option<(u64, u64)> {
    let of = |value: &Value, keys: [&str; 2]| {
        let [input, output] = keys.map(|key| value.get(key).and_then(values::whole));
        (input.is_some() || output.is_some())
            .then(|| (input.unwrap_or_default(), output.unwrap_or_default()))
    };
    let usage = ["/extra/metadata/usage_metadata", "/outputs/usage_metadata"];
    of(value, ["prompt_tokens", "completion_tokens"]).or_else(|| {
        let usage = usage.iter().find_map(|path| value.pointer(path))?;
        of(usage, ["input_tokens", "output_tokens"])
    })
}
