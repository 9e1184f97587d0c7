//! The stage of a plan: what is on it at the playhead, for the page; and all of that as a picture to save.

use std::time::Duration;

use super::{Frame, Kind, Plan};
use crate::drawing::{Colors, Earlier, StagePicture, TrackPicture};
use crate::record::Overlay;
use crate::time::{Instant, seconds};
use crate::timeline::stage::{Layout, Pace, ReportText, RunSources, Scene, SceneSources, Tracks};
use crate::timeline::{Timeline, gantt, sentences};
use crate::words;

/// How the stage is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Where the playhead is. After the end of the runs the picture still moves.
    pub cursor: Instant,
    /// How long motions are.
    pub pace: Pace,
    /// Whether what answers the question is shown before a run.
    pub shows_expected: bool,
}

/// What is on the stage beside the runs.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The moment that the playhead names; `None` before a run.
    pub playhead: Option<Instant>,
    /// An earlier run that the present one is compared with.
    pub overlay: Option<&'a Overlay>,
    /// What the reader guessed.
    pub guess: Option<Duration>,
}

impl Plan {
    /// Where things are on a stage that is so many pixels wide.
    pub fn layout(&self, width: f64) -> Layout {
        let has = |kind| self.place(kind).is_some();
        let tracks = Tracks { sequential: has(Kind::Sequential), parallel: has(Kind::Parallel) };
        Layout::new(self.pipeline(), tracks, width)
    }

    /// What is there at the playhead.
    pub fn scene(&self, frame: &Frame, layout: &Layout, look: Look) -> Scene {
        // Just after a change of the pipeline, the layout or the runs are of the one before.
        let agents = self.agents();
        let is_laid_out = layout.parallel.is_none() || layout.bars.len() == agents;
        if !is_laid_out || frame.timelines.iter().any(|run| run.lanes().len() != agents) {
            return Scene::default();
        }
        Scene::of(&SceneSources {
            pipeline: self.pipeline(),
            layout,
            scale: frame.scale(),
            sequential: self.sources(frame, Kind::Sequential),
            parallel: self.sources(frame, Kind::Parallel),
            shows_expected: look.shows_expected,
            // What was measured elsewhere, or is going to be, takes as long as it takes.
            has_handles: self.settings.provider.is_none() && self.measured.is_none(),
            cursor: look.cursor,
            pace: look.pace,
        })
    }

    /// A run as far as it is known.
    fn sources<'a>(&'a self, frame: &'a Frame, kind: Kind) -> RunSources<'a> {
        let Some(place) = self.place(kind) else { return RunSources::default() };
        let begun = frame.timelines.get(place).filter(|run| run.run().started.is_some());
        RunSources { run: begun, expected: self.lineup[place].expected.as_deref() }
    }

    /// How long a run took so far, or is expected to take: a total before the run would give the answer away,
    /// and is told only where that is shown.
    pub fn total(&self, frame: &Frame, place: usize, shows_expected: bool) -> Option<String> {
        let (run, is_expected) = self.run_or_expected(frame, place)?;
        let length = words::seconds(&seconds(run.makespan()));
        let has_begun = frame.edge > Instant::ZERO;
        let kind = self.lineup.get(place)?.kind;
        match is_expected {
            true if has_begun && self.is_crowd() && self.predicts(kind) => {
                Some(words::status::predicted(&length))
            }
            true if !shows_expected => None,
            _ => Some(length),
        }
    }

    /// All that is on a stage that is so many pixels wide.
    pub fn stage<'a>(
        &'a self,
        frame: &'a Frame,
        width: f64,
        look: Look,
        beside: Beside<'a>,
    ) -> StagePicture<'a> {
        let layout = self.layout(width);
        let track = |kind| self.track(frame, kind, look, beside.overlay);
        let shown = frame.timelines.get(self.shown());
        let limits = shown.map(Timeline::limits).unwrap_or_default();
        StagePicture {
            pipeline: self.pipeline(),
            scene: self.scene(frame, &layout, look),
            layout,
            scale: frame.scale(),
            sequential: track(Kind::Sequential),
            parallel: track(Kind::Parallel),
            report: shown.and_then(|run| ReportText::of(self.pipeline(), run)),
            limits: limits.iter().map(|(at, _)| frame.scale().x(*at)).collect(),
            guess: beside.guess.map(|guess| frame.scale().length(guess)),
            playhead: beside.playhead,
        }
    }

    /// The stage as an SVG file, as it stands.
    pub fn svg(&self, frame: &Frame, picture: &StagePicture<'_>, colors: Colors) -> String {
        let title = words::export::picture(self.agents());
        let told = sentences::status(self.pipeline(), &frame.runs(self));
        picture.file(colors, &title, &told)
    }

    fn track<'a>(
        &'a self,
        frame: &'a Frame,
        kind: Kind,
        look: Look,
        overlay: Option<&'a Overlay>,
    ) -> TrackPicture<'a> {
        let Some(place) = self.place(kind) else { return TrackPicture::default() };
        let RunSources { run, expected } = self.sources(frame, kind);
        let is_seen = look.shows_expected || kind == Kind::Sequential;
        TrackPicture {
            total: self.total(frame, place, look.shows_expected).unwrap_or_default(),
            run,
            expected: expected.filter(|_| is_seen),
            earlier: overlay.map(|overlay| self.earlier(frame, kind, overlay)).unwrap_or_default(),
        }
    }

    fn earlier<'a>(&self, frame: &Frame, kind: Kind, overlay: &'a Overlay) -> Earlier<'a> {
        let Some(run) = overlay.run(kind.as_str()) else { return Earlier::default() };
        let bars = self
            .pipeline()
            .agents()
            .iter()
            .map(|agent| gantt::bar(run, overlay.place(&agent.name)?, frame.scale())?.run);
        Earlier {
            total: words::race::earlier(&seconds(run.makespan())),
            run: Some(run),
            bars: bars.collect(),
        }
    }
}
