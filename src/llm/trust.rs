//! What decided where calls go, and whether the reader has accepted that.
//!
//! A base URL that came with a link may be a trap for the reader's key, so that its host has to be
//! accepted by hand: exactly as the page shows it, scheme, host and port. The reader's own typing of
//! another host needs no acceptance. Each provider has one of these, since a host that may have one
//! service's key need not have another's.

use super::url::Url;
use super::vendors::ProviderId;

/// Where the base URL of one provider comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// The base URL of the last link, in lower case; empty when none came with one.
    linked: String,
    /// The origin that the reader has accepted.
    accepted: Option<String>,
}

impl Trust {
    /// Takes note of settings that the reader has not typed: those of an address, of a kept run or
    /// of a file. `base_url` is theirs. An acceptance lapses unless it leads to the same origin.
    pub fn link(&mut self, base_url: Option<&str>) {
        self.linked = base_url.unwrap_or_default().to_ascii_lowercase();
        self.keep_for(base_url);
    }

    /// Takes note of a base URL as it stands after the reader's typing. Whatever the link named
    /// stays a stranger: one character more or less is no decision.
    pub fn typed(&mut self, base_url: Option<&str>) {
        self.keep_for(base_url);
    }

    /// The reader has accepted the host of `url` as it is shown.
    pub fn accept(&mut self, url: &Url) {
        self.accepted = Some(url.origin().to_owned());
    }

    /// Whether calls of `id` to `url` have to be accepted first.
    pub fn must_accept(&self, id: ProviderId, url: &Url) -> bool {
        // A link that is not quite an address can be completed into one by a single character, so
        // that its host counts as soon as its name is in there.
        self.linked.contains(url.host_name())
            && !id.owns(url)
            && !url.is_loopback()
            && self.accepted.as_deref() != Some(url.origin())
    }

    fn keep_for(&mut self, base_url: Option<&str>) {
        let url = base_url.and_then(|text| Url::parse(text).ok());
        let is_same = |accepted: &String| url.is_some_and(|url| url.origin() == accepted);
        self.accepted = self.accepted.take().filter(is_same);
    }
}
