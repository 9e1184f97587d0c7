//! The race: both schedules of one pipeline, on one clock and one axis.

use leptos::prelude::*;

use super::demo::{Demo, Kind, phase};
use super::transport::Transport;
use crate::pipeline::Pipeline;
use crate::time::{Instant, seconds};
use crate::timeline::gantt::{self, Bar, Stretch};
use crate::timeline::metrics::{self, CriticalPath};
use crate::timeline::{Phase, Timeline};

/// More lanes than this are drawn as one shape for each phase.
const MOST_LANES: usize = 40;
/// Labelled moments on the axis, at most.
const TICKS: usize = 8;

/// The race, with what starts and moves it.
#[component]
pub fn Race() -> impl IntoView {
    let demo = expect_context::<Demo>();
    view! {
        <section class="race panel" aria-labelledby="race-title">
            <h2 id="race-title" class="visually-hidden">"Race"</h2>
            <Transport/>
            <div class="tracks">
                {move || {
                    demo.stage.with(|stage| {
                        (0..stage.lineup.len())
                            .map(|place| view! { <Track place/> })
                            .collect_view()
                    })
                }}
                <Axis/>
            </div>
            <Verdict/>
        </section>
    }
}

#[component]
fn Track(place: usize) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let kind = demo.stage.with_untracked(|stage| stage.lineup[place].kind);
    let lanes = demo.stage.with_untracked(|stage| stage.experiment.preset.pipeline.agents().len());
    let (title, how) = match kind {
        Kind::Sequential => ("Sequential", "one after the other"),
        Kind::Parallel => ("Parallel", "everything that can start, starts"),
    };
    let limit = move || match (kind, demo.settings.with(|settings| settings.limit)) {
        (Kind::Parallel, Some(limit)) => format!("at most {limit} at once"),
        _ => how.to_owned(),
    };
    let run_phase = Memo::new(move |_| {
        demo.frame.with(|frame| frame.timelines.get(place).map_or(Phase::Waiting, phase).word())
    });
    // While nothing has run, the figure is what is expected, and looks like it.
    let figure = Memo::new(move |_| {
        let actual = demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            timeline.run().started.is_some().then(|| timeline.makespan())
        });
        let expected = || {
            demo.stage.with(|stage| Some(stage.lineup.get(place)?.ghost.as_ref()?.makespan()))
        };
        actual.or_else(expected).map(|length| format!("{:.1}", length.as_secs_f64()))
    });
    view! {
        <div class="track" data-kind=kind.word() data-phase=run_phase>
            <div class="track-head">
                <h3>{title}</h3>
                <p class="how">{limit}</p>
                <p class="figure" aria-hidden="true">
                    {move || figure.get().unwrap_or_else(|| "–".into())}
                    <span class="unit">" s"</span>
                </p>
            </div>
            {if lanes > MOST_LANES {
                view! { <ManyLanes place lanes/> }.into_any()
            } else {
                view! { <Lanes place/> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Lanes(place: usize) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let names: Vec<String> = demo.stage.with_untracked(|stage| {
        stage.experiment.preset.pipeline.agents().iter().map(|agent| agent.name.clone()).collect()
    });
    view! {
        <div class="lanes" aria-hidden="true">
            <Grid/>
            {names
                .into_iter()
                .enumerate()
                .map(|(agent, name)| view! { <LaneRow place agent name/> })
                .collect_view()}
            <Saved place/>
        </div>
    }
}

#[component]
fn LaneRow(place: usize, agent: usize, name: String) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let bar = move || {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            gantt::bar(timeline, agent, frame.scale())
        })
    };
    let ghost = move || {
        let scale = demo.frame.with(|frame| frame.scale());
        demo.stage.with(|stage| {
            let ghost = stage.lineup.get(place)?.ghost.as_ref()?;
            gantt::bar(ghost, agent, scale)?.run
        })
    };
    let phase = Memo::new(move |_| bar().map_or(Phase::Waiting, |bar| bar.phase).word());
    let length = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let lane = timeline.lanes().get(agent)?;
            lane.started.map(|_| seconds(lane.duration(timeline.cursor())))
        })
    });
    // Critical path and slack are drawn where they mean something: in a parallel run that is done.
    let insight = Memo::new(move |_| finished_path(demo, place));
    let critical = move || {
        insight.with(|path| path.as_ref().is_some_and(|path| path.agents.contains(&agent)))
    };
    let slack = move || {
        let slack = insight.with(|path| Some(path.as_ref()?.slack[agent]))?;
        let end = bar()?.run.map(|run| run.x + run.width)?;
        let width = demo.frame.with(|frame| frame.scale().length(slack));
        (width > 0.0).then_some((Stretch { x: end, width }, seconds(slack)))
    };
    let part = |of: fn(&Bar) -> Option<Stretch>| move || bar().and_then(|bar| of(&bar));
    view! {
        <div class="lane" data-phase=phase class:critical=critical>
            <span class="lane-name" title=name.clone()>{name.clone()}</span>
            <div class="lane-plot">
                <Block class="ghost" at=ghost/>
                <Block class="queue" at=part(|bar| bar.queue)/>
                <Block class="bar" at=part(|bar| bar.run)/>
                <Block class="silence" at=part(|bar| bar.silence)/>
                <Block class="slack" at=move || slack().map(|(at, _)| at)/>
                <span
                    class="lane-length"
                    style:left=move || {
                        let end = bar().and_then(|bar| bar.run).map_or(0.0, |run| run.x + run.width);
                        format!("{:.3}%", end * 100.0)
                    }
                >
                    {move || length.get().map(|length| format!("{length} s"))}
                    {move || slack().map(|(_, slack)| view! { <i>{slack}" s to spare"</i> })}
                </span>
            </div>
        </div>
    }
}

/// The critical path of the run at that place, once it has an answer and several could overlap.
fn finished_path(demo: Demo, place: usize) -> Option<CriticalPath> {
    demo.stage.with(|stage| {
        let planned = stage.lineup.get(place)?;
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let whole = planned.kind == Kind::Parallel && planned.schedule.width.get() == usize::MAX;
            let done = whole && phase(timeline) == Phase::Done;
            let pipeline = &stage.experiment.preset.pipeline;
            done.then(|| metrics::critical_path(pipeline, &metrics::durations(timeline)))
        })
    })
}

/// A stretch of a lane.
#[component]
fn Block<F>(class: &'static str, at: F) -> impl IntoView
where
    F: Fn() -> Option<Stretch> + Copy + Send + Sync + 'static,
{
    let percent = |fraction: f64| format!("{:.3}%", fraction * 100.0);
    view! {
        <div
            class=class
            class:none=move || at().is_none()
            style:left=move || percent(at().map_or(0.0, |at| at.x))
            style:width=move || percent(at().map_or(0.0, |at| at.width))
        ></div>
    }
}

#[component]
fn ManyLanes(place: usize, lanes: usize) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let shape = move |phase: Phase| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            Some(gantt::path(&gantt::bars(timeline, frame.scale()), phase))
        })
    };
    let ghost = move || {
        let scale = demo.frame.with(|frame| frame.scale());
        demo.stage.with(|stage| {
            let ghost = stage.lineup.get(place)?.ghost.as_ref()?;
            Some(gantt::path(&gantt::bars(ghost, scale), Phase::Done))
        })
    };
    let count = Memo::new(move |_| {
        demo.frame.with(|frame| {
            let timeline = frame.timelines.get(place)?;
            let done = timeline.lanes().iter().filter(|lane| lane.phase() == Phase::Done).count();
            Some(format!("{done} of {lanes} done, {} in flight", timeline.in_flight()))
        })
    });
    let phases = [Phase::Running, Phase::Done, Phase::Failed, Phase::Cancelled];
    view! {
        <div class="lanes many" aria-hidden="true">
            <Grid/>
            <div class="lane">
                <span class="lane-name">{count}</span>
                <div class="lane-plot">
                    <svg viewBox=format!("0 0 1 {lanes}") preserveAspectRatio="none">
                        <path class="many-ghost" d=ghost/>
                        {phases
                            .map(|phase| {
                                let class = format!("many-{}", phase.word());
                                view! { <path class=class d=move || shape(phase)/> }
                            })
                            .into_iter()
                            .collect_view()}
                    </svg>
                </div>
            </div>
            <Saved place/>
        </div>
    }
}

/// Labelled moments, as lines through the lanes.
#[component]
fn Grid() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let scale = Memo::new(move |_| demo.frame.with(|frame| frame.scale()));
    let cursor = move || {
        demo.frame.with(|frame| {
            let at = demo.playback.get().cursor(frame.edge);
            let running = frame.edge > Instant::ZERO && frame.timelines.iter().any(is_open);
            let shown = running || demo.playback.get() != Default::default();
            shown.then(|| frame.scale().x(at).min(1.0))
        })
    };
    view! {
        <div class="grid">
            {move || {
                (scale.get().ticks(TICKS).into_iter())
                    .map(|tick| {
                        view! { <div class="grid-line" style:left=percent(tick.x)></div> }
                    })
                    .collect_view()
            }}
            <div
                class="cursor"
                class:none=move || cursor().is_none()
                style:left=move || percent(cursor().unwrap_or_default())
            ></div>
        </div>
    }
}

fn is_open(timeline: &Timeline) -> bool {
    phase(timeline) == Phase::Running
}

fn percent(fraction: f64) -> String {
    format!("{:.3}%", fraction * 100.0)
}

/// The time between the parallel run's end and the sequential one's, once both are known.
#[component]
fn Saved(place: usize) -> impl IntoView {
    let demo = expect_context::<Demo>();
    let saved = Memo::new(move |_| {
        let both = makespans(demo)?;
        let kind = demo.stage.with(|stage| stage.lineup.get(place).map(|planned| planned.kind))?;
        let from = both.parallel;
        let saved = both.sequential.checked_sub(from).filter(|saved| !saved.is_zero())?;
        let scale = demo.frame.with(|frame| frame.scale());
        (kind == Kind::Parallel)
            .then(|| (scale.length(from), scale.length(saved), seconds(saved)))
    });
    view! {
        <div class="grid">
            {move || {
                saved.get().map(|(x, width, length)| {
                    view! {
                        <div class="saved" style:left=percent(x) style:width=percent(width)>
                            <span>{length}" s saved"</span>
                        </div>
                    }
                })
            }}
        </div>
    }
}

#[derive(Clone, Copy, PartialEq)]
struct Makespans {
    sequential: std::time::Duration,
    parallel: std::time::Duration,
}

/// Both makespans, once both runs have their answer.
fn makespans(demo: Demo) -> Option<Makespans> {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let of = |kind| {
                let place = stage.lineup.iter().position(|planned| planned.kind == kind)?;
                let timeline = frame.timelines.get(place)?;
                (phase(timeline) == Phase::Done).then(|| timeline.makespan())
            };
            Some(Makespans { sequential: of(Kind::Sequential)?, parallel: of(Kind::Parallel)? })
        })
    })
}

#[component]
fn Axis() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let scale = Memo::new(move |_| demo.frame.with(|frame| frame.scale()));
    view! {
        <div class="axis" aria-hidden="true">
            <span class="axis-name">"seconds"</span>
            <div class="axis-plot">
                {move || {
                    (scale.get().ticks(TICKS).into_iter())
                        .map(|tick| {
                            view! { <span class="tick" style:left=percent(tick.x)>{tick.label}</span> }
                        })
                        .collect_view()
                }}
            </div>
        </div>
    }
}

/// What came out: how many times faster, and the article's formula with this run's figures.
#[component]
fn Verdict() -> impl IntoView {
    let demo = expect_context::<Demo>();
    // Before the run, the same sums for what is expected.
    let shown = Memo::new(move |_| {
        demo.stage.with(|stage| {
            demo.frame.with(|frame| {
                let pipeline = &stage.experiment.preset.pipeline;
                let run = |place: usize| {
                    let actual = frame.timelines.get(place);
                    let begun = actual.filter(|timeline| timeline.run().started.is_some());
                    match begun {
                        Some(timeline) => Some((timeline, false)),
                        None => Some((stage.lineup[place].ghost.as_ref()?, true)),
                    }
                };
                (stage.lineup.iter().enumerate())
                    .filter_map(|(place, planned)| {
                        let (timeline, expected) = run(place)?;
                        let sum = formula(pipeline, planned.kind, timeline)?;
                        Some((planned.kind.word(), sum, expected))
                    })
                    .collect::<Vec<_>>()
            })
        })
    });
    let speedup = Memo::new(move |_| {
        let both = makespans(demo)?;
        metrics::speedup(both.sequential, both.parallel).map(|times| format!("{times:.1}×"))
    });
    view! {
        <div class="verdict">
            <p class="speedup" class:pending=move || speedup.get().is_none() aria-hidden="true">
                <strong>{move || speedup.get().unwrap_or_else(|| "?×".into())}</strong>
                <span>" faster"</span>
            </p>
            <dl class="sums">
                {move || {
                    (shown.get().into_iter())
                        .map(|(kind, sum, expected)| {
                            view! {
                                <div class:expected=expected>
                                    <dt>{kind}{expected.then_some(", expected")}</dt>
                                    <dd>{sum}</dd>
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </dl>
        </div>
    }
}

fn formula(pipeline: &Pipeline, kind: Kind, timeline: &Timeline) -> Option<String> {
    let durations = metrics::durations(timeline);
    let total = timeline.makespan();
    if phase(timeline) != Phase::Done {
        return None;
    }
    match kind {
        Kind::Sequential => metrics::sequential_formula(total, &durations),
        Kind::Parallel => metrics::parallel_formula(total, pipeline, &durations),
    }
}
