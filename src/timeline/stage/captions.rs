//! What the labels of a scene say, and what they keep clear of.

use std::time::Duration;

use super::joins::{Join, JoinState, RING, joined};
use super::labels::{self, Label, Obstacles, RailPlace, Request};
use super::layout::{BAR, Rect};
use super::scene::{LaneScene, Scene, SceneSources, Segment};
use crate::time::seconds;
use crate::timeline::gantt::Stretch;
use crate::timeline::{Lane, Phase, Timeline, sentences};
use crate::words;

/// The width and height of a handle, in pixels.
const HANDLE: f64 = 24.0;

impl SceneSources<'_> {
    pub(super) fn segment_labels(&self, segments: &[Segment]) -> Vec<Label> {
        let Some(track) = self.layout.sequential else { return Vec::new() };
        let y = track.middle - BAR / 2.0;
        let request = |segment: &Segment| {
            let own = segment.bar.as_ref().and_then(|bar| bar.run);
            let at = union(own, segment.expected)?;
            Some(Request {
                agent: segment.agent,
                bar: self.rect(at, y),
                name: self.title(segment.agent),
                length: String::new(),
                note: String::new(),
                may_follow: false,
            })
        };
        let requests: Vec<Request> = segments.iter().filter_map(request).collect();
        if self.layout.is_narrow {
            return Vec::new();
        }
        // Only where all of it fits over its own segment.
        let fits = |label: &Label| {
            requests.iter().any(|request| {
                request.agent == label.agent
                    && request.name == label.name
                    && label.place.width <= request.bar.width
            })
        };
        let placed = labels::place(self.layout, &requests, &Obstacles::default());
        placed.into_iter().filter(fits).collect()
    }

    fn title(&self, agent: usize) -> String {
        self.pipeline.agents()[agent].title().to_owned()
    }

    /// A stretch of the axis as a bar.
    fn rect(&self, at: Stretch, y: f64) -> Rect {
        let (x, width) = (self.layout.x(at.x), self.layout.length(at.width));
        Rect { x, y, width, height: BAR }
    }

    /// The labels of the parallel run, and the rails that they keep clear of: one for each join.
    pub(super) fn lane_labels(&self, scene: &Scene) -> (Vec<Label>, Vec<RailPlace>) {
        let rail = |join: &Join| RailPlace {
            x: self.layout.x(join.x),
            top: join.rail.0,
            bottom: join.rail.1,
        };
        let rails: Vec<RailPlace> = scene.joins.iter().map(rail).collect();
        let mut obstacles = Obstacles { rails: rails.clone(), ..Obstacles::default() };
        let mut requests = Vec::new();
        for lane in &scene.lanes {
            let own = lane.bar.as_ref().and_then(|bar| bar.run.or(bar.queue));
            let Some(at) = union(own, lane.expected) else { continue };
            let bar = self.rect(at, lane.y - BAR / 2.0);
            obstacles.solid.push(bar);
            // A late agent begins later than expected, right of the ring of its join.
            let join = scene.joins.iter().find(|join| join.agent == lane.agent);
            let start = own.map_or(at.x, |own| own.x).max(join.map_or(0.0, |join| join.x));
            let x = self.layout.x(start) + lane.inset;
            let bar = Rect { x, width: (bar.right() - x).max(0.0), ..bar };
            if let Some(handle) = lane.handle {
                let (x, y) = (self.layout.x(handle) - HANDLE / 2.0, lane.y - HANDLE / 2.0);
                obstacles.solid.push(Rect { x, y, width: HANDLE, height: HANDLE });
            }
            if let Some(wait) = lane.wait {
                let wait = self.rect(wait, lane.y - 2.0);
                obstacles.solid.push(Rect { height: 4.0, ..wait });
            }
            let (length, note) = self.told(lane, scene);
            requests.push(Request {
                agent: lane.agent,
                bar,
                name: self.title(lane.agent),
                length,
                note,
                may_follow: lane.inset > 0.0 && self.pipeline.is_final(lane.agent),
            });
        }
        obstacles.solid.extend(scene.card.map(|(card, _)| card));
        let ring = |join: &Join| Rect {
            x: self.layout.x(join.x) - RING,
            y: join.y - RING,
            width: 2.0 * RING,
            height: 2.0 * RING,
        };
        obstacles.solid.extend(scene.joins.iter().map(ring));
        (labels::place(self.layout, &requests, &obstacles), rails)
    }

    /// How long the agent took, or is expected to take, and what else there is to say about it.
    fn told(&self, lane: &LaneScene, scene: &Scene) -> (String, String) {
        let length = |timeline: Option<&Timeline>| {
            let timeline = timeline?;
            let own = timeline.lanes().get(lane.agent)?;
            own.started.map(|_| words::seconds(&seconds(own.duration(timeline.cursor()))))
        };
        let run = self.parallel.run;
        let length = if run.is_some() { length(run) } else { length(self.parallel.expected) };
        let note = run.and_then(|run| self.note(lane, run, scene)).unwrap_or_default();
        (length.unwrap_or_default(), note)
    }

    fn note(&self, lane: &LaneScene, run: &Timeline, scene: &Scene) -> Option<String> {
        let own = run.lanes().get(lane.agent)?;
        if let Some(note) = self.early_note(own, lane.agent, run) {
            return Some(note);
        }
        match own.phase() {
            Phase::Waiting if run.run().ended.is_some() => None,
            Phase::Waiting => Some(words::race::NOT_STARTED.into()),
            Phase::Queued => Some(words::answers::WAITING_FOR_A_SLOT.into()),
            Phase::Retrying | Phase::Running => sentences::attempt(own, run.cursor()),
            Phase::Kept => Some(words::race::REUSED.into()),
            Phase::Done | Phase::FellBack => {
                let open = scene.joins.iter().filter(|join| join.state == JoinState::Open);
                let mut own_joins =
                    open.filter(|join| join.branches.contains(&lane.agent)).peekable();
                own_joins.peek()?;
                let is_slowest = own_joins.clone().all(|join| join.slowest == Some(lane.agent));
                let until =
                    own_joins.filter_map(|join| joined(run.lanes().get(join.agent)?)).max()?;
                let waited = until.since(own.end()?);
                match is_slowest {
                    true => Some(words::race::SLOWEST.into()),
                    false if waited < Duration::from_millis(50) => None,
                    false => Some(words::race::waits(&seconds(waited))),
                }
            }
            Phase::Failed => Some(words::race::FAILED.into()),
            Phase::Cancelled => Some(words::race::CANCELED.into()),
            Phase::Skipped => Some(words::race::SKIPPED.into()),
            Phase::Orphaned => Some(words::race::UNUSED.into()),
        }
    }
}

impl SceneSources<'_> {
    /// What a quorum or a hedge has made of an agent, if one has.
    fn early_note(&self, own: &Lane, agent: usize, run: &Timeline) -> Option<String> {
        let is_late = || run.lanes().iter().any(|lane| lane.missing.contains(&agent));
        let note = match own.phase() {
            Phase::Cancelled if is_late() => words::race::LATE_CANCELED,
            Phase::Orphaned | Phase::Running if own.orphaned.is_some() && is_late() => {
                words::race::LATE_UNUSED
            }
            _ if own.second.is_some() => sentences::asked_twice(own)?,
            Phase::Done | Phase::Running if !own.missing.is_empty() => {
                let of = self.pipeline.needs(agent).len();
                return Some(words::race::answers(of - own.missing.len(), of));
            }
            _ => return None,
        };
        Some(note.to_owned())
    }
}

/// From where the first of two begins to where the last ends.
fn union(one: Option<Stretch>, other: Option<Stretch>) -> Option<Stretch> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let x = one.x.min(other.x);
            let end = (one.x + one.width).max(other.x + other.width);
            Some(Stretch { x, width: end - x })
        }
        (one, other) => one.or(other),
    }
}
