//! What is on the stage at the playhead.

use std::time::Duration;

use super::axis::is_predicted;
use super::joins::{Join, JoinSources, JoinState, RING, Token, joined};
use super::labels::Label;
use super::layout::{Layout, Rect};
use super::motion::Pace;
use super::report::{self, Saved};
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::timeline::gantt::{self, Bar, Stretch};
use crate::timeline::scale::TimeScale;
use crate::timeline::{Lane, Phase, Timeline};

/// One run, as far as it is known.
#[derive(Clone, Copy, Default)]
pub struct RunSources<'a> {
    /// The run up to the playhead; `None` before it has begun.
    pub run: Option<&'a Timeline>,
    /// The whole run as it is expected; `None` where that is not known, as with a live model.
    pub expected: Option<&'a Timeline>,
}

/// What a scene is drawn from.
#[derive(Clone, Copy)]
pub struct SceneSources<'a> {
    /// The pipeline.
    pub pipeline: &'a Pipeline,
    /// Where things are.
    pub layout: &'a Layout,
    /// The axis.
    pub scale: TimeScale,
    /// The sequential run.
    pub sequential: RunSources<'a>,
    /// The parallel run.
    pub parallel: RunSources<'a>,
    /// Whether what answers the question is shown before a run: joins, what follows them, totals.
    pub shows_expected: bool,
    /// Whether bars have handles.
    pub has_handles: bool,
    /// Where the playhead is. After the end of the runs the picture still moves.
    pub cursor: Instant,
    /// How long motions are.
    pub pace: Pace,
}

/// What is on the stage at the playhead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// How far the curves from the topic to the branches have grown, from 0 to 1.
    pub fan_out: f64,
    /// The sequential run, an agent after the other; none for a crowd.
    pub segments: Vec<Segment>,
    /// The parallel run's lanes, by place; none for a crowd, of which only the agents at the join have one.
    pub lanes: Vec<LaneScene>,
    /// Where branches meet.
    pub joins: Vec<Join>,
    /// Answers on their way to a join.
    pub tokens: Vec<Token>,
    /// Above the bars of the parallel run.
    pub labels: Vec<Label>,
    /// Above the sequential run, where they fit.
    pub segment_labels: Vec<Label>,
    /// Where the report's card is, if it has room on the stage, and how far it has opened.
    pub card: Option<(Rect, f64)>,
    /// How far the report has opened, wherever it stands.
    pub report: f64,
    /// The bracket over the time saved.
    pub saved: Option<Saved>,
}

/// One agent's part of the sequential run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    /// Which agent.
    pub agent: usize,
    /// What it has done.
    pub bar: Option<Bar>,
    /// What is still expected of it.
    pub expected: Option<Stretch>,
    /// Where it is expected to end, as a fraction of the axis: the place of its handle.
    pub handle: Option<f64>,
}

/// One agent of the parallel run. Equal ones look the same, so that a lane is drawn only when it has changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneScene {
    /// Which agent.
    pub agent: usize,
    /// The middle of its bar, in pixels.
    pub y: f64,
    /// What it has done.
    pub bar: Option<Bar>,
    /// What was expected of it; `None` as long as that is kept secret.
    pub expected: Option<Stretch>,
    /// While another agent blocked the thread, so that it could not go on.
    pub blocked: Vec<Stretch>,
    /// While its answer waits for a join.
    pub wait: Option<Stretch>,
    /// How far the mark of its end has come, from 0 to 1.
    pub done: f64,
    /// Where its last attempt is expected to end, as a fraction of the axis: the place of its handle.
    pub handle: Option<f64>,
    /// How many pixels its bar begins right of its start, where the ring of a join stands.
    pub inset: f64,
}

/// Turns that others take are seen as blocking from this length on.
const BLOCKING: Duration = Duration::from_millis(50);

impl Scene {
    /// The stage at the playhead.
    pub fn of(sources: &SceneSources<'_>) -> Self {
        let SceneSources { layout, pipeline, scale, cursor, pace, .. } = *sources;
        let mut scene = Self::default();
        // Just after a change of the pipeline, the layout may still be that of the one before.
        if layout.bars.len() != pipeline.agents().len() {
            return scene;
        }
        let (sequential, parallel) = (sources.sequential, sources.parallel);
        if layout.sequential.is_some() && !layout.is_crowd {
            scene.segments = sources.segments();
            scene.segment_labels = sources.segment_labels(&scene.segments);
        }
        if layout.parallel.is_none() {
            return scene;
        }
        let started = parallel.run.and_then(|run| run.run().started);
        scene.fan_out = started.map_or(0.0, |started| pace.fan_out(started, cursor));
        let join_sources = JoinSources {
            pipeline,
            layout,
            scale,
            run: parallel.run,
            expected: parallel.expected.filter(|_| sources.shows_joins()),
            cursor,
            pace,
        };
        scene.joins = join_sources.joins();
        scene.tokens = join_sources.tokens(&scene.joins);
        scene.lanes = sources.lanes(&scene.joins);
        for wait in join_sources.waits(&scene.joins) {
            if let Some(lane) = scene.lanes.iter_mut().find(|lane| lane.agent == wait.agent) {
                lane.wait = Some(wait.at);
            }
        }
        let last = (0..pipeline.agents().len())
            .filter(|agent| pipeline.is_final(*agent))
            .max_by_key(|agent| pipeline.level(*agent));
        if let Some(last) = last {
            let beside = layout.bars.get(last).copied().unwrap_or_default();
            let end = sources.parallel_end(last);
            let place = end.and_then(|end| report::card(layout, scale, end, beside));
            scene.report = sources.report(last, &scene.joins);
            scene.card = place.map(|place| (place, scene.report));
        }
        let (labels, rails) = sources.lane_labels(&scene);
        for (join, rail) in scene.joins.iter_mut().zip(rails) {
            join.gaps = rail.gaps(&labels);
        }
        scene.labels = labels;
        let pair = match (sequential.run, parallel.run) {
            (Some(one), Some(other)) => Some((one, other)),
            (None, Some(other)) => {
                let predicted = sequential
                    .expected
                    .filter(|run| is_predicted(run.lanes().len(), run.makespan()));
                predicted.map(|predicted| (predicted, other))
            }
            (None, None) if sources.shows_expected => sequential.expected.zip(parallel.expected),
            _ => None,
        };
        scene.saved = pair.and_then(|(sequential, parallel)| {
            // A sequential run that is only predicted ends when it will have ended.
            let ended = match sources.sequential.run {
                Some(_) => sequential.run().end()?.max(parallel.run().end()?),
                None => parallel.run().end()?,
            };
            let shown =
                if sources.parallel.run.is_some() { pace.saved(ended, cursor) } else { 1.0 };
            report::saved(layout, scale, sequential, parallel, shown)
        });
        scene
    }
}

impl SceneSources<'_> {
    /// Whether joins, and what follows them, may be seen.
    fn shows_joins(&self) -> bool {
        self.shows_expected || self.parallel.run.is_some()
    }

    /// When the parallel run has its report, or is going to have it: `last` is the agent that writes it.
    fn parallel_end(&self, last: usize) -> Option<Instant> {
        let RunSources { run, expected } = self.parallel;
        let done = |run: &Timeline| run.run().end().filter(|_| run.run().phase() == Phase::Done);
        if let Some(over) = run.filter(|run| run.run().ended.is_some()) {
            return done(over);
        }
        let expected = expected.filter(|_| self.shows_joins())?;
        let started = |run: &Timeline| run.lanes().get(last)?.started;
        let late = run.and_then(started).zip(started(expected)).map(|(is, was)| is.since(was));
        let end = done(expected)? + late.unwrap_or_default();
        Some(run.map_or(end, |run| end.max(run.cursor())))
    }

    fn segments(&self) -> Vec<Segment> {
        let agents = 0..self.pipeline.agents().len();
        let bar = |timeline: Option<&Timeline>, agent| gantt::bar(timeline?, agent, self.scale);
        // All of them stand in one row: what is expected lies right of what has been done.
        let reached = self.sequential.run.map_or(0.0, |run| self.scale.x(run.cursor()).max(0.0));
        let ahead = |at: Stretch| {
            let (x, end) = (at.x.max(reached), at.x + at.width);
            (end > x).then_some(Stretch { x, width: end - x })
        };
        let segment = |agent| {
            let expected = bar(self.sequential.expected, agent).and_then(|bar| bar.run);
            Segment {
                agent,
                // There each agent waits for those before it, which needs no mark.
                bar: bar(self.sequential.run, agent).map(|bar| Bar { queue: None, ..bar }),
                expected: expected.and_then(ahead),
                handle: expected.map(|at| (at.x + at.width).min(1.0)),
            }
        };
        agents.map(segment).collect()
    }

    fn lanes(&self, joins: &[Join]) -> Vec<LaneScene> {
        let agents = 0..self.pipeline.agents().len();
        let of_crowd =
            |agent: &usize| !self.layout.is_crowd || joins.iter().any(|join| join.agent == *agent);
        agents.filter(of_crowd).map(|agent| self.lane(agent, joins)).collect()
    }

    fn lane(&self, agent: usize, joins: &[Join]) -> LaneScene {
        let RunSources { run, expected } = self.parallel;
        let expected = expected.filter(|_| self.shows_joins() || !self.follows_a_join(agent));
        let expected = expected.and_then(|expected| gantt::bar(expected, agent, self.scale));
        let handle = expected.as_ref().filter(|_| self.has_handles).and_then(|bar| bar.now);
        let lane = run.and_then(|run| run.lanes().get(agent));
        let ended = lane.and_then(Lane::end);
        LaneScene {
            agent,
            y: self.layout.bars.get(agent).copied().unwrap_or_default(),
            bar: run.and_then(|run| gantt::bar(run, agent, self.scale)),
            // What has ended took the place of what was expected.
            expected: expected.and_then(|bar| bar.run).filter(|_| ended.is_none()),
            blocked: run
                .zip(lane)
                .map(|(run, lane)| self.blocked(agent, run, lane))
                .unwrap_or_default(),
            wait: None,
            done: ended.map_or(0.0, |ended| self.pace.done(ended, self.cursor)),
            handle: handle.map(|at| (at.x + at.width).min(1.0)),
            inset: if joins.iter().any(|join| join.agent == agent) { RING } else { 0.0 },
        }
    }

    /// When the agent could not go on because another one had the thread.
    fn blocked(&self, agent: usize, run: &Timeline, lane: &Lane) -> Vec<Stretch> {
        let Some(from) = lane.queued.or(lane.started) else { return Vec::new() };
        let to = lane.end().unwrap_or(run.cursor());
        let others = run.polls().iter().copied().chain(run.on_thread());
        let long = others.filter(|poll| poll.agent != agent && poll.until - poll.since >= BLOCKING);
        let within = long.map(|poll| (poll.since.max(from), poll.until.min(to)));
        within
            .filter(|(since, until)| until > since)
            .filter_map(|(since, until)| gantt::Stretch::of(self.scale, since, until))
            .collect()
    }

    fn follows_a_join(&self, agent: usize) -> bool {
        let needs = self.pipeline.needs(agent);
        needs.len() > 1 || needs.iter().any(|need| self.follows_a_join(*need))
    }

    /// How far the report has opened, which the agent writes.
    fn report(&self, agent: usize, joins: &[Join]) -> f64 {
        let Some(run) = self.parallel.run else { return 0.0 };
        let Some(lane) = run.lanes().get(agent) else { return 0.0 };
        match joins.iter().find(|join| join.agent == agent) {
            Some(join) if join.state == JoinState::Open => join.motion.report,
            Some(_) => 0.0,
            None => joined(lane).map_or(0.0, |at| self.pace.report(at, self.cursor)),
        }
    }
}
