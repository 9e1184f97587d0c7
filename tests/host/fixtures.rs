//! Pipelines to run, a way to run them, and what must hold of any log whatever was run.

// Said in full, because the tests of programs take this file from another folder.
#[path = "fixtures/log.rs"]
mod log;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;
use std::time::Duration;

use converge::clock::VirtualClock;
use converge::engine::{
    self, Hedge, Late, OnFailure, Quorum, Retry, RunResult, Schedule, Timeouts,
};
use converge::model::{Chunk, Model, ModelError, Prompt};
use converge::pipeline::{Agent, Pipeline, Work};
use converge::simulate::{Failing, Fault, Script, SimulatedModel};
use converge::state::{Key, State};
use converge::template::Template;
use converge::time::Instant;
use converge::timeline::Timeline;
use converge::trace::Trace;
use futures::stream::LocalBoxStream;
use proptest::prelude::*;

pub use log::{check_log, ends, starts};

pub fn key(name: &str) -> Key {
    Key::new(name).unwrap()
}

pub fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub fn at_ms(millis: u64) -> Instant {
    Instant::from_micros(millis * 1000)
}

pub fn agent(name: &str, prompt: &str, output_key: &str) -> Agent {
    Agent {
        name: name.into(),
        label: None,
        instruction: Template::new(""),
        prompt: Template::new(prompt),
        output_key: key(output_key),
        model: None,
        tools: Vec::new(),
        work: Work::Model,
    }
}

pub fn script(latency: Duration, answer: &str) -> Script {
    Script { latency, answer: Template::new(answer), fault: None, blocking: false }
}

/// Agents as `(name, what it reads, milliseconds)`; each writes under its own name.
pub fn pipeline(agents: &[(&str, &[&str], u64)]) -> (Pipeline, Vec<Script>) {
    let build = |(name, reads, _): &(&str, &[&str], u64)| {
        let holes: Vec<String> = reads.iter().map(|read| format!("{{{read}}}")).collect();
        agent(name, &holes.join(" "), name)
    };
    let plan = Pipeline::new(vec![key("topic")], agents.iter().map(build).collect()).unwrap();
    let scripts = agents.iter().map(|(name, _, latency)| script(ms(*latency), name)).collect();
    (plan, scripts)
}

pub fn width(limit: usize) -> Schedule {
    Schedule { width: NonZeroUsize::new(limit).unwrap(), ..Schedule::parallel() }
}

/// What one run left.
pub struct Ran {
    /// `None` when it was dropped before its end.
    pub result: Option<RunResult>,
    pub trace: Trace,
    /// Every prompt that reached the model.
    pub prompts: Vec<Prompt>,
}

impl Ran {
    pub fn makespan(&self) -> Duration {
        self.trace.end() - Instant::ZERO
    }

    /// The whole log, folded.
    pub fn timeline(&self, pipeline: &Pipeline) -> Timeline {
        Timeline::at(&self.trace, pipeline.agents().len(), self.trace.end())
    }
}

/// Runs a pipeline about tides on a virtual clock; a run that hangs is dropped at its last event.
pub fn run(pipeline: &Pipeline, scripts: &[Script], schedule: Schedule) -> Ran {
    const A_YEAR: Instant = Instant::from_micros(365 * 24 * 3600 * 1_000_000);
    run_while(pipeline, scripts, schedule, |deadline| deadline < A_YEAR)
}

/// The same, dropped at the first deadline that `go_on` refuses.
pub fn run_while(
    pipeline: &Pipeline,
    scripts: &[Script],
    schedule: Schedule,
    go_on: impl Fn(Instant) -> bool,
) -> Ran {
    let clock = VirtualClock::new();
    let model = Listening {
        model: SimulatedModel::new(scripts.to_vec(), Rc::new(clock.clone())),
        prompts: RefCell::default(),
    };
    let trace = RefCell::new(Trace::new());
    let mut inputs = State::new();
    inputs.set(key("topic"), "tides");
    let run = engine::run(pipeline, inputs, schedule, &clock, &model, &trace);
    let result = clock.run_while(run, go_on);
    Ran { result, trace: trace.into_inner(), prompts: model.prompts.into_inner() }
}

/// A model that remembers what it was asked.
struct Listening {
    model: SimulatedModel,
    prompts: RefCell<Vec<Prompt>>,
}

impl Model for Listening {
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        self.prompts.borrow_mut().push(prompt.clone());
        self.model.generate(prompt)
    }
}

/// A random pipeline with scripts, and faults if they were asked for.
#[derive(Clone, Debug)]
pub struct Case {
    pub pipeline: Pipeline,
    pub scripts: Vec<Script>,
}

impl Case {
    pub fn len(&self) -> usize {
        self.scripts.len()
    }

    /// How long each agent takes when nothing goes wrong, by place.
    pub fn latencies(&self) -> Vec<Duration> {
        let agents = self.pipeline.agents().iter().zip(&self.scripts);
        agents
            .map(|(agent, script)| match agent.work {
                Work::Model => script.latency,
                Work::PassThrough => Duration::ZERO,
            })
            .collect()
    }

    /// The longest chain that ends with `agent`, found the slow and obvious way.
    fn chain(&self, agent: usize, known: &mut BTreeMap<usize, Duration>) -> Duration {
        if let Some(length) = known.get(&agent) {
            return *length;
        }
        let needs = self.pipeline.needs(agent).to_vec();
        let before = needs.into_iter().map(|need| self.chain(need, known)).max();
        let length = before.unwrap_or_default() + self.latencies()[agent];
        known.insert(agent, length);
        length
    }

    pub fn longest_chain(&self) -> Duration {
        let mut known = BTreeMap::new();
        (0..self.len()).map(|agent| self.chain(agent, &mut known)).max().unwrap()
    }
}

/// What is drawn at random for one agent.
#[derive(Clone, Debug)]
struct Draw {
    micros: u64,
    /// Which earlier agents it reads, as indices to be wrapped.
    needs: Vec<usize>,
    /// Whether it reads all earlier ones instead.
    gathers: bool,
    optional: Vec<bool>,
    topic: bool,
    passes_through: bool,
    fault: Option<Failing>,
}

fn latency() -> impl Strategy<Value = u64> {
    prop_oneof![
        1 => Just(0),
        4 => 1..3_000_000_u64,
        // Round ones, so that ends coincide.
        3 => (1..20_u64).prop_map(|tenths| tenths * 100_000),
    ]
}

fn fault() -> impl Strategy<Value = Failing> {
    let after = || proptest::option::of(latency().prop_map(Duration::from_micros));
    let fault = prop_oneof![
        3 => (400..600_u16, after()).prop_map(|(status, after)| Fault::Status { status, after }),
        2 => after().prop_map(|after| Fault::Cut { after }),
        1 => Just(Fault::Hang),
        // Many at once, so that limits are lowered.
        2 => after().prop_map(|after| Fault::Status { status: 429, after }),
    ];
    let times = proptest::option::of((1..4_u32).prop_map(|n| NonZeroU32::new(n).unwrap()));
    (fault, times, after()).prop_map(|(fault, times, retry_after)| Failing {
        fault,
        times,
        retry_after,
    })
}

fn draw(faults: bool) -> impl Strategy<Value = Draw> {
    (
        latency(),
        proptest::collection::vec(0..64_usize, 0..4),
        proptest::bool::weighted(0.12),
        proptest::collection::vec(proptest::bool::weighted(0.3), 16),
        any::<bool>(),
        proptest::bool::weighted(0.1),
        proptest::option::weighted(0.35, fault()).prop_map(move |fault| fault.filter(|_| faults)),
    )
        .prop_map(|(micros, needs, gathers, optional, topic, passes_through, fault)| Draw {
            micros,
            needs,
            gathers,
            optional,
            topic,
            passes_through,
            fault,
        })
}

/// Random pipelines of 1 to 14 agents, listed in any order.
pub fn cases() -> impl Strategy<Value = Case> {
    cases_with(false)
}

/// The same; about a third of the agents fail in some way.
pub fn faulty_cases() -> impl Strategy<Value = Case> {
    cases_with(true)
}

fn cases_with(faults: bool) -> impl Strategy<Value = Case> {
    (1..=14_usize)
        .prop_flat_map(move |count| {
            let places: Vec<usize> = (0..count).collect();
            (proptest::collection::vec(draw(faults), count), Just(places).prop_shuffle())
        })
        .prop_map(|(draws, places)| build(&draws, &places))
}

/// `places` says where in the list each drawn agent goes.
fn build(draws: &[Draw], places: &[usize]) -> Case {
    let mut listed = BTreeMap::new();
    for (index, draw) in draws.iter().enumerate() {
        let mut needs: Vec<usize> = match (index, draw.gathers) {
            (0, _) => Vec::new(),
            (_, true) => (0..index).collect(),
            (_, false) => draw.needs.iter().map(|need| need % index).collect(),
        };
        needs.sort_unstable();
        needs.dedup();
        let hole = |need: &usize| {
            let mark = if draw.optional[*need] { "?" } else { "" };
            format!("<{{k{}{mark}}}>", places[*need])
        };
        // Every other one is read in the instruction, and all are said again in the answer.
        let (odd, even): (Vec<usize>, Vec<usize>) = needs.iter().partition(|need| *need % 2 == 1);
        let holes = |needs: &[usize]| needs.iter().map(hole).collect::<Vec<_>>().join(" ");
        let place = places[index];
        let topic = if draw.topic { "about {topic} " } else { "" };
        let agent = Agent {
            instruction: Template::new(&holes(&odd)),
            work: if draw.passes_through { Work::PassThrough } else { Work::Model },
            ..agent(&format!("a{place}"), &format!("{topic}{}", holes(&even)), &format!("k{place}"))
        };
        let said: Vec<String> =
            needs.iter().map(|need| format!("{{k{}}}", places[*need])).collect();
        let script = Script {
            fault: draw.fault.filter(|_| !draw.passes_through),
            ..script(
                Duration::from_micros(draw.micros),
                &format!("word from a{place} ({})", said.join(" and ")),
            )
        };
        listed.insert(place, (agent, script));
    }
    let (agents, scripts) = listed.into_values().unzip();
    Case { pipeline: Pipeline::new(vec![key("topic")], agents).unwrap(), scripts }
}

/// Texts that are all quotes, braces, backslashes, breaks and emoji, and no hole of a template.
pub fn hostile() -> impl Strategy<Value = String> {
    "(\\PC|[\"'{}\\\\#%\n\r\t 0N\u{0}\u{1f}\u{85}\u{ad}\u{200d}\u{2028}\u{202e}\u{feff}🦀é]){0,90}"
        .prop_filter("a hole", |text| {
            let template = Template::new(text);
            template.holes().next().is_none() && !text.contains("{{")
        })
}

/// The case with a text before each prompt, and its agent's name, so that no two prompts are alike.
pub fn with_texts(case: &Case, texts: &[String]) -> Option<Pipeline> {
    let agents = case.pipeline.agents().iter().zip(texts.iter().cycle());
    let agents = agents.map(|(agent, text)| Agent {
        instruction: Template::new(&format!("{text}|{}", agent.instruction)),
        prompt: Template::new(&format!("{}|{text}|{}", agent.name, agent.prompt)),
        ..agent.clone()
    });
    Pipeline::new(vec![key("topic")], agents.collect()).ok()
}

/// Widths from one agent at a time to all of them.
pub fn widths() -> impl Strategy<Value = NonZeroUsize> {
    prop_oneof![
        5 => (1..8_usize).prop_map(|width| NonZeroUsize::new(width).unwrap()),
        1 => Just(NonZeroUsize::MAX),
    ]
}

/// Any width and policy, with a few attempts, and reads that may take half a minute.
pub fn schedules() -> impl Strategy<Value = Schedule> {
    (widths(), policies(), 1..5_u32, any::<u64>()).prop_map(
        |(width, on_failure, attempts, seed)| {
            let attempts = NonZeroU32::new(attempts).unwrap();
            Schedule {
                width,
                on_failure,
                timeouts: Timeouts::of_each_read(ms(30_000)),
                retry: Retry { seed, ..Retry::up_to(attempts) },
                ..Schedule::parallel()
            }
        },
    )
}

/// The same, half of them with a hedge and half with a quorum.
pub fn conditions() -> impl Strategy<Value = Schedule> {
    let of = |schedule, hedge, quorum| Schedule { hedge, quorum, ..schedule };
    let (hedge, quorum) = (proptest::option::of(hedges()), proptest::option::of(quorums()));
    (schedules(), hedge, quorum).prop_map(move |(s, hedge, quorum)| of(s, hedge, quorum))
}

pub fn hedges() -> impl Strategy<Value = Hedge> {
    let after = latency().prop_map(Duration::from_micros);
    (after, proptest::option::of(0..14_usize)).prop_map(|(after, agent)| Hedge { after, agent })
}

pub fn quorums() -> impl Strategy<Value = Quorum> {
    let late = prop::sample::select(vec![Late::Cancel, Late::Keep]);
    (1..6_usize, proptest::option::of(0..14_usize), late).prop_map(|(answers, join, late)| Quorum {
        answers: NonZeroUsize::new(answers).unwrap(),
        join,
        late,
    })
}

pub fn policies() -> impl Strategy<Value = OnFailure> {
    prop::sample::select(OnFailure::ALL.to_vec())
}
