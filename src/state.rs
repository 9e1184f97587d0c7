//! What a run has written so far: one text under each key.
//!
//! This is ADK's session state and LangChain's dictionary. It is not the trace: it keeps no times
//! and no order, and the engine alone writes it.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::words;
use serde::{Deserialize, Serialize};

/// The name of a piece of state: a letter or underscore, then letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(Rc<str>);

impl Key {
    /// The key of that name, or `None` when the text is not an identifier.
    pub fn new(name: &str) -> Option<Self> {
        let mut chars = name.chars();
        let first = chars.next()?;
        let starts = first.is_alphabetic() || first == '_';
        let goes_on = chars.all(|c| c.is_alphanumeric() || c == '_');
        (starts && goes_on).then(|| Self(name.into()))
    }

    /// The key's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::new(&name).ok_or_else(|| words::errors::not_a_key(&name))
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0.as_ref().into()
    }
}

/// Everything written so far. Texts are shared, so that a snapshot is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(BTreeMap<Key, Rc<str>>);

impl State {
    /// A state with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// The text under `key`, if something wrote it.
    pub fn get(&self, key: &Key) -> Option<&Rc<str>> {
        self.0.get(key)
    }

    /// Writes `text` under `key`, in place of what was there.
    pub fn set(&mut self, key: Key, text: impl Into<Rc<str>>) {
        self.0.insert(key, text.into());
    }

    /// Keys and texts, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Rc<str>)> {
        self.0.iter()
    }
}
