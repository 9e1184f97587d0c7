//! What an API has to tell the client.
//!
//! A provider is a pure codec: it can be tested on recorded bodies, and adding one is a file with
//! these methods and an entry in [`ProviderId`](super::ProviderId), which says what APIs there are.

use std::borrow::Cow;

use serde_json::Value;

use super::error;
use super::http::{Headers, HttpRequest};
use super::json;
use super::key::ApiKey;
use super::picture::Look;
use super::url::Url;
use crate::model::{CallPart, Chunk, ModelError, Prompt};
use crate::words;

/// The codec of one API.
pub trait Provider {
    /// The call that asks for a streamed answer to `prompt`.
    fn request(&self, prompt: &Prompt, key: &ApiKey) -> HttpRequest {
        self.request_without(&[], prompt, key)
    }

    /// The same call without some of its parts. Where it has none of them, it is the same.
    fn request_without(&self, parts: &[CallPart], prompt: &Prompt, key: &ApiKey) -> HttpRequest;

    /// The question which models there are.
    fn models(&self, key: &ApiKey) -> HttpRequest;

    /// Reads the answer to it: names as a call takes them, in the API's order.
    ///
    /// # Errors
    /// [`ModelError::NotThisApi`] when there is no list in it, and [`ModelError::Status`] when there
    /// is an error in its place.
    fn model_names(&self, body: &str) -> Result<Vec<String>, ModelError>;

    /// Reads the data of one event of the stream, or a whole answer that came without streaming.
    ///
    /// # Errors
    /// [`ModelError::Status`] for an error that the API reports in place of an answer, and
    /// [`ModelError::Garbled`] for what is not JSON, [`ModelError::NotThisApi`] for any other thing
    /// that this API does not send.
    fn decode(&self, data: &str) -> Result<Decoded, ModelError>;

    /// Reads an answer whose status is not a success.
    fn error(&self, status: u16, headers: &Headers, body: &str) -> ModelError {
        error::Refusal::of_body(body).under(status, headers, body)
    }
}

/// What one event says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The pieces of the answer in it, in order.
    pub chunks: Vec<Chunk>,
    /// Whether the API says that nothing more will follow. Not the same as a finish reason: the
    /// usage may come between the two.
    pub last: bool,
    /// Whether its text is the whole answer, and nothing new where some of it came before.
    pub is_whole: bool,
}

/// What a reader can set about an API, except the key.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The base URL: what comes before the path of a call.
    pub base_url: Url,
    /// The model's name; empty leaves the choice to the server.
    pub model: String,
    /// Sent only when it is set: newer models refuse the field altogether.
    pub temperature: Option<f64>,
    /// The most tokens that an answer may have; `None` leaves it to the server.
    pub max_tokens: Option<u32>,
    /// The address of the page, for the one API that lists who calls it.
    pub page: Option<String>,
    /// What goes with the prompts of agents that look at a picture.
    pub look: Look,
}

impl Settings {
    /// The model for one call: the agent's own, or the common one.
    pub(super) fn model_for<'a>(&'a self, prompt: &'a Prompt) -> &'a str {
        prompt.model.as_deref().unwrap_or(&self.model)
    }

    /// The temperature, if it is one and goes with the call.
    pub(super) fn temperature_without(&self, parts: &[CallPart]) -> Option<f64> {
        let goes = !parts.contains(&CallPart::Temperature);
        self.temperature.filter(|value| goes && value.is_finite())
    }

    /// The instruction and the question. Where the system role is left out, the instruction is the
    /// beginning of the question.
    pub(super) fn messages_without<'a>(
        &self,
        parts: &[CallPart],
        prompt: &'a Prompt,
    ) -> (&'a str, Cow<'a, str>) {
        let asked = self.asked(prompt);
        match prompt.system.as_str() {
            "" => ("", asked),
            system if parts.contains(&CallPart::SystemRole) => {
                ("", format!("{system}\n\n{asked}").into())
            }
            system => (system, asked),
        }
    }
}

/// Reads a list of models: `{"data": [{"id": ".."}]}`, the bare list that Together sends, Ollama's own
/// `{"models": [{"name": ".."}]}`. Those that are said to do something other than chat are left out.
pub(super) fn named_models(body: &str) -> Result<Vec<String>, ModelError> {
    let list = json::parse(body).ok_or_else(|| not_this(NOT_JSON))?;
    let places = [&list, &list["data"], &list["models"], &list["result"]];
    let models = match places.into_iter().find_map(Value::as_array) {
        Some(models) => models.as_slice(),
        // Ollama without a model has null in the place of its list.
        None if list["object"] == "list" || list.get("data") == Some(&Value::Null) => &[],
        None => {
            let no_list = || not_this(words::api::NO_LIST_OF_MODELS);
            return Err(error::stated(&list).unwrap_or_else(no_list));
        }
    };
    let chats = |model: &&Value| {
        let kind = model["type"].as_str().unwrap_or_default().to_ascii_lowercase();
        let is_other =
            ["embed", "rerank", "moderation", "image", "audio", "speech", "video", "transcri"];
        !is_other.iter().any(|other| kind.contains(other))
            && model["capabilities"]["completion_chat"] != false
    };
    let name = |model: &Value| {
        let named = ["id", "name", "model"].into_iter().find_map(|field| model[field].as_str());
        named.or(model.as_str()).map(str::to_owned)
    };
    Ok(models.iter().filter(chats).filter_map(name).collect())
}

/// What came when no JSON came.
pub(super) const NOT_JSON: &str = "something that is not JSON";

pub(super) fn not_this(found: &str) -> ModelError {
    ModelError::NotThisApi { found: found.into() }
}
