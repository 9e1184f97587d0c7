//! How the settings reach a live model.

use std::num::NonZeroU32;

use super::Settings;
use crate::llm::{self, ProviderId, Url, UrlError};

impl Settings {
    /// The provider, and where its calls go or why they cannot.
    pub fn target(&self) -> Option<(ProviderId, Result<Url, UrlError>)> {
        let id = self.provider?;
        Some((id, self.reach(id).map(|reach| reach.base_url)))
    }

    /// What the codec of that API needs to know, all but the key.
    ///
    /// # Errors
    /// When the base URL is none.
    pub fn reach(&self, id: ProviderId) -> Result<llm::Settings, UrlError> {
        let base_url = self.base_url.as_deref().unwrap_or_default();
        let model = self.model.as_deref().unwrap_or_default();
        let reach = id.settings(base_url, model, self.temperature)?;
        Ok(llm::Settings { max_tokens: self.max_tokens.map(NonZeroU32::get), ..reach })
    }
}
