//! What files of tracing tools come to: pieces, lanes, figures, verdict, in each of the shapes that the
//! tools write. Those of tools for agents are in `tools.rs`.

use converge::import::{Import, read};
use converge::time::Instant;
use converge::verdict::Verdict;
use serde_json::{Value, json};

use super::samples::*;

/// The run as text: a line for each piece, then the figures, all in milliseconds.
fn picture(import: &Import) -> String {
    let ms = |at: Instant| format!("{}", at.as_micros() as f64 / 1000.0);
    let some = |at: Option<Instant>| at.map_or("-".into(), ms);
    let length = |length: std::time::Duration| format!("{}", length.as_micros() as f64 / 1000.0);
    let mut out = String::new();
    for piece in &import.pieces {
        let tokens =
            piece.usage.map_or("-".into(), |u| format!("{}/{}", u.input_tokens, u.output_tokens));
        let (queued, first) = (some(piece.queued), some(piece.first));
        out += &format!(
            "{} | {} | {} | {queued} {} {first} {} | {} | {tokens}\n",
            piece.lane,
            piece.name,
            piece.kind.as_str(),
            ms(piece.start),
            some(piece.end),
            piece.outcome(),
        );
    }
    let figures = &import.figures;
    let lane = |place: &usize| import.pieces[*place].lane.as_str();
    let path = import.critical_path();
    let path: Vec<&str> = path.iter().map(lane).collect();
    let needless: Vec<Vec<&str>> =
        import.needless.iter().map(|group| group.iter().map(lane).collect()).collect();
    out += &format!(
        "makespan {} work {} busy {} idle {} sequential {} saved {} | {} at once\npath {}\n",
        length(figures.makespan),
        length(figures.work),
        length(figures.busy),
        length(figures.idle()),
        length(figures.sequential()),
        length(figures.saved()),
        figures.max_at_once,
        path.join(" > "),
    );
    for group in needless {
        out += &format!("needless {}\n", group.join(" "));
    }
    if let Some(could) = import.could_take() {
        out += &format!("could take {}\n", length(could));
    }
    for note in import.notes() {
        out += &format!("note: {note}\n");
    }
    out + Verdict::of_import(import).answer.as_str()
}

pub fn check(text: &str, expected: &str) -> Import {
    let import = read(text).unwrap();
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(picture(&import), expected.join("\n"), "{}", import.summary());
    // The sequential run is what the figures say, and no lane is lost in any run.
    let sequential = import.sequential().unwrap();
    assert_eq!(sequential.cursor() - Instant::ZERO, import.figures.sequential());
    import
}

/// A workflow whose first step asks three agents at once.
fn trip() -> Vec<Fact> {
    let call = "generate_content gemini-3-flash";
    let agent = |id, parent, name: &str, start, end| {
        fact(id, parent, &format!("invoke_agent {name}"), What::Agent, start, end)
    };
    vec![
        fact(1, 0, "invoke_workflow Trip", What::Chain, 0.0, 2440.0),
        agent(2, 1, "Gather", 2.0, 1512.0),
        agent(3, 2, "Weather", 3.0, 707.0),
        fact(4, 3, call, What::Model("Weather"), 6.0, 706.0).said(240.0, (61, 88)),
        agent(5, 2, "Flights", 4.0, 1508.0),
        fact(6, 5, call, What::Model("Flights"), 7.0, 1507.0).said(600.0, (140, 412)),
        agent(7, 2, "Hotels", 6.0, 1110.0),
        fact(8, 7, call, What::Model("Hotels"), 9.0, 1109.0).said(400.0, (133, 305)),
        agent(9, 1, "Planner", 1517.0, 2421.0),
        fact(10, 9, call, What::Model("Planner"), 1520.0, 2420.0).said(300.0, (944, 560)),
    ]
}

const TRIP: &str = "
    Weather | generate_content gemini-3-flash | model | - 6 246 706 | done | 61/88
    Flights | generate_content gemini-3-flash | model | - 7 607 1507 | done | 140/412
    Hotels | generate_content gemini-3-flash | model | - 9 409 1109 | done | 133/305
    Planner | generate_content gemini-3-flash | model | - 1520 1820 2420 | done | 944/560
    makespan 2440 work 4200 busy 2401 idle 39 sequential 4239 saved 1799 | 3 at once
    path Flights > Planner
    parallel";

#[test]
fn otlp_in_every_spelling_is_the_same_run() {
    let camel = otlp(&trip(), Spelling::Camel);
    let import = check(&camel.to_string(), TRIP);
    assert_eq!(import.summary(), "OTLP, 10 spans, 4 agents");
    check(&serde_json::to_string_pretty(&camel).unwrap(), TRIP);
    check(&otlp(&trip(), Spelling::Go).to_string(), TRIP);
    // Tempo, and its API around it.
    let batches = json!({ "batches": camel["resourceSpans"] });
    check(&batches.to_string(), TRIP);
    check(&json!({ "trace": { "resourceSpans": camel["resourceSpans"] } }).to_string(), TRIP);
    let old = camel.to_string().replace("scopeSpans", "instrumentationLibrarySpans");
    check(&old, TRIP);
    check(&format!("\u{feff}{camel}"), TRIP);
}

#[test]
fn lines_glued_objects_and_single_resources_are_read_as_well() {
    let facts = reviews();
    let parts: Vec<Value> = facts.chunks(2).map(|part| otlp(part, Spelling::Camel)).collect();
    let lines_of = |parts: &[Value]| lines(parts);
    check(&lines_of(&parts), REVIEWS);
    check(&lines_of(&parts).replace('\n', ""), REVIEWS);
    check(&lines_of(&parts).replace('\n', "\r\n\r\n"), REVIEWS);
    let java: Vec<Value> = parts.iter().map(|part| part["resourceSpans"][0].clone()).collect();
    check(&lines_of(&java), REVIEWS);
    check(&Value::Array(parts.clone()).to_string(), REVIEWS);
    // While a collector still writes, the last line is not whole.
    let cut = lines_of(&parts) + "{\"resourceSpans\": [{\"scopeSp";
    assert!(read(&cut).unwrap().notes().iter().any(|note| note.contains("last line")));
}

/// Three reviews under a span called parallel, none of which overlaps, and what merges them.
fn reviews() -> Vec<Fact> {
    let model = |id, parent, name, start, end| fact(id, parent, name, What::Model(""), start, end);
    vec![
        model(1, 4, "legal_review", 40.0, 1250.0).counted(310, 95),
        model(2, 4, "finance_review", 1265.0, 3105.0).counted(310, 95),
        fact(3, 4, "ops_review", What::Tool, 3120.0, 4070.0).counted(310, 95),
        fact(4, 6, "parallel_review", What::Chain, 30.0, 4080.0),
        model(5, 6, "merge", 4095.0, 4795.0),
        fact(6, 0, "contract_review", What::Chain, 0.0, 4810.0),
    ]
}

const REVIEWS: &str = "
    legal_review | legal_review | model | - 40 - 1250 | done | 310/95
    finance_review | finance_review | model | - 1265 - 3105 | done | 310/95
    ops_review | ops_review | tool | - 3120 - 4070 | done | 310/95
    merge | merge | model | - 4095 - 4795 | done | -
    makespan 4810 work 4700 busy 4700 idle 110 sequential 4810 saved 0 | 1 at once
    path legal_review > finance_review > ops_review > merge
    needless legal_review finance_review ops_review
    could take 2650
    sequential";

#[test]
fn what_ends_early_twice_or_never_is_noted() {
    let agent = |id, name: &str, start, end| {
        fact(id, 1, &format!("invoke_agent {name}"), What::Agent, start, end)
    };
    let chat = |id, parent, start, end| {
        fact(id, parent, "chat claude-sonnet-5", What::Model(""), start, end).counted(512, 140)
    };
    let papers = chat(3, 2, 130.0, 2315.0);
    let facts = vec![
        fact(1, 0, "POST /digest", What::Http, 0.0, 180.0),
        agent(2, "Papers", 120.0, 2320.0),
        papers.clone(),
        fact(4, 3, "POST /v1/messages", What::Http, 132.0, 2314.0),
        agent(5, "Patents", 125.0, 1725.0),
        chat(6, 5, 135.0, 1720.0),
        // Another machine's clock: below a piece, it stretches nothing.
        fact(7, 6, "POST /v1/messages", What::Http, 137.0, 9000.0),
        agent(8, "Press", 130.0, 990.0),
        chat(9, 8, 140.0, 985.0),
        papers,
        fact(10, 170, "execute_tool send_mail", What::Tool, 2330.0, 2410.0),
        fact(11, 1, "chat claude-sonnet-5", What::Model("Archivist"), 2350.0, 0.0).open(),
    ];
    let expected = "
        Papers | chat claude-sonnet-5 | model | - 130 - 2315 | done | 512/140
        Patents | chat claude-sonnet-5 | model | - 135 - 1720 | done | 512/140
        Press | chat claude-sonnet-5 | model | - 140 - 985 | done | 512/140
        send_mail | execute_tool send_mail | tool | - 2330 - 2410 | done | -
        Archivist | chat claude-sonnet-5 | model | - 2350 - - | no end | -
        makespan 2410 work 4695 busy 2265 idle 145 sequential 4840 saved 2430 | 3 at once
        path Papers > send_mail
        note: 1 span twice: shown once.
        note: 1 span without an end: left out of the sums.
        note: 1 parent that is not in the file: what names one stands alone.
        parallel";
    check(&otlp(&facts, Spelling::Camel).to_string(), expected);
}

#[test]
fn jaeger_shows_a_limit() {
    let mut facts = vec![fact(1, 0, "LangGraph", What::Chain, 0.0, 3020.0)];
    let tasks = [
        ("forecast Oslo", 10.0, 1010.0, Some((44, 61))),
        ("forecast Lima", 12.0, 1412.0, Some((44, 61))),
        ("forecast Pune", 1015.0, 1915.0, Some((44, 61))),
        ("forecast Kyiv", 1420.0, 2220.0, Some((44, 61))),
        ("compare", 2230.0, 3010.0, None),
    ];
    for (place, (name, start, end, tokens)) in tasks.into_iter().enumerate() {
        let id = 2 + 2 * place as u64;
        facts.push(fact(id, 1, name, What::Chain, start, end));
        let end = if tokens.is_some() { end - 2.0 } else { end - 5.0 };
        let call = fact(id + 1, id, "openai.chat", What::Model(""), start + 4.0, end);
        facts.push(Fact { tokens, ..call });
    }
    let import = check(
        &jaeger(&facts).to_string(),
        "
        forecast Oslo | openai.chat | model | - 14 - 1008 | done | 44/61
        forecast Lima | openai.chat | model | - 16 - 1410 | done | 44/61
        forecast Pune | openai.chat | model | - 1019 - 1913 | done | 44/61
        forecast Kyiv | openai.chat | model | - 1424 - 2218 | done | 44/61
        compare | openai.chat | model | - 2234 - 3005 | done | -
        makespan 3020 work 4847 busy 2975 idle 45 sequential 4892 saved 1872 | 2 at once
        path forecast Lima > forecast Kyiv > compare
        could take 2210
        partly",
    );
    let told = Verdict::of_import(&import).sentences().join(" ");
    assert!(
        told.contains("2 at once") && told.contains("forecast Pune and forecast Kyiv"),
        "{told}"
    );
    // One trace without what the page puts around it.
    let one = jaeger(&facts)["data"][0].to_string();
    assert_eq!(read(&one).unwrap().figures, import.figures);
}

#[test]
fn adk_s_numbers_are_told_apart_by_their_digits() {
    let call = "generate_content gemini-3-flash";
    let facts = |start: f64| {
        vec![
            fact(1, 0, "invoke_agent Facts", What::Agent, start, start + 810.0),
            fact(2, 1, call, What::Model("Facts"), start + 2.0, start + 802.0).counted(120, 70),
            fact(3, 1, "execute_tool style_guide", What::Tool, start + 803.0, start + 808.0),
            fact(4, 1, "execute_tool (merged)", What::Tool, start + 803.0, start + 803.0),
        ]
    };
    // Two traces whose ids differ in the last of 39 digits, with the same ids of spans in both.
    let [one, other] = [
        ("322509591043840478563333051843968716276", 0.0),
        ("322509591043840478563333051843968716277", 1000.0),
    ]
    .map(|(trace, start)| adk(&facts(start), trace));
    let both = format!("{},{}", one.trim_end_matches(']'), other.trim_start_matches('['));
    let import = read(&both).unwrap();
    assert_eq!(import.summary(), "ADK trace, 8 spans, 2 agents");
    assert_eq!(import.pieces.len(), 4, "{import:?}");
    assert!(import.notes.is_empty(), "{:?}", import.notes());
}

#[test]
fn zipkin_s_lists_are_read() {
    let expected = REVIEWS;
    let spans = zipkin(&reviews());
    check(&spans.to_string(), expected);
    check(&json!([spans]).to_string(), expected);
    // A server's side of a call is a part of it.
    let mut shared = spans.clone();
    let mut twin = shared[0].clone();
    twin["shared"] = true.into();
    shared.as_array_mut().unwrap().push(twin);
    check(&shared.to_string(), expected);
}

#[test]
fn console_exporters_of_opentelemetry_are_read() {
    let python = |id: &str, parent: Value, name: &str, start: f64, end: f64, kind: &str| {
        json!({
            "name": name, "context": { "trace_id": "0x07", "span_id": id, "trace_state": "[]" },
            "kind": "SpanKind.INTERNAL", "parent_id": parent,
            "start_time": iso(start, 'T', "Z"), "end_time": iso(end, 'T', "Z"),
            "status": { "status_code": "UNSET" }, "attributes": { "openinference.span.kind": kind },
            "events": [], "links": [], "resource": {},
        })
    };
    let spans = [
        python("0x02", json!("0x01"), "a", 5.0, 105.0, "LLM"),
        python("0x03", json!("0x01"), "b", 6.0, 56.0, "LLM"),
        python("0x01", Value::Null, "both", 0.0, 110.0, "CHAIN"),
    ];
    let text: String =
        spans.iter().map(|span| serde_json::to_string_pretty(span).unwrap()).collect();
    let import = read(&text).unwrap();
    assert_eq!((import.lanes(), import.notes.len()), (vec!["a", "b"], 0));
    assert!(import.figures.overlapped());
    let go = json!({
        "Name": "chat", "SpanContext": { "TraceID": "07", "SpanID": "02" }, "Parent": { "SpanID": "0000000000000000" },
        "StartTime": "2026-11-24T10:10:00.000000001+01:00", "EndTime": "2026-11-24T10:10:01+01:00",
        "Attributes": [{ "Key": "gen_ai.operation.name", "Value": { "Type": "STRING", "Value": "chat" } }],
        "Status": { "Code": "Error", "Description": "no" },
    });
    let import = read(&serde_json::to_string_pretty(&go).unwrap()).unwrap();
    assert_eq!(import.pieces[0].outcome(), "failed");
}
