//! The virtual clock: the contract of every clock, and what is its own.

use std::cell::Cell;
use std::time::Duration;

use converge::clock::pace::Pace;
use converge::clock::{Clock, VirtualClock};
use converge::time::Instant;
use futures::future::{FutureExt, LocalBoxFuture, pending};

use crate::clock_contract as contract;
use crate::fixtures::{at_ms, ms};

/// Runs a clause on a virtual clock.
fn check(clause: impl AsyncFnOnce(&dyn Clock)) {
    let clock = VirtualClock::new();
    clock.run(clause(&clock));
}

#[test]
fn now_never_goes_back() {
    check(contract::now_never_goes_back);
}

#[test]
fn nobody_wakes_early() {
    check(contract::nobody_wakes_early);
}

#[test]
fn sleepers_wake_in_order() {
    check(contract::sleepers_wake_in_order);
}

#[test]
fn a_sleep_of_nothing_ends() {
    check(contract::a_sleep_of_nothing_ends);
}

#[test]
fn a_sleep_counts_from_the_call() {
    check(contract::a_sleep_counts_from_the_call);
}

#[test]
fn a_dropped_sleep_is_gone() {
    check(contract::a_dropped_sleep_is_gone);
}

#[test]
fn blocking_takes_its_time() {
    check(contract::blocking_takes_its_time);
}

#[test]
fn many_sleep_at_once() {
    check(contract::many_sleep_at_once);
}

/// A clock with something wrong, to see that the contract notices.
struct Wrong {
    clock: VirtualClock,
    sleep: fn(&VirtualClock, Duration, u32) -> LocalBoxFuture<'static, ()>,
    now: fn(Instant, u32) -> Instant,
    calls: Cell<u32>,
}

impl Wrong {
    fn new() -> Self {
        let sleep = |clock: &VirtualClock, length, _| clock.sleep(length);
        Self { clock: VirtualClock::new(), sleep, now: |now, _| now, calls: Cell::new(0) }
    }

    fn calls(&self) -> u32 {
        self.calls.set(self.calls.get() + 1);
        self.calls.get()
    }

    fn check(&self, clause: impl AsyncFnOnce(&dyn Clock)) {
        self.clock.run(clause(self));
    }
}

impl Clock for Wrong {
    fn now(&self) -> Instant {
        (self.now)(self.clock.now(), self.calls())
    }

    fn sleep(&self, length: Duration) -> LocalBoxFuture<'static, ()> {
        (self.sleep)(&self.clock, length, self.calls())
    }

    fn block(&self, length: Duration) {
        self.clock.block(length);
    }

    fn stopwatch(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
#[should_panic(expected = "it was")]
fn a_clock_that_goes_back_is_noticed() {
    let back = |now: Instant, call| Instant::from_micros(now.as_micros() + u64::from(call % 7));
    Wrong { now: back, ..Wrong::new() }.check(contract::now_never_goes_back);
}

#[test]
#[should_panic(expected = "slept")]
fn a_clock_that_wakes_early_is_noticed() {
    let early = |clock: &VirtualClock, length: Duration, _| clock.sleep(length / 2);
    Wrong { sleep: early, ..Wrong::new() }.check(contract::nobody_wakes_early);
}

#[test]
#[should_panic(expected = "assertion `left == right` failed")]
fn a_clock_that_wakes_the_last_first_is_noticed() {
    let late = |clock: &VirtualClock, length: Duration, call| {
        clock.sleep(length + Duration::from_micros(u64::from(1000 - call)))
    };
    Wrong { sleep: late, ..Wrong::new() }.check(contract::sleepers_wake_in_order);
}

#[test]
#[should_panic(expected = "before anybody looked")]
fn a_clock_that_counts_from_the_first_look_is_noticed() {
    let lazy = |clock: &VirtualClock, length, _| {
        let clock = clock.clone();
        async move { clock.sleep(length).await }.boxed_local()
    };
    Wrong { sleep: lazy, ..Wrong::new() }.check(contract::a_sleep_counts_from_the_call);
}

#[test]
fn it_jumps_to_each_deadline_exactly() {
    let clock = VirtualClock::new();
    clock.run(async {
        clock.sleep(Duration::from_micros(700_001)).await;
        assert_eq!(clock.now(), Instant::from_micros(700_001));
        // Nobody is left to wait for this one, so time does not go there.
        drop(clock.sleep(ms(5)));
        clock.sleep(ms(3_600_000)).await;
    });
    assert_eq!(clock.now(), Instant::from_micros(3_600_700_001));
}

/// Else an agent that ends at the very moment another does would see the other's work half done.
#[test]
fn equal_deadlines_fire_one_at_a_time() {
    let clock = VirtualClock::new();
    let order = std::cell::RefCell::new(Vec::new());
    let twice = |name| {
        let (clock, order) = (&clock, &order);
        async move {
            clock.sleep(ms(1)).await;
            order.borrow_mut().push((name, 1));
            clock.sleep(ms(0)).await;
            order.borrow_mut().push((name, 2));
        }
    };
    clock.run(async { futures::future::join(twice("a"), twice("b")).await });
    assert_eq!(order.into_inner(), [("a", 1), ("b", 1), ("a", 2), ("b", 2)]);
}

#[test]
fn time_does_not_stop_where_nobody_waits() {
    let clock = VirtualClock::new();
    let visited = std::cell::RefCell::new(Vec::new());
    let dropped = clock.sleep(ms(1));
    let sleeps = async {
        drop(dropped);
        let one_of_two = futures::future::select(clock.sleep(ms(2)), clock.sleep(ms(5))).await;
        drop(one_of_two);
        clock.sleep(ms(8)).await;
    };
    clock.run_while(sleeps, |deadline| {
        visited.borrow_mut().push(deadline);
        true
    });
    assert_eq!(visited.into_inner(), [at_ms(2), at_ms(10)]);
}

#[test]
fn it_stops_before_a_deadline_that_is_refused() {
    let clock = VirtualClock::new();
    let sleeps = async {
        clock.sleep(ms(3)).await;
        clock.sleep(ms(3)).await;
    };
    assert_eq!(clock.run_while(sleeps, |deadline| deadline < at_ms(6)), None);
    assert_eq!(clock.now(), at_ms(3));
}

#[test]
#[should_panic(expected = "stalled at 0.5 s: the future waits but no timer is set")]
fn a_stall_is_told_and_not_waited_out() {
    let clock = VirtualClock::new();
    clock.run(async {
        clock.sleep(ms(500)).await;
        pending::<()>().await;
    });
}

#[test]
fn the_end_of_time_does_not_overflow() {
    let clock = VirtualClock::new();
    clock.run(clock.sleep(ms(1)));
    let never = clock.sleep(Duration::MAX);
    assert_eq!(clock.run_while(never, |deadline| deadline.as_micros() < u64::MAX), None);
}

/// Model time at a speed, over timers that the browser brings late by `late` real milliseconds each:
/// what a chain of `count` waits of `wait` model milliseconds seems to have taken.
fn chain(speed: f64, count: u32, wait: u64, late: f64) -> Duration {
    let mut real = 1000.0;
    let mut pace = Pace::new(real, speed);
    let mut before = Instant::ZERO;
    for _ in 0..count {
        let deadline = pace.at(real, None) + ms(wait);
        real += wait as f64 / speed;
        // A frame may be drawn while the timer is overdue.
        for _ in 0..3 {
            real += late / 3.0;
            let now = pace.at(real, Some(deadline));
            assert!(before <= now, "{before:?} {now:?}");
            before = now;
        }
        pace.settle(real, Some(deadline));
    }
    before - Instant::ZERO
}

/// The lateness of timers is multiplied by a speed unless time waits for them.
#[test]
fn a_run_takes_as_long_at_every_speed() {
    for speed in [2.0, 4.0, 8.0] {
        let whole = chain(speed, 100, 51, 4.5);
        assert!(whole.abs_diff(ms(5100)) < ms(1), "{whole:?} at {speed}");
    }
    // At the usual speed a clock tells real time, and below it lateness hardly counts.
    assert!(chain(1.0, 100, 51, 4.5).abs_diff(ms(5550)) < ms(1));
    assert!(chain(0.1, 100, 51, 4.5).abs_diff(ms(5145)) < ms(1));
}

/// What keeps the thread for longer than a frame is there to be seen, at every speed.
#[test]
fn a_blocked_thread_takes_its_time_at_every_speed() {
    for speed in [1.0, 8.0] {
        let late = 200.0;
        let whole = chain(speed, 1, 100, late);
        assert!(whole.abs_diff(ms(100) + ms((late * speed) as u64)) < ms(1), "{whole:?}");
    }
}

/// Computing takes as long as it takes, even if it is shorter than a frame and others wait for it.
#[test]
fn computing_is_never_shortened() {
    for (paused, speed) in [(false, 8.0), (true, 8.0), (false, 1.0)] {
        let mut pace = Pace::new(0.0, speed);
        pace.set_paused(paused);
        let overdue = Some(at_ms(1));
        pace.settle_after_computing(10.0, ms((10.0 * speed) as u64));
        let now = pace.at(10.0, overdue);
        assert_eq!(now, at_ms((10.0 * speed) as u64));
    }
}
