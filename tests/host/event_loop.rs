//! The one thread: who had it, what the picture of it is, and the article's steps.

use std::time::Duration;

use converge::config::Settings;
use converge::engine::Schedule;
use converge::presets::{PresetId, preset};
use converge::simulate::{Fault, Script, min_speed, predict};
use converge::time::Instant;
use converge::timeline::Timeline;
use converge::timeline::event_loop::{
    Marks, Picture, Plot, Rows, blockage, busy, busy_share, free, marks, milliseconds,
};
use converge::timeline::scale::TimeScale;
use converge::timeline::steps::{Moment, Step, ThreadUse, steps};
use converge::trace::{Event, EventKind, SpanId, Trace};
use proptest::prelude::*;

use crate::fixtures::{at_ms, faulty_cases, ms, pipeline, run, widths};

fn event(at: u64, span: SpanId, kind: EventKind) -> Event {
    Event { at: Instant::from_micros(at), span, kind }
}

fn poll(agent: usize, since: u64, until: u64) -> Event {
    let took = Duration::from_micros(until - since);
    let kind = EventKind::Poll { since: Instant::from_micros(since), took };
    event(until, SpanId::agent(agent), kind)
}

/// Two agents on one thread, in microseconds; the run has come to a second.
fn two() -> (converge::pipeline::Pipeline, Timeline) {
    let (plan, _) = pipeline(&[("a", &["topic"], 1), ("b", &["topic"], 1)]);
    let trace: Trace = [
        event(0, SpanId::RUN, EventKind::Start),
        poll(0, 0, 100_000),
        poll(1, 100_000, 100_300),
        poll(0, 500_000, 501_000),
    ]
    .into_iter()
    .collect();
    let timeline = Timeline::at(&trace, 2, at_ms(1000));
    (plan, timeline)
}

#[test]
fn the_thread_was_busy_for_the_sum_of_the_polls() {
    let (plan, timeline) = two();
    assert_eq!(busy(&timeline), "busy 101 ms of 1,000 ms");
    assert_eq!(free(&timeline).unwrap(), "free 89.8% of the time");
    let sums = Rows::of(&plan).sums(&timeline);
    assert_eq!(sums, [(2, ms(101)), (1, Duration::from_micros(300))]);
    assert_eq!(busy(&Timeline::new(2)), "busy 0.0 ms of 0.0 ms");
    assert_eq!(free(&Timeline::new(2)), None);
    assert_eq!((busy_share(&timeline), busy_share(&Timeline::new(2))), (Some(0.1013), None));
}

#[test]
fn a_poll_that_goes_on_at_the_cursor_has_the_thread() {
    let (plan, _) = two();
    let trace: Trace = [
        event(0, SpanId::RUN, EventKind::Start),
        event(0, SpanId::agent(0), EventKind::Start),
        event(400, SpanId::agent(0), EventKind::Delta("x".into())),
        poll(0, 100, 1_000_000),
        event(1_000_000, SpanId::RUN, EventKind::End(converge::trace::Outcome::Done)),
    ]
    .into_iter()
    .collect();
    let at = |micros| Timeline::at(&trace, 2, Instant::from_micros(micros));
    let timeline = at(500_000);
    let poll = timeline.on_thread().unwrap();
    assert_eq!((poll.agent, poll.since.as_micros(), poll.until.as_micros()), (0, 100, 500_000));
    assert_eq!(busy(&timeline), "busy 500 ms of 500 ms");
    assert_eq!(Rows::of(&plan).sums(&timeline)[0].1, Duration::from_micros(499_900));
    let drawn = marks(&timeline, &Rows::of(&plan), plot(TimeScale::up_to(ms(1000))));
    assert_eq!(drawn[0].turns, "M0.00010 0H0.50000V1H0.00010z");
    // Before it and after it nobody has the thread, and nothing is counted twice.
    assert_eq!((at(100).on_thread(), at(1_000_000).on_thread()), (None, None));
    assert_eq!(busy(&at(1_000_000)), "busy 1,000 ms of 1,000 ms");
}

#[test]
fn lengths_read_as_people_write_them() {
    let micros = [1_300, 9_949, 9_951, 300, 2_300_000, 86_400_000_000];
    let read = micros.map(|micros| milliseconds(Duration::from_micros(micros)));
    assert_eq!(read, ["1.3 ms", "9.9 ms", "10 ms", "0.3 ms", "2,300 ms", "86,400,000 ms"]);
}

/// A picture of a thousand pixels.
fn plot(window: TimeScale) -> Plot {
    Plot { window, pixel: 0.001 }
}

#[test]
fn a_turn_is_as_long_in_the_picture_as_it_had_the_thread() {
    let (plan, timeline) = two();
    let drawn = |zoom, at| {
        marks(&timeline, &Rows::of(&plan), plot(TimeScale::around(at_ms(at), ms(1000), zoom)))
    };
    let turns = |marks: &[Marks]| marks.iter().map(|row| row.turns.clone()).collect::<Vec<_>>();
    let widened = |marks: &[Marks]| marks.iter().map(|row| row.widened.clone()).collect::<Vec<_>>();
    let all = drawn(0, 0);
    assert_eq!(turns(&all)[0], "M0.00000 0H0.10000V1H0.00000zM0.50000 0H0.50100V1H0.50000z");
    assert_eq!(turns(&all)[1], turns(&all)[0]);
    // Three tenths of a millisecond are less than a pixel: drawn as one, and apart.
    assert_eq!(turns(&all)[2], "");
    assert_eq!(widened(&all)[0], "M0.10000 0H0.10100V1H0.10000z");
    assert_eq!(widened(&all)[1..], ["", "M0.10000 0H0.10100V1H0.10000z"]);
    // A quarter of it around half a second; then what is outside is not drawn.
    assert_eq!(turns(&drawn(1, 500))[0], "M0.50000 0H0.50400V1H0.50000z");
    // Close enough, a turn of three tenths of a millisecond is almost a third of the picture.
    assert_eq!(turns(&drawn(5, 100))[2], "M0.50000 0H0.80000V1H0.50000z");
    // The one that reaches in from outside begins at the edge.
    assert_eq!(turns(&drawn(5, 100))[1], "M0.00000 0H0.50000V1H0.00000z");
}

#[test]
fn turns_in_one_pixel_are_one_mark_and_leave_the_next_pixel_free() {
    let (plan, _) = two();
    let polls = [100_000, 100_100, 100_600, 101_050].map(|since| poll(0, since, since + 20));
    let trace: Trace = [event(0, SpanId::RUN, EventKind::Start)].into_iter().chain(polls).collect();
    let timeline = Timeline::at(&trace, 2, at_ms(1000));
    let drawn = marks(&timeline, &Rows::of(&plan), plot(TimeScale::up_to(ms(1000))));
    assert_eq!(drawn[1].widened, "M0.10000 0H0.10100V1H0.10000zM0.10105 0H0.10205V1H0.10105z");
    assert_eq!(drawn[1].turns, "");
}

proptest! {
    #[test]
    fn a_part_of_an_axis_is_on_it_and_shows_what_it_is_around(
        end in 1_000..10_000_000_000_u64, at in 0.0..=1.0_f64, zoom in 0..20_u32, most in 2..10_usize,
    ) {
        let middle = Instant::from_micros((end as f64 * at) as u64);
        let end = Duration::from_micros(end);
        let scale = TimeScale::around(middle, end, zoom);
        prop_assert!((-1e-9..=1.0 + 1e-9).contains(&scale.x(middle)));
        prop_assert!(scale.x(Instant::ZERO) <= 1e-9);
        prop_assert!(scale.x(Instant::ZERO + end) >= 1.0 - 1e-9);
        prop_assert!(scale.extent() >= ms(1));
        let ticks = scale.ticks(most);
        prop_assert!(ticks.len() <= most + 1);
        prop_assert!(ticks.iter().all(|tick| (-1e-9..=1.0 + 1e-9).contains(&tick.x)), "{:?}", ticks);
        prop_assert!(ticks.windows(2).all(|two| two[0].label != two[1].label), "{:?}", ticks);
        prop_assert_eq!(TimeScale::around(middle, end, TimeScale::deepest(end)).extent(), ms(1));
    }

    /// A picture that goes on with its log is the one that is drawn from the beginning, wherever the
    /// cursor goes, and no poll is drawn twice while it goes forward.
    #[test]
    fn a_picture_goes_on(
        case in faulty_cases(), zoom in 0..3_u32, turns in prop::collection::vec(0.0..=1.0_f64, 0..8),
    ) {
        let ran = run(&case.pipeline, &case.scripts, Schedule::parallel());
        let rows = Rows::of(&case.pipeline);
        let end = ran.trace.end();
        let window = plot(TimeScale::around(end, end.since(Instant::ZERO).max(ms(1)), zoom));
        let mut picture = Picture::default();
        let mut look = |at: Instant, run: u32| {
            let timeline = Timeline::at(&ran.trace, case.len(), at);
            let read = picture.draw((&timeline, run), &rows, window);
            (read, picture.marks(&timeline, &rows), marks(&timeline, &rows, window))
        };
        let mut read = 0;
        for event in ran.trace.events() {
            let (fresh, drawn, whole) = look(event.at, 1);
            prop_assert_eq!(drawn, whole);
            read += fresh;
        }
        let polls = Timeline::at(&ran.trace, case.len(), end).polls().len();
        prop_assert!(read <= polls, "{} of {} were read", read, polls);
        for share in turns {
            let at = Instant::from_micros((end.as_micros() as f64 * share) as u64);
            let (_, drawn, whole) = look(at, 1);
            prop_assert_eq!(drawn, whole);
        }
        // The log of another run may have as many polls.
        let (anew, _, _) = look(end, 2);
        let (again, _, _) = look(end, 3);
        prop_assert_eq!(anew, again);
        prop_assert_eq!(look(end, 3).0, 0);
    }

    /// One picture of the thread and one for each row, however a run went; and the steps come in
    /// order of time only: what is done stays done.
    #[test]
    fn any_run_can_be_told(case in faulty_cases(), width in widths()) {
        let schedule = Schedule { width, ..Schedule::parallel() };
        let ran = run(&case.pipeline, &case.scripts, schedule);
        let rows = Rows::of(&case.pipeline);
        let mut before = Vec::new();
        for event in ran.trace.events() {
            let timeline = Timeline::at(&ran.trace, case.len(), event.at);
            let drawn = marks(&timeline, &rows, plot(TimeScale::around(event.at, ms(4000), 1)));
            prop_assert_eq!(drawn.len(), rows.labels.len() + 1);
            let now = steps(&case.pipeline, &timeline, &|_| ThreadUse::Awaits);
            prop_assert!(!now.is_empty() && now.len() <= 14);
            for (before, now) in std::iter::zip(&before, &now) {
                let step: &Step = before;
                prop_assert!(step.state as u8 <= now.state as u8, "{:?} then {:?}", before, now);
            }
            before = now;
        }
        if ran.result.is_some() {
            prop_assert_eq!(before.last().unwrap().state, Moment::Done);
        }
    }
}

/// The steps at a moment, a line each, with `·` for what is to come and `>` for what goes on.
fn told(id: PresetId, schedule: Schedule, at: u64) -> String {
    let preset = preset(id, 9);
    let ran = run(&preset.pipeline, &preset.scripts, schedule);
    let timeline = Timeline::at(&ran.trace, preset.pipeline.agents().len(), at_ms(at));
    lines(steps(&preset.pipeline, &timeline, &|_| ThreadUse::Awaits))
}

fn lines(steps: Vec<Step>) -> String {
    let line = |step: Step| {
        let mark = match step.state {
            Moment::NotYet => "·",
            Moment::Now => ">",
            Moment::Done => "✓",
        };
        format!("{mark} {}\n", step.text)
    };
    steps.into_iter().map(line).collect()
}

#[test]
fn the_articles_steps_under_the_runs_own_agents() {
    let company = |at| told(PresetId::Company, Schedule::parallel(), at);
    assert_eq!(
        company(100),
        "✓ Start News: its request goes out\n\
         > While News waits: start Stock, Social, Internal\n\
         · News answers → resume News\n\
         · Stock answers → resume Stock\n\
         · Social answers → resume Social\n\
         · Internal answers → resume Internal\n\
         · All 4 done → proceed with Synthesis\n"
    );
    assert_eq!(
        company(1000),
        "✓ Start News: its request goes out\n\
         ✓ While News waits: start Stock, Social, Internal\n\
         > News answers → resume News\n\
         ✓ Stock answers → resume Stock\n\
         ✓ Social answers → resume Social\n\
         > Internal answers → resume Internal\n\
         · All 4 done → proceed with Synthesis\n"
    );
    assert!(company(1600).ends_with("> All 4 done → proceed with Synthesis\n"));
    let over = company(2400);
    assert!(over.lines().all(|line| line.starts_with('✓')), "{over}");
}

#[test]
fn one_slot_is_told_as_such() {
    let company = told(PresetId::Company, Schedule::sequential(), 100);
    let second = company.lines().nth(1).unwrap();
    assert_eq!(second, "· While News waits: too few slots for all, so the rest start one by one");
}

#[test]
fn of_many_branches_most_share_a_step() {
    let steps = told(PresetId::Fanout, Schedule::parallel(), 0);
    assert_eq!(steps.lines().count(), 9);
    assert!(steps.contains("4 more are resumed: 0 so far"), "{steps}");
}

/// What an address comes to in parallel, as it is predicted.
fn predicted(address: &str) -> (Timeline, Duration) {
    let (settings, notes) = Settings::read("", address);
    let (experiment, about) = settings.experiment();
    assert_eq!([notes, about].concat(), Vec::<String>::new());
    let pipeline = &experiment.preset.pipeline;
    let of = |schedule| {
        let trace = predict(pipeline, &experiment.inputs, &experiment.scripts, schedule);
        Timeline::at(&trace, pipeline.agents().len(), trace.end())
    };
    (of(settings.parallel(pipeline)), of(settings.sequential(pipeline)).makespan())
}

#[test]
fn when_all_branches_compute_nothing_is_gained() {
    let (parallel, sequential) = predicted("#preset=company&block=all");
    assert_eq!((sequential, parallel.makespan()), (ms(5100), ms(5100)));
    assert_eq!(busy(&parallel), "busy 4,300 ms of 5,100 ms");
    // Each had the thread for its latency, one right after the other, in list order.
    let long: Vec<_> = (parallel.polls().iter())
        .filter(|poll| poll.until > poll.since)
        .map(|poll| (poll.agent, poll.since, poll.until))
        .collect();
    assert_eq!(
        long,
        [
            (0, at_ms(0), at_ms(1200)),
            (1, at_ms(1200), at_ms(2100)),
            (2, at_ms(2100), at_ms(2800)),
            (3, at_ms(2800), at_ms(4300)),
        ]
    );
}

/// With one it depends on when it blocks: first in the list it holds all up, last none.
#[test]
fn one_that_computes_costs_what_comes_after_it() {
    let (first, _) = predicted("#preset=company&block=news");
    assert_eq!(first.makespan(), ms(1200 + 1500 + 800));
    let found = blockage(&first, 0).unwrap();
    assert_eq!((found.poll.since, found.poll.until), (at_ms(0), at_ms(1200)));
    assert_eq!((found.held_up, found.waiting), (vec![1, 2, 3], vec![]));

    let (last, _) = predicted("#preset=company&block=internal");
    assert_eq!(last.makespan(), ms(2300));
    let found = blockage(&last, 3).unwrap();
    assert_eq!((found.held_up, found.waiting), (vec![], vec![0, 1, 2]));
    // Who waited on the network meanwhile is noticed late.
    assert_eq!(last.lanes()[0].end(), Some(at_ms(1500)));
}

#[test]
fn a_name_that_nobody_has_blocks_nobody() {
    let (settings, _) = Settings::read("", "#block=nobody");
    let (experiment, notes) = settings.experiment();
    assert_eq!(notes, ["block: there is no agent called nobody."]);
    assert!(experiment.scripts.iter().all(|script| !script.blocking));
}

#[test]
fn no_freeze_lasts_two_seconds() {
    let script = |seconds, fault| Script {
        blocking: true,
        fault,
        ..crate::fixtures::script(Duration::from_secs(seconds), "")
    };
    let frozen = |scripts: &[Script]| {
        let real: u64 = scripts.iter().map(|script| script.latency.as_secs()).sum();
        real as f64 / min_speed(scripts)
    };
    assert!(frozen(&[script(10, None)]) < 2.0);
    assert!(frozen(&[script(10, None), script(80_000, None)]) < 2.0);
    let late = Fault::Status { status: 500, after: Some(Duration::from_secs(60)) };
    assert!(min_speed(&[script(1, Some(late.into()))]) > 30.0);
    // What hangs does not compute, or it would take the page with it.
    assert!(min_speed(&[script(9, Some(Fault::Hang.into()))]) < 1e-9);
    assert!(min_speed(&[crate::fixtures::script(ms(9000), "")]) < 1e-9);
}

#[test]
fn what_hangs_awaits_even_so() {
    let (timeline, _) = predicted("#preset=company&block=all&fail=news:hang&on_error=collect");
    assert_eq!(timeline.lanes()[0].held, Duration::ZERO);
}
