//! The tour: it notices what has been done, and only that.

use converge::engine::Schedule;
use converge::simulate::Fault;
use converge::timeline::Timeline;
use converge::tour::{Look, Step, Tour};

use crate::fixtures::{at_ms, ms, pipeline, run};

/// What has been done when the page went from one look to another.
fn done(before: &Look, now: &Look) -> Vec<Step> {
    Step::ALL.into_iter().filter(|step| now.has_done(*step, before)).collect()
}

/// A race of two branches, one of them broken if so asked, at a moment.
fn race(broken: bool, millis: u64) -> Vec<Timeline> {
    let (pipeline, mut scripts) =
        pipeline(&[("a", &[], 100), ("b", &[], 200), ("c", &["a", "b"], 50)]);
    if broken {
        scripts[0].fault = Some(Fault::Status { status: 500, after: None }.into());
    }
    [Schedule::sequential(), Schedule::parallel()]
        .map(|schedule| {
            let trace = run(&pipeline, &scripts, schedule).trace;
            Timeline::at(&trace, 3, at_ms(millis).min(trace.end()))
        })
        .into()
}

#[test]
fn a_page_that_just_came_has_done_nothing() {
    let fresh = Look { straggler: ms(200), ..Look::default() }.at_runs(&[]);
    assert_eq!(done(&fresh, &fresh), []);
}

#[test]
fn each_thing_is_noticed_by_itself() {
    let fresh = Look { straggler: ms(200), ..Look::default() };
    let check = |now: Look, expected: &[Step]| assert_eq!(done(&fresh, &now), expected, "{now:?}");
    check(Look { has_guess: true, ..fresh.clone() }, &[Step::Guess]);
    check(Look { straggler: ms(300), ..fresh.clone() }, &[Step::Straggler]);
    check(Look { points_at_several: true, ..fresh.clone() }, &[Step::Read]);
    // Choosing who blocks is half of it: the run shows what comes of that.
    check(Look { blocks: true, ..fresh.clone() }, &[]);
    check(
        Look { blocks: true, ..fresh.clone() }.at_runs(&race(false, 1000)),
        &[Step::Run, Step::Block],
    );
    check(fresh.clone().at_runs(&race(false, 1000)), &[Step::Run]);
    check(fresh.clone().at_runs(&race(true, 1000)), &[Step::Break]);
}

#[test]
fn a_run_counts_when_all_of_it_is_over() {
    let look = |broken, millis| Look::default().at_runs(&race(broken, millis));
    // The parallel run is over after 250 ms, the sequential one after 350 ms.
    assert!(!look(false, 300).is_done);
    assert!(look(false, 350).is_done);
    assert!(!look(true, 50).has_failed);
    assert!(look(true, 100).has_failed);
    assert!(!look(true, 1000).is_done);
}

#[test]
fn it_goes_on_where_it_was_closed_and_ends_after_the_last_step() {
    let tour = Tour::default();
    assert!(!tour.is_open);
    let tour = tour.toggle().next().next();
    assert_eq!((tour.is_open, tour.step(), tour.number()), (true, Some(Step::Straggler), 3));
    assert_eq!(tour.toggle().toggle(), tour);
    assert_eq!(tour.back().step(), Some(Step::Run));
    assert_eq!(Tour::default().back(), Tour::default());
    let over = (0..20).fold(tour, |tour, _| tour.next());
    assert_eq!((over.step(), over.number()), (None, 6));
    assert_eq!(over.back().step(), Some(Step::Read));
    assert_eq!(over.toggle().toggle().step(), Some(Step::Guess));
}
