//! A recording of a browser's network (HAR), which every browser can save.
//!
//! It holds secrets: headers, cookies, query strings, bodies. They are dropped here, while it is read:
//! host, path, the model's name and times are all that is ever kept of a request.

use serde_json::Value;

use super::span::{Found, Kind, Span};
use super::values;

/// One request. Those that went to a model say so; a page's own files say nothing.
pub fn read(value: &Value, found: &mut Found) {
    let request = value.get("request").unwrap_or(&Value::Null);
    let response = value.get("response").unwrap_or(&Value::Null);
    let method = values::text(request, &["method"]).unwrap_or_default().to_ascii_uppercase();
    let (host, path) = host_and_path(values::text(request, &["url"]).unwrap_or_default());
    let kind = values::text(value, &["_resourceType"]).unwrap_or_default();
    let is_other = matches!(
        kind,
        "preflight"
            | "ping"
            | "document"
            | "script"
            | "stylesheet"
            | "image"
            | "font"
            | "media"
            | "manifest"
            | "websocket"
            | "beacon"
            | "csp-violation-report"
    );
    let body = body(request);
    let media = response.pointer("/content/mimeType").and_then(Value::as_str).unwrap_or_default();
    let is_call = method == "POST"
        && !is_other
        && (is_api(path) || body.asks || media.starts_with("text/event-stream"));
    let Some(started) = value.get("startedDateTime").and_then(values::moment) else {
        found.spans.push(Span::default());
        return;
    };
    let timings = value.get("timings").unwrap_or(&Value::Null);
    // -1: does not apply. `ssl` is a part of `connect`.
    let part = |key: &str| timings.get(key).and_then(|v| values::length(v, values::MILLIS));
    let sum = |keys: &[&str]| keys.iter().filter_map(|key| part(key)).sum::<i64>();
    let start = started.saturating_add(sum(&["blocked"]));
    let first = start.saturating_add(sum(&["dns", "connect", "send", "wait"]));
    let total = value.get("time").and_then(|v| values::length(v, values::MILLIS));
    let end = match (part("receive"), total) {
        (Some(receive), _) => Some(first.saturating_add(receive)),
        (None, Some(total)) => Some(started.saturating_add(total)),
        (None, None) => None,
    };
    let status = response.get("status").and_then(values::whole).unwrap_or_default();
    let failed = status == 0 || status >= 400;
    let version = values::text(response, &["httpVersion"])
        .or_else(|| values::text(request, &["httpVersion"]))
        .unwrap_or_default();
    let name = format!("{method} {path}");
    let model = body.model.or_else(|| model_in(path));
    found.spans.push(Span {
        name: name.clone().into(),
        kind: match (is_call, is_other || method == "OPTIONS" || is_file(kind, &method, media)) {
            (true, _) => Some(Kind::Model),
            // Requests of a page that calls no model are shown where there is nothing else.
            (false, false) => Some(Kind::Span),
            (false, true) => None,
        },
        agent: Some(model.clone().unwrap_or_else(|| name.clone()).into()),
        parent: Some(PAGE.into()),
        label: Some(host.into()),
        queued: Some(started),
        start: Some(start),
        first: (is_call && part("wait").is_some() && end >= Some(first) && status != 0)
            .then_some(first),
        end,
        error: failed.then(|| "".into()),
        status: u16::try_from(status).ok().filter(|_| failed),
        one_at_a_time: version.to_ascii_lowercase().starts_with("http/1"),
        model: model.map(Into::into),
        ..Span::default()
    });
}

/// The id of what holds all requests.
const PAGE: &str = "page";

/// The page, once all requests are read.
pub fn finish(found: &mut Found) {
    found.spans.push(Span { id: PAGE.into(), ..Span::default() });
}

/// Where a request went, without the query, the user and the fragment, which may be secret.
fn host_and_path(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    (host.rsplit_once('@').map_or(host, |(_, host)| host), path)
}

/// Whether a path is one of an API of models.
fn is_api(path: &str) -> bool {
    let ends = [
        "/chat/completions",
        "/completions",
        "/responses",
        "/messages",
        "/embeddings",
        ":generateContent",
        ":streamGenerateContent",
        ":embedContent",
        ":batchEmbedContents",
        ":predict",
        "/api/chat",
        "/api/generate",
        "/api/embed",
        "/converse",
        "/converse-stream",
        "/invoke-with-response-stream",
        "/rerank",
    ];
    ends.iter().any(|end| path.ends_with(end))
}

/// A page's own files, also where a browser does not say what kind of request it was.
fn is_file(kind: &str, method: &str, media: &str) -> bool {
    let is_file = ["html", "javascript", "css", "image/", "font", "video/", "audio/", "wasm"];
    kind.is_empty() && method == "GET" && is_file.iter().any(|part| media.contains(part))
}

/// Google and Azure name the model in the path.
fn model_in(path: &str) -> Option<String> {
    let after = ["/models/", "/deployments/", "/model/"]
        .iter()
        .find_map(|mark| path.split_once(mark).map(|(_, rest)| rest))?;
    let name = after.split([':', '/']).next().unwrap_or_default();
    (!name.is_empty()).then(|| name.to_owned())
}

/// What little of a request's body is looked at.
struct Body {
    /// The model that it names.
    model: Option<String>,
    /// Whether it asks a model something.
    asks: bool,
}

fn body(request: &Value) -> Body {
    let text = request.pointer("/postData/text").and_then(Value::as_str).unwrap_or_default();
    let parsed: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let model = values::text(&parsed, &["model", "modelId"]).map(|name| {
        // What stands there is a stranger's text; a model's name is short.
        name.chars().take(80).collect::<String>()
    });
    let has = |key: &str| parsed.get(key).is_some();
    let asks = model.is_some() && (has("messages") || has("input") || has("prompt"))
        || has("contents") && (has("generationConfig") || has("systemInstruction"));
    Body { model, asks }
}
