//! What a program is to ask and when, read off the engine's own run of the same pipeline.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use converge::codegen::{Form, Language};
use converge::engine::{Late, OnFailure, Quorum, Schedule};
use converge::model::Prompt;
use converge::pipeline::{Agent, Pipeline, Work};
use converge::simulate::{Fault, Script};
use converge::template::Template;
use converge::time::Instant;
use converge::trace::{EventKind, Hedged, Outcome, Trace};
use serde::Serialize;

use crate::case::Case;
use crate::fixtures::{Ran, ends, run, starts};

/// What the server is told of a case.
#[derive(Serialize)]
pub struct Expected {
    /// In the order in which they end.
    pub calls: Vec<Call>,
    /// Whether they end in that order.
    pub ordered: bool,
    /// How many calls must have come before any is answered.
    pub hold: usize,
    /// How many may be out at once.
    #[serde(skip)]
    pub width: usize,
    #[serde(skip)]
    pub succeeds: bool,
    #[serde(skip)]
    pub printed: String,
}

/// One call of it.
#[derive(Serialize)]
pub struct Call {
    #[serde(skip)]
    pub agent: usize,
    pub system: String,
    pub user: String,
    pub answer: String,
    /// The calls that begin before this one ends.
    with: Vec<usize>,
    /// The calls that are answered before this one begins.
    after: Vec<usize>,
    /// The calls that are dropped before this one begins.
    gone: Vec<usize>,
    /// Whether it is the second call of a hedge.
    second: bool,
    /// Whether no answer comes: the engine drops it, or its script says so.
    pub hangs: bool,
    /// How often it fails.
    pub failures: u32,
    /// How often it is asked at most.
    pub attempts: u32,
    status: u16,
}

impl Call {
    /// How often it comes.
    pub fn times(&self) -> u32 {
        (self.failures + 1).min(self.attempts)
    }
}

/// In which order a library runs what it could run.
enum Order {
    /// As the engine does.
    Engine,
    /// Groups of agents, each when the one before is done.
    Groups(Vec<Vec<usize>>),
    /// In one of its own.
    Own,
}

/// Whether waiting for a whole level is no longer than waiting for what one reads.
fn is_even(pipeline: &Pipeline) -> bool {
    let levels = pipeline.by_level();
    levels.windows(2).all(|pair| {
        let mut below =
            pair[0].iter().filter(|agent| pipeline.agents()[**agent].work == Work::Model);
        below.all(|below| pair[1].iter().all(|agent| pipeline.needs(*agent).contains(below)))
    })
}

fn order(language: Language, case: &Case) -> Order {
    let limit = case.schedule.width.get();
    let levels = case.pipeline.by_level();
    match (language, case.form) {
        (Language::RustEngine, _) | (_, Form::Sequential) => Order::Engine,
        (Language::LangChain, _) => Order::Groups(levels),
        (Language::LangGraph, _) if limit == usize::MAX => Order::Groups(levels),
        // By the names of the nodes.
        (Language::LangGraph, _) => Order::Own,
        (Language::Adk, _) => {
            let chunks = levels.iter().flat_map(|level| level.chunks(limit));
            Order::Groups(chunks.map(<[usize]>::to_vec).collect())
        }
        // Which of the tasks that wait gets a resource first is not said.
        (Language::Ray, _) if limit != usize::MAX => Order::Own,
        (_, _) if limit == usize::MAX || is_even(&case.pipeline) => Order::Engine,
        (_, _) => Order::Own,
    }
}

/// A pipeline that the engine runs group by group: each agent reads all of the group before.
fn grouped(pipeline: &Pipeline, groups: &[Vec<usize>]) -> Pipeline {
    let mut agents = pipeline.agents().to_vec();
    for pair in groups.windows(2) {
        let keys =
            pair[0].iter().map(|agent| format!("{{{}?}}", pipeline.agents()[*agent].output_key));
        let keys: String = keys.collect();
        for agent in &pair[1] {
            let instruction = format!("{}{keys}", agents[*agent].instruction);
            agents[*agent].instruction = Template::new(&instruction);
        }
    }
    Pipeline::new(pipeline.inputs().to_vec(), agents).unwrap()
}

/// Every prompt that anybody can be asked in this case, by agent.
fn prompts(case: &Case) -> BTreeMap<usize, Prompt> {
    let mut scripts = case.scripts.clone();
    if case.schedule.on_failure.raises() {
        scripts.iter_mut().for_each(|script| script.fault = None);
    }
    let schedule = Schedule { on_failure: case.schedule.on_failure, ..Schedule::parallel() };
    let ran = run(&case.pipeline, &scripts, schedule);
    ran.prompts.into_iter().map(|prompt| (prompt.agent, prompt)).collect()
}

fn timed(language: Language, case: &Case) -> (Ran, Pipeline, bool) {
    let mut schedule = case.schedule;
    let (pipeline, ordered) = match order(language, case) {
        Order::Engine => (case.pipeline.clone(), true),
        Order::Groups(groups) => (grouped(&case.pipeline, &groups), true),
        Order::Own => (case.pipeline.clone(), false),
    };
    schedule.on_failure = policy(language, case);
    schedule.quorum = quorum(language, case);
    (run(&pipeline, &case.scripts, schedule), pipeline, ordered)
}

/// What a failure does: what is set, or the nearest thing, where the program says that it is another.
fn policy(language: Language, case: &Case) -> OnFailure {
    let limited = case.form == Form::Parallel && case.schedule.width.get() != usize::MAX;
    match (language, case.schedule.on_failure) {
        // A thread can neither be cancelled nor left.
        (Language::LangChain, OnFailure::Cancel | OnFailure::Leave) if limited => OnFailure::Wait,
        (
            Language::LangGraph | Language::Adk | Language::Adk2,
            OnFailure::Leave | OnFailure::Wait,
        )
        | (Language::Rust, OnFailure::Leave) => OnFailure::Cancel,
        (_, policy) => policy,
    }
}

/// Whether some branches wait for their turn.
fn queues(case: &Case) -> bool {
    let widest = case.pipeline.by_level().iter().map(Vec::len).max();
    let limit = case.schedule.width.get();
    case.form == Form::Parallel && Some(limit) < widest
}

/// The quorum that the program has: what is set, or none, where the program says so.
fn quorum(language: Language, case: &Case) -> Option<Quorum> {
    let quorum = case.schedule.quorum?;
    match language {
        Language::RustEngine => Some(quorum),
        _ if !is_even(&case.pipeline) || case.schedule.on_failure == OnFailure::Wait => None,
        _ if case.form == Form::Sequential && collects(case) || queues(case) => None,
        // A future that no other future polls cannot run on.
        Language::Rust => Some(Quorum { late: Late::Cancel, ..quorum }),
        _ => Some(quorum),
    }
}

pub fn expected(language: Language, case: &Case) -> Expected {
    let (ran, timed, ordered) = timed(language, case);
    let mut prompts = prompts(case);
    if case.schedule.quorum.is_some() {
        // They say which answers were there by then.
        prompts.extend(ran.prompts.iter().map(|prompt| (prompt.agent, prompt.clone())));
    }
    let (starts, ends) = (starts(&timed, &ran.trace), ends(&timed, &ran.trace));
    let first = ran
        .trace
        .events()
        .iter()
        .find_map(|event| event.span.agent_index().filter(|_| event.kind == EventKind::Start));
    let timeline = ran.timeline(&timed);
    let mut asked: Vec<Asked> = (0..starts.len())
        .filter(|agent| case.pipeline.agents()[*agent].work == Work::Model)
        .filter_map(|agent| {
            let end = ends[agent].as_ref().map_or(ran.trace.end(), |(end, _)| *end);
            let is_answered = matches!(
                ends[agent],
                Some((
                    _,
                    Outcome::Done | Outcome::Failed(_) | Outcome::FellBack(_) | Outcome::Orphaned
                ))
            );
            let first = Asked { agent, second: false, start: starts[agent]?, end, is_answered };
            Some(with_second(first, &ran.trace))
        })
        .flatten()
        .collect();
    asked.sort_by_key(|one| (one.end, one.start, one.agent, one.second));
    let place = |test: &dyn Fn(&Asked) -> bool, own: &Asked| -> Vec<usize> {
        let others = asked.iter().enumerate();
        let others = others.filter(|(_, one)| (one.agent, one.second) != (own.agent, own.second));
        others.filter(|(_, one)| test(one)).map(|(place, _)| place).collect()
    };
    let calls: Vec<Call> = asked
        .iter()
        .map(|one| {
            let agent = one.agent;
            // A second call comes some time after the first one, whatever has ended by then.
            let start = starts[agent].unwrap();
            let (own, prompt) = (&case.pipeline.agents()[agent], &prompts[&agent]);
            let script = &case.scripts[agent];
            let (system, user) = match language {
                Language::Adk | Language::Adk2 => {
                    let is_first = match case.form {
                        Form::Sequential => first == Some(agent),
                        Form::Parallel => case.pipeline.needs(agent).is_empty(),
                    };
                    let message = language == Language::Adk || is_first;
                    (told(own, prompt, message), String::new())
                }
                _ => (prompt.system.clone(), prompt.user.clone()),
            };
            let (failures, status) = failures(script);
            let passes = matches!(status, 408 | 409 | 429 | 500..);
            Call {
                agent,
                system,
                user,
                answer: timeline.lanes()[agent].text.clone(),
                with: place(&|other| other.start < one.end, one),
                after: place(&|other| other.is_answered && other.end <= start, one),
                gone: place(&|other| !other.is_answered && other.end <= start, one),
                second: one.second,
                hangs: !one.is_answered || hangs(script) && !one.second,
                failures: if one.second && fails_once(script) { 0 } else { failures },
                attempts: if passes { case.schedule.retry.attempts.get() } else { 1 },
                status,
            }
        })
        .collect();
    let calls = if ordered { calls } else { at_liberty(calls) };
    let result = ran.result.as_ref().unwrap();
    let limit = case.schedule.width.get();
    let at_first = (0..starts.len()).filter(|agent| {
        case.pipeline.needs(*agent).is_empty() && case.pipeline.agents()[*agent].work == Work::Model
    });
    Expected {
        hold: if ordered { 0 } else { limit.min(at_first.count()) },
        ordered,
        // A second call needs no slot.
        width: if case.schedule.hedge.is_some() { limit.saturating_mul(2) } else { limit },
        // The engine's own program says so when an answer is missing at the end; the others print a
        // mark in its place.
        succeeds: result.outcome == Outcome::Done
            || collects(case) && language != Language::RustEngine,
        printed: printed(case, &ran),
        calls,
    }
}

/// A call of the engine's run.
#[derive(Clone, Copy)]
struct Asked {
    agent: usize,
    second: bool,
    start: Instant,
    end: Instant,
    /// If not, it was dropped.
    is_answered: bool,
}

/// An agent's calls: its first one, and what its hedge has made of that.
fn with_second(first: Asked, trace: &Trace) -> Vec<Asked> {
    let mut calls = vec![first];
    for event in trace.events().iter().filter(|e| e.span.agent_index() == Some(first.agent)) {
        match event.kind {
            EventKind::Hedge => {
                calls.push(Asked { second: true, start: event.at, ..first });
            }
            EventKind::Hedged(Hedged::FirstWon) => calls[1].is_answered = false,
            EventKind::Hedged(Hedged::FirstFailed(_)) => calls[0].end = event.at,
            EventKind::Hedged(Hedged::SecondFailed(_)) => calls[1].end = event.at,
            // Unless it had failed before.
            EventKind::Hedged(Hedged::SecondWon) if calls[0].end == first.end => {
                calls[0].is_answered = false;
            }
            _ => {}
        }
    }
    calls
}

fn hangs(script: &Script) -> bool {
    script.fault.is_some_and(|failing| failing.fault == Fault::Hang)
}

fn fails_once(script: &Script) -> bool {
    script.fault.is_some_and(|failing| failing.times == NonZeroU32::new(1))
}

fn collects(case: &Case) -> bool {
    case.schedule.on_failure == OnFailure::Collect
}

/// What ADK is told as an instruction: the prompt too, unless it is the message anyway.
fn told(agent: &Agent, prompt: &Prompt, message: bool) -> String {
    let is_message = message && agent.prompt.to_string() == "{topic}";
    let both = [&agent.instruction, &agent.prompt].iter().all(|text| !text.parts().is_empty());
    match (is_message, both) {
        (true, _) => prompt.system.clone(),
        (false, true) => format!("{}\n\n{}", prompt.system, prompt.user),
        (false, false) => format!("{}{}", prompt.system, prompt.user),
    }
}

/// How often a script's server fails, and how.
fn failures(script: &Script) -> (u32, u16) {
    match script.fault {
        Some(failing) => match failing.fault {
            Fault::Status { status, .. } => {
                (failing.times.map_or(u32::MAX - 1, |n| n.get()), status)
            }
            _ => (0, 500),
        },
        None => (0, 500),
    }
}

/// The same calls where nothing is known of their order but what they read.
fn at_liberty(mut calls: Vec<Call>) -> Vec<Call> {
    for call in &mut calls {
        call.with.clear();
        call.after.clear();
    }
    calls
}

fn printed(case: &Case, ran: &Ran) -> String {
    let state = &ran.result.as_ref().unwrap().state;
    let finals = (0..case.pipeline.agents().len()).filter(|agent| case.pipeline.is_final(*agent));
    let answer = |agent: usize| {
        let key = &case.pipeline.agents()[agent].output_key;
        let missing =
            || format!("[{key} is missing: the agent that writes it gave no answer]").into();
        state.get(key).cloned().unwrap_or_else(missing)
    };
    finals.map(answer).map(|text| format!("{text}\n")).collect()
}
