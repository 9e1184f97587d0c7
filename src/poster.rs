//! The stage as a picture that stands still, as SVG: a preset's runs as they are expected, or the stage
//! before them.
//!
//! For wherever the page itself is not: before it has loaded, where scripts are off, where a host
//! takes no frames. It is the page's own geometry, of runs on the virtual clock; no figure in it is
//! written by hand. It has no colors of its own: style/poster.css gives them to its classes, from the
//! page's tokens. The host's tests write the files, and fail when one is stale.

mod drawing;

use std::fmt::Write;

use self::drawing::{Drawing, escaped};
use crate::config::Settings;
use crate::engine::Schedule;
use crate::pipeline::Pipeline;
use crate::simulate::predict;
use crate::time::{Instant, seconds};
use crate::timeline::Timeline;
use crate::timeline::metrics;
use crate::timeline::scale::TimeScale;
use crate::timeline::sentences::{self, ScheduleRun};
use crate::timeline::stage::{Layout, Pace, RunSources, Scene, SceneSources, Tracks, axis_end};
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
    pipeline: Pipeline,
    sequential: Timeline,
    parallel: Timeline,
}

impl Poster {
    /// What these settings come to when every agent keeps to its script.
    pub fn new(settings: &Settings) -> Self {
        let (experiment, _) = settings.experiment();
        let pipeline = experiment.preset.pipeline.clone();
        let run = |schedule: Schedule| {
            let trace = predict(&pipeline, &experiment.inputs, &experiment.scripts, schedule);
            Timeline::at(&trace, pipeline.agents().len(), trace.end())
        };
        let (sequential, parallel) =
            (run(settings.sequential(&pipeline)), run(settings.parallel(&pipeline)));
        Self { title: settings.preset.label().into(), pipeline, sequential, parallel }
    }

    /// What the picture shows, in words: the page's own sentence.
    pub fn sentence(&self) -> String {
        let run = |schedule, timeline| ScheduleRun { schedule, timeline, injected: &[] };
        let runs = [run("sequential", &self.sequential), run("parallel", &self.parallel)];
        sentences::status(&self.pipeline, &runs)
    }

    /// The stage before the run, wide and narrow, as part of a page that has the style sheet: it is as
    /// wide as there is room, and as high as the page draws it.
    pub fn first_paint(&self) -> String {
        let figure = |width: f64, class: &str| {
            let (layout, scene) = self.scene(width, false);
            let [gutter, plot] = self.stage(&layout, &scene, true);
            let (left, height) = (format!("{:.0}", layout.left), format!("{:.0}", layout.height));
            let label = escaped(&words::race::before_the_run(&self.title));
            format!(
                "<div class=\"poster {class}\" role=\"img\" aria-label=\"{label}\">\
                 <svg width=\"{left}\" height=\"{height}\">\n{gutter}</svg>\
                 <svg class=\"poster-plot\" height=\"{height}\">\n{plot}</svg></div>"
            )
        };
        format!("{}\n{}", figure(WIDE, "poster-wide"), figure(NARROW, "poster-narrow"))
    }

    /// The finished runs as a file of its own, with its style sheet. `#light` and `#dark` behind its
    /// address choose the colors; without them it follows the reader's own scheme.
    pub fn file(&self, style: &str) -> String {
        let (layout, scene) = self.scene(WIDTH, true);
        let (title, sentence) = (escaped(&self.title), escaped(&self.sentence()));
        let (width, height) = (format!("{WIDTH:.0}"), format!("{:.0}", layout.height + VERDICT));
        let [gutter, plot] = self.stage(&layout, &scene, false);
        let (left, long) =
            (format!("{:.0}", layout.left), format!("{:.0}", layout.right - layout.left));
        let verdict = self.verdict(layout.height);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"light\" class=\"poster\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"title told\">\n<title id=\"title\">{title}</title>\n\
             <desc id=\"told\">{sentence}</desc>\n<style>\n{style}</style>\n\
             <g id=\"dark\">\n{gutter}<svg x=\"{left}\" width=\"{long}\" height=\"{height}\" \
             overflow=\"visible\">\n{plot}</svg>\n{verdict}</g>\n</svg>\n"
        )
    }

    fn scale(&self) -> TimeScale {
        let (sequential, parallel) = (self.sequential.makespan(), self.parallel.makespan());
        TimeScale::up_to(axis_end(self.pipeline.agents().len(), Some(sequential), Some(parallel)))
    }

    /// The stage once both runs have ended, or before them.
    fn scene(&self, width: f64, is_over: bool) -> (Layout, Scene) {
        let tracks = Tracks { sequential: true, parallel: true };
        let layout = Layout::new(&self.pipeline, tracks, width);
        let sources = |timeline| RunSources {
            run: Some(timeline).filter(|_| is_over),
            expected: Some(timeline),
        };
        // Long after the end, when nothing moves any more.
        let cursor = Instant::ZERO + self.sequential.makespan() + 2 * Pace::default().aftermath();
        let scene = Scene::of(&SceneSources {
            pipeline: &self.pipeline,
            layout: &layout,
            scale: self.scale(),
            sequential: sources(&self.sequential),
            parallel: sources(&self.parallel),
            shows_expected: false,
            has_handles: false,
            cursor,
            pace: Pace::default(),
        });
        (layout, scene)
    }

    /// What lies left of 0 s, and what lies on the axis.
    fn stage(&self, layout: &Layout, scene: &Scene, is_fluid: bool) -> [String; 2] {
        let is_over = scene.fan_out > 0.0;
        let mut gutter = Drawing::new(layout, is_fluid);
        let lengths = [&self.sequential, &self.parallel].map(|run| run.makespan());
        gutter.headings(lengths.map(|length| is_over.then_some(length)));
        gutter.fan_out(is_over);
        let mut plot = Drawing::new(layout, is_fluid);
        plot.axis(self.scale());
        if layout.is_crowd {
            let branches = self.pipeline.branches();
            plot.blocks(self.scale(), &self.sequential, (&self.parallel, &branches), is_over);
        }
        plot.segments(scene);
        plot.lanes(scene);
        plot.joins(scene);
        plot.labels(scene);
        if is_over {
            plot.card(scene, self.parallel.makespan());
        }
        plot.saved(scene);
        [gutter.text, plot.text]
    }

    fn verdict(&self, y: f64) -> String {
        let (sequential, parallel) = (self.sequential.makespan(), self.parallel.makespan());
        let Some(times) = metrics::speedup(sequential, parallel) else { return String::new() };
        let times = words::times(&format!("{times:.1}"));
        let [sequential, parallel] =
            [sequential, parallel].map(|run| words::seconds(&seconds(run)));
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "<text class=\"poster-verdict\" x=\"0\" y=\"{:.0}\"><tspan class=\"poster-speedup\">{times}\
             </tspan> <tspan>faster</tspan> <tspan class=\"poster-figure\" dx=\"16\">{sequential} → \
             {parallel}</tspan></text>",
            y + 32.0
        );
        text
    }
}

/// A name of that many characters at most, with an ellipsis where it was longer.
pub(crate) fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.into();
    }
    let start: String = name.chars().take(most.saturating_sub(1)).collect();
    start + "…"
}

fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once("*/").map_or("", |(_, rest)| rest))
}

/// The style sheet of a file: the tokens that `sheet` uses, as `tokens` defines them, and `sheet`.
/// A token with two colors, `light-dark(a, b)`, is the first one unless the picture is dark.
pub fn style(tokens: &str, sheet: &str) -> String {
    let sheet = without_comments(sheet);
    let sheet = sheet.trim_start();
    let mut light = String::new();
    let mut dark = String::new();
    for line in tokens.lines() {
        let Some((name, value)) = line.trim().strip_suffix(';').and_then(|l| l.split_once(": "))
        else {
            continue;
        };
        if !name.starts_with("--") || !sheet.contains(&format!("var({name})")) {
            continue;
        }
        let colors = value.strip_prefix("light-dark(").and_then(|pair| pair.strip_suffix(')'));
        match colors.and_then(|pair| pair.split_once(", ")) {
            Some((in_light, in_dark)) => {
                let _ = write!(light, "{name}:{in_light};");
                let _ = write!(dark, "{name}:{in_dark};");
            }
            None => {
                let _ = write!(light, "{name}:{value};");
            }
        }
    }
    format!(
        "svg{{{light}}}\n@media (prefers-color-scheme:dark){{svg{{{dark}}}}}\n\
         #light:target{{{light}}}\n#dark:target{{{dark}}}\n{sheet}"
    )
}
