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
use super::json;
use super::key::ApiKey;
use super::provider::{Decoded, Provider, Settings, named_models, not_this};
use crate::model::{CallPart, Chunk, FinishReason, ModelError, Prompt, Usage};
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

    fn limit(&self, parts: &[CallPart], newer: bool) -> Option<u32> {
        // Where one name was refused, it is the other one.
        let is_newer = self.dialect.completion_limit != parts.contains(&CallPart::LimitName);
        self.settings.max_tokens.filter(|_| is_newer == newer)
    }
}

/// The path of a call.
const CALL: &str = "chat/completions";

impl Provider for OpenAi {
    fn request_without(&self, parts: &[CallPart], prompt: &Prompt, key: &ApiKey) -> HttpRequest {
        let (system, text) = self.settings.messages_without(parts, prompt);
        let mut messages = Vec::new();
        if !system.is_empty() {
            messages.push(Message { role: "system", content: Content::Text(system.into()) });
        }
        let content = match self.settings.picture(prompt) {
            None => Content::Text(text),
            Some(picture) => Content::Parts([
                Part::Text { text },
                Part::ImageUrl { image_url: ImageUrl { url: picture.data_url() } },
            ]),
        };
        messages.push(Message { role: "user", content });
        let stream = !parts.contains(&CallPart::Streaming);
        let counts = stream && !parts.contains(&CallPart::StreamOptions);
        let call = Call {
            model: self.settings.model_for(prompt),
            messages,
            temperature: self.settings.temperature_without(parts),
            max_tokens: self.limit(parts, false),
            max_completion_tokens: self.limit(parts, true),
            stream,
            stream_options: (counts && !self.dialect.no_stream_options)
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
            return Ok(Decoded { last: true, ..Decoded::default() });
        }
        let completion = json::parse(data).ok_or(ModelError::Garbled)?;
        let choice = &completion["choices"][0];
        let errors = [&completion["error"], &choice["error"], &completion["x_groq"]["error"]];
        if let Some(error) = errors.into_iter().find(|error| !error.is_null()) {
            // Of the event around it, other fields may tell as well.
            let all = if completion["error"].is_null() { error } else { &completion };
            return Err(error::inside(all));
        }
        // Moonshot puts the usage into the choice, Groq also into a place of its own.
        let usages = [&completion["usage"], &choice["usage"], &completion["x_groq"]["usage"]];
        let usage = usages.into_iter().find(|usage| usage.is_object());
        if !completion["choices"].is_array() && usage.is_none() {
            return Err(error::stated(&completion).unwrap_or_else(not_a_completion));
        }
        let mut decoded = Decoded::default();
        // One choice is asked for.
        let (delta, message) = (&choice["delta"], &choice["message"]);
        let is_message = !has_words(delta) && message.is_object();
        let said = if is_message { message } else { delta };
        decoded.is_whole = is_message;
        if THINKING.into_iter().any(|name| !is_empty(&said[name])) || thinks(&said["content"]) {
            decoded.chunks.push(Chunk::Thinking);
        }
        // A refusal is an answer in words as well, and older servers have the text in the choice.
        let plain = if said.is_object() { &Value::Null } else { &choice["text"] };
        for text in [&said["content"], &said["refusal"], plain] {
            let text = said_in(text)?;
            if !text.is_empty() {
                decoded.chunks.push(Chunk::Text(text));
            }
        }
        // Some servers send an empty reason until there is one.
        let reason = words(&choice["finish_reason"])?;
        if !reason.is_empty() {
            decoded.chunks.push(Chunk::Finish(finish(reason)?));
        }
        decoded.chunks.extend(usage.map(|usage| Chunk::Usage(tokens(usage))));
        Ok(decoded)
    }
}

/// Where servers put what a model thinks before its answer.
const THINKING: [&str; 4] = ["reasoning_content", "reasoning", "reasoning_details", "thinking"];

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn has_words(said: &Value) -> bool {
    ["content", "refusal"].into_iter().any(|name| !is_empty(&said[name]))
}

/// Whether a message in parts has thinking among them.
fn thinks(content: &Value) -> bool {
    let is_thinking =
        |part: &Value| matches!(part["type"].as_str(), Some("thinking" | "reasoning"));
    content.as_array().is_some_and(|parts| parts.iter().any(is_thinking))
}

/// The reason in our words. One that no documentation has is taken for the ordinary one, since the
/// model did say that it had finished.
fn finish(reason: &str) -> Result<FinishReason, ModelError> {
    Ok(match reason.to_ascii_lowercase().as_str() {
        "length" | "model_length" | "max_tokens" | "max_output_tokens" | "max_length" => {
            FinishReason::Length
        }
        "content_filter" | "content-filter" | "safety" | "sensitive" | "recitation" => {
            FinishReason::Filtered
        }
        "refusal" => FinishReason::Refused,
        "tool_calls" | "function_call" | "tool_use" => FinishReason::ToolCall,
        // Reasons of OpenRouter, DeepSeek, vLLM and Zhipu that are failures.
        "error" | "insufficient_system_resource" | "abort" | "network_error" => {
            let message = words::api::stopped_with(reason);
            return Err(ModelError::status(503, message));
        }
        _ => FinishReason::Stop,
    })
}

/// A text that may be left out.
fn words(value: &Value) -> Result<&str, ModelError> {
    match value {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        // Words in a form that is not known here must not get lost.
        _ => Err(ModelError::Garbled),
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
