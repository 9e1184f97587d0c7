//! The stage as an SVG file, read by an XML reader that is not ours: all that is in the scene is in the file,
//! where the scene has it.

mod search;

use converge::config::Settings;
use converge::drawing::{Colors, StagePicture, TrackPicture};
use converge::plan::{Beside, Frame, Look, Plan};
use converge::presets::PresetId;
use converge::time::Instant;
use converge::timeline::Timeline;
use converge::timeline::scale::TimeScale;
use converge::timeline::stage::ReportText;
use converge::trace::Trace;
use proptest::prelude::*;
use search::{Shape, missing, read};

use crate::fixtures::{self, at_ms, ms};
use crate::stage::{Look as StageLook, Stage as Runs};

/// A plan and its runs.
struct Stage {
    plan: Plan,
    runs: Vec<Trace>,
}

impl Stage {
    fn of(address: &str) -> Self {
        let (settings, notes) = Settings::read("", address);
        assert_eq!(notes, Vec::<String>::new());
        let plan = Plan::of(&settings, None).0;
        let scripts = &plan.experiment.scripts;
        let runs = plan.lineup.iter().map(|planned| match plan.predicts(planned.kind) {
            true => Trace::new(),
            false => fixtures::run(plan.pipeline(), scripts, planned.schedule).trace,
        });
        let runs = runs.collect();
        Self { plan, runs }
    }

    fn end(&self) -> Instant {
        self.runs.iter().map(Trace::end).max().unwrap_or_default()
    }

    /// The runs at that moment; before them without one.
    fn frame(&self, cursor: Option<Instant>) -> Frame {
        let at = |run: &Trace| match cursor {
            Some(cursor) => Timeline::at(run, self.plan.agents(), cursor.min(run.end())),
            None => Timeline::new(self.plan.agents()),
        };
        Frame {
            timelines: self.runs.iter().map(at).collect(),
            scale: Some(TimeScale::up_to(self.plan.axis(self.end()))),
            edge: cursor.unwrap_or_default(),
            ..Frame::default()
        }
    }

    fn picture<'a>(
        &'a self,
        frame: &'a Frame,
        width: f64,
        cursor: Option<Instant>,
    ) -> StagePicture<'a> {
        let look = Look {
            cursor: cursor.unwrap_or_default(),
            shows_expected: cursor.is_some(),
            ..Look::default()
        };
        let playhead = cursor.map(|cursor| cursor.min(self.end()));
        self.plan.stage(frame, width, look, Beside { playhead, ..Beside::default() })
    }

    /// Draws it at that moment, and finds all of the scene in the file.
    fn check(&self, what: &str, width: f64, cursor: Option<Instant>) {
        let frame = self.frame(cursor);
        let picture = self.picture(&frame, width, cursor);
        for colors in [Colors::Light, Colors::Dark] {
            let svg = self.plan.svg(&frame, &picture, colors);
            assert_eq!(
                missing(&picture, &read(&svg), colors),
                Vec::<String>::new(),
                "{what}, {width} px, {cursor:?}"
            );
            for odd in ["NaN", "inf", "var(", "url(", "class=", "style=", "light-dark", "href"] {
                assert!(!svg.contains(odd), "{what}: {odd}");
            }
        }
    }
}

/// Before the runs, at moments on the way, and long after them, wide and narrow.
fn check(address: &str) {
    let stage = Stage::of(address);
    let part = |share: f64| Some(at_ms((stage.end().as_secs() * 1000.0 * share) as u64));
    let over = Some(stage.end() + ms(5000));
    for width in [1000.0, 328.0] {
        for cursor in [None, part(0.02), part(0.3), part(0.47), part(0.9), over] {
            stage.check(address, width, cursor);
        }
    }
}

#[test]
fn every_preset_is_in_its_picture() {
    for id in PresetId::ALL {
        check(&format!("preset={}", id.id()));
    }
}

#[test]
fn so_are_failures_limits_retries_and_second_calls() {
    for conditions in [
        "fail=stock:500@0.4",
        "fail=stock:500@0.4&on_error=leave",
        "fail=stock:500@0.4&on_error=collect",
        "fail=stock:500@0.4&on_error=fallback",
        "limit=2",
        "fail=stock:500x1&retries=1",
        "fail=stock:429x2&retries=3&limit=3",
        "fail=internal:hangx1&hedge=0.8",
        "block=stock",
        "quorum=3",
        "schedule=parallel",
        "schedule=sequential",
    ] {
        check(&format!("preset=company&{conditions}"));
    }
}

/// A crowd has a path for each state in place of its bars, and a funnel in place of its curves.
#[test]
fn a_crowd_is_a_block() {
    for count in [60, 100, 400] {
        let address = format!("preset=fanout&n={count}");
        check(&address);
        let stage = Stage::of(&address);
        // Its branches take half a second each.
        for (cursor, done, running) in [(300, 0, 1), (800, 1, 0)] {
            let cursor = Some(at_ms(cursor));
            let frame = stage.frame(cursor);
            let picture = stage.picture(&frame, 1000.0, cursor);
            let svg = stage.plan.svg(&frame, &picture, Colors::Light);
            let shapes = read(&svg);
            let has = |paint: &str| {
                let is_path = |shape: &&Shape| shape.tag == "path" && shape.paint.contains(paint);
                shapes.iter().filter(is_path).count()
            };
            assert_eq!(has(&Colors::Light.of("sunken")), 1, "the funnel");
            assert_eq!(has(&Colors::Light.of("agent-1")), done, "those that are done");
            let mixed = Colors::Light.mixed("agent-1", 45, "surface");
            assert_eq!(has(&mixed), running, "those that run");
            assert!(svg.len() < 100_000, "{} bytes", svg.len());
        }
    }
}

/// The check above finds what is wrong: another moment, another run, another width.
#[test]
fn another_picture_is_told_from_it() {
    let stage = Stage::of("preset=company");
    let picture_of = |stage: &Stage, width: f64, cursor: u64| {
        let frame = stage.frame(Some(at_ms(cursor)));
        let picture = stage.picture(&frame, width, Some(at_ms(cursor)));
        read(&stage.plan.svg(&frame, &picture, Colors::Light))
    };
    let frame = stage.frame(Some(at_ms(1500)));
    let picture = stage.picture(&frame, 1000.0, Some(at_ms(1500)));
    let missing = |shapes: &[Shape], colors| missing(&picture, shapes, colors).len();
    let own = picture_of(&stage, 1000.0, 1500);
    assert_eq!(missing(&own, Colors::Light), 0);
    assert!(missing(&own, Colors::Dark) > 5);
    let other = Stage::of("preset=company&latency=news:0.5");
    for shapes in [
        picture_of(&stage, 1000.0, 1600),
        picture_of(&stage, 990.0, 1500),
        picture_of(&other, 1000.0, 1500),
    ] {
        assert!(missing(&shapes, Colors::Light) > 1);
    }
}

/// A reader without a style sheet has all colors: those of the page's tokens.
#[test]
fn colors_are_the_tokens() {
    assert_eq!(Colors::Light.of("ink"), "#17181c");
    assert_eq!(Colors::Dark.of("ink"), "#eceef2");
    assert_eq!(Colors::Tokens.of("ink"), "var(--ink)");
    assert_eq!(Colors::Light.mixed("ink", 100, "surface"), Colors::Light.of("ink"));
    assert_eq!(Colors::Light.mixed("ink", 0, "surface"), Colors::Light.of("surface"));
    assert!(Colors::Tokens.mixed("ink", 28, "surface").contains("28%"));
}

proptest! {
    /// Nothing that a name or an answer holds is markup.
    #[test]
    fn names_stay_names(
        names in proptest::collection::hash_set("(\\PC|[<>&\"':;#%{}\n\t\u{0}]){1,24}", 3),
    ) {
        let mut runs = Runs::agents(&[("a", &["topic"], 300), ("b", &["topic"], 500), ("c", &["a", "b"], 200)]);
        let mut agents = runs.pipeline.agents().to_vec();
        for (agent, name) in agents.iter_mut().zip(&names) {
            agent.label = Some(name.clone());
        }
        let inputs = runs.pipeline.inputs().to_vec();
        runs.pipeline = converge::pipeline::Pipeline::new(inputs, agents).unwrap();
        let (layout, scene) = runs.scene(StageLook::at(1000.0, 5000));
        let text = names.iter().next().unwrap();
        let report = ReportText { title: text.clone(), beginning: text.clone(), ..ReportText::default() };
        let picture = StagePicture {
            pipeline: &runs.pipeline,
            layout,
            scene,
            scale: runs.scale(),
            sequential: TrackPicture::default(),
            parallel: TrackPicture::default(),
            report: Some(report),
            limits: Vec::new(),
            guess: None,
            playhead: None,
        };
        let shapes = read(&picture.file(Colors::Dark, text, text));
        prop_assert_eq!(missing(&picture, &shapes, Colors::Dark), Vec::<String>::new());
        let known = ["svg", "title", "desc", "style", "g", "rect", "circle", "line", "path", "text", "tspan"];
        for shape in &shapes {
            prop_assert!(known.contains(&shape.tag.as_str()), "{}", shape.tag);
        }
    }
}
