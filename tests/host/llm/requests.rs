//! What goes out, and where to.

use super::{KEY, Played, prompt};
use converge::llm::http::HttpRequest;
use converge::llm::{ApiKey, ProviderId, Url, UrlError};
use converge::model::Prompt;
use serde_json::{Value, json};

fn request(id: ProviderId, base_url: &str, prompt: &Prompt, key: &str) -> HttpRequest {
    let settings = id.settings(base_url, "", None).unwrap();
    id.provider(settings).request(prompt, &ApiKey::new(key).unwrap())
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

#[test]
fn a_call_to_openai() {
    let request = request(ProviderId::OpenAi, "", &prompt(), KEY);
    assert_eq!(request.url.as_str(), "https://api.openai.com/v1/chat/completions");
    assert_eq!(
        request.headers,
        [
            ("content-type", "application/json".to_owned()),
            ("authorization", format!("Bearer {KEY}")),
        ]
    );
    let expected = json!({
        "model": "gpt-6-luna",
        "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "Solar?" },
        ],
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    assert_eq!(body(&request), expected);
}

#[test]
fn only_what_is_set_is_sent() {
    let prompt = Prompt { system: String::new(), user: "\"{ä}\"\n".into(), ..prompt() };
    let request = request(ProviderId::Compatible, " http://LocalHost:11434/v1// ", &prompt, " ");
    assert_eq!(request.url.as_str(), "http://localhost:11434/v1/chat/completions");
    assert_eq!(request.headers, [("content-type", "application/json".to_owned())]);
    let expected = json!({
        "messages": [{ "role": "user", "content": "\"{ä}\"\n" }],
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    assert_eq!(body(&request), expected);
}

#[test]
fn model_and_temperature_when_set() {
    let id = ProviderId::Compatible;
    for (given, sent) in [(Some(0.7), Some(json!(0.7))), (None, None), (Some(f64::NAN), None)] {
        let settings = id.settings("http://localhost:1", " qwen3 ", given).unwrap();
        let request = id.provider(settings).request(&prompt(), &ApiKey::default());
        assert_eq!(body(&request)["model"], "qwen3");
        assert_eq!(body(&request).get("temperature"), sent.as_ref());
    }
}

#[test]
fn the_client_sends_what_the_provider_wrote() {
    let played = Played::events("");
    played.answer();
    let sent = played.requests.borrow();
    let expected = request(ProviderId::OpenAi, "", &prompt(), KEY);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body, expected.body);
    assert_eq!(sent[0].headers, expected.headers);
}

#[test]
fn the_registry_reads_its_own_names() {
    for id in ProviderId::ALL {
        assert_eq!(ProviderId::find(id.name()), Some(id));
        // A default is either absent or sound.
        assert!(id.base_url().is_empty() || Url::parse(id.base_url()).is_ok());
    }
    assert_eq!(ProviderId::find("simulated"), None);
    let missing = ProviderId::Compatible.settings("", "x", None).unwrap_err();
    assert_eq!(missing.to_string(), "the base URL is missing: it usually ends in /v1");
    let own = Url::parse("https://api.openai.com/v1").unwrap();
    assert!(ProviderId::OpenAi.owns(&own) && !ProviderId::Compatible.owns(&own));
    assert!(!ProviderId::OpenAi.owns(&Url::parse("http://api.openai.com/v1").unwrap()));
    assert!(!ProviderId::OpenAi.owns(&Url::parse("https://api.openai.com.evil.test").unwrap()));
}

#[test]
fn base_urls_as_people_type_them() {
    for (typed, url, origin) in [
        ("https://api.openai.com/v1", "https://api.openai.com/v1", "https://api.openai.com"),
        (" HTTPS://Api.Mistral.AI/v1/ ", "https://api.mistral.ai/v1", "https://api.mistral.ai"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:1234/V1//", "http://[::1]:1234/V1", "http://[::1]:1234"),
    ] {
        let parsed = Url::parse(typed).unwrap();
        assert_eq!((parsed.as_str(), parsed.origin()), (url, origin));
        let call = format!("{url}/chat/completions");
        assert_eq!(parsed.join("chat/completions").as_str(), call);
        // The whole address of a call was pasted.
        assert_eq!(Url::parse(&call).unwrap().join("chat/completions").as_str(), call);
    }
}

#[test]
fn base_urls_that_are_none() {
    for (typed, error) in [
        ("", UrlError::Empty),
        (" / ", UrlError::Empty),
        ("localhost:11434/v1", UrlError::Scheme),
        ("ftp://host", UrlError::Scheme),
        ("javascript:alert(1)", UrlError::Scheme),
        ("https://", UrlError::Scheme),
        ("https:///v1", UrlError::Host),
        ("https://:80/v1", UrlError::Host),
        ("https://host:http", UrlError::Host),
        ("https://host:99999", UrlError::Host),
        ("http://[::1/v1", UrlError::Host),
        ("http://::1/v1", UrlError::Host),
        ("https://%61pi.test/v1", UrlError::Host),
        ("https://host/v1?key=1", UrlError::Character('?')),
        ("https://host/#x", UrlError::Character('#')),
        ("https://api.openai.com@evil.test/v1", UrlError::Character('@')),
        ("https://evil.test\\.api.openai.com/v1", UrlError::Character('\\')),
        ("https://api.openai\t.com", UrlError::Character('\t')),
        ("https://аpi.openai.com", UrlError::Character('а')),
    ] {
        assert_eq!(Url::parse(typed), Err(error), "{typed}");
    }
}

#[test]
fn the_readers_own_machine() {
    for (url, own) in [
        ("http://localhost:11434/v1", true),
        ("http://ollama.localhost", true),
        ("http://127.8.0.1:80", true),
        ("http://[::1]:8080", true),
        ("http://[0:0:0:0:0:0:0:1]", true),
        ("http://127.0.0.1.evil.test", false),
        ("http://localhost.evil.test", false),
        ("http://notlocalhost", false),
        ("http://192.168.0.2", false),
        ("http://0.0.0.0", false),
    ] {
        assert_eq!(Url::parse(url).unwrap().is_loopback(), own, "{url}");
    }
}
