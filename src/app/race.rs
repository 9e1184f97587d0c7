//! The race: both schedules of one pipeline, on one clock and one axis.

use leptos::prelude::*;

use super::demo::Demo;
use super::guess;
use super::lane::{critical_path, lane};
use super::stage::Kind;
use super::transport::transport;
use super::tries;
use super::ui::{flag, part, percent, shown, text};
use super::verdict::{makespans, verdict};
use crate::decimal;
use crate::time::{Instant, seconds};
use crate::timeline::gantt;
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
        <section
            class="race panel"
            class:guessing=flag(move || guess::is_open(demo))
            aria-labelledby="race-title"
        >
            <h2 id="race-title" class="visually-hidden">"Race"</h2>
            {transport(demo)}
            {guess::guess(demo)}
            <div class="tracks" style=("--longest-name", longest_name)>
                {part(move || {
                    let kinds = demo.structure.get().kinds.into_iter().enumerate();
                    kinds.map(|(place, kind)| track(demo, place, kind)).collect_view().into_any()
                })}
                {axis(demo)}
            </div>
            {legend(demo)}
            {tries::legend(demo)}
            {verdict(demo)}
        </section>
    }
    .into_any()
}

fn track(demo: Demo, place: usize, kind: Kind) -> AnyView {
    let lanes = demo.stage.with_untracked(|stage| stage.agents());
    let many = lanes > MOST_LANES;
    // Once for all lanes: it walks the whole pipeline.
    let path = Memo::new(move |_| critical_path(demo, place));
    let title = match kind {
        Kind::Sequential => "Sequential",
        Kind::Parallel => "Parallel",
    };
    let how = move || match (kind, demo.settings.with(|settings| settings.limit)) {
        (Kind::Sequential, _) => "one after the other".into(),
        (Kind::Parallel, None) => "whatever can start, starts".into(),
        (Kind::Parallel, Some(limit)) => format!("at most {limit} at once"),
    };
    let how = text(move || tries::limit(demo, place).unwrap_or_else(how));
    let run_phase = text(move || {
        demo.frame
            .with(|frame| frame.timelines.get(place).map_or(Phase::Waiting, phase).word().into())
    });
    // While nothing has run, the figure is what is expected, and looks like it.
    let figure = text(move || {
        let length = demo.stage.with(|stage| {
            demo.frame.with(|frame| Some(stage.run_or_ghost(frame, place)?.0.makespan()))
        });
        length.map(|length| decimal::fixed(length.as_secs_f64(), 1)).unwrap_or_default()
    });
    let then = move || {
        let earlier = demo.history.overlay(|overlay| Some(overlay.run(kind.word())?.makespan()));
        earlier.map(|length| format!("earlier: {} s", seconds(length)))
    };
    view! {
        <div class="track" data-kind=kind.word() data-phase=run_phase>
            <div class="track-head">
                <h3>{title}</h3>
                <p class="how">{how}</p>
                <p class="then">{text(move || then().unwrap_or_default())}</p>
                <p class="figure" aria-hidden="true">
                    <span class="value">{figure}</span><span class="unit">" s"</span>
                </p>
            </div>
            <div class="lanes" class:many=many>
                {grid(demo)}
                {if many {
                    many_lanes(demo, place, lanes)
                } else {
                    (0..lanes).map(|agent| lane(demo, place, agent, path)).collect_view().into_any()
                }}
                {saved(demo, kind)}
                {guess_line(demo, kind)}
                {tries::limits(demo, place)}
            </div>
        </div>
    }
    .into_any()
}

/// The phase of the run as a whole at the cursor.
pub fn phase(timeline: &Timeline) -> Phase {
    timeline.run().phase()
}

fn many_lanes(demo: Demo, place: usize, lanes: usize) -> AnyView {
    const PHASES: [Phase; 4] = [Phase::Running, Phase::Done, Phase::Failed, Phase::Cancelled];
    let shapes = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let bars = gantt::bars(timeline, frame.scale());
            Some(PHASES.map(|phase| gantt::path(&bars, phase)))
        })
    });
    // Its own memo, since it changes with the axis and not with the frame.
    let scale = demo.scale;
    let ghost = move || {
        demo.stage.with(|stage| {
            let ghost = stage.lineup.get(place)?.ghost.as_ref()?;
            Some(gantt::path(&gantt::bars(ghost, scale.get()), Phase::Done))
        })
    };
    let earlier = move || {
        let kind = demo.stage.with(|stage| Some(stage.lineup.get(place)?.kind.word()))?;
        demo.history.overlay(|overlay| {
            Some(gantt::path(&gantt::bars(overlay.run(kind)?, scale.get()), Phase::Done))
        })
    };
    let count = move || {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let done = timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Done).count();
            Some(format!("{done} of {lanes} done, {} in flight", timeline.in_flight()))
        })
    };
    let shapes = PHASES.into_iter().enumerate().map(|(at, phase)| {
        let class = format!("many-{}", phase.word());
        let path = move || shapes.with(|shapes| Some(shapes.as_ref()?.get(at)?.clone()));
        view! { <path class=class d=text(move || path().unwrap_or_default())/> }.into_any()
    });
    view! {
        <div class="lane">
            <span class="lane-name" aria-hidden="true">{text(move || count().unwrap_or_default())}</span>
            <div class="lane-plot">
                <svg viewBox=format!("0 0 1 {lanes}") preserveAspectRatio="none">
                    <path class="many-earlier" d=text(move || earlier().unwrap_or_default())/>
                    <path class="many-ghost" d=text(move || ghost().unwrap_or_default())/>
                    {shapes.collect_view()}
                </svg>
            </div>
        </div>
    }
    .into_any()
}

/// Labelled moments, as lines through the lanes, and the cursor.
fn grid(demo: Demo) -> AnyView {
    let scale = demo.scale;
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
    let at = move || demo.scale.get().x(demo.playback.get().cursor(demo.edge.get())).min(1.0);
    view! {
        <div class="grid" aria-hidden="true">
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
    let scale = demo.scale;
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
    view! { <div class="grid behind" aria-hidden="true">{part(move || view().into_any())}</div> }
        .into_any()
}

/// Where the reader's guess lies on the parallel track.
fn guess_line(demo: Demo, kind: Kind) -> AnyView {
    let at = move || {
        let guess = demo.guess.get().filter(|_| kind == Kind::Parallel)?;
        Some(demo.scale.get().length(guess))
    };
    view! {
        <div class="grid" aria-hidden="true">
            <div
                class="guess-line"
                class:none=flag(move || at().is_none())
                style:left=text(move || percent(at().unwrap_or_default()))
            >
                "your guess"
            </div>
        </div>
    }
    .into_any()
}

fn axis(demo: Demo) -> AnyView {
    let scale = demo.scale;
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
fn legend(demo: Demo) -> AnyView {
    let marks = [
        ("expected", "ghost"),
        ("waiting for the first word", "silence"),
        ("answering", "bar"),
        ("done", "bar done"),
        ("queued for a slot", "queue"),
        ("critical path", "bar done critical"),
        ("time to spare", "slack"),
    ];
    let items = marks.into_iter().map(|(meaning, class)| mark(meaning, class));
    let earlier = shown(
        move || demo.history.overlay(|_| Some(())).is_some(),
        || mark("an earlier run", "earlier"),
    );
    view! { <ul class="legend">{items.collect_view()} {earlier}</ul> }.into_any()
}

/// An entry of a legend: what the mark of that class means.
pub fn mark(meaning: &'static str, class: &'static str) -> AnyView {
    view! {
        <li>
            <span class="swatch" aria-hidden="true"><span class=class></span></span>
            {meaning}
        </li>
    }
    .into_any()
}
