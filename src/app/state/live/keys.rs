//! The reader's key: where it is kept, and for how long.
//!
//! A key is in memory, with the provider and the origin that it was given for, so that neither a link
//! nor a choice can send it elsewhere. The tab keeps it only if the reader asks for that.

use leptos::prelude::*;

use super::LiveState;
use crate::config::Settings;
use crate::llm::{Keyring, ProviderId, Url};
use crate::web::session;

/// What the names begin with under which a tab keeps keys.
const KEPT: &str = "converge.key";

/// What a key is for: the provider, and the origin, which is open while there is no base URL.
pub type KeyPlace = (ProviderId, Option<String>);

/// The name under which a tab keeps the key of that provider for that origin.
fn name(id: ProviderId, origin: &str) -> String {
    format!("{KEPT}.{}.{origin}", id.name())
}

fn place_in(settings: &Settings) -> Option<KeyPlace> {
    let (id, url) = settings.target()?;
    Some((id, url.ok().map(|url| url.origin().to_owned())))
}

impl LiveState {
    /// What the key field is for; follows the settings.
    pub fn key_place(self) -> Option<KeyPlace> {
        self.settings.current.with(place_in)
    }

    /// The key for where calls go now; empty where there is none. Follows settings and keys.
    pub fn key(self) -> String {
        let Some((id, origin)) = self.key_place() else { return String::new() };
        self.keys.with(|keys| keys.get(id, origin.as_deref()).to_owned())
    }

    /// Takes a key that was typed for where calls go now. For event handlers.
    pub fn take_key(self, key: String) {
        let Some((id, origin)) = self.key_place() else { return };
        self.keys.update(|keys| keys.put(id, origin.as_deref(), key));
        if self.remembered.get() {
            self.remember_key(true);
        }
    }

    /// Takes the key that the tab keeps for that place, if it keeps one.
    pub fn recall_key(self, place: Option<KeyPlace>) {
        let Some((id, Some(origin))) = place else { return self.remembered.set(false) };
        let kept = session::get(&name(id, &origin));
        self.remembered.set(kept.is_some());
        if let Some(key) = kept {
            self.keys.update(|keys| keys.put(id, Some(&origin), key));
        }
    }

    /// Takes a key that signing in has brought. It is OpenRouter's, whatever has been chosen since.
    pub(super) fn take_signed_in(self, key: String) {
        let id = ProviderId::OpenRouter;
        let Ok(url) = Url::parse(id.base_url()) else { return };
        let name = name(id, url.origin());
        if session::get(&name).is_some() {
            session::put(&name, &key);
        }
        self.keys.update(|keys| keys.put(id, Some(url.origin()), key));
    }

    /// Lets the tab keep the key beyond a reload, or not. For event handlers.
    pub fn remember_key(self, remember: bool) {
        let place = self.key_place().and_then(|(id, origin)| Some((id, origin?)));
        let kept = place.is_some_and(|(id, origin)| {
            let name = name(id, &origin);
            let key = self.keys.with(|keys| keys.get(id, Some(&origin)).to_owned());
            if !remember || key.is_empty() {
                session::erase(&name);
                return remember;
            }
            session::put(&name, &key)
        });
        self.remembered.set(kept);
        if remember && !kept {
            self.settings
                .notice
                .set(Some("This browser keeps nothing for a tab: type the key again.".into()));
        }
    }

    /// Forgets all keys, those that the tab keeps too.
    pub fn forget_keys(self) {
        session::erase_all(KEPT);
        self.remembered.set(false);
        self.keys.update(Keyring::clear);
        self.tested.set(None);
        self.settings.notice.set(Some("The key is forgotten.".into()));
    }
}
