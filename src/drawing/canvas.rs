//! The elements of SVG, with places in pixels and colors by name.

use std::fmt::{Arguments, Write};

use super::colors::Colors;
use crate::timeline::stage::{Layout, Rect};

/// The agents that have a color of their own.
const COLORS: usize = 6;

/// The elements so far, and what is needed to place the next one.
pub struct Canvas<'a> {
    pub layout: &'a Layout,
    pub colors: Colors,
    /// Whether the axis is as long as there is room: then places on it are percentages of it.
    is_fluid: bool,
    pub text: String,
}

/// Text as XML has it: without what XML cannot hold at all.
pub fn escaped(text: &str) -> String {
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

/// The token of an agent's color.
pub fn agent_color(agent: usize) -> String {
    match agent + 1 {
        number if number <= COLORS => format!("agent-{number}"),
        _ => "agent-more".into(),
    }
}

impl<'a> Canvas<'a> {
    /// What lies left of 0 s: places are pixels from the left edge of the stage.
    pub fn gutter(layout: &'a Layout, colors: Colors) -> Self {
        Self { layout, colors, is_fluid: false, text: String::new() }
    }

    /// What lies on the axis: places are pixels from 0 s.
    pub fn plot(layout: &'a Layout, colors: Colors, is_fluid: bool) -> Self {
        Self { layout, colors, is_fluid, text: String::new() }
    }

    pub fn put(&mut self, element: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{element}");
    }

    /// A place or a length on the axis, as an attribute has it.
    pub fn along(&self, pixels: f64) -> String {
        let whole = self.layout.right - self.layout.left;
        match self.is_fluid {
            true => format!("{:.2}%", 100.0 * pixels / whole),
            false => number(pixels),
        }
    }

    /// `fill`, with the token of that name.
    pub fn fill(&self, token: &str) -> String {
        format!("fill=\"{}\"", self.colors.of(token))
    }

    /// `stroke` that wide, with the token of that name.
    pub fn stroke(&self, token: &str, width: f64) -> String {
        format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"", self.colors.of(token))
    }

    pub fn line(&mut self, paint: &str, x: [f64; 2], y: [f64; 2]) {
        let ([x1, x2], [y1, y2]) = (x.map(|x| self.along(x)), y.map(number));
        self.put(format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {paint}/>"));
    }

    pub fn rect(&mut self, paint: &str, at: Rect, round: f64) {
        let [x, width] = [at.x, at.width.max(0.0)].map(|x| self.along(x));
        let [y, height] = [at.y, at.height.max(0.0)].map(number);
        let rx = match round {
            0.0 => String::new(),
            round => format!(" rx=\"{}\"", number(round)),
        };
        self.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{rx} {paint}/>"
        ));
    }

    /// A box with a border inside its edges, as the page draws boxes.
    pub fn bordered(&mut self, at: Rect, round: f64, fill: &str, border: &str, width: f64) {
        let paint = format!(
            "fill=\"{}\" stroke=\"{}\" stroke-width=\"{width}\"",
            match fill {
                "none" => "none".to_owned(),
                token => self.colors.of(token),
            },
            self.colors.of(border)
        );
        self.rect(&paint, inset(at, width / 2.0), (round - width / 2.0).max(0.0));
    }

    pub fn circle(&mut self, paint: &str, x: f64, y: f64, radius: f64) {
        let (x, [y, radius]) = (self.along(x), [y, radius].map(number));
        self.put(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {paint}/>"));
    }

    /// A shape in pixels: not for an axis that is as long as there is room.
    pub fn path(&mut self, paint: &str, d: &str) {
        if !d.is_empty() {
            self.put(format_args!("<path d=\"{d}\" {paint}/>"));
        }
    }

    pub fn words(&mut self, paint: &str, x: f64, y: f64, words: &str) {
        let (x, y, words) = (self.along(x), number(y), escaped(words));
        self.put(format_args!("<text x=\"{x}\" y=\"{y}\" {paint}>{words}</text>"));
    }

    /// A text of a bold part and muted ones, which follow it at that distance. Empty ones are left out.
    pub fn parts(&mut self, at: (f64, f64), size: u8, bold: &str, muted: [&str; 2], gap: f64) {
        let fill = self.fill("muted");
        let (x, y, bold) = (self.along(at.0), number(at.1), escaped(bold));
        let muted = muted.into_iter().filter(|part| !part.is_empty());
        let muted =
            muted.map(|part| format!("<tspan dx=\"{gap}\" {fill}>{}</tspan>", escaped(part)));
        let muted: String = muted.collect();
        self.put(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"><tspan font-weight=\"600\">{bold}</tspan>{muted}</text>"
        ));
    }
}

/// A rectangle without a margin of that width.
pub fn inset(at: Rect, by: f64) -> Rect {
    Rect {
        x: at.x + by,
        y: at.y + by,
        width: (at.width - 2.0 * by).max(0.0),
        height: (at.height - 2.0 * by).max(0.0),
    }
}

/// A length to a hundredth of a pixel.
pub fn number(pixels: f64) -> String {
    let text = format!("{pixels:.2}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".into(),
        short => short.into(),
    }
}
