//! Hedges and quorums: where a program has them, and what it says where it has not.

use super::{Form, Language, Plan, levels_wait_no_longer};
use crate::engine::{Hedge, Late, OnFailure};
use crate::time::exact_seconds;

impl Plan<'_> {
    /// The hedge, if it is for an agent of this pipeline that asks a model.
    pub(super) fn hedge(&self) -> Option<Hedge> {
        let agents = 0..self.pipeline.agents().len();
        let hedge = self.schedule.hedge?;
        agents.into_iter().any(|agent| hedge.is_for(agent) && self.asks(agent)).then_some(hedge)
    }

    /// With how many answers of these agents, which run together, the agents after them begin; `None`:
    /// with all.
    pub(super) fn quorum_of(&self, form: Form, group: &[usize]) -> Option<usize> {
        let quorum = self.schedule.quorum.filter(|_| self.is_layered())?;
        let readers = self.pipeline.needed_by(*group.first()?);
        let begin_early = !readers.is_empty() && readers.iter().all(|join| quorum.is_for(*join));
        let is_written = match self.schedule.on_failure {
            // After a failure it would have to wait for all but the late ones.
            OnFailure::Wait => false,
            // In sequence, a failure would decide which agents are asked.
            OnFailure::Collect => form == Form::Parallel,
            OnFailure::Cancel | OnFailure::Leave | OnFailure::Fallback => true,
        };
        // Agents that wait for their turn would begin when the one before them has the last answer.
        let queues = self.limit(form).is_some_and(|limit| limit < group.len());
        let answers = quorum.answers.get();
        (begin_early && is_written && !queues && answers < group.len()).then_some(answers)
    }

    /// Whether there is such a group.
    pub(super) fn has_quorum(&self, form: Form) -> bool {
        self.groups().iter().any(|group| self.quorum_of(form, group).is_some())
    }

    /// Whether the agents that read this one may begin without its answer. In sequence they do, and it
    /// is not asked.
    pub(super) fn may_be_late(&self, form: Form, agent: usize) -> bool {
        if self.schedule.quorum.is_none() {
            return false;
        }
        self.groups().iter().any(|group| {
            let place = group.iter().position(|one| *one == agent);
            place.zip(self.quorum_of(form, group)).is_some_and(|(place, answers)| match form {
                Form::Parallel => true,
                Form::Sequential => place >= answers,
            })
        })
    }

    /// Whether late agents run on, unused.
    pub(super) fn keeps_late(&self, form: Form) -> bool {
        let keeps = self.schedule.quorum.is_some_and(|quorum| quorum.late == Late::Keep);
        keeps && form == Form::Parallel && self.has_quorum(form)
    }

    /// In sequence: why an agent is not asked.
    pub(super) fn not_asked(&self, agent: usize) -> String {
        let answers = self.schedule.quorum.map_or(0, |quorum| quorum.answers.get());
        let plural = if answers == 1 { "" } else { "s" };
        let name = self.agent(agent).name.escape_debug();
        format!("{answers} answer{plural} will do, so {name} is not asked.")
    }

    /// Whether each agent reads the whole level before its own and no other agent: then those that
    /// begin early all begin with the same answers.
    fn is_layered(&self) -> bool {
        let levels = self.pipeline.by_level();
        let level = |agent: usize| levels.iter().position(|level| level.contains(&agent));
        levels_wait_no_longer(self.pipeline)
            && (0..self.pipeline.agents().len()).all(|agent| {
                let mut needs = self.pipeline.needs(agent).iter();
                match self.asks(agent) {
                    true => needs.all(|need| {
                        !self.asks(*need) || level(*need).map(|below| below + 1) == level(agent)
                    }),
                    false => needs.len() == 0,
                }
            })
    }

    /// Whether the quorum changes anything: some join has more branches than it waits for.
    fn is_quorum_of_some(&self) -> bool {
        let Some(quorum) = self.schedule.quorum else { return false };
        (0..self.pipeline.agents().len()).filter(|agent| quorum.is_for(*agent)).any(|join| {
            let asks = self.pipeline.needs(join).iter().filter(|need| self.asks(**need));
            asks.count() > quorum.answers.get()
        })
    }
}

/// Comments for the head of a program: what the page does, and what this program does instead.
pub(super) fn notes(language: Language, form: Form, plan: &Plan<'_>) -> Vec<String> {
    let mark = match language {
        Language::RustEngine => return Vec::new(),
        Language::Js | Language::Rust => "//",
        _ => "#",
    };
    let does_both = matches!(language, Language::Asyncio | Language::Js | Language::Rust);
    let name = |agent: usize| plan.pipeline.agents().get(agent).map(|agent| agent.name.as_str());
    let mut notes = Vec::new();
    if let Some(hedge) = plan.hedge().filter(|_| !does_both) {
        let who = hedge.agent.and_then(name).unwrap_or("an agent");
        let after = exact_seconds(hedge.after);
        notes.push(format!("The page asks {who} a second time after {after} s without an answer."));
        notes.push("This program asks once and waits.".to_owned());
    }
    let quorum = plan.schedule.quorum.filter(|_| plan.is_quorum_of_some());
    if let Some(quorum) = quorum.filter(|_| !(does_both && plan.has_quorum(form))) {
        let who = quorum.join.and_then(name).unwrap_or("an agent that reads others");
        let answers = match quorum.answers.get() {
            1 => "1 answer".to_owned(),
            some => format!("{some} answers"),
        };
        notes.push(format!("On the page {who} starts once it has {answers}."));
        notes.push("In this program it waits for all of them.".to_owned());
    }
    if language == Language::Rust && plan.keeps_late(form) {
        notes.push(
            "On the page late branches run on. In this program they end: a future that".into(),
        );
        notes.push("is not polled makes no progress.".into());
    }
    notes.into_iter().map(|note| format!("{mark} {note}")).collect()
}
