//! Signing in with OpenRouter: what is asked, and what comes back.

use converge::llm::http::Method;
use converge::llm::sign_in::{Back, Trip, back, consent_page, exchange, key};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn consent_is_asked_with_a_digest() {
    let page = consent_page("https://a.example/b/", "abc-_", "s1");
    assert_eq!(
        page,
        "https://openrouter.ai/auth?callback_url=https%3A%2F%2Fa.example%2Fb%2F%3Fstate%3Ds1\
         &code_challenge=abc-_&code_challenge_method=S256&state=s1"
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
    let came = |code: &str, state: &str| Some(Back { code: code.into(), state: state.into() });
    assert_eq!(back("?a=b&code=x%2Fy"), came("x/y", ""));
    assert_eq!(back("?state=s1&code=x"), came("x", "s1"));
    // A service that puts its query after the one that is there.
    assert_eq!(back("?state=s1?code=x"), came("x", "s1"));
    assert_eq!(back("?a=b&encode=x"), None);
    assert_eq!(back(""), None);
}

#[test]
fn only_the_trip_s_own_code_belongs_to_it() {
    let trip = Trip { verifier: "v".into(), state: "s1".into(), fragment: "topic=a%0Ab\nc".into() };
    assert_eq!(Trip::read(&trip.text()), Some(trip.clone()));
    assert!(trip.is_own(&back("?code=x&state=s1").unwrap()));
    for planted in ["?code=x", "?code=x&state=", "?code=x&state=s2", "?code=x&state=s"] {
        assert!(!trip.is_own(&back(planted).unwrap()), "{planted}");
    }
    // One of a version without a state.
    assert_eq!(Trip::read("v\npreset=topic"), None);
    let stateless = Trip { state: String::new(), ..trip };
    assert!(!stateless.is_own(&back("?code=x").unwrap()));
}

proptest! {
    #[test]
    fn anything_can_be_read(text in any::<String>()) {
        let _ = (key(&text), back(&text), Trip::read(&text), exchange(&text, &text));
    }
}
