//! The steps after the first agents: what starts once the answers that it needs are there.

use std::collections::BTreeMap;

use super::{MOST, Moment, Step, Teller};
use crate::time::Instant;
use crate::timeline::Phase;
use crate::words;

/// Agents that need the same.
struct Group {
    /// What they need, by place.
    needs: Vec<usize>,
    /// Those that have started, in the order of the log, and those that still may.
    agents: Vec<usize>,
    /// Those that have not started and will not.
    missed: Vec<usize>,
    /// When the first of them started.
    start: Option<Instant>,
}

impl Teller<'_> {
    /// A step for each group of `later`, the agents that need others: by when they started, and those that
    /// have not by level.
    pub(super) fn go_on(&self, all: &[usize], mut later: Vec<usize>) -> Vec<Step> {
        let moment = |agent: &usize| self.lane(*agent).started.or(self.lane(*agent).end());
        // Of those that have not started, the next ones are those whose answers are there.
        let ready = |agent: &usize| {
            let ends = self.pipeline.needs(*agent).iter().map(|need| self.lane(*need).end());
            ends.collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max())
        };
        later.sort_by_key(|agent| {
            let (moment, ready) = (moment(agent), ready(agent));
            (moment.is_none(), moment, ready.is_none(), ready)
        });
        let mut groups = self.groups(&later);
        if self.timeline.run().ended.is_some() && self.timeline.run().phase() != Phase::Done {
            // The end of the run is told once, of the first that it kept from starting.
            let mut is_first = true;
            groups.retain(|group| group.start.is_some() || std::mem::take(&mut is_first));
        }
        let own = if groups.len() > MOST { MOST - 1 } else { groups.len() };
        let places = groups[..own].iter().enumerate();
        // After another start, "all" would not say all of which.
        let told =
            places.map(|(place, group)| self.proceed(place == 0 && group.needs == all, group));
        let mut steps: Vec<Step> = told.collect();
        if own < groups.len() {
            steps.extend(self.more_start(&groups[own..]));
        }
        steps
    }

    /// The end of a run of agents that nothing needs.
    pub(super) fn finish(&self, all: &[usize]) -> Step {
        let is_over = self.timeline.run().ended.is_some();
        let have_ended = all.iter().all(|agent| self.lane(*agent).ended.is_some());
        let answers = self.answers(all, None);
        let then = words::steps::RUN_IS_OVER;
        let text = match (is_over || have_ended) && answers < all.len() {
            true => words::steps::some_done(answers, all.len(), then),
            false if all.len() == 1 => words::steps::done(&self.names(all), then),
            false => words::steps::all_done(all.len(), then),
        };
        let state = match (have_ended, is_over) {
            (_, true) => Moment::Done,
            (true, false) => Moment::Now,
            (false, false) => Moment::NotYet,
        };
        Step { text, state }
    }

    /// How many of them had answers at that moment; at the cursor, if none is given.
    fn answers(&self, agents: &[usize], at: Option<Instant>) -> usize {
        let had = |agent: &&usize| {
            let lane = self.lane(**agent);
            let in_time = at.is_none_or(|at| lane.end().is_some_and(|end| end <= at));
            lane.phase().has_answer() && in_time
        };
        agents.iter().filter(had).count()
    }

    /// In the order of their first agents.
    fn groups(&self, agents: &[usize]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut places = BTreeMap::new();
        let is_over = self.timeline.run().ended.is_some();
        for agent in agents.iter().copied() {
            let mut needs = self.pipeline.needs(agent).to_vec();
            needs.sort_unstable();
            let place = *places.entry(needs.clone()).or_insert(groups.len());
            if place == groups.len() {
                let (agents, missed) = (Vec::new(), Vec::new());
                groups.push(Group { needs, agents, missed, start: None });
            }
            let group = &mut groups[place];
            let lane = self.lane(agent);
            group.start = group.start.or(lane.started);
            let is_missed = lane.started.is_none() && (is_over || lane.ended.is_some());
            if is_missed { &mut group.missed } else { &mut group.agents }.push(agent);
        }
        groups
    }

    fn proceed(&self, needs_all: bool, group: &Group) -> Step {
        let Group { needs, agents, start, .. } = group;
        if agents.is_empty() {
            return Step { text: self.not_started(group), state: Moment::Done };
        }
        let then = words::steps::proceed_with(&self.names(agents));
        let are_there = needs.iter().all(|agent| self.lane(*agent).ended.is_some());
        let answers = self.answers(needs, *start);
        let lacks_some = (start.is_some() || are_there) && answers < needs.len();
        let text = match (lacks_some, needs.as_slice()) {
            (true, [only]) => words::steps::no_answer(self.name(*only), &then),
            (true, needs) => words::steps::some_done(answers, needs.len(), &then),
            (false, [only]) => words::steps::done(self.name(*only), &then),
            (false, needs) if needs_all => words::steps::all_done(needs.len(), &then),
            (false, needs) => words::steps::these_done(&self.names(needs), &then),
        };
        let have_ended = agents.iter().all(|agent| self.lane(*agent).ended.is_some());
        let state = match have_ended || self.timeline.run().ended.is_some() {
            true => Moment::Done,
            false if start.is_some() || are_there => Moment::Now,
            false => Moment::NotYet,
        };
        Step { text, state }
    }

    /// What became of agents that never started.
    fn not_started(&self, group: &Group) -> String {
        let Group { needs, missed, .. } = group;
        let names = self.names(missed);
        let answers = self.answers(needs, None);
        let run = self.timeline.run();
        if missed.iter().all(|agent| self.lane(*agent).phase() == Phase::Kept) {
            words::steps::has_it_from_before(&names)
        } else if run.ended.is_none() || run.phase() == Phase::Done {
            words::steps::not_started(&names)
        } else if answers < needs.len() {
            words::steps::run_stops(answers, needs.len())
        } else {
            words::steps::stops_before(&names)
        }
    }

    /// `None` where none of them has started or still may.
    fn more_start(&self, groups: &[Group]) -> Option<Step> {
        let agents = || groups.iter().flat_map(|group| &group.agents);
        let begun = agents().filter(|agent| self.lane(**agent).started.is_some()).count();
        let all = agents().count();
        let state = match begun {
            begun if begun == all => Moment::Done,
            0 => Moment::NotYet,
            _ => Moment::Now,
        };
        (all > 0).then(|| Step { text: words::steps::more_start(all, begun), state })
    }
}
