//! The table of primitives as plain data: small timelines on one axis, and figures as texts.

use std::num::NonZeroU32;

use converge::engine::Schedule;
use converge::library::{Fill, Line, Mark, Primitive, lines, rows};
use converge::llm::prices::Price;
use converge::pipeline::Pipeline;
use converge::simulate::{Failing, Fault, Script};
use converge::state::State;
use proptest::prelude::*;

use crate::fixtures::{Case, faulty_cases, pipeline, widths};

/// Three branches of 0.1, 0.2 and 0.3 s, of which the first fails at its end, and a join of 0.1 s.
fn failing(times: Option<u32>) -> (Pipeline, Vec<Script>) {
    let (plan, mut scripts) = pipeline(&[
        ("a", &["topic"], 100),
        ("b", &["topic"], 200),
        ("c", &["topic"], 300),
        ("d", &["a", "b", "c"], 100),
    ]);
    let fault = Fault::Status { status: 500, after: None };
    let times = times.and_then(NonZeroU32::new);
    scripts[0].fault = Some(Failing { times, ..fault.into() });
    (plan, scripts)
}

fn table(plan: &Pipeline, scripts: &[Script]) -> Vec<Line> {
    lines(&rows(plan, &State::new(), scripts, Schedule::parallel()), plan, None)
}

fn line(lines: &[Line], primitive: Primitive) -> &Line {
    lines.iter().find(|line| line.primitive == primitive).unwrap()
}

/// The marks of one agent, in hundredths of the longest run.
fn marks(lines: &[Line], primitive: Primitive, agent: usize) -> Vec<(Fill, u32, u32)> {
    let marks = line(lines, primitive).picture.marks.iter();
    let hundredths = |x: f64| (x * 100.0).round() as u32;
    marks
        .filter(|mark| mark.agent == agent)
        .map(|Mark { at, fill, .. }| (*fill, hundredths(at.x), hundredths(at.x + at.width)))
        .collect()
}

/// Without a retry that is drawn, the longest run takes 0.4 s.
#[test]
fn what_becomes_of_a_branch_is_seen() {
    use Fill::*;
    let (plan, scripts) = failing(None);
    let plain = rows(&plan, &State::new(), &scripts, Schedule::parallel()).into_iter();
    let retries = [Primitive::WithRetry, Primitive::WithRetryAroundMap];
    let plain: Vec<_> = plain.filter(|row| !retries.contains(&row.primitive)).collect();
    let lines = lines(&plain, &plan, None);
    let marks = |primitive, agent| marks(&lines, primitive, agent);
    assert_eq!(marks(Primitive::Gather, 0), [(Failed, 0, 25)]);
    assert_eq!(marks(Primitive::Gather, 1), [(Done, 0, 25), (Unused, 25, 50)]);
    assert_eq!(marks(Primitive::Gather, 2), [(Done, 0, 25), (Unused, 25, 75)]);
    assert_eq!(marks(Primitive::Gather, 3), []);
    assert_eq!(marks(Primitive::TaskGroup, 1), [(Canceled, 0, 25)]);
    assert_eq!(marks(Primitive::JoinAll, 2), [(Done, 0, 75)]);
    assert_eq!(marks(Primitive::JoinAll, 3), [(Done, 75, 100)]);
    let seen = |primitive| {
        let picture = &line(&lines, primitive).picture;
        (picture.seen.map(|at| (at * 100.0).round()), picture.is_error)
    };
    assert_eq!(seen(Primitive::Gather), (Some(25.0), true));
    assert_eq!(seen(Primitive::Invoke), (Some(75.0), true));
    assert_eq!(seen(Primitive::JoinAll), (Some(75.0), false));
}

#[test]
fn a_retry_is_drawn_after_its_wait() {
    let (plan, scripts) = failing(Some(1));
    let lines = table(&plan, &scripts);
    let fills = |primitive, agent| {
        marks(&lines, primitive, agent).into_iter().map(|(fill, ..)| fill).collect::<Vec<_>>()
    };
    assert_eq!(fills(Primitive::WithRetry, 0), [Fill::Failed, Fill::Waiting, Fill::Done]);
    assert_eq!(fills(Primitive::WithRetryAroundMap, 0), [Fill::Failed, Fill::Done]);
    assert_eq!(fills(Primitive::WithRetryAroundMap, 1), [Fill::Done, Fill::Unused, Fill::Done]);
}

#[test]
fn a_line_in_words() {
    let (plan, scripts) = failing(None);
    let price = Price { input: 100, output: 1000 };
    let rows = rows(&plan, &State::new(), &scripts, Schedule::parallel());
    let told = |lines: &[Line], primitive| {
        let Line { sees, at, siblings, survivors, calls, wasted, .. } = line(lines, primitive);
        [sees, at, *siblings, survivors, calls, wasted].join(" | ")
    };
    let without = lines(&rows, &plan, None);
    assert_eq!(
        told(&without, Primitive::Gather),
        "the error of a | 0.1 s | keep running, unused | none | 3 | 0.3 s"
    );
    assert_eq!(
        told(&without, Primitive::PromiseAllSettled),
        "the answers, with an error in place of a | 0.3 s | run to their end | b and c | 4 | "
    );
    assert!(without.iter().all(|line| line.cost.is_none()));
    let with = lines(&rows, &plan, Some(price));
    assert!(with.iter().all(|line| line.cost.as_ref().is_some_and(|cost| cost.contains('$'))));
}

/// It is as high as a line of text or two, however many agents there are.
#[test]
fn small_stays_small() {
    for agents in [1, 2, 5, 12, 128] {
        let names: Vec<String> = (0..agents).map(|at| format!("a{at}")).collect();
        let those: Vec<_> = names.iter().map(|name| (name.as_str(), &["topic"][..], 100)).collect();
        let (plan, scripts) = pipeline(&those);
        let picture = &table(&plan, &scripts)[0].picture;
        assert!(picture.height() <= 40.0, "{}", picture.height());
        let tops: Vec<f64> = (0..agents).map(|agent| picture.top(agent)).collect();
        assert!(tops.windows(2).all(|pair| pair[1] - pair[0] > picture.bar()));
        assert!(tops[agents - 1] + picture.bar() <= picture.height() + 1e-9);
    }
}

proptest! {
    /// Every mark is on the axis, after the ones before it, and the caller's moment is as well. Where all
    /// runs again, agents of the run before may still go on.
    #[test]
    fn marks_follow_each_other_on_the_axis(case in faulty_cases(), width in widths()) {
        let Case { pipeline, scripts } = &case;
        let settings = Schedule { width, ..Schedule::parallel() };
        let rows = rows(pipeline, &State::new(), scripts, settings);
        for line in lines(&rows, pipeline, None) {
            prop_assert!(line.picture.seen.is_none_or(|seen| (0.0..=1.0 + 1e-9).contains(&seen)));
            prop_assert_eq!(line.picture.seen.is_none(), line.at.is_empty());
            for agent in 0..case.len() {
                let mut reached = 0.0;
                let overlaps = line.primitive == Primitive::WithRetryAroundMap;
                for mark in line.picture.marks.iter().filter(|mark| mark.agent == agent) {
                    prop_assert!(overlaps || mark.at.x >= reached - 1e-9, "{:?}", line);
                    reached = mark.at.x + mark.at.width;
                    prop_assert!(reached <= 1.0 + 1e-9, "{:?}", line);
                }
            }
        }
    }
}
