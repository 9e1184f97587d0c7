//! OpenAI's Chat Completions with streaming, the format that most other APIs speak too.
//!
//! Each event is `{"choices": [{"delta": {"content": ".."}}]}`, the last choice has a
//! `finish_reason`, then comes one with the `usage` and no choices, then `[DONE]`. A whole answer
//! has the same shape with `message` for `delta`, so that one reader does for both.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::error::Category;

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
        let completion: Completion = serde_json::from_str(data).map_err(|error| {
            not_this(match error.classify() {
                Category::Data => "JSON that is not a chat completion",
                _ => "something that is not JSON",
            })
        })?;
        if let Some(error) = &completion.error {
            return Err(error::inside(error));
        }
        if completion.choices.is_none() && completion.usage.is_none() {
            return Err(not_this("JSON that is not a chat completion"));
        }
        let mut chunks = Vec::new();
        // One choice is asked for.
        if let Some(choice) = completion.choices.unwrap_or_default().into_iter().next() {
            let said = choice.delta.or(choice.message).unwrap_or_default();
            // A refusal is an answer in words as well.
            for text in [said.content, said.refusal].into_iter().flatten() {
                if !text.is_empty() {
                    chunks.push(Chunk::Text(text));
                }
            }
            // Some servers send an empty reason until there is one.
            if let Some(reason) = choice.finish_reason.filter(|reason| !reason.is_empty()) {
                chunks.push(Chunk::Finish(finish(&reason)?));
            }
        }
        if let Some(tokens) = completion.usage {
            chunks.push(Chunk::Usage(Usage {
                input_tokens: tokens.prompt_tokens,
                output_tokens: tokens.completion_tokens,
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
            return Err(ModelError::Status { status: 503, message });
        }
        _ => FinishReason::Stop,
    })
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

#[derive(Deserialize)]
struct Completion {
    choices: Option<Vec<Choice>>,
    usage: Option<Tokens>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Said>,
    message: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Said {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Tokens {
    prompt_tokens: u64,
    completion_tokens: u64,
}
