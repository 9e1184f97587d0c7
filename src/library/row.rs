//! The figures of one primitive, from its own run on the virtual clock.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::{Conditions, Primitive};
use crate::clock::VirtualClock;
use crate::config::{prompt_tokens, spent};
use crate::engine::{OnFailure, Reruns, Schedule, rerun};
use crate::llm::prices::tokens;
use crate::model::{ModelError, Usage};
use crate::pipeline::Pipeline;
use crate::simulate::{Script, SimulatedModel};
use crate::state::State;
use crate::time::Instant;
use crate::timeline::{Lane, Phase, Timeline};
use crate::trace::Outcome;

/// What a primitive does with a pipeline, its latencies and its fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub primitive: Primitive,
    /// Its runs, each with when it began: several where all of it is tried again.
    pub runs: Rc<Vec<(Duration, Timeline)>>,
    /// What the caller of the map gets.
    pub sees: Sees,
    /// When, counted from the first run's beginning; `None`: never.
    pub at: Option<Duration>,
    /// What the siblings of a failure do, or of the branch that won a race.
    pub siblings: Siblings,
    /// The agents whose answers the caller can still have at that moment, by place.
    pub survivors: Vec<usize>,
    /// How many calls are made, until the last one has ended.
    pub calls: usize,
    /// Their tokens, estimated from the texts of prompts and scripts.
    pub usage: Usage,
    /// How long agents run after the failure, or after the end of a race, for answers that the caller
    /// does not get: added up over the agents.
    pub wasted: Duration,
}

/// What the caller of the map gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sees {
    /// All answers.
    Answers,
    /// The answers, with errors in the places of these agents, by place.
    Errors(Vec<usize>),
    /// The answers, with fallbacks in the places of these agents, by place.
    Fallbacks(Vec<usize>),
    /// The answer of this agent alone, by place.
    First(usize),
    /// One error, and the place of the agent that failed.
    Error(usize, ModelError),
    /// A group of the errors of these agents, by place.
    Group(Vec<usize>),
    /// The run's timeout.
    Timeout,
    /// Nothing: it waits for ever.
    Never,
}

/// What becomes of the siblings of a failure that are in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Siblings {
    /// There are none.
    None,
    /// They run to their end, and are waited for.
    Awaited,
    /// They keep running, unused.
    RunOn,
    /// They are canceled.
    Canceled,
}

/// A row for each primitive. Limit, run timeout and seed are those of `settings`.
pub fn rows(
    pipeline: &Pipeline,
    inputs: &State,
    scripts: &[Script],
    settings: Schedule,
) -> Vec<Row> {
    let mut rows = Rows::of(pipeline, inputs, scripts, settings);
    Primitive::ALL.into_iter().map(|primitive| rows.row(primitive)).collect()
}

/// The row of one primitive.
pub fn row(
    primitive: Primitive,
    pipeline: &Pipeline,
    inputs: &State,
    scripts: &[Script],
    settings: Schedule,
) -> Row {
    Rows::of(pipeline, inputs, scripts, settings).row(primitive)
}

/// Rows one by one. Primitives that run the pipeline in the same way share their runs.
pub struct Rows<'a> {
    pipeline: &'a Pipeline,
    inputs: &'a State,
    scripts: &'a [Script],
    settings: Schedule,
    ran: Vec<(Conditions, Ran)>,
}

/// What the runs of a primitive come to, whatever its caller gets of them.
#[derive(Clone)]
struct Ran {
    runs: Rc<Vec<(Duration, Timeline)>>,
    has_ended: bool,
    calls: usize,
    usage: Usage,
}

impl<'a> Rows<'a> {
    /// None yet.
    pub fn of(
        pipeline: &'a Pipeline,
        inputs: &'a State,
        scripts: &'a [Script],
        settings: Schedule,
    ) -> Self {
        Self { pipeline, inputs, scripts, settings, ran: Vec::new() }
    }

    /// The row of one primitive.
    pub fn row(&mut self, primitive: Primitive) -> Row {
        let conditions = primitive.conditions(self.settings);
        let known = self.ran.iter().find(|(own, _)| *own == conditions);
        let ran = known.map(|(_, ran)| ran.clone()).unwrap_or_else(|| {
            let ran = self.run(conditions);
            self.ran.push((conditions, ran.clone()));
            ran
        });
        self.read(primitive, ran)
    }

    fn run(&self, Conditions { schedule, around }: Conditions) -> Ran {
        let Self { pipeline, inputs, scripts, .. } = *self;
        let clock = VirtualClock::new();
        let model = SimulatedModel::new(scripts.to_vec(), Rc::new(clock.clone()));
        let logs: Reruns = RefCell::default();
        let run = rerun(pipeline, inputs.clone(), (schedule, around), &clock, &model, &logs);
        let has_ended = clock.run_while(run, |deadline| deadline < A_YEAR).is_some();
        let agents = pipeline.agents().len();
        let runs: Vec<(Duration, Timeline)> = (logs.into_inner().into_iter())
            .map(|run| (run.began, Timeline::at(&run.trace, agents, run.trace.end())))
            .collect();
        Ran {
            has_ended,
            calls: runs.iter().map(|(_, timeline)| spent(pipeline, timeline).calls).sum(),
            usage: usage(pipeline, inputs, runs.iter().map(|(_, timeline)| timeline)),
            runs: Rc::new(runs),
        }
    }

    /// What the caller of the primitive gets of these runs, and what becomes of the rest.
    fn read(&self, primitive: Primitive, ran: Ran) -> Row {
        let pipeline = self.pipeline;
        let Ran { runs, has_ended, calls, usage } = ran;
        let Some((began, last)) = runs.last() else { unreachable!("a first run always begins") };
        // A run that hangs is stopped at its last event, which cancels it; one that left a hanging
        // agent behind has failed before.
        let is_stopped = !has_ended && last.run().phase() == Phase::Cancelled;
        let hangs = is_stopped || last.run().ended.is_none();
        let over = over(pipeline, last);
        let view = View { primitive, pipeline, timeline: last, over };
        let sees = if hangs { Sees::Never } else { view.sees() };
        let survivors = if hangs { Vec::new() } else { view.survivors(&sees) };
        let siblings = if hangs { Siblings::Awaited } else { view.siblings(&sees) };
        let mut wasted = if hangs { Duration::ZERO } else { view.wasted(&sees, &survivors) };
        for (_, timeline) in &runs[..runs.len() - 1] {
            let view = View { primitive, pipeline, timeline, over: end(timeline.run()) };
            wasted += view.wasted(&view.sees(), &[]);
        }
        let at = (!hangs).then(|| *began + over.since(Instant::ZERO));
        Row { primitive, sees, at, siblings, survivors, calls, usage, wasted, runs: runs.clone() }
    }
}

/// No run lasts a year: a deadline after that is a timer that means never.
const A_YEAR: Instant = Instant::from_micros(365 * 24 * 3600 * 1_000_000);

fn end(lane: &Lane) -> Instant {
    lane.end().unwrap_or_default()
}

/// When the map is over: when the last agent that reads others could begin, or the run's end where it
/// failed before, or where no agent reads others.
fn over(pipeline: &Pipeline, timeline: &Timeline) -> Instant {
    let run_end = end(timeline.run());
    let finals = (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent));
    let moments = finals.map(|agent| match &timeline.lanes()[agent] {
        lane if pipeline.needs(agent).is_empty() => end(lane),
        lane => lane.queued.unwrap_or(run_end),
    });
    moments.max().unwrap_or(run_end).min(run_end)
}

struct View<'a> {
    primitive: Primitive,
    pipeline: &'a Pipeline,
    timeline: &'a Timeline,
    over: Instant,
}

impl View<'_> {
    fn lanes(&self) -> impl Iterator<Item = (usize, &Lane)> {
        self.timeline.lanes().iter().enumerate()
    }

    /// Whether every join could begin, so that what fails or takes too long from then on is not the
    /// map's.
    fn is_map_over(&self) -> bool {
        self.pipeline.is_map_over(|join| self.timeline.lanes()[join].queued.is_some())
    }

    /// The agents of the map that failed while the caller waited, in that order.
    fn failed(&self) -> Vec<usize> {
        let is_map_over = self.is_map_over();
        let failed = |agent: usize, lane: &Lane| {
            let is_of_the_map = !(is_map_over && self.pipeline.is_join(agent));
            is_of_the_map && matches!(lane.phase(), Phase::Failed | Phase::FellBack)
        };
        let mut agents: Vec<usize> = (self.lanes())
            .filter(|(agent, lane)| {
                failed(*agent, lane) && lane.orphaned.is_none() && end(lane) <= self.over
            })
            .map(|(agent, _)| agent)
            .collect();
        agents.sort_by_key(|agent| (end(&self.timeline.lanes()[*agent]), *agent));
        agents
    }

    fn sees(&self) -> Sees {
        let mut failed = self.failed();
        match &self.timeline.run().ended {
            _ if self.is_map_over() => {}
            Some((_, Outcome::Failed(ModelError::RunTooLong { .. }))) => return Sees::Timeout,
            Some((_, Outcome::Failed(error))) if self.primitive.on_failure().raises() => {
                if self.primitive == Primitive::TaskGroup {
                    return Sees::Group(failed);
                }
                let lanes = self.timeline.lanes();
                let is_it = |agent: &&usize| match &lanes[**agent].ended {
                    Some((_, Outcome::Failed(own))) => own == error,
                    _ => false,
                };
                if self.primitive.on_failure() == OnFailure::Wait {
                    // The first key, and not the first in time.
                    failed.sort_unstable();
                }
                let agent = failed.iter().find(is_it).copied().unwrap_or_default();
                return Sees::Error(agent, error.clone());
            }
            _ => {}
        }
        if let (true, Some(first)) = (self.primitive.quorum().is_some(), self.winner()) {
            return Sees::First(first);
        }
        // A list of results is in the order of the calls, and so are the errors of `Promise.any`.
        failed.sort_unstable();
        match (self.primitive, failed.is_empty()) {
            (_, true) => Sees::Answers,
            (Primitive::PromiseAny, false) => Sees::Group(failed),
            (Primitive::WithFallbacks, false) => Sees::Fallbacks(failed),
            (_, false) => Sees::Errors(failed),
        }
    }

    /// The branch that answered first, where one answer is enough.
    fn winner(&self) -> Option<usize> {
        let done = self.lanes().filter(|(agent, lane)| {
            lane.phase() == Phase::Done && end(lane) <= self.over && !self.pipeline.is_join(*agent)
        });
        done.min_by_key(|(_, lane)| end(lane)).map(|(agent, _)| agent)
    }

    fn survivors(&self, sees: &Sees) -> Vec<usize> {
        let raised = matches!(sees, Sees::Error(..) | Sees::Group(_) | Sees::Timeout);
        if raised && !self.primitive.keeps_answers() {
            return Vec::new();
        }
        let done = self.lanes().filter(|(agent, lane)| {
            // A join that began with the map's end is not of the map.
            lane.phase() == Phase::Done
                && end(lane) <= self.over
                && (!self.pipeline.is_join(*agent) || lane.queued < Some(self.over))
        });
        done.map(|(agent, _)| agent).collect()
    }

    /// From when on siblings matter: from the first failure, or from the end of a race.
    fn decided(&self, sees: &Sees) -> Option<Instant> {
        match sees {
            Sees::First(_) | Sees::Timeout => Some(self.over),
            _ => self.failed().first().map(|agent| end(&self.timeline.lanes()[*agent])),
        }
    }

    /// The agents that are in flight at the moment that decides, but not because of it.
    fn in_flight(&self, at: Instant) -> impl Iterator<Item = (usize, &Lane)> {
        self.lanes().filter(move |(_, lane)| {
            let started = lane.started.is_some_and(|started| started < at || at == Instant::ZERO);
            started && lane.end().is_none_or(|end| end >= at)
        })
    }

    fn siblings(&self, sees: &Sees) -> Siblings {
        let Some(at) = self.decided(sees) else { return Siblings::None };
        let failed = self.failed();
        let others = self.in_flight(at).filter(|(agent, lane)| {
            !failed.contains(agent) && (end(lane) > at || lane.phase() == Phase::Cancelled)
                || end(lane) > at
        });
        let phases: Vec<(Phase, bool)> =
            others.map(|(_, lane)| (lane.phase(), lane.orphaned.is_some())).collect();
        if phases.is_empty() {
            Siblings::None
        } else if phases.iter().any(|(_, orphaned)| *orphaned) {
            Siblings::RunOn
        } else if phases.iter().any(|(phase, _)| *phase == Phase::Cancelled) {
            Siblings::Canceled
        } else {
            Siblings::Awaited
        }
    }

    fn wasted(&self, sees: &Sees, survivors: &[usize]) -> Duration {
        let Some(at) = self.decided(sees) else { return Duration::ZERO };
        let raised = matches!(sees, Sees::Error(..) | Sees::Group(_) | Sees::Timeout);
        let unused = self.in_flight(at).filter(|(agent, lane)| {
            lane.orphaned.is_some() || raised && !survivors.contains(agent)
        });
        unused.map(|(_, lane)| lane.end().unwrap_or(self.timeline.cursor()).since(at)).sum()
    }
}

/// What the calls of some runs cost, by the texts: a prompt is paid for with each call, and an answer
/// as far as it came.
fn usage<'a>(
    pipeline: &Pipeline,
    inputs: &State,
    runs: impl Iterator<Item = &'a Timeline>,
) -> Usage {
    let mut sum = Usage::default();
    for timeline in runs {
        let text = |key: &_| match pipeline.writer(key) {
            Some(agent) => tokens(&timeline.lanes()[agent].text),
            None => inputs.get(key).map_or(0, |text| tokens(text)),
        };
        for (agent, lane) in pipeline.agents().iter().zip(timeline.lanes()) {
            let calls = lane.calls(agent.work) as u64;
            sum.input_tokens += calls * prompt_tokens(agent, text);
            if calls > 0 {
                let failed = lane.failed.iter().map(|attempt| attempt.text.as_str());
                let second = lane.second.as_ref().map(|second| second.text.as_str());
                let own = Some(lane.text.as_str()).filter(|_| lane.phase() != Phase::FellBack);
                let said = failed.chain(second).chain(own);
                sum.output_tokens += said.map(tokens).sum::<u64>();
            }
        }
    }
    sum
}
