//! What APIs say when they refuse: found in the many shapes in which they say it, and made fit to
//! be shown.

use serde_json::Value;

use super::hints;
use super::key::ApiKey;
use crate::model::ModelError;

/// As much of a server's message as the page shows.
const SHOWN: usize = 300;

/// The API's own words in the body of an error. Markup says nothing to a reader: it becomes empty.
pub(super) fn message(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(value) => words(&value).unwrap_or(body).into(),
        Err(_) if body.trim_start().starts_with('<') => String::new(),
        Err(_) => body.into(),
    }
}

/// An error that came inside an answer, under HTTP 200.
pub(super) fn inside(error: &Value) -> ModelError {
    let message = words(error).map_or_else(|| error.to_string(), str::to_owned);
    let retry_after = hints::in_words(&error.to_string());
    ModelError::Status { status: status(error), message, retry_after }
}

/// OpenAI and its like say `{"error": {"message": ".."}}`, Ollama `{"error": ".."}`, Mistral
/// `{"message": ".."}`, FastAPI (vLLM) `{"detail": ".."}` or `{"detail": [{"msg": ".."}]}`.
fn words(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(items) => items.first().and_then(words),
        Value::Object(fields) => ["error", "message", "detail", "msg"]
            .into_iter()
            .find_map(|name| fields.get(name).and_then(words)),
        _ => None,
    }
}

/// The HTTP status that an error inside a stream stands for: OpenRouter puts it in `code`, OpenAI
/// puts a word in `code` or `type`. Without either it is the server's fault.
fn status(error: &Value) -> u16 {
    for name in ["code", "status", "type"] {
        let status = match &error[name] {
            Value::Number(code) => code.as_u64().and_then(|code| u16::try_from(code).ok()),
            Value::String(word) => match word.as_str() {
                "invalid_api_key" | "authentication_error" => Some(401),
                "permission_error" => Some(403),
                "model_not_found" | "not_found_error" => Some(404),
                "rate_limit_exceeded" | "rate_limit_error" | "insufficient_quota" => Some(429),
                "invalid_request_error" | "context_length_exceeded" => Some(400),
                "overloaded_error" => Some(503),
                code => code.parse().ok(),
            },
            _ => None,
        };
        if let Some(status) = status.filter(|status| (400..600).contains(status)) {
            return status;
        }
    }
    500
}

/// The error as it may be shown: in one line, of bounded length, without the key.
pub(super) fn presentable(error: ModelError, key: &ApiKey) -> ModelError {
    let ModelError::Status { status, message, retry_after } = error else { return error };
    let words: Vec<&str> = message
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    // First the key, then the length: a key cut in half would be harder to find.
    let mut message = key.redact(&words.join(" "));
    if let Some((end, _)) = message.char_indices().nth(SHOWN) {
        message.truncate(end);
        message.push('…');
    }
    ModelError::Status { status, message, retry_after }
}
