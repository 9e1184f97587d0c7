//! The stage as a picture in letters, and the stages that the tests look at.

use std::rc::Rc;

use converge::config::Settings;
use converge::engine::Schedule;
use converge::pipeline::Pipeline;
use converge::plan::{Kind, Plan};
use converge::simulate::Script;
use converge::time::Instant;
use converge::timeline::gantt::{Bar, Stretch};
use converge::timeline::scale::TimeScale;
use converge::timeline::stage::{JoinState, Layout, Pace, RunSources, Scene, SceneSources, Tracks};
use converge::timeline::{Phase, Timeline};
use converge::trace::Trace;

use crate::fixtures::{self, at_ms, width};

/// Two runs of a pipeline, and what is expected of them.
pub struct Stage {
    pub pipeline: Pipeline,
    pub sequential: Trace,
    pub parallel: Trace,
    pub expected: Option<(Rc<Timeline>, Rc<Timeline>)>,
    pub end: Instant,
}

/// What a scene is made with.
#[derive(Clone, Copy)]
pub struct Look {
    pub width: f64,
    /// In milliseconds; `None` before the run.
    pub cursor: Option<u64>,
    pub shows_expected: bool,
    pub has_handles: bool,
    pub pace: Pace,
}

impl Look {
    pub fn at(width: f64, cursor: impl Into<Option<u64>>) -> Self {
        let pace = Pace::default();
        Self { width, cursor: cursor.into(), shows_expected: false, has_handles: true, pace }
    }
}

impl Stage {
    /// The stage of what an address asks for, as it is expected.
    pub fn of(address: &str) -> Self {
        let (settings, notes) = Settings::read("", address);
        assert_eq!(notes, Vec::<String>::new());
        let plan = Plan::of(&settings, None).0;
        let scripts = plan.experiment.scripts.clone();
        let schedule = |kind: Kind| kind.schedule(&settings, plan.pipeline());
        let mut stage = Self::run(
            plan.pipeline().clone(),
            &scripts,
            [schedule(Kind::Sequential), schedule(Kind::Parallel)],
        );
        stage.end = Instant::ZERO + plan.axis(Instant::ZERO);
        stage
    }

    /// A pipeline that goes as it is expected to.
    pub fn run(pipeline: Pipeline, scripts: &[Script], schedules: [Schedule; 2]) -> Self {
        let [sequential, parallel] =
            schedules.map(|schedule| fixtures::run(&pipeline, scripts, schedule).trace);
        let whole =
            |trace: &Trace| Rc::new(Timeline::at(trace, pipeline.agents().len(), trace.end()));
        let expected = Some((whole(&sequential), whole(&parallel)));
        let end = sequential.end().max(parallel.end());
        let end = Instant::ZERO + end.since(Instant::ZERO).mul_f64(1.04);
        Self { pipeline, sequential, parallel, expected, end }
    }

    /// Agents as [`fixtures::pipeline`] takes them.
    pub fn agents(agents: &[(&str, &[&str], u64)]) -> Self {
        let (pipeline, scripts) = fixtures::pipeline(agents);
        Self::run(pipeline, &scripts, [width(1), Schedule::parallel()])
    }

    pub fn layout(&self, look: Look) -> Layout {
        let tracks = Tracks { sequential: true, parallel: true };
        Layout::new(&self.pipeline, tracks, look.width)
    }

    pub fn scale(&self) -> TimeScale {
        TimeScale::up_to(self.end.since(Instant::ZERO))
    }

    pub fn scene(&self, look: Look) -> (Layout, Scene) {
        let layout = self.layout(look);
        let cursor = look.cursor.map_or(Instant::ZERO, at_ms);
        let agents = self.pipeline.agents().len();
        let at = |trace: &Trace| Timeline::at(trace, agents, cursor.min(trace.end()));
        let runs = look.cursor.map(|_| (at(&self.sequential), at(&self.parallel)));
        let expected = self.expected.as_ref();
        let scene = Scene::of(&SceneSources {
            pipeline: &self.pipeline,
            layout: &layout,
            scale: self.scale(),
            sequential: RunSources {
                run: runs.as_ref().map(|runs| &runs.0),
                expected: expected.map(|expected| &*expected.0),
            },
            parallel: RunSources {
                run: runs.as_ref().map(|runs| &runs.1),
                expected: expected.map(|expected| &*expected.1),
            },
            shows_expected: look.shows_expected,
            has_handles: look.has_handles,
            cursor,
            pace: look.pace,
        });
        (layout, scene)
    }

    /// The picture: `-` expected, `=` running, `#` done, `!` failed, `x` canceled, `.` waiting for a join,
    /// `|` a rail, `O` a ring, `o` one that is still hollow, `*` a token, `<` and `>` the time saved.
    pub fn picture(&self, look: Look) -> String {
        let (layout, scene) = self.scene(look);
        let mut grid = Grid::new(&layout);
        for segment in &scene.segments {
            let y = layout.sequential.unwrap().middle;
            grid.bar(&layout, y, 0.0, segment.expected, segment.bar.as_ref());
        }
        for lane in &scene.lanes {
            grid.bar(&layout, lane.y, lane.inset, lane.expected, lane.bar.as_ref());
            lane.wait.into_iter().for_each(|wait| grid.stretch(&layout, lane.y, wait, '.'));
        }
        for join in &scene.joins {
            let x = layout.x(join.x);
            let is_open = join.state != JoinState::Ahead;
            if is_open {
                let gap = |y: f64| join.gaps.iter().any(|(top, bottom)| *top < y && y < *bottom);
                let rows = (join.rail.0 as usize..=join.rail.1 as usize).map(|y| y as f64);
                rows.filter(|y| !gap(*y)).for_each(|y| grid.put(x, y, '|'));
            }
            grid.put(x, join.y, if is_open { 'O' } else { 'o' });
        }
        for token in &scene.tokens {
            grid.put(layout.x(token.x), token.y, '*');
        }
        for label in scene.labels.iter().chain(&scene.segment_labels) {
            let parts = [label.name.as_str(), &label.length, &label.note];
            let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            grid.text(label.place.x, label.place.y + label.place.height / 2.0, &said.join(" "));
        }
        if let Some((card, _)) = scene.card {
            grid.text(card.x, card.y + 4.0, "[report");
            grid.put(card.right() - 4.0, card.y + 4.0, ']');
        }
        if let Some(saved) = &scene.saved {
            grid.stretch(&layout, layout.bracket, saved.at, '_');
            if saved.goes_on {
                grid.put(layout.right, layout.bracket, '>');
            }
            grid.text(saved.place.x, layout.bracket, &saved.label);
        }
        grid.finish()
    }
}

/// A cell is so many pixels wide and high.
const CELL: (f64, f64) = (7.0, 20.0);

struct Grid {
    rows: Vec<Vec<char>>,
    /// Where the first line begins, so that a row of the stage is two lines: its labels and its bar.
    top: f64,
}

impl Grid {
    fn new(layout: &Layout) -> Self {
        let lines = (layout.height / CELL.1).ceil() as usize;
        let columns = (layout.width / CELL.0).ceil() as usize;
        Self { rows: vec![vec![' '; columns]; lines], top: 0.0 }
    }

    fn put(&mut self, x: f64, y: f64, mark: char) {
        let (column, line) = ((x / CELL.0) as usize, ((y - self.top) / CELL.1) as usize);
        if let Some(cell) = self.rows.get_mut(line).and_then(|line| line.get_mut(column)) {
            *cell = mark;
        }
    }

    fn text(&mut self, x: f64, y: f64, text: &str) {
        for (place, letter) in text.chars().enumerate() {
            self.put(x + place as f64 * CELL.0, y, letter);
        }
    }

    fn stretch(&mut self, layout: &Layout, y: f64, at: Stretch, mark: char) {
        let (from, to) = (layout.x(at.x), layout.x(at.x + at.width));
        let mut x = from;
        while x < to - CELL.0 / 2.0 {
            self.put(x, y, mark);
            x += CELL.0;
        }
    }

    fn bar(
        &mut self,
        layout: &Layout,
        y: f64,
        inset: f64,
        expected: Option<Stretch>,
        bar: Option<&Bar>,
    ) {
        let inset = inset / (layout.right - layout.left);
        let shift = |at: Stretch| Stretch { x: at.x + inset, width: at.width - inset };
        expected.into_iter().for_each(|at| self.stretch(layout, y, shift(at), '-'));
        let Some(bar) = bar else { return };
        bar.queue.into_iter().for_each(|at| self.stretch(layout, y, at, ':'));
        bar.failed.iter().for_each(|failed| self.stretch(layout, y, failed.run, '!'));
        let mark = match bar.phase {
            Phase::Failed => '!',
            Phase::Cancelled => 'x',
            Phase::Running => '=',
            _ => '#',
        };
        bar.now.into_iter().for_each(|at| self.stretch(layout, y, shift(at), mark));
    }

    fn finish(self) -> String {
        let lines = self.rows.into_iter().map(|line| {
            let line: String = line.into_iter().collect();
            format!("{}\n", line.trim_end())
        });
        lines.collect()
    }
}
