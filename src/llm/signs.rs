//! By what an API's refusal is known: its own fields, then the words that vendors use, then the status.
//!
//! The words are those of November 2026. Where none fits there is no kind, and the status alone is
//! known: a vendor who changes a sentence costs a less exact card and never a wrong one.

mod tables;

use std::time::Duration;

use self::tables::*;
use super::error::Refusal;
use super::hints;
use crate::model::CallPart::{self, LimitName, StreamOptions, Streaming, SystemRole, Temperature};
use crate::model::FailureKind::{self, *};

/// A word without anything but letters and digits, in lower case: one form for `insufficient_quota`,
/// `InsufficientQuota` and `INSUFFICIENT_QUOTA`.
pub(super) fn plain(word: &str) -> String {
    let kept = word.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// What kind of failure a refusal is, under that HTTP status (200: inside an answer); `None` where only
/// the status tells.
pub(super) fn kind(refusal: &Refusal, http: u16) -> Option<FailureKind> {
    let inner = refusal.status;
    let status = match http {
        // A gateway's status says less than the one that it reports.
        200..=299 | 500..=502 => inner.unwrap_or(http),
        status => status,
    };
    if refusal.is_page {
        return of_page(refusal, status);
    }
    let codes = refusal.codes.as_slice();
    let exactly = |known: &[&str]| codes.iter().any(|code| known.contains(&code.as_str()));
    let says = |signs: &[&str]| signs.iter().any(|sign| refusal.words.contains(sign));
    let is = |status: u16, of: &[u16]| of.contains(&status);
    let any_call = (200..500).contains(&status);

    // What is said in so many words, whatever the code beside it.
    for (kind, signs) in PLAIN_WORDS {
        if says(signs) {
            return Some(*kind);
        }
    }
    // llama.cpp says no more than that; behind other words it is why loading failed.
    if refusal.words.lines().any(|line| line.trim() == "loading model") {
        return Some(ModelLoading);
    }
    if let Some(part) = part(refusal, status) {
        return Some(PartRefused(part));
    }
    // Its own fields, where they are exact.
    if codes.iter().any(|code| code.contains("perday")) {
        return Some(if says(&["limit: 0,"]) { NoCredit } else { QuotaOfTheDay });
    }
    if codes.iter().any(|code| code.contains("perminute")) {
        return Some(RateLimited);
    }
    if codes.iter().any(|code| code.starts_with("apikey") && code.ends_with("blocked")) {
        return Some(KeyRestricted);
    }
    for (kind, known) in EXACT_CODES {
        if exactly(known) {
            return Some(*kind);
        }
    }
    // Its words.
    if says(LIMIT_NAMES) && says(OUT_OF_RANGE) && !says(INPUT_TOO) {
        return Some(LimitTooHigh);
    }
    if says(LONG_QUOTA) && (any_call || status >= 500) && !is(status, &[401, 404]) {
        return Some(of_a_day(refusal));
    }
    if says(TOO_LARGE_FOR_A_MINUTE) {
        return Some(PromptTooLong);
    }
    if says(RATE) || status == 429 && says(&["per minute", "per min", "per second"]) {
        return Some(RateLimited);
    }
    for (kind, statuses, signs) in WORDS {
        let fits = statuses.is_empty() || is(status, statuses);
        if fits && says(signs) {
            return Some(*kind);
        }
    }
    if status == 429 && says(QUOTA) {
        return Some(used_up(refusal));
    }
    if says(GONE) || any_call && names_a_missing_model(refusal) {
        return Some(ModelUnknown);
    }
    if says(&["rendering prompt with jinja", "chat template"]) {
        return Some(BadRequest);
    }
    // Fields that only say what the status says, where there is no such status.
    if matches!(status, 200..=299 | 400 | 422 | 500) {
        // A gateway's word for who is to blame counts where it did not choose another status.
        let is_open = !matches!(status, 400 | 422);
        for (kind, known) in GENERAL_CODES {
            if exactly(known) && (is_open || !matches!(kind, ServerError | Overloaded)) {
                return Some(*kind);
            }
        }
    }
    inner.filter(|_| (200..300).contains(&http)).map(FailureKind::of_status)
}

/// The HTTP status that a word in `code` or `type` stands for.
pub(super) fn status(codes: &[String]) -> Option<u16> {
    codes.iter().find_map(|code| {
        Some(match code.as_str() {
            "invalidapikey" | "authenticationerror" => 401,
            "permissionerror" => 403,
            "modelnotfound" | "notfounderror" => 404,
            "ratelimitexceeded" | "ratelimiterror" | "insufficientquota" => 429,
            "invalidrequesterror" | "contextlengthexceeded" => 400,
            "overloadederror" => 503,
            "servererror" | "apierror" | "internalservererror" => 500,
            _ => return None,
        })
    })
}

/// A page for people in place of an API's answer.
fn of_page(page: &Refusal, status: u16) -> Option<FailureKind> {
    let says = |signs: &[&str]| signs.iter().any(|sign| page.words.contains(sign));
    match status {
        401 | 403 | 407 | 451 | 511 => Some(Blocked),
        _ if says(&["attention required", "just a moment", "captcha", "access denied"]) => {
            Some(Blocked)
        }
        404 | 405 | 410 => Some(WrongUrl),
        _ => None,
    }
}

/// Which part of the call it refuses, if it is one that an answer can do without.
fn part(refusal: &Refusal, status: u16) -> Option<CallPart> {
    let says = |signs: &[&str]| signs.iter().any(|sign| refusal.words.contains(sign));
    let names = |name: &str| refusal.params.iter().any(|param| param == name);
    // A template that takes no system role fails inside some servers.
    if (200..=500).contains(&status) && says(NO_SYSTEM_ROLE) {
        return Some(SystemRole);
    }
    if !matches!(status, 200..=299 | 400 | 403 | 422) {
        return None;
    }
    let names_role = refusal.params.iter().any(|param| param.ends_with("role"));
    if names_role && says(&["system", "developer"]) {
        return Some(SystemRole);
    }
    if says(&["stream_options", "include_usage"]) || names("stream_options") {
        return Some(StreamOptions);
    }
    if names("stream") || says(NO_STREAMING) {
        return Some(Streaming);
    }
    // The limit's value may be wrong as well, and then another name changes nothing.
    let is_range = says(OUT_OF_RANGE) && !says(&["unsupported parameter"]) || says(INPUT_TOO);
    if says(&["max_tokens", "max_completion_tokens"]) && says(NOT_A_FIELD) && !is_range {
        return Some(LimitName);
    }
    (says(&["temperature"]) || names("temperature")).then_some(Temperature)
}

/// A limit on a day. Where it opens bit by bit, what is asked for is worth its wait; Google asks for a
/// wait whatever the limit is.
fn of_a_day(refusal: &Refusal) -> FailureKind {
    let asked = hints::in_words(&refusal.words).filter(|_| !refusal.words.contains(METRIC));
    match asked {
        Some(wait) if wait <= WORTH_A_WAIT => RateLimited,
        _ => QuotaOfTheDay,
    }
}

/// The longest wait for which the page waits by itself.
const WORTH_A_WAIT: Duration = Duration::from_secs(60);

/// Google's words for a limit on a minute or a day, in the sentence about the quota.
const METRIC: &str = "quota exceeded for metric";

/// Whether waiting is in vain. OpenAI's and Google's sentences begin alike, but Google's says the
/// same of a minute's quota, and a wait that is asked for means that waiting helps.
fn used_up(refusal: &Refusal) -> FailureKind {
    let says = |sign: &str| refusal.words.contains(sign);
    let of_a_while = says(METRIC) || says("resource has been exhausted");
    let asks = hints::in_words(&refusal.words).is_some() || refusal.asks_to_wait;
    match says("limit: 0,") || !of_a_while && !asks {
        true => NoCredit,
        false => RateLimited,
    }
}

fn names_a_missing_model(refusal: &Refusal) -> bool {
    let says = |signs: &[&str]| signs.iter().any(|sign| refusal.words.contains(sign));
    let names_model =
        refusal.words.contains("model") || refusal.params.iter().any(|param| param == "model");
    names_model && says(MISSING) || refusal.words.lines().any(|line| line.starts_with("model: "))
}
