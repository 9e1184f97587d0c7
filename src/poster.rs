//! The stage as a picture that stands still: a preset's runs as they are expected, or the stage before them.
//!
//! For wherever the page itself is not: before it has loaded, where scripts are off, where a host
//! takes no frames. Its runs are those of the virtual clock; no figure in it is written by hand. The host's
//! tests write the files, and fail when one is stale.

use crate::config::{Experiment, Settings};
use crate::drawing::{Colors, StagePicture, escaped, style};
use crate::plan::{Beside, Frame, Look, Plan, Planned};
use crate::simulate::predict;
use crate::time::{Instant, seconds};
use crate::timeline::Timeline;
use crate::timeline::scale::TimeScale;
use crate::timeline::sentences;
use crate::timeline::stage::Pace;
use crate::words;

/// The width of a poster's stage, and of the two that stand in the page's HTML, in CSS pixels.
const WIDTH: f64 = 720.0;
const WIDE: f64 = 760.0;
const NARROW: f64 = 312.0;
/// Below the stage of a poster: what came of the runs.
const VERDICT: f64 = 48.0;

/// What is expected of both schedules.
pub struct Poster {
    title: String,
    plan: Plan,
    before: Frame,
    over: Frame,
}

impl Poster {
    /// What these settings come to when every agent keeps to its script.
    pub fn new(settings: &Settings) -> Self {
        let (plan, _) = Plan::of(settings, None);
        let frame = |timelines: Vec<Timeline>| Frame {
            edge: timelines.iter().map(Timeline::cursor).max().unwrap_or_default(),
            timelines,
            scale: Some(TimeScale::up_to(plan.axis(Instant::ZERO))),
            ..Frame::default()
        };
        let before = frame(vec![Timeline::new(plan.agents()); plan.lineup.len()]);
        // With the whole answers, which the plan's own predictions leave out.
        let Experiment { inputs, scripts, .. } = &*plan.experiment;
        let run = |planned: &Planned| {
            let trace = predict(plan.pipeline(), inputs, scripts, planned.schedule);
            Timeline::at(&trace, plan.agents(), trace.end())
        };
        let over = frame(plan.lineup.iter().map(run).collect());
        Self { title: settings.preset.label().into(), plan, before, over }
    }

    /// What the picture shows, in words: the page's own sentence.
    pub fn sentence(&self) -> String {
        sentences::status(self.plan.pipeline(), &self.over.runs(&self.plan))
    }

    /// The stage before the run, wide and narrow, as part of a page that has the style sheet: it is as
    /// wide as there is room, and as high as the page draws it.
    pub fn first_paint(&self) -> String {
        let figure = |width: f64, class: &str| {
            let stage = self.before(width);
            let [grid, gutter, plot] = stage.parts(Colors::Tokens, true);
            let [left, height] =
                [stage.layout.left, stage.layout.height].map(|length| format!("{length:.0}"));
            let label = escaped(&words::race::before_the_run(&self.title));
            format!(
                "<div class=\"poster {class}\" role=\"img\" aria-label=\"{label}\">\
                 <svg width=\"{left}\" height=\"{height}\">\n{gutter}</svg>\
                 <svg class=\"poster-plot\" height=\"{height}\">\n{grid}{plot}</svg></div>"
            )
        };
        format!("{}\n{}", figure(WIDE, "poster-wide"), figure(NARROW, "poster-narrow"))
    }

    /// The finished runs as a file of its own, with the tokens that it refers to. `#light` and `#dark` behind
    /// its address choose the colors; without them it follows the reader's own scheme.
    pub fn file(&self) -> String {
        let stage = self.over(WIDTH);
        let (title, sentence) = (escaped(&self.title), escaped(&self.sentence()));
        let (width, height) =
            (format!("{WIDTH:.0}"), format!("{:.0}", stage.layout.height + VERDICT));
        let (whole, verdict) = (stage.whole(Colors::Tokens), self.verdict(stage.layout.height));
        let [font, ink] = ["font", "ink"].map(|token| Colors::Tokens.of(token));
        let text = format!(
            "<g id=\"dark\" font-family=\"{font}\" font-size=\"13\" fill=\"{ink}\">\n{whole}{verdict}</g>\n"
        );
        let style = style(&text);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"light\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"title told\">\n<title id=\"title\">{title}</title>\n\
             <desc id=\"told\">{sentence}</desc>\n\
             <style>\n{style}text{{font-variant-numeric:tabular-nums}}\n</style>\n{text}</svg>\n"
        )
    }

    /// The stage before the runs.
    fn before(&self, width: f64) -> StagePicture<'_> {
        self.plan.stage(&self.before, width, Look::default(), Beside::default())
    }

    /// The stage long after the end of the runs, when nothing moves any more.
    fn over(&self, width: f64) -> StagePicture<'_> {
        let cursor = self.over.edge + 2 * Pace::default().aftermath();
        let look = Look { cursor, shows_expected: true, ..Look::default() };
        self.plan.stage(&self.over, width, look, Beside::default())
    }

    fn verdict(&self, y: f64) -> String {
        let Some(both) = self.plan.makespans(&self.over) else { return String::new() };
        let Some(times) = both.speedup() else { return String::new() };
        let times = words::times(&format!("{times:.1}"));
        let [sequential, parallel] =
            [both.sequential, both.parallel].map(|run| words::seconds(&seconds(run)));
        let muted = Colors::Tokens.of("muted");
        format!(
            "<text x=\"0\" y=\"{:.0}\" font-size=\"16\"><tspan font-size=\"32\" font-weight=\"700\" \
             letter-spacing=\"-1\">{times}</tspan> <tspan>faster</tspan> \
             <tspan dx=\"16\" fill=\"{muted}\">{sequential} → {parallel}</tspan></text>\n",
            y + 32.0
        )
    }
}
