//! A list of agents on the way to a [`Pipeline`]: who writes what, who reads that, and on which level each is.
//!
//! One agent after the other, so that a long list can be looked at in parts.

use std::collections::{HashMap, HashSet};

use super::{Agent, Pipeline, PipelineError, closest};
use crate::state::Key;

/// A pipeline while its dependencies are inferred, one agent after the other.
pub(super) struct Draft {
    pub inputs: Vec<Key>,
    pub agents: Vec<Agent>,
    /// By name, of those whose keys are noted.
    names: HashSet<String>,
    pub writers: HashMap<Key, usize>,
    /// Of the agents that have been looked at.
    pub reads: Vec<Vec<Key>>,
    pub needs: Vec<Vec<usize>>,
    /// The other way round, of all agents.
    pub needed_by: Vec<Vec<usize>>,
}

impl Draft {
    /// Before any agent has been looked at.
    pub fn new(inputs: Vec<Key>, agents: Vec<Agent>) -> Result<Self, PipelineError> {
        if agents.is_empty() {
            return Err(PipelineError::Empty);
        }
        Ok(Self {
            names: HashSet::with_capacity(agents.len()),
            writers: HashMap::with_capacity(agents.len()),
            reads: Vec::with_capacity(agents.len()),
            needs: Vec::with_capacity(agents.len()),
            needed_by: vec![Vec::new(); agents.len()],
            inputs,
            agents,
        })
    }

    /// Notes what the next agent is called and what it writes; `false` after the last one.
    pub fn note_next(&mut self) -> Result<bool, PipelineError> {
        let index = self.writers.len();
        let Some(agent) = self.agents.get(index) else { return Ok(false) };
        if !self.names.insert(agent.name.clone()) {
            return Err(PipelineError::SameName { name: agent.name.clone() });
        }
        let earlier = self.writers.insert(agent.output_key.clone(), index);
        if earlier.is_some() || self.inputs.contains(&agent.output_key) {
            return Err(PipelineError::WrittenTwice {
                key: agent.output_key.clone(),
                first: earlier.map(|index| self.agents[index].name.clone()),
                second: agent.name.clone(),
            });
        }
        Ok(true)
    }

    /// Finds what the next agent reads; `false` after the last one.
    pub fn infer_next(&mut self) -> Result<bool, PipelineError> {
        let Some(agent) = self.agents.get(self.needs.len()) else { return Ok(false) };
        let mut read = Vec::new();
        let mut needed = Vec::new();
        for (key, optional) in agent.reads() {
            read.push(key.clone());
            match self.writers.get(key) {
                Some(writer) => needed.push(*writer),
                None if optional || self.inputs.contains(key) => {}
                None => {
                    let written = self.agents.iter().map(|a| &a.output_key);
                    let known = self.inputs.iter().chain(written);
                    return Err(PipelineError::Unwritten {
                        key: key.clone(),
                        agent: agent.name.clone(),
                        did_you_mean: closest(key, known, &agent.output_key),
                    });
                }
            }
        }
        self.reads.push(read);
        self.add_needs(needed);
        Ok(true)
    }

    /// What the next agent waits for.
    pub fn add_needs(&mut self, needed: Vec<usize>) {
        needed.iter().for_each(|writer| self.needed_by[*writer].push(self.needs.len()));
        self.needs.push(needed);
    }

    /// The pipeline, unless agents wait for each other.
    pub fn finish(self) -> Result<Pipeline, PipelineError> {
        let Self { inputs, agents, writers, reads, needs, needed_by, .. } = self;
        let levels = levels(&needs, &needed_by).map_err(|cycle| {
            PipelineError::Cycle(cycle.into_iter().map(|i| agents[i].name.clone()).collect())
        })?;
        Ok(Pipeline { inputs, agents, reads, needs, needed_by, levels, writers })
    }
}

/// Each agent's level, or the agents of one cycle, in order.
fn levels(needs: &[Vec<usize>], needed_by: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut levels = vec![0; needs.len()];
    let mut next: Vec<usize> = (0..needs.len()).filter(|agent| open[*agent] == 0).collect();
    let mut placed = 0;
    while let Some(agent) = next.pop() {
        placed += 1;
        for reader in &needed_by[agent] {
            levels[*reader] = levels[*reader].max(levels[agent] + 1);
            open[*reader] -= 1;
            if open[*reader] == 0 {
                next.push(*reader);
            }
        }
    }
    if placed == needs.len() {
        return Ok(levels);
    }
    // Each agent that is not placed waits for another such one, so following that leads into a cycle.
    let stuck = |agent: &usize| open[*agent] > 0;
    let mut walk: Vec<usize> = open.iter().position(|open| *open > 0).into_iter().collect();
    while let Some(next) = walk.last().and_then(|last| needs[*last].iter().copied().find(stuck)) {
        if let Some(start) = walk.iter().position(|seen| *seen == next) {
            walk.drain(..start);
            break;
        }
        walk.push(next);
    }
    walk.reverse(); // in the direction of the data
    Err(walk)
}
