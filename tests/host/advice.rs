//! Advice is checked by following it: whatever the limit and whoever blocks the event loop.

use std::num::NonZeroUsize;
use std::time::Duration;

use converge::advice::{Advice, advise};
use converge::config::Settings;
use converge::engine::Schedule;
use converge::pipeline::Pipeline;
use converge::presets::{PresetId, preset};
use converge::simulate::{Script, scripts_of};
use converge::timeline::{Phase, metrics};
use proptest::prelude::*;

use crate::fixtures::{cases, faulty_cases, ms, pipeline, run, schedules, script, width, widths};

fn makespan(pipeline: &Pipeline, scripts: &[Script], schedule: Schedule) -> Duration {
    run(pipeline, scripts, schedule).makespan()
}

fn with_latency(scripts: &[Script], agent: usize, latency: Duration) -> Vec<Script> {
    let mut scripts = scripts.to_vec();
    scripts[agent].latency = latency;
    scripts
}

proptest! {
    #[test]
    fn advice_holds_when_it_is_followed(
        case in cases(),
        width in widths(),
        blocking in proptest::collection::vec(proptest::bool::weighted(0.2), 16),
    ) {
        let pipeline = &case.pipeline;
        let mut scripts = case.scripts.clone();
        for (script, blocking) in scripts.iter_mut().zip(blocking) {
            script.blocking = blocking;
        }
        let schedule = Schedule { width, ..Schedule::parallel() };
        let Some(advice) = advise(pipeline, &scripts, schedule) else {
            prop_assert!(metrics::work(&case.latencies()).is_zero());
            return Ok(());
        };
        let before = makespan(pipeline, &scripts, schedule);
        prop_assert_eq!(advice.makespan, before);

        for (agent, slack) in advice.slack.iter().enumerate() {
            let slower = with_latency(&scripts, agent, scripts[agent].latency + *slack);
            let after = makespan(pipeline, &slower, schedule);
            prop_assert!(after.abs_diff(before) <= ms(1), "{} {:?}: {:?} {:?}", agent, slack, before, after);
        }
        let gain = |agent: usize| {
            let without = with_latency(&scripts, agent, Duration::ZERO);
            before.saturating_sub(makespan(pipeline, &without, schedule))
        };
        let best = (0..case.len()).map(gain).max().unwrap_or_default();
        match advice.biggest_win {
            Some((agent, said)) => {
                prop_assert_eq!(gain(agent), said);
                prop_assert_eq!(best, said);
            }
            None => prop_assert!(best < ms(1), "somebody gains {:?}", best),
        }
        // No number of slots beats the chain that is named.
        if let Some(path) = &advice.path {
            let widest = Schedule { width: NonZeroUsize::MAX, ..schedule };
            prop_assert_eq!(makespan(pipeline, &scripts, widest), path.length);
            prop_assert!(path.length <= before);
        }
    }
}

proptest! {
    /// Whatever failed on the way and whatever the policy: what is said of a run that has a result
    /// holds for agents that take as long as they took.
    #[test]
    fn advice_on_a_run_with_failures_holds(case in faulty_cases(), schedule in schedules()) {
        let ran = run(&case.pipeline, &case.scripts, schedule).timeline(&case.pipeline);
        prop_assume!(ran.run().phase() == Phase::Done && ran.limits().is_empty());
        let (pipeline, scripts) = (&case.pipeline, scripts_of(&ran));
        let Some(advice) = advise(pipeline, &scripts, schedule) else { return Ok(()) };
        let before = makespan(pipeline, &scripts, schedule);
        prop_assert_eq!(advice.makespan, before);
        let after = |agent: usize, latency| {
            makespan(pipeline, &with_latency(&scripts, agent, latency), schedule)
        };
        for (agent, slack) in advice.slack.iter().enumerate() {
            let slower = after(agent, scripts[agent].latency + *slack);
            prop_assert!(slower.abs_diff(before) <= ms(1), "{}: {:?}", agent, slack);
        }
        let gains = (0..case.len()).map(|agent| before.saturating_sub(after(agent, Duration::ZERO)));
        let most = gains.max().unwrap_or_default();
        match advice.biggest_win {
            Some((_, said)) => prop_assert_eq!(said, most),
            None => prop_assert!(most < ms(50), "an agent gains {:?}", most),
        }
    }
}

/// What the page says of a parallel run under these settings.
fn check(address: &str, expected: &[&str]) {
    let (settings, notes) = Settings::read("", address);
    let (experiment, about_agents) = settings.experiment();
    assert_eq!([notes, about_agents].concat(), [""; 0], "{address}");
    let pipeline = &experiment.preset.pipeline;
    let advice = advise(pipeline, &experiment.scripts, settings.parallel(pipeline));
    let said = advice.map(|advice| advice.sentences(pipeline)).unwrap_or_default();
    assert_eq!(said, expected, "{address}");
}

#[test]
fn the_company_has_a_slowest_branch() {
    check(
        "preset=company",
        &[
            "Best possible speedup: 2.2×. Internal and Synthesis must run back to back (2.3 s).",
            "Biggest win: a faster Synthesis (up to 0.8 s).",
            "Social has 0.8 s of slack.",
        ],
    );
}

/// Two at a time, internal waits for two others and ends at 2.7 s instead of 1.5 s.
#[test]
fn under_a_limit_the_slots_decide_too() {
    check(
        "preset=company&limit=2",
        &[
            "Best possible speedup without the limit: 2.2×. Internal and Synthesis must run back to \
             back (2.3 s).",
            "Biggest win: a faster Internal (up to 1.1 s).",
            "Social has 1.1 s of slack.",
        ],
    );
}

/// A blocking agent makes the others wait for the thread, which no critical path knows.
#[test]
fn with_a_blocked_event_loop_only_what_has_been_run_is_said() {
    let (settings, _) = Settings::read("", "preset=company&block=news");
    let (experiment, _) = settings.experiment();
    let pipeline = &experiment.preset.pipeline;
    let advice = advise(pipeline, &experiment.scripts, settings.parallel(pipeline));
    let Advice { path, .. } = advice.unwrap();
    assert_eq!(path, None);
}

#[test]
fn equal_branches_tie() {
    check(
        "preset=fanout&n=3&latency=*:2,synthesis:0",
        &[
            "Best possible speedup: 3.0×. Task 1 alone takes 2.0 s.",
            "Several agents tie: speeding up one alone won't help.",
        ],
    );
}

#[test]
fn however_wide_or_long_advice_can_be_followed() {
    check(
        "preset=fanout&n=2000",
        &[
            "Best possible speedup: 769.8×. Task 1 and Synthesis must run back to back (1.3 s).",
            "Biggest win: a faster Synthesis (up to 0.8 s).",
        ],
    );
    // Too many to be run again for each of them.
    check("preset=fanout&n=2000&limit=7", &[]);
    let names = ["a", "b", "c", "d", "e", "f"];
    let reads: Vec<[&str; 1]> =
        std::iter::once("topic").chain(names).map(|reads| [reads]).collect();
    let chain = std::iter::zip(names, &reads).map(|(name, reads)| (name, &reads[..], 1000));
    let (plan, scripts) = pipeline(&chain.collect::<Vec<_>>());
    let advice = advise(&plan, &scripts, width(6)).unwrap();
    assert_eq!(
        advice.sentences(&plan)[0],
        "Best possible speedup: 1.0×. a to f must run back to back (6.0 s)."
    );
}

#[test]
fn where_nothing_takes_time_there_is_no_advice() {
    let company = preset(PresetId::Company, 1);
    let scripts = vec![script(ms(0), "at once"); 5];
    assert_eq!(advise(&company.pipeline, &scripts, Schedule::parallel()), None);
}
