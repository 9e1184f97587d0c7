//! What holds of any list of spans, however odd, in any format; and of any text at all.
//!
//! Every test of texts tries a few thousand; `CONVERGE_FUZZ=1000000 cargo test --test host mutated` tries
//! as many as that says.

use std::time::Duration;

use converge::import::{Format, Import, read};
use converge::pipeline::Pipeline;
use converge::time::Instant;
use converge::timeline::Timeline;
use converge::verdict::Verdict;
use proptest::prelude::*;
use serde_json::Value;

use super::samples::*;
use crate::fixtures::check_log;

/// A span drawn at random, with what may be odd about it.
#[derive(Clone, Debug)]
struct Draw {
    start: u64,
    length: u64,
    parent: u64,
    what: u8,
    oddity: u8,
}

fn draws() -> impl Strategy<Value = Vec<Draw>> {
    let draw = (
        0..4000_u64,
        prop_oneof![Just(0_u64), 1..900_u64, Just(100_u64)],
        any::<u64>(),
        0..7_u8,
        0..24_u8,
    )
        .prop_map(|(start, length, parent, what, oddity)| Draw {
            start,
            length,
            parent,
            what,
            oddity,
        });
    proptest::collection::vec(draw, 1..40)
}

/// The spans, and how often each oddity was put in: twice, no end, no parent, a circle.
fn facts(draws: &[Draw]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (place, draw) in draws.iter().enumerate() {
        let id = place as u64 + 1;
        let what = match draw.what {
            0..=2 => What::Model(["", "A", "B"][usize::from(draw.what)]),
            3 => What::Tool,
            4 => What::Agent,
            5 => What::Chain,
            _ => What::Http,
        };
        let parent = match draw.oddity {
            // Not in the file, itself, or a later one, which may lead round in a circle.
            0 => 9_999,
            1 => id,
            2 => draw.parent % draws.len() as u64 + 1,
            _ => draw.parent % id,
        };
        let start = draw.start as f64;
        let mut one =
            fact(id, parent, &format!("span {}", id % 5), what, start, start + draw.length as f64);
        match draw.oddity {
            3 => one = one.open(),
            // It ends before it begins.
            4 => one.end = Some(start - 3.0),
            5 => facts.push(one.clone()),
            _ => {}
        }
        facts.push(one);
    }
    facts
}

/// Whatever was drawn.
fn holds(import: &Import) {
    // Of this page's own files the pipeline is known; what holds of those is tested beside them.
    if import.format == Format::Converge {
        return;
    }
    let figures = &import.figures;
    assert_eq!(figures.work + figures.idle(), figures.sequential(), "work and idle");
    let ended: Vec<_> = import.pieces.iter().filter_map(|p| Some((p.start, p.end?))).collect();
    let last = ended.iter().map(|(_, end)| *end).max().unwrap();
    assert!(Instant::ZERO + figures.makespan >= last, "nothing ends after the end");
    assert!(figures.busy <= figures.makespan);
    if figures.overlapped() {
        assert!(figures.sequential() > figures.makespan);
        assert!(figures.max_at_once >= 2);
    }
    // Every piece is an agent, and its log is one like any other's.
    let pipeline = &import.pipeline;
    assert_eq!(pipeline.agents().len(), import.pieces.len());
    check_log(pipeline, &import.log, std::num::NonZeroUsize::MAX);
    // What agents need is what their prompts read.
    let inferred = Pipeline::new(Vec::new(), pipeline.agents().to_vec()).unwrap();
    assert_eq!(*pipeline, inferred);
    // At one moment, what goes on comes before what begins, and otherwise the pieces are in their order.
    let [_, of_pieces @ .., _] = import.log.events() else { panic!("a log without a run") };
    assert!(of_pieces.is_sorted_by_key(|event| {
        let place = event.span.agent_index().unwrap();
        let piece = &import.pieces[place];
        (event.at, piece.queued.unwrap_or(piece.start) >= event.at, place)
    }));
    let timeline = Timeline::at(&import.log, import.pieces.len(), import.log.end());
    for (piece, lane) in import.pieces.iter().zip(timeline.lanes()) {
        assert_eq!(lane.started, Some(piece.start));
        assert_eq!(lane.end(), Some(piece.end.unwrap_or(piece.start)));
    }
    // One after another takes what the figures say, and has every piece in it.
    let sequential = import.sequential().unwrap();
    assert_eq!(sequential.cursor() - Instant::ZERO, figures.sequential());
    assert!(sequential.max_in_flight() <= 1);
    for (piece, lane) in import.pieces.iter().zip(sequential.lanes()) {
        let took = lane.started.zip(lane.end()).map(|(start, end)| end - start);
        assert_eq!(took, piece.end.map(|end| end - piece.start));
    }
    // Without what only time suggests, it takes no longer, and no less than its longest piece.
    let overlapped = import.overlapped().unwrap().cursor() - Instant::ZERO;
    let longest = ended.iter().map(|(start, end)| *end - *start).max().unwrap();
    let slack = Duration::from_millis(import.pieces.len() as u64);
    assert!(overlapped <= figures.makespan + slack, "{overlapped:?} {:?}", figures.makespan);
    assert!(overlapped >= longest);
    let verdict = Verdict::of_import(import);
    assert!(!verdict.sentences().is_empty());
    let summed: usize = import.needless.iter().map(Vec::len).sum();
    assert!(summed <= import.pieces.len());
}

fn count(import: &Import, word: &str) -> usize {
    import.notes.iter().filter(|(note, _)| note.as_str() == word).map(|(_, count)| *count).sum()
}

proptest! {
    #[test]
    fn any_spans_keep_the_rules(draws in draws()) {
        let facts = facts(&draws);
        let text = otlp(&facts, Spelling::Camel).to_string();
        let Ok(import) = read(&text) else { return Ok(()) };
        holds(&import);
        // Nothing odd goes without a note.
        let odd = |oddity: u8| draws.iter().filter(|draw| draw.oddity == oddity).count();
        prop_assert_eq!(count(&import, "twice"), odd(5));
        prop_assert_eq!(count(&import, "no-parent") > 0, odd(0) > 0);
        prop_assert!(count(&import, "circle") >= odd(1));
        let open = import.pieces.iter().filter(|piece| piece.end.is_none()).count();
        prop_assert_eq!(count(&import, "no-end") + count(&import, "negative"), open);
        // Spelling is no difference.
        let go = read(&otlp(&facts, Spelling::Go).to_string()).unwrap();
        prop_assert_eq!(go.pieces, import.pieces);
    }

    #[test]
    fn any_spans_are_the_same_in_other_formats(draws in draws()) {
        let mut facts = facts(&draws);
        facts.retain(|fact| fact.end.is_some_and(|end| end >= fact.start));
        for text in [zipkin(&facts).to_string(), langfuse(&facts).to_string(), jaeger(&facts).to_string()] {
            if let Ok(import) = read(&text) {
                holds(&import);
            }
        }
        if let Ok(import) = read(&lines(&langsmith(&facts))) {
            holds(&import);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|[\\[\\]{}:,\"0-9\\\\\n]){0,200}") {
        if let Ok(import) = read(&text) {
            holds(&import);
        }
    }
}

/// One file of each format.
fn seeds() -> Vec<String> {
    let call = "chat gpt-6";
    let facts = vec![
        fact(1, 0, "invoke_workflow Trip", What::Chain, 0.0, 240.0),
        fact(2, 1, "Gather", What::Agent, 2.0, 151.0),
        fact(3, 2, call, What::Model("A"), 6.0, 70.0).said(24.0, (61, 88)),
        fact(4, 2, call, What::Model("B"), 7.0, 150.0).said(60.0, (140, 412)),
        fact(5, 1, "look up", What::Tool, 160.0, 180.0),
        fact(6, 1, "write", What::Model("C"), 181.0, 230.0),
    ];
    let otlp_text = otlp(&facts, Spelling::Camel).to_string();
    let event = |ph: &str, tid: u64, ts: u64| serde_json::json!({ "name": "n", "ph": ph, "pid": 1, "tid": tid, "ts": ts, "dur": 50, "id": 4, "cat": "c", "args": { "name": "t" } });
    let events: Vec<Value> = ["X", "B", "E", "b", "e", "s", "f", "M", "i", "C"]
        .iter()
        .enumerate()
        .map(|(at, ph)| event(ph, at as u64 % 3, at as u64 * 9))
        .collect();
    vec![
        otlp_text.clone(),
        otlp(&facts, Spelling::Go).to_string(),
        serde_json::to_string_pretty(&otlp(&facts, Spelling::Camel)).unwrap(),
        lines(&langsmith(&facts)),
        langfuse(&facts).to_string(),
        jaeger(&facts).to_string(),
        zipkin(&facts).to_string(),
        openai(&facts).to_string(),
        adk(&facts, "322509591043840478563333051843968716276"),
        serde_json::json!({ "traceEvents": events }).to_string(),
        har(vec![har_entry(
            "POST",
            "https://a.example/v1/messages?k=CANARY",
            "fetch",
            "{\"model\":\"m\",\"messages\":[]}",
            1.0,
            [0.1, 2.0, 0.1, 5.0, 9.0],
        )])
        .to_string(),
        lines(&[
            claude(1.0, vec![calls("a", "Read", serde_json::json!({ "file_path": "/x" }))]),
            claude(2.0, vec![answers("a", false)]),
        ]),
        read(&otlp_text).unwrap().file().text(),
    ]
}

/// What a mutation puts in place of something.
const PIECES: &[&str] = &[
    "",
    "null",
    "-1",
    "0",
    "1e308",
    "18446744073709551616",
    "\"\"",
    "[]",
    "{}",
    "[[[[",
    "}}",
    "\"",
    "\\u0000",
    "\\ud800",
    "9223372036854775807",
    "true",
    ",",
    ":",
    "\u{feff}",
    "\u{202e}",
    "-0.0",
    "\"2026-13-45T99:99:99Z\"",
    "\"NaN\"",
    "\n",
    "{\"spans\":[{",
    "{\"data\":[{",
    "\"traceEvents\":[",
];

#[test]
fn no_mutated_file_panics_or_hangs() {
    let tries: usize =
        std::env::var("CONVERGE_FUZZ").ok().and_then(|tries| tries.parse().ok()).unwrap_or(4000);
    let seeds = seeds();
    let mut chance = fastrand::Rng::with_seed(19);
    for _ in 0..tries {
        let mut text = seeds[chance.usize(..seeds.len())].clone();
        for _ in 0..chance.usize(1..5) {
            let boundary = |text: &str, at: usize| {
                (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
            };
            let from = boundary(&text, chance.usize(..=text.len()));
            let to = boundary(&text, from + chance.usize(..40)).max(from);
            match chance.u8(..6) {
                0 => text.truncate(from),
                1 => text.replace_range(from..to, ""),
                2 => text.insert_str(from, PIECES[chance.usize(..PIECES.len())]),
                3 => {
                    let again = text[from..to].to_owned();
                    text.insert_str(from, &again);
                }
                // A value for another one: from a colon to the next comma.
                4 => {
                    if let Some(colon) = text[from..].find(':').map(|at| from + at + 1) {
                        let end =
                            text[colon..].find([',', '}', ']']).map_or(text.len(), |at| colon + at);
                        text.replace_range(colon..end, PIECES[chance.usize(..PIECES.len())]);
                    }
                }
                _ => {
                    let other = &seeds[chance.usize(..seeds.len())];
                    let at = boundary(other, chance.usize(..=other.len()));
                    text.push_str(&other[at..]);
                }
            }
        }
        if let Ok(import) = read(&text) {
            holds(&import);
        }
    }
}
