//! Files for other programs: what each holds, and that a run which is written for one and read back is
//! the same run.

use std::num::{NonZeroU32, NonZeroUsize};

use converge::engine::{Hedge, Retry, Schedule};
use converge::export::{
    About, COLUMNS, SCHEMA, TraceFile, csv, flowchart, gantt, opentelemetry, perfetto,
};
use converge::import::{Import, read};
use converge::pipeline::{Agent, Pipeline};
use converge::presets::{PresetId, preset};
use converge::simulate::{Failing, Fault};
use converge::time::Instant;
use converge::timeline::Timeline;
use proptest::prelude::*;
use serde_json::Value;

use crate::fixtures::{Case, Ran, cases, ms, pipeline, run, schedules};

/// A run with all that its files are made of.
struct Written {
    pipeline: Pipeline,
    file: TraceFile,
    timeline: Timeline,
}

fn written(pipeline: &Pipeline, ran: &Ran, schedule: Schedule) -> Written {
    let about = About {
        pipeline,
        schedule,
        provider: "openai",
        model: Some("gpt-6"),
        started: "2026-11-22T10:00:00Z",
        hidden: false,
    };
    let file = TraceFile::new(&ran.trace, about);
    Written { pipeline: pipeline.clone(), file, timeline: ran.timeline(pipeline) }
}

fn company(schedule: Schedule) -> Written {
    let company = preset(PresetId::Company, 1);
    let ran = run(&company.pipeline, &company.scripts, schedule);
    written(&company.pipeline, &ran, schedule)
}

/// The company's run in which `stock` is refused once and asked again.
fn with_a_retry() -> Written {
    let mut company = preset(PresetId::Company, 1);
    let refused = Fault::Status { status: 429, after: Some(ms(400)) };
    company.scripts[1].fault =
        Some(Failing { fault: refused, times: NonZeroU32::new(1), retry_after: Some(ms(300)) });
    let retry = Retry::up_to(NonZeroU32::new(3).unwrap());
    let schedule = Schedule { retry, ..Schedule::parallel() };
    let ran = run(&company.pipeline, &company.scripts, schedule);
    written(&company.pipeline, &ran, schedule)
}

/// The same agents under other names.
fn renamed(names: &[&str]) -> Written {
    let (plan, scripts) = pipeline(&[("a", &[], 100), ("b", &[], 200), ("c", &["a", "b"], 50)]);
    let agents = plan.agents().iter().zip(names);
    let agents = agents.map(|(agent, name)| Agent { name: (*name).into(), ..agent.clone() });
    let plan = Pipeline::new(plan.inputs().to_vec(), agents.collect()).unwrap();
    let ran = run(&plan, &scripts, Schedule::parallel());
    written(&plan, &ran, Schedule::parallel())
}

impl Written {
    fn perfetto(&self) -> String {
        perfetto(&self.file, &self.pipeline, &self.timeline)
    }

    fn opentelemetry(&self) -> String {
        opentelemetry(&self.file, &self.timeline)
    }
}

/// An agent's name, start, first token, end and outcome.
type Row = (String, Instant, Option<Instant>, Option<Instant>, &'static str);

/// A row for each agent with a length.
fn rows(import: &Import) -> Vec<Row> {
    let pieces = import.pieces.iter();
    let mut rows: Vec<_> = pieces
        .map(|piece| (piece.lane.clone(), piece.start, piece.first, piece.end, piece.outcome()))
        .collect();
    rows.sort();
    rows
}

/// What reading it back must come to.
fn expected(file: &TraceFile) -> Vec<Row> {
    let at = |micros: Option<u64>| micros.map(Instant::from_micros);
    let spans = file.spans.iter().filter(|span| span.start_us.is_some() && span.end_us.is_some());
    let mut rows: Vec<_> = spans
        .map(|span| {
            let outcome = if span.outcome == "done" { "done" } else { "failed" };
            (
                span.name.clone(),
                at(span.start_us).unwrap(),
                at(span.first_us),
                at(span.end_us),
                outcome,
            )
        })
        .collect();
    rows.sort();
    rows
}

proptest! {
    /// Written for Perfetto or OpenTelemetry and opened again, it is the same run.
    #[test]
    fn a_run_that_is_exported_comes_back(case in cases(), schedule in schedules()) {
        let Case { pipeline, scripts } = &case;
        let ran = run(pipeline, scripts, schedule);
        let run = written(pipeline, &ran, schedule);
        for text in [run.perfetto(), run.opentelemetry()] {
            let import = read(&text).unwrap();
            prop_assert_eq!(rows(&import), expected(&run.file));
            prop_assert_eq!(import.figures.makespan, run.timeline.makespan());
            prop_assert_eq!(import.notes.len(), 0, "{:?}", import.notes());
            if let Some(queued) = import.pieces.iter().find(|piece| piece.queued.is_some()) {
                let span = run.file.spans.iter().find(|span| span.name == queued.lane).unwrap();
                prop_assert_eq!(queued.queued.map(Instant::as_micros), span.queued_us);
            }
        }
        let own = read(&run.file.text()).unwrap();
        prop_assert_eq!(own.file(), run.file);
    }

    /// A table has a row for each agent, whatever its name and its answer hold.
    #[test]
    fn a_table_is_read_as_it_was_written(names in proptest::collection::hash_set("\\PC{1,20}", 3)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let run = renamed(&names);
        let text = csv(&run.file);
        let mut table = ::csv::Reader::from_reader(text.as_bytes());
        prop_assert_eq!(table.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
        let rows: Vec<::csv::StringRecord> = table.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), 3);
        for (row, name) in rows.iter().zip(&names) {
            let cell = row[0].to_owned();
            let quoted = format!("'{name}");
            prop_assert!(cell == **name || cell == quoted);
            prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{}", cell);
        }
    }

    /// Nothing that a name holds is a line of its own in a diagram.
    #[test]
    fn names_stay_names(names in proptest::collection::hash_set("(\\PC|[<>&\"':;#%{}\n\t\u{0}]){1,24}", 3)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let run = renamed(&names);
        let lines = |text: &str| text.lines().count();
        prop_assert_eq!(lines(&gantt(&run.file)), 4 + 2 * 3);
        prop_assert_eq!(lines(&flowchart(&run.pipeline)), 1 + 3 + 2);
        for line in gantt(&run.file).lines().filter(|line| line.contains(" :")) {
            prop_assert_eq!(line.matches(':').count(), 1, "{}", line);
        }
    }
}

#[test]
fn a_table_has_the_run_s_times_in_milliseconds() {
    let text = csv(&company(Schedule::parallel()).file);
    let mut table = ::csv::Reader::from_reader(text.as_bytes());
    let row = table.records().next().unwrap().unwrap();
    let cells: Vec<&str> = row.iter().take(14).collect();
    let expected = [
        "news", "parallel", "0", "0", "360", "1200", "1200", "done", "", "1", "openai", "gpt-6",
        "0", "0",
    ];
    assert_eq!(cells, expected);
    assert!(text.starts_with("agent,schedule,") && text.contains("\r\n"));
}

/// The company's run in which `internal` hangs at first, and is asked a second time.
fn with_a_second_call() -> Written {
    let mut company = preset(PresetId::Company, 1);
    company.scripts[3].fault =
        Some(Failing { fault: Fault::Hang, times: NonZeroU32::new(1), retry_after: None });
    let hedge = Some(Hedge { after: ms(800), agent: None });
    let schedule = Schedule { hedge, ..Schedule::parallel() };
    let ran = run(&company.pipeline, &company.scripts, schedule);
    written(&company.pipeline, &ran, schedule)
}

#[test]
fn perfetto_has_a_second_call_beside_the_first() {
    let run = with_a_second_call();
    let text = run.perfetto();
    let file: Value = serde_json::from_str(&text).unwrap();
    let events = file["traceEvents"].as_array().unwrap();
    let thread = |name: &str| {
        let is_it = |event: &&Value| event["ph"] == "M" && event["args"]["name"] == name;
        &events.iter().find(is_it).unwrap()["tid"]
    };
    let slices = |name: &str| -> Vec<(&str, u64)> {
        let own = events.iter().filter(|event| event["ph"] == "X" && event["tid"] == *thread(name));
        own.map(|event| (event["name"].as_str().unwrap(), event["ts"].as_u64().unwrap())).collect()
    };
    // The first call said nothing, and the second one all.
    assert_eq!(slices("internal"), [("internal", 0), ("waiting", 0)]);
    let second = slices("internal, second call");
    assert_eq!(
        second[..2],
        [("internal, second call", 800_000), ("waiting for first token", 800_000)]
    );
    assert_eq!(second[2].0, "streaming");
    assert_eq!(rows(&read(&text).unwrap()), expected(&run.file));
}

#[test]
fn perfetto_has_a_thread_an_agent_and_an_arrow_a_need() {
    let run = with_a_retry();
    let file: Value = serde_json::from_str(&run.perfetto()).unwrap();
    let events = file["traceEvents"].as_array().unwrap();
    let names = |phase: &str, thread: u64| -> Vec<&str> {
        let own = events.iter().filter(|event| event["ph"] == phase && event["tid"] == thread);
        own.map(|event| event["name"].as_str().unwrap()).collect()
    };
    let threads = events.iter().filter(|event| event["name"] == "thread_name");
    let threads: Vec<_> = threads.map(|event| event["args"]["name"].as_str().unwrap()).collect();
    assert_eq!(threads, ["run", "news", "stock", "social", "internal", "synthesis", "event loop"]);
    assert_eq!(
        names("X", 3),
        [
            "stock",
            "attempt 1",
            "waits for the next attempt",
            "waiting for first token",
            "streaming"
        ]
    );
    let arrows = |phase: &str| events.iter().filter(|event| event["ph"] == phase).count();
    assert_eq!((arrows("s"), arrows("f")), (4, 4));
    // Slices of a thread lie in each other or apart: what overlaps otherwise is lost.
    for one in events.iter().filter(|event| event["ph"] == "X") {
        for other in events.iter().filter(|event| event["ph"] == "X" && event["tid"] == one["tid"])
        {
            let span = |event: &Value| {
                let (ts, dur) = (event["ts"].as_u64().unwrap(), event["dur"].as_u64().unwrap());
                (ts, ts + dur)
            };
            let ((from, to), (start, end)) = (span(one), span(other));
            let apart = to <= start || end <= from;
            let inside = from <= start && end <= to || start <= from && to <= end;
            assert!(apart || inside, "{one} {other}");
        }
    }
}

#[test]
fn opentelemetry_names_its_conventions_and_has_a_call_an_attempt() {
    let run = with_a_retry();
    let file: Value = serde_json::from_str(&run.opentelemetry()).unwrap();
    let scope = &file["resourceSpans"][0]["scopeSpans"][0];
    assert_eq!(scope["schemaUrl"], SCHEMA);
    let spans = scope["spans"].as_array().unwrap();
    let names: Vec<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(
        &names[..4],
        ["invoke_workflow Converge", "invoke_agent news", "chat gpt-6", "invoke_agent stock"]
    );
    let stock = &spans[3]["spanId"];
    let calls: Vec<&Value> = spans.iter().filter(|span| span["parentSpanId"] == *stock).collect();
    assert_eq!(
        calls.iter().map(|call| call["status"]["code"].as_u64()).collect::<Vec<_>>(),
        [Some(2), None]
    );
    let hex = |id: &Value, length: usize| {
        let id = id.as_str().unwrap();
        assert!(
            id.len() == length
                && id.bytes().all(|b| b.is_ascii_hexdigit())
                && id != "0".repeat(length)
        );
        id.to_owned()
    };
    let ids: std::collections::HashSet<String> =
        spans.iter().map(|span| hex(&span["spanId"], 16)).collect();
    assert_eq!(ids.len(), spans.len());
    assert!(spans.iter().all(|span| hex(&span["traceId"], 32) == hex(&spans[0]["traceId"], 32)));
    let parents = spans.iter().filter_map(|span| span.get("parentSpanId"));
    assert!(parents.clone().all(|parent| ids.contains(parent.as_str().unwrap())));
    assert_eq!(parents.count(), spans.len() - 1);
    // The same run has the same ids wherever it is written.
    assert_eq!(with_a_retry().opentelemetry(), run.opentelemetry());
}

#[test]
fn a_gantt_has_a_task_an_agent() {
    assert_eq!(
        gantt(
            &company(Schedule { width: NonZeroUsize::new(2).unwrap(), ..Schedule::parallel() })
                .file
        ),
        "gantt\n    title Converge, parallel run\n    dateFormat x\n    axisFormat %M:%S.%L\n    \
         section news\n    news :a0, 0, 1200\n    section stock\n    stock :a1, 0, 900\n    \
         section social\n    social :a2, 900, 1600\n    section internal\n    internal :a3, 1200, 2700\n    \
         section synthesis\n    synthesis :a4, 2700, 3500\n"
    );
    let odd = renamed(&["title x", "a:b;c#d%%e", "done"]);
    let text = gantt(&odd.file);
    assert!(text.contains("section “title x”\n    “title x” :a0, 0, 100\n"), "{text}");
    assert!(text.contains("a\u{a789}b\u{ff1b}c\u{ff03}d\u{ff05}\u{ff05}e :a1"), "{text}");
    assert!(text.contains("“done” :a2"), "{text}");
}

#[test]
fn a_flowchart_has_an_arrow_a_need() {
    let odd = renamed(&["one", "a \"b\" <c>", "three"]);
    assert_eq!(
        flowchart(&odd.pipeline),
        "flowchart LR\n    a0[\"one\"]\n    a1[\"a #34;b#34; #60;c#62;\"]\n    a2[\"three\"]\n    \
         a0 --> a2\n    a1 --> a2\n"
    );
}
