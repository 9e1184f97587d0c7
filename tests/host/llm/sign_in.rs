//! Signing in with OpenRouter: what is asked, and what comes back.

use converge::llm::http::Method;
use converge::llm::sign_in::{code, consent_page, exchange, key};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn consent_is_asked_with_a_digest() {
    let page = consent_page("https://a.example/b/", "abc-_");
    assert_eq!(
        page,
        "https://openrouter.ai/auth?callback_url=https%3A%2F%2Fa.example%2Fb%2F\
         &code_challenge=abc-_&code_challenge_method=S256"
    );
}

#[test]
fn a_code_and_its_secret_are_exchanged() {
    let request = exchange("c\"1", "secret").unwrap();
    assert_eq!(request.method, Method::Post);
    assert_eq!(request.url.as_str(), "https://openrouter.ai/api/v1/auth/keys");
    assert_eq!(request.headers, [("content-type", "application/json".to_owned())]);
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let whole =
        json!({ "code": "c\"1", "code_verifier": "secret", "code_challenge_method": "S256" });
    assert_eq!(body, whole);
    assert!(!format!("{request:?}").contains("secret"));
}

#[test]
fn answers_and_addresses() {
    assert_eq!(key(r#"{"key":"sk-or-1","user_id":"u"}"#).as_deref(), Some("sk-or-1"));
    for none in ["", "{}", "[]", r#"{"key":1}"#, "<html>"] {
        assert_eq!(key(none), None, "{none}");
    }
    assert_eq!(code("?a=b&code=x%2Fy").as_deref(), Some("x/y"));
    assert_eq!(code("?a=b&encode=x"), None);
    assert_eq!(code(""), None);
}

proptest! {
    #[test]
    fn anything_can_be_read(text in any::<String>()) {
        let _ = (key(&text), code(&text), exchange(&text, &text));
    }
}
