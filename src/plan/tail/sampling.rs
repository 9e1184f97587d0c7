//! Draws the runs of a question a few at a time: as it is, with its hedge, with its quorum, and with
//! both, of the same calls each.

use std::time::Duration;

use super::figure::{Figure, RowKind};
use super::{Axis, Question, sentences};
use crate::engine::Schedule;
use crate::tail::{Growth, Study, study};
use crate::time::seconds;
use crate::timeline::crowd::grouped;

/// As many runs as the percentiles need; fewer where a run is long.
const MOST_RUNS: usize = 100_000;
const FEWEST_RUNS: usize = 400;
/// How many calls are drawn for each study, about. Under a limit a call costs a hundred times as much.
const CALLS: usize = 10_100_000;
const CALLS_UNDER_LIMIT: usize = 100_000;
/// Calls that are drawn at a time: a millisecond or less.
const AT_A_TIME: usize = 500;
/// The share of calls that may lie beyond the left end of the axis.
const SHORTEST: f64 = 0.001;
/// Runs of a thousand branches.
const GROWTH_RUNS: usize = 4_000;

/// See the module.
pub struct Sampling {
    question: Question,
    /// The plain one first.
    studies: Vec<(RowKind, Study)>,
    growth: Growth,
    hedged_growth: Option<Growth>,
    /// How long a run takes if every call takes its median.
    typical: Duration,
    runs: usize,
    drawn: usize,
    grown: usize,
    at_a_time: usize,
}

impl Sampling {
    /// Nothing is drawn yet.
    pub fn new(question: &Question) -> Self {
        let question = question.clone();
        let schedule = question.schedule;
        let plain = Schedule { hedge: None, quorum: None, ..schedule };
        let (hedge, quorum) = (schedule.hedge, schedule.quorum);
        let quorum = quorum.filter(|quorum| quorum.answers.get() < question.candidates());
        let mut wanted = vec![(RowKind::Parallel, plain)];
        if let Some(hedge) = hedge {
            let kind = RowKind::Hedged(hedge.after);
            wanted.push((kind, Schedule { hedge: Some(hedge), ..plain }));
        }
        if let Some(quorum) = quorum {
            let (answers, of) = (quorum.answers.get(), question.candidates());
            let kind = RowKind::Quorum { answers, of };
            wanted.push((kind, Schedule { quorum: Some(quorum), ..plain }));
        }
        if hedge.is_some() && quorum.is_some() {
            wanted.push((RowKind::Both, Schedule { hedge, quorum, ..plain }));
        }
        let study_of = |(kind, schedule)| {
            let pipeline = question.pipeline();
            (kind, Study::new(pipeline, question.distributions(), schedule, question.seed))
        };
        let studies: Vec<(RowKind, Study)> = wanted.into_iter().map(study_of).collect();
        let watched = studies[0].1.watched();
        let branch = question.distributions()[watched].clone();
        let after = hedge.filter(|hedge| hedge.is_for(watched));
        let after = after.map(|hedge| hedge.after.as_secs_f64());
        let agents = question.pipeline().agents().len();
        let is_free = plain.width.get() >= agents;
        let calls = if is_free { CALLS } else { CALLS_UNDER_LIMIT };
        let typical = study(question.pipeline(), question.medians(), plain, 0, 1);
        Self {
            studies,
            growth: Growth::new(branch.clone(), None, question.seed),
            hedged_growth: after.map(|after| Growth::new(branch, Some(after), question.seed)),
            typical: typical.parallel.p50,
            runs: (calls / agents.max(1)).clamp(FEWEST_RUNS, MOST_RUNS),
            drawn: 0,
            grown: 0,
            at_a_time: if is_free { (AT_A_TIME / agents.max(1)).max(1) } else { 1 },
            question,
        }
    }

    /// Draws a few more runs of each; `false` once there are enough.
    pub fn advance(&mut self) -> bool {
        let more = self.at_a_time.min(self.runs - self.drawn);
        self.studies.iter_mut().for_each(|(_, study)| study.advance(more));
        self.drawn += more;
        // In step with the others, so that all of the picture becomes sharp at the same time.
        if self.grown < GROWTH_RUNS && self.grown * self.runs <= self.drawn * GROWTH_RUNS {
            self.growth.advance(1);
            self.hedged_growth.iter_mut().for_each(|growth| growth.advance(1));
            self.grown += 1;
        }
        self.is_more()
    }

    fn is_more(&self) -> bool {
        self.drawn < self.runs || self.grown < GROWTH_RUNS
    }

    /// What they have come to so far.
    pub fn figure(&self) -> Figure {
        let plain = &self.studies[0].1;
        let (outcome, calls) = (plain.outcome(), self.question.pipeline().calls());
        let watched = self.question.pipeline().agents()[plain.watched()].title();
        let longest = outcome.sequential.p99.max(outcome.parallel.p99);
        let shortest = plain.branch().percentile(SHORTEST);
        let axis = Axis::of(shortest, outcome.branch.p50, longest);
        // As "What would your library do?" counts them: of the texts at hand, and not of usual answers.
        let usage = self.question.experiment.scripted();
        let tokens = usage.input_tokens + usage.output_tokens;
        let a_call = tokens as f64 / calls.max(1) as f64;
        let row = |kind, histogram, calls| super::Row::of(kind, axis, histogram, calls, a_call);
        let mut rows = vec![
            row(RowKind::Branch, plain.branch(), 1.0),
            row(RowKind::Sequential, plain.sequential(), calls as f64),
        ];
        let outcomes: Vec<_> =
            self.studies.iter().map(|(kind, study)| (*kind, study.outcome())).collect();
        for ((kind, study), (_, outcome)) in self.studies.iter().zip(&outcomes) {
            rows.push(row(*kind, study.parallel(), outcome.calls));
        }
        let [least, most] = [0.0, 1.0].map(|share| seconds(plain.parallel().percentile(share)));
        let is_one_length = self.question.measured.is_some() && least == most;
        let slow = 1.0 - plain.parallel().share_up_to(self.typical);
        Figure {
            axis,
            rows,
            growth: self.growth.points(),
            hedged_growth: self.hedged_growth.as_ref().map(Growth::points),
            branches: self.question.branches().len(),
            watched: watched.to_owned(),
            sentences: sentences::of(&self.question, &outcomes, slow, self.typical, is_one_length),
            drawn: sentences::drawn(
                &grouped(self.drawn),
                &grouped(self.runs),
                self.question.seed,
                !self.is_more(),
            ),
        }
    }
}
