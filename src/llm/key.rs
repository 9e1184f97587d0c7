//! The reader's API key: in memory only, on its way into one header and nowhere else.
//!
//! It has no serialized form, and printing it shows nothing. Servers echo keys in their errors, in
//! whole or as `sk-abc…wxyz`; [`ApiKey::redact`] takes those out of what the page will show.

use crate::words;
use std::fmt;

/// What stands where a key stood.
const HIDDEN: &str = "[key]";

/// As many characters of a key in a row are taken for the key.
const TELLING: usize = 6;

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

    /// The text without the key and without recognisable parts of it: six of its characters in a
    /// row, or its start or end next to the marks that stand for the rest. A key of fewer than four
    /// characters is a dummy and stays: it would take words apart.
    pub fn redact(&self, text: &str) -> String {
        if self.0.len() < 4 {
            return text.into();
        }
        let text = text.replace(&self.0, HIDDEN);
        let mut redacted = String::with_capacity(text.len());
        for piece in text.split_inclusive(is_boundary) {
            let word = piece.trim_end_matches(is_boundary);
            redacted.push_str(if self.shows_in(word) { HIDDEN } else { word });
            redacted.push_str(&piece[word.len()..]);
        }
        redacted
    }

    fn shows_in(&self, word: &str) -> bool {
        // The key is ASCII, so that it can be cut anywhere.
        let key = &self.0;
        let cuts = 2..key.len();
        let parts = (0..=key.len().saturating_sub(TELLING)).map(|at| &key[at..]);
        parts.filter_map(|part| part.get(..TELLING)).any(|part| word.contains(part))
            || masks(word).is_some_and(|(before, after)| {
                cuts.clone().any(|at| before.ends_with(&key[..at]))
                    || cuts.clone().any(|at| after.starts_with(&key[at..]) && key.len() - at > 1)
            })
    }
}

/// What ends a word in a server's message. A dot does not: it stands for left-out characters too.
fn is_boundary(c: char) -> bool {
    c.is_whitespace() || "\"'`()[]{}<>,;:".contains(c)
}

/// What comes before and after the marks that stand for left-out characters.
fn masks(word: &str) -> Option<(&str, &str)> {
    let is_mask = |c: char| "*…•·.".contains(c);
    let (first, last) = (word.find(is_mask)?, word.rfind(is_mask)?);
    // A full stop after a masked key is not the end of the mask.
    let last = match word[..last].rfind(is_mask) {
        Some(earlier) if word.ends_with('.') && !word.ends_with("..") => earlier,
        _ => last,
    };
    Some((&word[..first], word[last..].trim_start_matches(is_mask)))
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "ApiKey(none)" } else { "ApiKey(hidden)" })
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { words::api::NO_KEY } else { HIDDEN })
    }
}

/// The text cannot be a key. It does not say which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError;

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(words::api::ODD_KEY)
    }
}

impl std::error::Error for KeyError {}
