//! Was it really parallel? Each culprit, as a log or a file shows it.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use converge::engine::{Retry, Schedule};
use converge::import::read;
use converge::pipeline::{Agent, Pipeline, Work};
use converge::presets::{PresetId, preset};
use converge::simulate::{Failing, Fault, Script};
use converge::time::Instant;
use converge::timeline::Timeline;
use converge::trace::{Event, EventKind, Outcome, SpanId, Trace};
use converge::verdict::{Answer, Culprit, Verdict};
use serde_json::json;

use crate::fixtures::{agent, at_ms, key, ms, pipeline, run, width};

fn company(schedule: Schedule, change: impl FnOnce(&mut Vec<Script>)) -> Verdict {
    let mut company = preset(PresetId::Company, 1);
    change(&mut company.scripts);
    let ran = run(&company.pipeline, &company.scripts, schedule);
    Verdict::of_run(&company.pipeline, &ran.timeline(&company.pipeline), schedule, false)
}

fn culprits(verdict: &Verdict) -> Vec<Culprit> {
    verdict.findings.iter().map(|finding| finding.culprit).collect()
}

#[test]
fn a_run_without_a_limit_is_parallel() {
    let verdict = company(Schedule::parallel(), |_| {});
    assert_eq!((verdict.answer, culprits(&verdict)), (Answer::Parallel, vec![]));
    assert_eq!(verdict.could_take, None);
    assert_eq!(
        verdict.sentences(),
        [
            "Yes, parallel: 4 at once.",
            "It took 2.3 s; one after another, the same work takes 5.1 s (2.2 times as long)."
        ]
    );
}

/// The shapes of the presets are no culprits: nothing holds them back.
#[test]
fn nothing_is_found_in_the_presets() {
    for id in PresetId::ALL {
        let preset = preset(id, 20);
        let ran = run(&preset.pipeline, &preset.scripts, Schedule::parallel());
        let timeline = ran.timeline(&preset.pipeline);
        let verdict = Verdict::of_run(&preset.pipeline, &timeline, Schedule::parallel(), false);
        assert_eq!((verdict.answer, culprits(&verdict)), (Answer::Parallel, vec![]), "{id:?}");
    }
}

/// Six is also how many connections a browser opens to one host, which no log can tell apart.
#[test]
fn six_answers_at_once_may_be_the_browser_s_connections() {
    let says = |slots| served(slots).sentences().join(" ").contains("Or the browser does");
    assert!(!says(2));
    let mut six = served(2);
    six.findings[0].culprit = Culprit::Slots(6);
    assert!(six.sentences().join(" ").contains("Or the browser does"));
}

#[test]
fn the_run_s_own_limit_is_named_with_what_it_cost() {
    let verdict = company(width(2), |_| {});
    let two = NonZeroUsize::new(2).unwrap();
    assert_eq!(
        (verdict.answer, culprits(&verdict)),
        (Answer::Partly, vec![Culprit::OwnLimit(two)])
    );
    let finding = &verdict.findings[0];
    // Social and internal wait for a slot, until 0.9 and 1.2 s.
    assert_eq!((finding.agents.as_slice(), finding.cost), (&[2, 3][..], ms(2100)));
    assert_eq!((finding.from, finding.to), (Instant::ZERO, at_ms(1200)));
    assert_eq!(verdict.could_take, Some(ms(2300)));
    let one = company(Schedule::sequential(), |_| {});
    assert_eq!(
        (one.answer, culprits(&one)),
        (Answer::Sequential, vec![Culprit::OwnLimit(NonZeroUsize::MIN)])
    );
    assert_eq!(one.could_take, Some(ms(2300)));
}

#[test]
fn a_refusal_for_too_many_calls_is_a_back_off() {
    let retry = Retry::up_to(NonZeroU32::new(3).unwrap());
    let verdict = company(Schedule { retry, ..Schedule::parallel() }, |scripts| {
        let refused = Fault::Status { status: 429, after: Some(ms(400)) };
        scripts[1].fault = Some(Failing {
            fault: refused,
            times: NonZeroU32::new(1),
            retry_after: Some(ms(2000)),
        });
    });
    assert_eq!(verdict.answer, Answer::Partly);
    let finding = verdict.findings.iter().find(|f| f.culprit == Culprit::BackOff).unwrap();
    assert_eq!(
        (finding.agents.as_slice(), finding.cost, finding.from),
        (&[1][..], ms(2000), at_ms(400))
    );
    assert!(verdict.sentences().iter().any(|told| told.contains("429") && told.contains("Stock")));
}

#[test]
fn a_chain_is_sequential_by_its_dependencies() {
    let (plan, scripts) = pipeline(&[("a", &[], 100), ("b", &["a"], 200), ("c", &["b"], 50)]);
    let ran = run(&plan, &scripts, Schedule::parallel());
    let verdict = Verdict::of_run(&plan, &ran.timeline(&plan), Schedule::parallel(), false);
    assert_eq!(
        (verdict.answer, culprits(&verdict)),
        (Answer::Sequential, vec![Culprit::Dependency])
    );
    assert!(verdict.sentences().join(" ").contains("a, b and c"));
    let (plan, scripts) = pipeline(&[("only", &[], 100)]);
    let ran = run(&plan, &scripts, Schedule::parallel());
    let verdict = Verdict::of_run(&plan, &ran.timeline(&plan), Schedule::parallel(), false);
    assert_eq!((verdict.answer, culprits(&verdict)), (Answer::OneCall, vec![]));
}

#[test]
fn an_agent_that_keeps_the_thread_is_named() {
    let verdict = company(Schedule::parallel(), |scripts| scripts[1].blocking = true);
    let finding = verdict.findings.iter().find(|f| f.culprit == Culprit::Blocked).unwrap();
    assert_eq!(finding.agents, [1]);
    assert!(finding.cost >= ms(200), "{:?}", finding.cost);
    assert_eq!(verdict.answer, Answer::Partly);
}

#[test]
fn a_hidden_tab_is_said() {
    let company = preset(PresetId::Company, 1);
    let ran = run(&company.pipeline, &company.scripts, Schedule::parallel());
    let timeline = ran.timeline(&company.pipeline);
    let verdict = Verdict::of_run(&company.pipeline, &timeline, Schedule::parallel(), true);
    assert_eq!((verdict.answer, culprits(&verdict)), (Answer::Partly, vec![Culprit::Hidden]));
}

/// Calls asked for at once, answered by a server that works on so many at a time, beside an agent that
/// asks none.
fn served(slots: usize) -> Verdict {
    let passes_on = Agent { work: Work::PassThrough, ..agent("f", "{topic}", "f") };
    let names = ["a", "b", "c", "d"].map(|name| agent(name, "{topic}", name));
    let synthesis = agent("e", "{a} {b} {c} {d} {f}", "e");
    let agents = names.into_iter().chain([synthesis, passes_on]).collect();
    let plan = Pipeline::new(vec![key("topic")], agents).unwrap();
    let passed_on = [
        (0, EventKind::Queued),
        (0, EventKind::Start),
        (10, EventKind::Delta("tides".into())),
        (10, EventKind::End(Outcome::Done)),
    ];
    let passed_on =
        passed_on.map(|(at, kind)| Event { at: at_ms(at), span: SpanId::agent(5), kind });
    let mut events = Vec::from(passed_on);
    let mut free = vec![0_u64; slots];
    for agent in 0..4 {
        let slot = free.iter_mut().min().unwrap();
        let first = *slot + 200;
        let end = first + 800;
        *slot = end;
        let mut put =
            |at: u64, kind| events.push(Event { at: at_ms(at), span: SpanId::agent(agent), kind });
        put(0, EventKind::Queued);
        put(0, EventKind::Start);
        put(first, EventKind::Delta("x".into()));
        put(end, EventKind::End(Outcome::Done));
    }
    events.sort_by_key(|event| event.at);
    let end = events.last().unwrap().at;
    let run = |at, kind| Event { at, span: SpanId::RUN, kind };
    let trace: Trace = std::iter::once(run(Instant::ZERO, EventKind::Start))
        .chain(events)
        .chain([run(end, EventKind::End(Outcome::Done))])
        .collect();
    let timeline = Timeline::at(&trace, 6, trace.end());
    Verdict::of_run(&plan, &timeline, Schedule::parallel(), false)
}

#[test]
fn first_tokens_that_come_one_by_one_are_a_server_s_slots() {
    let one = served(1);
    assert_eq!((one.answer, culprits(&one)), (Answer::Partly, vec![Culprit::Slots(1)]));
    assert_eq!(one.findings[0].agents, [1, 2, 3]);
    let two = served(2);
    assert_eq!(culprits(&two), [Culprit::Slots(2)]);
    assert_eq!(culprits(&served(4)), []);
}

#[test]
fn a_har_shows_waits_for_a_connection() {
    let entry = |place: u64, blocked: f64, status: u64| {
        json!({
            "startedDateTime": format!("2026-11-24T10:00:00.00{place}Z"), "time": blocked + 1000.0,
            "request": { "method": "POST", "url": "http://127.0.0.1/v1/messages", "httpVersion": "http/1.1",
                "postData": { "text": format!("{{\"model\":\"m{place}\",\"messages\":[]}}") } },
            "response": { "status": status, "httpVersion": "http/1.1", "content": {} },
            "timings": { "blocked": blocked, "send": 1, "wait": 499, "receive": 500 },
            "_resourceType": "fetch",
        })
    };
    let mut entries: Vec<_> = (0..6).map(|place| entry(place, 1.0, 200)).collect();
    entries.push(entry(6, 1000.0, 200));
    let har =
        |entries: Vec<serde_json::Value>| json!({ "log": { "entries": entries } }).to_string();
    let verdict = Verdict::of_import(&read(&har(entries)).unwrap());
    assert_eq!(verdict.answer, Answer::Partly);
    let finding =
        verdict.findings.iter().find(|f| f.culprit == Culprit::Connections(true)).unwrap();
    assert_eq!((finding.agents.as_slice(), finding.cost), (&[6][..], Duration::from_secs(1)));
    assert!(verdict.sentences().join(" ").contains("six connections"));
}

#[test]
fn a_har_shows_a_refusal_and_its_second_attempt() {
    let entry = |second: u64, status: u64| {
        json!({
            "startedDateTime": format!("2026-11-24T10:00:0{second}.000Z"), "time": 500,
            "request": { "method": "POST", "url": "https://a.example/v1/messages",
                "postData": { "text": "{\"model\":\"m\",\"messages\":[]}" } },
            "response": { "status": status, "content": {} },
            "timings": { "blocked": 0, "send": 0, "wait": 400, "receive": 100 },
            "_resourceType": "fetch",
        })
    };
    let har = json!({ "log": { "entries": [entry(0, 429), entry(2, 200)] } });
    let import = read(&har.to_string()).unwrap();
    assert_eq!(import.pieces[0].error.as_deref(), Some("HTTP 429"));
    let verdict = Verdict::of_import(&import);
    assert_eq!(verdict.answer, Answer::Sequential);
    let finding = verdict.findings.iter().find(|f| f.culprit == Culprit::BackOff).unwrap();
    assert_eq!((finding.agents.as_slice(), finding.cost), (&[1][..], ms(1500)));
}

#[test]
fn this_page_s_file_is_judged_like_its_run() {
    let company = preset(PresetId::Company, 1);
    let schedule = width(2);
    let ran = run(&company.pipeline, &company.scripts, schedule);
    let about = converge::export::About {
        pipeline: &company.pipeline,
        schedule,
        provider: "simulated",
        model: None,
        started: "2026-11-22T10:00:00Z",
        hidden: true,
    };
    let file = converge::export::TraceFile::new(&ran.trace, about);
    let verdict = Verdict::of_import(&read(&file.text()).unwrap());
    let two = NonZeroUsize::new(2).unwrap();
    assert_eq!(culprits(&verdict), [Culprit::Hidden, Culprit::OwnLimit(two)]);
}
