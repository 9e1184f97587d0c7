//! Reading single values as tools write them: ids, moments, attributes, texts.

use std::borrow::Cow;

use serde_json::Value;

/// Parses a record. Whole numbers that no machine number can hold become strings of their digits: some
/// tools write ids of 128 bits as numbers, and two of them must not become one.
pub fn parse(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(&with_long_numbers_quoted(text))
}

/// As many digits as every 64-bit number has at most.
const LONG: usize = 20;

/// Whether a number with so many digits may stand in it. One that long covers a byte that is looked at; right
/// behind a quote it is an id in hex.
fn may_have_long_number(bytes: &[u8]) -> bool {
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let mut at = LONG - 1;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii_digit() {
            let start = at - bytes[..at].iter().rev().take_while(is_digit).count();
            let end = at + bytes[at..].iter().take_while(is_digit).count();
            if end - start >= LONG && (start == 0 || bytes[start - 1] != b'"') {
                return true;
            }
            at = end;
        }
        at += LONG;
    }
    false
}

fn with_long_numbers_quoted(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if !may_have_long_number(bytes) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut copied) = (String::new(), 0);
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 2,
            b'"' => (in_string, at) = (!in_string, at + 1),
            b'0'..=b'9' if !in_string => {
                let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let goes_on = matches!(bytes.get(at + digits), Some(b'.' | b'e' | b'E'));
                let is_part = at > 0 && matches!(bytes[at - 1], b'.' | b'-' | b'+' | b'e' | b'E');
                if digits >= LONG && !goes_on && !is_part {
                    out.push_str(&text[copied..at]);
                    out.push('"');
                    out.push_str(&text[at..at + digits]);
                    out.push('"');
                    copied = at + digits;
                }
                at += digits;
            }
            _ => at += 1,
        }
    }
    match copied {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(out + &text[copied..]),
    }
}

/// The first of these fields that is there and not null.
pub fn field<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().find_map(|key| value.get(key).filter(|found| !found.is_null()))
}

/// The first of these fields that is a text with something in it.
pub fn text<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v str> {
    keys.iter().find_map(|key| value.get(key)?.as_str().filter(|text| !text.is_empty()))
}

/// An id, whether it is written as a text or as a number; `None` for one that is empty or all zeros.
pub fn id(value: &Value) -> Option<Box<str>> {
    let id: Cow<'_, str> = match value {
        Value::String(text) => text.trim().into(),
        Value::Number(number) => number.to_string().into(),
        _ => return None,
    };
    let bare = id.strip_prefix("0x").unwrap_or(&id);
    // All zeros say that there is none, in hex as in base64.
    let is_none = bare.trim_end_matches('=').bytes().all(|byte| byte == b'0')
        || bare.bytes().all(|byte| matches!(byte, b'A' | b'='));
    (!is_none).then(|| bare.into())
}

/// The id under the first of these keys.
pub fn id_of(value: &Value, keys: &[&str]) -> Option<Box<str>> {
    id(field(value, keys)?)
}

/// A whole number, also as a text of digits.
pub fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let number = number.as_f64().filter(|number| (0.0..9e18).contains(number))?;
            Some(number.round() as u64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number, also as a text.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => crate::time::plain_number(text.trim()),
        _ => None,
    }
}

/// The latest moment that is believed: the year 2200, in nanoseconds since 1970.
const LATEST: i64 = 7_258_118_400_000_000_000;

fn believed(nanos: i64) -> Option<i64> {
    (1..=LATEST).contains(&nanos).then_some(nanos)
}

/// A moment in nanoseconds since 1970; 0 says that there is none.
pub fn nanos(value: &Value) -> Option<i64> {
    believed(i64::try_from(whole(value)?).ok()?)
}

/// A moment or a length in microseconds, which may have a fraction; in nanoseconds.
pub fn micros(value: &Value) -> Option<i64> {
    if let Some(whole) = value.as_i64() {
        return whole.checked_mul(1000).filter(|nanos| nanos.abs() <= LATEST);
    }
    let nanos = (number(value)? * 1000.0).round();
    (nanos.abs() <= LATEST as f64).then_some(nanos as i64)
}

/// A length in milliseconds or seconds, as `per_unit` nanoseconds each.
pub fn length(value: &Value, per_unit: f64) -> Option<i64> {
    let nanos = (number(value)? * per_unit).round();
    (0.0..=LATEST as f64).contains(&nanos).then_some(nanos as i64)
}

/// Nanoseconds in a millisecond.
pub const MILLIS: f64 = 1e6;
/// Nanoseconds in a second.
pub const SECONDS: f64 = 1e9;

/// A moment as a date and a time, as [`time::moment`](crate::time::moment) reads it. Quotes around it,
/// which Langfuse's SDK writes, are no part of it.
pub fn moment(value: &Value) -> Option<i64> {
    believed(crate::time::moment(value.as_str()?.trim().trim_matches('"'))?)
}

/// Keys under which messages and answers have their text.
const TEXTS: &[&str] = &["content", "text", "parts", "messages", "output", "message", "value"];

/// What a person would read in a prompt or an answer, whatever shape it has: a text, messages, parts.
pub fn readable(value: &Value) -> String {
    // Many tools write JSON into a text.
    if let Value::String(text) = value {
        let starts_like_json = text.trim_start().starts_with(['[', '{']);
        return match serde_json::from_str::<Value>(text) {
            Ok(inner) if starts_like_json => readable_at(&inner, 0),
            _ => text.clone(),
        };
    }
    readable_at(value, 0)
}

fn readable_at(value: &Value, depth: usize) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(list) if depth < 8 => {
            let texts = list.iter().map(|item| readable_at(item, depth + 1));
            texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
        }
        Value::Object(fields) if depth < 8 => {
            match TEXTS.iter().find_map(|key| fields.get(*key).filter(|found| !found.is_null())) {
                Some(inner) => readable_at(inner, depth + 1),
                None if fields.is_empty() => String::new(),
                None => value.to_string(),
            }
        }
        other => other.to_string(),
    }
}
