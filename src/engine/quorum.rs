//! Joins that begin before all their branches have answered, and what becomes of the late branches.

use super::ask::Answer;
use super::books::Run;
use super::policy::Late;
use crate::pipeline::Work;
use crate::time::Instant;
use crate::trace::{EventKind, Outcome};

impl Run<'_> {
    /// Lets a join go on if enough of its branches have answered, and dismisses the late ones.
    pub(super) fn release_early(&mut self, join: usize, at: Instant) {
        if self.is_released[join] || !self.has_quorum(join) {
            return;
        }
        self.began_early[join] = true;
        self.enqueue(join, at);
        self.dismiss_late(join, at);
    }

    /// Whether a join has as many answers as the schedule asks for. Pass-throughs are no branches: they
    /// answer at once, and are waited for.
    fn has_quorum(&self, join: usize) -> bool {
        let Some(quorum) = self.quorum.filter(|quorum| quorum.is_for(join)) else { return false };
        let ended = self.pipeline.needs(join).len() - self.open_needs[join];
        if ended < quorum.answers.get() {
            return false;
        }
        let (asks, passes): (Vec<usize>, Vec<usize>) = (self.pipeline.needs(join).iter())
            .partition(|need| self.pipeline.agents()[**need].work == Work::Model);
        let answers = asks.iter().filter(|need| self.has_answer[**need]).count();
        answers >= quorum.answers.get() && passes.iter().all(|need| self.spans[*need].has_ended())
    }

    /// Cancels the branches that a join has begun without, or leaves those in flight, as set. A branch
    /// that another agent still waits for is not late. With a branch goes what only it needed.
    fn dismiss_late(&mut self, join: usize, at: Instant) {
        let keeps = self.quorum.is_some_and(|quorum| quorum.late == Late::Keep);
        let mut open = self.pipeline.needs(join).to_vec();
        while let Some(agent) = open.pop() {
            let is_over = self.spans[agent].has_ended() || self.unneeded[agent];
            if is_over || self.is_needed(agent) {
                continue;
            }
            self.is_released[agent] = true;
            self.ready.remove(&agent);
            match &self.handles[agent] {
                Some(_) if keeps => {
                    self.unneeded[agent] = true;
                    self.unneeded_in_flight += 1;
                    self.spans[agent].emit_at(at, EventKind::Orphaned);
                }
                handle => {
                    handle.iter().for_each(|handle| handle.abort());
                    self.spans[agent].end_at(at, Outcome::Cancelled);
                }
            }
            open.extend(self.pipeline.needs(agent));
        }
    }

    fn is_needed(&self, agent: usize) -> bool {
        let readers = self.pipeline.needed_by(agent);
        self.pipeline.is_final(agent) || readers.iter().any(|reader| !self.is_released[*reader])
    }

    /// Logs what a join that a quorum released begins without.
    pub(super) fn log_missing(&self, join: usize, at: Instant) {
        if !self.began_early[join] {
            return;
        }
        let needs = self.pipeline.needs(join).iter().copied();
        let missing: Vec<usize> = needs.filter(|need| !self.has_answer[*need]).collect();
        if !missing.is_empty() {
            self.spans[join].emit_at(at, EventKind::Quorum { missing });
        }
    }

    /// Ends an agent that ran on although no agent needed it: how it ends changes nothing else.
    pub(super) fn end_unneeded(&mut self, agent: usize, at: Instant, answer: Answer) {
        self.unneeded_in_flight -= 1;
        self.spans[agent].end_at(
            at,
            match answer {
                Ok(_) => Outcome::Orphaned,
                Err(error) => Outcome::Failed(error),
            },
        );
    }

    /// Whether all that is in flight, so many agents, is unneeded, and nothing else can start.
    pub(super) fn has_only_unneeded(&self, in_flight: usize) -> bool {
        in_flight > 0
            && in_flight == self.unneeded_in_flight
            && self.ready.is_empty()
            && !self.has_left
    }
}
