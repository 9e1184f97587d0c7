//! The reader's keys, each with what it was given for: a provider, and the origin that its calls went
//! to. No other provider and no other origin gets it, whatever is chosen or typed in between.
//!
//! They are in memory only, and cannot be printed.

use super::vendors::ProviderId;

/// Keys that the reader has given.
#[derive(Clone, Default)]
pub struct Keyring(Vec<Entry>);

#[derive(Clone)]
struct Entry {
    id: ProviderId,
    /// `None` for a key that was typed before there was a base URL.
    origin: Option<String>,
    key: String,
}

impl Keyring {
    /// The key for calls of `id` to `origin`; empty where there is none. One that was typed before
    /// there was a base URL is for the one that is typed then.
    pub fn get(&self, id: ProviderId, origin: Option<&str>) -> &str {
        let own = |origin: Option<&str>| {
            self.0.iter().find(|entry| entry.id == id && entry.origin.as_deref() == origin)
        };
        own(origin).or_else(|| own(None)).map_or("", |entry| &entry.key)
    }

    /// Takes a key for these. An empty one is none.
    pub fn put(&mut self, id: ProviderId, origin: Option<&str>, key: String) {
        self.0.retain(|entry| {
            let is_replaced = entry.origin.is_none() || entry.origin.as_deref() == origin;
            entry.id != id || !is_replaced
        });
        if !key.is_empty() {
            self.0.push(Entry { id, origin: origin.map(str::to_owned), key });
        }
    }

    /// A key of `id` is about to be sent to `origin`: from now on it is for that one alone.
    pub fn settle(&mut self, id: ProviderId, origin: &str) {
        let has_own =
            self.0.iter().any(|entry| entry.id == id && entry.origin.as_deref() == Some(origin));
        let open = self.0.iter_mut().find(|entry| entry.id == id && entry.origin.is_none());
        if let Some(open) = open.filter(|_| !has_own) {
            open.origin = Some(origin.to_owned());
        }
    }

    /// Drops what was typed before there was a base URL: one that comes with a link is not to have it.
    pub fn drop_unsettled(&mut self) {
        self.0.retain(|entry| entry.origin.is_some());
    }

    /// Drops all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
