//! One agent's lane in a track: its bar, what was expected of it, and what stands beside it.

use super::dom::{Node, el};
use super::signals::{Memo, news};
use wasm_bindgen::JsCast;

use super::demo::Demo;
use super::handle::handle;
use super::race::phase;
use super::stage::Kind;
use super::tries::{is_tried, standing, tries};
use super::ui::{flag, percent, shown, text};
use crate::time::seconds;
use crate::timeline::gantt::{self, Bar, Stretch};
use crate::timeline::metrics::CriticalPath;
use crate::timeline::playback::Command;
use crate::timeline::{Phase, metrics};
use crate::words;

/// The lane of an agent in the track at that place, whose critical path is `path`.
pub fn lane(demo: Demo, place: usize, agent: usize, path: Memo<Option<CriticalPath>>) -> Node {
    let name = demo.stage.with_untracked(|stage| stage.name(agent));
    let now = news(move || now(demo, place, agent));
    let bar = Memo::new(move |_| now.with(|now| now.bar.clone()));
    let phase = text(move || bar.get().map_or(Phase::Waiting, |bar| bar.phase).word().into());
    let ghost = move || {
        let scale = demo.scale.get();
        demo.stage
            .with(|stage| gantt::bar(stage.lineup.get(place)?.ghost.as_deref()?, agent, scale)?.run)
    };
    // Whether it is on the critical path, and how much slower it could be for free.
    let insight = Memo::new(move |_| {
        path.with(|path| {
            let path = path.as_ref()?;
            Some((path.agents.contains(&agent), *path.slack.get(agent)?))
        })
    });
    let slack = move || {
        let (_, slack) = insight.get()?;
        let run = bar.get().and_then(|bar| bar.run).or_else(ghost)?;
        let width = demo.scale.get().length(slack);
        (width > 0.0).then_some(Stretch { x: run.x + run.width, width })
    };
    // Beside the bar; where the axis ends soon, inside it, or before it if it is too short.
    let place_label = move || {
        let own = bar.get().and_then(|bar| bar.run.or(bar.queue));
        let Some(at) = own.or_else(ghost) else { return (0.0, "") };
        match at.x + at.width {
            end if end > 0.5 && end <= 0.84 && is_tried(bar) => (end, "tight"),
            end if end <= 0.84 => (end, ""),
            end if at.width >= 0.12 && own.is_some() => (end, "inside"),
            end if at.width >= 0.12 => (end, "before"),
            _ => (at.x, "before"),
        }
    };
    let spare = move || {
        let slack = insight.get().map(|(_, slack)| slack);
        // What would be printed as nothing is nothing.
        slack.map(seconds).filter(|slack| slack != "0").map(|slack| words::race::to_spare(&slack))
    };
    // To whichever end of the bar is nearer to the pointer.
    let jump = move |event: web_sys::MouseEvent| {
        let ends = demo.frame.with_untracked(|frame| {
            let lane = frame.timelines.get(place)?.lanes().get(agent)?;
            Some((lane.started?, lane.end()?))
        });
        let hit = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        // A pale part lies over the bar; the handle at its end has a life of its own.
        let bar = hit.filter(|hit| hit.matches(".bar, .silence").unwrap_or(false));
        let bar = bar.and_then(|hit| hit.parent_element()?.query_selector(".bar").ok()?);
        if let (Some((start, end)), Some(bar)) = (ends, bar) {
            let bar = bar.get_bounding_client_rect();
            let later = f64::from(event.client_x()) > bar.left() + bar.width() / 2.0;
            demo.command(Command::Seek(if later { end } else { start }));
        }
    };
    let earlier = move || {
        let scale = demo.scale.get();
        demo.history.overlay(|overlay| {
            let kind = demo.stage.with(|stage| Some(stage.lineup.get(place)?.kind.word()))?;
            let agent = demo.stage.with(|stage| overlay.place(&stage.agent(agent)?.name))?;
            gantt::bar(overlay.run(kind)?, agent, scale)?.run
        })
    };
    let of = |part: fn(&Bar) -> Option<Stretch>| move || bar.with(|bar| part(bar.as_ref()?));
    el("div")
        .class("lane")
        .attr("data-phase", phase)
        .when("pointed", flag(move || demo.points_at(agent)))
        .upon("pointerenter", move || demo.pointed.set(vec![agent]))
        .upon("pointerleave", move || demo.pointed.set(Vec::new()))
        .when("tried", flag(move || is_tried(bar)))
        .when("critical", flag(move || insight.get().is_some_and(|(critical, _)| critical)))
        .child(
            el("span")
                .class("lane-name")
                .attr("title", name.clone())
                .attr("aria-hidden", "true")
                .child(name.clone()),
        )
        .child(
            el("div")
                .class("lane-plot")
                .hears("click", jump)
                .child(block("ghost", ghost))
                .child(block("queue", of(|bar| bar.queue)))
                .child(tries(bar))
                .child(block("bar", of(|bar| bar.now)))
                .child(block("silence", of(|bar| bar.silence)))
                .child(block("orphan", of(|bar| bar.orphaned)))
                .child(block("slack", slack))
                .child(block("earlier", earlier))
                .child(
                    el("span")
                        .class("lane-length")
                        .attr("aria-hidden", "true")
                        .attr("data-place", text(move || place_label().1.into()))
                        .style("left", text(move || percent(place_label().0)))
                        .child(text(move || now.with(|now| now.length.clone())))
                        .child(el("b").child(text(move || now.with(|now| now.standing.clone()))))
                        .child(el("i").child(text(move || spare().unwrap_or_default()))),
                )
                .child(shown(
                    move || demo.can_hold_time(),
                    move || {
                        let spoken = demo.stage.with_untracked(|stage| stage.shown() == place);
                        handle(demo, place, agent, spoken)
                    },
                )),
        )
        .node()
}

/// All that a lane takes from a frame, so that a frame has one reader a lane, which wakes the others.
#[derive(Clone, PartialEq)]
struct Now {
    bar: Option<Bar>,
    /// How long the run took or is expected to take.
    length: String,
    /// Which attempt it is at.
    standing: String,
}

fn now(demo: Demo, place: usize, agent: usize) -> Now {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place);
            let length = stage.run_or_ghost(frame, place).and_then(|(timeline, _)| {
                let lane = timeline.lanes().get(agent)?;
                lane.started.map(|_| words::seconds(&seconds(lane.duration(timeline.cursor()))))
            });
            let standing = timeline.and_then(|timeline| standing(timeline, agent));
            Now {
                bar: timeline.and_then(|timeline| gantt::bar(timeline, agent, frame.scale())),
                length: length.unwrap_or_default(),
                standing: standing.unwrap_or_default(),
            }
        })
    })
}

/// The critical path of the track at that place: where that means something, which is in a parallel
/// run without a limit, over or expected.
pub fn critical_path(demo: Demo, place: usize) -> Option<CriticalPath> {
    // Once a run is over its durations stand, so not every frame has to look at them.
    demo.phases.with(|_| ());
    demo.stage.with(|stage| {
        let planned = stage.lineup.get(place)?;
        if planned.kind != Kind::Parallel || planned.schedule.width.get() != usize::MAX {
            return None;
        }
        demo.frame.with_untracked(|frame| {
            let (timeline, _) = stage.run_or_ghost(frame, place)?;
            // Of a run that kept answers, or lowered its own limit, durations do not tell it.
            let whole = !timeline.keeps_answers() && timeline.limits().is_empty();
            if phase(timeline) != Phase::Done || !whole {
                return None;
            }
            Some(metrics::critical_path(stage.pipeline(), &metrics::durations(timeline)))
        })
    })
}

/// A stretch of a lane.
pub fn block(
    class: &'static str,
    at: impl Fn() -> Option<Stretch> + Copy + Send + Sync + 'static,
) -> Node {
    el("div")
        .class(class)
        .when("none", flag(move || at().is_none()))
        .style("left", text(move || percent(at().map_or(0.0, |at| at.x))))
        .style("width", text(move || percent(at().map_or(0.0, |at| at.width))))
        .node()
}
