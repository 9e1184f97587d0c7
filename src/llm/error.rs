//! What APIs say when they refuse: found in the many shapes in which they say it, judged, and made fit
//! to be shown.
//!
//! `{"error": {"message": ".."}}` is the most usual shape. Others put a sentence in `error`, `detail` or
//! `message`, a gateway puts its provider's whole answer, as a string, into `metadata.raw` or behind a
//! sentence of its own, and some say it under status 200. [`Refusal`] reads them all;
//! [`signs`](super::signs) says what they mean.

use serde_json::Value;

use super::hints;
use super::http::Headers;
use super::json;
use super::key::ApiKey;
use super::signs;
use crate::model::ModelError;

/// As much of a server's message as the page shows, in characters.
const SHOWN: usize = 300;

/// How deep errors are looked for, one inside the other.
const DEEPEST: usize = 8;

/// A gateway wraps what its provider said; more sentences than these say nothing new.
const MOST_SENTENCES: usize = 3;

/// What an API says about a call that it refuses.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    /// Its sentences, from the outermost to the innermost.
    sentences: Vec<String>,
    /// The values of its fields (`type`, `code`, `status`, `reason`, `quotaId`), in lower case and
    /// without anything but letters and digits.
    pub codes: Vec<String>,
    /// Which fields of the call it names, in lower case.
    pub params: Vec<String>,
    /// The HTTP status that it says it has.
    pub status: Option<u16>,
    /// Whether it is a page for people.
    pub is_page: bool,
    /// Whether it asks to wait, in a field of its own.
    pub asks_to_wait: bool,
    /// All its words in lower case.
    pub words: String,
}

impl Refusal {
    /// Reads the body of an error.
    pub fn of_body(body: &str) -> Self {
        match json::parse(body) {
            Some(value) => Self::of(&value),
            None if is_markup(body) => Self::of_page(body),
            None => Self::of_text(body),
        }
    }

    /// Reads an error that is JSON.
    pub fn of(value: &Value) -> Self {
        let mut refusal = Self::default();
        refusal.read(value, DEEPEST);
        if refusal.sentences.is_empty() {
            // Whatever it is, it is all that there is to show.
            refusal.sentences.push(value.to_string());
        }
        refusal.gather()
    }

    /// Reads an error that is a sentence, which may have JSON in it.
    pub fn of_text(text: &str) -> Self {
        let mut refusal = Self::default();
        refusal.say(text, DEEPEST);
        refusal.gather()
    }

    /// Markup says nothing to a reader, except for its title.
    fn of_page(body: &str) -> Self {
        let title = (body.split_once("<title>"))
            .and_then(|(_, rest)| Some(rest.split_once("</title>")?.0.trim().to_owned()));
        let sentences = title.filter(|title| !title.contains('<')).into_iter().collect();
        let words = body.to_ascii_lowercase();
        Self { sentences, is_page: true, words, ..Self::default() }
    }

    /// What is shown of it.
    pub fn message(&self) -> String {
        let mut shown: Vec<&str> = Vec::new();
        for sentence in self.sentences.iter().map(|sentence| sentence.trim()) {
            if sentence.is_empty() || shown.iter().any(|said| said.contains(sentence)) {
                continue;
            }
            shown.retain(|said| !sentence.contains(said));
            shown.push(sentence);
        }
        shown.truncate(MOST_SENTENCES);
        let mut message = String::new();
        for sentence in shown {
            if !message.is_empty() {
                message.push_str(if message.ends_with(['.', ':', '!', '?']) { " " } else { ": " });
            }
            message.push_str(sentence);
        }
        message
    }

    /// All words that can be searched: sentences, and codes that are sentences.
    fn gather(mut self) -> Self {
        self.words += &self.sentences.join("\n").to_ascii_lowercase();
        self
    }

    /// Takes a sentence and what JSON there is in it.
    fn say(&mut self, text: &str, depth: usize) {
        let embedded = if depth > 0 { json::embedded(text) } else { None };
        match embedded {
            Some((before, value)) => {
                let before = before.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
                let before = before.strip_suffix(" b").unwrap_or(before).trim();
                if !before.is_empty() {
                    self.sentences.push(before.to_owned());
                }
                let said = self.sentences.len();
                self.read(&value, depth - 1);
                if self.sentences.len() == said {
                    self.sentences.push(text.to_owned());
                }
            }
            None => self.sentences.push(text.to_owned()),
        }
    }

    fn read(&mut self, value: &Value, depth: usize) {
        if depth == 0 {
            return;
        }
        match value {
            Value::String(text) => self.say(text, depth),
            Value::Array(items) => items.iter().take(8).for_each(|item| self.read(item, depth - 1)),
            Value::Object(fields) => {
                let named: Vec<(String, &Value)> = (fields.iter())
                    .map(|(name, value)| (signs::plain(name), value))
                    .filter(|(_, value)| !value.is_null())
                    .collect();
                let of = |names: &'static [&'static str]| {
                    let named = &named;
                    names.iter().flat_map(move |name| {
                        named.iter().filter(move |(own, _)| own == name).map(|(_, value)| *value)
                    })
                };
                of(CODES).for_each(|code| self.take_code(code));
                of(PARAMS).for_each(|param| self.take_param(param));
                let place = place(fields.get("loc"));
                for value in of(SENTENCES) {
                    match (value, &place) {
                        (Value::String(text), Some(place)) => {
                            self.sentences.push(format!("{place}: {text}"));
                        }
                        (value, _) => self.read(value, depth - 1),
                    }
                }
                // Whatever else has something inside, without what only echoes the call.
                for (name, value) in &named {
                    let known = [SENTENCES, PARAMS, CODES];
                    let is_read = known.iter().any(|known| known.contains(&name.as_str()));
                    let holds_more = match value {
                        Value::String(text) => text.trim_start().starts_with(['{', '[']),
                        value => value.is_object() || value.is_array(),
                    };
                    if !is_read && holds_more && !ECHOES.contains(&name.as_str()) {
                        self.read(value, depth - 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn take_code(&mut self, code: &Value) {
        let number = match code {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let status = number.and_then(|number| u16::try_from(number).ok());
        if let Some(status) = status.filter(|status| (400..600).contains(status)) {
            self.status.get_or_insert(status);
        }
        if let Value::String(text) = code {
            self.codes.push(signs::plain(text));
            // Some have a sentence in the place for a code.
            self.words += &text.to_ascii_lowercase();
            self.words.push('\n');
        }
    }

    fn take_param(&mut self, param: &Value) {
        match param {
            Value::String(text) => self.params.push(text.to_ascii_lowercase()),
            Value::Array(items) => items.iter().for_each(|item| self.take_param(item)),
            _ => {}
        }
    }

    /// The failure that it is, under that HTTP status.
    pub fn under(mut self, status: u16, headers: &Headers, body: &str) -> ModelError {
        let retry_after = hints::retry_after(headers, body);
        self.asks_to_wait = retry_after.is_some();
        let kind = signs::kind(&self, status);
        ModelError::Status { status, message: self.message(), kind, retry_after }
    }

    /// The failure that it is inside an answer, under status 200. Its own number or word tells which
    /// status it stands for; without either it has none.
    fn inside(mut self, body: &str) -> ModelError {
        let retry_after = hints::in_words(body);
        self.asks_to_wait = retry_after.is_some();
        let kind = signs::kind(&self, 200);
        let status = self.status.or_else(|| signs::status(&self.codes)).unwrap_or(200);
        let message = self.message();
        ModelError::Status { status, message, kind, retry_after }
    }
}

/// Fields with a word or a number for the kind of error.
const CODES: &[&str] = &[
    "code",
    "type",
    "status",
    "statuscode",
    "reason",
    "quotaid",
    "errorcode",
    "errcode",
    "errortype",
    "httpstatus",
    "kind",
];

/// Fields that name a part of the call.
const PARAMS: &[&str] = &["param", "loc", "field", "parameter", "argument"];

/// Fields with sentences, or with an object that has some. What wraps comes before what is wrapped.
const SENTENCES: &[&str] = &[
    "error",
    "errors",
    "message",
    "msg",
    "errormessage",
    "errormsg",
    "errmsg",
    "statusmsg",
    "detail",
    "details",
    "description",
    "errordescription",
    "raw",
    "cause",
    "failedgeneration",
];

/// Fields that repeat what was sent, or are about something else.
const ECHOES: &[&str] =
    &["input", "ctx", "url", "headers", "request", "messages", "prompt", "links", "help", "usage"];

/// Where FastAPI found what it objects to: `temperature` for `["body", "temperature"]`.
fn place(loc: Option<&Value>) -> Option<String> {
    let parts = loc?.as_array()?.iter().filter_map(|part| match part {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let parts: Vec<String> =
        parts.filter(|part| !matches!(part.as_str(), "body" | "query" | "path")).collect();
    (!parts.is_empty()).then(|| parts.join("."))
}

fn is_markup(body: &str) -> bool {
    body.trim_start().starts_with('<')
}

/// The error in an event or a document that came under status 200.
pub(super) fn inside(event: &Value) -> ModelError {
    Refusal::of(event).inside(&event.to_string())
}

/// The same of a text that is no JSON.
pub(super) fn inside_text(text: &str) -> ModelError {
    Refusal::of_text(text).inside(text)
}

/// Whether a text begins as errors do.
pub(super) fn begins_as_one(text: &str) -> bool {
    let begins = text.trim_start().trim_start_matches('[').get(..5);
    begins.is_some_and(|begins| begins.eq_ignore_ascii_case("error"))
}

/// Whether a text that is no part of an answer tells of a failure.
pub(super) fn is_told(text: &str) -> bool {
    let refusal = Refusal::of_text(text);
    !is_markup(text)
        && (begins_as_one(text)
            || signs::kind(&refusal, 200).is_some()
            || ["error", "exception", "failed"].iter().any(|sign| refusal.words.contains(sign)))
}

/// The error that stands where an answer should be, whatever vendor's shape it has: JSON without an
/// answer, with an error in one of the usual places.
pub(super) fn stated(value: &Value) -> Option<ModelError> {
    let first = match value {
        Value::Array(items) => items.first()?,
        value => value,
    };
    let fields = first.as_object()?;
    let has = |name: &str| match fields.get(name) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(inner)) => !inner.is_empty(),
        Some(_) => true,
    };
    let says = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_error = |word: &str| {
        let word = word.to_ascii_lowercase();
        ["error", "fail", "exception"].iter().any(|sign| word.contains(sign))
    };
    let number = |name: &str| match fields.get(name) {
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    // MiniMax says how a call went in an object of its own.
    let own = fields.get("base_resp").and_then(|own| own["status_code"].as_i64());
    let has_sentence =
        ["message", "msg", "error_msg", "error_message", "errmsg", "detail"].into_iter().any(has);
    let has_code =
        ["code", "status", "status_code", "error_code", "errcode"].into_iter().any(|name| {
            number(name).is_some_and(|number| number != 0 && !(100..400).contains(&number))
                || is_error(says(name))
        });
    let is_one = has("error")
        || has("errors")
        || ["object", "type", "status"].into_iter().any(|name| is_error(says(name)))
        || fields.get("success") == Some(&Value::Bool(false))
        || own.is_some_and(|code| code != 0)
        || has_sentence && has_code
        || has("detail") && fields.len() == 1;
    is_one.then(|| inside(first))
}

/// The error as it may be shown: in one line, of bounded length, without the key.
pub(super) fn presentable(error: ModelError, key: &ApiKey) -> ModelError {
    let ModelError::Status { status, message, kind, retry_after } = error else { return error };
    let words: Vec<&str> = message
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    // First the key, then the length: a key cut in half would be harder to find.
    let mut message = key.redact(&words.join(" "));
    if let Some((end, _)) = message.char_indices().nth(SHOWN) {
        message.truncate(end);
        message.push('…');
    }
    ModelError::Status { status, message, kind, retry_after }
}
