//! The fold over a log: what is on screen depends on the log and the cursor, and on nothing else.

use std::cell::{Cell, RefCell};

use converge::engine::Schedule;
use converge::model::{FinishReason, Usage};
use converge::presets::{PresetId, preset};
use converge::state::State;
use converge::time::Instant;
use converge::timeline::checkpoints::Checkpoints;
use converge::timeline::scale::TimeScale;
use converge::timeline::steps::{self, Moment, ThreadUse};
use converge::timeline::{Phase, Timeline};
use converge::timeline::{data, event_loop, gantt, metrics, overview, sentences};
use converge::trace::{Event, EventKind, Hedged, Outcome, Sink, SpanId, Trace};
use futures::FutureExt;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::fixtures::{Case, at_ms, conditions, faulty_cases, ms, pipeline, run, width};

/// A log with everything in it that can happen, and moments in and around it.
fn logs() -> impl Strategy<Value = (Case, Trace, Vec<Instant>)> {
    (faulty_cases(), conditions(), proptest::collection::vec((any::<Index>(), 0..3_u64), 1..8))
        .prop_map(|(case, schedule, picks)| {
            let trace = run(&case.pipeline, &case.scripts, schedule).trace;
            let moment = |(index, beside): (Index, u64)| {
                // At an event, just before it, just after it.
                let at = trace.events()[index.index(trace.events().len())].at.as_micros();
                Instant::from_micros((at + beside).saturating_sub(1))
            };
            let moments = picks.into_iter().map(moment).collect();
            (case, trace, moments)
        })
}

proptest! {
    /// A prefix of the log gives the prefix of the timeline: nothing that is shown depends on what
    /// comes later.
    #[test]
    fn the_future_does_not_show((case, trace, moments) in logs()) {
        for moment in moments {
            let past: Trace = trace.events().iter().filter(|e| e.at <= moment).cloned().collect();
            prop_assert_eq!(
                Timeline::at(&trace, case.len(), moment),
                Timeline::at(&past, case.len(), moment)
            );
        }
    }

    /// However the cursor came to where it is, forward or backward.
    #[test]
    fn the_way_there_does_not_show((case, trace, moments) in logs()) {
        let mut timeline = Timeline::new(case.len());
        for moment in moments {
            timeline.seek(&trace, moment);
            prop_assert_eq!(&timeline, &Timeline::at(&trace, case.len(), moment));
            prop_assert_eq!(timeline.cursor(), moment);
        }
    }

    /// Going back to a checkpoint is the same as reading the whole log.
    #[test]
    fn a_checkpoint_does_not_show((case, trace, moments) in logs(), every in 1..9_usize) {
        let mut timeline = Timeline::new(case.len());
        let mut checkpoints = Checkpoints::every(every);
        for moment in moments {
            checkpoints.seek(&mut timeline, &trace, moment);
            prop_assert_eq!(&timeline, &Timeline::at(&trace, case.len(), moment));
        }
    }

    /// A log that was read in slices is where it would be, and so are its checkpoints.
    #[test]
    fn slices_do_not_show((case, trace, moments) in logs()) {
        let pauses = Cell::new(0);
        let read = Checkpoints::at_end_in_parts(&trace, case.len(), async || {
            pauses.set(pauses.get() + 1);
        });
        let (mut timeline, mut checkpoints) = read.now_or_never().unwrap();
        prop_assert!(pauses.get() * 256 >= trace.events().len());
        prop_assert_eq!(&timeline, &Timeline::at(&trace, case.len(), trace.end()));
        for moment in moments {
            checkpoints.seek(&mut timeline, &trace, moment);
            prop_assert_eq!(&timeline, &Timeline::at(&trace, case.len(), moment));
        }
    }

    /// A run that is folded as it happens comes to what its log says.
    #[test]
    fn a_run_without_a_log_is_the_same((case, trace, _) in logs()) {
        let run = RefCell::new(Timeline::new(case.len()));
        trace.events().iter().for_each(|event| run.emit(event.clone()));
        prop_assert_eq!(run.into_inner(), Timeline::at(&trace, case.len(), trace.end()));
    }

    /// Watching a run event by event comes to the same as reading its log afterwards.
    #[test]
    fn live_and_afterwards_are_the_same((case, trace, _) in logs()) {
        let mut growing = Trace::new();
        let mut live = Timeline::new(case.len());
        for event in trace.events() {
            growing.push(event.clone());
            live.seek(&growing, growing.end());
        }
        prop_assert_eq!(live, Timeline::at(&trace, case.len(), trace.end()));
    }

    /// Each lane says what its events say, found here the slow way.
    #[test]
    fn a_lane_is_what_its_events_say((case, trace, moments) in logs()) {
        for moment in moments {
            let timeline = Timeline::at(&trace, case.len(), moment);
            let mut running = 0;
            for (agent, lane) in timeline.lanes().iter().enumerate() {
                let own = || trace.events().iter()
                    .filter(|e| e.at <= moment && e.span == SpanId::agent(agent));
                let when = |wanted: fn(&EventKind) -> bool| {
                    own().find(|event| wanted(&event.kind)).map(|event| event.at)
                };
                prop_assert_eq!(lane.queued, when(|kind| *kind == EventKind::Queued));
                prop_assert_eq!(lane.started, when(|kind| *kind == EventKind::Start));
                prop_assert_eq!(lane.end(), when(|kind| matches!(kind, EventKind::End(_))));
                // What was said, attempt by attempt: each begins with nothing said. A second call
                // says its own, which is the answer if it wins.
                let mut said = vec![(None, String::new())];
                let mut second = (None, String::new());
                let more = |(first, so_far): &mut (Option<_>, String), at, text: &str| {
                    first.get_or_insert(at);
                    so_far.push_str(text);
                };
                for event in own() {
                    match &event.kind {
                        EventKind::Delta(text) => more(said.last_mut().unwrap(), event.at, text),
                        EventKind::Second(kind) => {
                            if let EventKind::Delta(text) = &**kind {
                                more(&mut second, event.at, text);
                            }
                        }
                        EventKind::Hedged(Hedged::SecondWon) => {
                            std::mem::swap(said.last_mut().unwrap(), &mut second);
                        }
                        EventKind::Retry { .. } => said.push((None, String::new())),
                        EventKind::Fallback(text) => {
                            said.last_mut().unwrap().1.clone_from(text);
                        }
                        _ => {}
                    }
                }
                let failed = lane.failed.iter().map(|attempt| (attempt.first, attempt.text.clone()));
                let shown: Vec<_> = failed.chain([(lane.first, lane.text.clone())]).collect();
                prop_assert_eq!(shown, said);
                let shown = lane.second.as_ref().map(|call| (call.first, call.text.clone()));
                prop_assert_eq!(shown.unwrap_or_default(), second);
                let polls = own().filter(|event| matches!(event.kind, EventKind::Poll { .. }));
                prop_assert_eq!(lane.polls as usize, polls.count());
                running += usize::from(lane.phase().is_in_flight());
            }
            prop_assert_eq!(timeline.in_flight(), running);
            prop_assert!(timeline.max_in_flight() >= running);
        }
    }

    /// What was written of an answer is what the agents after it read.
    #[test]
    fn an_agent_that_is_done_has_said_its_answer((case, trace, _) in logs()) {
        let timeline = Timeline::at(&trace, case.len(), trace.end());
        for (agent, lane) in timeline.lanes().iter().enumerate() {
            let script = &case.scripts[agent];
            if lane.phase() == Phase::Done {
                let passes = case.pipeline.agents()[agent].work == converge::pipeline::Work::PassThrough;
                let beginning = format!("word from a{agent} (");
                prop_assert!(passes || lane.text.starts_with(&beginning), "{:?}", script);
            }
        }
    }
}

fn event(at: u64, span: SpanId, kind: EventKind) -> Event {
    Event { at: at_ms(at), span, kind }
}

#[test]
fn a_lane_through_its_life() {
    let a = SpanId::agent(0);
    let usage = |output_tokens| Usage { input_tokens: 7, output_tokens, thinking_tokens: 0 };
    let trace: Trace = [
        event(0, SpanId::RUN, EventKind::Start),
        event(10, a, EventKind::Queued),
        event(20, a, EventKind::Start),
        event(20, a, EventKind::Poll { since: at_ms(20), took: ms(1) }),
        event(30, a, EventKind::Delta("Hel".into())),
        event(30, a, EventKind::Usage(usage(1))),
        event(40, a, EventKind::Delta("lo".into())),
        event(40, a, EventKind::Usage(usage(2))),
        event(50, a, EventKind::Finish(FinishReason::Length)),
        event(50, a, EventKind::Poll { since: at_ms(48), took: ms(2) }),
        event(50, a, EventKind::End(Outcome::Done)),
        event(60, SpanId::RUN, EventKind::End(Outcome::Done)),
    ]
    .into_iter()
    .collect();
    let phase = |at| Timeline::at(&trace, 1, at_ms(at)).lanes()[0].phase();
    let phases = [0, 9, 10, 19, 20, 49, 50, 99].map(phase);
    use Phase::{Done, Queued, Running, Waiting};
    assert_eq!(phases, [Waiting, Waiting, Queued, Queued, Running, Running, Done, Done]);

    let midway = Timeline::at(&trace, 1, at_ms(35));
    assert_eq!((midway.in_flight(), midway.makespan()), (1, ms(35)));
    assert_eq!(midway.lanes()[0].duration(midway.cursor()), ms(15));

    let end = Timeline::at(&trace, 1, at_ms(99));
    let lane = &end.lanes()[0];
    assert_eq!((lane.text.as_str(), lane.first), ("Hello", Some(at_ms(30))));
    assert_eq!(lane.usage, Some(usage(2)), "the later one replaces the earlier one");
    assert_eq!(lane.finish, Some(FinishReason::Length));
    assert_eq!((lane.polls, lane.busy), (2, ms(3)));
    assert_eq!(lane.duration(end.cursor()), ms(30));
    assert_eq!((end.in_flight(), end.max_in_flight(), end.makespan()), (0, 1, ms(60)));
}

/// A file may hold anything: agents that are not in the pipeline, and two ends for one.
#[test]
fn strange_logs_do_no_harm() {
    let done = || EventKind::End(Outcome::Done);
    let trace: Trace = [
        event(0, SpanId::RUN, EventKind::Start),
        event(0, SpanId::agent(9), EventKind::Start),
        event(1, SpanId::agent(0), done()),
        event(2, SpanId::agent(0), EventKind::Start),
        event(3, SpanId::agent(0), done()),
        event(4, SpanId::agent(0), done()),
    ]
    .into_iter()
    .collect();
    let timeline = Timeline::at(&trace, 1, at_ms(9));
    assert_eq!(timeline.lanes().len(), 1);
    assert_eq!((timeline.in_flight(), timeline.max_in_flight()), (0, 0));
}

/// Everything that is drawn or said of a run, of one that has nothing in its log yet, one event, or
/// two: nothing comes to harm, and no figure is made up.
#[test]
fn a_run_with_one_event_can_be_looked_at() {
    let preset = preset(PresetId::Company, 1);
    let (plan, whole) = (&preset.pipeline, run(&preset.pipeline, &preset.scripts, width(1)).trace);
    for events in 0..4 {
        let trace: Trace = whole.events()[..events].iter().cloned().collect();
        for cursor in [0, 1, 5_000] {
            let timeline = Timeline::at(&trace, plan.agents().len(), at_ms(cursor));
            let scale = TimeScale::up_to(timeline.makespan());
            assert!(scale.ticks(8).len() > 1);
            assert!(gantt::bars(&timeline, scale).iter().all(|bar| bar.failed.is_empty()));
            assert!(overview::paths(&timeline, scale, 9)[1].is_empty(), "nothing is done");
            let durations = metrics::durations(&timeline);
            assert_eq!(metrics::work(&durations), ms(0), "nobody has started");
            assert!(
                metrics::critical_path(plan, &durations).slack.iter().all(|s| *s <= ms(cursor))
            );
            assert_eq!(metrics::speedup(ms(1), metrics::work(&[])), None);
            let rows = event_loop::Rows::of(plan);
            let plot = event_loop::Plot { window: scale, pixel: 0.001 };
            let marks = event_loop::marks(&timeline, &rows, plot);
            assert!(marks.iter().all(|row| *row == event_loop::Marks::default()));
            let told = steps::steps(plan, &timeline, &|_| ThreadUse::Awaits);
            assert!(told.iter().all(|step| step.state != Moment::Done));
            assert!(data::Data::new(plan, &State::new(), &timeline).state(0..9).len() > 5);
            let runs = [sentences::ScheduleRun {
                schedule: "parallel",
                timeline: &timeline,
                injected: &[],
            }];
            let said = sentences::status(plan, &runs);
            let expected = if events == 0 { "Press Run." } else { "Running: 0 of 4 branches done" };
            assert_eq!(said, expected);
        }
    }
}

/// What a log takes in memory for each of its events, at the moment at which it has just grown: lists
/// grow to twice their size. Measured on the host, where every length and address is twice as long as
/// in the browser.
#[test]
fn an_event_takes_two_hundred_bytes_at_most() {
    let preset = preset(PresetId::Fanout, 1_000);
    let trace = run(&preset.pipeline, &preset.scripts, Schedule::parallel()).trace;
    let events = trace.events();
    let texts = events.iter().map(|event| match &event.kind {
        EventKind::Delta(text) => text.capacity(),
        _ => 0,
    });
    let each = 2 * size_of::<Event>() + texts.sum::<usize>() / events.len();
    assert!(each <= 200, "{each} bytes");
}

#[test]
fn the_most_in_flight_is_remembered() {
    let (plan, scripts) =
        pipeline(&[("a", &["topic"], 10), ("b", &["topic"], 20), ("c", &["a", "b"], 10)]);
    let trace = run(&plan, &scripts, Schedule::parallel()).trace;
    let seen = [0, 10, 20, 30].map(|at| {
        let timeline = Timeline::at(&trace, 3, at_ms(at));
        (timeline.in_flight(), timeline.max_in_flight())
    });
    assert_eq!(seen, [(2, 2), (1, 2), (1, 2), (0, 2)]);
}

/// A long log, in which each event has a moment of its own.
fn long(events: u64) -> Trace {
    let event = |at| {
        let kind = match at {
            0 => EventKind::Start,
            _ => EventKind::Delta(format!("{at} ")),
        };
        Event { at: Instant::from_micros(at), span: SpanId::agent((at % 3) as usize), kind }
    };
    (0..events).map(event).collect()
}

#[test]
fn going_back_reads_what_is_new_and_little_more() {
    let trace = long(100_000);
    let mut timeline = Timeline::new(3);
    let mut checkpoints = Checkpoints::default();
    let at = Instant::from_micros;
    assert_eq!(checkpoints.seek(&mut timeline, &trace, at(99_999)), 100_000);
    // A sixteenth of the log at most, and never from the beginning once there is a checkpoint.
    for moment in [99_000, 50_000, 49_999, 20_000, 8_192, 70_000, 69_000] {
        let forward = (moment as usize).saturating_sub(timeline.cursor().as_micros() as usize);
        let read = checkpoints.seek(&mut timeline, &trace, at(moment));
        assert!(read <= forward.max(100_000 / 8), "{read} events to {moment}");
        assert_eq!(timeline, Timeline::at(&trace, 3, at(moment)), "{moment}");
    }
    // Forward it goes on from where it stands.
    assert_eq!(checkpoints.seek(&mut timeline, &trace, at(69_010)), 10);
    // A log that grows is read on.
    let mut growing = long(1_000);
    let mut live = Timeline::new(3);
    let mut checkpoints = Checkpoints::default();
    assert_eq!(checkpoints.seek(&mut live, &growing, at(5_000)), 1_000);
    for event in &long(2_000).events()[1_000..] {
        growing.push(event.clone());
    }
    assert_eq!(checkpoints.seek(&mut live, &growing, at(5_000)), 1_000);
    assert!(checkpoints.seek(&mut live, &growing, at(1_600)) < 600);
    assert_eq!(live, Timeline::at(&growing, 3, at(1_600)));
}

#[test]
fn a_log_is_over_when_all_that_it_has_begun_is_whatever_a_broken_one_names() {
    let event = |at, span, kind| format!(r#"{{"at":{at},"span":{span},"kind":{kind}}}"#);
    let read = |events: &[String]| -> Trace {
        serde_json::from_str(&format!("[{}]", events.join(","))).unwrap()
    };
    let (start, end) = (r#""start""#, r#"{"end":"done"}"#);
    let mut events = vec![event(0, 0, start), event(0, 2, start)];
    assert!(!Trace::new().is_over());
    assert!(!read(&events).is_over());
    events.extend([event(1, 2, end), event(1, 1, end), event(1, 2, end)]);
    assert!(!read(&events).is_over());
    // A number as large as a broken log may hold takes no more memory than another.
    events.extend([event(2, u32::MAX, start), event(2, 0, end)]);
    assert!(!read(&events).is_over());
    events.push(event(3, u32::MAX, end));
    assert!(read(&events).is_over());
}
