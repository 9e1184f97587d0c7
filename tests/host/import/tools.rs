//! What files of tools for agents, and of browsers, come to.

use converge::import::read;
use serde_json::{Value, json};

use super::files::check;
use super::samples::*;

#[test]
fn langfuse_s_downloads_are_read_in_both_forms() {
    let list = langfuse(&podcast());
    let expected = "
        hosts | ChatOpenAI | model | - 7 605 2004 | done | 200/120
        guests | ChatOpenAI | model | - 8 806 2605 | done | 200/120
        music | ChatOpenAI | model | - 10 308 1107 | done | 200/120
        fetch_transcript | fetch_transcript | tool | - 2610 - 3010 | done | -
        summary | summary | model | - 3015 3415 4205 | done | 900/300
        title | title | model | - 3020 - - | no end | -
        makespan 4210 work 7281 busy 4188 idle 22 sequential 7303 saved 3093 | 3 at once
        path guests > fetch_transcript > summary
        note: 1 call without an end: left out of the sums.
        parallel";
    check(&json!({ "observations": list, "scores": [] }).to_string(), expected);
    // Before version 4 the same list stood in two places.
    let old = json!({ "trace": { "id": "t", "name": "podcast", "observations": list }, "observations": list });
    check(&old.to_string(), expected);
    check(&json!({ "data": list, "meta": { "page": 1 } }).to_string(), expected);
    check(&list.to_string(), expected);
}

fn podcast() -> Vec<Fact> {
    let chat = |id, parent, start, first, end| {
        fact(id, parent, "ChatOpenAI", What::Model(""), start, end).said(first, (200, 120))
    };
    vec![
        fact(9, 8, "summary", What::Model(""), 3015.0, 4205.0).said(400.0, (900, 300)),
        fact(2, 1, "RunnableParallel<hosts,guests,music>", What::Chain, 3.0, 2606.0),
        fact(3, 2, "hosts", What::Chain, 5.0, 2005.0),
        chat(13, 3, 7.0, 598.0, 2004.0),
        fact(4, 2, "guests", What::Chain, 6.0, 2606.0),
        chat(14, 4, 8.0, 798.0, 2605.0),
        fact(5, 2, "music", What::Chain, 8.0, 1108.0),
        chat(15, 5, 10.0, 298.0, 1107.0),
        // A moment has no end by design.
        fact(6, 8, "cache miss", What::Http, 2607.0, 0.0).open(),
        fact(7, 8, "fetch_transcript", What::Tool, 2610.0, 3010.0),
        fact(10, 8, "title", What::Model(""), 3020.0, 0.0).open(),
        fact(1, 8, "before", What::Chain, 2.0, 2607.0),
        fact(8, 0, "podcast", What::Agent, 0.0, 4210.0),
    ]
}

#[test]
fn langsmith_s_times_without_a_zone_are_utc() {
    let chat =
        |id, parent, start, end| fact(id, parent, "ChatAnthropic", What::Model(""), start, end);
    let facts = vec![
        chat(31, 1, 2500.0, 3650.0).said(500.0, (800, 260)),
        fact(30, 1, "search_docs", What::Retriever, 2095.0, 2495.0),
        chat(22, 12, 7.0, 905.0),
        fact(12, 2, "risks", What::Chain, 6.0, 906.0),
        chat(21, 11, 6.0, 2084.0).said(649.0, (75, 210)),
        fact(11, 2, "cons", What::Chain, 5.0, 2085.0),
        chat(20, 10, 5.0, 1403.0).said(399.0, (75, 210)),
        fact(10, 2, "pros", What::Chain, 4.0, 1404.0),
        fact(2, 1, "RunnableParallel<pros,cons,risks>", What::Chain, 1.0, 2090.0),
        fact(1, 0, "RunnableSequence", What::Chain, 0.0, 3660.0),
    ];
    let mut runs = langsmith(&facts);
    runs[2]["status"] = "error".into();
    runs[2]["error"] = "RateLimitError: 429".into();
    let expected = "
        pros | ChatAnthropic | model | - 5 404 1403 | done | 75/210
        cons | ChatAnthropic | model | - 6 655 2084 | done | 75/210
        risks | ChatAnthropic | model | - 7 - 905 | failed | -
        search_docs | search_docs | retriever | - 2095 - 2495 | done | -
        ChatAnthropic | ChatAnthropic | model | - 2500 3000 3650 | done | 800/260
        makespan 3660 work 5924 busy 3629 idle 31 sequential 5955 saved 2295 | 3 at once
        path cons > search_docs > ChatAnthropic
        parallel";
    let import = check(&lines(&runs), expected);
    assert_eq!(import.pieces[2].error.as_deref(), Some("RateLimitError: 429"));
    check(&Value::Array(runs.clone()).to_string(), expected);
    check(&json!({ "runs": runs, "cursors": null }).to_string(), expected);
    check(&nested(&runs, &runs[9]).to_string(), expected);
}

/// The run with those inside it under `child_runs`.
fn nested(runs: &[Value], run: &Value) -> Value {
    let inside = runs.iter().filter(|other| other["parent_run_id"] == run["id"]);
    let mut whole = run.clone();
    whole["child_runs"] = inside.map(|child| nested(runs, child)).collect();
    whole
}

#[test]
fn three_tools_of_one_turn_are_candidates() {
    let facts = vec![
        fact(1, 0, "Coordinator", What::Agent, 0.0, 5230.0),
        fact(2, 1, "Coordinator", What::Chain, 1.0, 1605.0),
        fact(3, 2, "response", What::Model(""), 2.0, 1602.0),
        fact(4, 1, "Coordinator", What::Chain, 1606.0, 3390.0),
        fact(5, 4, "eligibility", What::Tool, 1610.0, 2310.0),
        fact(6, 4, "budget", What::Tool, 2313.0, 2933.0),
        fact(7, 4, "deadline", What::Tool, 2936.0, 3386.0),
        fact(8, 1, "Coordinator", What::Chain, 3395.0, 5225.0),
        fact(9, 8, "generation", What::Model(""), 3400.0, 5220.0).counted(640, 350),
    ];
    let expected = "
        Coordinator | response | model | - 2 - 1602 | done | -
        eligibility | eligibility | tool | - 1610 - 2310 | done | -
        budget | budget | tool | - 2313 - 2933 | done | -
        deadline | deadline | tool | - 2936 - 3386 | done | -
        Coordinator | generation | model | - 3400 - 5220 | done | 640/350
        makespan 5230 work 5190 busy 5190 idle 40 sequential 5230 saved 0 | 1 at once
        path Coordinator > eligibility > budget > deadline > Coordinator
        needless eligibility budget deadline
        could take 4160
        sequential";
    check(&openai(&facts).to_string(), expected);
    let all = openai(&facts);
    check(&lines(all.as_array().unwrap()), expected);
}

#[test]
fn chrome_s_events_come_in_any_order_and_need_no_end() {
    let x = |tid: u64, name: &str, ts: f64, dur: f64| json!({ "name": name, "ph": "X", "pid": 7, "tid": tid, "ts": ts, "dur": dur, "args": {} });
    let thread = |tid: u64, name: &str| json!({ "name": "thread_name", "ph": "M", "pid": 7, "tid": tid, "args": { "name": name } });
    let pair = |ph: &str, id: &str, name: &str, ts: f64| json!({ "name": name, "cat": "llm", "ph": ph, "pid": 7, "tid": 5, "id": id, "ts": ts });
    let events = vec![
        x(1, "parse", 813_545_178.25, 500.0),
        thread(3, "sources"),
        pair("e", "0x2", "check tone", 815_261_678.25),
        x(1, "ask outline", 812_345_678.25, 1_200_500.0),
        json!({ "name": "goes", "ph": "s", "id": 9, "pid": 7, "tid": 2, "ts": 814_146_678.25 }),
        json!({ "name": "write", "ph": "B", "pid": 7, "tid": 4, "ts": 814_155_678.25 }),
        x(2, "ask figures", 812_347_678.25, 1_800_000.0),
        x(3, "ask sources", 812_348_928.25, 900_000.0),
        json!({ "ph": "E", "pid": 7, "tid": 4, "ts": 814_955_678.25 }),
        pair("e", "0x1", "check facts", 815_460_678.25),
        thread(4, "writer"),
        json!({ "name": "first token", "ph": "i", "s": "t", "pid": 7, "tid": 1, "ts": 812_645_678.25 }),
        json!({ "name": "process_name", "ph": "M", "pid": 7, "tid": 0, "args": { "name": "pipeline" } }),
        json!({ "name": "goes", "ph": "f", "bp": "e", "id": 9, "pid": 7, "tid": 4, "ts": 814_156_678.25 }),
        pair("b", "0x1", "check facts", 814_960_678.25),
        thread(1, "outline"),
        json!({ "name": "heap", "ph": "C", "pid": 7, "tid": 0, "ts": 812_445_678.25, "args": { "mb": 42 } }),
        pair("b", "0x2", "check tone", 814_961_678.25),
        thread(2, "figures"),
    ];
    let expected = "
        outline | ask outline | span | - 0 - 1200.5 | done | -
        figures | ask figures | span | - 2 - 1802 | done | -
        sources | ask sources | span | - 3.25 - 903.25 | done | -
        writer | write | span | - 1810 - 2610 | done | -
        check facts | check facts | span | - 2615 - 3115 | done | -
        check tone | check tone | span | - 2616 - 2916 | done | -
        makespan 3115 work 5500.5 busy 3102 idle 13 sequential 5513.5 saved 2398.5 | 3 at once
        path figures > writer > check facts
        parallel";
    let import =
        check(&json!({ "traceEvents": events, "displayTimeUnit": "ms" }).to_string(), expected);
    // The arrow from one thread to another is a dependency that the file knows of.
    assert_eq!(import.pieces[3].links, [1]);
    check(&Value::Array(events.clone()).to_string(), expected);
    let open = Value::Array(events).to_string().trim_end_matches(']').to_owned() + ",\n";
    let import = read(&open).unwrap();
    assert_eq!(import.pieces.len(), 6);
    assert!(import.notes().iter().any(|note| note.contains("not closed")), "{:?}", import.notes());
}

#[test]
fn a_har_shows_calls_of_models_and_keeps_no_secret() {
    let api = "https://user:CANARY@api.openai.com/v1/chat/completions?key=CANARY#CANARY";
    let chat = |model: &str| json!({ "model": model, "messages": ["CANARY"] }).to_string();
    let fetch = |body: &str, start, phases| har_entry("POST", api, "fetch", body, start, phases);
    let other =
        |method, url, kind| har_entry(method, url, kind, "", 100.0, [2.1, -1.0, 0.4, 18.0, 0.0]);
    let entries = vec![
        other("GET", "https://notes.example/", "document"),
        other("GET", "https://notes.example/app.js", "script"),
        other("OPTIONS", api, "preflight"),
        fetch(&chat("gpt-6-mini"), 500.0, [3.0, 26.0, 0.4, 420.0, 880.0]),
        fetch(&chat("gpt-6"), 501.0, [3.5, -1.0, 0.4, 800.0, 1500.0]),
        fetch(&chat("o5-mini"), 502.0, [4.0, -1.0, 0.4, 1200.0, 300.0]),
        har_entry(
            "POST",
            "https://api.anthropic.com/v1/messages",
            "fetch",
            &chat("claude-sonnet-5"),
            2810.0,
            [2.0, -1.0, 0.4, 600.0, 900.0],
        ),
        other("POST", "https://notes.example/metrics", "ping"),
    ];
    let text = har(entries).to_string();
    let import = check(
        &text,
        "
        gpt-6-mini | POST /v1/chat/completions | model | 0 3 449.4 1329.4 | done | -
        gpt-6 | POST /v1/chat/completions | model | 1 4.5 804.9 2304.9 | done | -
        o5-mini | POST /v1/chat/completions | model | 2 6 1206.4 1506.4 | done | -
        claude-sonnet-5 | POST /v1/messages | model | 2310 2312 2912.4 3812.4 | done | -
        makespan 3812.4 work 6627.6 busy 3802.3 idle 10.1 sequential 6637.7 saved 2825.3 | 3 at once
        path gpt-6 > claude-sonnet-5
        parallel",
    );
    assert!(text.contains("CANARY"));
    let kept = format!("{import:?} {}", import.file().text());
    assert!(!kept.contains("CANARY"), "{kept}");
}

#[test]
fn requests_of_a_page_without_models_are_shown_by_their_paths() {
    let entry = |path: &str, start| {
        let url = format!("https://app.example{path}?token=CANARY");
        let mut entry = har_entry("GET", &url, "xhr", "", start, [0.0, -1.0, 1.0, 98.0, 1.0]);
        entry["response"]["content"]["mimeType"] = "application/json".into();
        entry
    };
    let import = read(&har(vec![entry("/a", 0.0), entry("/b", 50.0)]).to_string()).unwrap();
    assert_eq!(import.lanes(), ["GET /a", "GET /b"]);
    assert!(!format!("{import:?}").contains("CANARY"));
}

#[test]
fn a_session_s_calls_last_from_use_to_result() {
    let agent =
        |id: &str, what: &str| calls(id, "Agent", json!({ "description": what, "prompt": "p" }));
    let reads = |id: &str, file: &str| {
        calls(id, "Read", json!({ "file_path": format!("/home/me/app/{file}") }))
    };
    let session = vec![
        json!({ "type": "summary", "summary": "s", "leafUuid": "u9" }),
        claude(0.0, vec![json!({ "type": "text", "text": "go" })]),
        claude(4.0, vec![agent("a", "Find uses")]),
        claude(4.1, vec![agent("b", "Read the tests")]),
        claude(4.2, vec![agent("c", "Check the docs")]),
        claude(19.0, vec![answers("b", false)]),
        claude(24.5, vec![answers("c", false)]),
        claude(31.0, vec![answers("a", false)]),
        claude(36.0, vec![reads("d", "src/a.rs")]),
        claude(36.4, vec![answers("d", false)]),
        claude(39.5, vec![reads("e", "src/b.rs")]),
        claude(39.8, vec![answers("e", false)]),
        claude(43.0, vec![reads("f", "src/c.rs")]),
        claude(43.35, vec![answers("f", false)]),
        claude(
            48.0,
            vec![calls("g", "Bash", json!({ "command": "x", "description": "Run the tests" }))],
        ),
        claude(70.0, vec![answers("g", true)]),
        claude(74.0, vec![json!({ "type": "text", "text": "One test fails." })]),
    ];
    let import = check(
        &lines(&session),
        "
        Find uses | Agent | agent | - 4000 - 31000 | done | -
        Read the tests | Agent | agent | - 4100 - 19000 | done | -
        Check the docs | Agent | agent | - 4200 - 24500 | done | -
        Read src/a.rs | Read | tool | - 36000 - 36400 | done | -
        Read src/b.rs | Read | tool | - 39500 - 39800 | done | -
        Read src/c.rs | Read | tool | - 43000 - 43350 | done | -
        Run the tests | Bash | tool | - 48000 - 70000 | failed | -
        makespan 74000 work 85250 busy 50050 idle 23950 sequential 109200 saved 35200 | 3 at once
        path Find uses > Read src/a.rs > Read src/b.rs > Read src/c.rs > Run the tests
        needless Read src/a.rs Read src/b.rs Read src/c.rs
        could take 73350
        partly",
    );
    assert_eq!(import.summary(), "Claude Code, 7 calls, 7 agents");
    // A subagent's lines are a part of the call that started it, unless they are all there is.
    let side: Vec<Value> = (session[8..12].iter().cloned())
        .map(|mut line| {
            line["isSidechain"] = true.into();
            line
        })
        .collect();
    let both = lines(&session) + &lines(&side);
    assert_eq!(read(&both).unwrap().pieces.len(), 7);
    assert_eq!(read(&lines(&side)).unwrap().pieces.len(), 2);
}
