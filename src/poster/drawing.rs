//! The elements of a picture of the stage.

use std::fmt::Write;
use std::time::Duration;

use crate::time::seconds;
use crate::timeline::gantt::{Bar, Stretch};
use crate::timeline::overview::{self, DRAWN};
use crate::timeline::scale::TimeScale;
use crate::timeline::stage::labels::height;
use crate::timeline::stage::layout::{BAR, Point, Track};
use crate::timeline::stage::{Join, JoinState, Label, Layout, Scene};
use crate::timeline::{Phase, Timeline};
use crate::words;

/// Labelled moments on the axis, at most.
const TICKS: usize = 8;
/// The agents that have a color of their own.
const COLORS: usize = 6;
/// The radius of a join's ring.
const RING: f64 = 8.0;

/// The elements so far, and what is needed to place the next one.
pub struct Drawing<'a> {
    layout: &'a Layout,
    /// Whether the axis is as long as there is room: then places on it are percentages of it.
    is_fluid: bool,
    pub text: String,
}

/// Text as XML has it.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The class of an agent's color.
fn color(agent: usize) -> String {
    match agent + 1 {
        number if number <= COLORS => format!("poster-agent-{number}"),
        _ => "poster-agent-more".into(),
    }
}

// Writing to a string cannot fail.
impl<'a> Drawing<'a> {
    pub fn new(layout: &'a Layout, is_fluid: bool) -> Self {
        Self { layout, is_fluid, text: String::new() }
    }

    /// A length on the axis, or a place that is so many pixels right of 0 s.
    fn along(&self, pixels: f64) -> String {
        let whole = self.layout.right - self.layout.left;
        match self.is_fluid {
            true => format!("{:.2}%", 100.0 * pixels / whole),
            false => format!("{pixels:.1}"),
        }
    }

    fn x(&self, fraction: f64) -> String {
        self.along(self.layout.length(fraction))
    }

    fn words(&mut self, class: &str, x: &str, y: f64, words: &str) {
        let words = escaped(words);
        let _ =
            writeln!(self.text, "<text class=\"{class}\" x=\"{x}\" y=\"{y:.1}\">{words}</text>");
    }

    fn line(&mut self, class: &str, x: [&str; 2], y: [f64; 2]) {
        let ([x1, x2], [y1, y2]) = (x, y.map(|y| format!("{y:.1}")));
        let _ = writeln!(
            self.text,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        );
    }

    fn rect(&mut self, class: &str, at: Stretch, y: f64, inset: f64) {
        let from = self.along(self.layout.length(at.x) + inset);
        let width = self.along((self.layout.length(at.width) - inset).max(1.0));
        let y = format!("{:.1}", y - BAR / 2.0);
        let _ = writeln!(
            self.text,
            "<rect class=\"{class}\" x=\"{from}\" y=\"{y}\" width=\"{width}\" height=\"{BAR:.0}\" rx=\"4\"/>"
        );
    }

    /// The names of both tracks, and how long their runs took.
    pub fn headings(&mut self, lengths: [Option<Duration>; 2]) {
        let tracks = [("Sequential", self.layout.sequential), ("Parallel", self.layout.parallel)];
        for ((name, track), length) in tracks.into_iter().zip(lengths) {
            let Some(Track { heading: Point { x, y }, .. }) = track else { continue };
            let length = length.map(|length| words::seconds(&seconds(length)));
            let figure =
                length.map(|length| format!(" <tspan class=\"poster-muted\">{length}</tspan>"));
            let figure = figure.unwrap_or_default();
            let _ = writeln!(
                self.text,
                "<text class=\"poster-name\" x=\"{x:.0}\" y=\"{y:.1}\">{name}{figure}</text>"
            );
        }
    }

    /// The topic, and the curves to the branches.
    pub fn fan_out(&mut self, is_over: bool) {
        if let Some(funnel) = &self.layout.funnel {
            let _ = writeln!(self.text, "<path class=\"poster-funnel\" d=\"{funnel}\"/>");
        }
        for curve in &self.layout.fan_out {
            let color = if is_over { color(curve.agent) } else { "poster-ahead".into() };
            let path = curve.path();
            let _ = writeln!(self.text, "<path class=\"poster-curve {color}\" d=\"{path}\"/>");
        }
        let Some(topic) = self.layout.topic else { return };
        let [x, y, width, height] = [topic.x, topic.y, topic.width, topic.height];
        let _ = writeln!(
            self.text,
            "<rect class=\"poster-topic\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" rx=\"{:.0}\"/>",
            width.min(height) / 2.0
        );
        let word = if self.layout.is_narrow { "▸" } else { "Topic" };
        let x = format!("{:.1}", x + width / 2.0);
        self.words("poster-middle", &x, y + height / 2.0 + 4.5, word);
    }

    pub fn axis(&mut self, scale: TimeScale) {
        let (top, axis) = (20.0, self.layout.axis);
        for tick in scale.ticks(TICKS) {
            let x = self.x(tick.x);
            self.line("poster-grid", [&x, &x], [top, axis]);
            let label = if tick.label == "0" { words::seconds("0") } else { tick.label };
            self.words("poster-middle poster-muted", &x, axis + 20.0, &label);
        }
        let end = self.x(1.0);
        self.line("poster-axis", ["0", &end], [axis, axis]);
    }

    /// A crowd's runs: the sequential one in a row, and the branches of the parallel one in a block.
    pub fn blocks(
        &mut self,
        scale: TimeScale,
        sequential: &Timeline,
        parallel: (&Timeline, &[usize]),
        is_over: bool,
    ) {
        let Some(done) = DRAWN.iter().position(|phase| *phase == Phase::Done) else { return };
        if let Some(track) = self.layout.sequential {
            let path = &overview::paths(sequential, scale, 1)[done];
            self.block(path, 1, track.middle - BAR / 2.0, BAR, is_over);
            if sequential.run().end().is_some_and(|end| scale.x(end) > 1.0) {
                self.goes_on(track.middle);
            }
        }
        // Before the run, the block would say when the join is.
        if let Some(track) = self.layout.parallel.filter(|_| is_over) {
            let (run, branches) = parallel;
            let height = track.bottom - track.top;
            let path = &overview::paths_of(run, branches, scale, height as usize)[done];
            let rows = overview::rows(branches.len(), height as usize);
            self.block(path, rows, track.top, height, is_over);
        }
    }

    /// A bar that is broken before the axis ends: it is longer than that.
    fn goes_on(&mut self, y: f64) {
        for before in [18.0, 11.0] {
            let [low, high] =
                [before, before - 6.0].map(|x| self.along(self.layout.length(1.0) - x));
            self.line("poster-break", [&low, &high], [y + BAR / 2.0 + 1.0, y - BAR / 2.0 - 1.0]);
        }
    }

    fn block(&mut self, path: &str, rows: usize, y: f64, height: f64, is_over: bool) {
        let (width, class) = (self.x(1.0), if is_over { "many" } else { "expected" });
        let _ = writeln!(
            self.text,
            "<svg y=\"{y:.1}\" width=\"{width}\" height=\"{height:.0}\" viewBox=\"0 0 1 {rows}\" \
             preserveAspectRatio=\"none\"><path class=\"poster-{class}\" d=\"{path}\"/></svg>"
        );
    }

    fn bar(
        &mut self,
        agent: usize,
        y: f64,
        inset: f64,
        bar: Option<&Bar>,
        expected: Option<Stretch>,
    ) {
        let Some(now) = bar.and_then(|bar| bar.now.filter(|now| now.width > 0.0)) else {
            if let Some(at) = expected.filter(|at| at.width > 0.0) {
                self.rect("poster-expected", at, y, inset);
            }
            return;
        };
        let color = color(agent);
        self.rect(&format!("poster-bar {color}"), now, y, inset);
        let silence = bar.and_then(|bar| bar.silence);
        if let Some(silence) = silence.filter(|at| self.layout.length(at.width) > inset + 3.0) {
            self.rect(&format!("poster-silence {color}"), silence, y, inset);
        }
    }

    pub fn segments(&mut self, scene: &Scene) {
        let Some(track) = self.layout.sequential else { return };
        for segment in &scene.segments {
            self.bar(segment.agent, track.middle, 0.0, segment.bar.as_ref(), segment.expected);
        }
    }

    pub fn lanes(&mut self, scene: &Scene) {
        for lane in &scene.lanes {
            if let Some(wait) = lane.wait {
                let (from, to) = (self.x(wait.x), self.x(wait.x + wait.width));
                let class = format!("poster-wait {}", color(lane.agent));
                self.line(&class, [&from, &to], [lane.y, lane.y]);
            }
            self.bar(lane.agent, lane.y, lane.inset, lane.bar.as_ref(), lane.expected);
        }
    }

    pub fn joins(&mut self, scene: &Scene) {
        for join in scene.joins.iter().filter(|join| join.state != JoinState::Ahead) {
            let x = self.x(join.x);
            if self.layout.is_crowd {
                self.line("poster-rail poster-join", [&x, &x], [join.rail.0, join.rail.1]);
            }
            // The outer branches first: the inner ones lie over them.
            let mut branches = join.branches.clone();
            let distance = |branch: &usize| (self.layout.bars[*branch] - join.y).abs();
            branches.sort_by(|one, other| distance(other).total_cmp(&distance(one)));
            for branch in branches.into_iter().filter(|_| !self.layout.is_crowd) {
                let class = format!("poster-rail {}", color(branch));
                let (from, to) = (self.layout.bars[branch], join.y);
                for (top, bottom) in without_gaps(join, from.min(to), from.max(to)) {
                    self.line(&class, [&x, &x], [top, bottom]);
                }
            }
            let _ = writeln!(
                self.text,
                "<circle class=\"poster-join\" cx=\"{x}\" cy=\"{:.1}\" r=\"{RING:.0}\"/>",
                join.y
            );
        }
    }

    pub fn labels(&mut self, scene: &Scene) {
        let under = height(self.layout) - 3.5;
        for Label { place, name, length, note, .. } in
            scene.segment_labels.iter().chain(&scene.labels)
        {
            let x = self.along(place.x - self.layout.left);
            let part = |part: &String| match part.is_empty() {
                true => String::new(),
                false => {
                    format!("<tspan class=\"poster-muted\" dx=\"8\">{}</tspan>", escaped(part))
                }
            };
            let _ = writeln!(
                self.text,
                "<text x=\"{x}\" y=\"{:.1}\"><tspan class=\"poster-name\">{}</tspan>{}{}</text>",
                place.y + under,
                escaped(name),
                part(length),
                part(note)
            );
        }
    }

    /// The report's card, which opened in the time that was saved.
    pub fn card(&mut self, scene: &Scene, parallel: Duration) {
        let Some((card, _)) = scene.card else { return };
        let x = card.x - self.layout.left;
        let (y, width, height) = (card.y, card.width, card.height);
        let _ = writeln!(
            self.text,
            "<rect class=\"poster-card\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\" rx=\"8\"/>"
        );
        let ready = words::race::report_ready(&seconds(parallel));
        self.words("poster-name", &format!("{:.1}", x + 14.0), y + 24.0, &ready);
        // Its text, as lines.
        for (line, share) in [(0.0, 1.0), (1.0, 0.9), (2.0, 0.6)] {
            let (y, width) = (y + 44.0 + 14.0 * line, (width - 28.0) * share);
            let end = format!("{:.1}", x + 14.0 + width);
            self.line("poster-line", [&format!("{:.1}", x + 14.0), &end], [y, y]);
        }
    }

    /// The bracket over the time saved.
    pub fn saved(&mut self, scene: &Scene) {
        let Some(saved) = &scene.saved else { return };
        let [from, to] = [saved.at.x, saved.at.x + saved.at.width].map(|at| self.layout.length(at));
        let y = self.layout.bracket;
        let (left, right) =
            (saved.place.x - self.layout.left - 8.0, saved.place.right() - self.layout.left);
        let is_inside = left > from && right < to;
        let parts =
            if is_inside { vec![(from, left), (right + 8.0, to)] } else { vec![(from, to)] };
        for (from, to) in parts {
            let (from, to) = (self.along(from), self.along(to));
            self.line("poster-saved", [&from, &to], [y, y]);
        }
        let (start, end) = (self.along(from), self.along(to));
        self.line("poster-saved", [&start, &start], [y - 5.0, y + 5.0]);
        if saved.goes_on {
            let before = self.along(to - 5.0);
            self.line("poster-saved", [&before, &end], [y - 5.0, y]);
            self.line("poster-saved", [&before, &end], [y + 5.0, y]);
        } else {
            self.line("poster-saved", [&end, &end], [y - 5.0, y + 5.0]);
        }
        let x = self.along(saved.place.x - self.layout.left + saved.place.width / 2.0);
        self.words("poster-told", &x, y + 4.5, &saved.label);
    }
}

/// A part of a rail without its gaps.
fn without_gaps(join: &Join, top: f64, bottom: f64) -> Vec<(f64, f64)> {
    let mut left = vec![(top, bottom)];
    for (from, to) in &join.gaps {
        let parts = left
            .iter()
            .flat_map(|(top, bottom)| [(*top, bottom.min(*from)), (top.max(*to), *bottom)]);
        left = parts.filter(|(top, bottom)| bottom > top).collect();
    }
    left
}
