//! The browser clock keeps the contract of every clock, and its time is model time: it stands
//! while it is paused and goes at the speed it is told.
//!
//! Real time passes here, so nothing says how soon: only in which order, and not before.

#[path = "../host/clock_contract.rs"]
mod clock_contract;

use std::time::Duration;

use clock_contract as contract;
use converge::clock::Clock;
use converge::time::Instant;
use converge::web::clock::BrowserClock;
use futures::future::FutureExt;
use wasm_bindgen_test::wasm_bindgen_test;

const HOUR: Duration = Duration::from_secs(3600);

/// Runs a clause at three speeds.
async fn check(clause: impl AsyncFn(&dyn Clock)) {
    for speed in [1.0, 0.25, 8.0] {
        clause(&BrowserClock::new(speed)).await;
    }
}

#[wasm_bindgen_test]
async fn now_never_goes_back() {
    check(contract::now_never_goes_back).await;
}

#[wasm_bindgen_test]
async fn nobody_wakes_early() {
    check(contract::nobody_wakes_early).await;
}

#[wasm_bindgen_test]
async fn sleepers_wake_in_order() {
    check(contract::sleepers_wake_in_order).await;
}

#[wasm_bindgen_test]
async fn a_sleep_of_nothing_ends() {
    check(contract::a_sleep_of_nothing_ends).await;
}

#[wasm_bindgen_test]
async fn a_sleep_counts_from_the_call() {
    check(contract::a_sleep_counts_from_the_call).await;
}

#[wasm_bindgen_test]
async fn a_dropped_sleep_is_gone() {
    check(contract::a_dropped_sleep_is_gone).await;
}

#[wasm_bindgen_test]
async fn blocking_takes_its_time() {
    check(contract::blocking_takes_its_time).await;
}

#[wasm_bindgen_test]
async fn many_sleep_at_once() {
    check(contract::many_sleep_at_once).await;
}

/// Lets that much real time pass.
async fn wait(millis: u64) {
    BrowserClock::new(1.0).sleep(Duration::from_millis(millis)).await;
}

#[wasm_bindgen_test]
async fn time_stands_while_it_is_paused() {
    let clock = BrowserClock::new(8.0);
    clock.sleep(Duration::from_millis(8)).await;
    clock.pause();
    assert!(clock.is_paused());
    let paused_at = clock.now();
    let mut sleep = clock.sleep(Duration::from_millis(8));
    let mut nothing = clock.sleep(Duration::ZERO);
    wait(30).await;
    assert_eq!(clock.now(), paused_at);
    assert!((&mut sleep).now_or_never().is_none(), "nobody wakes while time stands");
    assert!((&mut nothing).now_or_never().is_none(), "not even who sleeps no time at all");
    clock.resume();
    assert!(!clock.is_paused());
    nothing.await;
    sleep.await;
    assert!(clock.now() >= paused_at + Duration::from_millis(8));
}

/// Thirty paused milliseconds at this speed would be most of a minute.
#[wasm_bindgen_test]
async fn what_was_paused_does_not_count_afterwards() {
    let clock = BrowserClock::new(1000.0);
    clock.pause();
    let paused_at = clock.now();
    wait(30).await;
    clock.set_speed(1e-6);
    clock.resume();
    assert!(clock.now() - paused_at < Duration::from_millis(1));
}

#[wasm_bindgen_test]
async fn pausing_twice_is_pausing_once() {
    let clock = BrowserClock::new(1.0);
    clock.pause();
    clock.pause();
    let sleep = clock.sleep(Duration::from_millis(2));
    clock.resume();
    clock.resume();
    sleep.await;
}

#[wasm_bindgen_test]
async fn model_time_goes_at_its_speed() {
    let clock = BrowserClock::new(0.1);
    let real = clock.stopwatch();
    clock.sleep(Duration::from_millis(2)).await;
    let passed = clock.stopwatch() - real;
    assert!(passed >= Duration::from_millis(19), "2 ms at a tenth of the speed took {passed:?}");
    // An hour of model time is over at once, or this test never ends.
    let fast = BrowserClock::new(1e6);
    fast.sleep(HOUR).await;
    assert!(fast.now() >= Instant::ZERO + HOUR);
}

/// Those who sleep already are woken by the new speed, or this test never ends.
#[wasm_bindgen_test]
async fn a_change_of_speed_reaches_those_who_sleep() {
    let clock = BrowserClock::new(1.0);
    let before = clock.now();
    let sleep = clock.sleep(HOUR);
    clock.set_speed(1e6);
    sleep.await;
    assert!(clock.now() >= before + HOUR);
}

/// Time goes on from where it was: it does not jump to where the new speed would have it.
#[wasm_bindgen_test]
async fn a_change_of_speed_is_not_a_jump() {
    let clock = BrowserClock::new(1e-6);
    wait(20).await;
    let before = clock.now();
    clock.set_speed(1e6);
    clock.set_speed(1e-6);
    let after = clock.now();
    assert!(before <= after);
    // 20 ms at the high speed would be hours; between the two calls it may have been a second.
    assert!(after - before < Duration::from_secs(3000), "{before:?} {after:?}");
}

#[wasm_bindgen_test]
async fn clones_are_the_same_clock() {
    let clock = BrowserClock::new(1.0);
    let clone = clock.clone();
    clone.pause();
    assert!(clock.is_paused());
    let now = clock.now();
    assert_eq!(clone.now(), now);
}
