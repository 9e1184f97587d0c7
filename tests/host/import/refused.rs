//! What is no trace that can be shown, and what is said about it.

use converge::engine::Schedule;
use converge::export::{About, TraceFile};
use converge::import::{Format, ImportError, MOST_BYTES, is_gzip, read, read_in_parts, text_of};
use converge::presets::{PresetId, preset};
use serde_json::json;

use super::samples::*;
use crate::fixtures::run;

/// The answer of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    futures::FutureExt::now_or_never(future).unwrap()
}

fn says(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn has(told: &str, words: &[&str]) {
    words.iter().for_each(|word| assert!(told.to_lowercase().contains(word), "{word}: {told}"));
}

fn two() -> Vec<Fact> {
    vec![fact(1, 0, "a", What::Model("A"), 0.0, 5.0), fact(2, 0, "b", What::Model("B"), 1.0, 4.0)]
}

#[test]
fn a_file_that_was_cut_says_where_and_what_it_looks_like() {
    let text = serde_json::to_string_pretty(&otlp(&two(), Spelling::Camel)).unwrap();
    let cut: String = text.lines().take(20).collect::<Vec<_>>().join("\n");
    assert_eq!(read(&cut).unwrap_err(), ImportError::Cut { line: 20, like: Some(Format::Otlp) });
    has(&says(&cut), &["ends too early", "line 20", "opentelemetry"]);
    // At every place: never opened as if it were whole, and never a word about this page's own files.
    for end in (1..text.len() - 1).filter(|end| text.is_char_boundary(*end)) {
        if text[end..].trim().is_empty() {
            continue;
        }
        let error = read(&text[..end]).unwrap_err();
        assert!(matches!(error, ImportError::Cut { .. }), "{end}: {error:?}");
    }
}

#[test]
fn broken_json_says_where() {
    let text = serde_json::to_string_pretty(&otlp(&two(), Spelling::Camel)).unwrap();
    let broken = text.replacen("\"name\": \"b\"", "\"name\": oops", 1);
    assert!(matches!(
        read(&broken).unwrap_err(),
        ImportError::Broken { like: Some(Format::Otlp), .. }
    ));
    has(&says("[}"), &["not json", "line 1"]);
    has(&says("hello"), &["no trace that is known"]);
    has(&says("{\"a\": 1}"), &["no trace that is known"]);
    has(&says("  \n "), &["nothing"]);
}

#[test]
fn what_is_known_and_cannot_be_shown_says_what_to_do() {
    let spans = otlp(&two(), Spelling::Camel);
    let metrics = spans.to_string().replace("resourceSpans", "resourceMetrics");
    has(&says(&metrics), &["metrics", "no spans"]);
    has(&says(&json!({ "resourceLogs": [] }).to_string()), &["logs", "no spans"]);
    let session = json!({
        "id": "s", "appName": "article", "userId": "u", "state": {},
        "events": [{ "author": "Facts", "timestamp": 1_795_881_930.025_f64 }],
        "lastUpdateTime": 1_795_881_931.2_f64,
    });
    has(&says(&session.to_string()), &["one time", "began", "trace", "/debug/trace/session/"]);
    let list = json!({ "data": [{
        "id": "t", "timestamp": "2026-11-17T08:12:44.100Z", "name": "podcast", "latency": 4.2,
        "observations": ["o1", "o2"],
    }], "meta": { "page": 1 } });
    has(&says(&list.to_string()), &["list", "download as json"]);
    let nothing = json!({ "resourceSpans": [{ "scopeSpans": [{ "spans": [] }] }] });
    has(&says(&nothing.to_string()), &["otlp", "no spans"]);
    let open: Vec<Fact> = two().into_iter().map(Fact::open).collect();
    has(&says(&otlp(&open, Spelling::Camel).to_string()), &["no call", "end"]);
}

#[test]
fn what_is_no_text_is_told_from_what_is_compressed() {
    let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
    assert!(is_gzip(&packed));
    has(&text_of(packed.into()).unwrap_err().to_string(), &["compressed"]);
    has(&text_of(b"PK\x03\x04..".into()).unwrap_err().to_string(), &["compressed"]);
    has(&text_of(vec![0x0a, 0xff, 0xfe, 0x00]).unwrap_err().to_string(), &["not text", "json"]);
    assert_eq!(text_of(b"{}".into()).unwrap(), "{}");
}

#[test]
fn what_is_too_large_is_refused_with_a_reason() {
    let long = " ".repeat(MOST_BYTES + 1);
    has(&says(&long), &["mb", "most"]);
    let many: Vec<Fact> =
        (1..=125_001).map(|id| fact(id, 0, "a", What::Http, id as f64, id as f64 + 1.0)).collect();
    let lines: String = zipkin(&many).to_string();
    has(&says(&lines), &["more than 125000 spans"]);
}

#[test]
fn reading_says_how_far_it_is() {
    let many: Vec<Fact> = (1..=2000)
        .map(|id| fact(id, 0, "a", What::Model(""), id as f64, id as f64 + 9.0))
        .collect();
    let text = zipkin(&many).to_string();
    let seen = std::cell::RefCell::new(Vec::new());
    let all = read_in_parts(&text, async |done| {
        seen.borrow_mut().push(done);
    });
    ready(all).unwrap();
    let seen = seen.into_inner();
    assert!(
        seen.len() > 20 && seen.is_sorted() && seen.iter().all(|done| (0.0..=1.0).contains(done))
    );
}

#[test]
fn this_page_s_files_are_opened_whatever_their_size() {
    let wide = preset(PresetId::Topic, 1);
    let schedule = Schedule::parallel();
    let ran = run(&wide.pipeline, &wide.scripts, schedule);
    let about = About {
        pipeline: &wide.pipeline,
        schedule,
        provider: "simulated",
        model: None,
        started: "2026-11-22T10:00:00Z",
        hidden: false,
    };
    let file = TraceFile::new(&ran.trace, about);
    let import = read(&file.text()).unwrap();
    assert_eq!(import.format, Format::Converge);
    assert_eq!(import.file(), file);
    assert_eq!(import.pieces.len(), wide.scripts.len());
    let newer = file.text().replacen("\"version\":1", "\"version\":9", 1);
    has(&says(&newer), &["version 9", "newer"]);
}
