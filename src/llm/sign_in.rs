//! Signing in with OpenRouter instead of typing a key: OAuth with PKCE, which needs no registration.
//!
//! The reader's browser goes to OpenRouter with the digest of a secret, comes back with a code, and
//! the code and the secret together are worth a key. Here are the addresses and bodies of that;
//! the trip itself is the page's.

use form_urlencoded::Serializer;
use serde_json::{Value, json};

use super::http::{HttpRequest, Method};
use super::url::Url;

/// Where a reader says yes, with the page to come back to, the digest of the secret, and the state
/// that has to come back with the code. OpenRouter does not say that it hands a state on, so that it
/// is also in the address to come back to, which is handed on in any case.
pub fn consent_page(callback: &str, challenge: &str, state: &str) -> String {
    let back = Serializer::new(String::new()).append_pair("state", state).finish();
    let query = Serializer::new(String::new())
        .append_pair("callback_url", &format!("{callback}?{back}"))
        .append_pair("code_challenge", challenge)
        .append_pair("code_challenge_method", "S256")
        .append_pair("state", state)
        .finish();
    format!("https://openrouter.ai/auth?{query}")
}

/// The call that makes a key of a code and the secret; `None` if its address were none.
pub fn exchange(code: &str, verifier: &str) -> Option<HttpRequest> {
    let body = json!({
        "code": code,
        "code_verifier": verifier,
        "code_challenge_method": "S256",
    });
    Some(HttpRequest {
        method: Method::Post,
        url: Url::parse("https://openrouter.ai/api/v1/auth/keys").ok()?,
        headers: vec![("content-type", "application/json".into())],
        body: body.to_string(),
    })
}

/// The key in the answer to it.
pub fn key(body: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(body).ok()?;
    Some(answer["key"].as_str()?.to_owned())
}

/// What a reader comes back with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// What is worth a key, together with the secret.
    pub code: String,
    /// The state that the trip began with, if it is that trip.
    pub state: String,
}

/// The code in the query that the reader has come back with, and the state beside it.
pub fn back(query: &str) -> Option<Back> {
    // The address to come back to has a query already: one that is put after another all the same
    // begins with a question mark of its own.
    let query = query.trim_start_matches('?').replace('?', "&");
    let find = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    Some(Back { code: find("code")?, state: find("state").unwrap_or_default() })
}

/// What the page keeps for a trip: the secret, the state, and the settings to come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// What the code takes to be worth a key.
    pub verifier: String,
    /// What tells this trip's code from one that a stranger has planted.
    pub state: String,
    /// The settings, as an address has them.
    pub fragment: String,
}

impl Trip {
    /// As one text.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}", self.verifier, self.state, self.fragment)
    }

    /// Reads it back.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '\n').map(str::to_owned);
        let (verifier, state) = (parts.next()?, parts.next()?);
        Some(Self { verifier, state, fragment: parts.next()? })
    }

    /// Whether what came back belongs to this trip.
    pub fn is_own(&self, back: &Back) -> bool {
        !self.state.is_empty() && self.state == back.state
    }
}
