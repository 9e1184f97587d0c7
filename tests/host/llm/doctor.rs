//! The doctor: what each refusal is taken for, and every card in full, in `doctor.txt`.

use super::Played;
use converge::llm::doctor::{Case, Context, Diagnosis, Probe, diagnose};
use converge::llm::{ProviderId, Url};
use converge::model::ModelError;
use serde_json::json;
use std::time::Duration;

pub(super) fn context(id: ProviderId) -> Context {
    let base_url =
        if id.base_url().is_empty() { "http://localhost:8000/v1" } else { id.base_url() };
    Context {
        id,
        base_url: Url::parse(base_url).ok(),
        model: id.model().into(),
        page_origin: "https://example.org".into(),
        page_is_https: true,
        in_iframe: false,
        on_windows: false,
        online: true,
        probe: Probe::NotTried,
        key_is_empty: false,
        has_answered: false,
    }
}

/// The error that a call gets which is answered so, on its way through the codec.
fn error(id: ProviderId, status: u16, body: &str) -> ModelError {
    let mut played = Played::new(status, "application/json", body.as_bytes()).of(id).answer();
    played.pop().unwrap().unwrap_err()
}

fn openai(message: &str, kind: &str, code: Option<&str>) -> String {
    json!({ "error": { "message": message, "type": kind, "param": null, "code": code } })
        .to_string()
}

fn anthropic(kind: &str, message: &str) -> String {
    let error = json!({ "type": kind, "message": message });
    json!({ "type": "error", "error": error, "request_id": "req_011C" }).to_string()
}

fn gemini(code: u16, status: &str, message: &str) -> String {
    let details = json!([{ "@type": "type.googleapis.com/google.rpc.Help", "links": [] }]);
    let error = json!({ "code": code, "message": message, "status": status, "details": details });
    json!({ "error": error }).to_string()
}

/// Bodies as the vendors send them, and what they are taken for.
fn refusals() -> Vec<(Case, ProviderId, u16, String)> {
    use Case::*;
    use ProviderId::{
        Anthropic, Cerebras, Compatible, DeepSeek, Gemini, Groq, LmStudio, Mistral, Ollama, OpenAi,
        OpenRouter, Xai,
    };
    let invalid = "invalid_request_error";
    vec![
        (KeyWrong, OpenAi, 401, openai("Incorrect API key provided: sk-proj-****TnYw. You can find your API key at https://platform.openai.com/account/api-keys.", invalid, Some("invalid_api_key"))),
        (KeyWrong, Anthropic, 401, anthropic("authentication_error", "invalid x-api-key")),
        (KeyWrong, Gemini, 400, gemini(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")),
        (KeyWrong, Gemini, 403, gemini(403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key.")),
        (KeyWrong, Xai, 400, r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***bc. You can obtain an API key from https://console.x.ai."}"#.into()),
        (KeyWrong, Mistral, 401, r#"{"detail":"Unauthorized"}"#.into()),
        (KeyMissing, OpenAi, 401, openai("You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.", invalid, None)),
        (KeyMissing, Anthropic, 401, anthropic("authentication_error", "x-api-key header is required")),
        (KeyMissing, Gemini, 403, gemini(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.")),
        (KeyMissing, OpenRouter, 401, r#"{"error":{"message":"No auth credentials found","code":401}}"#.into()),
        (NotPermitted, OpenAi, 403, openai("Project `proj_a` does not have access to model `gpt-6-luna`", invalid, None)),
        (NotPermitted, Anthropic, 403, anthropic("permission_error", "Your API key does not have permission to use the specified resource.")),
        (NotPermitted, Gemini, 403, gemini(403, "PERMISSION_DENIED", "Requests from referer https://example.org/ are blocked.")),
        (BrowserForbidden, Anthropic, 401, anthropic("authentication_error", "CORS requests are not allowed for this Organization because of its settings. If you believe this in error, contact support at https://support.anthropic.com/.")),
        (ModelUnknown, OpenAi, 404, openai("The model `gpt-7` does not exist or you do not have access to it.", invalid, Some("model_not_found"))),
        (ModelUnknown, Anthropic, 404, anthropic("not_found_error", "model: claude-haiku-5-5")),
        (ModelUnknown, Gemini, 404, gemini(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.")),
        (ModelUnknown, Gemini, 404, gemini(404, "NOT_FOUND", "This model models/gemini-2.5-flash is no longer available to new users.")),
        (ModelUnknown, Groq, 400, openai("The model `gemma-7b-it` has been decommissioned and is no longer supported.", invalid, Some("model_decommissioned"))),
        (ModelUnknown, Mistral, 400, r#"{"object":"error","message":"Invalid model: mistral-tiny","type":"invalid_model","code":"1500"}"#.into()),
        (ModelUnknown, OpenRouter, 400, r#"{"error":{"message":"gpt-oss is not a valid model ID","code":400}}"#.into()),
        (ModelUnknown, OpenRouter, 404, r#"{"error":{"message":"No endpoints found for openai/gpt-oss-20b.","code":404}}"#.into()),
        (ModelUnknown, DeepSeek, 400, openai("Model Not Exist", invalid, Some(invalid))),
        (ModelUnknown, Ollama, 404, openai("model \"qwen3:4b\" not found, try pulling it first", "api_error", None)),
        (QuotaExhausted, OpenAi, 429, openai("You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.", "insufficient_quota", Some("insufficient_quota"))),
        (QuotaExhausted, Anthropic, 400, anthropic(invalid, "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.")),
        (QuotaExhausted, Anthropic, 400, anthropic(invalid, "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.")),
        (QuotaExhausted, Gemini, 429, gemini(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3.5-pro")),
        (QuotaExhausted, DeepSeek, 402, openai("Insufficient Balance", "unknown_error", Some(invalid))),
        (QuotaExhausted, OpenRouter, 402, r#"{"error":{"message":"Insufficient credits. Add more using https://openrouter.ai/credits","code":402}}"#.into()),
        (RateLimited, OpenAi, 429, openai("Rate limit reached for gpt-6-luna in organization org-a on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s. Visit https://platform.openai.com/account/rate-limits to learn more.", "requests", Some("rate_limit_exceeded"))),
        (RateLimited, Anthropic, 429, anthropic("rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.")),
        (RateLimited, Gemini, 429, gemini(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details. \n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 15, model: gemini-3.5-flash-lite\nPlease retry in 34.074824224s.")),
        (RateLimited, Mistral, 429, r#"{"object":"error","message":"Requests rate limit exceeded","type":"rate_limited"}"#.into()),
        (PromptTooLong, OpenAi, 400, openai("This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens. Please reduce the length of the messages.", invalid, Some("context_length_exceeded"))),
        (PromptTooLong, OpenAi, 429, openai("Request too large for gpt-6-luna in organization org-a on tokens per min (TPM): Limit 10000, Requested 12000. The input or output tokens must be reduced in order to run successfully.", "tokens", Some("rate_limit_exceeded"))),
        (PromptTooLong, Anthropic, 400, anthropic(invalid, "prompt is too long: 205000 tokens > 200000 maximum")),
        (PromptTooLong, Anthropic, 413, anthropic("request_too_large", "Request exceeds the maximum size")),
        (PromptTooLong, Gemini, 400, gemini(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")),
        (ContentRefused, OpenAi, 400, openai("Your request was rejected as a result of our safety system.", invalid, Some("content_policy_violation"))),
        (ContentRefused, Anthropic, 400, anthropic(invalid, "Output blocked by content filtering policy")),
        (ContentRefused, OpenRouter, 403, r#"{"error":{"message":"Your chosen model requires moderation and your input was flagged","code":403}}"#.into()),
        (BadRequest, OpenAi, 400, openai("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", invalid, Some("unsupported_parameter"))),
        (BadRequest, Anthropic, 400, anthropic(invalid, "`temperature` is deprecated for this model.")),
        (BadRequest, Gemini, 400, gemini(400, "INVALID_ARGUMENT", "Unknown name \"tool\": Cannot find field.")),
        (BadRequest, Compatible, 422, r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#.into()),
        (Overloaded, OpenAi, 503, openai("The engine is currently overloaded, please try again later", "server_error", None)),
        (Overloaded, Anthropic, 529, anthropic("overloaded_error", "Overloaded")),
        (Overloaded, Gemini, 503, gemini(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")),
        (ServerError, OpenAi, 500, openai("The server had an error while processing your request. Sorry about that!", "server_error", None)),
        (ServerError, Anthropic, 500, anthropic("api_error", "Internal server error")),
        (ServerError, Gemini, 500, gemini(500, "INTERNAL", "An internal error has occurred.")),
        (ServerError, Cerebras, 502, "<html><h1>Bad gateway</h1></html>".into()),
        (OllamaOrigins, Ollama, 403, String::new()),
        (TimedOut, Gemini, 504, gemini(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")),
        (NotThisApi, Compatible, 404, "404 page not found".into()),
        (NotThisApi, OpenAi, 404, openai("Invalid URL (POST /v2/chat/completions)", invalid, None)),
        (NotThisApi, Compatible, 405, r#"{"detail":"Method Not Allowed"}"#.into()),
        (Other, Compatible, 418, String::new()),
        (Other, Compatible, 418, r#"{"error":"short and stout"}"#.into()),
        (NotPermitted, OpenRouter, 404, r#"{"error":{"message":"No endpoints found matching your data policy.","code":404}}"#.into()),
        (NotPermitted, OpenAi, 401, openai("You have insufficient permissions for this operation. Missing scopes: model.request.", invalid, None)),
        (NotPermitted, OpenAi, 400, openai("Your organization must be verified to use this model.", invalid, None)),
        (NotPermitted, OpenAi, 403, openai("Country, region, or territory not supported", "request_forbidden", Some("unsupported_country_region_territory"))),
        (NotPermitted, Compatible, 403, String::new()),
        (Blocked, Groq, 403, "<html><title>Attention Required!</title></html>".into()),
        (ModelUnknown, LmStudio, 404, openai("No models loaded. Please load a model in the developer page.", invalid, Some("model_not_found"))),
        (ModelUnknown, OpenAi, 404, openai("This is not a chat model and thus not supported in the v1/chat/completions endpoint.", invalid, None)),
        (QuotaExhausted, OpenRouter, 429, r#"{"error":{"message":"Rate limit exceeded: free-models-per-day.","code":429}}"#.into()),
        (BadRequest, DeepSeek, 400, openai("Invalid max_tokens value, the valid range of max_tokens is [1,8192]", invalid, None)),
        (BadRequest, Mistral, 422, String::new()),
        (OutOfMemory, Ollama, 500, openai("model requires more system memory (5.3 GiB) than is available", "api_error", None)),
        (Overloaded, Compatible, 503, r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#.into()),
    ]
}

#[test]
fn refusals_of_every_vendor_are_told_apart() {
    for (case, id, status, body) in refusals() {
        let diagnosis = diagnose(&error(id, status, &body), &context(id));
        assert_eq!(diagnosis.case, case, "{} {status}: {body}", id.label());
    }
}

/// Failures without an answer, each with what the page knows then.
fn lost() -> Vec<(ModelError, Context)> {
    let lost = |context: &Context| ModelError::Unreachable {
        origin: context.base_url.as_ref().unwrap().origin().into(),
    };
    let openai = context(ProviderId::OpenAi);
    let ollama = Context {
        page_is_https: false,
        page_origin: "http://127.0.0.1:8080".into(),
        ..context(ProviderId::Ollama)
    };
    let studio = Context {
        id: ProviderId::LmStudio,
        base_url: Url::parse("http://localhost:1234/v1").ok(),
        ..ollama.clone()
    };
    let remote = Context {
        base_url: Url::parse("http://models.example.net/v1").ok(),
        ..context(ProviderId::Compatible)
    };
    let contexts = [
        Context { online: false, has_answered: true, ..openai.clone() },
        openai.clone(),
        Context { probe: Probe::Reached, ..openai.clone() },
        Context { probe: Probe::NotReached, ..openai.clone() },
        Context { probe: Probe::Reached, has_answered: true, ..openai.clone() },
        Context { probe: Probe::NotReached, has_answered: true, ..openai },
        Context { probe: Probe::Reached, ..ollama.clone() },
        Context { probe: Probe::Reached, on_windows: true, ..ollama.clone() },
        Context { probe: Probe::NotReached, ..ollama.clone() },
        Context { online: false, probe: Probe::NotReached, ..ollama.clone() },
        Context { probe: Probe::Reached, ..studio.clone() },
        Context { probe: Probe::NotReached, ..studio },
        context(ProviderId::Ollama),
        Context { in_iframe: true, probe: Probe::NotReached, ..context(ProviderId::Ollama) },
        Context { probe: Probe::Reached, ..context(ProviderId::Ollama) },
        remote,
    ];
    contexts.into_iter().map(|context| (lost(&context), context)).collect()
}

fn slow(id: ProviderId) -> Vec<(ModelError, Context)> {
    let seconds = Duration::from_secs;
    [
        ModelError::TimedOut { after: seconds(60), mid_answer: false },
        ModelError::TimedOut { after: Duration::from_millis(1500), mid_answer: true },
        ModelError::RunTooLong { after: seconds(90) },
        ModelError::Cut,
        ModelError::Garbled,
        ModelError::NotThisApi { found: "an HTML page".into() },
        ModelError::Empty { thought: false },
        ModelError::Empty { thought: true },
        ModelError::LimitSpent { thinking_tokens: 900 },
        ModelError::LimitSpent { thinking_tokens: 0 },
    ]
    .map(|error| (error, context(id)))
    .into()
}

/// A path that is not there, at addresses of which more is known.
fn elsewhere() -> Vec<(ModelError, Context)> {
    let at = |id, base_url| Context { base_url: Url::parse(base_url).ok(), ..context(id) };
    let missing = || ModelError::status(404, "Not Found");
    let deployment = r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#;
    let azure = "https://contoso.openai.azure.com/openai/v1";
    vec![
        (missing(), at(ProviderId::Compatible, "http://localhost:8080")),
        (missing(), at(ProviderId::Xai, "https://api.x.ai")),
        (missing(), at(ProviderId::Groq, "https://groq.com")),
        (missing(), at(ProviderId::Compatible, azure)),
        (error(ProviderId::Compatible, 404, deployment), at(ProviderId::Compatible, azure)),
    ]
}

fn card(error: &ModelError, context: &Context) -> String {
    let Diagnosis { case, title, happened, side, advice, line_to_copy } = diagnose(error, context);
    let line = line_to_copy.map(|line| format!("    {line}\n")).unwrap_or_default();
    format!("[{case:?}] {title}\n{happened}\n{} {advice}\n{line}", side.words())
}

/// All cards that there are.
fn cards() -> Vec<String> {
    let without_key = Context { key_is_empty: true, ..context(ProviderId::Compatible) };
    let unauthorized = (error(ProviderId::Compatible, 401, ""), without_key);
    let refusals =
        refusals().into_iter().map(|(_, id, status, body)| (error(id, status, &body), context(id)));
    let others = lost().into_iter().chain([unauthorized]);
    let others = others.chain(slow(ProviderId::Gemini)).chain(slow(ProviderId::Compatible));
    let others = others.chain(elsewhere());
    refusals.chain(others).map(|(error, context)| card(&error, &context)).collect()
}

#[test]
fn every_card_in_full() {
    let cards = cards().join("\n");
    if std::env::var("CONVERGE_GOLDEN").is_ok_and(|word| word == "write") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/host/llm/doctor.txt"), cards)
            .unwrap();
        return;
    }
    assert_eq!(cards, include_str!("doctor.txt"));
}

#[test]
fn a_card_is_plain_and_short() {
    for card in cards() {
        assert!(card.len() < 800, "{card}");
        let lines: Vec<&str> = card.lines().collect();
        let title = lines[0].split_once("] ").unwrap().1;
        assert!(title.len() <= 50 && !title.ends_with('.'), "{title}");
        assert!(!card.contains("  ") || card.contains("\n    "), "{card}");
        assert!(lines[2].ends_with('.'), "{card}");
    }
}

#[test]
fn the_case_of_what_never_arrived() {
    use Case::*;
    let cases: Vec<Case> =
        lost().iter().map(|(error, context)| diagnose(error, context).case).collect();
    let expected = [
        Offline,
        Unreachable,
        CorsRefused,
        NobodyThere,
        ConnectionLost,
        ConnectionLost,
        OllamaOrigins,
        OllamaOrigins,
        NobodyThere,
        NobodyThere,
        CorsRefused,
        NobodyThere,
        LocalNetwork,
        LocalNetwork,
        OllamaOrigins,
        MixedContent,
    ];
    assert_eq!(cases, expected);
}
