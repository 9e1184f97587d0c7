//! Time as a capability: what the engine may ask of time, and the clock that tests and predictions
//! run on.
//!
//! [`VirtualClock`] never waits. It jumps to the next deadline as soon as nothing can go on, so a
//! run of seconds takes microseconds. The browser's own clock is `web::clock`; both obey the
//! contract that the tests state once and run against each.

pub mod pace;

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::{FutureExt, LocalBoxFuture};

use crate::time::Instant;

/// What the engine may ask of time.
pub trait Clock {
    /// The present moment. Never goes back.
    fn now(&self) -> Instant;

    /// A future that is ready once `length` has passed on this clock, counted from this call.
    /// Sleepers wake in the order of their deadlines, equal ones in the order they were made.
    fn sleep(&self, length: Duration) -> LocalBoxFuture<'static, ()>;

    /// Keeps the thread for `length` of this clock's time: computes where it should await. Nothing
    /// else happens meanwhile; timers that fall due fire late.
    fn block(&self, length: Duration);

    /// A reading of real time, for measuring how long a poll kept the thread. It is apart from
    /// [`now`](Self::now), which may be paused, sped up or virtual; only differences mean anything.
    fn stopwatch(&self) -> Duration;

    /// The present moment and the real time at it. A clock that derives both from one reading should
    /// take it once: every poll of every agent asks for both, twice.
    fn read(&self) -> (Instant, Duration) {
        (self.now(), self.stopwatch())
    }
}

/// Deadlines and who waits for them, earliest first: the part that every clock shares.
#[derive(Default)]
pub struct Timers {
    heap: BinaryHeap<Reverse<Timer>>,
    made: u64,
}

struct Timer {
    /// Deadline, then the order of making, so that equal deadlines wake first come first served.
    order: (Instant, u64),
    wake: oneshot::Sender<()>,
}

impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Timer {}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order.cmp(&other.order)
    }
}

impl Timers {
    /// A future that is ready when [`fire_one`](Self::fire_one) reaches `deadline`.
    pub fn at(&mut self, deadline: Instant) -> LocalBoxFuture<'static, ()> {
        let (wake, woken) = oneshot::channel();
        self.made += 1;
        self.heap.push(Reverse(Timer { order: (deadline, self.made), wake }));
        // A clock that is gone leaves its sleepers asleep: they are being dropped with it.
        async move {
            if woken.await.is_err() {
                futures::future::pending::<()>().await;
            }
        }
        .boxed_local()
    }

    /// The earliest deadline whose sleeper has not been dropped.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        while let Some(Reverse(timer)) = self.heap.peek() {
            if !timer.wake.is_canceled() {
                return Some(timer.order.0);
            }
            self.heap.pop();
        }
        None
    }

    /// Wakes the first sleeper whose deadline has come; answers whether there was one. One at a
    /// time, so that a clock can decide whether others run in between.
    pub fn fire_one(&mut self, now: Instant) -> bool {
        match self.next_deadline() {
            Some(deadline) if deadline <= now => {
                if let Some(Reverse(timer)) = self.heap.pop() {
                    // The sleeper may have been dropped since.
                    let _ = timer.wake.send(());
                }
                true
            }
            _ => false,
        }
    }
}

/// A clock that is moved by [`VirtualClock::run`] instead of by waiting.
#[derive(Clone, Default)]
pub struct VirtualClock(Rc<RefCell<Virtual>>);

#[derive(Default)]
struct Virtual {
    now: Instant,
    timers: Timers,
}

impl VirtualClock {
    /// A clock that stands at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `future` to its end, jumping to the next deadline whenever it cannot go on.
    ///
    /// # Panics
    /// When the future waits and no timer is set: nothing on this clock could ever wake it.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        match self.run_while(future, |_| true) {
            Some(done) => done,
            None => panic!("stalled at {}: the future waits but no timer is set", self.now()),
        }
    }

    /// Like [`run`](Self::run), but drops the future and answers `None` when the next deadline is
    /// one that `go_on` refuses, or when there is none: a run that is stopped, or one that hangs.
    pub fn run_while<T>(
        &self,
        future: impl Future<Output = T>,
        go_on: impl Fn(Instant) -> bool,
    ) -> Option<T> {
        let mut future = pin!(future);
        loop {
            match self.turn(future.as_mut(), &go_on) {
                Turn::Done(done) => return Some(done),
                Turn::Stuck => return None,
                Turn::GoesOn => {}
            }
        }
    }

    /// Like [`run_while`](Self::run_while), but awaits `pause` between deadlines, so that the thread
    /// it runs on can do other work meanwhile.
    pub async fn run_in_parts<T>(
        &self,
        future: impl Future<Output = T>,
        go_on: impl Fn(Instant) -> bool,
        pause: impl AsyncFn(),
    ) -> Option<T> {
        let mut future = pin!(future);
        loop {
            match self.turn(future.as_mut(), &go_on) {
                Turn::Done(done) => return Some(done),
                Turn::Stuck => return None,
                Turn::GoesOn => pause().await,
            }
        }
    }

    /// Lets the future do what it can, and then jumps to the next deadline.
    fn turn<T>(
        &self,
        future: Pin<&mut impl Future<Output = T>>,
        go_on: &impl Fn(Instant) -> bool,
    ) -> Turn<T> {
        // The wakers need not be heard: after every timer the future is polled again anyway.
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(done) = future.poll(&mut context) {
            return Turn::Done(done);
        }
        let mut clock = self.0.borrow_mut();
        let Some(deadline) = clock.timers.next_deadline().filter(|deadline| go_on(*deadline))
        else {
            return Turn::Stuck;
        };
        clock.now = clock.now.max(deadline);
        clock.timers.fire_one(deadline);
        Turn::GoesOn
    }
}

/// What came of a turn.
enum Turn<T> {
    Done(T),
    Stuck,
    GoesOn,
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.0.borrow().now
    }

    fn sleep(&self, length: Duration) -> LocalBoxFuture<'static, ()> {
        let mut clock = self.0.borrow_mut();
        let deadline = clock.now + length;
        clock.timers.at(deadline)
    }

    fn block(&self, length: Duration) {
        let mut clock = self.0.borrow_mut();
        clock.now = clock.now + length;
    }

    /// Virtual time has no cost: polls on it are recorded as taking none.
    fn stopwatch(&self) -> Duration {
        Duration::ZERO
    }
}
