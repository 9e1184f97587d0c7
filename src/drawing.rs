//! The stage as SVG: the one writer of posters, of the figure in the page's HTML, and of the pictures that
//! Export saves.
//!
//! It draws the page's own geometry (`timeline::stage`) in the page's colors. Colors and sizes are
//! attributes of each element, since programs that open an SVG read few style sheets.

mod bars;
mod canvas;
mod colors;
mod crowd;
mod joins;
mod parts;

use self::canvas::{Canvas, number};
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::timeline::Timeline;
use crate::timeline::gantt::Stretch;
use crate::timeline::scale::TimeScale;
use crate::timeline::stage::labels::font_size;
use crate::timeline::stage::{Layout, ReportText, Scene};

pub use self::canvas::escaped;
pub use self::colors::{Colors, style};

/// Around the stage, in CSS pixels.
pub const MARGIN: f64 = 16.0;

/// What is on the stage.
pub struct StagePicture<'a> {
    /// What is run.
    pub pipeline: &'a Pipeline,
    /// Where things are.
    pub layout: Layout,
    /// What is there at the playhead.
    pub scene: Scene,
    /// The axis.
    pub scale: TimeScale,
    /// The sequential run.
    pub sequential: TrackPicture<'a>,
    /// The parallel run.
    pub parallel: TrackPicture<'a>,
    /// What the report's card says, if there is one.
    pub report: Option<ReportText>,
    /// Where the run has lowered its own limit, as fractions of the axis.
    pub limits: Vec<f64>,
    /// The reader's guess, as a fraction of the axis.
    pub guess: Option<f64>,
    /// The moment that is shown; `None` before a run.
    pub playhead: Option<Instant>,
}

/// What a picture needs to know of a run beside its scene.
#[derive(Clone, Default)]
pub struct TrackPicture<'a> {
    /// How long it took or is expected to take: "2.3 s". Empty where that is not told.
    pub total: String,
    /// The run up to the playhead, once it has begun.
    pub run: Option<&'a Timeline>,
    /// The run as it is expected, where that may be seen.
    pub expected: Option<&'a Timeline>,
    /// The run that it is compared with.
    pub earlier: Earlier<'a>,
}

/// An earlier run that lies over one on the stage.
#[derive(Clone, Default)]
pub struct Earlier<'a> {
    /// How long it took: "earlier: 3.3 s". Empty without one.
    pub total: String,
    /// The whole run.
    pub run: Option<&'a Timeline>,
    /// Its bars, by the agents' places in the present pipeline.
    pub bars: Vec<Option<Stretch>>,
}

impl StagePicture<'_> {
    /// From the back to the front: the grid, what begins left of 0 s, and what lies on the axis. A picture on a
    /// page can have an axis that is as long as there is room, as long as nothing has run.
    pub fn parts(&self, colors: Colors, is_fluid: bool) -> [String; 3] {
        let scene = &self.scene;
        let mut gutter = Canvas::gutter(&self.layout, colors);
        gutter.fan_out(scene.fan_out);
        gutter.headings([&self.sequential, &self.parallel]);
        let mut grid = Canvas::plot(&self.layout, colors, is_fluid);
        grid.grid(self.scale);
        let mut plot = Canvas::plot(&self.layout, colors, is_fluid);
        if self.layout.is_crowd {
            plot.blocks(self);
        }
        plot.segments(scene, &self.sequential.earlier.bars);
        for lane in &scene.lanes {
            plot.lane(lane, self.parallel.earlier.bars.get(lane.agent).copied().flatten());
        }
        plot.joins(scene);
        plot.labels(scene);
        plot.limits(&self.limits);
        plot.saved(scene);
        plot.axis(self.scale);
        plot.guess(self.guess);
        if let Some(at) = self.playhead {
            plot.playhead(self.scale, at);
        }
        if let Some(report) = self.report.as_ref().filter(|report| !report.is_missing) {
            plot.card(scene, report);
        }
        [grid.text, gutter.text, plot.text]
    }

    /// All of it, from the corner of the stage.
    pub fn whole(&self, colors: Colors) -> String {
        let [grid, gutter, plot] = self.parts(colors, false);
        let axis = format!("<g transform=\"translate({} 0)\">", number(self.layout.left));
        format!("{axis}\n{grid}</g>\n{gutter}{axis}\n{plot}</g>\n")
    }

    /// A file of its own, of the stage and a margin around it.
    pub fn file(&self, colors: Colors, title: &str, told: &str) -> String {
        let stage = self.whole(colors);
        let Layout { width, height, .. } = self.layout;
        let [width, height] = [width, height].map(|length| number((length + 2.0 * MARGIN).ceil()));
        let [title, told] = [title, told].map(escaped);
        let [font, surface, ink] = ["font", "surface", "ink"].map(|token| colors.of(token));
        let (margin, size) = (number(MARGIN), font_size(&self.layout));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title told\" \
             font-family=\"{font}\" font-size=\"{size}\">\n<title id=\"title\">{title}</title>\n\
             <desc id=\"told\">{told}</desc>\n\
             <style>text{{font-variant-numeric:tabular-nums}}</style>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{surface}\"/>\n\
             <g transform=\"translate({margin} {margin})\" fill=\"{ink}\">\n{stage}</g>\n</svg>\n"
        )
    }
}
