//! Large traces: what is done in slices, given back early, and shared instead of copied.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use converge::config::Settings;
use converge::import::{order, read, read_in_parts};
use converge::plan::{Frame, Measured, Plan};
use converge::time::Instant;
use converge::timeline::Timeline;
use futures::FutureExt;

use super::samples::*;

/// So many calls, eight at once.
fn calls(count: u64) -> String {
    let call = |place: u64| {
        let start = (place / 8) as f64 * 300.0 + (place % 8) as f64;
        fact(place + 2, 1, "call", What::Model("worker"), start, start + 250.0).counted(9, 9)
    };
    let run = fact(1, 0, "run", What::Chain, 0.0, count as f64 * 40.0);
    let facts: Vec<Fact> = std::iter::once(run).chain((0..count).map(call)).collect();
    otlp(&facts, Spelling::Camel).to_string()
}

fn measured(text: &str, pause: impl AsyncFn()) -> Measured {
    let import = read(text).unwrap();
    let page = Settings::default();
    Measured::of(import, 1, "run.json".into(), &page, pause).now_or_never().unwrap().unwrap()
}

/// A text that tells when it is dropped.
struct Watched {
    text: String,
    is_there: Rc<Cell<bool>>,
}

impl AsRef<str> for Watched {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.is_there.set(false);
    }
}

#[test]
fn a_text_is_given_back_once_its_records_are_read() {
    let is_there = Rc::new(Cell::new(true));
    let text = Watched { text: calls(600), is_there: is_there.clone() };
    let (with, without) = (Cell::new(0), Cell::new(0));
    let reading = read_in_parts(text, async |_| {
        let count = if is_there.get() { &with } else { &without };
        count.set(count.get() + 1);
    });
    reading.now_or_never().unwrap().unwrap();
    assert!(with.get() > 5, "{} pauses while it is read", with.get());
    assert!(without.get() > 10, "{} pauses after that", without.get());
}

#[test]
fn a_measured_run_is_shown_without_a_copy_and_without_reading_it_again() {
    let measured = Rc::new(measured(&calls(600), async || ()));
    let (log, lanes) = (measured.log.clone(), measured.at_end.clone());
    assert_eq!(log.events().as_ptr(), measured.log.events().as_ptr());
    assert_eq!(lanes.lanes().as_ptr(), measured.at_end.lanes().as_ptr());

    let plan = Plan::of_measured(&Settings::default(), measured.clone());
    let place = plan.place(measured.kind).unwrap();
    let mut frame = Frame::default();
    frame.forget(2, plan.agents());
    frame.resume(place, &measured);
    let (timeline, checkpoints) = (&mut frame.timelines[place], &mut frame.checkpoints[place]);
    assert_eq!(checkpoints.seek(timeline, &log, log.end() + Duration::from_secs(1)), 0);
    assert_eq!(timeline.lanes().as_ptr(), measured.at_end.lanes().as_ptr());
    // Going back changes nothing of what is kept.
    let late = Instant::ZERO + (log.end() - Instant::ZERO).mul_f64(0.9);
    checkpoints.seek(timeline, &log, late);
    assert_eq!(*timeline, Timeline::at(&log, plan.agents(), late));
    assert_eq!(measured.at_end, Timeline::at(&log, plan.agents(), log.end()));
}

#[test]
fn lanes_of_runs_that_have_not_begun_are_one_list() {
    let mut frame = Frame::default();
    frame.forget(2, 1000);
    assert_eq!(frame.timelines[0].lanes().as_ptr(), frame.timelines[1].lanes().as_ptr());
}

#[test]
fn no_step_works_on_many_pieces_without_a_pause() {
    let pauses = |act: &dyn Fn(&Cell<usize>)| {
        let count = Cell::new(0);
        act(&count);
        count.get()
    };
    let (few, many) = (calls(512), calls(5120));
    let counting = |count: &Cell<usize>| count.set(count.get() + 1);
    let (small, large) = (read(&few).unwrap(), read(&many).unwrap());
    let order = |pieces| {
        pauses(&|count| {
            let order = order::predecessors(pieces, Duration::ZERO, async || counting(count));
            drop(order.now_or_never().unwrap());
        })
    };
    assert_eq!((order(&small.pieces), order(&large.pieces)), (2, 20));
    // Records, parents, pieces, agents, their prompts, their keys, the log: each pauses for as many more.
    let reading = |text: &str| {
        pauses(&|count| {
            drop(read_in_parts(text, async |_| counting(count)).now_or_never().unwrap().unwrap());
        })
    };
    let more = (5120 - 512) / 256;
    let (small, large) = (reading(&few), reading(&many));
    assert!(large - small >= 12 * more, "{small} and {large} pauses");
    // The engine's run, both timelines, and giving the pieces back.
    let opening = |text: &str| pauses(&|count| drop(measured(text, async || counting(count))));
    let (small, large) = (opening(&few), opening(&many));
    assert!(large - small >= 12 * more, "{small} and {large} pauses");
}
