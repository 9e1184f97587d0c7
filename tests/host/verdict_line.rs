//! The verdict line: progress, then the result in parts, and no claim without two results.

use std::num::NonZeroUsize;

use converge::config::Settings;
use converge::plan::Kind;
use converge::simulate::predict;
use converge::timeline::Timeline;
use converge::timeline::sentences::{ScheduleRun, VerdictLine, VerdictState, status, verdict};
use converge::trace::Trace;

use crate::fixtures::{at_ms, run_while};

/// The verdict line and the status sentence of the race under these settings, so many milliseconds
/// after its beginning.
fn at(address: &str, millis: u64) -> (VerdictLine, String) {
    let (settings, notes) = Settings::read("", address);
    assert_eq!(notes, [""; 0], "{address}");
    let plan = converge::plan::Plan::of(&settings, None).0;
    let experiment = &plan.experiment;
    let timelines: Vec<Timeline> = (plan.lineup.iter())
        .map(|planned| {
            let trace =
                predict(plan.pipeline(), &experiment.inputs, &experiment.scripts, planned.schedule);
            Timeline::at(&trace, plan.agents(), at_ms(millis))
        })
        .collect();
    let frame = converge::plan::Frame { timelines, ..Default::default() };
    let runs = frame.runs(&plan);
    (verdict(plan.pipeline(), &runs), status(plan.pipeline(), &runs))
}

/// Its parts in one line, as they are seen, and its state.
fn check(address: &str, millis: u64, state: VerdictState, expected: &str) {
    let (line, _) = at(address, millis);
    let parts = [line.headline, line.times, line.detail];
    let seen = parts.into_iter().flatten().collect::<Vec<_>>().join(" | ");
    assert_eq!((line.state, seen.as_str()), (state, expected), "{address} at {millis}");
}

const END: u64 = 60_000;

#[test]
fn a_race_from_start_to_end() {
    let check = |millis, state, expected| check("", millis, state, expected);
    check(0, VerdictState::Running, "0 of 3 branches done");
    check(
        950,
        VerdictState::Running,
        "1 of 3 branches done, waiting for Renewable energy and Electric vehicles",
    );
    check(1300, VerdictState::Running, "2 of 3 branches done, waiting for Electric vehicles");
    check(1600, VerdictState::Running, "All branches done. Writing the report.");
    check(2400, VerdictState::Running, "Parallel finished in 2.3 s. Sequential is still running.");
    check(
        END,
        VerdictState::Done,
        "1.9× faster | 4.4 s → 2.3 s | Electric vehicles (1.5 s) + Synthesis (0.8 s)",
    );
}

#[test]
fn before_a_run() {
    let plan = |schedule| {
        let settings = Settings::read("", schedule).0;
        let plan = converge::plan::Plan::of(&settings, None).0;
        let timelines = vec![Timeline::new(plan.agents()); plan.lineup.len()];
        let frame = converge::plan::Frame { timelines, ..Default::default() };
        let runs = frame.runs(&plan);
        (verdict(plan.pipeline(), &runs), status(plan.pipeline(), &runs))
    };
    for (settings, expected) in
        [("", "Press Run. Both runs start together."), ("schedule=parallel", "Press Run.")]
    {
        let (line, status) = plan(settings);
        assert_eq!(line.state, VerdictState::Idle);
        assert_eq!((line.headline, line.times), (None, None));
        assert_eq!((line.detail.as_deref(), status.as_str()), (Some(expected), expected));
    }
}

#[test]
fn one_run_alone_is_not_compared() {
    check(
        "schedule=parallel",
        END,
        VerdictState::Done,
        "parallel 2.3 s | Electric vehicles (1.5 s) + Synthesis (0.8 s)",
    );
    let (_, status) = at("schedule=parallel", END);
    assert_eq!(status, "Finished: parallel 2.3 s");
}

/// 10.2 s and 10.0 s are 1.0 times, which is no speedup.
#[test]
fn no_speedup_is_said_to_be_none() {
    let address = "preset=fanout&n=3&latency=task1:10,task2:0.1,task3:0.1,synthesis:0";
    check(address, END, VerdictState::Done, "No speedup | 10.2 s → 10.0 s | Task 1 (10.0 s)");
    let (_, status) = at(address, END);
    assert_eq!(status, "Finished: sequential 10.2 s, parallel 10.0 s, no speedup");
    check(
        "block=all",
        END,
        VerdictState::Done,
        "No speedup | 4.4 s → 4.4 s | Agents blocked the event loop for 3.6 s.",
    );
}

#[test]
fn under_a_limit_the_slots_are_the_reason() {
    check(
        "preset=company&limit=2",
        END,
        VerdictState::Done,
        "1.5× faster | 5.1 s → 3.5 s | 2 agents waited for a slot.",
    );
}

#[test]
fn both_failures_are_told_with_their_times() {
    let address = "preset=company&fail=stock:500@0.4";
    check(
        address,
        700,
        VerdictState::Running,
        "Parallel: Stock failed at 0.4 s (a fault you injected). Sequential is still running.",
    );
    check(
        address,
        END,
        VerdictState::Failed,
        "No comparison: both runs failed. Stock failed (a fault you injected): sequential 1.6 s, \
         parallel 0.4 s. The other branches were canceled.",
    );
    let (_, status) = at(address, END);
    assert_eq!(
        status,
        "Failed: sequential 1.6 s, parallel 0.4 s. Stock failed (a fault you injected): the server \
         answered with error 500: simulated fault."
    );
}

#[test]
fn a_run_that_hits_its_timeout_is_not_compared() {
    check(
        "preset=company&run_timeout=3",
        END,
        VerdictState::Failed,
        "No comparison: the sequential run failed. The run hit its 3.0 s timeout. Parallel finished \
         in 2.3 s. 3 branches had finished. Internal was canceled.",
    );
}

#[test]
fn a_missing_answer_is_told_beside_the_speedup() {
    check(
        "preset=company&fail=stock:500@0.4&on_error=collect",
        END,
        VerdictState::Incomplete,
        "2.0× faster | 4.6 s → 2.3 s | The report is missing Stock (a fault you injected), which \
         failed.",
    );
    check(
        "preset=company&fail=stock:500@0.4&on_error=fallback",
        END,
        VerdictState::Incomplete,
        "2.0× faster | 4.6 s → 2.3 s | Stock (a fault you injected) failed. Its fallback was used.",
    );
}

/// What runs on unused is still told when the run itself is over.
#[test]
fn agents_that_run_on_are_told() {
    let address = "preset=company&schedule=parallel&fail=stock:500@0.4&on_error=leave";
    check(
        address,
        1000,
        VerdictState::Failed,
        "Stock failed at 0.4 s (a fault you injected). 2 agents are still running, but nothing will \
         use the answers (1.5 s wasted).",
    );
    check(
        address,
        END,
        VerdictState::Failed,
        "Stock failed at 0.4 s (a fault you injected). 3 agents ran on, but nothing used the \
         answers (2.2 s wasted).",
    );
}

/// What a quorum and a hedge leave out and waste.
#[test]
fn a_report_that_did_not_wait() {
    let race = |more: &str| format!("preset=company&schedule=parallel&{more}");
    check(
        &race("quorum=3"),
        END,
        VerdictState::Incomplete,
        "parallel 2.0 s | Synthesis began without Internal: 3 of 4 answers were enough. Internal was \
         canceled (1.2 s wasted).",
    );
    check(
        &race("quorum=3,keep"),
        END,
        VerdictState::Incomplete,
        "parallel 2.0 s | Synthesis began without Internal: 3 of 4 answers were enough. 1 agent ran \
         on, but nothing used the answers (0.3 s wasted).",
    );
    check(
        &race("hedge=1"),
        END,
        VerdictState::Done,
        "parallel 2.3 s | 2 agents were asked a second time: no second call won (0.7 s of calls \
         wasted).",
    );
    check(
        &race("hedge=internal:1&fail=internal:hangx1"),
        END,
        VerdictState::Done,
        "parallel 3.3 s | 1 agent was asked a second time: the second call won (2.5 s of calls \
         wasted).",
    );
}

/// A live race runs one after the other: the second has not begun while the first is over.
#[test]
fn between_live_runs() {
    let plan = converge::plan::Plan::of(&Settings::default(), None).0;
    let over = plan.lineup[1].expected.as_deref().unwrap();
    assert_eq!(plan.lineup[1].kind, Kind::Parallel);
    let none = Timeline::new(plan.agents());
    let runs = [
        ScheduleRun { schedule: "sequential", timeline: &none, injected: &[] },
        ScheduleRun { schedule: "parallel", timeline: over, injected: &[] },
    ];
    let line = verdict(plan.pipeline(), &runs);
    assert_eq!(line.state, VerdictState::Running);
    assert_eq!(line.detail.as_deref(), Some("Parallel finished in 2.3 s. Sequential is next."));
}

#[test]
fn a_stopped_race_is_not_compared() {
    let (settings, _) = Settings::read("", "");
    let plan = converge::plan::Plan::of(&settings, None).0;
    let scripts = &plan.experiment.scripts;
    let stop =
        |schedule| run_while(plan.pipeline(), scripts, schedule, |at| at <= at_ms(1300)).trace;
    let traces: [Trace; 2] =
        [settings.sequential(plan.pipeline()), settings.parallel(plan.pipeline())].map(stop);
    let [slow, fast] = traces.map(|trace| Timeline::at(&trace, plan.agents(), at_ms(END)));
    let runs = [
        ScheduleRun { schedule: "sequential", timeline: &slow, injected: &[] },
        ScheduleRun { schedule: "parallel", timeline: &fast, injected: &[] },
    ];
    let line = verdict(plan.pipeline(), &runs);
    assert_eq!((line.state, line.headline, line.times), (VerdictState::Stopped, None, None));
    let detail = line.detail.unwrap();
    assert!(
        detail.starts_with("Stopped at 1.") && detail.ends_with("with 2 of 3 branches done."),
        "{detail}"
    );
}

/// Whatever the width, at every event: "faster" only beside two results.
#[test]
fn faster_needs_two_results() {
    for width in 1..4 {
        let (settings, _) = Settings::read("", &format!("fail=EVResearcher:503&limit={width}"));
        assert_eq!(settings.limit, NonZeroUsize::new(width));
        for policy in ["cancel", "leave", "wait", "collect", "fallback"] {
            let address = format!("{}&on_error={policy}", settings.fragment());
            for millis in (0..6000).step_by(100) {
                let (line, status) = at(&address, millis);
                let claims = line.headline.is_some() || status.contains("faster");
                let both = matches!(line.state, VerdictState::Done | VerdictState::Incomplete);
                assert!(both || !claims, "{address} at {millis}: {line:?} {status}");
            }
        }
    }
}
