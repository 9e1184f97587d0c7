//! What every clock must keep, stated once: the host's tests run it on the virtual clock, the
//! browser's on the browser clock. Whoever polls these futures decides which.
//!
//! Nothing here depends on how fast the clock goes: only on order, and on what has come to pass.

use std::cell::RefCell;
use std::time::Duration;

use converge::clock::Clock;
use futures::future::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Time never goes back.
pub async fn now_never_goes_back(clock: &dyn Clock) {
    let mut last = clock.now();
    for round in 0..200 {
        if round % 20 == 0 {
            clock.sleep(ms(1)).await;
        }
        let now = clock.now();
        assert!(now >= last, "it was {last:?} and is {now:?}");
        last = now;
    }
}

/// A sleeper wakes at its deadline or after it, counted from the call.
pub async fn nobody_wakes_early(clock: &dyn Clock) {
    for length in [ms(1), ms(7), Duration::from_micros(1), Duration::from_micros(2500), ms(3)] {
        let began = clock.now();
        clock.sleep(length).await;
        let passed = clock.now() - began;
        assert!(passed >= length, "slept {passed:?} instead of {length:?}");
    }
}

/// Sleepers wake in the order of their deadlines, equal ones in the order they were made.
pub async fn sleepers_wake_in_order(clock: &dyn Clock) {
    let lengths = [9, 3, 6, 3, 0, 9, 6, 3];
    // The same present for all of them: else equal lengths are not equal deadlines.
    let sleeps: Vec<_> = lengths.iter().map(|length| clock.sleep(ms(*length))).collect();
    let woken = RefCell::new(Vec::new());
    let mut sleepers: FuturesUnordered<_> = (sleeps.into_iter().enumerate())
        .map(|(index, sleep)| {
            let woken = &woken;
            async move {
                sleep.await;
                woken.borrow_mut().push(index);
            }
        })
        .collect();
    while sleepers.next().await.is_some() {}
    assert_eq!(*woken.borrow(), [4, 1, 3, 7, 2, 6, 0, 5]);
}

/// A sleep of no length ends, and lets others run first at most.
pub async fn a_sleep_of_nothing_ends(clock: &dyn Clock) {
    for _ in 0..10 {
        clock.sleep(Duration::ZERO).await;
    }
}

/// A sleep counts from the call, whenever it is first looked at.
pub async fn a_sleep_counts_from_the_call(clock: &dyn Clock) {
    let early = clock.sleep(ms(4));
    clock.sleep(ms(8)).await;
    assert!(early.now_or_never().is_some(), "its time had come before anybody looked");
}

/// A sleep that is dropped wakes nobody and holds nobody up.
pub async fn a_dropped_sleep_is_gone(clock: &dyn Clock) {
    let first = clock.sleep(ms(2));
    let for_ever = clock.sleep(Duration::MAX);
    let late = clock.sleep(ms(1));
    let kept = clock.sleep(ms(6));
    let looked_at = clock.sleep(ms(3)).now_or_never();
    assert!(looked_at.is_none(), "nothing has passed yet");
    drop(first);
    drop(for_ever);
    kept.await;
    assert!(late.now_or_never().is_some(), "those around a dropped one wake as ever");
}

/// Whoever blocks gets the time that was asked for, and sleepers whose time has come meanwhile wake
/// afterwards.
pub async fn blocking_takes_its_time(clock: &dyn Clock) {
    let due = clock.sleep(ms(2));
    let began = clock.now();
    clock.block(ms(5));
    let passed = clock.now() - began;
    assert!(passed >= ms(4), "blocked for {passed:?} instead of 5 ms");
    due.await;
}

/// Any number may sleep at once.
pub async fn many_sleep_at_once(clock: &dyn Clock) {
    let began = clock.now();
    let mut sleepers: FuturesUnordered<_> = (0..5000_u64)
        .map(|index| {
            // Spread over twenty milliseconds in no order.
            let length = Duration::from_micros(index * 7919 % 20_000);
            let sleep = clock.sleep(length);
            async move {
                sleep.await;
                length
            }
        })
        .collect();
    let mut count = 0;
    while let Some(length) = sleepers.next().await {
        count += 1;
        assert!(clock.now() - began >= length);
    }
    assert_eq!(count, 5000);
}
