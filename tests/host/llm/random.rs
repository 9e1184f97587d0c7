//! Whatever a server sends, nothing panics: codecs, lists of models, errors and their hints, the
//! doctor, and the whole way of a body through the client. `PROPTEST_CASES=1000000` tries as many
//! inputs of each kind; without it, proptest's own number is tried.

use super::{KEY, Played, Then};
use converge::llm::doctor::{Context, Probe, diagnose};
use converge::llm::http::Headers;
use converge::llm::prices::{cost, dollars, price, tokens};
use converge::llm::{ProviderId, Settings, Url};
use converge::model::{Chunk, ModelError, Usage};
use converge::template::Template;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;

/// The names by which the APIs call what they send.
const NAMES: &[&str] = &[
    "choices",
    "delta",
    "message",
    "content",
    "refusal",
    "finish_reason",
    "usage",
    "x_groq",
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "completion_tokens_details",
    "reasoning_tokens",
    "error",
    "code",
    "status",
    "type",
    "detail",
    "details",
    "msg",
    "retryDelay",
    "content_block",
    "index",
    "text",
    "stop_reason",
    "input_tokens",
    "output_tokens",
    "candidates",
    "parts",
    "thought",
    "finishReason",
    "promptFeedback",
    "blockReason",
    "usageMetadata",
    "promptTokenCount",
    "thoughtsTokenCount",
    "groundingMetadata",
    "groundingChunks",
    "web",
    "title",
    "uri",
    "webSearchQueries",
    "models",
    "name",
    "supportedGenerationMethods",
    "data",
    "id",
    "capabilities",
    "completion_chat",
    "reasoning_content",
    "metadata",
    "raw",
    "loc",
    "param",
    "errors",
    "base_resp",
    "status_code",
    "status_msg",
    "object",
    "success",
    "quotaId",
    "reason",
    "retry_after",
    "estimated_time",
];

/// Words that mean something in one of those places, and lengths of time.
const WORDS: &[&str] = &[
    "stop",
    "length",
    "error",
    "text",
    "text_delta",
    "message",
    "message_start",
    "content_block_delta",
    "message_delta",
    "message_stop",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "OTHER",
    "generateContent",
    "models/x",
    "chat",
    "34s",
    "Please try again in 6m0s",
    "retry in 9999999999999999999h",
    "try again in 1.5",
    "429",
    "insufficient_quota",
    "<think>",
    "</think>",
    "\n</think>\n",
    "{\"error\":{\"message\":\"deep\",\"code\":429}}",
    "stream_options: Extra inputs are not permitted",
    "\u{10f83d}",
    "GenerateRequestsPerDay",
    "",
];

/// Pieces of bodies in frames that the standard does not know, and JSON that Rust does not read.
const FRAMES: &[&str] = &[
    "error: {\"message\":\"no\"}\n",
    "error: no\n\n",
    ": a comment\n",
    "event: error\n: a comment\n\n",
    "event: ping\ndata: ping\n\n",
    "{\n \"error\": {\n",
    "}\n}\n",
    "Internal Server Error\n",
    "data: : ping\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83c\"}}]}\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\"\\udf0a\"},\"x\":NaN}]}\n",
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n",
    "data: {\"choices\":[{\"message\":{\"content\":\"whole\"}}]}\r\r",
];

fn id() -> impl Strategy<Value = ProviderId> {
    (0..ProviderId::ALL.len()).prop_map(|at| ProviderId::ALL[at])
}

fn pick(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    (0..of.len()).prop_map(|at| of[at].to_owned())
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => pick(WORDS), 1 => any::<String>()]
}

/// JSON that looks like an answer and is none, mostly.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (400_u64..600).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        let field = (prop_oneof![8 => pick(NAMES), 1 => any::<String>()], inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            prop::collection::vec(field, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![3 => value().prop_map(|value| value.to_string()), 1 => any::<String>()]
}

fn settings(id: ProviderId) -> Settings {
    id.settings(if id.base_url().is_empty() { "http://localhost:1" } else { "" }, "", None).unwrap()
}

fn headers() -> impl Strategy<Value = Headers> {
    let names: &[&str] = &["retry-after", "Retry-After-Ms", "date", "content-type"];
    let value = prop_oneof![
        any::<String>(),
        any::<u64>().prop_map(|number| number.to_string()),
        Just("Sun, 22 Nov 2026 21:40:00 GMT".to_owned()),
        "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
    ];
    prop::collection::vec((pick(names), value), 0..4).prop_map(|all| all.into_iter().collect())
}

fn error() -> impl Strategy<Value = ModelError> {
    let length = || any::<u64>().prop_map(Duration::from_micros);
    prop_oneof![
        6 => (any::<u16>(), word(), prop::option::of(length())).prop_map(
            |(status, message, retry_after)| ModelError::Status {
                status, message, kind: None, retry_after,
            }
        ),
        1 => any::<String>().prop_map(|origin| ModelError::Unreachable { origin }),
        1 => any::<String>().prop_map(|found| ModelError::NotThisApi { found }),
        1 => (length(), any::<bool>())
            .prop_map(|(after, mid_answer)| ModelError::TimedOut { after, mid_answer }),
        1 => length().prop_map(|after| ModelError::RunTooLong { after }),
        1 => prop_oneof![Just(ModelError::Cut), Just(ModelError::Garbled)],
    ]
}

fn context() -> impl Strategy<Value = Context> {
    let url = prop_oneof![
        any::<String>().prop_map(|text| Url::parse(&text).ok()),
        Just(Url::parse("http://[::1]:11434").ok()),
        Just(Url::parse("http://192.168.0.7:1234/v1").ok()),
        Just(Url::parse("https://api.openai.com/v1").ok()),
    ];
    let probe = prop_oneof![Just(Probe::NotTried), Just(Probe::Reached), Just(Probe::NotReached)];
    let texts = (any::<String>(), any::<String>());
    (id(), url, texts, any::<[bool; 6]>(), probe).prop_map(
        |(
            id,
            base_url,
            (model, page_origin),
            [https, frame, windows, online, empty, answered],
            probe,
        )| {
            Context {
                id,
                base_url,
                model,
                page_origin,
                page_is_https: https,
                in_iframe: frame,
                on_windows: windows,
                online,
                probe,
                key_is_empty: empty,
                has_answered: answered,
            }
        },
    )
}

proptest! {
    #[test]
    fn codecs_read_anything(id in id(), body in body()) {
        let _ = id.provider(settings(id)).decode(&body);
    }

    #[test]
    fn lists_of_models_are_read_from_anything(id in id(), body in body()) {
        if let Err(error) = id.provider(settings(id)).model_names(&body) {
            let told = matches!(error, ModelError::NotThisApi { .. } | ModelError::Status { .. });
            prop_assert!(told, "{error:?}");
        }
    }

    #[test]
    fn errors_are_read_from_anything(
        id in id(), status in any::<u16>(), headers in headers(), body in body(),
    ) {
        match id.provider(settings(id)).error(status, &headers, &body) {
            ModelError::Status { status: told, retry_after, .. } => {
                prop_assert_eq!(told, status);
                prop_assert_ne!(retry_after, Some(Duration::ZERO));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn the_doctor_has_something_to_say_of_everything(error in error(), context in context()) {
        let diagnosis = diagnose(&error, &context);
        for words in [&diagnosis.title, &diagnosis.happened, &diagnosis.advice] {
            prop_assert!(!words.trim().is_empty());
        }
    }

    #[test]
    fn templates_are_made_of_anything(
        source in prop_oneof![any::<String>(), "([{}?]|[a-z_ 0-9é]){0,24}"],
    ) {
        let template = Template::new(&source);
        prop_assert_eq!(template.to_string(), source);
        let _ = template.fill(|key, _| key.as_str().into());
    }

    #[test]
    fn prices_of_anything(id in id(), model in any::<String>(), input in any::<u64>(), output in any::<u64>()) {
        let _ = price(id, &model);
        if let Some(price) = price(id, id.model()) {
            let usage = Usage { input_tokens: input, output_tokens: output, thinking_tokens: 0 };
            let _ = dollars(cost(usage, price));
        }
        prop_assert!(tokens(&model) <= model.len() as u64);
    }

    #[test]
    fn a_body_of_anything_ends_in_an_answer_or_one_error(
        id in id(),
        status in prop_oneof![3 => Just(200), 1 => any::<u16>()],
        content_type in prop_oneof![
            Just("text/event-stream"), Just("application/json"), Just(""), Just("text/html"),
        ],
        events in prop::collection::vec(prop_oneof![
            6 => body().prop_map(|body| format!("data: {body}\n\n").into_bytes()),
            1 => Just(b"data: [DONE]\n\n".to_vec()),
            1 => Just(format!("data: {}\n\n", json!({ "error": { "message": KEY } })).into_bytes()),
            1 => prop::collection::vec(any::<u8>(), 0..40),
            3 => pick(FRAMES).prop_map(String::into_bytes),
        ], 0..5),
        size in 1_usize..200,
        hangs_up in any::<bool>(),
    ) {
        let played = Played::new(status, content_type, &events.concat()).of(id).then(Then::End);
        let played = if hangs_up { played.broken() } else { played };
        let answer = played.in_chunks_of(size).answer();
        let errors = answer.iter().filter(|part| part.is_err()).count();
        prop_assert!(errors == 0 || errors == 1 && answer.last().is_some_and(Result::is_err));
        let finished = answer.iter().any(|part| matches!(part, Ok(Chunk::Finish(_))));
        prop_assert!(errors == 1 || finished, "an answer without an end: {:?}", answer);
        let told = answer.iter().filter_map(|part| part.as_ref().err());
        prop_assert!(told.into_iter().all(|error| !error.to_string().contains(KEY)));
    }
}
