//! Was it really parallel? The answer for a run of this page or one that was measured elsewhere, with what
//! kept it from being so, and where in the picture that is to be seen.
//!
//! Everything here is read off a log or a file. What only a browser can know, that its tab was hidden, is
//! told to it; what a file cannot prove is said to be a candidate.

mod files;
mod runs;
mod slots;

use std::num::NonZeroUsize;
use std::time::Duration;

use self::files::{connections, over, refusals};
use self::runs::{back_off, blocked, own_limit};
use self::slots::{Call, slots};
use crate::engine::Schedule;
use crate::import::Import;
use crate::import::figures::{Figures, TOLERANCE};
use crate::pipeline::{Pipeline, Work};
use crate::simulate::{predict, scripts_of};
use crate::state::State;
use crate::time::{Instant, seconds};
use crate::timeline::Timeline;
use crate::timeline::metrics::speedup;
use crate::words;

/// The answer, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Whatever could overlap did.
    Parallel,
    /// Something overlapped, and something was held back.
    Partly,
    /// Nothing overlapped.
    Sequential,
    /// There was one call only.
    OneCall,
}

impl Answer {
    /// Its name on the page and in style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parallel => "parallel",
            Self::Partly => "partly",
            Self::Sequential => "sequential",
            Self::OneCall => "one call",
        }
    }
}

/// What kept calls from overlapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Culprit {
    /// The run's own limit on how many are in flight.
    OwnLimit(NonZeroUsize),
    /// A limit that was set: never more than so many at once.
    Limit(usize),
    /// The server works on so many at once: first tokens come as answers end.
    Slots(usize),
    /// Calls waited for a connection. `true`: over HTTP/1.x, where a host has six.
    Connections(bool),
    /// A server refused calls for being too many (429), and they waited before they came back.
    BackOff,
    /// Each needs what the one before it writes.
    Dependency,
    /// They ran one after another, and nothing in the file says why.
    Needless,
    /// An agent kept the thread, so that no other one could go on.
    Blocked,
    /// The tab was hidden, when browsers slow timers down.
    Hidden,
}

impl Culprit {
    /// Its name in style sheets and tests.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnLimit(_) => "own-limit",
            Self::Limit(_) => "limit",
            Self::Slots(_) => "slots",
            Self::Connections(_) => "connections",
            Self::BackOff => "back-off",
            Self::Dependency => "dependency",
            Self::Needless => "needless",
            Self::Blocked => "blocked",
            Self::Hidden => "hidden",
        }
    }
}

/// A culprit with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub culprit: Culprit,
    /// The agents it is seen at, by place in the pipeline, in the order of time.
    pub agents: Vec<usize>,
    /// Where it is seen first.
    pub from: Instant,
    /// Where it is seen last.
    pub to: Instant,
    /// How much time it cost those agents in all; zero where that is not a sum.
    pub cost: Duration,
}

/// A sentence of a verdict, and where on the stage it is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The sentence.
    pub text: String,
    /// The agents that it is about, by place; none where it is about the run.
    pub agents: Vec<usize>,
    /// Where it begins.
    pub from: Instant,
}

/// The answer with its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// What the run comes to.
    pub figures: Figures,
    /// Why it is not more; what decided most comes first.
    pub findings: Vec<Finding>,
    /// How long it could have taken with everything overlapping that can, where that is shorter.
    pub could_take: Option<Duration>,
    /// What the agents are called.
    names: Vec<String>,
    /// Whether it was measured elsewhere, so that what it shows are candidates.
    is_import: bool,
}

/// A wait that a person would see.
const SEEN: Duration = Duration::from_millis(50);

impl Verdict {
    /// Of a file.
    pub fn of_import(import: &Import) -> Self {
        Self::of_import_with(import, import.could_take())
    }

    /// Of a file of which it is known how long it [could take](Import::could_take).
    pub fn of_import_with(import: &Import, could_take: Option<Duration>) -> Self {
        if let Some(own) = &import.own {
            let timeline = Timeline::at(&import.log, own.spans.len(), import.log.end());
            let width = own.schedule.width.and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MAX);
            let schedule = Schedule { width, ..Schedule::parallel() };
            return Self::of_run(&import.pipeline, &timeline, schedule, own.hidden);
        }
        let pieces = &import.pieces;
        let mut findings = Vec::new();
        if let Some(limit) = &import.limit {
            findings.push(over(pieces, Culprit::Limit(limit.at_once), limit.waited.clone()));
        }
        findings.extend(connections(pieces));
        findings.extend(refusals(pieces));
        let answers: Vec<_> = (pieces.iter().enumerate())
            .filter_map(|(place, p)| {
                Some(Call { place, start: p.start, first: p.first?, end: p.end? })
            })
            .collect();
        findings.extend(slots(answers));
        for group in &import.needless {
            findings.push(over(pieces, Culprit::Needless, group.clone()));
        }
        let ended = pieces.iter().filter(|piece| piece.end.is_some()).count();
        let answer = match (ended, import.figures.overlapped(), findings.is_empty()) {
            (0 | 1, _, _) => Answer::OneCall,
            (_, false, _) => Answer::Sequential,
            (_, true, true) => Answer::Parallel,
            (_, true, false) => Answer::Partly,
        };
        Self {
            answer,
            figures: import.figures,
            findings,
            could_take,
            names: import.pipeline.agents().iter().map(|agent| agent.name.clone()).collect(),
            is_import: true,
        }
    }

    /// Of a run of this page, as far as its log goes.
    pub fn of_run(
        pipeline: &Pipeline,
        timeline: &Timeline,
        schedule: Schedule,
        hidden: bool,
    ) -> Self {
        let lanes = timeline.lanes();
        let bars = lanes.iter().filter_map(|lane| Some((lane.started?, lane.end()?)));
        let figures = Figures::of_bars(bars.clone(), timeline.makespan());
        let mut findings = Vec::new();
        let whole = |culprit| Finding {
            culprit,
            agents: Vec::new(),
            from: Instant::ZERO,
            to: Instant::ZERO + timeline.makespan(),
            cost: Duration::ZERO,
        };
        if hidden {
            findings.push(whole(Culprit::Hidden));
        }
        findings.extend(own_limit(timeline, schedule.width));
        findings.extend(back_off(timeline));
        findings.extend(blocked(timeline));
        // What calls no model waits for no server.
        let calls_a_model = |place: usize| {
            pipeline.agents().get(place).is_some_and(|agent| agent.work == Work::Model)
        };
        let answers: Vec<_> = (lanes.iter().enumerate())
            .filter(|(place, lane)| lane.failed.is_empty() && calls_a_model(*place))
            .filter_map(|(place, lane)| {
                let (start, first, end) = (lane.started?, lane.first?, lane.end()?);
                Some(Call { place, start, first, end })
            })
            .collect();
        findings.extend(slots(answers));
        let is_chain = pipeline.by_level().iter().all(|level| level.len() == 1);
        if is_chain && pipeline.agents().len() > 1 {
            findings.push(Finding { agents: pipeline.in_order(), ..whole(Culprit::Dependency) });
        }
        let held_back = findings.iter().any(|finding| finding.culprit != Culprit::Hidden) || hidden;
        let answer = match (bars.count(), figures.overlapped(), held_back) {
            (0 | 1, _, _) => Answer::OneCall,
            (_, false, _) => Answer::Sequential,
            (_, true, true) => Answer::Partly,
            (_, true, false) => Answer::Parallel,
        };
        // Measured lengths hold what a slot or the thread was waited for: nothing follows from those.
        let is_pure = |finding: &Finding| matches!(finding.culprit, Culprit::OwnLimit(_));
        let could_take = (!findings.is_empty() && findings.iter().all(is_pure))
            .then(|| {
                let scripts = scripts_of(timeline);
                let trace = predict(pipeline, &State::new(), &scripts, Schedule::parallel());
                trace.end() - Instant::ZERO
            })
            .filter(|took| *took + TOLERANCE < figures.makespan);
        let names = pipeline.agents().iter().map(|agent| agent.title().to_owned()).collect();
        Self { answer, figures, findings, could_take, names, is_import: false }
    }

    /// The answer and its reasons, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        self.reasons().into_iter().map(|reason| reason.text).collect()
    }

    /// The same, each with its place on the stage.
    pub fn reasons(&self) -> Vec<Reason> {
        use words::verdict as say;
        let of_the_run = |text| Reason { text, agents: Vec::new(), from: Instant::ZERO };
        let figures = &self.figures;
        let mut all = vec![of_the_run(match self.answer {
            Answer::OneCall => "There was one call only: nothing could overlap.".into(),
            Answer::Parallel => say::parallel(figures.max_at_once),
            Answer::Partly => say::partly(figures.max_at_once),
            Answer::Sequential => "No, sequential: nothing overlapped.".into(),
        })];
        if figures.overlapped()
            && let Some(times) = speedup(figures.sequential(), figures.makespan)
        {
            let (took, would) = (seconds(figures.makespan), seconds(figures.sequential()));
            all.push(of_the_run(say::saved(&took, &would, &format!("{times:.1}"))));
        }
        all.extend(self.findings.iter().map(|finding| Reason {
            text: self.told(finding),
            agents: finding.agents.clone(),
            from: finding.from,
        }));
        if let Some(could) = self.could_take {
            let (took, could) = (seconds(figures.makespan), seconds(could));
            all.push(of_the_run(match self.is_import {
                true => say::could_take_if(&could, &took),
                false => say::could_take(&could, &took),
            }));
        }
        all
    }

    /// A finding as a sentence.
    pub fn told(&self, finding: &Finding) -> String {
        use words::verdict as say;
        let few: Vec<String> = (finding.agents.iter().take(MOST_TOLD))
            .filter_map(|place| self.names.get(*place).cloned())
            .collect();
        let names = match finding.agents.len().saturating_sub(few.len()) {
            0 => words::list(&few),
            more => say::and_more(&few.join(", "), more),
        };
        let cost = seconds(finding.cost);
        match finding.culprit {
            Culprit::OwnLimit(limit) => say::own_limit(limit.get(), &names, &cost),
            Culprit::Limit(at_once) => say::limit(at_once, &names),
            Culprit::Slots(at_once) => say::slots(at_once, &names),
            Culprit::Connections(one_at_a_time) => say::connections(one_at_a_time, &names, &cost),
            Culprit::BackOff => say::back_off(&names, &cost),
            Culprit::Dependency => say::dependency(&names),
            Culprit::Needless => say::needless(&names),
            Culprit::Blocked => say::blocked(&names, &cost),
            Culprit::Hidden => {
                "The tab was hidden during the run, when browsers slow timers down.".into()
            }
        }
    }
}

/// More agents than these are counted instead.
const MOST_TOLD: usize = 6;
