//! What is compared: what the grid's row says, and what was seen of the program from outside.

use std::collections::BTreeMap;
use std::fmt::Debug;

use converge::library::{Sees, Siblings};
use converge::model::ModelError;
use serde::Deserialize;
use serde_json::Value;

use super::scenario::{BRANCHES, Scenario, Told, answer};
use crate::server::Note;

/// What a program says that its caller has got.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Seen {
    /// For each branch its answer, or the status of its error.
    answers: Option<BTreeMap<String, Value>>,
    /// The one answer of a race.
    first: Option<String>,
    /// The status of the error.
    error: Option<u16>,
    /// The statuses of a group of errors, in its order.
    group: Option<Vec<u16>>,
    timeout: bool,
    /// Anything else, in words.
    other: Option<String>,
    /// The branches whose answers it can have all the same.
    kept: Vec<String>,
}

/// One run of a primitive: the grid's, or the library's.
#[derive(Debug)]
pub struct Account {
    sees: Got,
    /// The calls that had ended by then, in that order.
    after: Vec<String>,
    /// `Mixed` where only some of them are dropped.
    siblings: String,
    survivors: Vec<String>,
    /// How many calls each agent makes.
    calls: BTreeMap<String, usize>,
}

/// What the caller gets, with the agents' names, and with an error's status.
#[derive(Debug, PartialEq)]
enum Got {
    Answers,
    Errors(Vec<String>),
    Fallbacks(Vec<String>),
    First(String),
    Error(String, u16),
    Group(Vec<String>),
    Timeout,
    Other(String),
}

impl Account {
    /// What the row says.
    pub fn of_the_grid(scenario: &Scenario, told: &Told) -> Self {
        let row = &scenario.row;
        let name = |agent: &usize| scenario.name(*agent);
        let names = |agents: &[usize]| agents.iter().map(name).collect();
        let sees = match &row.sees {
            Sees::Answers => Got::Answers,
            Sees::Errors(agents) => Got::Errors(names(agents)),
            Sees::Fallbacks(agents) => Got::Fallbacks(names(agents)),
            Sees::First(agent) => Got::First(name(agent)),
            Sees::Error(agent, ModelError::Status { status, .. }) => {
                Got::Error(name(agent), *status)
            }
            Sees::Group(agents) => Got::Group(names(agents)),
            Sees::Timeout => Got::Timeout,
            other => Got::Other(format!("{other:?}")),
        };
        let calls = counted(told.calls.iter().map(|call| scenario.name(call.agent)));
        assert_eq!(calls.values().sum::<usize>(), row.calls, "{}", scenario.title);
        let ended = told.calls.iter().filter(|call| !call.hangs && Some(call.end) <= row.at);
        Self {
            sees,
            after: ended.map(|call| ended_call(&scenario.name(call.agent), call.fails())).collect(),
            siblings: format!("{:?}", row.siblings),
            survivors: names(&row.survivors),
            calls,
        }
    }

    /// What the server has noted of that case.
    pub fn of_the_library(
        scenario: &Scenario,
        told: &Told,
        place: usize,
        log: &[Note],
    ) -> Option<Self> {
        let own = |note: &&Note| note.case == Some(place as i64);
        let at = log.iter().position(|note| own(&note) && note.seen.is_some())?;
        let seen = log[at].seen.as_ref()?;
        let came: Vec<Came> = (log.iter().filter(own).filter(|note| note.seen.is_none()))
            .map(|note| Came::of(note, scenario, told, log))
            .collect();
        let mut ended: Vec<&Came> =
            came.iter().filter(|call| call.end.is_some_and(|end| end < at)).collect();
        ended.sort_by_key(|call| call.end);
        let (sees, survivors) = seen.read(scenario);
        Some(Self {
            siblings: siblings(&came, at, &sees),
            after: ended.iter().map(|call| ended_call(&call.agent, call.fails)).collect(),
            sees,
            survivors,
            calls: counted(came.iter().map(|call| call.agent.clone())),
        })
    }

    /// What the library does otherwise, each with the word for what it is.
    pub fn slips(&self, library: &Self) -> Vec<String> {
        fn compare<T: Debug + PartialEq>(what: &str, grid: &T, library: &T) -> Option<String> {
            let slip = || format!("{what}: the grid says {grid:?}, the library does {library:?}");
            (grid != library).then(slip)
        }
        let slips = [
            compare("sees", &self.sees, &library.sees),
            compare("ended before", &self.after, &library.after),
            compare("siblings", &self.siblings, &library.siblings),
            compare("survivors", &self.survivors, &library.survivors),
            compare("calls", &self.calls, &library.calls),
        ];
        slips.into_iter().flatten().collect()
    }
}

fn counted(agents: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    agents.for_each(|agent| *calls.entry(agent).or_default() += 1);
    calls
}

fn ended_call(agent: &str, fails: bool) -> String {
    if fails { format!("{agent}, failing") } else { agent.to_owned() }
}

/// A call as it came: whose, and where in the log it came, ended or was dropped.
struct Came {
    agent: String,
    at: usize,
    end: Option<usize>,
    fails: bool,
    dropped: bool,
}

impl Came {
    fn of(note: &Note, scenario: &Scenario, told: &Told, log: &[Note]) -> Self {
        // Places in the log are counted from 1.
        let status = note.ended.and_then(|end| log[end - 1].status);
        Self {
            agent: match note.call {
                Some(call) => scenario.name(told.calls[call].agent),
                None => format!("{}{}, unexpected", note.system, note.user.concat()),
            },
            at: note.at.unwrap_or_default().saturating_sub(1),
            end: note.ended.map(|end| end - 1),
            fails: status.is_some_and(|status| status != 200),
            dropped: note.ended.is_none() && log.iter().any(|other| other.aborted == note.at),
        }
    }
}

/// What becomes of those that are out when the first branch fails for good, or when a race or the time
/// is over.
fn siblings(came: &[Came], seen: usize, sees: &Got) -> String {
    let fails_for_good = |call: &&Came| {
        let again = |other: &Came| other.agent == call.agent && other.at > call.at;
        call.fails && !came.iter().any(again)
    };
    let decided = match sees {
        Got::First(_) | Got::Timeout => Some(seen),
        _ => came.iter().filter(fails_for_good).filter_map(|call| call.end).min(),
    };
    let Some(decided) = decided else { return format!("{:?}", Siblings::None) };
    // One that is asked again later is out too: it waits for its next attempt.
    let has_begun = |agent: &str| came.iter().any(|call| call.agent == agent && call.at <= decided);
    let out = |call: &&Came| has_begun(&call.agent) && call.end.is_none_or(|end| end > decided);
    let out: Vec<&Came> = came.iter().filter(out).collect();
    let dropped = out.iter().filter(|call| call.dropped).count();
    let fate = match dropped {
        _ if out.is_empty() => Siblings::None,
        0 if out.iter().any(|call| call.end > Some(seen)) => Siblings::RunOn,
        0 => Siblings::Awaited,
        all if all == out.len() => Siblings::Canceled,
        _ => return "Mixed".to_owned(),
    };
    format!("{fate:?}")
}

impl Seen {
    /// What that is, and the branches whose answers the caller has.
    fn read(&self, scenario: &Scenario) -> (Got, Vec<String>) {
        let own = |status: &u16| {
            scenario.branch_of(*status).unwrap_or_else(|| format!("no branch, with {status}"))
        };
        let got = match self {
            Self { answers: Some(answers), .. } => return read_answers(answers, scenario),
            Self { first: Some(text), .. } => {
                let first = text.to_lowercase();
                return (Got::First(first.clone()), vec![first]);
            }
            Self { error: Some(status), .. } => Got::Error(own(status), *status),
            Self { group: Some(statuses), .. } => Got::Group(statuses.iter().map(own).collect()),
            Self { timeout: true, .. } => Got::Timeout,
            Self { other, .. } => Got::Other(other.clone().unwrap_or_default()),
        };
        (got, self.kept.clone())
    }
}

/// The branches in the order of their names.
fn read_answers(answers: &BTreeMap<String, Value>, scenario: &Scenario) -> (Got, Vec<String>) {
    let (mut own, mut errors, mut fallbacks) = (vec![], vec![], vec![]);
    for (name, value) in answers {
        let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
        let name = name.clone();
        match value.as_str() {
            Some(text) if text == answer(&name) => own.push(name),
            Some(text) if Some(text) == scenario.fallback(&name).as_deref() => fallbacks.push(name),
            _ if status.and_then(|status| scenario.branch_of(status)).as_ref() == Some(&name) => {
                errors.push(name);
            }
            _ => {}
        }
    }
    let is_whole = own.len() + errors.len() + fallbacks.len() == answers.len();
    let has_all = answers.keys().eq(BRANCHES);
    let got = match (is_whole && has_all, errors.is_empty(), fallbacks.is_empty()) {
        (true, true, true) => Got::Answers,
        (true, false, true) => Got::Errors(errors),
        (true, true, false) => Got::Fallbacks(fallbacks),
        _ => Got::Other(format!("{answers:?}")),
    };
    (got, own)
}
