//! Where branches meet.

use std::num::{NonZeroU32, NonZeroUsize};

use converge::engine::{Hedge, Late, OnFailure, Quorum, Schedule};
use converge::simulate::{Failing, Fault};
use converge::timeline::stage::{Join, JoinState, Scene};

use super::picture::{Look, Stage};
use crate::fixtures::{ms, pipeline, width};
use converge::timeline::Phase;

const WIDTH: f64 = 1000.0;

const SLOW_BRANCH: &[(&str, &[&str], u64)] = &[
    ("a", &["topic"], 500),
    ("b", &["topic"], 1000),
    ("c", &["topic"], 200),
    ("d", &["a", "b", "c"], 600),
    ("e", &["d"], 100),
];

fn scene(stage: &Stage, cursor: impl Into<Option<u64>>) -> Scene {
    stage.scene(Look::at(WIDTH, cursor)).1
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

#[test]
fn branches_meet_when_the_slowest_has_answered() {
    let stage = Stage::agents(SLOW_BRANCH);
    let met = |at: u64| stage.scale().x(crate::fixtures::at_ms(at));
    let before = scene(&stage, 999);
    assert_eq!((before.joins[0].state, before.joins.len()), (JoinState::Ahead, 1));
    assert!(close(before.joins[0].x, met(1000)));
    let Join { agent, state, branches, slowest, motion, .. } = scene(&stage, 1000).joins.remove(0);
    assert_eq!((agent, state, branches), (3, JoinState::Open, vec![0, 1, 2]));
    assert_eq!((slowest, motion.rail), (Some(1), 0.0));
    // What needs one agent only, as e does, joins nothing.
    assert_eq!(scene(&stage, 2000).joins.len(), 1);
}

/// Answers wait at the playhead, and from the join on nothing moves sideways.
#[test]
fn tokens_ride_the_playhead_and_then_the_rail() {
    let stage = Stage::agents(SLOW_BRANCH);
    let at = |cursor: u64| {
        let tokens = scene(&stage, cursor).tokens;
        tokens.into_iter().map(|token| (token.agent, token.x, token.y)).collect::<Vec<_>>()
    };
    let (layout, _) = stage.scene(Look::at(WIDTH, 0));
    let x = |at: u64| stage.scale().x(crate::fixtures::at_ms(at));
    assert_eq!(at(100), []);
    assert_eq!(at(300), [(2, x(300), layout.bars[2])]);
    assert_eq!(at(700), [(0, x(700), layout.bars[0]), (2, x(700), layout.bars[2])]);
    let (from, half, late) = (at(1000), at(1200), at(1400));
    assert_eq!(from.iter().map(|token| token.0).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(from.iter().chain(&half).chain(&late).all(|token| close(token.1, x(1000))));
    let gone = |tokens: &[(usize, f64, f64)]| (tokens[0].2 - layout.bars[0]).abs();
    assert!(gone(&from) == 0.0 && gone(&half) > 0.0 && gone(&late) > gone(&half));
    assert_eq!(at(1500), [], "they have met");
}

#[test]
fn an_answer_waits_from_its_end_to_the_join() {
    let stage = Stage::agents(SLOW_BRANCH);
    let x = |at: u64| stage.scale().x(crate::fixtures::at_ms(at));
    let wait = |cursor: u64, agent: usize| {
        scene(&stage, cursor).lanes[agent].wait.map(|at| (at.x, at.x + at.width))
    };
    let meets = |wait: Option<(f64, f64)>, from: u64, to: u64| {
        wait.is_some_and(|wait| close(wait.0, x(from)) && close(wait.1, x(to)))
    };
    assert!(meets(wait(700, 2), 200, 700) && meets(wait(1800, 2), 200, 1000));
    assert_eq!(wait(1800, 1), None, "the slowest does not wait");
}

#[test]
fn before_the_run_there_is_no_join() {
    let stage = Stage::agents(SLOW_BRANCH);
    let idle = scene(&stage, None);
    assert_eq!((idle.joins.len(), idle.saved), (0, None));
    let outlines = idle.lanes.iter().map(|lane| lane.expected.is_some());
    assert_eq!(outlines.collect::<Vec<_>>(), [true, true, true, false, false]);
    assert!(idle.labels.iter().all(|label| label.agent < 3));
    let look = Look { shows_expected: true, ..Look::at(WIDTH, None) };
    let (_, shown) = stage.scene(look);
    assert_eq!(shown.joins[0].state, JoinState::Expected);
    assert!(shown.saved.is_some() && shown.lanes.iter().all(|lane| lane.expected.is_some()));
}

#[test]
fn of_branches_that_end_together_the_first_is_the_slowest() {
    let topic: &[&str] = &["topic"];
    let stage = Stage::agents(&[("a", topic, 500), ("b", topic, 500), ("c", &["a", "b"], 100)]);
    assert_eq!(scene(&stage, 600).joins[0].slowest, Some(0));
}

fn failing(on_failure: OnFailure) -> Stage {
    let (plan, mut scripts) = pipeline(&[
        ("a", &["topic"], 300),
        ("b", &["topic"], 500),
        ("c", &["topic"], 700),
        ("d", &["a", "b", "c"], 100),
    ]);
    scripts[1].fault = Some(Fault::Status { status: 500, after: Some(ms(400)) }.into());
    let schedules = [width(1), Schedule::parallel()].map(|s| Schedule { on_failure, ..s });
    Stage::run(plan, &scripts, schedules)
}

#[test]
fn a_branch_that_failed_does_not_arrive() {
    let join = scene(&failing(OnFailure::Collect), 750).joins.remove(0);
    assert_eq!(join.branches, [0, 2]);
}

/// Where a failure ends the run, its join is not ahead any more, and nothing is saved.
#[test]
fn a_failed_run_has_no_join() {
    let scene = scene(&failing(OnFailure::Cancel), 3000);
    assert_eq!((scene.joins.len(), scene.tokens.len(), scene.saved), (0, 0, None));
}

/// Under a limit, the join opens when all answers are there, and the agent may still wait for a slot.
#[test]
fn a_join_is_where_all_answers_are_there() {
    let topic: &[&str] = &["topic"];
    let (plan, scripts) = pipeline(&[
        ("a", topic, 300),
        ("b", topic, 500),
        ("long", topic, 900),
        ("d", &["a", "b"], 100),
        ("other", topic, 400),
    ]);
    let stage = Stage::run(plan, &scripts, [width(1), width(2)]);
    for join in scene(&stage, 5000).joins {
        let lane = &scene(&stage, 5000).lanes[join.agent];
        let bar = lane.bar.as_ref().unwrap();
        assert!(bar.run.unwrap().x >= join.x - 1e-9);
    }
}

/// The notes above the bars of a parallel run, by agent.
fn notes(schedule: Schedule, hangs: Option<usize>, cursor: u64) -> Vec<(usize, String)> {
    let (pipeline, mut scripts) = pipeline(SLOW_BRANCH);
    if let Some(agent) = hangs {
        let times = NonZeroU32::new(1);
        scripts[agent].fault = Some(Failing { times, ..Fault::Hang.into() });
    }
    let stage = Stage::run(pipeline, &scripts, [width(1), schedule]);
    let labels = scene(&stage, cursor).labels.into_iter();
    labels.map(|label| (label.agent, label.note)).filter(|(_, note)| !note.is_empty()).collect()
}

fn said(notes: &[(usize, &str)]) -> Vec<(usize, String)> {
    notes.iter().map(|(agent, note)| (*agent, (*note).to_owned())).collect()
}

/// A join that did not wait says how many answers it has, and the late branch what became of it.
#[test]
fn a_quorum_is_seen_as_one() {
    let two = |late| {
        let quorum = Quorum { answers: NonZeroUsize::new(2).unwrap(), join: None, late };
        Schedule { quorum: Some(quorum), ..Schedule::parallel() }
    };
    let of = |agents: &[usize], notes: Vec<(usize, String)>| -> Vec<(usize, String)> {
        notes.into_iter().filter(|(agent, _)| agents.contains(agent)).collect()
    };
    let canceled = notes(two(Late::Cancel), None, 600);
    assert_eq!(of(&[1, 3], canceled), said(&[(1, "late, canceled"), (3, "2 of 3 answers")]));
    let kept = notes(two(Late::Keep), None, 600);
    assert_eq!(of(&[1, 3], kept), said(&[(1, "late, not used"), (3, "2 of 3 answers")]));
    let joins = |late| {
        let (pipeline, scripts) = pipeline(SLOW_BRANCH);
        scene(&Stage::run(pipeline, &scripts, [width(1), two(late)]), 600).joins.remove(0)
    };
    // Its rail has the branches that it has waited for.
    assert_eq!(joins(Late::Cancel).branches, [0, 2]);
    assert_eq!(joins(Late::Keep).branches, [0, 2]);
}

/// Both calls are in the bar, and the note says which one has won.
#[test]
fn a_hedge_is_seen_as_one() {
    let hedge = Hedge { after: ms(300), agent: Some(0) };
    let schedule = Schedule { hedge: Some(hedge), ..Schedule::parallel() };
    let of_a = |notes: Vec<(usize, String)>| notes.into_iter().find(|(agent, _)| *agent == 0);
    let a = |note: &str| Some((0, note.to_owned()));
    assert_eq!(of_a(notes(schedule, None, 400)), a("asked again"));
    assert_eq!(of_a(notes(schedule, None, 500)), a("first call won"));
    // The first call hangs: the second takes as long as the first would have.
    assert_eq!(of_a(notes(schedule, Some(0), 900)), a("second call won"));
    let (pipeline, mut scripts) = pipeline(SLOW_BRANCH);
    let times = NonZeroU32::new(1);
    scripts[0].fault = Some(Failing { times, ..Fault::Hang.into() });
    let stage = Stage::run(pipeline, &scripts, [width(1), schedule]);
    let bar = scene(&stage, 900).lanes.remove(0).bar.unwrap();
    let x = |at: u64| stage.scale().x(crate::fixtures::at_ms(at));
    let second = bar.second.unwrap();
    assert_eq!(second.phase, Phase::Done);
    assert!(close(second.run.x, x(300)) && close(second.run.x + second.run.width, x(800)));
    // Three tenths of the second call pass in silence, and all of the first one.
    assert!(close(second.silence.unwrap().width, x(150)));
    assert!(close(bar.silence.unwrap().width, x(800)));
}
