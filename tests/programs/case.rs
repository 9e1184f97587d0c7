//! What is run: the presets, random pipelines with hostile texts, failures, awkward keys.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use converge::codegen::{Form, Language};
use converge::engine::{OnFailure, Retry, Schedule, Timeouts};
use converge::pipeline::{Agent, Pipeline, Work};
use converge::presets::{PresetId, preset};
use converge::simulate::{Fault, Script};
use converge::template::Template;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::fixtures::{agent, cases, hostile, key, ms, script, with_texts};

/// One program to be.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    pub pipeline: Pipeline,
    pub scripts: Vec<Script>,
    pub form: Form,
    pub schedule: Schedule,
    pub temperature: Option<f64>,
}

impl Case {
    pub fn new(name: &str, (pipeline, scripts): &(Pipeline, Vec<Script>), width: usize) -> Self {
        let form = if width == 1 { Form::Sequential } else { Form::Parallel };
        Self {
            name: format!("{name}, width {width}"),
            pipeline: pipeline.clone(),
            scripts: scripts.clone(),
            form,
            schedule: Schedule { width: NonZeroUsize::new(width).unwrap(), ..Schedule::parallel() },
            temperature: None,
        }
    }

    pub fn collecting(self) -> Self {
        let schedule = Schedule { on_failure: OnFailure::Collect, ..self.schedule };
        Self { name: format!("{}, collecting", self.name), schedule, ..self }
    }

    fn with_attempts(self, attempts: u32) -> Self {
        let retry = Retry::up_to(NonZeroU32::new(attempts).unwrap());
        let name = format!("{}, {attempts} attempts", self.name);
        Self { name, schedule: Schedule { retry, ..self.schedule }, ..self }
    }
}

pub const WIDE: usize = usize::MAX;

/// Every preset, at each width.
pub fn presets() -> Vec<Case> {
    let mut all = Vec::new();
    for id in PresetId::ALL {
        let preset = preset(id, 12);
        // A little more for each, so that no two of them, or sums of them, end at once: whoever starts
        // then waits for one of the two, and which one is not said.
        let scripts = preset.scripts.into_iter().enumerate().map(|(place, script)| Script {
            latency: script.latency + Duration::from_micros(1 << place),
            ..script
        });
        let plan = (preset.pipeline, scripts.collect());
        for width in [1, 2, WIDE] {
            all.push(Case::new(id.id(), &plan, width));
        }
    }
    all[2].temperature = Some(0.7);
    all
}

/// Random pipelines, each with distinct latencies, so that the engine's order is the only one.
fn drawn(seed: u64, count: usize) -> Vec<(Pipeline, Vec<Script>)> {
    let mut random = TestRunner::deterministic();
    let mut latencies = fastrand::Rng::with_seed(seed);
    let drawn = (cases(), proptest::collection::vec(hostile(), 1..5));
    let mut found = Vec::new();
    while found.len() < count {
        let (case, texts) = drawn.new_tree(&mut random).unwrap().current();
        let levels = case.pipeline.by_level();
        // Several levels, and something to run at once.
        if levels.len() < 2 || levels.iter().all(|level| level.len() < 2) {
            continue;
        }
        let Some(pipeline) = with_texts(&case, &texts) else { continue };
        let scripts = case.scripts.into_iter();
        let scripts = scripts.map(|script| Script {
            latency: Duration::from_micros(latencies.u64(10_000..3_000_000)),
            ..script
        });
        found.push((pipeline, scripts.collect()));
    }
    found
}

/// A number for each language, so that together they see more pipelines.
fn seed(language: Language) -> u64 {
    Language::ALL.iter().position(|other| *other == language).unwrap() as u64
}

pub fn random(language: Language, count: usize) -> Vec<Case> {
    let plans = drawn(seed(language), count);
    let each = plans.iter().enumerate().flat_map(|(place, plan)| {
        let name = format!("random {place}");
        [1, 2, WIDE].map(|width| Case::new(&name, plan, width))
    });
    each.collect()
}

/// `a` and `b` feed `end`, `slow` is beside them; one of them fails with that status.
pub fn diamond(failing: Option<usize>) -> (Pipeline, Vec<Script>) {
    let agents = vec![
        agent("a", "ask a of {topic}", "a"),
        agent("b", "ask b of {topic}", "b"),
        agent("slow", "ask slow of {topic}", "slow"),
        agent("end", "join {a} and {b} and {slow}", "end"),
    ];
    let mut scripts: Vec<Script> = [(200, "A"), (300, "B"), (900, "S"), (100, "E")]
        .map(|(millis, answer)| script(ms(millis), answer))
        .into();
    if let Some(failing) = failing {
        scripts[failing].fault = Some(Fault::Status { status: 500, after: None }.into());
    }
    (Pipeline::new(vec![key("topic")], agents).unwrap(), scripts)
}

/// The same in another schedule, with another policy, with another prompt: what tells those apart tells
/// a program that is wrong.
pub fn mistakes() -> [(Case, Case, &'static str); 5] {
    let case = |width| Case::new("mistaken", &diamond(None), width);
    let failing = || Case::new("mistaken", &diamond(Some(1)), WIDE);
    let leaving = || {
        let case = failing();
        Case { schedule: Schedule { on_failure: OnFailure::Leave, ..case.schedule }, ..case }
    };
    let mut other = diamond(None).0.agents().to_vec();
    other[1].prompt = Template::new("ask b of {topic}?");
    let other = Pipeline::new(vec![key("topic")], other).unwrap();
    [
        (case(WIDE), case(1), "waits for what never came"),
        (case(1), case(WIDE), "was answered"),
        (failing().collecting(), failing(), "succeeds: true"),
        (leaving(), failing(), "dropped: true"),
        (case(1), Case { pipeline: other, ..case(1) }, "which the engine does not"),
    ]
}

/// One agent fails for good, and the run with it.
pub fn failing(language: Language) -> Vec<Case> {
    let mut all: Vec<Case> = [1, 2, WIDE]
        .into_iter()
        .map(|width| Case::new("b fails", &diamond(Some(1)), width))
        .collect();
    all.push(Case::new("end fails", &diamond(Some(3)), WIDE));
    for (place, mut plan) in drawn(seed(language) + 100, 4).into_iter().enumerate() {
        let asking: Vec<usize> =
            (0..plan.1.len()).filter(|agent| plan.0.agents()[*agent].work == Work::Model).collect();
        let fails = asking[place % asking.len()];
        plan.1[fails].fault = Some(Fault::Status { status: 500, after: None }.into());
        all.push(Case::new(&format!("random {place} fails"), &plan, WIDE));
    }
    all
}

/// One agent fails for good, and everybody else goes on.
pub fn collecting(language: Language) -> Vec<Case> {
    let mut all: Vec<Case> = [1, 2, WIDE]
        .into_iter()
        .map(|width| Case::new("b fails", &diamond(Some(1)), width).collecting())
        .collect();
    for (place, mut plan) in drawn(seed(language) + 200, 4).into_iter().enumerate() {
        let levels = plan.0.by_level();
        let fails = levels[0].iter().copied().find(|agent| {
            let asks = plan.0.agents()[*agent].work == Work::Model;
            // Who has nothing else is skipped by the engine, and the programs say that they ask.
            let readers = plan.0.needed_by(*agent);
            asks && readers.iter().all(|reader| plan.0.needs(*reader).len() > 1)
        });
        let Some(fails) = fails else { continue };
        plan.1[fails].fault = Some(Fault::Status { status: 500, after: None }.into());
        let name = format!("random {place} fails");
        all.push(Case::new(&name, &plan, WIDE).collecting());
    }
    all
}

/// One agent fails for good, and the others are left, or waited for, or do not notice.
pub fn policies(language: Language) -> Vec<Case> {
    let mut plans = vec![("b fails", diamond(Some(1)), 2), ("b fails", diamond(Some(1)), WIDE)];
    plans.push(("b of the uneven fails", uneven(), WIDE));
    for (place, mut plan) in drawn(seed(language) + 300, 2).into_iter().enumerate() {
        let asking: Vec<usize> =
            (0..plan.1.len()).filter(|agent| plan.0.agents()[*agent].work == Work::Model).collect();
        plan.1[asking[place]].fault = Some(Fault::Status { status: 500, after: None }.into());
        plans.push((["random 0 fails", "random 1 fails"][place], plan, WIDE));
    }
    let policies = [OnFailure::Leave, OnFailure::Wait, OnFailure::Fallback];
    let each = policies.into_iter().flat_map(|on_failure| {
        plans.iter().map(move |(name, plan, width)| {
            let case = Case::new(&format!("{name}, {on_failure:?}"), plan, *width);
            Case { schedule: Schedule { on_failure, ..case.schedule }, ..case }
        })
    });
    each.collect()
}

/// `b` fails while `early` is out, which reads `a`, and before `late` could begin, which reads `slow`.
pub fn uneven() -> (Pipeline, Vec<Script>) {
    let agents = vec![
        agent("a", "ask a of {topic}", "a"),
        agent("b", "ask b of {topic}", "b"),
        agent("slow", "ask slow of {topic}", "slow"),
        agent("early", "ask early of {a}", "early"),
        agent("late", "ask late of {slow}", "late"),
        agent("end", "join {b} and {early} and {late}", "end"),
    ];
    let mut scripts: Vec<Script> =
        [(200, "A"), (300, "B"), (900, "S"), (1_000, "EA"), (100, "L"), (100, "E")]
            .map(|(millis, answer)| script(ms(millis), answer))
            .into();
    scripts[1].fault = Some(Fault::Status { status: 500, after: None }.into());
    (Pipeline::new(vec![key("topic")], agents).unwrap(), scripts)
}

/// What fails twice is asked three times; what is refused for good is asked once.
pub fn retrying() -> Vec<Case> {
    let mut passing = diamond(Some(1));
    passing.1[1].fault.as_mut().unwrap().times = NonZeroU32::new(2);
    let mut refused = diamond(Some(1));
    refused.1[1].fault = Some(Fault::Status { status: 400, after: None }.into());
    vec![
        Case::new("b passes at last", &passing, WIDE).with_attempts(3),
        Case::new("b is refused", &refused, WIDE).with_attempts(3),
    ]
}

/// An answer that never comes is waited for for so long.
pub fn patient() -> Vec<Case> {
    let mut hung = diamond(None);
    hung.1[1].fault = Some(Fault::Hang.into());
    let of_calls = Timeouts { first: Some(ms(3_000)), ..Timeouts::default() };
    let of_runs = Timeouts { run: Some(ms(6_000)), ..Timeouts::default() };
    [("a call", of_calls), ("the run", of_runs)]
        .map(|(what, timeouts)| {
            let case = Case::new(&format!("{what} takes too long"), &hung, WIDE);
            Case { schedule: Schedule { timeouts, ..case.schedule }, ..case }
        })
        .into()
}

/// Keys that are some language's own words, or the programs', or hardly words; and models of one's own.
pub fn keys(language: Language) -> Vec<Case> {
    // Ray starts a process for each task that runs at once, which takes a second or two of a processor.
    let width = if language == Language::Ray { 2 } else { WIDE };
    #[rustfmt::skip]
    let keys = [
        "class", "None", "match", "__debug__", "asyncio", "let", "function", "ask", "Promise", "given",
        "arguments", "print", "main", "ask_a", "a", "state", "State", "gemini", "self", "Ok", "user",
        "run_query", "ſ", "s", "ﬁ", "fi", "größe", "тема", "主题", "ก", "a½", "_", "__",
    ];
    let mut agents: Vec<Agent> =
        keys.iter().map(|key| agent(key, &format!("ask {key} {{topic}}"), key)).collect();
    let reads: Vec<String> = keys.iter().map(|key| format!("{{{key}}}")).collect();
    agents.push(agent("# end\n", &reads.join(" "), "the_end"));
    agents[0].model = Some("own".into());
    agents[1].instruction = Template::new("You are {topic?}.");
    // Reads one branch only, so that waiting for a level would be too long.
    let uneven = [agents.clone(), vec![agent("late", "{class}", "late")]].concat();
    [agents, uneven]
        .map(|agents| {
            let latency = |at: usize| ms(100 + 7 * at as u64);
            let scripts = agents.iter().enumerate();
            let scripts = scripts.map(|(at, agent)| script(latency(at), &agent.name)).collect();
            (Pipeline::new(vec![key("topic")], agents).unwrap(), scripts)
        })
        .iter()
        .map(|plan| Case::new("keys", plan, width))
        .collect()
}
