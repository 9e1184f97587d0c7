//! The conditions of a run that may be for one agent, as the address has them: `quorum=3`,
//! `quorum=synthesis:3`, `hedge=1.5`, `hedge=news:0.8`. Late branches are canceled, or run on after
//! `quorum=3,keep`.

use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

use super::Settings;
use super::values::renamed_agent;
use crate::edit::Renamed;
use crate::engine::{Hedge, Late, Quorum};
use crate::pipeline::Pipeline;
use crate::time::{exact_seconds, parse_seconds};
use crate::words;

/// A [`Quorum`] whose join is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedQuorum {
    /// The name of the agent that begins early; `None`: every agent that reads others.
    pub join: Option<String>,
    /// With how many answers.
    pub answers: NonZeroUsize,
    /// What becomes of the late branches.
    pub late: Late,
}

/// A [`Hedge`] whose agent is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedHedge {
    /// The name of the agent that is asked a second time; `None`: all that ask a model.
    pub agent: Option<String>,
    /// How long after its start.
    pub after: Duration,
}

/// What late branches do, where they are not canceled.
const KEEP: &str = ",keep";

impl NamedQuorum {
    /// Reads one; `None` when it makes no sense.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, late) = match text.strip_suffix(KEEP) {
            Some(rest) => (rest, Late::Keep),
            None => (text, Late::Cancel),
        };
        let (join, answers) = named(rest)?;
        Some(Self { join, answers: answers.parse().ok()?, late })
    }

    /// How it is written without what becomes of late branches.
    pub fn without_late(&self) -> String {
        Self { late: Late::Cancel, ..self.clone() }.to_string()
    }

    /// The quorum, with the place of the agent of that name; `None` if there is no such agent.
    pub fn of(&self, find: impl FnOnce(&str) -> Option<usize>) -> Option<Quorum> {
        let join = place(self.join.as_deref(), find)?;
        Some(Quorum { join, answers: self.answers, late: self.late })
    }
}

impl NamedHedge {
    /// Reads one; `None` when it makes no sense.
    pub fn parse(text: &str) -> Option<Self> {
        let (agent, after) = named(text)?;
        Some(Self { agent, after: parse_seconds(after)? })
    }

    /// The hedge, with the place of the agent of that name; `None` if there is no such agent.
    pub fn of(&self, find: impl FnOnce(&str) -> Option<usize>) -> Option<Hedge> {
        Some(Hedge { agent: place(self.agent.as_deref(), find)?, after: self.after })
    }
}

/// Splits `name:value`, where the name may be missing but not empty.
fn named(text: &str) -> Option<(Option<String>, &str)> {
    match text.rsplit_once(':') {
        Some(("", _)) => None,
        Some((name, value)) => Some((Some(name.to_owned()), value)),
        None => Some((None, text)),
    }
}

fn place(name: Option<&str>, find: impl FnOnce(&str) -> Option<usize>) -> Option<Option<usize>> {
    match name {
        Some(name) => find(name).map(Some),
        None => Some(None),
    }
}

fn write_name(name: Option<&String>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    name.map_or(Ok(()), |name| write!(f, "{name}:"))
}

impl fmt::Display for NamedQuorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(self.join.as_ref(), f)?;
        write!(f, "{}{}", self.answers, if self.late == Late::Keep { KEEP } else { "" })
    }
}

impl fmt::Display for NamedHedge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_name(self.agent.as_ref(), f)?;
        f.write_str(&exact_seconds(self.after))
    }
}

impl Late {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Cancel, Self::Keep];

    /// Its name in menus' values.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Keep => "keep",
        }
    }
}

impl Quorum {
    /// The branches of the widest join that it is for.
    pub(super) fn most_answers(self, pipeline: &Pipeline) -> usize {
        let joins = (0..pipeline.agents().len()).filter(|agent| self.is_for(*agent));
        joins.map(|join| pipeline.needs(join).len()).max().unwrap_or_default()
    }
}

impl Settings {
    /// What hedge and quorum come to for that pipeline: a sentence each; none where they are not set.
    pub fn conditions_in_words(&self, pipeline: &Pipeline) -> Vec<String> {
        let title = |agent: usize| pipeline.agents()[agent].title().to_owned();
        let schedule = self.parallel(pipeline);
        let quorum = schedule.quorum.map(|quorum| {
            let (answers, widest) = (quorum.answers.get(), quorum.most_answers(pipeline));
            match (answers < widest, quorum.join) {
                (false, _) => words::settings::quorum_of_all(answers, widest),
                (true, join) => words::settings::quorum(
                    join.map(title).as_deref(),
                    answers,
                    widest,
                    quorum.late == Late::Keep,
                ),
            }
        });
        let hedge = schedule.hedge.map(|hedge| {
            let after = exact_seconds(hedge.after);
            let is_simulated = self.provider.is_none();
            words::settings::hedge(hedge.agent.map(title).as_deref(), &after, is_simulated)
        });
        quorum.into_iter().chain(hedge).collect()
    }

    /// A sentence for each condition that names an agent that is not there.
    pub(super) fn unknown_in_conditions(&self, pipeline: &Pipeline) -> Vec<String> {
        let is_gone = |name: &&String| pipeline.find(name).is_none();
        let join = self.quorum.as_ref().and_then(|quorum| quorum.join.as_ref());
        let agent = self.hedge.as_ref().and_then(|hedge| hedge.agent.as_ref());
        let quorum = join.filter(is_gone).map(|name| words::settings::no_agent_for_quorum(name));
        let hedge = agent.filter(is_gone).map(|name| words::settings::no_agent_to_hedge(name));
        quorum.into_iter().chain(hedge).collect()
    }

    pub(super) fn rename_conditions(&mut self, renamed: &Renamed) {
        if let Some(quorum) = self.quorum.take() {
            self.quorum = match &quorum.join {
                Some(name) => renamed_agent(name, renamed)
                    .map(|name| NamedQuorum { join: Some(name), ..quorum.clone() }),
                None => Some(quorum),
            };
        }
        if let Some(hedge) = self.hedge.take() {
            self.hedge = match &hedge.agent {
                Some(name) => renamed_agent(name, renamed)
                    .map(|name| NamedHedge { agent: Some(name), ..hedge.clone() }),
                None => Some(hedge),
            };
        }
    }

    /// Leaves out what is set for an agent by name.
    pub(super) fn forget_named_conditions(&mut self) {
        self.quorum = self.quorum.take().filter(|quorum| quorum.join.is_none());
        self.hedge = self.hedge.take().filter(|hedge| hedge.agent.is_none());
    }
}
