//! What an API has to tell the client, and which APIs there are.
//!
//! A provider is a pure codec: it can be tested on recorded bodies, and adding one is a file with
//! these three methods and a line in [`ProviderId`].

use super::compatible::Compatible;
use super::error;
use super::http::HttpRequest;
use super::key::ApiKey;
use super::openai::OpenAi;
use super::url::{Url, UrlError};
use crate::model::{Chunk, ModelError, Prompt};

/// The codec of one API.
pub trait Provider {
    /// The call that asks for a streamed answer to `prompt`.
    fn request(&self, prompt: &Prompt, key: &ApiKey) -> HttpRequest;

    /// Reads the data of one event of the stream, or a whole answer that came without streaming.
    ///
    /// # Errors
    /// [`ModelError::Status`] for an error that the API reports in place of an answer, and
    /// [`ModelError::NotThisApi`] for anything that this API does not send.
    fn decode(&self, data: &str) -> Result<Decoded, ModelError>;

    /// Reads the body of an answer whose status is not a success.
    fn error(&self, status: u16, body: &str) -> ModelError {
        ModelError::status(status, error::message(body))
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
}

/// An API that Converge can speak to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderId {
    /// OpenAI's Chat Completions.
    OpenAi,
    /// Whatever speaks the same format: most hosts, and local servers.
    Compatible,
}

impl ProviderId {
    /// All of them, in the order in which the page offers them.
    pub const ALL: [Self; 2] = [Self::OpenAi, Self::Compatible];

    /// Its name in the address of the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Compatible => "compatible",
        }
    }

    /// The one of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.name() == name)
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAI",
            Self::Compatible => "OpenAI-compatible server",
        }
    }

    /// Its own base URL; empty when the reader has to give one.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Compatible => "",
        }
    }

    /// A small model of it, as the default; empty when the reader has to give one.
    pub fn model(self) -> &'static str {
        match self {
            Self::OpenAi => "gpt-6-luna",
            Self::Compatible => "",
        }
    }

    /// Whether no call can succeed without a key.
    pub fn needs_key(self) -> bool {
        match self {
            Self::OpenAi => true,
            Self::Compatible => false,
        }
    }

    /// Whether a key sent to `url` goes where this API's keys belong.
    pub fn owns(self, url: &Url) -> bool {
        Url::parse(self.base_url()).is_ok_and(|own| own.origin() == url.origin())
    }

    /// Settings from the page's fields; an empty field stands for the default.
    pub fn settings(
        self,
        base_url: &str,
        model: &str,
        temperature: Option<f64>,
    ) -> Result<Settings, UrlError> {
        let or = |given: &str, own: &str| match given.trim() {
            "" => own.to_owned(),
            given => given.to_owned(),
        };
        let base_url = Url::parse(&or(base_url, self.base_url()))?;
        Ok(Settings { base_url, model: or(model, self.model()), temperature })
    }

    /// The codec of this API.
    pub fn provider(self, settings: Settings) -> Box<dyn Provider> {
        match self {
            Self::OpenAi => Box::new(OpenAi::new(settings)),
            Self::Compatible => Box::new(Compatible::new(settings)),
        }
    }
}
