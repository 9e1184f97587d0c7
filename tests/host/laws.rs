//! What holds of every run of every pipeline: the scheduler's laws, over random ones.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::time::Duration;

use converge::engine::Schedule;
use converge::time::micros;
use converge::trace::{EventKind, Outcome};
use proptest::prelude::*;

use crate::fixtures::{
    Case, cases, check_log, conditions, ends, faulty_cases, run, run_while, starts, widths,
};

fn work(case: &Case) -> Duration {
    case.latencies().iter().sum()
}

proptest! {
    #[test]
    fn every_width_gives_the_same_answers(case in cases(), width in widths()) {
        let alone = run(&case.pipeline, &case.scripts, Schedule::sequential()).result.unwrap();
        let schedule = Schedule { width, ..Schedule::parallel() };
        let together = run(&case.pipeline, &case.scripts, schedule).result.unwrap();
        prop_assert_eq!(&alone, &together);
        prop_assert_eq!(alone.outcome, Outcome::Done);
        // The topic and an answer for each agent.
        prop_assert_eq!(alone.state.iter().count(), 1 + case.len());
    }

    #[test]
    fn one_at_a_time_takes_as_long_as_all_the_work(case in cases()) {
        let ran = run(&case.pipeline, &case.scripts, Schedule::sequential());
        prop_assert_eq!(ran.makespan(), work(&case));
    }

    #[test]
    fn all_at_once_takes_as_long_as_the_longest_chain(case in cases()) {
        let ran = run(&case.pipeline, &case.scripts, Schedule::parallel());
        prop_assert_eq!(ran.makespan(), case.longest_chain());
    }

    /// From below: no schedule beats the longest chain, nor the work shared out evenly. From above
    /// (Graham's bound): no slot stays free while somebody could use it.
    #[test]
    fn every_width_stays_within_its_bounds(case in cases(), width in 1..10_usize) {
        let schedule = crate::fixtures::width(width);
        let makespan = micros(run(&case.pipeline, &case.scripts, schedule).makespan());
        let (work, chain, width) = (micros(work(&case)), micros(case.longest_chain()), width as u64);
        prop_assert!(makespan >= chain.max(work.div_ceil(width)));
        prop_assert!(makespan * width <= work + (width - 1) * chain);
    }

    #[test]
    fn every_span_of_a_finished_run_is_in_order(case in cases(), width in widths()) {
        let ran = run(&case.pipeline, &case.scripts, Schedule { width, ..Schedule::parallel() });
        check_log(&case.pipeline, &ran.trace, width);
        let timeline = ran.timeline(&case.pipeline);
        prop_assert!(timeline.max_in_flight() <= width.get());
        prop_assert!(timeline.max_in_flight() >= 1);
        prop_assert_eq!(timeline.in_flight(), 0);
        let latencies = case.latencies();
        for (agent, lane) in timeline.lanes().iter().enumerate() {
            prop_assert_eq!(lane.duration(timeline.cursor()), latencies[agent]);
        }
    }

    /// Among those who could start, the first in the list does.
    #[test]
    fn a_free_slot_goes_to_the_first_in_the_list(case in cases()) {
        let ran = run(&case.pipeline, &case.scripts, Schedule::sequential());
        let mut ready = std::collections::BTreeSet::new();
        for event in ran.trace.events() {
            match (event.span.agent_index(), &event.kind) {
                (Some(agent), EventKind::Queued) => { ready.insert(agent); }
                (Some(agent), EventKind::Start) => {
                    prop_assert_eq!(ready.pop_first(), Some(agent));
                }
                _ => {}
            }
        }
        prop_assert!(ready.is_empty());
    }

    /// Stopped after any number of timers, faults or not: the log is the one of the whole run up
    /// to there, and then everything that is open is closed.
    #[test]
    fn a_run_that_is_dropped_closes_every_span(
        case in faulty_cases(),
        schedule in conditions(),
        stop in any::<prop::sample::Index>(),
    ) {
        let timers = Cell::new(0);
        let whole = run_while(&case.pipeline, &case.scripts, schedule, |deadline| {
            timers.set(timers.get() + 1);
            deadline.as_micros() < u64::MAX
        });
        let allowed = stop.index(timers.get() + 1);
        let passed = Cell::new(0);
        let cut = run_while(&case.pipeline, &case.scripts, schedule, |deadline| {
            passed.set(passed.get() + 1);
            passed.get() <= allowed && deadline.as_micros() < u64::MAX
        });
        check_log(&case.pipeline, &cut.trace, schedule.width);
        if cut.result.is_some() {
            prop_assert_eq!(cut.trace, whole.trace);
            return Ok(());
        }
        let events = cut.trace.events();
        let same = events.iter().zip(whole.trace.events()).take_while(|(a, b)| a == b).count();
        let closing = &events[same..];
        prop_assert!(!closing.is_empty() || whole.result.is_none());
        for event in closing {
            prop_assert_eq!(&event.kind, &EventKind::End(Outcome::Cancelled));
        }
    }

    #[test]
    fn a_run_that_is_never_polled_leaves_no_log(case in cases()) {
        let clock = converge::clock::VirtualClock::new();
        let trace = std::cell::RefCell::new(converge::trace::Trace::new());
        let model = converge::simulate::SimulatedModel::new(
            case.scripts.clone(),
            std::rc::Rc::new(clock.clone()),
        );
        let inputs = converge::state::State::new();
        let run = converge::engine::run(
            &case.pipeline, inputs, Schedule::parallel(), &clock, &model, &trace,
        );
        drop(run);
        prop_assert!(trace.borrow().events().is_empty());
    }

    /// Whoever is queued waits for a slot and for nothing else: it was queued at the moment its
    /// last need ended.
    #[test]
    fn an_agent_is_queued_when_its_last_need_ends(case in cases(), width in widths()) {
        let ran = run(&case.pipeline, &case.scripts, Schedule { width, ..Schedule::parallel() });
        let ends = ends(&case.pipeline, &ran.trace);
        let starts = starts(&case.pipeline, &ran.trace);
        for (agent, lane) in ran.timeline(&case.pipeline).lanes().iter().enumerate() {
            let needs = case.pipeline.needs(agent).iter();
            let last = needs.filter_map(|need| ends[*need].as_ref().map(|(at, _)| *at)).max();
            prop_assert_eq!(lane.queued, Some(last.unwrap_or_default()));
            if width == NonZeroUsize::MAX {
                prop_assert_eq!(lane.queued, starts[agent]);
            }
        }
    }
}
