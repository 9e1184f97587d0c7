//! What each primitive is run with: four branches and a join, and what goes wrong with them. The calls
//! that the server answers, and in which order, are those of the primitive's row in the grid.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use converge::engine::{Schedule, Timeouts, fallback};
use converge::library::{Primitive, Row, row};
use converge::pipeline::Pipeline;
use converge::simulate::{Failing, Fault, Script};
use converge::state::State;
use converge::timeline::{Lane, Phase};
use serde::Serialize;
use serde_json::{Value, json};

use crate::fixtures::{ms, pipeline};

const A: usize = 0;
const C: usize = 2;
const D: usize = 3;
const JOIN: usize = 4;
pub const BRANCHES: [&str; 4] = ["a", "b", "c", "d"];

/// Each branch fails with a status of its own, which tells whose error it is. All of them may pass.
const STATUSES: [u16; 4] = [500, 502, 503, 507];
/// A status that does not pass by itself, and one for which a run of the page's own asks less at once.
const REFUSED: u16 = 400;
const LIMITED: u16 = 429;

/// A primitive, what it runs, and its row in the grid.
pub struct Scenario {
    pub title: String,
    pub row: Row,
    scripts: Vec<Script>,
    plan: Pipeline,
    limit: Option<usize>,
    /// How long the program lets a run take where the engine's run has a timeout.
    patience: Duration,
}

/// What the server is told of a scenario.
#[derive(Serialize)]
pub struct Told {
    /// In the order in which they end.
    pub calls: Vec<Call>,
    ordered: bool,
    hold: usize,
    paced: bool,
    /// The call after whose end the caller gets something.
    #[serde(rename = "seenAfter")]
    seen_after: Option<usize>,
    /// Whether the server waits for the program's note that a branch has its answer: where the caller
    /// can read answers after a failure, they have to be there by then.
    acknowledges: bool,
}

#[derive(Serialize)]
pub struct Call {
    pub agent: usize,
    system: String,
    user: String,
    answer: String,
    with: Vec<usize>,
    after: Vec<usize>,
    /// None here: no primitive begins a call because another one was dropped, or makes a second one.
    gone: Vec<usize>,
    second: bool,
    pub hangs: bool,
    failures: u32,
    attempts: u32,
    status: u16,
    #[serde(skip)]
    start: Duration,
    #[serde(skip)]
    pub end: Duration,
}

impl Call {
    pub fn fails(&self) -> bool {
        self.failures > 0
    }
}

/// A fault, and how many calls it happens to.
fn fault(status: u16, times: Option<u32>) -> Option<Failing> {
    let fault = Fault::Status { status, after: None };
    Some(Failing { fault, times: times.and_then(NonZeroU32::new), retry_after: None })
}

fn failing(branches: &[usize]) -> Vec<(usize, Option<Failing>)> {
    branches.iter().map(|branch| (*branch, fault(STATUSES[*branch], None))).collect()
}

/// Every scenario of a primitive.
pub fn scenarios(primitive: Primitive) -> Vec<Scenario> {
    let with = |name: &str, faults| Scenario::new(primitive, name, faults, Schedule::parallel());
    let two = Schedule { width: NonZeroUsize::new(2).unwrap(), ..Schedule::parallel() };
    let limited = |name: &str, faults| Scenario::new(primitive, name, faults, two);
    let mut all = vec![
        with("no fault", vec![]),
        with("the first branch fails", failing(&[A])),
        with("the last branch fails", failing(&[D])),
        with("the slowest branch fails", failing(&[C])),
        with("the last branch fails, and the slowest later", failing(&[D, C])),
        with("the first branch fails, and the last later", failing(&[A, D])),
        with("all branches fail", failing(&[0, 1, 2, 3])),
        with("the first branch fails once", vec![(A, fault(STATUSES[A], Some(1)))]),
        with("the first branch is refused", vec![(A, fault(REFUSED, None))]),
        with("two branches are too many", vec![(A, fault(LIMITED, None)), failing(&[D])[0]]),
        with("the join fails", vec![(JOIN, fault(REFUSED, None))]),
        limited("two at once, no fault", vec![]),
        limited("two at once, the first branch fails", failing(&[A])),
    ];
    if primitive == Primitive::WaitFor {
        let run = Some(ms(250));
        let timeouts = Timeouts { run, ..Timeouts::default() };
        let timed = Schedule { timeouts, ..Schedule::parallel() };
        let late = Scenario::new(primitive, "the time is up", vec![], timed);
        all.push(Scenario { patience: Duration::from_secs(10), ..late });
    }
    all
}

impl Scenario {
    pub fn new(
        primitive: Primitive,
        name: &str,
        faults: Vec<(usize, Option<Failing>)>,
        settings: Schedule,
    ) -> Self {
        // No two calls end at once, under a limit of two neither. What a failed run has left running ends
        // before the next one begins.
        let (plan, mut scripts) = pipeline(&[
            ("a", &["topic"], 200),
            ("b", &["topic"], 100),
            ("c", &["topic"], 400),
            ("d", &["topic"], 330),
            ("end", &BRANCHES, 150),
        ]);
        for (branch, fault) in faults {
            scripts[branch].fault = fault;
        }
        let limit = settings.width.get();
        Self {
            title: format!("{}: {name}", primitive.code()),
            row: row(primitive, &plan, &State::new(), &scripts, settings),
            scripts,
            plan,
            limit: (limit != usize::MAX).then_some(limit),
            patience: Duration::from_secs(100),
        }
    }

    /// The branch that fails with that status.
    pub fn branch_of(&self, status: u16) -> Option<String> {
        let place = self.scripts.iter().position(|script| script_status(script) == Some(status));
        place.map(|place| self.name(place))
    }

    pub fn name(&self, agent: usize) -> String {
        self.plan.agents()[agent].name.clone()
    }

    /// What stands for an agent that has failed.
    pub fn fallback(&self, name: &str) -> Option<String> {
        self.plan.agents().iter().find(|agent| agent.name == name).map(fallback)
    }

    /// What the program is told.
    pub fn for_the_program(&self, primitive: Primitive, place: usize) -> Value {
        let branches = (0..BRANCHES.len()).map(|branch| {
            json!({ "name": BRANCHES[branch], "ask": ask(BRANCHES[branch]), "fallback": self.fallback(BRANCHES[branch]) })
        });
        json!({
            "case": place,
            "primitive": format!("{primitive:?}"),
            "branches": branches.collect::<Vec<_>>(),
            "join": ask("end"),
            "limit": self.limit,
            "timeout": self.patience.as_secs(),
        })
    }

    /// The calls of the primitive's row, by their ends, and when its caller gets something.
    pub fn for_the_server(&self, google: bool) -> Told {
        let mut calls: Vec<Call> = Vec::new();
        for (began, timeline) in self.row.runs.iter() {
            let run_end = timeline.run().end().unwrap_or(timeline.cursor()).since_start();
            for (agent, lane) in timeline.lanes().iter().enumerate() {
                for (start, end, fate) in attempts(lane, run_end) {
                    calls.push(self.call(agent, *began + start, *began + end, fate, google));
                }
            }
        }
        calls.sort_by_key(|call| (call.end, call.start));
        let spans: Vec<_> = calls.iter().map(|call| (call.start, call.end)).collect();
        for (own, call) in calls.iter_mut().enumerate() {
            let begun = (0..spans.len()).filter(|id| *id != own && spans[*id].0 < call.end);
            call.with = begun.collect();
        }
        let released: Vec<usize> = (0..calls.len()).filter(|id| !calls[*id].hangs).collect();
        let ends: Vec<_> = released.iter().map(|id| calls[*id].end).collect();
        assert!(
            ends.windows(2).all(|pair| pair[0] < pair[1]),
            "{}: two calls end at once",
            self.title
        );
        let before = |id: &&usize| Some(calls[**id].end) <= self.row.at;
        let seen_after = released.iter().rfind(before).copied();
        let acknowledges = self.row.primitive.keeps_answers();
        Told { seen_after, acknowledges, calls, ordered: true, hold: 0, paced: true }
    }

    fn call(&self, agent: usize, start: Duration, end: Duration, fate: Fate, google: bool) -> Call {
        let asked = ask(&self.name(agent));
        let (system, user) = if google { (asked, String::new()) } else { (String::new(), asked) };
        Call {
            agent,
            system,
            user,
            answer: answer(&self.name(agent)),
            with: Vec::new(),
            after: Vec::new(),
            gone: Vec::new(),
            second: false,
            hangs: fate == Fate::Canceled,
            failures: u32::from(fate == Fate::Fails),
            attempts: 1,
            status: script_status(&self.scripts[agent]).unwrap_or(500),
            start,
            end,
        }
    }
}

pub fn answer(name: &str) -> String {
    name.to_uppercase()
}

fn ask(name: &str) -> String {
    format!("ask {name}")
}

fn script_status(script: &Script) -> Option<u16> {
    match script.fault?.fault {
        Fault::Status { status, .. } => Some(status),
        Fault::Hang | Fault::Cut { .. } => None,
    }
}

/// How a call ends.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Answered,
    Fails,
    Canceled,
}

/// The calls that an agent makes in a run.
fn attempts(lane: &Lane, run_end: Duration) -> Vec<(Duration, Duration, Fate)> {
    let failed = lane.failed.iter();
    let mut calls: Vec<_> = failed
        .map(|attempt| (attempt.started.since_start(), attempt.failed.since_start(), Fate::Fails))
        .collect();
    let last = match lane.failed.last() {
        Some(attempt) => attempt.resumed,
        None => lane.started,
    };
    if let Some(start) = last {
        let end = lane.end().map_or(run_end, SinceStart::since_start);
        let fate = match lane.phase() {
            Phase::Done | Phase::Orphaned => Fate::Answered,
            Phase::Failed | Phase::FellBack => Fate::Fails,
            _ => Fate::Canceled,
        };
        calls.push((start.since_start(), end, fate));
    }
    calls
}

trait SinceStart {
    fn since_start(self) -> Duration;
}

impl SinceStart for converge::time::Instant {
    fn since_start(self) -> Duration {
        self.since(Self::ZERO)
    }
}
