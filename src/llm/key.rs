//! The reader's API key: in memory only, on its way into one header and nowhere else.
//!
//! It has no serialized form, and printing it shows nothing. What servers say of it is taken out by
//! `redact` before anything is shown.

use std::fmt;

use super::redact::HIDDEN;

/// A key, or none: servers on the reader's own machine mostly want none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key as it was pasted. Empty stands for none.
    pub fn new(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        // A browser refuses a header with anything else, and a key broken by a line break or with
        // a typographer's dash would only come back as a wrong one.
        if text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.into()))
        } else {
            Err(KeyError)
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key itself, for the header that carries it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "ApiKey(none)" } else { "ApiKey(hidden)" })
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "no key" } else { HIDDEN })
    }
}

/// The text cannot be a key. It does not say which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError;

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the API key has a character that no key has: copy it again")
    }
}

impl std::error::Error for KeyError {}
