//! How long an API asks to wait before the next attempt, wherever it says so.
//!
//! Vendors say it in a header, and browsers hide most headers of most vendors from a page: then what
//! their sentence says is all there is, "Please try again in 10.384s".

use std::time::Duration;

use serde_json::Value;

use super::http::Headers;
use crate::time::plain_number;

/// The wait that an answer asks for: the most exact header first, the body's words last. A wait of
/// nothing is no hint.
pub(super) fn retry_after(headers: &Headers, body: &str) -> Option<Duration> {
    let asks = |wait: &Duration| !wait.is_zero();
    (in_milliseconds(headers).filter(asks))
        .or_else(|| in_seconds(headers).filter(asks))
        .or_else(|| at_date(headers).filter(asks))
        .or_else(|| in_words(body))
}

/// OpenAI's own header.
fn in_milliseconds(headers: &Headers) -> Option<Duration> {
    let millis = plain_number(headers.get("retry-after-ms")?.trim())?;
    Duration::try_from_secs_f64(millis / 1e3).ok()
}

/// The standard's first form. Some send a fraction too.
fn in_seconds(headers: &Headers) -> Option<Duration> {
    let seconds = plain_number(headers.get("retry-after")?.trim())?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// The standard's other form. It is measured against the server's own clock: the reader's may be
/// minutes off, and then no wait at all is better than a wrong one.
fn at_date(headers: &Headers) -> Option<Duration> {
    let moment = |name| httpdate::parse_http_date(headers.get(name)?.trim()).ok();
    moment("retry-after")?.duration_since(moment("date")?).ok()
}

/// What the body of an error says about waiting, or an error inside a stream.
pub(super) fn in_words(body: &str) -> Option<Duration> {
    let told = serde_json::from_str::<Value>(body).ok();
    (told.as_ref().and_then(retry_delay))
        .or_else(|| told.as_ref().and_then(|told| in_a_field(told, DEEPEST)))
        .or_else(|| in_a_sentence(&body.to_ascii_lowercase()))
        .filter(|wait| !wait.is_zero())
}

/// Google's `RetryInfo`, in the details of its errors, alone or in a list.
fn retry_delay(body: &Value) -> Option<Duration> {
    let body = body.get(0).unwrap_or(body);
    let error = body.get("error").unwrap_or(body);
    let details = error["details"].as_array()?;
    let delay = details.iter().find_map(|detail| detail["retryDelay"].as_str())?;
    length(delay)
}

/// How deep fields are looked for.
const DEEPEST: usize = 6;

/// A number of seconds in a field: gateways have one, and Hugging Face for a model that it loads.
fn in_a_field(value: &Value, depth: usize) -> Option<Duration> {
    const NAMES: [&str; 5] =
        ["retry_after", "retry_after_seconds", "retryAfter", "retryAfterSeconds", "estimated_time"];
    if depth == 0 {
        return None;
    }
    match value {
        Value::Object(fields) => {
            let seconds = NAMES.iter().find_map(|name| fields.get(*name)?.as_f64());
            let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            wait.or_else(|| fields.values().find_map(|value| in_a_field(value, depth - 1)))
        }
        Value::Array(items) => items.iter().find_map(|item| in_a_field(item, depth - 1)),
        _ => None,
    }
}

/// OpenAI: "Please try again in 6m0s." Gemini: "Please retry in 34.07s." Azure: "Please retry after
/// 25 seconds."
fn in_a_sentence(text: &str) -> Option<Duration> {
    ["try again in ", "retry in ", "try again after ", "retry after ", "please wait "]
        .into_iter()
        .find_map(|words| length(text.split_once(words)?.1))
}

/// The length at the start of a text: `500ms`, `10.384s`, `6m0s`, `1 hour 5 minutes`.
fn length(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut sum = None;
    while let Some((part, after)) = part(rest) {
        sum = Some(sum.unwrap_or(Duration::ZERO).saturating_add(part));
        rest = after;
    }
    sum
}

/// A number with its unit, and what follows it.
fn part(text: &str) -> Option<(Duration, &str)> {
    let text = text.trim_start();
    let number = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let after = text[number..].trim_start();
    let unit = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
    let seconds = match &after[..unit] {
        "ms" | "millisecond" | "milliseconds" => 1e-3,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    };
    let count = plain_number(&text[..number])?;
    Some((Duration::try_from_secs_f64(count * seconds).ok()?, &after[unit..]))
}
