//! OpenAI's Chat Completions with streaming, the format that most other APIs speak too.
//!
//! Each event is `{"choices": [{"delta": {"content": ".."}}]}`, the last choice has a
//! `finish_reason`, then comes one with the `usage` and no choices, then `[DONE]`. A whole answer
//! has the same shape with `message` for `delta`, so that one reader does for both.

use serde::Serialize;
use serde_json::Value;

use super::error;
use super::http::HttpRequest;
use super::key::ApiKey;
use super::provider::{Decoded, Provider, Settings};
use crate::model::{Chunk, FinishReason, ModelError, Prompt, Usage};

/// The codec.
pub(super) struct OpenAi {
    settings: Settings,
}

impl OpenAi {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings }
    }
}

impl Provider for OpenAi {
    fn request(&self, prompt: &Prompt, key: &ApiKey) -> HttpRequest {
        let mut messages = Vec::new();
        if !prompt.system.is_empty() {
            messages.push(Message { role: "system", content: &prompt.system });
        }
        messages.push(Message { role: "user", content: &prompt.user });
        let call = Call {
            model: &self.settings.model,
            messages,
            temperature: self.settings.temperature.filter(|value| value.is_finite()),
            stream: true,
            stream_options: StreamOptions { include_usage: true },
        };
        // Only these two headers: some vendors' preflight accepts no other.
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if !key.is_empty() {
            headers.push(("authorization", format!("Bearer {}", key.reveal())));
        }
        HttpRequest {
            url: self.settings.base_url.join("chat/completions"),
            headers,
            // Strings, numbers and booleans: nothing in there can fail to become JSON.
            body: serde_json::to_string(&call).unwrap_or_default(),
        }
    }

    fn decode(&self, data: &str) -> Result<Decoded, ModelError> {
        if data.trim() == "[DONE]" {
            return Ok(Decoded { chunks: Vec::new(), last: true });
        }
        let completion: Value =
            serde_json::from_str(data).map_err(|_| not_this("something that is not JSON"))?;
        if let Some(error) = completion.get("error").filter(|error| !error.is_null()) {
            return Err(error::inside(error));
        }
        let (choices, usage) = (&completion["choices"], &completion["usage"]);
        if !choices.is_array() && !usage.is_object() {
            return Err(not_a_completion());
        }
        let mut chunks = Vec::new();
        // One choice is asked for.
        let choice = &choices[0];
        let said = match &choice["delta"] {
            Value::Null => &choice["message"],
            delta => delta,
        };
        // A refusal is an answer in words as well.
        for text in [&said["content"], &said["refusal"]] {
            let text = words(text)?;
            if !text.is_empty() {
                chunks.push(Chunk::Text(text.to_owned()));
            }
        }
        // Some servers send an empty reason until there is one.
        let reason = words(&choice["finish_reason"])?;
        if !reason.is_empty() {
            chunks.push(Chunk::Finish(finish(reason)?));
        }
        if usage.is_object() {
            let tokens = |name| usage[name].as_u64().unwrap_or_default();
            chunks.push(Chunk::Usage(Usage {
                input_tokens: tokens("prompt_tokens"),
                output_tokens: tokens("completion_tokens"),
                thinking_tokens: usage["completion_tokens_details"]["reasoning_tokens"]
                    .as_u64()
                    .unwrap_or_default(),
            }));
        }
        Ok(Decoded { chunks, last: false })
    }
}

/// The reason in our words. One that nobody documents is taken for the ordinary one, since the
/// model did say that it had finished.
fn finish(reason: &str) -> Result<FinishReason, ModelError> {
    Ok(match reason {
        "length" | "model_length" => FinishReason::Length,
        "content_filter" => FinishReason::Filtered,
        "tool_calls" | "function_call" => FinishReason::ToolCall,
        // Reasons of OpenRouter, Mistral and DeepSeek that are failures.
        "error" | "insufficient_system_resource" => {
            let message = format!("the model stopped with {reason}");
            return Err(ModelError::status(503, message));
        }
        _ => FinishReason::Stop,
    })
}

/// A text that may be left out; anything else there is not this API's.
fn words(value: &Value) -> Result<&str, ModelError> {
    match value {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        _ => Err(not_a_completion()),
    }
}

fn not_a_completion() -> ModelError {
    not_this("JSON that is not a chat completion")
}

fn not_this(found: &str) -> ModelError {
    ModelError::NotThisApi { found: found.into() }
}

#[derive(Serialize)]
struct Call<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    stream: bool,
    stream_options: StreamOptions,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}
