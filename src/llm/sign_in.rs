//! Signing in with OpenRouter instead of typing a key: OAuth with PKCE, which needs no registration.
//!
//! The reader's browser goes to OpenRouter with the digest of a secret, comes back with a code, and
//! the code and the secret together are worth a key. Here are the addresses and bodies of that;
//! the trip itself is the page's.

use form_urlencoded::Serializer;
use serde_json::{Value, json};

use super::http::{HttpRequest, Method};
use super::url::Url;

/// Where a reader says yes, with the page to come back to and the digest of the secret.
pub fn consent_page(callback: &str, challenge: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("callback_url", callback)
        .append_pair("code_challenge", challenge)
        .append_pair("code_challenge_method", "S256")
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

/// The code in the query that the reader has come back with.
pub fn code(query: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    let (_, code) = pairs.find(|(name, _)| name == "code")?;
    Some(code.into_owned())
}
