//! Small traces as each tool writes them: facts in a short notation, and a writer for each format.
//!
//! What each must come to is in `files.rs` and `tools.rs`. It is over 400 lines because each format is a
//! table of its own names, next to those of the others.

use serde_json::{Value, json};

/// A span of a sample: id, parent, name, what it is, start and end in milliseconds.
#[derive(Clone, Debug)]
pub struct Fact {
    pub id: u64,
    pub parent: u64,
    pub name: String,
    pub what: What,
    pub start: f64,
    pub end: Option<f64>,
    pub first: Option<f64>,
    pub tokens: Option<(u64, u64)>,
}

/// What a span of a sample is.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A model call, and the agent that it names.
    Model(&'static str),
    Tool,
    Retriever,
    Agent,
    /// A chain, a task, a workflow, under that name.
    Chain,
    /// Nothing that has to do with models.
    Http,
}

pub fn fact(id: u64, parent: u64, name: &str, what: What, start: f64, end: f64) -> Fact {
    let name = name.into();
    Fact { id, parent, name, what, start, end: Some(end), first: None, tokens: None }
}

impl Fact {
    /// First token after so many milliseconds, and tokens in and out.
    pub fn said(self, first: f64, tokens: (u64, u64)) -> Self {
        Self { first: Some(first), tokens: Some(tokens), ..self }
    }

    pub fn counted(self, input: u64, output: u64) -> Self {
        Self { tokens: Some((input, output)), ..self }
    }

    pub fn open(self) -> Self {
        Self { end: None, ..self }
    }
}

/// When samples with numbers begin, in nanoseconds since 1970.
pub const EPOCH: u64 = 1_795_512_600_000_000_000;

pub fn nanos(millis: f64) -> u64 {
    EPOCH + (millis * 1e6).round() as u64
}

/// The same of samples with dates, which begin at ten past ten: with microseconds, and `end` behind it.
pub fn iso(millis: f64, separator: char, end: &str) -> String {
    let micros = (millis * 1e3).round() as u64;
    let (all, part) = (micros / 1_000_000, micros % 1_000_000);
    let (hours, minutes, seconds) = (10 + all / 3600, 10 + all / 60 % 60, all % 60);
    let hours = if minutes > 59 { hours + 1 } else { hours };
    format!("2026-11-24{separator}{hours:02}:{:02}:{seconds:02}.{part:06}{end}", minutes % 60)
}

/// How OTLP is spelled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spelling {
    Camel,
    /// Go's `json.Marshal`: snake case, ids in base64, numbers, values in `Value`.
    Go,
}

fn attribute(key: &str, value: Value, spelling: Spelling) -> Value {
    let kind = match &value {
        Value::String(_) => "stringValue",
        Value::Number(number) if number.is_f64() => "doubleValue",
        Value::Number(_) => "intValue",
        _ => "boolValue",
    };
    let own = match (&value, spelling) {
        (Value::Number(number), Spelling::Camel) if !number.is_f64() => number.to_string().into(),
        _ => value,
    };
    let typed = match spelling {
        Spelling::Camel => json!({ kind: own }),
        Spelling::Go => {
            let upper = kind[..1].to_uppercase() + &kind[1..];
            json!({ "Value": { upper: own } })
        }
    };
    json!({ "key": key, "value": typed })
}

fn genai(fact: &Fact) -> Vec<(&'static str, Value)> {
    let mut all: Vec<(&str, Value)> = match &fact.what {
        What::Model(agent) => {
            let mut all = vec![
                ("gen_ai.operation.name", json!("generate_content")),
                ("gen_ai.request.model", json!("gemini-3-flash")),
            ];
            if !agent.is_empty() {
                all.push(("gen_ai.agent.name", json!(agent)));
            }
            all
        }
        What::Tool => vec![("gen_ai.operation.name", json!("execute_tool"))],
        What::Agent => vec![
            ("gen_ai.operation.name", json!("invoke_agent")),
            ("gen_ai.agent.name", json!(fact.name.trim_start_matches("invoke_agent "))),
        ],
        What::Chain => vec![("gen_ai.operation.name", json!("invoke_workflow"))],
        What::Retriever => vec![("gen_ai.operation.name", json!("retrieval"))],
        What::Http => vec![("http.request.method", json!("POST"))],
    };
    if fact.what == What::Tool {
        let tool = fact.name.trim_start_matches("execute_tool ").to_owned();
        all.push(("gen_ai.tool.name", tool.into()));
    }
    if let Some(first) = fact.first {
        all.push(("gen_ai.response.time_to_first_chunk", json!(first / 1e3)));
    }
    if let Some((input, output)) = fact.tokens {
        all.push(("gen_ai.usage.input_tokens", json!(input)));
        all.push(("gen_ai.usage.output_tokens", json!(output)));
    }
    all
}

/// OTLP's list of spans.
pub fn otlp_spans(facts: &[Fact], spelling: Spelling) -> Value {
    use base64_of as base64;
    let key = |camel: &str, snake: &str| match spelling {
        Spelling::Camel => camel.to_owned(),
        Spelling::Go => snake.to_owned(),
    };
    let id = |number: u64, bytes: usize| match spelling {
        Spelling::Camel => format!("{number:0width$x}", width = bytes * 2),
        Spelling::Go => base64(&number.to_be_bytes()[8 - bytes.min(8)..], bytes),
    };
    let time = |millis: f64| match spelling {
        Spelling::Camel => json!(nanos(millis).to_string()),
        Spelling::Go => json!(nanos(millis)),
    };
    let spans = facts.iter().map(|fact| {
        let attributes: Vec<Value> =
            genai(fact).into_iter().map(|(name, value)| attribute(name, value, spelling)).collect();
        let mut span = json!({
            key("traceId", "trace_id"): id(7, 16),
            key("spanId", "span_id"): id(fact.id, 8),
            "name": fact.name, "kind": 1, "attributes": attributes, "status": {},
            key("startTimeUnixNano", "start_time_unix_nano"): time(fact.start),
        });
        if fact.parent != 0 {
            span[key("parentSpanId", "parent_span_id")] = id(fact.parent, 8).into();
        }
        if let Some(end) = fact.end {
            span[key("endTimeUnixNano", "end_time_unix_nano")] = time(end);
        }
        span
    });
    spans.collect()
}

/// Bytes in base64, with zeros before them up to that length.
fn base64_of(bytes: &[u8], length: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut all = vec![0; length - bytes.len()];
    all.extend_from_slice(bytes);
    let chunk = |chunk: &[u8]| {
        let number = chunk.iter().fold(0_u32, |n, byte| n << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        (0..4)
            .map(|place| match place <= chunk.len() {
                true => char::from(LETTERS[(number >> (18 - 6 * place) & 63) as usize]),
                false => '=',
            })
            .collect::<String>()
    };
    all.chunks(3).map(chunk).collect()
}

pub fn otlp(facts: &[Fact], spelling: Spelling) -> Value {
    let spans = otlp_spans(facts, spelling);
    match spelling {
        Spelling::Camel => json!({ "resourceSpans": [{
            "resource": { "attributes": [attribute("service.name", json!("sample"), spelling)] },
            "scopeSpans": [{ "scope": { "name": "sample" }, "spans": spans }],
        }] }),
        Spelling::Go => json!({ "resource_spans": [{
            "resource": {}, "scope_spans": [{ "scope": {}, "spans": spans }],
        }] }),
    }
}

/// Jaeger's page saves this; kinds by OpenLLMetry's tags.
pub fn jaeger(facts: &[Fact]) -> Value {
    let tag = |key: &str, value: Value| json!({ "key": key, "type": "string", "value": value });
    let spans: Vec<Value> = (facts.iter())
        .map(|fact| {
            let mut tags = match &fact.what {
                What::Model(_) => vec![tag("llm.request.type", json!("chat"))],
                What::Chain => vec![
                    tag("traceloop.span.kind", json!("task")),
                    tag("traceloop.entity.name", json!(fact.name)),
                ],
                What::Tool => vec![tag("traceloop.span.kind", json!("tool"))],
                _ => vec![],
            };
            if let Some((input, output)) = fact.tokens {
                tags.push(tag("gen_ai.usage.input_tokens", json!(input)));
                tags.push(tag("gen_ai.usage.output_tokens", json!(output)));
            }
            let references = match fact.parent {
                0 => json!([]),
                parent => json!([{ "refType": "CHILD_OF", "traceID": "7", "spanID": format!("{parent:x}") }]),
            };
            let operation = match &fact.what {
                What::Chain => format!("{}.task", fact.name.split(' ').next().unwrap()),
                _ => fact.name.clone(),
            };
            json!({
                "traceID": "7", "spanID": format!("{:x}", fact.id), "operationName": operation,
                "references": references, "startTime": nanos(fact.start) / 1000,
                "duration": ((fact.end.unwrap() - fact.start) * 1e3).round() as u64,
                "tags": tags, "logs": [], "processID": "p1",
            })
        })
        .collect();
    json!({ "data": [{ "traceID": "7", "spans": spans, "processes": { "p1": { "serviceName": "s" } } }] })
}

/// Zipkin's list; OpenInference's kinds as tags.
pub fn zipkin(facts: &[Fact]) -> Value {
    let spans = facts.iter().map(|fact| {
        let kind = match &fact.what {
            What::Model(_) => "LLM",
            What::Tool => "TOOL",
            What::Retriever => "RETRIEVER",
            What::Agent => "AGENT",
            What::Chain => "CHAIN",
            What::Http => "",
        };
        let mut tags = serde_json::Map::new();
        if !kind.is_empty() {
            tags.insert("openinference.span.kind".into(), kind.into());
        }
        if let Some((input, output)) = fact.tokens {
            tags.insert("llm.token_count.prompt".into(), input.to_string().into());
            tags.insert("llm.token_count.completion".into(), output.to_string().into());
        }
        let mut span = json!({
            "traceId": "0000000000000007", "id": format!("{:016x}", fact.id), "name": fact.name,
            "timestamp": nanos(fact.start) / 1000, "tags": tags,
            "localEndpoint": { "serviceName": "s" },
        });
        if let Some(end) = fact.end {
            span["duration"] = (((end - fact.start) * 1e3).round() as u64).into();
        }
        if fact.parent != 0 {
            span["parentId"] = format!("{:016x}", fact.parent).into();
        }
        span
    });
    spans.collect()
}

/// Langfuse's observations.
pub fn langfuse(facts: &[Fact]) -> Value {
    let observations = facts.iter().map(|fact| {
        let time = |millis: f64| iso(millis, 'T', "Z");
        json!({
            "id": format!("o{}", fact.id), "traceId": "t", "projectId": "p",
            "parentObservationId": (fact.parent != 0).then(|| format!("o{}", fact.parent)),
            "type": match fact.what {
                What::Model(_) => "GENERATION",
                What::Tool => "TOOL",
                What::Retriever => "RETRIEVER",
                What::Agent => "AGENT",
                What::Chain => "CHAIN",
                What::Http => "EVENT",
            },
            "name": fact.name, "startTime": time(fact.start), "endTime": fact.end.map(time),
            "completionStartTime": fact.first.map(|first| time(fact.start + first)),
            "usageDetails": fact.tokens.map(|(i, o)| json!({ "input": i, "output": o, "total": i + o })),
            "level": "DEFAULT", "model": null, "input": null, "output": null,
        })
    });
    observations.collect()
}

/// LangSmith's runs: no zone in its times, and a space in one of them.
pub fn langsmith(facts: &[Fact]) -> Vec<Value> {
    let runs = facts.iter().map(|fact| {
        let id = |number: u64| format!("0196aaaa-0000-7000-8000-{number:012}");
        json!({
            "id": id(fact.id), "trace_id": id(1), "name": fact.name,
            "run_type": match fact.what {
                What::Model(_) => "llm",
                What::Tool => "tool",
                What::Retriever => "retriever",
                _ => "chain",
            },
            "parent_run_id": (fact.parent != 0).then(|| id(fact.parent)),
            "start_time": iso(fact.start, 'T', ""), "end_time": fact.end.map(|end| iso(end, 'T', "")),
            "first_token_time": fact.first.map(|first| iso(fact.start + first, ' ', "")),
            "prompt_tokens": fact.tokens.map(|tokens| tokens.0),
            "completion_tokens": fact.tokens.map(|tokens| tokens.1),
            "status": "success", "error": null, "inputs": {}, "outputs": {},
            "extra": { "metadata": { "ls_model_name": "claude-haiku-5" } },
        })
    });
    runs.collect()
}

/// ADK's answer: ids as numbers beyond 2^53, a trace's id beyond 2^64. Written by hand, since no machine
/// number holds them.
pub fn adk(facts: &[Fact], trace: &str) -> String {
    const FAR: u64 = 9_007_199_254_740_993;
    let spans: Vec<String> = (facts.iter())
        .map(|fact| {
            let attributes: serde_json::Map<String, Value> =
                genai(fact).into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            let parent = match fact.parent {
                0 => "null".to_owned(),
                parent => (FAR + parent).to_string(),
            };
            format!(
                "{{\"name\": {}, \"start_time\": {}, \"end_time\": {}, \"trace_id\": {trace}, \
                 \"span_id\": {}, \"parent_span_id\": {parent}, \"attributes\": {}}}",
                json!(fact.name),
                nanos(fact.start),
                nanos(fact.end.unwrap()),
                FAR + fact.id,
                Value::Object(attributes),
            )
        })
        .collect();
    format!("[{}]", spans.join(",\n"))
}

/// The OpenAI Agents SDK's export. A chain is a turn of the agent it is named after.
pub fn openai(facts: &[Fact]) -> Value {
    let mut all = vec![json!({ "object": "trace", "id": "trace_7", "workflow_name": "Sample" })];
    all.extend(facts.iter().map(|fact| {
        let data = match &fact.what {
            What::Model(_) if fact.tokens.is_none() => json!({ "type": "response" }),
            What::Model(_) => json!({ "type": "generation", "model": "gpt-6", "usage": {
                "input_tokens": fact.tokens.unwrap().0, "output_tokens": fact.tokens.unwrap().1,
            } }),
            What::Tool => {
                json!({ "type": "function", "name": fact.name, "input": "{}", "output": "ok" })
            }
            What::Agent => json!({ "type": "agent", "name": fact.name }),
            _ => json!({ "type": "custom", "name": "turn", "data": {
                "sdk_span_type": "turn", "agent_name": fact.name,
            } }),
        };
        json!({
            "object": "trace.span", "id": format!("span_{}", fact.id), "trace_id": "trace_7",
            "parent_id": (fact.parent != 0).then(|| format!("span_{}", fact.parent)),
            "started_at": iso(fact.start, 'T', "+00:00"),
            "ended_at": fact.end.map(|end| iso(end, 'T', "+00:00")),
            "span_data": data, "error": null,
        })
    }));
    Value::Array(all)
}

/// A request of a HAR: method, address, kind, body, start, and its phases: blocked, connect (ssl in it),
/// send, wait, receive.
pub fn har_entry(
    method: &str,
    url: &str,
    kind: &str,
    body: &str,
    start: f64,
    phases: [f64; 5],
) -> Value {
    let [blocked, connect, send, wait, receive] = phases;
    let total: f64 = phases.iter().filter(|phase| **phase > 0.0).sum();
    json!({
        "startedDateTime": iso(start, 'T', "Z"), "time": total,
        "request": {
            "method": method, "url": url, "httpVersion": "h2", "cookies": [{ "name": "s", "value": "CANARY" }],
            "headers": [{ "name": "Authorization", "value": "Bearer sk-CANARY" }],
            "queryString": [{ "name": "key", "value": "CANARY" }],
            "postData": { "mimeType": "application/json", "text": body },
        },
        "response": {
            "status": 200, "httpVersion": "h2", "headers": [{ "name": "set-cookie", "value": "CANARY" }],
            "content": { "mimeType": "text/event-stream", "text": "CANARY" },
        },
        "timings": {
            "blocked": blocked, "dns": -1, "ssl": connect / 2.0, "connect": connect, "send": send,
            "wait": wait, "receive": receive,
        },
        "_resourceType": kind,
    })
}

pub fn har(entries: Vec<Value>) -> Value {
    json!({ "log": { "version": "1.2", "creator": { "name": "sample" }, "entries": entries } })
}

/// A line of a session: seconds, and the calls that it makes or answers.
pub fn claude(at: f64, parts: Vec<Value>) -> Value {
    let is_call = parts.first().is_some_and(|part| part["type"] == "tool_use");
    json!({
        "type": if is_call { "assistant" } else { "user" }, "isSidechain": false, "sessionId": "s",
        "cwd": "/home/me/app", "uuid": format!("u{at}"), "timestamp": iso(at * 1e3, 'T', "Z"),
        "message": { "role": "user", "content": parts },
    })
}

pub fn calls(id: &str, tool: &str, input: Value) -> Value {
    json!({ "type": "tool_use", "id": id, "name": tool, "input": input })
}

pub fn answers(id: &str, failed: bool) -> Value {
    json!({ "type": "tool_result", "tool_use_id": id, "content": "ok", "is_error": failed })
}

pub fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}
