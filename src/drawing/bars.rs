//! The bars of agents: hue is the agent, fill is the state, as in style/stage.css.

use std::fmt::Write;

use super::canvas::{Canvas, agent_color, inset, number};
use crate::timeline::Phase;
use crate::timeline::gantt::{Bar, SecondCall, Stretch};
use crate::timeline::stage::layout::BAR;
use crate::timeline::stage::{LaneScene, Rect};

/// The radius of a bar's corners.
const ROUND: f64 = 4.0;
/// The width of a border.
const BORDER: f64 = 1.5;
/// Of a color, where there is only waiting.
const TINT: u8 = 28;
/// Below this length a bar has no room for the mark of its end.
const ROOM_FOR_MARK: f64 = 20.0;
const TICK: &str = "M4 8.5 7 11.5 12 5";
const CROSS: &str = "M4.5 4.5l7 7M11.5 4.5l-7 7";

/// Stripes from the lower left to the upper right, so wide and so far apart.
struct Stripes {
    width: f64,
    period: f64,
}

const FAILED: Stripes = Stripes { width: 2.0, period: 7.0 };
const UNUSED: Stripes = Stripes { width: 5.0, period: 9.0 };

impl Canvas<'_> {
    /// An agent's lane: its bar, what was expected of it, and what it waited for; without its label.
    pub fn lane(&mut self, lane: &LaneScene, earlier: Option<Stretch>) {
        let color = agent_color(lane.agent);
        let phase = lane.bar.as_ref().map_or(Phase::Waiting, |bar| bar.phase);
        let is_out = matches!(phase, Phase::Cancelled | Phase::Skipped | Phase::Kept);
        if let Some(at) = self.stretch(lane.expected.filter(|_| !is_out), lane.y) {
            let paint =
                format!("{} stroke-dasharray=\"4.5 3\"", self.stroke("line-strong", BORDER));
            self.rect(&paint, inset(at, BORDER / 2.0), 0.0);
        }
        self.queue(lane.bar.as_ref().and_then(|bar| bar.queue), lane.y);
        if let Some(at) = self.stretch(lane.wait, lane.y) {
            let paint = format!(
                "{} stroke-dasharray=\"0.1 6\" stroke-linecap=\"round\"",
                self.stroke(&color, 3.0)
            );
            self.line(&paint, [at.x + 1.5, at.right()], [lane.y, lane.y]);
        }
        if let Some(bar) = &lane.bar {
            self.bar(bar, lane, &color);
        }
        if let Some(at) = self.stretch(earlier, lane.y) {
            let at = Rect { y: at.y + 0.15 * BAR, height: 0.7 * BAR, ..at };
            self.bordered(at, 0.0, "none", "focus", 2.0);
        }
    }

    fn bar(&mut self, bar: &Bar, lane: &LaneScene, color: &str) {
        for failed in &bar.failed {
            if let Some(at) = self.stretch(Some(failed.wait), lane.y) {
                let paint = self.fill("retrying");
                self.rect(&paint, Rect { y: at.y + 7.0, height: BAR - 14.0, ..at }, 0.0);
            }
            self.queue(failed.queue, lane.y);
            let width = self.layout.length(failed.run.width).max(2.0);
            let at = Rect { width, ..self.box_of(failed.run, lane.y) };
            self.bordered(at, ROUND, "failed-soft", "failed", BORDER);
        }
        let second_won = bar.second.is_some_and(|second| second.phase == Phase::Done);
        if let Some(now) = bar.now {
            let at = self.box_of(now, lane.y);
            self.attempt(Rect { width: at.width.max(2.0), ..at }, bar.phase, second_won, color);
        }
        let is_over = matches!(
            bar.phase,
            Phase::Failed | Phase::Cancelled | Phase::FellBack | Phase::Orphaned
        );
        if let Some(at) = self.stretch(bar.silence.filter(|_| !is_over && !second_won), lane.y) {
            self.silence(at, color);
        }
        for thinking in &bar.thinking {
            if let Some(at) = self.stretch(Some(*thinking), lane.y) {
                self.thinking(at, color, if is_over { 0.5 } else { 1.0 });
            }
        }
        for blocked in &lane.blocked {
            if let Some(at) = self.stretch(Some(*blocked), lane.y) {
                self.blocked(at, color);
            }
        }
        if let Some(at) = self.stretch(bar.orphaned, lane.y) {
            self.bordered(at, ROUND, "surface", "cancelled", BORDER);
            self.stripes(inset(at, BORDER), UNUSED, "cancelled-soft");
        }
        if let Some(second) = bar.second {
            self.second(second, lane.y, color);
        }
        self.end_mark(bar, lane, second_won);
    }

    fn attempt(&mut self, at: Rect, phase: Phase, is_lost: bool, color: &str) {
        match phase {
            Phase::Failed | Phase::FellBack => {
                self.bordered(at, ROUND, "failed-soft", "failed", BORDER);
                self.stripes(inset(at, BORDER), FAILED, "failed");
            }
            Phase::Cancelled | Phase::Orphaned => {
                self.bordered(at, ROUND, "cancelled-soft", "cancelled", BORDER);
            }
            _ if is_lost => self.bordered(at, ROUND, "cancelled-soft", "cancelled", BORDER),
            _ => {
                let paint = self.fill(color);
                self.rect(&paint, at, ROUND);
            }
        }
    }

    /// While it waits for its first text, a bar is hollow: the bar below is its border.
    fn silence(&mut self, at: Rect, color: &str) {
        if at.width < ROUND {
            return;
        }
        let [start, right] = [at.x + ROUND, at.right()].map(number);
        let [top, lower] = [at.y + BORDER, at.y + at.height - ROUND].map(number);
        let round = number(ROUND - BORDER);
        let d = format!(
            "M{right} {top}H{start}a{round} {round} 0 0 0 -{round} {round}V{lower}\
             a{round} {round} 0 0 0 {round} {round}H{right}z"
        );
        let paint = format!("fill=\"{}\"", self.colors.mixed(color, TINT, "surface"));
        self.path(&paint, &d);
    }

    /// Thinking is work, and no part of the answer: dots.
    fn thinking(&mut self, at: Rect, color: &str, opacity: f64) {
        let tint = self.colors.mixed(color, TINT, "surface");
        self.rect(&format!("fill=\"{tint}\" opacity=\"{opacity}\""), at, ROUND);
        let mut dots = String::new();
        let count = |length: f64| ((length + 3.0) / 6.0) as usize;
        for row in 0..count(at.height) {
            for column in 0..count(at.width) {
                let [x, y] = [(at.x, column), (at.y, row)]
                    .map(|(from, count)| number(from + 3.0 + 6.0 * count as f64));
                let _ = write!(dots, "M{x} {y}h0");
            }
        }
        let paint = self.stroke(color, 2.6);
        self.path(&format!("{paint} stroke-linecap=\"round\" opacity=\"{opacity}\""), &dots);
    }

    /// While another agent had the thread: cut by stripes of the ground.
    fn blocked(&mut self, at: Rect, color: &str) {
        let (top, bottom) = (number(at.y), number(at.y + at.height));
        let cuts = (0..).map(|cut| at.x + 1.5 + 7.0 * f64::from(cut));
        let cuts = cuts.take_while(|x| x + 1.5 <= at.right());
        let d: String = cuts.map(|x| format!("M{} {top}V{bottom}", number(x))).collect();
        let paint = self.stroke("surface", 3.0);
        self.path(&paint, &d);
        let edge = self.stroke(color, BORDER);
        for y in [at.y + BORDER / 2.0, at.y + at.height - BORDER / 2.0] {
            self.line(&edge, [at.x, at.right()], [y, y]);
        }
    }

    /// A hedge's second call lies in the lower half of its agent's bar.
    fn second(&mut self, second: SecondCall, y: f64, color: &str) {
        let lower = |at: Rect| Rect { y: at.y + 10.0, height: BAR - 10.0, ..at };
        let at = lower(self.box_of(second.run, y));
        let at = Rect { width: at.width.max(2.0 * BORDER), ..at };
        let ground = self.fill("surface");
        self.rect(&ground, inset(at, -BORDER), ROUND + BORDER);
        let (fill, border) = match second.phase {
            Phase::Cancelled => ("cancelled-soft", "cancelled"),
            Phase::Failed => ("failed-soft", "failed"),
            _ => (color, color),
        };
        self.bordered(at, ROUND, fill, border, BORDER);
        let silence = second.silence.filter(|_| second.phase != Phase::Cancelled);
        if let Some(at) = self.stretch(silence, y) {
            self.silence(lower(at), color);
        }
    }

    /// What became of a bar stands at its end.
    fn end_mark(&mut self, bar: &Bar, lane: &LaneScene, second_won: bool) {
        let Some(now) = bar.now.map(|now| self.box_of(now, lane.y)) else { return };
        let d = match bar.phase {
            _ if now.width < ROOM_FOR_MARK => return,
            Phase::Done => TICK,
            Phase::Failed | Phase::FellBack => CROSS,
            _ => return,
        };
        let is_bad = bar.phase != Phase::Done;
        // In the half of the bar that has the call it is of.
        let (x, y, size, width) = match (bar.second, second_won) {
            (None, _) => (17.0, 1.0, 16.0, 2.0),
            (Some(_), false) => (10.0, 0.0, 9.0, 3.0),
            (Some(_), true) => (10.0, 10.0, 8.0, 3.0),
        };
        let (x, y, scale) = (now.right() - x, now.y + y, size / 16.0);
        let opacity = match lane.done {
            1.0 => String::new(),
            done => format!(" opacity=\"{done:.2}\""),
        };
        if is_bad {
            let paint = self.fill("surface") + &opacity;
            self.circle(&paint, x + size / 2.0, y + size / 2.0, size / 2.0);
        }
        let paint = self.stroke(if is_bad { "failed" } else { "surface" }, width);
        let scale = if scale == 1.0 { String::new() } else { format!(" scale({scale})") };
        let place = format!("transform=\"translate({} {}){scale}\"", number(x), number(y));
        self.path(&format!("{paint} {place}{opacity}"), d);
    }

    fn queue(&mut self, at: Option<Stretch>, y: f64) {
        if let Some(at) = self.stretch(at, y) {
            let paint = format!(
                "{} stroke-dasharray=\"0.1 4\" stroke-linecap=\"round\"",
                self.stroke("waiting", 2.0)
            );
            self.line(&paint, [at.x + 1.0, at.right()], [y + 1.0, y + 1.0]);
        }
    }

    fn stripes(&mut self, at: Rect, stripes: Stripes, color: &str) {
        let (right, bottom) = (at.right(), at.y + at.height);
        // On a stripe the sum of both coordinates is the same.
        let sums = (0..).map(|stripe| {
            let along = f64::from(stripe) * stripes.period + stripes.width / 2.0;
            right + bottom - along * std::f64::consts::SQRT_2
        });
        let mut d = String::new();
        for sum in sums.take_while(|sum| *sum > at.x + at.y) {
            let (from, to) = ((sum - bottom).max(at.x), (sum - at.y).min(right));
            let _ = write!(
                d,
                "M{} {}L{} {}",
                number(from),
                number(sum - from),
                number(to),
                number(sum - to)
            );
        }
        let paint = self.stroke(color, stripes.width);
        self.path(&paint, &d);
    }

    /// A stretch of the axis as a bar, if it is as long as can be seen.
    fn stretch(&self, at: Option<Stretch>, y: f64) -> Option<Rect> {
        at.filter(|at| at.width > 0.0).map(|at| self.box_of(at, y))
    }

    fn box_of(&self, at: Stretch, y: f64) -> Rect {
        let (x, width) = (self.layout.length(at.x), self.layout.length(at.width));
        Rect { x, y: y - BAR / 2.0, width, height: BAR }
    }
}
