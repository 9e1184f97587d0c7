//! The scheduler's books: what is written, which agents could start, and how a run ends.

use std::collections::BTreeSet;
use std::rc::Rc;

use futures::future::AbortHandle;

use super::policy::{KeptAnswer, OnFailure, Quorum, Resume, fallback};
use super::span::{Recorder, Span};
use crate::model::{ModelError, Prompt};
use crate::pipeline::{Agent, Pipeline, Work};
use crate::state::State;
use crate::time::Instant;
use crate::trace::{EventKind, Outcome, SpanId};
use crate::words;

/// The scheduler's books. Whether an agent has ended is its span's to know.
pub(super) struct Run<'a> {
    pub pipeline: &'a Pipeline,
    pub state: State,
    pub spans: Vec<Rc<Span<'a>>>,
    /// How many of its needs have not ended yet, for each agent.
    pub open_needs: Vec<usize>,
    /// Which agents have an answer in the state, so that it need not be searched for their keys.
    pub has_answer: Vec<bool>,
    /// Agents that could start now, in list order.
    pub ready: BTreeSet<usize>,
    /// Agents that failed, in that order.
    failed: Vec<(usize, ModelError)>,
    /// Whether the run is bound to fail: agents that wait for an answer will not start.
    pub raises: bool,
    /// Whether it has failed already, and agents that run on are orphaned.
    pub has_left: bool,
    /// Set when the run's time was up.
    pub late: Option<ModelError>,
    /// With how many answers a join may begin.
    pub quorum: Option<Quorum>,
    /// Agents that need no more answers: they are queued, or have ended, or are not needed themselves.
    pub is_released: Vec<bool>,
    /// Agents that a quorum released before all they need had ended.
    pub began_early: Vec<bool>,
    /// Agents in flight whose readers have all begun without them.
    pub unneeded: Vec<bool>,
    /// How many of those have not ended.
    pub unneeded_in_flight: usize,
    /// What cancels an agent that is in flight, by place.
    pub handles: Vec<Option<AbortHandle>>,
}

impl<'a> Run<'a> {
    pub fn new(
        pipeline: &'a Pipeline,
        inputs: State,
        from: Resume,
        quorum: Option<Quorum>,
        recorder: &'a Recorder<'a>,
    ) -> Self {
        let agents = 0..pipeline.agents().len();
        let none = vec![false; agents.len()];
        let mut run = Self {
            pipeline,
            state: pipeline.inputs().iter().fold(State::new(), |mut state, key| {
                // Only those: what an earlier run left under an agent's key is not its answer.
                if let Some(text) = inputs.get(key) {
                    state.set(key.clone(), text.clone());
                }
                state
            }),
            spans: agents
                .clone()
                .map(|agent| Rc::new(recorder.open(SpanId::agent(agent))))
                .collect(),
            open_needs: (agents.clone())
                .map(|agent| {
                    let needs = pipeline.needs(agent).iter();
                    needs.filter(|need| from.kept(**need).is_none()).count()
                })
                .collect(),
            has_answer: none.clone(),
            ready: BTreeSet::new(),
            failed: Vec::new(),
            raises: false,
            has_left: false,
            late: None,
            quorum,
            is_released: none.clone(),
            began_early: none.clone(),
            unneeded: none,
            unneeded_in_flight: 0,
            handles: agents.clone().map(|_| None).collect(),
        };
        for agent in agents.clone() {
            from.kept(agent).into_iter().for_each(|answer| run.keep(agent, answer));
        }
        // One moment for all that could begin with the run, as for all that one answer releases.
        let now = recorder.now();
        let fresh = || agents.clone().filter(|agent| from.kept(*agent).is_none());
        for agent in fresh().filter(|agent| run.open_needs[*agent] == 0).collect::<Vec<_>>() {
            run.enqueue(agent, now);
        }
        // Answers that are kept may be a quorum already.
        for agent in fresh() {
            run.release_early(agent, now);
        }
        run
    }

    /// Takes over an answer from before, and says that it is one.
    fn keep(&mut self, agent: usize, answer: &KeptAnswer) {
        let span = &self.spans[agent];
        span.emit(EventKind::Kept(answer.text.to_string()));
        answer.finish.into_iter().for_each(|reason| span.emit(EventKind::Finish(reason)));
        answer.grounding.iter().cloned().for_each(|g| span.emit(EventKind::Grounding(g)));
        span.end(Outcome::Kept);
        self.is_released[agent] = true;
        self.set(agent, answer.text.clone());
    }

    pub fn enqueue(&mut self, agent: usize, at: Instant) {
        self.spans[agent].emit_at(at, EventKind::Queued);
        self.ready.insert(agent);
        self.is_released[agent] = true;
    }

    pub fn write(&mut self, agent: usize, at: Instant, text: Rc<str>) {
        self.set(agent, text);
        self.spans[agent].end_at(at, Outcome::Done);
    }

    fn set(&mut self, agent: usize, text: Rc<str>) {
        self.state.set(self.pipeline.agents()[agent].output_key.clone(), text);
        self.has_answer[agent] = true;
    }

    pub fn fail(&mut self, agent: usize, at: Instant, error: ModelError) {
        self.spans[agent].end_at(at, Outcome::Failed(error.clone()));
        self.failed.push((agent, error));
    }

    /// Lets what stands for an agent take its answer's place.
    pub fn fall_back(&mut self, agent: usize, at: Instant, error: ModelError) {
        let text = fallback(&self.pipeline.agents()[agent]);
        self.spans[agent].emit_at(at, EventKind::Fallback(text.clone()));
        self.set(agent, text.into());
        self.spans[agent].end_at(at, Outcome::FellBack(error));
    }

    /// Ends the run with its first failure, and leaves behind who is in flight and who could be.
    pub fn leave(
        &mut self,
        at: Instant,
        in_flight: impl Iterator<Item = usize>,
        run_span: &Span<'_>,
    ) {
        self.raises = true;
        if std::mem::replace(&mut self.has_left, true) {
            return;
        }
        let mut orphans = self.ready.clone();
        orphans.extend(in_flight.filter(|agent| !self.unneeded[*agent]));
        for agent in 0..self.spans.len() {
            if orphans.contains(&agent) {
                self.spans[agent].emit_at(at, EventKind::Orphaned);
            } else if !self.unneeded[agent] {
                self.end_without_answer(at, agent);
            }
        }
        run_span.end_at(at, self.outcome(OnFailure::Leave));
    }

    /// Lets those go on that waited for `agent`, which has ended.
    pub fn release_readers(&mut self, agent: usize, at: Instant) {
        let pipeline = self.pipeline;
        let mut ended = vec![agent];
        while let Some(agent) = ended.pop() {
            for reader in pipeline.needed_by(agent) {
                self.open_needs[*reader] -= 1;
                if self.is_released[*reader] {
                    continue;
                }
                if self.open_needs[*reader] > 0 {
                    self.release_early(*reader, at);
                    continue;
                }
                let needs = pipeline.needs(*reader);
                if self.has_something_to_read(needs) {
                    self.enqueue(*reader, at);
                } else {
                    self.is_released[*reader] = true;
                    self.spans[*reader].end_at(at, Outcome::Skipped { needs: needs.to_vec() });
                    ended.push(*reader);
                }
            }
        }
    }

    /// Whether an agent with these needs has a finding to work on. The text that a pass-through hands
    /// on is none: a synthesis of nothing but the question would be paid for and say nothing.
    fn has_something_to_read(&self, needs: &[usize]) -> bool {
        let asks = |need: &usize| self.pipeline.agents()[*need].work == Work::Model;
        match needs.iter().any(asks) {
            true => needs.iter().any(|need| asks(need) && self.has_answer[*need]),
            false => needs.iter().any(|need| self.has_answer[*need]),
        }
    }

    /// Fills an agent's templates from what is written by now.
    pub fn prompt(&self, index: usize) -> Prompt {
        let agent: &Agent = &self.pipeline.agents()[index];
        let fill = |key: &_, optional: bool| match self.state.get(key) {
            Some(text) => text.clone(),
            None if optional || self.pipeline.inputs().contains(key) => "".into(),
            // Only where failures are collected does anyone run without what it reads.
            None => words::status::missing(key.as_str()).into(),
        };
        Prompt {
            agent: index,
            system: agent.instruction.fill(fill),
            user: agent.prompt.fill(fill),
            reads: (self.pipeline.reads(index).iter())
                .map(|key| (key.clone(), self.state.get(key).cloned()))
                .collect(),
            model: agent.model.clone(),
            tools: agent.tools.clone(),
        }
    }

    /// Ends what has not ended and judges the run.
    pub fn close(&mut self, at: Instant, policy: OnFailure) -> Outcome {
        (0..self.spans.len()).for_each(|agent| self.end_without_answer(at, agent));
        self.outcome(policy)
    }

    /// Ends the run while agents that no agent needs any more go on.
    pub fn end_before_unneeded(&mut self, at: Instant, policy: OnFailure, run_span: &Span<'_>) {
        for agent in (0..self.spans.len()).filter(|agent| !self.unneeded[*agent]) {
            self.end_without_answer(at, agent);
        }
        run_span.end_at(at, self.outcome(policy));
    }

    fn end_without_answer(&self, at: Instant, agent: usize) {
        if self.spans[agent].has_ended() {
            return;
        }
        let needs = self.pipeline.needs(agent).iter().copied();
        let needs: Vec<usize> = needs.filter(|need| !self.has_answer[*need]).collect();
        self.spans[agent].end_at(
            at,
            match needs.is_empty() || self.open_needs[agent] == 0 {
                true => Outcome::Cancelled,
                false => Outcome::Skipped { needs },
            },
        );
    }

    fn outcome(&self, policy: OnFailure) -> Outcome {
        let answered = (0..self.spans.len())
            .filter(|agent| self.pipeline.is_final(*agent))
            .all(|agent| self.has_answer[agent]);
        let first = match policy {
            OnFailure::Wait => self.failed.iter().min_by_key(|(agent, _)| *agent),
            _ => self.failed.first(),
        };
        match self.late.as_ref().or(first.map(|(_, error)| error)) {
            Some(error) if !answered => Outcome::Failed(error.clone()),
            _ => Outcome::Done,
        }
    }
}
