//! What attributes say about a span, in the vocabularies that are about: OpenTelemetry's GenAI
//! conventions (today's names and older ones), OpenInference, OpenLLMetry, Langfuse, LangSmith, the
//! Vercel AI SDK, MLflow, Genkit and ADK.

use serde_json::Value;

use super::span::{Found, Kind, Order, Span};
use super::values::{self, MILLIS, SECONDS};

/// A span's attributes with their names. They are few, so that looking through them takes less than making a
/// map of them.
pub struct Attributes<'v>(Vec<(&'v str, &'v Value)>);

impl<'v> Attributes<'v> {
    /// From a plain object, a list of `{key, value}`, or nothing. Typed values (`stringValue` and the
    /// like) are unpacked.
    pub fn new(value: Option<&'v Value>) -> Self {
        let mut all = Vec::new();
        match value {
            Some(Value::Object(fields)) => {
                all.extend(fields.iter().map(|(key, value)| (key.as_str(), value)));
            }
            Some(Value::Array(list)) => {
                for pair in list {
                    let key = values::text(pair, &["key", "Key"]);
                    let value = values::field(pair, &["value", "Value"]);
                    all.extend(key.zip(value.map(unpacked)));
                }
            }
            _ => {}
        }
        Self(all)
    }

    /// The attribute of that name; the last one, where it is there more than once.
    pub fn get(&self, name: &str) -> Option<&'v Value> {
        let (_, value) = self.0.iter().rfind(|(own, _)| *own == name)?;
        (!value.is_null()).then_some(value)
    }

    /// The first of these that is a text with something in it. Some tools write texts as JSON.
    pub fn text(&self, names: &[&str]) -> Option<&'v str> {
        let text = names
            .iter()
            .find_map(|name| self.get(name)?.as_str().map(|text| text.trim().trim_matches('"')));
        text.filter(|text| !text.is_empty())
    }

    fn whole(&self, names: &[&str]) -> Option<u64> {
        names.iter().find_map(|name| values::whole(self.get(name)?))
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// What the span is; `None` for a container, a part, or what has nothing to do with models.
    fn kind(&self, name: &str) -> Option<Kind> {
        let said = [
            "gen_ai.operation.name",
            "openinference.span.kind",
            "langfuse.observation.type",
            "langsmith.span.kind",
            "mlflow.spanType",
            "genkit:metadata:subtype",
            "traceloop.span.kind",
        ];
        for attribute in said {
            let Some(word) = self.text(&[attribute]) else { continue };
            match kind_word(&word.to_ascii_lowercase()) {
                Said::Kind(kind) => return Some(kind),
                // A workflow or a chain has other parts; a word of no meaning here is none.
                Said::Container => return None,
                Said::Nothing => {}
            }
        }
        let starts = |start: &str| name.starts_with(start);
        if let Some(operation) = self.text(&["ai.operationId"]) {
            return match operation {
                "ai.toolCall" => Some(Kind::Tool),
                other if other.starts_with("ai.") => Some(Kind::Model),
                _ => None,
            };
        }
        if self.has("gen_ai.tool.name") || self.has("gen_ai.tool.call.id") || self.has("tool.name")
        {
            return Some(Kind::Tool);
        }
        if self.has("llm.request.type")
            || self.has("gen_ai.request.model")
            || self.has("gen_ai.response.model")
            || self.has("llm.model_name")
            || self.has("llm.request.model")
        {
            return Some(Kind::Model);
        }
        let is_adk = self.0.iter().any(|(key, _)| key.starts_with("gcp.vertex.agent."));
        match name {
            "call_llm" if is_adk => Some(Kind::Model),
            _ if is_adk && starts("execute_tool") => Some(Kind::Tool),
            _ if starts("invoke_agent ") || starts("agent_run [") => Some(Kind::Agent),
            _ => None,
        }
    }
}

/// What one word of a vocabulary says.
enum Said {
    Kind(Kind),
    Container,
    Nothing,
}

fn kind_word(word: &str) -> Said {
    match word {
        "chat" | "text_completion" | "generate_content" | "embeddings" | "embedding" | "llm"
        | "chat_model" | "generation" | "completion" | "responses" | "response" | "model"
        | "embedder" | "speech" | "transcription" => Said::Kind(Kind::Model),
        "execute_tool" | "tool" | "function" => Said::Kind(Kind::Tool),
        "retriever" | "retrieval" | "reranker" | "rerank" => Said::Kind(Kind::Retriever),
        "invoke_agent" | "create_agent" | "agent" => Said::Kind(Kind::Agent),
        "invoke_workflow" | "workflow" | "task" | "chain" | "parser" | "prompt" | "span"
        | "event" | "guardrail" | "evaluator" | "unknown" | "flow" => Said::Container,
        _ => Said::Nothing,
    }
}

/// What OTLP calls the types of values, whatever way it is spelled.
const TYPES: [&str; 6] =
    ["stringvalue", "intvalue", "doublevalue", "boolvalue", "arrayvalue", "kvlistvalue"];

/// The value inside a typed one: OTLP's `{"stringValue": ..}` in any spelling, Go's `{"Value": {..}}`.
fn unpacked(value: &Value) -> &Value {
    let Value::Object(fields) = value else { return value };
    let typed = |key: &str| {
        let plain =
            || key.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase());
        TYPES.iter().any(|known| plain().eq(known.bytes()))
    };
    match fields.iter().find(|(key, _)| *key == "Value" || typed(key)) {
        Some((key, inner)) if key == "Value" => unpacked(inner),
        Some((_, inner)) => inner,
        None => value,
    }
}

/// What the name of a container says about the order of its parts.
pub fn order_said(name: &str) -> Order {
    let name = name.to_ascii_lowercase();
    let has = |word: &str| name.contains(word);
    if has("sequen") || has("loopagent") {
        Order::Sequence
    } else if has("parallel") || has("fan_out") || has("fan-out") || has("fanout") {
        Order::Parallel
    } else {
        Order::Unsaid
    }
}

/// Puts down what the attributes say: what it is, whose it is, tokens, model, texts, first token.
pub fn apply(span: &mut Span, all: &Attributes<'_>, found: &mut Found) {
    span.kind = all.kind(&span.name);
    let agent = all.text(&[
        "gen_ai.agent.name",
        "agent.name",
        "agent_name",
        "ai.telemetry.functionId",
        "lk.agent_name",
    ]);
    let tool = all.text(&["gen_ai.tool.name", "tool.name", "ai.toolCall.name"]);
    let entity = all.text(&["traceloop.entity.name", "gen_ai.workflow.name"]);
    span.agent = match span.kind {
        Some(Kind::Tool) => tool.or(entity),
        Some(Kind::Retriever) => None,
        _ => agent,
    }
    .map(Into::into);
    span.label = agent.or(entity).map(Into::into).or_else(|| bracketed(&span.name));
    span.order = match (order_said(&span.name), span.kind) {
        (Order::Unsaid, Some(Kind::Agent)) => Order::Agent,
        (said, _) => said,
    };
    let input = all.whole(&[
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.prompt_tokens",
        "llm.token_count.prompt",
        "llm.usage.prompt_tokens",
        "ai.usage.promptTokens",
        "ai.usage.inputTokens",
    ]);
    let output = all.whole(&[
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.completion_tokens",
        "llm.token_count.completion",
        "llm.usage.completion_tokens",
        "ai.usage.completionTokens",
        "ai.usage.outputTokens",
    ]);
    if input.is_some() || output.is_some() {
        span.tokens = Some((input.unwrap_or_default(), output.unwrap_or_default()));
    }
    span.model = all
        .text(&[
            "gen_ai.request.model",
            "gen_ai.response.model",
            "llm.model_name",
            "llm.request.model",
            "ai.model.id",
            "langfuse.observation.model.name",
        ])
        .map(Into::into);
    let after = (all.get("gen_ai.response.time_to_first_chunk"))
        .or_else(|| all.get("gen_ai.server.time_to_first_token"))
        .and_then(|value| values::length(value, SECONDS))
        .or_else(|| {
            let value = all.get("ai.response.msToFirstChunk");
            let value = value.or_else(|| all.get("ai.stream.msToFirstChunk"))?;
            values::length(value, MILLIS)
        });
    let at = all.get("langfuse.observation.completion_start_time").and_then(values::moment);
    span.first = at.or_else(|| span.start?.checked_add(after?));
    // What our own files say of the wait before a call.
    let waited = all.get("converge.queued_us").and_then(values::micros);
    span.queued = span.start.zip(waited).and_then(|(start, waited)| start.checked_sub(waited));
    let texts = |names: &[&str]| {
        names.iter().find_map(|name| all.get(name)).map(values::readable).unwrap_or_default()
    };
    if span.kind.is_some() {
        let (input, output) = (texts(INPUTS), texts(OUTPUTS));
        span.input = found.text(input);
        span.output = found.text(output);
    }
}

const INPUTS: &[&str] = &[
    "gen_ai.input.messages",
    "gen_ai.prompt.0.content",
    "gen_ai.prompt",
    "gen_ai.tool.call.arguments",
    "input.value",
    "traceloop.entity.input",
    "langfuse.observation.input",
    "ai.prompt.messages",
    "ai.prompt",
    "ai.toolCall.args",
    "gcp.vertex.agent.tool_call_args",
];

const OUTPUTS: &[&str] = &[
    "gen_ai.output.messages",
    "gen_ai.completion.0.content",
    "gen_ai.completion",
    "gen_ai.tool.call.result",
    "output.value",
    "traceloop.entity.output",
    "langfuse.observation.output",
    "ai.response.text",
    "ai.toolCall.result",
    "gcp.vertex.agent.tool_response",
];

/// "agent_run [Facts]" and "invoke_agent Facts" are called Facts.
fn bracketed(name: &str) -> Option<Box<str>> {
    let inside = name.strip_prefix("agent_run [").and_then(|rest| rest.strip_suffix(']'));
    inside.or_else(|| name.strip_prefix("invoke_agent ")).map(Into::into)
}

/// What events say: when the first piece of an answer came, and what went wrong.
pub fn events(span: &mut Span, list: Option<&Value>, time: impl Fn(&Value) -> Option<i64>) {
    let Some(Value::Array(list)) = list else { return };
    for event in list {
        let Some(name) = values::text(event, &["name", "Name"]) else { continue };
        let name = name.to_ascii_lowercase();
        let is_first = name.contains("first") && (name.contains("token") || name.contains("chunk"));
        if span.first.is_none() && (is_first || name == "new_token") {
            span.first = time(event);
        }
        if name == "exception" && span.error.is_some() {
            let attributes = Attributes::new(values::field(event, &["attributes", "Attributes"]));
            let message = attributes.text(&["exception.message", "exception.type"]);
            if let Some(message) = message.filter(|_| span.error.as_deref() == Some("")) {
                span.error = Some(message.into());
            }
        }
    }
}
