//! Anthropic's Messages with streaming.
//!
//! The words come in `content_block_delta`s, the tokens of the prompt in `message_start`, those of
//! the answer and the reason why it stopped in `message_delta`; `message_stop` is the last event.
//! Event types are added without notice, so that an unknown one is passed over.

use serde_json::{Value, json};

use super::error;
use super::http::{HttpRequest, Method};
use super::json;
use super::key::ApiKey;
use super::provider::{Decoded, Provider, Settings, named_models, not_this};
use crate::model::{CallPart, Chunk, FinishReason, ModelError, Prompt, Usage};

/// The API wants a limit. This one is more than the pipelines' agents write, and as much as the
/// smallest of the models in use may.
const MAX_TOKENS: u32 = 4096;

/// The codec.
pub(super) struct Anthropic {
    settings: Settings,
}

impl Anthropic {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings }
    }

    fn headers(key: &ApiKey) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("anthropic-version", "2023-06-01".to_owned()),
            // Without it the API answers no web page.
            ("anthropic-dangerous-direct-browser-access", "true".to_owned()),
        ];
        if !key.is_empty() {
            headers.push(("x-api-key", key.reveal().to_owned()));
        }
        headers
    }
}

impl Provider for Anthropic {
    fn request_without(&self, parts: &[CallPart], prompt: &Prompt, key: &ApiKey) -> HttpRequest {
        let (system, text) = self.settings.messages_without(parts, prompt);
        let content = match self.settings.picture(prompt) {
            None => json!(text),
            // Pictures before text is what the API asks for.
            Some(picture) => json!([
                { "type": "image", "source": {
                    "type": "base64", "media_type": picture.media(), "data": picture.base64(),
                } },
                { "type": "text", "text": text },
            ]),
        };
        let mut body = json!({
            "model": self.settings.model_for(prompt),
            "max_tokens": self.settings.max_tokens.unwrap_or(MAX_TOKENS),
            "messages": [{ "role": "user", "content": content }],
            "stream": !parts.contains(&CallPart::Streaming),
        });
        if !system.is_empty() {
            body["system"] = json!(system);
        }
        if let Some(temperature) = self.settings.temperature_without(parts) {
            body["temperature"] = json!(temperature);
        }
        HttpRequest {
            method: Method::Post,
            url: self.settings.base_url.join("messages"),
            headers: Self::headers(key),
            body: body.to_string(),
        }
    }

    fn decode(&self, data: &str) -> Result<Decoded, ModelError> {
        let event = json::parse(data).ok_or(ModelError::Garbled)?;
        let mut chunks = Vec::new();
        let mut last = false;
        if !event["error"].is_null() {
            return Err(error::inside(&event));
        }
        match event["type"].as_str() {
            Some("error") => return Err(error::inside(&event)),
            Some("message_start") => chunks.extend(usage(&event["message"]["usage"])),
            Some("content_block_start") => chunks.extend(text(&event["content_block"])),
            Some("content_block_delta") => chunks.extend(text(&event["delta"])),
            Some("message_delta") => {
                chunks.extend(finish(&event["delta"]["stop_reason"]));
                chunks.extend(usage(&event["usage"]));
            }
            Some("message_stop") => last = true,
            Some("message") => {
                chunks.extend(event["content"].as_array().into_iter().flatten().filter_map(text));
                chunks.extend(finish(&event["stop_reason"]));
                chunks.extend(usage(&event["usage"]));
                last = true;
            }
            other => match (error::stated(&event), other) {
                (Some(error), _) => return Err(error),
                (None, Some(_)) => {}
                (None, None) => return Err(not_this("JSON that is not an event of Anthropic's")),
            },
        }
        Ok(Decoded { chunks, last, is_whole: event["type"] == "message" })
    }

    fn models(&self, key: &ApiKey) -> HttpRequest {
        HttpRequest {
            method: Method::Get,
            url: self.settings.base_url.beside("messages", "models?limit=1000"),
            headers: Self::headers(key),
            body: String::new(),
        }
    }

    fn model_names(&self, body: &str) -> Result<Vec<String>, ModelError> {
        named_models(body)
    }
}

/// The words of a block or of a delta, or that they are thinking; its signature, the input of tools
/// and what these found are neither.
fn text(block: &Value) -> Option<Chunk> {
    match block["type"].as_str()? {
        "text" | "text_delta" => {
            let text = block["text"].as_str().filter(|text| !text.is_empty())?;
            Some(Chunk::Text(text.into()))
        }
        "thinking" | "thinking_delta" | "redacted_thinking" => Some(Chunk::Thinking),
        _ => None,
    }
}

fn finish(reason: &Value) -> Option<Chunk> {
    Some(Chunk::Finish(match reason.as_str()? {
        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "tool_use" | "pause_turn" => FinishReason::ToolCall,
        "refusal" => FinishReason::Refused,
        _ => FinishReason::Stop,
    }))
}

fn usage(usage: &Value) -> Option<Chunk> {
    let tokens = |name: &str| usage[name].as_u64().unwrap_or_default();
    // What was read from a cache or written to one is not in `input_tokens`.
    let input = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"];
    usage.is_object().then(|| {
        Chunk::Usage(Usage {
            input_tokens: input.into_iter().map(tokens).fold(0, u64::saturating_add),
            output_tokens: tokens("output_tokens"),
            thinking_tokens: usage["output_tokens_details"]["thinking_tokens"]
                .as_u64()
                .unwrap_or_default(),
        })
    })
}
