//! A run, or two on one axis, as an SVG that stands alone: the bars' own geometry, in light or dark colors.
//!
//! It needs no style sheet and no font of ours, so that it looks the same wherever it is put.

use std::fmt::Write;

use crate::pipeline::Pipeline;
use crate::poster::shortened;
use crate::time::{Instant, seconds};
use crate::timeline::gantt::{self, Stretch};
use crate::timeline::scale::TimeScale;
use crate::timeline::{Phase, Timeline};
use crate::words;

const WIDTH: f64 = 960.0;
const HEAD: f64 = 40.0;
const LANE: f64 = 26.0;
const BAR: f64 = 18.0;
const AXIS: f64 = 36.0;
const EDGE: f64 = 20.0;
const LETTER: f64 = 7.4;
/// More agents than this are a thin line each.
const MOST_NAMED: usize = 60;

/// The colors of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    /// Dark on white.
    Light,
    /// Light on black.
    Dark,
}

struct Palette {
    ground: &'static str,
    ink: &'static str,
    muted: &'static str,
    line: &'static str,
    bar: &'static str,
    silence: &'static str,
    bad: &'static str,
}

impl Colors {
    fn palette(self) -> Palette {
        match self {
            Self::Light => Palette {
                ground: "#ffffff",
                ink: "#1c2024",
                muted: "#5d666f",
                line: "#d9dee3",
                bar: "#2f6fde",
                silence: "#a9c4f2",
                bad: "#c4372d",
            },
            Self::Dark => Palette {
                ground: "#14171a",
                ink: "#e8ebee",
                muted: "#9aa4ae",
                line: "#333a41",
                bar: "#6a9ff5",
                silence: "#2f4a78",
                bad: "#f07a70",
            },
        }
    }
}

/// A run in the picture.
#[derive(Clone, Copy)]
pub struct Track<'a> {
    /// What it is called: "sequential" or "parallel".
    pub name: &'a str,
    /// The run as it stands at the cursor.
    pub timeline: &'a Timeline,
}

/// The picture's text. All tracks share one axis, which ends at `end`.
pub fn svg(pipeline: &Pipeline, tracks: &[Track<'_>], end: Instant, colors: Colors) -> String {
    let agents = pipeline.agents().len();
    let is_named = agents <= MOST_NAMED;
    let lane = if is_named { LANE } else { (600.0 / agents as f64).clamp(0.05, 8.0) };
    let height = tracks.len() as f64 * (HEAD + lane * agents as f64) + AXIS + EDGE;
    let longest = pipeline.agents().iter().map(|agent| agent.name.chars().count()).max();
    let names = match is_named {
        true => (longest.unwrap_or_default() as f64 * LETTER + 16.0).clamp(80.0, 260.0),
        false => 16.0,
    };
    let mut picture = Picture {
        text: String::new(),
        left: EDGE + names,
        scale: TimeScale::up_to(end - Instant::ZERO),
        palette: colors.palette(),
    };
    picture.begin(height, pipeline, tracks);
    let mut y = EDGE / 2.0;
    for track in tracks {
        let took = seconds(track.timeline.makespan());
        let title = words::export::track(words::display_name(track.name), &took);
        picture.words(EDGE, y + 24.0, &title, "ink", "start", 16);
        picture.grid(y + HEAD, y + HEAD + lane * agents as f64);
        for (place, bar) in gantt::bars(track.timeline, picture.scale).iter().enumerate() {
            let top = y + HEAD + lane * place as f64;
            if is_named {
                let name =
                    shortened(&pipeline.agents()[place].name, ((names - 12.0) / LETTER) as usize);
                picture.words(picture.left - 10.0, top + LANE / 2.0 + 4.5, &name, "ink", "end", 13);
            }
            picture.bar(bar, top, lane, is_named);
            if is_named && let Some(at) = bar.run {
                let length = track.timeline.lanes()[place].duration(track.timeline.cursor());
                let label = words::seconds(&seconds(length));
                picture.length(at, top + LANE / 2.0 + 4.5, &label);
            }
        }
        y += HEAD + lane * agents as f64;
    }
    picture.axis(y);
    picture.text + "</svg>\n"
}

struct Picture {
    text: String,
    left: f64,
    scale: TimeScale,
    palette: Palette,
}

// Writing to a string cannot fail.
impl Picture {
    fn begin(&mut self, height: f64, pipeline: &Pipeline, tracks: &[Track<'_>]) {
        let (width, height) = (format!("{WIDTH:.0}"), format!("{:.0}", height.ceil()));
        let times = tracks.iter().map(|track| {
            words::export::track(
                words::display_name(track.name),
                &seconds(track.timeline.makespan()),
            )
        });
        let told = times.collect::<Vec<_>>().join(", ");
        let title = words::export::picture(pipeline.agents().len());
        let _ = write!(
            self.text,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"system-ui, sans-serif\">\n\
             <title>{}</title>\n<desc>{}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
            escaped(&title),
            escaped(&told),
            self.palette.ground,
        );
    }

    fn x(&self, fraction: f64) -> f64 {
        self.left + fraction * (WIDTH - EDGE - self.left)
    }

    fn color(&self, name: &str) -> &'static str {
        match name {
            "ink" => self.palette.ink,
            "ground" => self.palette.ground,
            _ => self.palette.muted,
        }
    }

    fn words(&mut self, x: f64, y: f64, words: &str, color: &str, anchor: &str, size: u8) {
        let (x, y, fill, words) =
            (format!("{x:.1}"), format!("{y:.1}"), self.color(color), escaped(words));
        let _ = writeln!(
            self.text,
            "<text x=\"{x}\" y=\"{y}\" fill=\"{fill}\" font-size=\"{size}\" \
             text-anchor=\"{anchor}\">{words}</text>"
        );
    }

    fn rect(&mut self, at: Stretch, y: f64, height: f64, fill: &str, round: f64) {
        let (x, width) = (self.x(at.x), (self.x(at.x + at.width) - self.x(at.x)).max(1.0));
        let [x, y, width, height, round] = [x, y, width, height, round].map(|n| format!("{n:.2}"));
        let _ = writeln!(
            self.text,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\" \
             fill=\"{fill}\"/>"
        );
    }

    fn line(&mut self, from: f64, y: f64, to: f64) {
        let [from, y, to] = [from, y, to].map(|n| format!("{n:.1}"));
        let stroke = self.palette.muted;
        let _ = writeln!(
            self.text,
            "<path d=\"M{from} {y}H{to}\" stroke=\"{stroke}\" stroke-dasharray=\"2 3\" fill=\"none\"/>"
        );
    }

    fn bar(&mut self, bar: &gantt::Bar, top: f64, lane: f64, is_named: bool) {
        let (height, round) = if is_named { (BAR, 4.0) } else { (lane, 0.0) };
        let y = top + (lane - height) / 2.0;
        for queue in bar.queue.iter().chain(bar.failed.iter().filter_map(|f| f.queue.as_ref())) {
            self.line(self.x(queue.x), y + height / 2.0, self.x(queue.x + queue.width));
        }
        let (strong, weak) = (self.palette.bar, self.palette.silence);
        for failed in &bar.failed {
            self.rect(failed.run, y, height, self.palette.bad, round);
            let wait = failed.wait;
            self.line(self.x(wait.x), y + height / 2.0, self.x(wait.x + wait.width));
        }
        let is_bad = matches!(bar.phase, Phase::Failed | Phase::Cancelled | Phase::FellBack);
        if let Some(now) = bar.now.or(bar.run.filter(|_| bar.failed.is_empty())) {
            self.rect(now, y, height, if is_bad { self.palette.bad } else { strong }, round);
        }
        if let Some(silence) = bar.silence.filter(|silence| silence.width > 0.0 && !is_bad) {
            self.rect(silence, y, height, weak, round);
        }
        if let Some(second) = &bar.second {
            // A hedge's second call lies at the lower edge of its agent's bar.
            let fill = if second.phase == Phase::Done { strong } else { weak };
            self.rect(second.run, y + height * 0.7, height * 0.3, fill, 0.0);
        }
    }

    /// How long a bar is: beside it, or before it where the picture ends soon.
    fn length(&mut self, at: Stretch, y: f64, label: &str) {
        let end = self.x(at.x + at.width);
        match end + 56.0 < WIDTH {
            true => self.words(end + 8.0, y, label, "muted", "start", 12),
            false => self.words(end - 8.0, y, label, "ground", "end", 12),
        }
    }

    fn grid(&mut self, from: f64, to: f64) {
        let lines = self.scale.ticks(TICKS).into_iter().map(|tick| {
            let [x, from, to] = [self.x(tick.x), from, to].map(|n| format!("{n:.1}"));
            format!("M{x} {from}V{to}")
        });
        let lines: String = lines.collect();
        let stroke = self.palette.line;
        let _ = writeln!(self.text, "<path d=\"{lines}\" stroke=\"{stroke}\" fill=\"none\"/>");
    }

    fn axis(&mut self, y: f64) {
        for tick in self.scale.ticks(TICKS) {
            let label = words::seconds(&tick.label);
            self.words(self.x(tick.x), y + 22.0, &label, "muted", "middle", 12);
        }
    }
}

const TICKS: usize = 10;

/// Text as XML has it: without what XML cannot hold at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
