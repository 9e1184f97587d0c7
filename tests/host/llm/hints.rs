//! How long an API asks to wait: in which header, in which words, and which of several counts.

use super::{Played, check};
use converge::llm::ProviderId;
use converge::model::{FailureKind, ModelError};
use std::time::Duration;

const NOW: &str = "Sun, 22 Nov 2026 21:40:00 GMT";

/// The wait that a refusal with these headers and this body asks for, in milliseconds.
fn wait(id: ProviderId, headers: &[(&'static str, &str)], body: &str) -> Option<u64> {
    let mut played = Played::new(429, "application/json", body.as_bytes()).of(id);
    for (name, value) in headers {
        played = played.header(name, value);
    }
    match played.answer().pop() {
        Some(Err(ModelError::Status { retry_after, .. })) => {
            retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
        }
        other => panic!("no refusal: {other:?}"),
    }
}

#[test]
fn in_headers() {
    let in_headers = |headers: &[(&'static str, &str)]| wait(ProviderId::OpenAi, headers, "");
    assert_eq!(in_headers(&[("retry-after-ms", "1500")]), Some(1500));
    assert_eq!(in_headers(&[("retry-after-ms", "0.5"), ("Retry-After", "7")]), Some(0));
    assert_eq!(in_headers(&[("Retry-After", "20")]), Some(20_000));
    assert_eq!(in_headers(&[("retry-after", " 1.25 ")]), Some(1250));
    assert_eq!(in_headers(&[("retry-after", "7"), ("retry-after-ms", "300")]), Some(300));
    // Nonsense and nothing are no hints.
    assert_eq!(in_headers(&[("retry-after-ms", "soon"), ("retry-after", "7")]), Some(7000));
    assert_eq!(in_headers(&[("retry-after-ms", "0"), ("retry-after", "7")]), Some(7000));
    for nothing in ["", "0", "-3", "soon", "1e3", "99999999999999999999999"] {
        assert_eq!(in_headers(&[("retry-after", nothing)]), None, "{nothing:?}");
    }
}

#[test]
fn until_a_date_by_the_servers_own_clock() {
    let until = |date: &str, now: Option<&str>| {
        let mut headers = vec![("retry-after", date)];
        headers.extend(now.map(|now| ("date", now)));
        wait(ProviderId::Anthropic, &headers, "")
    };
    assert_eq!(until("Sun, 22 Nov 2026 21:41:30 GMT", Some(NOW)), Some(90_000));
    assert_eq!(until("Sunday, 22-Nov-26 21:40:05 GMT", Some(NOW)), Some(5000));
    assert_eq!(until("Sun Nov 22 21:40:01 2026", Some(NOW)), Some(1000));
    assert_eq!(until("Sun, 22 Nov 2026 21:39:00 GMT", Some(NOW)), None);
    assert_eq!(until("Sun, 22 Nov 2026 21:41:30 GMT", None), None);
    assert_eq!(until("Sun, 22 Nov 2026 21:41:30 GMT", Some("today")), None);
    assert_eq!(until("tomorrow", Some(NOW)), None);
}

#[test]
fn in_the_words_of_the_body() {
    for (words, millis) in [
        ("Rate limit reached. Please try again in 10.384s. Visit x to learn more.", Some(10_384)),
        ("Rate limit reached. Please try again in 6m0s.", Some(360_000)),
        ("Rate limit reached. Please try again in 500ms.", Some(500)),
        ("Please try again in 1h2m3.5s", Some(3_723_500)),
        ("Please retry in 34.074824224s.", Some(34_074)),
        ("Please retry after 25 seconds.", Some(25_000)),
        ("Try again in 1 hour 5 minutes", Some(3_900_000)),
        ("Try again in 1 day", Some(86_400_000)),
        ("Please try again in 5.", None),
        ("Please try again in a moment", None),
        ("Please try again in ..5s", None),
        ("Please try again in", None),
        ("You exceeded your current quota.", None),
    ] {
        let body = serde_json::json!({ "error": { "message": words } }).to_string();
        assert_eq!(wait(ProviderId::OpenAi, &[], &body), millis, "{words}");
        assert_eq!(wait(ProviderId::Groq, &[], words), millis, "{words}");
    }
}

#[test]
fn in_the_details_of_gemini() {
    let error = |delay: &str| {
        serde_json::json!({ "error": {
            "code": 429,
            "message": "You exceeded your current quota. Please retry in 36.1s.",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                { "@type": "type.googleapis.com/google.rpc.Help", "links": [] },
                { "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay },
            ],
        }})
    };
    let gemini = |body: String| wait(ProviderId::Gemini, &[], &body);
    assert_eq!(gemini(error("34s").to_string()), Some(34_000));
    assert_eq!(gemini(serde_json::json!([error("34.5s")]).to_string()), Some(34_500));
    // Nothing that is a length there: the sentence says it as well.
    assert_eq!(gemini(error("").to_string()), Some(36_100));
    // A header counts for more than all words.
    let body = error("34s").to_string();
    assert_eq!(wait(ProviderId::Gemini, &[("retry-after", "3")], &body), Some(3000));
}

#[test]
fn inside_a_stream() {
    let body = r#"data: {"error":{"message":"Busy. Please try again in 2s.","code":429}}"#;
    let played = Played::events(&format!("{body}\n\n"));
    let expected = ModelError::Status {
        status: 429,
        message: "Busy. Please try again in 2s.".into(),
        kind: Some(FailureKind::RateLimited),
        retry_after: Some(Duration::from_secs(2)),
    };
    assert_eq!(played.answer(), [Err(expected)]);
    check(&played, "error: the server answered with error 429: Busy. Please try again in 2s.");
}
