//! Each API in its own words: what it is sent, what it streams, what it lists.

use super::{KEY, Played, check, prompt};
use converge::clock::VirtualClock;
use converge::llm::http::Method;
use converge::llm::{ApiKey, ProviderId};
use converge::model::{CallPart, Prompt, Tool};
use serde_json::{Value, json};

#[test]
fn errors_inside_an_answer_and_cut_answers() {
    let body = include_str!("../cassettes/anthropic-overloaded-inside.sse");
    let half = "usage 9 1\n\"Half\"\n";
    let says = format!("{half}error: the server answered with error 503: Overloaded");
    check(&Played::events(body).of(ProviderId::Anthropic), &says);
    let cut = &body[..body.find("event: error").unwrap()];
    let says = format!("{half}error: the answer was cut off");
    check(&Played::events(cut).of(ProviderId::Anthropic), &says);
    let body = include_str!("../cassettes/gemini-error-inside.sse");
    let says = "\"Half\"\nerror: the server answered with error 503: The model is overloaded. Please try again later.";
    check(&Played::events(body).of(ProviderId::Gemini), says);
    let cut = &body[..body.find("data: {\"error").unwrap()];
    check(&Played::events(cut).of(ProviderId::Gemini), "\"Half\"\nerror: the answer was cut off");
    let garbled = format!("{cut}data: {{\"cand\n\n{cut}");
    check(
        &Played::events(&garbled).of(ProviderId::Gemini),
        "\"Half\"\nerror: part of the answer was garbled",
    );
    let inside =
        r#"data: {"choices":[{"error":{"code":502,"message":"gone"},"finish_reason":"error"}]}"#;
    check(
        &Played::events(&format!("{inside}\n\n")).of(ProviderId::OpenRouter),
        "error: the server answered with error 502: gone",
    );
}

#[test]
fn whole_answers() {
    let body = include_bytes!("../cassettes/gemini-whole.json");
    let played = Played::new(200, "application/json; charset=UTF-8", body).of(ProviderId::Gemini);
    check(&played, "\"All \"\n\"at once.\"\nfinish Length\nusage 8 4");
    let body = br#"{"type":"message","content":[{"type":"thinking","thinking":"x"},{"type":"text","text":"Yes."}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}"#;
    let played = Played::new(200, "application/json", body).of(ProviderId::Anthropic);
    check(&played, "\"Yes.\"\nfinish Stop\nusage 3 2");
}

/// Whatever a vendor calls what goes on before an answer, it is not shown as the answer.
#[test]
fn thinking_is_not_said() {
    for (id, events) in [
        (
            ProviderId::Mistral,
            r#"data: {"choices":[{"delta":{"content":[{"type":"thinking","text":"Hm"},{"type":"text","text":"So."}]},"finish_reason":"stop"}]}"#,
        ),
        (
            ProviderId::DeepSeek,
            r#"data: {"choices":[{"delta":{"reasoning_content":"Hm","reasoning":"Hm","content":"So."},"finish_reason":"stop"}]}"#,
        ),
        (
            ProviderId::Anthropic,
            "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm\",\"text\":\"Hm\"}}\n\n\
             data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"So.\"}}\n\n\
             data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}",
        ),
        (
            ProviderId::Gemini,
            r#"data: {"candidates":[{"content":{"parts":[{"text":"Hm","thought":true},{"text":"So."}]},"finishReason":"STOP"}]}"#,
        ),
    ] {
        check(&Played::events(&format!("{events}\n\n")).of(id), "\"So.\"\nfinish Stop");
    }
}

#[test]
fn another_vendors_stream_is_not_this_one() {
    let openai = Played::events(include_str!("../cassettes/openai-hello.sse"));
    let found = "error: the server answered with JSON that is not an";
    check(&openai.clone().of(ProviderId::Anthropic), &format!("{found} event of Anthropic's"));
    check(&openai.of(ProviderId::Gemini), &format!("{found} answer of Gemini's"));
}

#[test]
fn finish_reasons_of_anthropic_and_gemini() {
    for (reason, says) in [
        ("end_turn", "finish Stop"),
        ("stop_sequence", "finish Stop"),
        ("max_tokens", "finish Length"),
        ("model_context_window_exceeded", "finish Length"),
        ("tool_use", "finish ToolCall"),
        ("pause_turn", "finish ToolCall"),
        ("refusal", "finish Refused"),
    ] {
        let event = json!({ "type": "message_delta", "delta": { "stop_reason": reason } });
        check(&Played::events(&format!("data: {event}\n\n")).of(ProviderId::Anthropic), says);
    }
    for (reason, says) in [
        ("STOP", "finish Stop"),
        ("MAX_TOKENS", "finish Length"),
        ("SAFETY", "finish Filtered"),
        ("RECITATION", "finish Filtered"),
        ("BLOCKLIST", "finish Filtered"),
        ("PROHIBITED_CONTENT", "finish Filtered"),
        ("SPII", "finish Filtered"),
        ("MALFORMED_FUNCTION_CALL", "finish ToolCall"),
        ("FINISH_REASON_UNSPECIFIED", "error: the answer was cut off"),
        ("OTHER", "error: the server answered with error 503: the model stopped with OTHER"),
    ] {
        let event = json!({ "candidates": [{ "finishReason": reason }] });
        check(&Played::events(&format!("data: {event}\n\n")).of(ProviderId::Gemini), says);
    }
    let blocked = "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n";
    check(&Played::events(blocked).of(ProviderId::Gemini), "finish Filtered");
    check(
        &Played::events("data: {\"choices\":[{\"finish_reason\":\"refusal\"}]}\n\n"),
        "finish Refused",
    );
}

fn messages() -> Value {
    json!([{ "role": "system", "content": "Be brief." }, { "role": "user", "content": "Solar?" }])
}

/// Everything that is sent: address, headers in order, and body.
#[test]
fn what_each_vendor_is_sent() {
    for id in ProviderId::ALL {
        let base_url = if id.base_url().is_empty() { "http://localhost:8000/v1" } else { "" };
        let mut settings = id.settings(base_url, "m", Some(0.5)).unwrap();
        settings.max_tokens = Some(99);
        settings.page = Some("https://page.test".into());
        let base = settings.base_url.to_string();
        let provider = id.provider(settings);
        let request = provider.request(&prompt(), &ApiKey::new(KEY).unwrap());
        assert_eq!(request.method, Method::Post);
        let bearer = format!("authorization: Bearer {KEY}");
        let api_key = format!("x-api-key: {KEY}");
        let goog = format!("x-goog-api-key: {KEY}");
        let (path, extra, body): (_, Vec<&str>, _) = match id {
            ProviderId::Anthropic => (
                "messages",
                vec![
                    "anthropic-version: 2023-06-01",
                    "anthropic-dangerous-direct-browser-access: true",
                    &api_key,
                ],
                json!({
                    "model": "m", "max_tokens": 99, "system": "Be brief.", "temperature": 0.5,
                    "messages": [{ "role": "user", "content": "Solar?" }], "stream": true,
                }),
            ),
            ProviderId::Gemini => (
                "models/m:streamGenerateContent?alt=sse",
                vec![&goog],
                json!({
                    "systemInstruction": { "parts": [{ "text": "Be brief." }] },
                    "contents": [{ "role": "user", "parts": [{ "text": "Solar?" }] }],
                    "generationConfig": { "temperature": 0.5, "maxOutputTokens": 99 },
                }),
            ),
            _ => {
                let mut body = json!({
                    "model": "m", "messages": messages(), "temperature": 0.5, "stream": true,
                });
                let limit = match id {
                    ProviderId::OpenAi => "max_completion_tokens",
                    _ => "max_tokens",
                };
                body[limit] = json!(99);
                if id != ProviderId::Mistral {
                    body["stream_options"] = json!({ "include_usage": true });
                }
                let mut headers: Vec<&str> = vec![&bearer];
                if id == ProviderId::OpenRouter {
                    headers.extend([
                        "x-openrouter-title: Converge",
                        "http-referer: https://page.test",
                    ]);
                }
                ("chat/completions", headers, body)
            }
        };
        let sent: Vec<String> =
            request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let mut expected = vec!["content-type: application/json"];
        expected.extend(extra);
        assert_eq!(sent, expected, "{id:?}");
        assert_eq!(request.url.as_str(), format!("{base}/{path}"));
        assert_eq!(serde_json::from_str::<Value>(&request.body).unwrap(), body, "{id:?}");

        // The key is in one header and nowhere else.
        assert!(!request.url.as_str().contains(KEY) && !request.body.contains(KEY));
        assert_eq!(request.headers.iter().filter(|(_, value)| value.contains(KEY)).count(), 1);
        let keyless = provider.request(&prompt(), &ApiKey::default());
        assert_eq!(keyless.headers.len(), request.headers.len() - 1);

        let without = [CallPart::Temperature];
        let plainer = provider.request_without(&without, &prompt(), &ApiKey::default());
        assert!(!plainer.body.contains("temperature"));
        let cold = id.provider(id.settings(base_url, "m", None).unwrap());
        let key = ApiKey::default();
        assert_eq!(
            cold.request_without(&without, &prompt(), &key).body,
            cold.request(&prompt(), &key).body
        );
        assert!(!cold.request(&prompt(), &key).body.contains("temperature"));
    }
}

#[test]
fn an_agents_own_model_and_tools() {
    let asks = |id: ProviderId, model: &str| {
        let base_url = if id.base_url().is_empty() { "http://localhost:8000/v1" } else { "" };
        let model = Some(model.to_owned());
        let prompt = Prompt { model, tools: vec![Tool::GoogleSearch], ..prompt() };
        let settings = id.settings(base_url, "everybodys", None).unwrap();
        id.provider(settings).request(&prompt, &ApiKey::default())
    };
    for id in ProviderId::ALL {
        let request = asks(id, "own");
        let body: Value = serde_json::from_str(&request.body).unwrap();
        match id {
            ProviderId::Gemini => {
                assert!(request.url.as_str().contains("/models/own:"));
                assert_eq!(body["tools"], json!([{ "googleSearch": {} }]));
            }
            _ => {
                assert_eq!(body["model"], "own");
                assert_eq!(body.get("tools"), None);
            }
        }
    }
    let default = asks(ProviderId::Anthropic, "own");
    assert!(default.body.contains("\"max_tokens\":4096"));
    // A name is one piece of the address, whatever is in it.
    let odd = asks(ProviderId::Gemini, "models/../x?key=1#y");
    assert!(odd.url.as_str().contains("/models/..%2Fx%3Fkey%3D1%23y:streamGenerateContent"));
}

fn listed(id: ProviderId, body: &str) -> Result<Vec<String>, String> {
    let played = Played::new(200, "application/json", body.as_bytes()).of(id);
    let names = VirtualClock::new().run(async { played.model().models().await });
    let sent = played.requests.borrow();
    assert_eq!((sent[0].method, sent[0].body.as_str()), (Method::Get, ""));
    names.map_err(|error| error.to_string())
}

#[test]
fn lists_of_models() {
    for id in ProviderId::ALL {
        let body = match id {
            ProviderId::Gemini => {
                r#"{"models":[{"name":"models/a","supportedGenerationMethods":["generateContent"]},{"name":"models/e","supportedGenerationMethods":["embedContent"]},{"name":"models/b"}]}"#
            }
            ProviderId::Together => {
                r#"[{"id":"a","type":"chat"},{"id":"e","type":"embedding"},{"id":"b"}]"#
            }
            ProviderId::Anthropic => {
                r#"{"data":[{"type":"model","id":"a","display_name":"A"},{"type":"model","id":"b"}],"has_more":false}"#
            }
            ProviderId::Mistral => {
                r#"{"object":"list","data":[{"id":"a","capabilities":{"completion_chat":true}},{"id":"e","capabilities":{"completion_chat":false}},{"id":"b"}]}"#
            }
            _ => r#"{"object":"list","data":[{"id":"a","object":"model"},{"id":"b"},{"no":"id"}]}"#,
        };
        assert_eq!(listed(id, body), Ok(vec!["a".into(), "b".into()]), "{id:?}");
        for odd in ["{}", "3", "oops", "null", "{\"data\":3}"] {
            assert!(listed(id, odd).is_err(), "{id:?} {odd}");
        }
    }
    let played = Played::new(401, "", br#"{"error":{"message":"no key"}}"#);
    let names = VirtualClock::new().run(async { played.model().models().await });
    assert_eq!(names.unwrap_err().to_string(), "the server answered with error 401: no key");
}

#[test]
fn where_models_are_listed() {
    for (id, base_url, expected) in [
        (ProviderId::OpenAi, "", "https://api.openai.com/v1/models"),
        (ProviderId::Compatible, "http://h:1/v1/chat/completions", "http://h:1/v1/models"),
        (ProviderId::Compatible, "http://chat/completions", "http://chat/completions/models"),
        (ProviderId::Anthropic, "", "https://api.anthropic.com/v1/models?limit=1000"),
        (
            ProviderId::Gemini,
            "",
            "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000",
        ),
    ] {
        let settings = id.settings(base_url, "", None).unwrap();
        let request = id.provider(settings).models(&ApiKey::default());
        assert_eq!(request.url.as_str(), expected);
    }
}

#[test]
fn keys_are_wanted_where_a_page_makes_them() {
    for id in ProviderId::ALL {
        let local = matches!(id.name(), "ollama" | "lmstudio" | "chrome" | "compatible");
        assert_eq!(id.needs_key(), !local);
        assert_eq!(id.key_page().is_some(), !local);
    }
}
