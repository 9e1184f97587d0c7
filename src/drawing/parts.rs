//! What is on the stage beside the bars and the joins: headings, the fan-out, labels, the axis, the
//! playhead, the time saved and the report.

use super::TrackPicture;
use super::canvas::{Canvas, agent_color, number};
use crate::time::Instant;
use crate::timeline::gantt::Stretch;
use crate::timeline::scale::TimeScale;
use crate::timeline::stage::labels::{font_size, height};
use crate::timeline::stage::layout::{Point, Track};
use crate::timeline::stage::text_width::{text_width, truncated, wrapped};
use crate::timeline::stage::{Label, LaneScene, Rect, ReportText, Scene};
use crate::words;

/// Labelled moments on the axis, at most.
const TICKS: usize = 8;
/// Above the tracks: the playhead's time.
const TIME: f64 = 20.0;
/// The font's size of headings and on the axis.
const SMALL: u8 = 12;
/// Between the parts of a label.
const GAP: f64 = 8.0;
/// Between the parts of a heading, on a wide stage and on a narrow one.
const HEADING_GAP: (f64, f64) = (4.0, 6.4);

impl Canvas<'_> {
    /// The names of both tracks, and how long their runs took.
    pub fn headings(&mut self, tracks: [&TrackPicture<'_>; 2]) {
        let (wide, narrow) = HEADING_GAP;
        let gap = if self.layout.is_narrow { narrow } else { wide };
        let named = [("Sequential", self.layout.sequential), ("Parallel", self.layout.parallel)];
        for ((name, track), run) in named.into_iter().zip(tracks) {
            let Some(Track { heading: Point { x, y }, .. }) = track else { continue };
            let earlier = &run.earlier.total;
            // The gutter has no room for all of it in one line.
            let has_two_lines = !earlier.is_empty() && !self.layout.is_narrow;
            let y = if has_two_lines { y - 6.0 } else { y };
            self.parts((x, y), SMALL, name, [&run.total, ""], gap);
            let paint = format!("{} font-size=\"{SMALL}\"", self.fill("focus"));
            if has_two_lines {
                self.words(&paint, x, y + 14.0, earlier);
            } else if !earlier.is_empty() {
                let size = f64::from(SMALL);
                let own = text_width(&format!("{name} {}", run.total), size, true);
                self.words(&paint, x + own + 2.0 * gap, y, earlier);
            }
        }
    }

    /// The topic, and the curves to the branches as far as they have grown.
    pub fn fan_out(&mut self, grown: f64) {
        if let Some(funnel) = &self.layout.funnel {
            let paint = self.fill("sunken");
            self.path(&paint, funnel);
        }
        for curve in &self.layout.fan_out {
            let d = curve.path();
            if grown < 1.0 {
                let paint = self.stroke("line-strong", 1.5);
                self.path(&format!("{paint} stroke-dasharray=\"3 4\""), &d);
            }
            let part = match grown {
                1.0 => String::new(),
                grown => format!(
                    " pathLength=\"1\" stroke-dasharray=\"1\" stroke-dashoffset=\"{:.3}\"",
                    1.0 - grown
                ),
            };
            if grown > 0.0 {
                let paint = self.stroke(&agent_color(curve.agent), 2.5);
                self.path(&(paint + &part), &d);
            }
        }
        let Some(topic) = self.layout.topic else { return };
        self.bordered(topic, topic.width.min(topic.height) / 2.0, "sunken", "line-strong", 1.0);
        let word = if self.layout.is_narrow { "▸" } else { "Topic" };
        let (x, y) = (topic.x + topic.width / 2.0, topic.y + topic.height / 2.0 + 4.5);
        self.words("text-anchor=\"middle\"", x, y, word);
    }

    /// The axis as lines through all lanes.
    pub fn grid(&mut self, scale: TimeScale) {
        let paint = format!("{} shape-rendering=\"crispEdges\"", self.stroke("line", 1.0));
        for tick in scale.ticks(TICKS) {
            let x = self.layout.length(tick.x) + 0.5;
            self.line(&paint, [x, x], [TIME, self.layout.axis]);
        }
    }

    /// The line of the axis, and its labels.
    pub fn axis(&mut self, scale: TimeScale) {
        let axis = self.layout.axis;
        let paint = format!("{} shape-rendering=\"crispEdges\"", self.stroke("line-strong", 1.0));
        self.line(&paint, [0.0, self.layout.length(1.0)], [axis + 0.5, axis + 0.5]);
        let paint = format!("{} font-size=\"{SMALL}\" text-anchor=\"middle\"", self.fill("muted"));
        for tick in scale.ticks(TICKS) {
            let label = if tick.label == "0" { words::seconds("0") } else { tick.label };
            self.words(&paint, self.layout.length(tick.x), axis + 20.5, &label);
        }
    }

    /// The sequential run: its agents one after the other in one row.
    pub fn segments(&mut self, scene: &Scene, earlier: &[Option<Stretch>]) {
        let Some(track) = self.layout.sequential else { return };
        for segment in &scene.segments {
            let lane = LaneScene {
                agent: segment.agent,
                y: track.middle,
                bar: segment.bar.clone(),
                expected: segment.expected,
                done: 1.0,
                ..LaneScene::default()
            };
            self.lane(&lane, earlier.get(segment.agent).copied().flatten());
        }
    }

    pub fn labels(&mut self, scene: &Scene) {
        let baseline = height(self.layout) - 3.5;
        let size = font_size(self.layout) as u8;
        for Label { place, name, length, note, .. } in
            scene.segment_labels.iter().chain(&scene.labels)
        {
            let at = (place.x - self.layout.left, place.y + baseline);
            self.parts(at, size, name, [length, note], GAP);
        }
    }

    /// A line through the parallel run wherever it has lowered its limit.
    pub fn limits(&mut self, limits: &[f64]) {
        let Some(track) = self.layout.parallel else { return };
        let paint = format!("{} stroke-dasharray=\"6 4\"", self.stroke("retrying", 2.0));
        for limit in limits {
            let x = self.layout.length(*limit) + 1.0;
            self.line(&paint, [x, x], [track.top, track.bottom]);
        }
    }

    /// The reader's guess: a line from the axis up to the top of the parallel run.
    pub fn guess(&mut self, guess: Option<f64>) {
        let Some((guess, track)) = guess.zip(self.layout.parallel) else { return };
        let paint = format!("{} stroke-dasharray=\"6 4\"", self.stroke("saved", 2.0));
        let x = self.layout.length(guess);
        self.line(&paint, [x, x], [track.top, self.layout.axis]);
    }

    /// The bracket over the time saved, as far as it has grown.
    pub fn saved(&mut self, scene: &Scene) {
        let Some(saved) = &scene.saved else { return };
        let from = self.layout.length(saved.at.x);
        let to = from + self.layout.length(saved.at.width * saved.shown);
        let (y, paint) = (self.layout.bracket, self.stroke("saved", 2.0));
        let left = saved.place.x - self.layout.left - 4.0;
        let right = saved.place.right() - self.layout.left + 4.0;
        let parts = if left > from && right < to {
            vec![(from, left), (right, to)]
        } else {
            vec![(from, to)]
        };
        for (from, to) in parts {
            self.line(&paint, [from, to], [y, y]);
        }
        self.line(&paint, [from + 1.0; 2], [y - 5.0, y + 5.0]);
        if saved.goes_on {
            self.line(&paint, [to - 5.0, to], [y - 5.0, y]);
            self.line(&paint, [to - 5.0, to], [y + 5.0, y]);
        } else {
            self.line(&paint, [to - 1.0; 2], [y - 5.0, y + 5.0]);
        }
        let opacity = match saved.shown {
            1.0 => String::new(),
            shown => format!(" opacity=\"{shown:.2}\""),
        };
        let x = saved.place.x - self.layout.left + saved.place.width / 2.0;
        let paint = self.fill("saved");
        let paint = format!("{paint} font-weight=\"600\" text-anchor=\"middle\"{opacity}");
        self.words(&paint, x, y + 4.5, &saved.label);
    }

    /// The line at the playhead, its time, and the knob that it stands on.
    pub fn playhead(&mut self, scale: TimeScale, at: Instant) {
        let (x, axis) = (self.layout.length(scale.x(at).clamp(0.0, 1.0)), self.layout.axis);
        let ink = self.fill("ink");
        let line = Rect { x: x - 1.0, y: TIME, width: 2.0, height: axis - TIME };
        self.rect(&ink, line, 0.0);
        self.circle(&ink, x, axis + 1.0, 7.0);
        let time = format!("{:.2}", at.as_secs());
        let width = (text_width(&time, f64::from(SMALL), true) + 12.0).max(44.0);
        let middle = x.min(self.layout.length(1.0) - 14.0);
        let place = Rect { x: middle - width / 2.0, y: 0.0, width, height: TIME };
        self.rect(&ink, place, 4.0);
        let paint = format!(
            "{} font-size=\"{SMALL}\" font-weight=\"600\" text-anchor=\"middle\"",
            self.fill("surface")
        );
        self.words(&paint, middle, TIME / 2.0 + 4.2, &time);
    }

    /// The report's card, as far as it has opened.
    pub fn card(&mut self, scene: &Scene, report: &ReportText) {
        let Some((card, opened)) = scene.card.filter(|(_, opened)| *opened > 0.0) else { return };
        let card = Rect { x: card.x - self.layout.left, ..card };
        if opened < 1.0 {
            let (x, scale) = (number(card.x), 0.6 + 0.4 * opened);
            self.put(format_args!(
                "<g opacity=\"{opened:.2}\" transform=\"translate({x} 0) scale({scale:.3} 1) \
                 translate(-{x} 0)\">"
            ));
        }
        self.bordered(card, 4.0, "surface", "line", 1.0);
        let paint = self.fill("join");
        self.rect(&paint, Rect { width: 3.0, ..card }, 1.5);
        let (x, room) = (card.x + 15.0, card.width - 15.0 - 13.0);
        let size = 13.0;
        let (muted, bold) = (self.fill("muted"), "font-weight=\"600\"");
        let headline = truncated(&report.headline, size, room);
        let title = truncated(&report.title, size, room);
        let beginning = wrapped(&report.beginning, size, room, 2);
        let lines = [(bold, headline), ("", title)].into_iter();
        let lines = lines.chain(beginning.into_iter().map(|line| (muted.as_str(), line)));
        // The headline has a higher line, for the button beside it on the page.
        let baselines = (0..).map(|line| match line {
            0 => card.y + 23.5,
            line => card.y + 25.5 + 20.0 * f64::from(line),
        });
        let lines = lines.filter(|(_, line)| !line.is_empty());
        for ((paint, line), y) in lines.zip(baselines) {
            if y + 5.0 < card.y + card.height {
                self.words(paint, x, y, &line);
            }
        }
        if opened < 1.0 {
            self.put(format_args!("</g>"));
        }
    }
}
