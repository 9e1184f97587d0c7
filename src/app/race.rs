//! The race: both schedules of one pipeline, on one clock and one axis.

use leptos::prelude::*;

use super::demo::Demo;
use super::stage::Kind;
use super::transport::transport;
use super::ui::{flag, part, percent, text};
use super::verdict::{makespans, verdict};
use crate::time::{Instant, seconds};
use crate::timeline::gantt::{self, Bar, Stretch};
use crate::timeline::metrics;
use crate::timeline::playback::Playback;
use crate::timeline::{Phase, Timeline};

/// More lanes than this are drawn as one shape for each phase.
const MOST_LANES: usize = 40;
/// Labelled moments on the axis, at most.
const TICKS: usize = 8;

/// The race, with what starts and moves it.
pub fn race(demo: Demo) -> AnyView {
    let longest_name = text(move || {
        demo.structure.with(|_| ());
        demo.stage.with_untracked(|stage| {
            let names = stage.pipeline().agents().iter().map(|agent| agent.name.chars().count());
            names.max().unwrap_or_default().to_string()
        })
    });
    view! {
        <section class="race panel" aria-labelledby="race-title">
            <h2 id="race-title" class="visually-hidden">"Race"</h2>
            {transport(demo)}
            <div class="tracks" style=("--longest-name", longest_name)>
                {part(move || {
                    let kinds = demo.structure.get().kinds.into_iter().enumerate();
                    kinds.map(|(place, kind)| track(demo, place, kind)).collect_view().into_any()
                })}
                {axis(demo)}
            </div>
            {legend()}
            {verdict(demo)}
        </section>
    }
    .into_any()
}

fn track(demo: Demo, place: usize, kind: Kind) -> AnyView {
    let lanes = demo.stage.with_untracked(|stage| stage.agents());
    let many = lanes > MOST_LANES;
    let title = match kind {
        Kind::Sequential => "Sequential",
        Kind::Parallel => "Parallel",
    };
    let how = text(move || match (kind, demo.settings.with(|settings| settings.limit)) {
        (Kind::Sequential, _) => "one after the other".into(),
        (Kind::Parallel, None) => "whatever can start, starts".into(),
        (Kind::Parallel, Some(limit)) => format!("at most {limit} at once"),
    });
    let run_phase = text(move || {
        demo.frame
            .with(|frame| frame.timelines.get(place).map_or(Phase::Waiting, phase).word().into())
    });
    // While nothing has run, the figure is what is expected, and looks like it.
    let figure = text(move || {
        let begun = |timeline: &&Timeline| timeline.run().started.is_some();
        let actual = demo
            .frame
            .with(|frame| frame.timelines.get(place).filter(begun).map(Timeline::makespan));
        let expected =
            || demo.stage.with(|stage| Some(stage.lineup.get(place)?.ghost.as_ref()?.makespan()));
        let length = actual.or_else(expected);
        length.map(|length| format!("{:.1}", length.as_secs_f64())).unwrap_or_default()
    });
    view! {
        <div class="track" data-kind=kind.word() data-phase=run_phase>
            <div class="track-head">
                <h3>{title}</h3>
                <p class="how">{how}</p>
                <p class="figure" aria-hidden="true">
                    <span class="value">{figure}</span><span class="unit">" s"</span>
                </p>
            </div>
            <div class="lanes" class:many=many aria-hidden="true">
                {grid(demo)}
                {if many {
                    many_lanes(demo, place, lanes)
                } else {
                    (0..lanes).map(|agent| lane(demo, place, agent)).collect_view().into_any()
                }}
                {saved(demo, kind)}
            </div>
        </div>
    }
    .into_any()
}

fn lane(demo: Demo, place: usize, agent: usize) -> AnyView {
    let name = demo.stage.with_untracked(|stage| stage.pipeline().agents()[agent].name.clone());
    let bar = Memo::new(move |_| {
        demo.frame.with(|frame| gantt::bar(frame.timelines.get(place)?, agent, frame.scale()))
    });
    let phase = text(move || bar.get().map_or(Phase::Waiting, |bar| bar.phase).word().into());
    let ghost = move || {
        let scale = demo.frame.with(|frame| frame.scale());
        demo.stage
            .with(|stage| gantt::bar(stage.lineup.get(place)?.ghost.as_ref()?, agent, scale)?.run)
    };
    let slack = move || {
        let (_, slack) = insight(demo, place, agent)?;
        let run = bar.get()?.run?;
        let width = demo.frame.with(|frame| frame.scale().length(slack));
        (width > 0.0).then_some(Stretch { x: run.x + run.width, width })
    };
    let label = move || {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let lane = timeline.lanes().get(agent)?;
            lane.started.map(|_| format!("{} s", seconds(lane.duration(timeline.cursor()))))
        })
    };
    // Beside the bar; where the axis ends soon, inside it, or before it if it is too short.
    let place_label = move || {
        let bar = bar.get();
        let Some(at) = bar.and_then(|bar| bar.run.or(bar.queue)) else { return (0.0, "") };
        match at.x + at.width {
            end if end <= 0.84 => (end, ""),
            end if at.width >= 0.12 => (end, "inside"),
            _ => (at.x, "before"),
        }
    };
    let spare = move || {
        let slack = insight(demo, place, agent).map(|(_, slack)| slack);
        slack.filter(|slack| !slack.is_zero()).map(|slack| format!("{} s to spare", seconds(slack)))
    };
    let of = |part: fn(&Bar) -> Option<Stretch>| move || bar.with(|bar| part(bar.as_ref()?));
    view! {
        <div
            class="lane"
            data-phase=phase
            class:critical=flag(move || insight(demo, place, agent).is_some_and(|(critical, _)| critical))
        >
            <span class="lane-name" title=name.clone()>{name.clone()}</span>
            <div class="lane-plot">
                {block("ghost", ghost)}
                {block("queue", of(|bar| bar.queue))}
                {block("bar", of(|bar| bar.run))}
                {block("silence", of(|bar| bar.silence))}
                {block("slack", slack)}
                <span
                    class="lane-length"
                    data-place=text(move || place_label().1.into())
                    style:left=text(move || percent(place_label().0))
                >
                    {text(move || label().unwrap_or_default())}
                    <i>{text(move || spare().unwrap_or_default())}</i>
                </span>
            </div>
        </div>
    }
    .into_any()
}

/// Whether an agent is on the critical path, and how much slower it could be for free: where that
/// means something, which is in a parallel run without a limit that has its answer.
fn insight(demo: Demo, place: usize, agent: usize) -> Option<(bool, std::time::Duration)> {
    demo.stage.with(|stage| {
        let planned = stage.lineup.get(place)?;
        if planned.kind != Kind::Parallel || planned.schedule.width.get() != usize::MAX {
            return None;
        }
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            if phase(timeline) != Phase::Done {
                return None;
            }
            let path = metrics::critical_path(stage.pipeline(), &metrics::durations(timeline));
            Some((path.agents.contains(&agent), *path.slack.get(agent)?))
        })
    })
}

/// The phase of the run as a whole at the cursor.
pub fn phase(timeline: &Timeline) -> Phase {
    timeline.run().phase()
}

/// A stretch of a lane.
fn block(
    class: &'static str,
    at: impl Fn() -> Option<Stretch> + Copy + Send + Sync + 'static,
) -> AnyView {
    view! {
        <div
            class=class
            class:none=flag(move || at().is_none())
            style:left=text(move || percent(at().map_or(0.0, |at| at.x)))
            style:width=text(move || percent(at().map_or(0.0, |at| at.width)))
        ></div>
    }
    .into_any()
}

fn many_lanes(demo: Demo, place: usize, lanes: usize) -> AnyView {
    let shape = move |phase: Phase| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            Some(gantt::path(&gantt::bars(timeline, frame.scale()), phase))
        })
    };
    // Its own memo, since it changes with the axis and not with the frame.
    let scale = Memo::new(move |_| demo.frame.with(|frame| frame.scale()));
    let ghost = move || {
        demo.stage.with(|stage| {
            let ghost = stage.lineup.get(place)?.ghost.as_ref()?;
            Some(gantt::path(&gantt::bars(ghost, scale.get()), Phase::Done))
        })
    };
    let count = move || {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let done = timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Done).count();
            Some(format!("{done} of {lanes} done, {} in flight", timeline.in_flight()))
        })
    };
    let shapes = [Phase::Running, Phase::Done, Phase::Failed, Phase::Cancelled].map(|phase| {
        let class = format!("many-{}", phase.word());
        view! { <path class=class d=text(move || shape(phase).unwrap_or_default())/> }.into_any()
    });
    view! {
        <div class="lane">
            <span class="lane-name">{text(move || count().unwrap_or_default())}</span>
            <div class="lane-plot">
                <svg viewBox=format!("0 0 1 {lanes}") preserveAspectRatio="none">
                    <path class="many-ghost" d=text(move || ghost().unwrap_or_default())/>
                    {shapes.into_iter().collect_view()}
                </svg>
            </div>
        </div>
    }
    .into_any()
}

/// Labelled moments, as lines through the lanes, and the cursor.
fn grid(demo: Demo) -> AnyView {
    let scale = Memo::new(move |_| demo.frame.with(|frame| frame.scale()));
    let lines = part(move || {
        let lines = scale.get().ticks(TICKS).into_iter().map(|tick| {
            view! { <div class="grid-line" style:left=percent(tick.x)></div> }.into_any()
        });
        lines.collect_view().into_any()
    });
    // While the run goes on, and whenever the cursor is somewhere in it.
    let shown = move || {
        let held = demo.playback.get() != Playback::Following;
        demo.frame.with(|frame| {
            let running = frame.timelines.iter().any(|timeline| phase(timeline) == Phase::Running);
            frame.edge > Instant::ZERO && (running || held)
        })
    };
    let at = move || {
        demo.frame.with(|frame| frame.scale().x(demo.playback.get().cursor(frame.edge)).min(1.0))
    };
    view! {
        <div class="grid">
            {lines}
            <div
                class="cursor"
                class:none=flag(move || !shown())
                style:left=text(move || percent(at()))
            ></div>
        </div>
    }
    .into_any()
}

/// The time between the parallel run's end and the sequential one's, once both are known.
fn saved(demo: Demo, kind: Kind) -> AnyView {
    let both = Memo::new(move |_| makespans(demo));
    let scale = Memo::new(move |_| demo.frame.with(|frame| frame.scale()));
    let view = move || {
        let both = both.get().filter(|_| kind == Kind::Parallel)?;
        let saved = both.sequential.checked_sub(both.parallel).filter(|saved| !saved.is_zero())?;
        let (x, width) = (scale.get().length(both.parallel), scale.get().length(saved));
        Some(view! {
            <div class="saved" style:left=percent(x) style:width=percent(width)>
                <span>{format!("{} s saved", seconds(saved))}</span>
            </div>
        })
    };
    view! { <div class="grid behind">{part(move || view().into_any())}</div> }.into_any()
}

fn axis(demo: Demo) -> AnyView {
    let scale = Memo::new(move |_| demo.frame.with(|frame| frame.scale()));
    let ticks = part(move || {
        let ticks = scale.get().ticks(TICKS).into_iter().map(|tick| {
            view! { <span class="tick" style:left=percent(tick.x)>{tick.label}</span> }.into_any()
        });
        ticks.collect_view().into_any()
    });
    view! {
        <div class="axis" aria-hidden="true">
            <span class="axis-name">"seconds"</span>
            <div class="axis-plot">{ticks}</div>
        </div>
    }
    .into_any()
}

/// What the marks mean, drawn with the marks themselves.
fn legend() -> AnyView {
    let marks = [
        ("expected", "ghost"),
        ("waiting for the first word", "silence"),
        ("answering", "bar"),
        ("done", "bar done"),
        ("queued for a slot", "queue"),
        ("critical path", "bar done critical"),
        ("time to spare", "slack"),
    ];
    let items = marks.into_iter().map(|(meaning, class)| {
        view! {
            <li>
                <span class="swatch" aria-hidden="true"><span class=class></span></span>
                {meaning}
            </li>
        }
        .into_any()
    });
    view! { <ul class="legend">{items.collect_view()}</ul> }.into_any()
}
