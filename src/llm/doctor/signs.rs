//! By what an API's refusal is known: the status, and the words that vendors use for it.
//!
//! The words are those of November 2026. Where none fits, the status alone decides, so that a vendor
//! who changes a sentence costs a less exact card and never a wrong one.

use std::time::Duration;

use super::{Case, Context};

const CORS: &[&str] = &["cors requests"];

const KEY_WRONG: &[&str] = &[
    "api key not valid",
    "incorrect api key",
    "invalid api key",
    "invalid x-api-key",
    "invalid authentication",
    "api key expired",
    "api key is invalid",
    "reported as leaked",
];

const KEY_MISSING: &[&str] = &[
    "didn't provide an api key",
    "did not provide an api key",
    "unregistered callers",
    "no auth credentials",
    "no cookie auth credentials",
    "x-api-key header is required",
    "missing authentication",
    "missing api key",
    "api key is required",
];

const QUOTA: &[&str] = &[
    "exceeded your current quota",
    "insufficient_quota",
    "insufficient quota",
    "credit balance",
    "insufficient balance",
    "insufficient credit",
    "requires more credits",
    "out of credits",
    "spending limit",
    "usage limits",
    "billing hard limit",
    "payment required",
];

const TOO_LONG: &[&str] = &[
    "context length",
    "context_length",
    "context window",
    "context size",
    "maximum context",
    "prompt is too long",
    "maximum number of tokens",
    "too many tokens",
    "reduce the length",
    "request too large",
    "exceeds the maximum size",
    "tokens must be reduced",
];

const REFUSED: &[&str] = &[
    "content policy",
    "content_policy",
    "content filter",
    "content management policy",
    "content violates",
    "usage guidelines",
    "usage policies",
    "flagged",
    "moderation",
    "safety system",
    "safety settings",
    "blocked by safety",
];

const GONE: &[&str] = &[
    "has been decommissioned",
    "has been deprecated",
    "has been retired",
    "is no longer available",
    "not a valid model",
    "invalid model",
    "unknown model",
    "model not exist",
    "unexpected model name",
];

/// Google's words for a limit on a minute or a day, in the sentence about the quota.
const METRIC: &str = "quota exceeded for metric";

pub(super) fn sort(
    status: u16,
    message: &str,
    retry_after: Option<Duration>,
    context: &Context,
) -> Case {
    let said = message.to_ascii_lowercase();
    let says = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    let key = if context.key_is_empty { Case::KeyMissing } else { Case::KeyWrong };
    let model_is_missing = says(GONE)
        || said.contains("model") && says(&["does not exist", "not found"])
        || said.starts_with("model: ")
        || says(&["no endpoints found"]);
    match status {
        404 if context.id.is_built_in() => Case::NoBuiltIn,
        428 if context.id.is_built_in() => Case::NotDownloaded,
        400..=499 if says(CORS) => Case::BrowserForbidden,
        400 | 401 | 403 if says(KEY_MISSING) => Case::KeyMissing,
        400 | 401 | 403 if says(KEY_WRONG) => key,
        402 => Case::QuotaExhausted,
        // Nothing that is sent again will be shorter.
        400 | 413 | 422 | 429 if says(TOO_LONG) => Case::PromptTooLong,
        413 => Case::PromptTooLong,
        429 if is_used_up(&said, says(QUOTA), retry_after) => Case::QuotaExhausted,
        429 => Case::RateLimited,
        400 | 403 if says(QUOTA) => Case::QuotaExhausted,
        400 | 403 | 422 if says(REFUSED) => Case::ContentRefused,
        400 | 403 | 404 | 410 | 422 if model_is_missing => Case::ModelUnknown,
        401 => key,
        403 if context.is_ollama() => Case::OllamaOrigins,
        403 => Case::NotPermitted,
        // A path that the server does not have.
        404 | 405 | 410 => Case::NotThisApi,
        408 | 504 => Case::TimedOut,
        400 | 422 => Case::BadRequest,
        503 | 529 => Case::Overloaded,
        500.. if says(&["overloaded", "at capacity", "over capacity"]) => Case::Overloaded,
        500.. => Case::ServerError,
        _ => Case::Other,
    }
}

/// Whether waiting is in vain. OpenAI's and Google's sentences begin alike, but Google's says the
/// same of a minute's quota, and a wait that is asked for means that waiting helps.
fn is_used_up(said: &str, says_quota: bool, retry_after: Option<Duration>) -> bool {
    let of_a_while = said.contains(METRIC) || said.contains("resource has been exhausted");
    says_quota && (said.contains("limit: 0,") || !of_a_while && retry_after.is_none())
}
