//! Any server that speaks OpenAI's format: vLLM, llama.cpp, LM Studio, Ollama, most hosts.
//!
//! The codec is OpenAI's. What differs is in [`ProviderId`](super::ProviderId): the reader gives
//! the base URL and the model, and may leave the key empty, which sends no Authorization header.

use super::http::HttpRequest;
use super::key::ApiKey;
use super::openai::OpenAi;
use super::provider::{Decoded, Provider, Settings};
use crate::model::{ModelError, Prompt};

/// The codec.
pub(super) struct Compatible(OpenAi);

impl Compatible {
    pub(super) fn new(settings: Settings) -> Self {
        Self(OpenAi::new(settings))
    }
}

impl Provider for Compatible {
    fn request(&self, prompt: &Prompt, key: &ApiKey) -> HttpRequest {
        self.0.request(prompt, key)
    }

    fn decode(&self, data: &str) -> Result<Decoded, ModelError> {
        self.0.decode(data)
    }
}
