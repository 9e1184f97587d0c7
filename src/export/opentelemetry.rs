//! A run as OpenTelemetry spans, OTLP's JSON, by the conventions for generative AI: `invoke_workflow`
//! around everything, `invoke_agent` for each agent, and in it a `chat` for each attempt.
//!
//! These conventions are still in development, so the file names the version that it follows.

use serde_json::{Value, json};

use super::{SpanFile, TraceFile};
use crate::time::moment;
use crate::timeline::{Lane, Timeline};

/// The conventions that the names below are from.
pub const SCHEMA: &str = "https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev";

const INTERNAL: u8 = 1;
const CLIENT: u8 = 3;
const ERROR: u8 = 2;

/// The file's text. `timeline` is the whole run, for the attempts that a summary has not.
pub fn opentelemetry(file: &TraceFile, timeline: &Timeline) -> String {
    let writer = Writer::new(file);
    let name = "Converge";
    let end = file.metrics.makespan_us;
    let workflow = [
        text("gen_ai.operation.name", "invoke_workflow"),
        text("gen_ai.workflow.name", name),
        text("converge.schedule", &file.schedule.name),
    ];
    let mut spans = vec![writer.span(
        0,
        None,
        &format!("invoke_workflow {name}"),
        INTERNAL,
        (0, end),
        &workflow,
    )];
    for (place, span) in file.spans.iter().enumerate() {
        let (Some(start), Some(end)) = (span.start_us, span.end_us) else { continue };
        let Some(lane) = timeline.lanes().get(place) else { continue };
        spans.extend(writer.agent(place, span, lane, (start, end)));
    }
    json!({
        "resourceSpans": [{
            "resource": { "attributes": [
                text("service.name", "converge"),
                text("telemetry.sdk.language", "webjs"),
            ] },
            "scopeSpans": [{
                "scope": { "name": "converge", "version": file.version.to_string() },
                "spans": spans,
                "schemaUrl": SCHEMA,
            }],
        }],
    })
    .to_string()
}

struct Writer<'a> {
    file: &'a TraceFile,
    /// When the run began, in nanoseconds since 1970.
    zero: u64,
    trace: String,
    base: u64,
}

impl<'a> Writer<'a> {
    fn new(file: &'a TraceFile) -> Self {
        let started = moment(&file.started);
        // A run that does not say when it was is put into 2001: zero would mean that there is no time.
        let zero = started
            .and_then(|nanos| u64::try_from(nanos).ok())
            .unwrap_or(1_000_000_000_000_000_000);
        // From what makes it this run, so that the same run has the same ids wherever it is written.
        let names = file.spans.iter().flat_map(|span| span.name.bytes().chain([0]));
        let seed = names
            .chain(file.schedule.name.bytes())
            .fold(zero | 1, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut chance = fastrand::Rng::with_seed(seed);
        let trace = format!("{:032x}", chance.u128(1..));
        // Low bits are left for numbers, so that no two ids are alike and none is zero.
        let base = chance.u64(1 << 40..) & !0xff_ffff_ffff | 1 << 41;
        Self { file, zero, trace, base }
    }

    fn id(&self, number: u64) -> String {
        format!("{:016x}", self.base + number)
    }

    /// A span with its number; times are microseconds of the run.
    fn span(
        &self,
        number: u64,
        parent: Option<u64>,
        name: &str,
        kind: u8,
        (start, end): (u64, u64),
        attributes: &[Value],
    ) -> Value {
        let nanos = |micros: u64| self.zero.saturating_add(micros.saturating_mul(1000)).to_string();
        let mut span = json!({
            "traceId": self.trace,
            "spanId": self.id(number),
            "name": name,
            "kind": kind,
            "startTimeUnixNano": nanos(start),
            "endTimeUnixNano": nanos(end.max(start)),
            "attributes": attributes,
            "status": {},
        });
        if let Some(parent) = parent {
            span["parentSpanId"] = self.id(parent).into();
        }
        span
    }

    /// An agent, and a call in it for each attempt.
    fn agent(
        &self,
        place: usize,
        span: &SpanFile,
        lane: &Lane,
        (start, end): (u64, u64),
    ) -> Vec<Value> {
        // Numbers below are apart by more than any agent has attempts.
        let number = (place as u64 + 1) * 1024;
        let agent =
            [text("gen_ai.operation.name", "invoke_agent"), text("gen_ai.agent.name", &span.name)];
        let name = format!("invoke_agent {}", span.name);
        let mut own = self.span(number, Some(0), &name, INTERNAL, (start, end), &agent);
        let asked = self.file.pipeline.agents.get(place).and_then(|agent| agent.model.as_deref());
        let model = asked.or(self.file.model.as_deref());
        let call = match model {
            Some(model) => format!("chat {model}"),
            None => "chat".into(),
        };
        let mut said = vec![
            text("gen_ai.operation.name", "chat"),
            text("gen_ai.agent.name", &span.name),
            text("gen_ai.provider.name", provider(&self.file.provider)),
            json!({ "key": "gen_ai.request.stream", "value": { "boolValue": true } }),
        ];
        said.extend(model.map(|model| text("gen_ai.request.model", model)));
        let mut spans = Vec::new();
        for (attempt, failed) in lane.failed.iter().take(1000).enumerate() {
            let times = (failed.started.as_micros(), failed.failed.as_micros());
            let number = number + 1 + attempt as u64;
            let mut one =
                self.span(number, Some(number - 1 - attempt as u64), &call, CLIENT, times, &said);
            one["status"] = status(&failed.error.to_string());
            spans.push(one);
        }
        if let Some(second) = &span.conditions.second {
            let times = (second.start_us, second.end_us.unwrap_or(end));
            let mut said = said.clone();
            if (second.input_tokens, second.output_tokens) != (0, 0) {
                said.push(whole("gen_ai.usage.input_tokens", second.input_tokens));
                said.push(whole("gen_ai.usage.output_tokens", second.output_tokens));
            }
            let mut one = self.span(number + 1002, Some(number), &call, CLIENT, times, &said);
            if second.outcome != "done" {
                one["status"] = status(second.error.as_deref().unwrap_or(&second.outcome));
            }
            spans.push(one);
        }
        let began = lane.attempt_started().map_or(start, |at| at.as_micros()).clamp(start, end);
        if let Some(queued) =
            span.queued_us.filter(|queued| *queued < start && lane.failed.is_empty())
        {
            said.push(whole("converge.queued_us", start - queued));
        }
        if let Some(first) = span.first_us.filter(|first| *first >= began) {
            let seconds = (first - began) as f64 / 1e6;
            said.push(json!({
                "key": "gen_ai.response.time_to_first_chunk", "value": { "doubleValue": seconds },
            }));
        }
        if (span.input_tokens, span.output_tokens) != (0, 0) {
            said.push(whole("gen_ai.usage.input_tokens", span.input_tokens));
            said.push(whole("gen_ai.usage.output_tokens", span.output_tokens));
        }
        // An agent that ended while it waited for its next attempt made no other call.
        if !lane.waits() {
            let number = number + 1001;
            let mut last =
                self.span(number, Some(number - 1001), &call, CLIENT, (began, end), &said);
            if span.outcome != "done" {
                last["status"] = status(span.error.as_deref().unwrap_or(&span.outcome));
            }
            spans.push(last);
        }
        if span.outcome != "done" {
            own["status"] = status(span.error.as_deref().unwrap_or(&span.outcome));
        }
        spans.insert(0, own);
        spans
    }
}

fn status(message: &str) -> Value {
    json!({ "code": ERROR, "message": message })
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

fn whole(key: &str, value: u64) -> Value {
    json!({ "key": key, "value": { "intValue": value.to_string() } })
}

/// A provider by the conventions' name.
fn provider(word: &str) -> &str {
    match word {
        "gemini" => "gcp.gemini",
        "mistral" => "mistral_ai",
        "xai" => "x_ai",
        other => other,
    }
}
