//! Joins that begin with enough of their branches' answers, and what becomes of the late ones.

use std::num::NonZeroUsize;

use converge::engine::{Late, OnFailure, Quorum, Schedule, Timeouts};
use converge::pipeline::{Pipeline, Work};
use converge::simulate::{Fault, Script};
use converge::timeline::Timeline;
use converge::timeline::sentences::{self, ScheduleRun};
use converge::timeline::text::text;
use converge::trace::{EventKind, Outcome, SpanId};
use proptest::prelude::*;

use crate::fixtures::{
    Case, Ran, at_ms, cases, check_log, faulty_cases, ms, pipeline, policies, quorums, run, widths,
};

fn of(answers: usize, late: Late) -> Quorum {
    Quorum { answers: NonZeroUsize::new(answers).unwrap(), join: None, late }
}

fn branches() -> (Pipeline, Vec<Script>) {
    pipeline(&[
        ("a", &["topic"], 100),
        ("b", &["topic"], 200),
        ("c", &["topic"], 300),
        ("e", &["topic"], 900),
        ("d", &["a", "b", "c", "e"], 100),
    ])
}

/// A picture with a column for 0.1 s, and when the caller has the answer.
fn check(
    (plan, scripts): &(Pipeline, Vec<Script>),
    schedule: Schedule,
    caller: u64,
    expected: &str,
) -> Ran {
    let ran = run(plan, scripts, schedule);
    check_log(plan, &ran.trace, schedule.width);
    let picture = text(plan, &ran.timeline(plan), ms(100));
    assert_eq!(picture, expected.trim_start_matches('\n'), "\n{picture}");
    let is_end = |kind: &EventKind| matches!(kind, EventKind::End(_));
    let mut events = ran.trace.events().iter();
    let end = events.find(|event| event.span == SpanId::RUN && is_end(&event.kind)).unwrap();
    assert_eq!(end.at, at_ms(caller), "when the caller has the answer");
    ran
}

fn missing(ran: &Ran, agent: usize) -> Vec<usize> {
    let events = ran.trace.events().iter().filter(|event| event.span == SpanId::agent(agent));
    let missing = events.filter_map(|event| match &event.kind {
        EventKind::Quorum { missing } => Some(missing.clone()),
        _ => None,
    });
    missing.flatten().collect()
}

#[test]
fn three_of_four_are_enough() {
    let quorum = Some(of(3, Late::Cancel));
    let schedule = Schedule { quorum, ..Schedule::parallel() };
    let ran = check(
        &branches(),
        schedule,
        400,
        "
a #
b ##
c ###
e ###x
d    #
  0.4 s
",
    );
    assert_eq!(missing(&ran, 4), [3]);
    let (plan, _) = branches();
    assert_eq!(ran.timeline(&plan).lanes()[4].missing, [3]);
    // The key is missing in the prompt, and says so.
    let prompt = &ran.prompts.last().unwrap().user;
    assert!(prompt.starts_with("a b c ") && prompt.len() > "a b c ".len(), "{prompt}");
    assert_eq!(ran.result.unwrap().outcome, Outcome::Done);
}

#[test]
fn late_branches_may_run_on() {
    let quorum = Some(of(3, Late::Keep));
    check(
        &branches(),
        Schedule { quorum, ..Schedule::parallel() },
        400,
        "
a #
b ##
c ###
e #########o
d    #
  0.4 s
",
    );
    // How they end changes nothing.
    let (plan, mut scripts) = branches();
    scripts[3].fault = Some(Fault::Status { status: 500, after: None }.into());
    let ran = check(
        &(plan, scripts),
        Schedule { quorum, ..Schedule::parallel() },
        400,
        "
a #
b ##
c ###
e #########!
d    #
  0.4 s
",
    );
    assert_eq!(ran.result.unwrap().outcome, Outcome::Done);
}

/// One at a time, the branches that are not needed are not begun.
#[test]
fn in_sequence_a_quorum_saves_the_rest() {
    for late in [Late::Cancel, Late::Keep] {
        let schedule = Schedule { quorum: Some(of(2, late)), ..Schedule::sequential() };
        check(
            &branches(),
            schedule,
            400,
            "
a #
b .##
c ...x
e ...x
d    #
  0.4 s
",
        );
    }
}

/// A branch that another agent still waits for is not late, and what only a late branch needed is.
#[test]
fn only_what_no_agent_needs_is_late() {
    let case = pipeline(&[
        ("a", &["topic"], 100),
        ("b", &["topic"], 400),
        ("source", &["topic"], 500),
        ("c", &["source"], 300),
        ("d", &["a", "b", "c"], 100),
        ("other", &["b"], 100),
    ]);
    let quorum = Some(of(1, Late::Cancel));
    check(
        &case,
        Schedule { quorum, ..Schedule::parallel() },
        500,
        "
a      #
b      ####
source #x
c       x
d       #
other      #
       0.5 s
",
    );
}

/// `Promise.any`: the first that is fulfilled; the others keep running.
#[test]
fn any_is_a_quorum_of_one() {
    let (plan, mut scripts) = branches();
    scripts[0].fault = Some(Fault::Status { status: 500, after: None }.into());
    let any = Schedule {
        quorum: Some(of(1, Late::Keep)),
        on_failure: OnFailure::Collect,
        ..Schedule::parallel()
    };
    let picture = "
a #!
b ##
c ###o
e #########o
d   #
  0.3 s
";
    check(&(plan.clone(), scripts.clone()), any, 300, picture);
    // `Promise.race`: a rejection counts as well.
    let race = Schedule { on_failure: OnFailure::Leave, ..any };
    let picture = "
a #!
b ##o
c ###o
e #########o
d  -
  0.1 s
";
    check(&(plan, scripts), race, 100, picture);
}

/// A failure is no answer: the quorum is reached without it, or all are waited for.
#[test]
fn a_failure_is_no_answer() {
    let (plan, mut scripts) = branches();
    scripts[1].fault = Some(Fault::Status { status: 500, after: None }.into());
    let schedule = Schedule {
        quorum: Some(of(3, Late::Cancel)),
        on_failure: OnFailure::Collect,
        ..Schedule::parallel()
    };
    let picture = "
a #
b ##!
c ###
e #########
d          #
  1.0 s
";
    check(&(plan, scripts), schedule, 1000, picture);
}

/// The report says what is missing, and what runs on for nothing.
#[test]
fn the_status_says_what_is_missing() {
    let (plan, scripts) = branches();
    let status = |late, at: u64| {
        let schedule = Schedule { quorum: Some(of(3, late)), ..Schedule::parallel() };
        let trace = run(&plan, &scripts, schedule).trace;
        let timeline = Timeline::at(&trace, 5, at_ms(at));
        let run = ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] };
        sentences::status(&plan, &[run])
    };
    let canceled = status(Late::Cancel, 400);
    assert!(canceled.ends_with("d began without e: 3 of 4 answers were enough."), "{canceled}");
    let kept = status(Late::Keep, 500);
    let running = "1 agent is still running, but nothing will use the answers (0.2 s wasted).";
    assert!(kept.ends_with(running), "{kept}");
}

proptest! {
    /// A quorum of all is no quorum: the very same log.
    #[test]
    fn a_quorum_of_all_is_none(
        case in faulty_cases(), width in widths(), on_failure in policies(), late in quorums(),
    ) {
        let Case { pipeline, scripts } = &case;
        let timeouts = Timeouts::of_each_read(ms(30_000));
        let plain = Schedule { width, on_failure, timeouts, ..Schedule::parallel() };
        let quorum = Some(of(case.len(), late.late));
        let [without, with] = [plain, Schedule { quorum, ..plain }].map(|s| run(pipeline, scripts, s));
        prop_assert_eq!(without.trace, with.trace);
    }

    /// The fewer answers a join needs, the sooner the run is over, and the less it does. Late branches
    /// that run on delay no answer.
    #[test]
    fn makespan_falls_with_the_quorum(case in cases()) {
        let Case { pipeline, scripts } = &case;
        let mut shortest = None;
        for answers in 1..=case.len() {
            let [cancel, keep] = [Late::Cancel, Late::Keep].map(|late| {
                let schedule = Schedule { quorum: Some(of(answers, late)), ..Schedule::parallel() };
                let ran = run(pipeline, scripts, schedule);
                check_log(pipeline, &ran.trace, schedule.width);
                assert_eq!(ran.result.as_ref().unwrap().outcome, Outcome::Done);
                ran.timeline(pipeline)
            });
            prop_assert_eq!(cancel.makespan(), keep.makespan());
            prop_assert!(shortest <= Some(cancel.makespan()));
            shortest = Some(cancel.makespan());
        }
    }

    /// What a join begins without is what had not answered, and it has as many answers as it needs.
    #[test]
    fn a_join_begins_with_its_quorum(
        case in faulty_cases(), quorum in quorums(), width in widths(), on_failure in policies(),
    ) {
        let Case { pipeline, scripts } = &case;
        let timeouts = Timeouts::of_each_read(ms(30_000));
        let plain = Schedule { width, on_failure, timeouts, ..Schedule::parallel() };
        let schedule = Schedule { quorum: Some(quorum), ..plain };
        let ran = run(pipeline, scripts, schedule);
        check_log(pipeline, &ran.trace, width);
        let timeline = ran.timeline(pipeline);
        for (agent, lane) in timeline.lanes().iter().enumerate() {
            let asks = |need: &&usize| pipeline.agents()[**need].work == Work::Model;
            let answered = |need: &usize| !lane.missing.contains(need);
            if !lane.missing.is_empty() {
                prop_assert!(quorum.is_for(agent));
                let answers = pipeline.needs(agent).iter().filter(asks).filter(|n| answered(n)).count();
                prop_assert!(answers >= quorum.answers.get());
            }
            for need in &lane.missing {
                let late = &timeline.lanes()[*need];
                let later = late.phase().has_answer() && late.end() >= lane.started;
                prop_assert!(later || !late.phase().has_answer(), "{need} of {agent}");
            }
        }
    }
}
