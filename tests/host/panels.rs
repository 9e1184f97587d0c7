//! What the panels below the stage say: the cards, the table, the line of code that waits, and what a
//! blocking agent does.

use std::rc::Rc;

use converge::codegen::{self, Line, Program};
use converge::config::Settings;
use converge::import;
use converge::plan::blocking::explanation;
use converge::plan::table::rows;
use converge::plan::{Frame, Kind, Measured, Plan};
use converge::time::Instant;
use converge::timeline::crowd::Page;
use converge::timeline::steps::{ThreadUse, steps};
use converge::timeline::{Timeline, answers};
use futures::FutureExt;

use crate::fixtures::at_ms;

fn plan(hash: &str) -> Plan {
    Plan::of(&Settings::read("", hash).0, None).0
}

/// A frame with each run of the plan as it is expected at that moment.
fn frame(plan: &Plan, at: Option<u64>) -> Frame {
    let run = |expected: &Timeline| match at {
        None => Timeline::new(plan.agents()),
        Some(_) => expected.clone(),
    };
    let expected = plan.lineup.iter().filter_map(|planned| planned.expected.as_deref());
    Frame { timelines: expected.map(run).collect(), ..Frame::default() }
}

/// The parallel run of a preset at a moment.
fn parallel_at(plan: &Plan, at: Instant) -> Timeline {
    let (experiment, planned) = (&plan.experiment, &plan.lineup[plan.shown()]);
    let pipeline = plan.pipeline();
    let trace = converge::simulate::predict(
        pipeline,
        &experiment.inputs,
        &experiment.scripts,
        planned.schedule,
    );
    Timeline::at(&trace, plan.agents(), at)
}

#[test]
fn a_card_says_what_its_agent_is_doing() {
    let plan = plan("preset=company");
    let states = |at| {
        let timeline = parallel_at(&plan, at);
        let state = |agent| answers::state(plan.pipeline(), agent, &timeline);
        (0..plan.agents()).map(state).collect::<Vec<_>>()
    };
    let idle = answers::state(plan.pipeline(), 4, &Timeline::new(plan.agents()));
    assert_eq!(idle, "not started yet");
    let first = "waiting for first token";
    assert_eq!(states(at_ms(100)), [first, first, first, first, "waiting for 4"]);
    let at_1000 = states(at_ms(1000));
    assert_eq!(at_1000, ["streaming", "done", "done", "streaming", "waiting for 2"]);
    assert_eq!(states(at_ms(1600))[4], first);
    assert_eq!(states(at_ms(2300)), ["done"; 5]);
}

#[test]
fn the_report_is_the_work_of_the_final_agent_where_there_is_one() {
    assert_eq!(answers::author(plan("preset=company").pipeline()), Some(4));
    let two = crate::fixtures::pipeline(&[("a", &["topic"], 1), ("b", &["topic"], 1)]).0;
    assert_eq!(answers::author(&two), None);
}

#[test]
fn a_card_that_hides_something_can_be_opened() {
    assert!(!answers::is_long("", false));
    assert!(!answers::is_long("One line.\n", false));
    assert!(answers::is_long("a\nb\nc\nd", false));
    assert!(answers::is_long(&"word ".repeat(30), false));
    assert!(answers::is_long("", true), "failed attempts and sources");
}

#[test]
fn the_table_has_a_row_for_each_agent_and_schedule() {
    let plan = plan("preset=company");
    let page = Page::new(0, plan.agents(), plan.agents());
    let idle = rows(&plan, &frame(&plan, None), page);
    assert_eq!(idle.len(), 10);
    assert!(idle.iter().all(|row| row.outcome == "waiting" && row.start.is_none()));
    assert_eq!(idle.iter().map(|row| row.number).collect::<Vec<_>>(), (2..12).collect::<Vec<_>>());
    let over = rows(&plan, &frame(&plan, Some(9000)), page);
    let last = over.last().unwrap();
    assert_eq!((last.agent.as_str(), last.schedule), ("synthesis", Kind::Parallel));
    assert_eq!((last.start, last.end), (Some(at_ms(1500)), Some(at_ms(2300))));
    assert_eq!(last.outcome, "done");
}

/// The other schedule of a run from a file did not take place and will not: it does not wait.
#[test]
fn beside_a_measured_run_the_other_schedule_is_expected() {
    let span = |name: &str, from: u64, to: u64| {
        format!(
            r#"{{"traceId":"a","id":"{from}{to}","parentId":"9","name":"{name}","timestamp":{},"duration":{}}}"#,
            1_000_000 + from * 1000,
            (to - from) * 1000,
        )
    };
    let root = r#"{"traceId":"a","id":"9","name":"run","timestamp":1000000,"duration":900000}"#;
    let text = format!("[{root},{},{}]", span("fetch news", 0, 500), span("fetch stock", 0, 800));
    let read = import::read(&text).unwrap();
    let settings = Settings::default();
    let measured = Measured::of(read, 1, "run.json".into(), &settings, async || ());
    let measured = measured.now_or_never().unwrap().unwrap();
    let plan = Plan::of_measured(&settings, Rc::new(measured));
    let page = Page::new(0, plan.agents(), plan.agents());
    let frame = Frame { timelines: vec![Timeline::new(plan.agents()); 2], ..Frame::default() };
    let listed = rows(&plan, &frame, page);
    let of = |kind| listed.iter().filter(move |row| row.schedule == kind);
    assert!(of(Kind::Sequential).count() > 1);
    assert!(of(Kind::Sequential).all(|row| row.outcome == "expected" && row.end.is_some()));
}

#[test]
fn the_code_opens_on_the_line_that_waits() {
    let line = |agents: &[usize]| Line { agents: agents.to_vec(), ..Line::default() };
    let program = Program { lines: vec![line(&[]), line(&[0]), line(&[]), line(&[1])] };
    assert_eq!(codegen::waiting_line(&program, &[]), Some(1));
    assert_eq!(codegen::waiting_line(&program, &[false, false, false, true]), Some(3));
    assert_eq!(codegen::waiting_line(&Program { lines: vec![line(&[])] }, &[]), None);
    assert_eq!([16, 17].map(codegen::is_cut), [false, true]);
}

#[test]
fn what_a_blocking_agent_does_is_told_with_its_figures() {
    let told = |hash| {
        let plan = plan(hash);
        explanation(&plan, &frame(&plan, None), 1.0).unwrap()
    };
    assert!(told("preset=company").starts_with("Every agent awaits"));
    let one = told("preset=company&block=news");
    assert!(one.starts_with("News holds the thread from 0 s to 1.2 s."), "{one}");
    assert!(one.contains("Stock, Social, Internal cannot start"), "{one}");
    assert!(one.contains("Expected speedup: "), "{one}");
    let all = told("preset=company&block=all");
    assert!(all.starts_with("A blocking agent holds the thread"), "{all}");
    let titled = told("preset=researchers&block=EVResearcher");
    assert!(titled.starts_with("Electric vehicles holds the thread"), "{titled}");
}

#[test]
fn the_steps_tell_which_agents_block_and_which_wait() {
    let steps = |hash, at| {
        let plan = plan(hash);
        let timeline = parallel_at(&plan, at_ms(at));
        let told = steps(plan.pipeline(), &timeline, &|agent| plan.thread_use(agent));
        told.into_iter().map(|step| step.text).collect::<Vec<_>>()
    };
    // Social starts with the others and computes only from 2.1 s on: a quarter of its time.
    assert_eq!(
        steps("preset=company&block=all", 5100),
        [
            "Start News: it computes and holds the thread",
            "While News holds the thread, these cannot start: Stock, Social, Internal",
            "News blocks the thread: nothing else can be resumed",
            "Stock blocks the thread: nothing else can be resumed",
            "Social blocks the thread: nothing else can be resumed",
            "Internal blocks the thread: nothing else can be resumed",
            "All 4 done → proceed with Synthesis",
        ]
    );
    let one = steps("preset=company&block=social", 100);
    assert_eq!(one[1], "While News waits: start Stock, Social, Internal");
    assert_eq!(one[3], "Stock answers → resume Stock");
    assert_eq!(one[4], "Social blocks the thread: nothing else can be resumed");
    // What hangs is awaited, and so is a live model.
    for awaited in ["block=social&fail=social:hang", "block=social&provider=openai"] {
        let plan = plan(&format!("preset=company&{awaited}"));
        assert_eq!(plan.thread_use(2), ThreadUse::Awaits, "{awaited}");
    }
}

#[test]
fn the_steps_tell_starts_only_where_there_were_any() {
    let last = |hash| {
        let plan = plan(hash);
        let over = parallel_at(&plan, at_ms(60_000));
        let told = steps(plan.pipeline(), &over, &|agent| plan.thread_use(agent));
        told.last().unwrap().text.clone()
    };
    assert_eq!(last("preset=company&fail=stock:500"), "Only 1 of 4 done → the run stops");
    assert_eq!(
        last("preset=company&fail=stock:500&on_error=collect"),
        "3 of 4 done → proceed with Synthesis"
    );
}
