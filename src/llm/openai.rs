//! OpenAI's Chat Completions with streaming, the format that most other APIs speak too.
//!
//! Each event is `{"choices": [{"delta": {"content": ".."}}]}`, the last choice has a
//! `finish_reason`, then comes one with the `usage` and no choices, then `[DONE]`. A whole answer
//! has the same shape with `message` for `delta`, so that one reader does for both.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::error;
use super::http::{HttpRequest, Method};
use super::key::ApiKey;
use super::provider::{Decoded, Provider, Settings, named_models, not_this};
use crate::model::{Chunk, FinishReason, ModelError, Prompt, Usage};
use crate::words;

/// Where the vendors who speak this format differ in what they accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dialect {
    /// OpenAI's newer models refuse `max_tokens` and want `max_completion_tokens`.
    pub(super) completion_limit: bool,
    /// Mistral refuses fields that it does not know, and sends the usage unasked.
    pub(super) no_stream_options: bool,
    /// OpenRouter lists who calls by these two headers.
    pub(super) attribution: bool,
}

/// The codec.
pub(super) struct OpenAi {
    settings: Settings,
    dialect: Dialect,
}

impl OpenAi {
    pub(super) fn new(settings: Settings, dialect: Dialect) -> Self {
        Self { settings, dialect }
    }

    fn headers(&self, key: &ApiKey) -> Vec<(&'static str, String)> {
        // Mostly only these two: some vendors' preflight accepts no other.
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if !key.is_empty() {
            headers.push(("authorization", format!("Bearer {}", key.reveal())));
        }
        if self.dialect.attribution {
            headers.push(("x-openrouter-title", "Converge".to_owned()));
            if let Some(page) = &self.settings.page {
                headers.push(("http-referer", page.clone()));
            }
        }
        headers
    }

    fn call(&self, prompt: &Prompt, key: &ApiKey, temperature: Option<f64>) -> HttpRequest {
        let mut messages = Vec::new();
        if !prompt.system.is_empty() {
            let content = Content::Text(Cow::Borrowed(&prompt.system));
            messages.push(Message { role: "system", content });
        }
        let text = self.settings.asked(prompt);
        let content = match self.settings.picture(prompt) {
            None => Content::Text(text),
            Some(picture) => Content::Parts([
                Part::Text { text },
                Part::ImageUrl { image_url: ImageUrl { url: picture.data_url() } },
            ]),
        };
        messages.push(Message { role: "user", content });
        let limit =
            |newer| self.settings.max_tokens.filter(|_| self.dialect.completion_limit == newer);
        let call = Call {
            model: self.settings.model_for(prompt),
            messages,
            temperature,
            max_tokens: limit(false),
            max_completion_tokens: limit(true),
            stream: true,
            stream_options: (!self.dialect.no_stream_options)
                .then_some(StreamOptions { include_usage: true }),
        };
        HttpRequest {
            method: Method::Post,
            url: self.settings.base_url.join(CALL),
            headers: self.headers(key),
            // Strings, numbers and booleans: nothing in there can fail to become JSON.
            body: serde_json::to_string(&call).unwrap_or_default(),
        }
    }
}

/// The path of a call.
const CALL: &str = "chat/completions";

impl Provider for OpenAi {
    fn request(&self, prompt: &Prompt, key: &ApiKey) -> HttpRequest {
        self.call(prompt, key, self.settings.temperature())
    }

    fn request_without_temperature(&self, prompt: &Prompt, key: &ApiKey) -> Option<HttpRequest> {
        self.settings.temperature().map(|_| self.call(prompt, key, None))
    }

    fn models(&self, key: &ApiKey) -> HttpRequest {
        HttpRequest {
            method: Method::Get,
            url: self.settings.base_url.beside(CALL, "models"),
            headers: self.headers(key),
            body: String::new(),
        }
    }

    fn model_names(&self, body: &str) -> Result<Vec<String>, ModelError> {
        named_models(body)
    }

    fn decode(&self, data: &str) -> Result<Decoded, ModelError> {
        if data.trim() == "[DONE]" {
            return Ok(Decoded { chunks: Vec::new(), last: true });
        }
        let completion: Value = serde_json::from_str(data).map_err(|_| ModelError::Garbled)?;
        if let Some(error) = completion.get("error").filter(|error| !error.is_null()) {
            return Err(error::inside(error));
        }
        let choices = &completion["choices"];
        let usage = match &completion["usage"] {
            // Groq says it in a place of its own as well.
            Value::Null => &completion["x_groq"]["usage"],
            usage => usage,
        };
        if !choices.is_array() && !usage.is_object() {
            return Err(not_a_completion());
        }
        let mut chunks = Vec::new();
        // One choice is asked for.
        let choice = &choices[0];
        if let Some(error) = choice.get("error").filter(|error| !error.is_null()) {
            return Err(error::inside(error));
        }
        let said = match &choice["delta"] {
            Value::Null => &choice["message"],
            delta => delta,
        };
        // A refusal is an answer in words as well.
        for text in [&said["content"], &said["refusal"]] {
            let text = said_in(text)?;
            if !text.is_empty() {
                chunks.push(Chunk::Text(text));
            }
        }
        // Some servers send an empty reason until there is one.
        let reason = words(&choice["finish_reason"])?;
        if !reason.is_empty() {
            chunks.push(Chunk::Finish(finish(reason)?));
        }
        if usage.is_object() {
            chunks.push(Chunk::Usage(tokens(usage)));
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
        "refusal" => FinishReason::Refused,
        "tool_calls" | "function_call" => FinishReason::ToolCall,
        // Reasons of OpenRouter, Mistral and DeepSeek that are failures.
        "error" | "insufficient_system_resource" => {
            let message = words::api::stopped_with(reason);
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
    not_this(words::api::NO_CHAT_COMPLETION)
}

fn tokens(usage: &Value) -> Usage {
    let tokens = |value: &Value| value.as_u64().unwrap_or_default();
    let input_tokens = tokens(&usage["prompt_tokens"]);
    let answer = tokens(&usage["completion_tokens"]);
    let thinking_tokens = tokens(&usage["completion_tokens_details"]["reasoning_tokens"]);
    // xAI counts thinking beside the answer, the others within it: the total tells which.
    let both = answer.saturating_add(thinking_tokens);
    let is_beside = tokens(&usage["total_tokens"]) == input_tokens.saturating_add(both);
    let output_tokens = if is_beside { both } else { answer };
    Usage { input_tokens, output_tokens, thinking_tokens }
}

/// The text of a message: plain, or in parts, of which those with thinking are passed over.
fn said_in(content: &Value) -> Result<String, ModelError> {
    let Value::Array(parts) = content else { return Ok(words(content)?.to_owned()) };
    let is_text = |part: &&Value| matches!(part["type"].as_str(), Some("text" | "output_text"));
    Ok(parts.iter().filter(is_text).filter_map(|part| part["text"].as_str()).collect())
}

#[derive(Serialize)]
struct Call<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Content<'a>,
}

/// Plain as long as there is nothing but text: that is what every server of this format takes.
#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(Cow<'a, str>),
    Parts([Part<'a>; 2]),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: Cow<'a, str> },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Serialize)]
struct ImageUrl {
    url: String,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}
