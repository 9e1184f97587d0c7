//! Gemini's `streamGenerateContent`, with grounding by Google Search.
//!
//! With `alt=sse` every event is a whole answer with the next parts in it, and the stream just
//! ends. Without, which some proxies make of it, the body is an array of the same objects.

use serde_json::{Value, json};

use super::error;
use super::http::{HttpRequest, Method};
use super::json;
use super::key::ApiKey;
use super::provider::{Decoded, NOT_JSON, Provider, Settings, not_this};
use crate::model::{
    CallPart, Chunk, FinishReason, Grounding, ModelError, Prompt, Source, Tool, Usage,
};
use crate::words;

/// The codec.
pub(super) struct Gemini {
    settings: Settings,
}

impl Gemini {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings }
    }

    fn headers(key: &ApiKey) -> Vec<(&'static str, String)> {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if !key.is_empty() {
            headers.push(("x-goog-api-key", key.reveal().to_owned()));
        }
        headers
    }
}

impl Provider for Gemini {
    fn request_without(&self, parts: &[CallPart], prompt: &Prompt, key: &ApiKey) -> HttpRequest {
        let (system, text) = self.settings.messages_without(parts, prompt);
        let mut content = vec![json!({ "text": text })];
        content.extend(self.settings.picture(prompt).map(|picture| {
            json!({ "inlineData": { "mimeType": picture.media(), "data": picture.base64() } })
        }));
        let mut body = json!({ "contents": [{ "role": "user", "parts": content }] });
        if !system.is_empty() {
            body["systemInstruction"] = json!({ "parts": [{ "text": system }] });
        }
        if let Some(temperature) = self.settings.temperature_without(parts) {
            body["generationConfig"]["temperature"] = json!(temperature);
        }
        if let Some(limit) = self.settings.max_tokens {
            body["generationConfig"]["maxOutputTokens"] = json!(limit);
        }
        if prompt.tools.contains(&Tool::GoogleSearch) {
            body["tools"] = json!([{ "googleSearch": {} }]);
        }
        let model = self.settings.model_for(prompt);
        let model = model.strip_prefix("models/").unwrap_or(model);
        // The name is a piece of the address: nothing in it may lead elsewhere.
        let model: String = form_urlencoded::byte_serialize(model.as_bytes()).collect();
        let how = match parts.contains(&CallPart::Streaming) {
            true => "generateContent",
            false => "streamGenerateContent?alt=sse",
        };
        let path = format!("models/{model}:{how}");
        HttpRequest {
            method: Method::Post,
            url: self.settings.base_url.join(&path),
            headers: Self::headers(key),
            body: body.to_string(),
        }
    }

    fn decode(&self, data: &str) -> Result<Decoded, ModelError> {
        let answer = json::parse(data).ok_or(ModelError::Garbled)?;
        let mut chunks = Vec::new();
        match &answer {
            Value::Array(parts) => {
                for part in parts {
                    chunks.extend(read(part)?);
                }
            }
            part => chunks.extend(read(part)?),
        }
        Ok(Decoded { chunks, last: false, is_whole: answer.is_array() })
    }

    fn models(&self, key: &ApiKey) -> HttpRequest {
        HttpRequest {
            method: Method::Get,
            url: self.settings.base_url.join("models?pageSize=1000"),
            headers: Self::headers(key),
            body: String::new(),
        }
    }

    fn model_names(&self, body: &str) -> Result<Vec<String>, ModelError> {
        let list = json::parse(body).ok_or_else(|| not_this(NOT_JSON))?;
        let no_list = || {
            let no_list = || not_this(words::api::NO_LIST_OF_MODELS);
            error::stated(&list).unwrap_or_else(no_list)
        };
        let models = list["models"].as_array().ok_or_else(no_list)?;
        let generates = |model: &&Value| match model["supportedGenerationMethods"].as_array() {
            Some(methods) => methods.iter().any(|method| method == "generateContent"),
            None => true,
        };
        let name = |model: &Value| {
            let name = model["name"].as_str()?;
            Some(name.strip_prefix("models/").unwrap_or(name).to_owned())
        };
        Ok(models.iter().filter(generates).filter_map(name).collect())
    }
}

/// Reads one answer, or one part of a streamed one.
fn read(answer: &Value) -> Result<Vec<Chunk>, ModelError> {
    if !answer["error"].is_null() {
        return Err(error::inside(answer));
    }
    let known = ["candidates", "promptFeedback", "usageMetadata"];
    if !known.into_iter().any(|name| answer.get(name).is_some()) {
        let other = || not_this("JSON that is not an answer of Gemini's");
        return Err(error::stated(answer).unwrap_or_else(other));
    }
    let mut chunks = Vec::new();
    let candidate = &answer["candidates"][0];
    for part in candidate["content"]["parts"].as_array().into_iter().flatten() {
        let thought = part["thought"].as_bool().unwrap_or_default();
        match part["text"].as_str() {
            Some(text) if !thought && !text.is_empty() => chunks.push(Chunk::Text(text.into())),
            _ if thought => chunks.push(Chunk::Thinking),
            _ => {}
        }
    }
    chunks.extend(grounding(&candidate["groundingMetadata"]));
    if let Some(reason) = candidate["finishReason"].as_str() {
        chunks.extend(finish(reason)?);
    }
    // The question itself was refused: there is no candidate.
    if answer["promptFeedback"]["blockReason"].is_string() {
        chunks.push(Chunk::Finish(FinishReason::Filtered));
    }
    chunks.extend(usage(&answer["usageMetadata"]));
    Ok(chunks)
}

fn finish(reason: &str) -> Result<Option<Chunk>, ModelError> {
    let reason = match reason {
        "FINISH_REASON_UNSPECIFIED" | "" => return Ok(None),
        "MAX_TOKENS" => FinishReason::Length,
        "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "LANGUAGE"
        | "IMAGE_SAFETY" => FinishReason::Filtered,
        "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "TOO_MANY_TOOL_CALLS" => {
            FinishReason::ToolCall
        }
        // The API's own word for "something broke".
        "OTHER" => return Err(ModelError::status(503, "the model stopped with OTHER")),
        _ => FinishReason::Stop,
    };
    Ok(Some(Chunk::Finish(reason)))
}

fn usage(usage: &Value) -> Option<Chunk> {
    let tokens = |name: &str| usage[name].as_u64().unwrap_or_default();
    let thinking_tokens = tokens("thoughtsTokenCount");
    usage.is_object().then(|| {
        Chunk::Usage(Usage {
            input_tokens: tokens("promptTokenCount")
                .saturating_add(tokens("toolUsePromptTokenCount")),
            // Thinking is billed like the answer and not counted in it.
            output_tokens: tokens("candidatesTokenCount").saturating_add(thinking_tokens),
            thinking_tokens,
        })
    })
}

fn grounding(found: &Value) -> Option<Chunk> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |name: &str| found[name].as_array().into_iter().flatten();
    let sources = list("groundingChunks").map(|chunk| &chunk["web"]).filter(|web| web.is_object());
    let grounding = Grounding {
        sources: sources
            .map(|web| Source { title: text(&web["title"]), uri: text(&web["uri"]) })
            .collect(),
        queries: list("webSearchQueries").filter_map(Value::as_str).map(str::to_owned).collect(),
        suggestions: text(&found["searchEntryPoint"]["renderedContent"]),
    };
    (grounding != Grounding::default()).then_some(Chunk::Grounding(grounding))
}
