//! What an API has to tell the client.
//!
//! A provider is a pure codec: it can be tested on recorded bodies, and adding one is a file with
//! these methods and an entry in [`ProviderId`](super::ProviderId), which says what APIs there are.

use serde_json::Value;

use super::error;
use super::hints;
use super::http::{Headers, HttpRequest};
use super::key::ApiKey;
use super::picture::Look;
use super::url::Url;
use crate::model::{Chunk, ModelError, Prompt};
use crate::words;

/// The codec of one API.
pub trait Provider {
    /// The call that asks for a streamed answer to `prompt`.
    fn request(&self, prompt: &Prompt, key: &ApiKey) -> HttpRequest;

    /// The same call without the temperature; `None` when it had none.
    fn request_without_temperature(&self, prompt: &Prompt, key: &ApiKey) -> Option<HttpRequest>;

    /// The question which models there are.
    fn models(&self, key: &ApiKey) -> HttpRequest;

    /// Reads the answer to it: names as a call takes them, in the API's order.
    ///
    /// # Errors
    /// [`ModelError::NotThisApi`] when there is no list in it.
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
        ModelError::Status {
            status,
            message: error::message(body),
            retry_after: hints::retry_after(headers, body),
        }
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
    /// The model for one call: the agent's own, or everybody's.
    pub(super) fn model_for<'a>(&'a self, prompt: &'a Prompt) -> &'a str {
        prompt.model.as_deref().unwrap_or(&self.model)
    }

    /// The temperature, if it is one.
    pub(super) fn temperature(&self) -> Option<f64> {
        self.temperature.filter(|value| value.is_finite())
    }
}

/// Reads `{"data": [{"id": ".."}]}`, or the bare list that Together sends, leaving out models that
/// are said to do something other than chat.
pub(super) fn named_models(body: &str) -> Result<Vec<String>, ModelError> {
    let list: Value = serde_json::from_str(body).map_err(|_| not_this(NOT_JSON))?;
    let models = (list.as_array().or_else(|| list["data"].as_array()))
        .ok_or_else(|| not_this(words::api::NO_LIST_OF_MODELS))?;
    let chats = |model: &&Value| {
        let kind = model["type"].as_str().unwrap_or("chat");
        matches!(kind, "chat" | "language" | "code" | "model")
            && model["capabilities"]["completion_chat"] != false
    };
    let name = |model: &Value| Some(model["id"].as_str()?.to_owned());
    Ok(models.iter().filter(chats).filter_map(name).collect())
}

/// What came when no JSON came.
pub(super) const NOT_JSON: &str = words::api::NOT_JSON;

pub(super) fn not_this(found: &str) -> ModelError {
    ModelError::NotThisApi { found: found.into() }
}
