//! What is in an SVG file, and what of a picture is not.

use converge::drawing::{Colors, MARGIN, StagePicture};
use converge::timeline::Phase;
use converge::timeline::gantt::{Bar, Stretch};
use converge::timeline::stage::layout::BAR;
use converge::timeline::stage::{JoinState, Label};

/// An element, with its place in the file and what it is painted with.
#[derive(Debug)]
pub struct Shape {
    pub tag: String,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    pub paint: String,
    text: String,
}

/// All elements of a file.
pub fn read(svg: &str) -> Vec<Shape> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let mut shapes = Vec::new();
    collect(document.root_element(), (0.0, 0.0), &mut shapes);
    shapes
}

fn collect(node: roxmltree::Node<'_, '_>, (left, top): (f64, f64), shapes: &mut Vec<Shape>) {
    let number = |name: &str| node.attribute(name).map(|text| text.parse::<f64>().unwrap());
    let moved = node.attribute("transform").and_then(|all| all.strip_prefix("translate("));
    let by: Vec<f64> = moved
        .map(|all| all.split(')').next().unwrap().split(' ').map(|n| n.parse().unwrap()).collect())
        .unwrap_or_default();
    let origin = match by[..] {
        [x, y] => (left + x, top + y),
        _ => (left, top),
    };
    let paint = |name: &str| node.attribute(name).unwrap_or_default();
    let text = |node: roxmltree::Node<'_, '_>| -> String {
        node.descendants().filter(roxmltree::Node::is_text).filter_map(|own| own.text()).collect()
    };
    let radius = number("r");
    let corner = |name: &str, middle: &str, other: &str| {
        let middle = number(middle).map(|middle| middle - radius.unwrap_or_default());
        number(name).or(middle).or(number(other)).unwrap_or_default()
    };
    let length = |name: &str, one: &str, other: &str| {
        let line = number(one).zip(number(other)).map(|(one, other)| other - one);
        number(name).or(line).or(radius.map(|radius| 2.0 * radius)).unwrap_or_default()
    };
    shapes.push(Shape {
        tag: node.tag_name().name().into(),
        x: origin.0 + corner("x", "cx", "x1"),
        y: origin.1 + corner("y", "cy", "y1"),
        width: length("width", "x1", "x2"),
        height: length("height", "y1", "y2"),
        paint: format!("{} {}", paint("fill"), paint("stroke")),
        text: if node.has_tag_name("g") || node.has_tag_name("svg") {
            String::new()
        } else {
            text(node)
        },
    });
    for child in node.children().filter(roxmltree::Node::is_element) {
        collect(child, origin, shapes);
    }
}

fn near(one: f64, other: f64) -> bool {
    // The line of a border lies half of its width inside the edge.
    (one - other).abs() < 1.6
}

/// What of a picture is not in a file.
struct Search<'a> {
    picture: &'a StagePicture<'a>,
    shapes: &'a [Shape],
    missing: Vec<String>,
}

impl Search<'_> {
    fn expect(&mut self, what: &str, (x, y): (f64, f64), is_it: impl Fn(&Shape) -> bool) {
        if !self.shapes.iter().any(is_it) {
            self.missing.push(format!("{what} at {x:.1} {y:.1}"));
        }
    }

    fn bar(&mut self, what: &str, y: f64, at: Option<Stretch>, paint: &str) {
        let layout = &self.picture.layout;
        let Some(at) = at.filter(|at| layout.length(at.width) > 2.0) else { return };
        let (x, y) = (MARGIN + layout.x(at.x), MARGIN + y - BAR / 2.0);
        let width = layout.length(at.width);
        self.expect(what, (x, y), |shape| {
            let is_there = near(shape.x, x) && near(shape.y, y) && near(shape.width, width);
            shape.tag == "rect"
                && is_there
                && near(shape.height, BAR)
                && shape.paint.contains(paint)
        });
    }

    fn dot(&mut self, what: &str, x: f64, y: f64, paint: &str) {
        let (x, y) = (MARGIN + self.picture.layout.x(x), MARGIN + y);
        self.expect(what, (x, y), |shape| {
            let half = shape.width / 2.0;
            let is_there = near(shape.x + half, x) && near(shape.y + half, y);
            shape.tag == "circle" && is_there && shape.paint.contains(paint)
        });
    }

    fn said(&mut self, text: &str) {
        if !text.is_empty() {
            self.expect(text, (0.0, 0.0), |shape| shape.text.ends_with(text));
        }
    }
}

fn color(agent: usize, phase: Phase, colors: Colors) -> String {
    match phase {
        Phase::Failed | Phase::FellBack => colors.of("failed"),
        Phase::Cancelled | Phase::Orphaned => colors.of("cancelled"),
        _ if agent < 6 => colors.of(&format!("agent-{}", agent + 1)),
        _ => colors.of("agent-more"),
    }
}

/// What of a picture is not in these shapes.
pub fn missing(picture: &StagePicture<'_>, shapes: &[Shape], colors: Colors) -> Vec<String> {
    let StagePicture { layout, scene, .. } = picture;
    let mut search = Search { picture, shapes, missing: Vec::new() };
    let expected_color = colors.of("line-strong");
    let now = |bar: &Option<Bar>| {
        bar.as_ref().map_or((None, Phase::Waiting), |bar| {
            let is_lost = bar.second.is_some_and(|second| second.phase == Phase::Done);
            (bar.now, if is_lost { Phase::Cancelled } else { bar.phase })
        })
    };
    let row = layout.sequential.map_or(0.0, |track| track.middle);
    for segment in &scene.segments {
        let (at, phase) = now(&segment.bar);
        search.bar("a segment", row, at, &color(segment.agent, phase, colors));
        search.bar("an expected segment", row, segment.expected, &expected_color);
    }
    for lane in &scene.lanes {
        let (at, phase) = now(&lane.bar);
        search.bar("a bar", lane.y, at, &color(lane.agent, phase, colors));
        for failed in lane.bar.iter().flat_map(|bar| &bar.failed) {
            search.bar("a failed attempt", lane.y, Some(failed.run), &colors.of("failed-soft"));
        }
        let phase = lane.bar.as_ref().map_or(Phase::Waiting, |bar| bar.phase);
        let is_out = matches!(phase, Phase::Cancelled | Phase::Skipped | Phase::Kept);
        search.bar("an expected bar", lane.y, lane.expected.filter(|_| !is_out), &expected_color);
        if let Some(wait) = lane.wait {
            let (x, y) = (MARGIN + layout.x(wait.x) + 1.5, MARGIN + lane.y);
            search.expect("a wait", (x, y), |shape| {
                shape.tag == "line" && near(shape.x, x) && near(shape.y, y)
            });
        }
    }
    for Label { place, name, length, note, .. } in scene.labels.iter().chain(&scene.segment_labels)
    {
        let (x, y) = (MARGIN + place.x, MARGIN + place.y + 11.5);
        let text = format!("{name}{length}{note}").replace(char::is_control, " ");
        search.expect(&text, (x, y), |shape| {
            shape.tag == "text" && shape.text == text && near(shape.x, x) && near(shape.y, y)
        });
    }
    for join in &scene.joins {
        search.dot("a ring", join.x, join.y, &colors.of("join"));
        let (x, y) = (MARGIN + layout.x(join.x) - 2.0, MARGIN + join.rail.0);
        if join.state != JoinState::Ahead
            && join.motion.rail > 0.0
            && join.rail.1 - join.rail.0 > 1.0
        {
            search.expect("a rail", (x, y), |shape| {
                shape.tag == "rect" && near(shape.x, x) && near(shape.width, 4.0)
            });
        }
    }
    for token in &scene.tokens {
        let paint = color(token.agent, Phase::Done, colors);
        search.dot("a token", token.x, token.y, &paint);
    }
    scene.saved.iter().for_each(|saved| search.said(&saved.label));
    search.said(&picture.sequential.total);
    search.said(&picture.parallel.total);
    let report = picture.report.as_ref().filter(|report| !report.is_missing);
    if let Some((_, report)) = scene.card.filter(|(_, opened)| *opened > 0.0).zip(report) {
        search.said(&report.headline);
    }
    if let Some(at) = picture.playhead {
        search.said(&format!("{:.2}", at.as_secs()));
        let x = MARGIN + layout.x(picture.scale.x(at).clamp(0.0, 1.0)) - 1.0;
        search.expect("the playhead", (x, MARGIN), |shape| {
            shape.tag == "rect" && near(shape.x, x) && near(shape.width, 2.0)
        });
    }
    search.missing
}
