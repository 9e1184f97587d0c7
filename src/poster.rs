//! The race as a picture that stands still: what is expected of a preset, as SVG.
//!
//! For wherever the page itself is not: before it has loaded, where scripts are off, where a host
//! takes no frames. The same geometry as the bars on the page, of runs on the virtual clock; no
//! figure in it is written by hand. It has no colours of its own: style/poster.css gives them to its
//! classes, from the page's tokens. The host's tests write the files, and fail when one is stale.

use std::fmt::Write;
use std::time::Duration;

use crate::config::Settings;
use crate::engine::Schedule;
use crate::pipeline::Pipeline;
use crate::simulate::predict;
use crate::time::seconds;
use crate::timeline::gantt::{self, Stretch};
use crate::timeline::metrics::{self, CriticalPath};
use crate::timeline::overview::{self, DRAWN};
use crate::timeline::scale::TimeScale;
use crate::timeline::sentences::{self, ScheduleRun};
use crate::timeline::{Phase, Timeline};
use crate::words;

/// In the picture's own units; it is drawn at any size.
pub const WIDTH: f64 = 560.0;
const HEAD: f64 = 34.0;
const LANE: f64 = 24.0;
const BAR: f64 = 18.0;
const BETWEEN: f64 = 16.0;
const AXIS: f64 = 30.0;
const VERDICT: f64 = 72.0;
/// About as wide as a letter of a name, and the least and the most that names may take.
const LETTER: f64 = 7.6;
const NAMES: (f64, f64) = (84.0, 168.0);
/// More agents than this are one shape.
const MOST_LANES: usize = 12;
/// A formula longer than this has no room.
const MOST_LETTERS: usize = 54;
/// How many rows that shape has at most.
const MOST_ROWS: usize = 60;
/// How high it is.
const MANY: f64 = 120.0;

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
        let (sequential, parallel) = (run(settings.sequential()), run(settings.parallel()));
        Self { title: settings.preset.label().into(), pipeline, sequential, parallel }
    }

    /// What the picture shows, in words: the page's own sentence.
    pub fn sentence(&self) -> String {
        let runs = [
            ScheduleRun { schedule: "sequential", timeline: &self.sequential, injected: &[] },
            ScheduleRun { schedule: "parallel", timeline: &self.parallel, injected: &[] },
        ];
        sentences::status(&self.pipeline, &runs)
    }

    /// How many units high it is.
    pub fn height(&self) -> f64 {
        2.0 * (HEAD + self.lanes_height()) + BETWEEN + AXIS + VERDICT
    }

    /// The picture as part of a page that has the style sheet.
    pub fn inline(&self) -> String {
        let size = self.size();
        format!(
            "<svg class=\"poster\" viewBox=\"{size}\" role=\"img\" aria-label=\"{}\">\n{}</svg>",
            escaped(&self.sentence()),
            self.body()
        )
    }

    /// The picture as a file of its own, with its style sheet. `#light` and `#dark` behind its
    /// address choose the colours; without them it follows the reader's own scheme.
    pub fn file(&self, style: &str) -> String {
        let (size, height) = (self.size(), format!("{:.0}", self.height()));
        let width = format!("{WIDTH:.0}");
        let (title, sentence) = (escaped(&self.title), escaped(&self.sentence()));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"light\" class=\"poster\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"{size}\" role=\"img\" \
             aria-labelledby=\"title told\">\n<title id=\"title\">{title}</title>\n\
             <desc id=\"told\">{sentence}</desc>\n<style>\n{style}</style>\n\
             <g id=\"dark\">\n{}</g>\n</svg>\n",
            self.body()
        )
    }

    fn size(&self) -> String {
        format!("0 0 {WIDTH:.0} {:.0}", self.height())
    }

    fn is_wide(&self) -> bool {
        self.pipeline.agents().len() > MOST_LANES
    }

    fn lanes_height(&self) -> f64 {
        if self.is_wide() { MANY } else { LANE * self.pipeline.agents().len() as f64 }
    }

    /// Where the bars begin.
    fn left(&self) -> f64 {
        let names = self.pipeline.agents().iter().map(|agent| agent.name.chars().count());
        let longest = if self.is_wide() { 0 } else { names.max().unwrap_or_default() };
        (longest as f64 * LETTER + 12.0).clamp(NAMES.0, NAMES.1)
    }

    fn body(&self) -> String {
        let longest = self.sequential.makespan().max(self.parallel.makespan());
        let scale = TimeScale::up_to(longest.mul_f64(1.04));
        let durations = metrics::durations(&self.parallel);
        let path = metrics::critical_path(&self.pipeline, &durations);
        let mut out = Drawing { left: self.left(), scale, text: String::new() };
        let track = HEAD + self.lanes_height();
        let second = track + BETWEEN;
        out.grid(HEAD, track);
        out.grid(second + HEAD, second + track);
        out.saved(self, second + HEAD, self.lanes_height());
        self.track(&mut out, 0.0, "Sequential", &self.sequential, None);
        self.track(&mut out, second, "Parallel", &self.parallel, Some(&path));
        out.axis(second + track);
        self.verdict(&mut out, second + track + AXIS);
        out.text
    }

    fn track(
        &self,
        out: &mut Drawing,
        y: f64,
        name: &str,
        run: &Timeline,
        path: Option<&CriticalPath>,
    ) {
        out.words("track", 0.0, y + 22.0, name);
        out.words("figure", WIDTH, y + 22.0, &words::seconds(&seconds(run.makespan())));
        let top = y + HEAD;
        if self.is_wide() {
            return out.many(top, run);
        }
        for (agent, bar) in gantt::bars(run, out.scale).iter().enumerate() {
            let y = top + LANE * agent as f64 + (LANE - BAR) / 2.0;
            let middle = y + BAR / 2.0 + 4.5;
            let name = &self.pipeline.agents()[agent].name;
            out.words(
                "name",
                out.left - 10.0,
                middle,
                &shortened(name, ((out.left - 10.0) / LETTER) as usize),
            );
            let Some(at) = bar.run.filter(|at| at.width > 0.0) else { continue };
            if let Some(queue) = bar.queue {
                out.line("queue", queue, y + BAR / 2.0);
            }
            let slack = path.and_then(|path| path.slack.get(agent)).copied().unwrap_or_default();
            if !slack.is_zero() {
                let width = out.scale.length(slack);
                out.line("slack", Stretch { x: at.x + at.width, width }, y + BAR);
            }
            out.bar("bar", at, y, 0.0);
            if let Some(silence) = bar.silence {
                out.bar("silence", silence, y, 0.0);
            }
            if path.is_some_and(|path| path.agents.contains(&agent)) {
                out.bar("critical", at, y, 2.0);
            }
            out.length(at, middle, run.lanes()[agent].duration(run.cursor()));
        }
    }

    fn verdict(&self, out: &mut Drawing, y: f64) {
        let (sequential, parallel) = (self.sequential.makespan(), self.parallel.makespan());
        let Some(times) = metrics::speedup(sequential, parallel) else { return };
        out.words("speedup", 0.0, y + 44.0, &words::times(&format!("{times:.1}")));
        out.words("faster", 0.0, y + 63.0, "faster");
        let durations = |run| metrics::durations(run);
        let sums = [
            metrics::sequential_formula(sequential, &durations(&self.sequential)),
            metrics::parallel_formula(parallel, &self.pipeline, &durations(&self.parallel)),
        ];
        let fits = |sum: &String| sum.chars().count() <= MOST_LETTERS;
        for (row, sum) in sums.into_iter().flatten().filter(fits).enumerate() {
            out.words("sum", 150.0, y + 32.0 + 22.0 * row as f64, &sum);
        }
    }
}

/// The elements so far, and what is needed to place the next one.
struct Drawing {
    left: f64,
    scale: TimeScale,
    text: String,
}

impl Drawing {
    fn x(&self, fraction: f64) -> f64 {
        self.left + fraction * (WIDTH - self.left)
    }

    fn width(&self, fraction: f64) -> f64 {
        fraction * (WIDTH - self.left)
    }

    // Writing to a string cannot fail.
    fn words(&mut self, class: &str, x: f64, y: f64, words: &str) {
        let (x, y, words) = (format!("{x:.1}"), format!("{y:.1}"), escaped(words));
        let _ = writeln!(
            self.text,
            "<text class=\"poster-{class}\" x=\"{x}\" y=\"{y}\">{words}</text>"
        );
    }

    fn bar(&mut self, class: &str, at: Stretch, y: f64, outset: f64) {
        let (x, width) = (self.x(at.x) - outset, self.width(at.width) + 2.0 * outset);
        let [x, y, width, height, round] =
            [x, y - outset, width, BAR + 2.0 * outset, 4.0 + outset].map(|n| format!("{n:.1}"));
        let _ = writeln!(
            self.text,
            "<rect class=\"poster-{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" \
             height=\"{height}\" rx=\"{round}\"/>"
        );
    }

    fn path(&mut self, class: &str, path: &str) {
        let _ = writeln!(self.text, "<path class=\"poster-{class}\" d=\"{path}\"/>");
    }

    fn line(&mut self, class: &str, at: Stretch, y: f64) {
        let [x, y, width] = [self.x(at.x), y, self.width(at.width)].map(|n| format!("{n:.1}"));
        self.path(class, &format!("M{x} {y}h{width}"));
    }

    /// How long a bar is: beside it, or inside where the picture ends soon.
    fn length(&mut self, at: Stretch, y: f64, took: Duration) {
        let end = at.x + at.width;
        let length = words::seconds(&seconds(took));
        if self.x(end) + 44.0 < WIDTH {
            self.words("length", self.x(end) + 8.0, y, &length);
        } else if self.width(at.width) > 60.0 {
            self.words("length poster-inside", self.x(end) - 8.0, y, &length);
        } else {
            self.words("length poster-before", self.x(at.x) - 8.0, y, &length);
        }
    }

    fn grid(&mut self, from: f64, to: f64) {
        let ticks = self.scale.ticks(TICKS).into_iter();
        let lines = ticks.map(|tick| {
            let [x, from, to] = [self.x(tick.x), from, to].map(|n| format!("{n:.1}"));
            format!("M{x} {from}V{to}")
        });
        let lines: String = lines.collect();
        self.path("grid", &lines);
    }

    fn axis(&mut self, y: f64) {
        self.line("axis", Stretch { x: 0.0, width: 1.0 }, y + 8.0);
        self.words("name poster-muted", self.left - 10.0, y + 24.0, "seconds");
        for tick in self.scale.ticks(TICKS) {
            self.words("tick", self.x(tick.x), y + 24.0, &tick.label);
        }
    }

    /// What lies between the ends of both runs.
    fn saved(&mut self, poster: &Poster, y: f64, height: f64) {
        let (sequential, parallel) = (poster.sequential.makespan(), poster.parallel.makespan());
        let Some(saved) = sequential.checked_sub(parallel).filter(|saved| !saved.is_zero()) else {
            return;
        };
        let (from, to) =
            (self.x(self.scale.length(parallel)), self.x(self.scale.length(sequential)));
        let [x, top, width, high] = [from, y, to - from, height].map(|n| format!("{n:.1}"));
        let _ = writeln!(
            self.text,
            "<rect class=\"poster-saved\" x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{high}\"/>"
        );
        self.path("end", &format!("M{x} {top}v{high}"));
        if to - from > 90.0 {
            let middle = (from + to) / 2.0;
            self.words(
                "told",
                middle,
                y + height / 2.0 + 5.0,
                &words::race::saved(&seconds(saved)),
            );
        }
    }

    /// All bars as one shape.
    fn many(&mut self, y: f64, run: &Timeline) {
        let paths = overview::paths(run, self.scale, MOST_ROWS);
        let rows = overview::rows(run.lanes().len(), MOST_ROWS);
        let [x, y, width, height] =
            [self.left, y, WIDTH - self.left, MANY].map(|n| format!("{n:.1}"));
        for (_, path) in DRAWN.iter().zip(&paths).filter(|(phase, _)| **phase == Phase::Done) {
            let _ = writeln!(
                self.text,
                "<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
                 viewBox=\"0 0 1 {rows}\" preserveAspectRatio=\"none\"><path class=\"poster-many\" \
                 d=\"{path}\"/></svg>"
            );
        }
    }
}

/// Labelled moments on the axis, at most.
const TICKS: usize = 8;

/// A name of that many characters at most, with an ellipsis where it was longer.
pub(crate) fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.into();
    }
    let start: String = name.chars().take(most.saturating_sub(1)).collect();
    start + "…"
}

/// Text as XML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once("*/").map_or("", |(_, rest)| rest))
}

/// The style sheet of a file: the tokens that `sheet` uses, as `tokens` defines them, and `sheet`.
/// A token with two colours, `light-dark(a, b)`, is the first one unless the picture is dark.
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
        let colours = value.strip_prefix("light-dark(").and_then(|pair| pair.strip_suffix(')'));
        match colours.and_then(|pair| pair.split_once(", ")) {
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
