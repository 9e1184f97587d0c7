//! A crowd's runs: all agents of one as a block, with a path for each state.

use super::canvas::{Canvas, number};
use super::{StagePicture, TrackPicture};
use crate::timeline::overview::{self, DRAWN};
use crate::timeline::stage::layout::BAR;
use crate::timeline::{Phase, Timeline};

/// Of an agent's color, while agents run.
const RUNNING: u8 = 45;

impl Canvas<'_> {
    /// The sequential run in a row, and the branches of the parallel one in a block.
    pub fn blocks(&mut self, picture: &StagePicture<'_>) {
        let all: Vec<usize> = (0..picture.pipeline.agents().len()).collect();
        if let Some(track) = self.layout.sequential {
            let (run, top) = (&picture.sequential, track.middle - BAR / 2.0);
            self.block(picture, run, &all, (top, BAR, 1));
            let end = run.run.or(run.expected).and_then(|run| run.run().end());
            if end.is_some_and(|end| picture.scale.x(end) > 1.0) {
                self.goes_on(track.middle);
            }
        }
        if let Some(track) = self.layout.parallel {
            let height = track.bottom - track.top;
            // The agent at the join has a bar of its own.
            let branches = picture.pipeline.branches();
            self.block(picture, &picture.parallel, &branches, (track.top, height, height as usize));
        }
    }

    fn block(
        &mut self,
        picture: &StagePicture<'_>,
        run: &TrackPicture<'_>,
        agents: &[usize],
        (top, height, rows): (f64, f64, usize),
    ) {
        let paths = |run: &Timeline| overview::paths_of(run, agents, picture.scale, rows);
        let done = DRAWN.iter().position(|phase| *phase == Phase::Done).unwrap_or_default();
        let whole = |run: Option<&Timeline>| run.map(|run| std::mem::take(&mut paths(run)[done]));
        let (width, rows) = (self.layout.length(1.0), overview::rows(agents.len(), rows));
        self.put(format_args!(
            "<g transform=\"translate(0 {}) scale({} {})\">",
            number(top),
            number(width),
            number(height / rows as f64)
        ));
        let paint = format!("{} vector-effect=\"non-scaling-stroke\"", self.stroke("focus", 1.0));
        self.path(&paint, &whole(run.earlier.run).unwrap_or_default());
        let paint = self.fill("line");
        self.path(&paint, &whole(run.expected).unwrap_or_default());
        let shapes = run.run.map(paths).unwrap_or_default();
        for (phase, d) in DRAWN.into_iter().zip(shapes) {
            let paint = match phase {
                Phase::Queued => format!("{} opacity=\"0.45\"", self.fill("waiting")),
                Phase::Running => {
                    format!("fill=\"{}\"", self.colors.mixed("agent-1", RUNNING, "surface"))
                }
                Phase::FellBack => self.fill("failed-soft"),
                Phase::Failed => self.fill("failed"),
                Phase::Cancelled => self.fill("cancelled"),
                Phase::Orphaned => self.fill("cancelled-soft"),
                _ => self.fill("agent-1"),
            };
            self.path(&paint, &d);
        }
        self.put(format_args!("</g>"));
    }

    /// A bar that is broken before the axis ends: it is longer than that.
    fn goes_on(&mut self, y: f64) {
        let paint = self.stroke("surface", 3.0);
        for before in [17.0, 10.0] {
            let x = self.layout.length(1.0) - before;
            self.line(&paint, [x, x + 6.0], [y + BAR / 2.0 + 1.0, y - BAR / 2.0 - 1.0]);
        }
    }
}
