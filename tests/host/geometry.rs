//! Axes and bars.

use std::time::Duration;

use converge::engine::{OnFailure, Schedule};
use converge::simulate::Fault;
use converge::time::Instant;
use converge::timeline::gantt::{Bar, Stretch, bar, bars};
use converge::timeline::overview;
use converge::timeline::scale::TimeScale;
use converge::timeline::{Phase, Timeline};
use proptest::prelude::*;

use crate::fixtures::{at_ms, conditions, faulty_cases, ms, pipeline, run, width};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

proptest! {
    /// To a place and back is the same moment, whatever the axis.
    #[test]
    fn a_scale_goes_both_ways(end in 100_000..1_000_000_000_u64, part in 0.0..=1.0_f64) {
        let scale = TimeScale::up_to(Duration::from_micros(end));
        let at = Instant::from_micros((part * end as f64) as u64);
        prop_assert_eq!(scale.at(scale.x(at)), at);
        prop_assert!((scale.x(scale.at(part)) - part).abs() <= 1.0 / end as f64);
    }

    #[test]
    fn ticks_are_few_even_and_on_the_axis(micros in 0..100_000_000_000_u64, most in 1..12_usize) {
        let scale = TimeScale::up_to(Duration::from_micros(micros));
        let ticks = scale.ticks(most);
        prop_assert!(ticks.len() <= most + 1);
        prop_assert_eq!((ticks[0].x, ticks[0].label.as_str()), (0.0, "0"));
        let step = ticks.get(1).map_or(1.0, |tick| tick.x);
        for (k, tick) in ticks.iter().enumerate() {
            prop_assert!((0.0..=1.0).contains(&tick.x));
            prop_assert!(close(tick.x, k as f64 * step), "{:?}", ticks);
        }
        // Few, but not so few that twice as many would have done.
        prop_assert!(ticks.len() > 1 || most < 3 , "{:?}", ticks);
    }

    #[test]
    fn bars_lie_on_the_axis(case in faulty_cases(), schedule in conditions(), part in 0.0..=1.0_f64) {
        let schedule = Schedule { on_failure: OnFailure::Collect, ..schedule };
        let trace = run(&case.pipeline, &case.scripts, schedule).trace;
        let end = trace.end().since(Instant::ZERO);
        let cursor = Instant::ZERO + end.mul_f64(part);
        let timeline = Timeline::at(&trace, case.len(), cursor);
        let scale = TimeScale::up_to(end);
        let edge = scale.x(cursor) + 1e-9;
        for (bar, lane) in bars(&timeline, scale).iter().zip(timeline.lanes()) {
            prop_assert_eq!(bar.phase, lane.phase());
            prop_assert_eq!(bar.run.is_some(), lane.started.is_some());
            for stretch in [bar.queue, bar.run, bar.silence].into_iter().flatten() {
                prop_assert!(stretch.x >= 0.0 && stretch.width >= 0.0);
                prop_assert!(stretch.x + stretch.width <= edge, "{:?} beyond {}", bar, edge);
            }
            if let Some(run) = bar.run {
                prop_assert_eq!(bar.silence.is_some(), bar.now.is_some());
                if let (Some(silence), Some(now)) = (bar.silence, bar.now) {
                    prop_assert!(silence.x == now.x && silence.width <= now.width + 1e-12);
                }
                if let Some(second) = bar.second {
                    prop_assert!(second.run.x >= run.x - 1e-12 && second.run.width >= 0.0);
                    prop_assert!(second.run.x + second.run.width <= run.x + run.width + 1e-9);
                }
                // Attempts, waits and queues follow each other and are the whole bar.
                let parts = bar.failed.iter().flat_map(|attempt| {
                    [Some(attempt.run), Some(attempt.wait), attempt.queue]
                });
                let mut reached = run.x;
                for part in parts.chain([bar.now]).flatten() {
                    prop_assert!(close(part.x, reached), "{:?}", bar);
                    reached = part.x + part.width;
                }
                prop_assert!(close(reached, run.x + run.width), "{:?}", bar);
                if let Some(queue) = bar.queue {
                    prop_assert!(close(queue.x + queue.width, run.x), "the queue ends at the start");
                }
            }
        }
    }
}

#[test]
fn a_scale_has_a_length_even_when_nothing_happened() {
    let scale = TimeScale::up_to(Duration::ZERO);
    assert_eq!(scale.extent(), ms(100));
    assert_eq!(scale.x(Instant::ZERO), 0.0);
}

#[test]
fn beyond_an_edge_is_at_the_edge() {
    let scale = TimeScale::up_to(ms(2000));
    assert_eq!([-0.5, 0.25, 1.5].map(|x| scale.at(x)), [at_ms(0), at_ms(500), at_ms(2000)]);
}

fn check_ticks(end: u64, most: usize, expected: &[&str]) {
    let ticks = TimeScale::up_to(ms(end)).ticks(most);
    let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
    assert_eq!(labels, expected);
}

#[test]
fn ticks_are_at_round_figures() {
    check_ticks(5100, 6, &["0", "1", "2", "3", "4", "5"]);
    check_ticks(5100, 4, &["0", "2", "4"]);
    check_ticks(2300, 6, &["0", "0.5", "1.0", "1.5", "2.0"]);
    check_ticks(100, 5, &["0", "0.02", "0.04", "0.06", "0.08", "0.10"]);
    check_ticks(100_000, 5, &["0", "20", "40", "60", "80", "100"]);
}

#[test]
fn bars_of_a_run_under_a_limit() {
    let (plan, scripts) = pipeline(&[
        ("a", &["topic"], 1000),
        ("b", &["topic"], 500),
        ("c", &["topic"], 500),
        ("d", &["a", "b", "c"], 1000),
    ]);
    let trace = run(&plan, &scripts, width(2)).trace;
    let scale = TimeScale::up_to(ms(2000));
    let stretch = |x, width| Some(Stretch { x, width });
    let bar = |phase, queue, run, silence| Bar {
        phase,
        queue,
        run,
        now: run,
        silence,
        thinking: Vec::new(),
        orphaned: None,
        failed: vec![],
        second: None,
    };
    let at = |cursor| bars(&Timeline::at(&trace, 4, at_ms(cursor)), scale);

    // One word a piece, spoken after three tenths of the time.
    assert_eq!(
        at(2000),
        [
            bar(Phase::Done, None, stretch(0.0, 0.5), stretch(0.0, 0.15)),
            bar(Phase::Done, None, stretch(0.0, 0.25), stretch(0.0, 0.075)),
            bar(Phase::Done, stretch(0.0, 0.25), stretch(0.25, 0.25), stretch(0.25, 0.075)),
            bar(Phase::Done, None, stretch(0.5, 0.5), stretch(0.5, 0.15)),
        ]
    );
    // They grow up to the cursor and not beyond it.
    assert_eq!(
        at(250),
        [
            bar(Phase::Running, None, stretch(0.0, 0.125), stretch(0.0, 0.125)),
            bar(Phase::Running, None, stretch(0.0, 0.125), stretch(0.0, 0.075)),
            bar(Phase::Queued, stretch(0.0, 0.125), None, None),
            bar(Phase::Waiting, None, None, None),
        ]
    );
}

#[test]
fn what_is_beyond_an_edge_is_cut() {
    let (plan, scripts) = pipeline(&[("a", &["topic"], 1000), ("b", &["a"], 1000)]);
    let trace = run(&plan, &scripts, width(2)).trace;
    let timeline = Timeline::at(&trace, 2, at_ms(2000));
    // From a quarter of a second before the middle to as much after it.
    let scale = TimeScale::around(at_ms(1000), ms(2000), 1);
    let runs: Vec<_> = bars(&timeline, scale).into_iter().map(|bar| bar.run).collect();
    let half = |x| Some(Stretch { x, width: 0.5 });
    assert_eq!(runs, [half(0.0), half(0.5)]);
    let scale = TimeScale::around(at_ms(0), ms(2000), 1);
    let runs: Vec<_> = bars(&timeline, scale).into_iter().map(|bar| bar.run).collect();
    assert_eq!(runs, [Some(Stretch { x: 0.0, width: 1.0 }), None]);
}

/// The picture of all lanes, a line for each state that is in it.
fn overview(timeline: &Timeline, scale: TimeScale, most: usize) -> String {
    let paths = std::iter::zip(overview::DRAWN, overview::paths(timeline, scale, most));
    let drawn = paths.filter(|(_, path)| !path.is_empty());
    drawn.map(|(phase, path)| format!("{} {path}\n", phase.as_str())).collect()
}

#[test]
fn all_lanes_are_a_path_for_each_state() {
    let (plan, scripts) = pipeline(&[
        ("a", &["topic"], 1000),
        ("b", &["topic"], 500),
        ("c", &["topic"], 500),
        ("d", &["a", "b", "c"], 1000),
    ]);
    let trace = run(&plan, &scripts, width(2)).trace;
    let scale = TimeScale::up_to(ms(2000));
    let at = |cursor, most| overview(&Timeline::at(&trace, 4, at_ms(cursor)), scale, most);
    // As many rows as lanes: bars of their own, with gaps between them.
    assert_eq!(
        at(750, 9),
        "queued M0.00000 2h0.25000v.8h-0.25000z\n\
         done M0.00000 1h0.25000v.8h-0.25000z\n\
         running M0.00000 0h0.37500v.8h-0.37500zM0.25000 2h0.12500v.8h-0.12500z\n"
    );
    // Two lanes a row: what any of them does is there, and what touches is one.
    assert_eq!(
        at(2000, 2),
        "queued M0.00000 1h0.25000v1h-0.25000z\n\
         done M0.00000 0h0.50000v1h-0.50000zM0.25000 1h0.75000v1h-0.75000z\n"
    );
}

proptest! {
    /// However many lanes share a row, every moment in which an agent ran is painted there.
    #[test]
    fn no_bar_is_left_out_of_the_overview(case in faulty_cases(), most in 1..12_usize) {
        let ran = run(&case.pipeline, &case.scripts, width(2));
        let end = ran.timeline(&case.pipeline);
        let scale = TimeScale::up_to(end.makespan());
        let rows = overview::rows(case.len(), most);
        prop_assert!(rows <= most && rows <= case.len());
        let paths = overview::paths(&end, scale, most);
        let painted: Vec<(usize, f64, f64)> = (paths.iter().flat_map(|path| path.split('M')))
            .filter(|piece| !piece.is_empty())
            .map(|piece| {
                let (x, rest) = piece.split_once(' ').unwrap();
                let (row, rest) = rest.split_once('h').unwrap();
                let (width, _) = rest.split_once('v').unwrap();
                let x: f64 = x.parse().unwrap();
                (row.parse().unwrap(), x, x + width.parse::<f64>().unwrap())
            })
            .collect();
        for (agent, bar) in bars(&end, scale).into_iter().enumerate() {
            let Some(now) = bar.now.filter(|_| overview::DRAWN.contains(&bar.phase)) else { continue };
            let is_there = painted.iter().any(|(row, from, to)| {
                let own = (row * case.len() / rows..(row + 1) * case.len() / rows).contains(&agent);
                own && *from <= now.x + 1e-5 && *to >= now.x + now.width - 1e-5
            });
            prop_assert!(is_there, "{agent}: {now:?} in {painted:?}");
        }
    }
}

/// What an agent does after the run has failed is a stretch of its own, from that moment on.
#[test]
fn work_for_nobody_is_marked_from_the_failure_on() {
    let (plan, mut scripts) = pipeline(&[("a", &["topic"], 500), ("b", &["topic"], 1000)]);
    scripts[0].fault = Some(Fault::Status { status: 500, after: None }.into());
    let schedule = Schedule { on_failure: OnFailure::Leave, ..Schedule::parallel() };
    let ran = run(&plan, &scripts, schedule);
    let scale = TimeScale::up_to(ms(1000));
    let at = |millis| {
        let timeline = Timeline::at(&ran.trace, 2, at_ms(millis));
        bar(&timeline, 1, scale).unwrap().orphaned
    };
    assert_eq!(at(400), None);
    assert_eq!(at(750), Some(Stretch { x: 0.5, width: 0.25 }));
    assert_eq!(at(1000), Some(Stretch { x: 0.5, width: 0.5 }));
}
