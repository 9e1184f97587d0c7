//! Where labels stand: above their bars, and never on another label, a bar, a handle or a rail.
//!
//! A label gives way in steps: it leaves out what it says about waiting, then the seconds. Its name runs
//! on over free room, across a rail if need be, which then has a gap; what still does not fit is cut,
//! with an ellipsis. Widths are estimates that are rather too wide.

use super::layout::{BAR, Layout, Rect};
use super::text_width::{text_width, truncated};

/// Between a bar and the label above it.
const OVER_BAR: f64 = 3.0;
/// Between the parts of a label.
const GAP: f64 = 8.0;
/// Around a label nothing else stands.
const CLEAR: f64 = 5.0;

/// A label of an agent's bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Whose bar.
    pub agent: usize,
    /// Where it stands, and how much room it has.
    pub place: Rect,
    /// The agent's title, cut where it had to be.
    pub name: String,
    /// How long it took or is expected to take: "1.2 s". Empty where there is no room.
    pub length: String,
    /// What there is to say about it: "waits 0.3 s". Empty where there is no room.
    pub note: String,
}

/// What a label is to say, and the bar that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Whose bar.
    pub agent: usize,
    /// The bar, as long as it is and as it is expected to be.
    pub bar: Rect,
    /// The agent's title.
    pub name: String,
    /// How long it took or is expected to take.
    pub length: String,
    /// What else there is to say about it.
    pub note: String,
    /// Whether the label may stand right of the bar where it would be in the way above it.
    pub may_follow: bool,
}

/// A rail that labels have to keep clear of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RailPlace {
    /// Where it is.
    pub x: f64,
    /// Its upper end.
    pub top: f64,
    /// Its lower end.
    pub bottom: f64,
}

/// What labels have to keep clear of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Obstacles {
    /// Bars, waits, handles, rings, the report's card.
    pub solid: Vec<Rect>,
    /// Rails, which a name may cross where there is no other place for it.
    pub rails: Vec<RailPlace>,
}

/// The font's size on the stage, in CSS pixels.
pub fn font_size(layout: &Layout) -> f64 {
    if layout.is_narrow { 12.0 } else { 13.0 }
}

/// The height of a label.
pub fn height(layout: &Layout) -> f64 {
    if layout.is_narrow { 14.0 } else { 15.0 }
}

/// Where labels stand. Answers with one for each request that has room for at least a part of its name, in
/// the order of the requests.
pub fn place(layout: &Layout, requests: &[Request], obstacles: &Obstacles) -> Vec<Label> {
    let above = Placing { layout, requests, obstacles, follows: false }.place();
    let cut = |labels: &[Label]| {
        let whole = requests.iter().filter(|request| {
            labels.iter().any(|label| label.agent == request.agent && label.name == request.name)
        });
        requests.len() - whole.count()
    };
    if cut(&above) == 0 || !requests.iter().any(|request| request.may_follow) {
        return above;
    }
    let beside = Placing { layout, requests, obstacles, follows: true }.place();
    if cut(&beside) < cut(&above) { beside } else { above }
}

struct Placing<'a> {
    layout: &'a Layout,
    requests: &'a [Request],
    obstacles: &'a Obstacles,
    /// Whether labels stand right of their bars where they may.
    follows: bool,
}

impl Placing<'_> {
    fn place(&self) -> Vec<Label> {
        let mut labels: Vec<Option<Label>> = vec![None; self.requests.len()];
        // Those with no choice of their own but the room right of their bars come first.
        for (index, request) in self.requests.iter().enumerate() {
            if self.follows && request.may_follow {
                labels[index] = self.after_bar(request);
            }
        }
        for index in 0..self.requests.len() {
            if labels[index].is_none() {
                labels[index] = self.above_bar(index, &labels);
            }
        }
        labels.into_iter().flatten().collect()
    }

    /// Right of the bar, where nothing else is.
    fn after_bar(&self, request: &Request) -> Option<Label> {
        let height = height(self.layout);
        let x = request.bar.right() + CLEAR + 10.0;
        let y = request.bar.y + (BAR - height) / 2.0;
        let strip = Rect { x, y, width: f64::INFINITY, height };
        let room = self.room(strip, true);
        let label = self.fitting(request, strip, room)?;
        (label.name == request.name).then_some(label)
    }

    fn above_bar(&self, index: usize, placed: &[Option<Label>]) -> Option<Label> {
        let request = &self.requests[index];
        let height = height(self.layout);
        let (x, y) = (request.bar.x, request.bar.y - OVER_BAR - height);
        let strip = Rect { x, y, width: f64::INFINITY, height };
        let others =
            self.requests.iter().zip(placed).enumerate().filter_map(|(other, (request, label))| {
                // Others' labels: where they stand, or where they are going to begin.
                if other == index {
                    return None;
                }
                let planned = Rect {
                    width: 1.0,
                    x: request.bar.x,
                    y: request.bar.y - OVER_BAR - height,
                    height,
                };
                Some(label.as_ref().map_or(planned, |label| label.place))
            });
        let others: Vec<Rect> = others.collect();
        let room = |rails: bool| {
            let free = self.room(strip, rails);
            others.iter().fold(free, |room, other| room.min(room_before(strip, *other)))
        };
        let before_rails = self.fitting(request, strip, room(true));
        if before_rails.as_ref().is_some_and(|label| label.name == request.name) {
            return before_rails;
        }
        let across =
            self.fitting(request, strip, room(false)).filter(|label| label.name == request.name);
        let name_only = |label: Label| {
            let width = text_width(&label.name, font_size(self.layout), true);
            let place = Rect { width, ..label.place };
            Label { place, length: String::new(), note: String::new(), ..label }
        };
        across.map(name_only).or(before_rails)
    }

    /// How much room there is in a strip that begins at its left edge.
    fn room(&self, strip: Rect, rails: bool) -> f64 {
        let edge = self.layout.width - strip.x;
        let solid = self.obstacles.solid.iter().copied();
        let rails = self.obstacles.rails.iter().filter(|_| rails).map(RailPlace::rect);
        solid.chain(rails).fold(edge, |room, obstacle| room.min(room_before(strip, obstacle)))
    }

    /// As much of the label as has that much room.
    fn fitting(&self, request: &Request, strip: Rect, room: f64) -> Option<Label> {
        let size = font_size(self.layout);
        let name = text_width(&request.name, size, true);
        let part = |text: &str| match text {
            "" => 0.0,
            text => GAP + text_width(text, size, false),
        };
        let (length, note) = (part(&request.length), part(&request.note));
        let label = |name: &str, width: f64, length: &str, note: &str| Label {
            agent: request.agent,
            place: Rect { width, ..strip },
            name: name.into(),
            length: length.into(),
            note: note.into(),
        };
        if name + length + note <= room {
            return Some(label(
                &request.name,
                name + length + note,
                &request.length,
                &request.note,
            ));
        }
        if name + length <= room {
            return Some(label(&request.name, name + length, &request.length, ""));
        }
        let shown = truncated(&request.name, size, room);
        let width = text_width(&shown, size, true);
        (!shown.is_empty()).then(|| label(&shown, width, "", ""))
    }
}

/// How much room a strip has before an obstacle; any amount where that is not in its way.
fn room_before(strip: Rect, obstacle: Rect) -> f64 {
    let is_beside = obstacle.y >= strip.y + strip.height || strip.y >= obstacle.y + obstacle.height;
    match is_beside || obstacle.right() <= strip.x {
        true => f64::INFINITY,
        false => obstacle.x - CLEAR - strip.x,
    }
}

impl RailPlace {
    fn rect(&self) -> Rect {
        Rect { x: self.x - 2.0, y: self.top, width: 4.0, height: self.bottom - self.top }
    }

    /// The parts of the rail that are left out for these labels, from top to bottom.
    pub fn gaps(&self, labels: &[Label]) -> Vec<(f64, f64)> {
        let rail = self.rect();
        let meets = labels.iter().filter(|label| label.place.meets(&rail));
        let mut gaps: Vec<(f64, f64)> =
            meets.map(|label| (label.place.y, label.place.y + label.place.height)).collect();
        gaps.sort_by(|one, other| one.0.total_cmp(&other.0));
        gaps
    }
}
