//! LangChain and ADK over one run: the rows say what is true of the pipeline at hand, and the two
//! memories fill by the run's own moments.

use std::num::NonZeroUsize;

use converge::engine::{Hedge, Late, OnFailure, Quorum, Schedule};
use converge::presets::{PresetId, preset, topic_key};
use converge::simulate::{Fault, Script, predict};
use converge::state::State;
use converge::timeline::Timeline;
use converge::trace::Trace;
use converge::versus::memory::{Standing, slots, told};
use converge::versus::{Library, Row, Scene, rows};

use crate::fixtures::{at_ms, ms, pipeline, run, width};

fn told_of(rows: &[Row], about: &str) -> [String; 2] {
    let row = rows.iter().find(|row| row.about == about);
    let row = row.unwrap_or_else(|| panic!("no row about {about}"));
    row.cells.each_ref().map(|cell| format!("{} {}", cell.code, cell.says).trim().to_owned())
}

struct Shown {
    preset: converge::presets::Preset,
    inputs: State,
    trace: Trace,
    schedule: Schedule,
}

impl Shown {
    fn new(id: PresetId, schedule: Schedule, fault: Option<(&str, Fault)>) -> Self {
        let preset = preset(id, 100);
        let mut scripts: Vec<Script> = preset.scripts.clone();
        if let Some((name, fault)) = fault {
            scripts[preset.pipeline.find(name).unwrap()].fault = Some(fault.into());
        }
        let mut inputs = State::new();
        inputs.set(topic_key(), preset.topic);
        let trace = predict(&preset.pipeline, &inputs, &scripts, schedule);
        Self { preset, inputs, trace, schedule }
    }

    fn at<T>(&self, millis: u64, of: impl Fn(&Scene<'_>) -> T) -> T {
        let timeline = Timeline::at(&self.trace, self.preset.scripts.len(), at_ms(millis));
        let pipeline = &self.preset.pipeline;
        of(&Scene { pipeline, schedule: self.schedule, timeline: &timeline })
    }

    fn rows(&self, millis: u64) -> Vec<Row> {
        self.at(millis, rows)
    }

    /// "key standing since" for each entry, then what is said of all of them.
    fn memory(&self, millis: u64, library: Library) -> Vec<String> {
        self.at(millis, |scene| {
            let slots = slots(scene, &self.inputs, library);
            let line = |slot: &converge::versus::memory::Slot| {
                let since = slot.since.map(|at| format!(" {}", at.as_micros() / 1000));
                format!("{} {}{}", slot.key, slot.standing.as_str(), since.unwrap_or_default())
            };
            let mut lines: Vec<String> = slots.iter().map(line).collect();
            lines.push(told(scene, &slots, library));
            lines
        })
    }
}

#[test]
fn a_map_hands_on_all_at_once_and_the_state_one_by_one() {
    let shown = Shown::new(PresetId::Company, Schedule::parallel(), None);
    assert_eq!(
        shown.memory(1000, Library::LangChain),
        [
            "topic given 0",
            "news at work",
            "stock held by the map",
            "social held by the map",
            "internal at work",
            "briefing waiting",
            "The map holds 2 results and passes none on until its last chain ends.",
        ]
    );
    assert_eq!(
        shown.memory(1000, Library::Adk),
        [
            "topic given 0",
            "social written 700",
            "stock written 900",
            "news at work",
            "internal at work",
            "briefing waiting",
            "2 of 5 keys are written, each when its agent ended, the last at 0.9 s.",
        ]
    );
    let end = shown.memory(2300, Library::LangChain);
    assert_eq!(
        end[1..5],
        ["news", "stock", "social", "internal"].map(|k| format!("{k} written 1500"))
    );
    assert_eq!(end[5], "briefing written 2300");
    assert_eq!(end[6], "5 of 5 keys are there, the last since 2.3 s.");
    let before = shown.at(0, |scene| {
        let timeline = Timeline::new(5);
        let scene = Scene { timeline: &timeline, ..*scene };
        Library::ALL.map(|library| told(&scene, &slots(&scene, &shown.inputs, library), library))
    });
    assert_eq!(
        before,
        [
            "It begins with what ainvoke is given.",
            "It begins with what the session is created with."
        ]
    );
}

#[test]
fn an_exception_takes_the_dictionary_with_it_and_leaves_the_state() {
    let fault = Fault::Status { status: 500, after: Some(std::time::Duration::from_millis(800)) };
    let shown = Shown::new(PresetId::Company, Schedule::parallel(), Some(("stock", fault)));
    let langchain = shown.memory(900, Library::LangChain);
    assert_eq!(langchain[3], "social lost");
    assert_eq!(langchain[2], "stock missing");
    assert_eq!(
        langchain[6],
        "The caller gets only the exception: 1 result that had arrived is lost."
    );
    let adk = shown.memory(900, Library::Adk);
    assert_eq!(adk[1], "social written 700");
    assert_eq!(adk[6], "1 of 5 keys are written and stay, whatever happens to the other agents.");

    let [langchain, adk] = told_of(&shown.rows(900), "When a branch fails");
    assert!(
        langchain.ends_with(
            "Here stock failed at 0.8 s. news and internal would run on. Lost: {social}."
        ),
        "{langchain}"
    );
    assert!(
        adk.ends_with(
            "Here stock failed at 0.8 s. news and internal would be canceled then. Kept: {social}."
        ),
        "{adk}"
    );
    // Where the rest goes on, the mark stands in the place of what failed, and nothing is lost.
    let collects = Schedule { on_failure: OnFailure::Collect, ..Schedule::parallel() };
    let shown = Shown::new(PresetId::Company, collects, Some(("stock", fault)));
    assert_eq!(shown.memory(1500, Library::LangChain)[3], "social written 1500");
    let [langchain, adk] = told_of(&shown.rows(1500), "What is set for a failure");
    assert!(langchain.starts_with(".with_fallbacks"), "{langchain}");
    assert!(adk.starts_with("on_model_error_callback"), "{adk}");
}

#[test]
fn the_rows_are_worked_out_for_the_pipeline() {
    let shown = Shown::new(PresetId::Company, Schedule::parallel(), None);
    let all = shown.rows(2300);
    let [langchain, adk] = told_of(&all, "Primitive");
    assert!(
        langchain.starts_with("RunnableParallel(news, stock, social, internal) | synthesis"),
        "{langchain}"
    );
    assert!(
        adk.starts_with("SequentialAgent[ParallelAgent[news, stock, social, internal], synthesis]"),
        "{adk}"
    );
    assert!(
        adk.contains("START → (news, stock, social, internal) → JoinNode → synthesis"),
        "{adk}"
    );
    let [langchain, adk] = told_of(&all, "How results travel");
    assert!(
        langchain.contains("synthesis's prompt reads {news}, {stock}, {social} and {internal}"),
        "{langchain}"
    );
    assert!(langchain.contains("{topic} has to be passed on"), "{langchain}");
    assert!(adk.contains("nothing has to be passed on"), "{adk}");
    let [langchain, adk] = told_of(&all, "In which order");
    assert!(langchain.ends_with("news, stock, social and internal."), "{langchain}");
    assert_eq!(adk, "As the agents ended in this run: social, stock, news and internal.");
    assert!(told_of(&shown.rows(750), "In which order")[1].ends_with("so far: social."));
    assert!(all.iter().all(|row| row.about != "Unneeded waits"));
    let [langchain, adk] = told_of(&all, "A key that no agent wrote");
    assert!(langchain.contains("expected, news,"), "{langchain}");
    assert!(adk.starts_with("KeyError: Context variable not found: `news`."), "{adk}");
}

#[test]
fn a_limit_is_kept_by_invoke_and_by_the_workflow() {
    let limits = |schedule| {
        let shown = Shown::new(PresetId::Researchers, schedule, None);
        told_of(&shown.rows(0), "How many at once")
    };
    let [langchain, adk] = limits(Schedule::parallel());
    assert!(langchain.starts_with("All 3 at once. ainvoke ignores max_concurrency"), "{langchain}");
    assert!(adk.starts_with("All 3 at once: ParallelAgent has no limit."), "{adk}");
    let [langchain, adk] = limits(width(2));
    assert!(langchain.starts_with("invoke(.., config={\"max_concurrency\": 2})"), "{langchain}");
    assert!(adk.starts_with("Workflow(.., max_concurrency=2)"), "{adk}");
    let one = limits(Schedule::sequential());
    assert_eq!(one, ["One: each is awaited before the next one begins."; 2]);
}

#[test]
fn in_sequence_nothing_is_held() {
    let shown = Shown::new(PresetId::Company, Schedule::sequential(), None);
    assert_eq!(
        shown.memory(1300, Library::LangChain)[1..3],
        ["news written 1200", "stock at work"]
    );
    let [langchain, adk] = told_of(&shown.rows(0), "Primitive");
    assert!(langchain.starts_with("for chain in (news, stock, social, internal, synthesis)"));
    assert!(adk.starts_with("SequentialAgent[news, stock, social, internal, synthesis]"), "{adk}");
}

#[test]
fn a_chain_is_joined_only_after_several_and_hands_on_what_is_read_later() {
    let (plan, scripts) = pipeline(&[
        ("b", &["topic"], 100),
        ("a", &["topic"], 100),
        ("c", &["a", "b"], 100),
        ("d", &["c", "a"], 100),
        ("e", &["d", "topic"], 100),
    ]);
    let end = run(&plan, &scripts, Schedule::parallel()).timeline(&plan);
    let scene = Scene { pipeline: &plan, schedule: Schedule::parallel(), timeline: &end };
    let all = rows(&scene);
    let [_, adk] = told_of(&all, "Primitive");
    assert!(adk.contains("a Workflow, START → (b, a) → JoinNode → c → d → e, takes"), "{adk}");
    let [langchain, _] = told_of(&all, "How results travel");
    assert!(langchain.contains("after it: {topic} and {a} have to be passed on"), "{langchain}");
}

/// What a program of levels costs that the dependencies do not ask for.
#[test]
fn waits_that_nobody_needs_are_named_and_measured() {
    let (plan, scripts) = pipeline(&[
        ("a", &["topic"], 1000),
        ("b", &["topic"], 100),
        ("c", &["b"], 1000),
        ("d", &["a", "c"], 100),
    ]);
    let end = run(&plan, &scripts, Schedule::parallel()).timeline(&plan);
    let scene = Scene { pipeline: &plan, schedule: Schedule::parallel(), timeline: &end };
    let [_, adk] = told_of(&rows(&scene), "Primitive");
    assert!(adk.contains("a Workflow, with an edge wherever one reads"), "{adk}");
    let [langchain, adk] = told_of(&rows(&scene), "Unneeded waits");
    assert_eq!(
        langchain,
        "A pipe waits for the whole map before it: c for a. With this run's lengths that makes \
         2.1 s instead of 1.2 s."
    );
    assert!(adk.starts_with("A SequentialAgent waits for the whole ParallelAgent"), "{adk}");
}

#[test]
fn what_passes_through_is_no_call_and_a_wide_one_is_counted() {
    let shown = Shown::new(PresetId::Topic, Schedule::parallel(), None);
    let [langchain, adk] = told_of(&shown.rows(0), "Primitive");
    assert!(langchain.contains("topic is a RunnablePassthrough"), "{langchain}");
    assert!(adk.contains("topic needs no agent"), "{adk}");
    let shown = Shown::new(PresetId::Fanout, Schedule::parallel(), None);
    let [langchain, _] = told_of(&shown.rows(0), "How results travel");
    assert!(langchain.contains("{result5} and 95 more"), "{langchain}");
}

#[test]
fn every_preset_has_both_at_every_moment() {
    for id in PresetId::ALL {
        for schedule in [Schedule::sequential(), Schedule::parallel(), width(2)] {
            let shown = Shown::new(id, schedule, None);
            for millis in [0, 200, 1000, 60_000] {
                for row in shown.rows(millis) {
                    assert!(row.cells.iter().all(|cell| !cell.says.is_empty()), "{id:?} {row:?}");
                }
                let counts = Library::ALL.map(|library| {
                    shown.at(millis, |scene| slots(scene, &shown.inputs, library).len())
                });
                assert_eq!(counts, [shown.preset.scripts.len() + 1; 2]);
            }
            shown.at(60_000, |scene| {
                for library in Library::ALL {
                    let slots = slots(scene, &shown.inputs, library);
                    assert!(slots.iter().all(|slot| slot.standing.is_there()), "{id:?} {slots:?}");
                    assert!(slots.iter().all(|slot| slot.standing != Standing::Held));
                }
            });
        }
    }
}

/// Second calls and quorums have a row each, where they are set.
#[test]
fn conditions_have_their_rows() {
    let plain = Shown::new(PresetId::Company, Schedule::parallel(), None).rows(2300);
    assert!(!plain.iter().any(|row| row.about.contains("quorum") || row.about.contains("hedge")));
    let quorum =
        Quorum { answers: NonZeroUsize::new(3).unwrap(), join: Some(4), late: Late::Cancel };
    let schedule = Schedule {
        hedge: Some(Hedge { after: ms(1500), agent: None }),
        quorum: Some(quorum),
        ..Schedule::parallel()
    };
    let rows = Shown::new(PresetId::Company, schedule, None).rows(2300);
    let [langchain, adk] = told_of(&rows, "A quorum of answers");
    assert!(langchain.starts_with("For synthesis to begin with 3 answers: not by itself"));
    assert!(adk.contains("JoinNode"), "{adk}");
    let [langchain, _] = told_of(&rows, "A second call (hedge)");
    assert!(langchain.starts_with("To ask each agent again after 1.5 s: "), "{langchain}");
}
