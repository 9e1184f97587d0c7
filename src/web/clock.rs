//! The browser's clock: `performance.now`, and one `setTimeout` or message over a heap of deadlines.
//!
//! Its time is model time: it can run faster or slower than real time and it can stand still, and
//! whoever sleeps on it cannot tell. One timer for all sleepers, because ten thousand of the
//! browser's own would cost more than the work they pace.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::future::LocalBoxFuture;
use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use crate::clock::{Clock, Timers};
use crate::time::Instant;

/// Sleepers woken in one go: when ten thousand deadlines come at once, the page is drawn in between.
const AT_ONCE: usize = 1000;

/// A clock on the browser's event loop. Clones are the same clock.
#[derive(Clone)]
pub struct BrowserClock(Rc<RefCell<Inner>>);

struct Inner {
    timers: Timers,
    /// The model time at `since`.
    reached: Instant,
    /// The real time at which the clock was last started or changed its speed, in milliseconds.
    since: f64,
    /// Model seconds for each real second.
    speed: f64,
    paused: bool,
    /// What the browser has been asked for, and the deadline that it is for.
    armed: Option<(Alarm, Instant)>,
    turns: Turns,
    on_alarm: Closure<dyn FnMut()>,
}

/// What comes back on the event loop.
enum Alarm {
    /// A timer of that number.
    Timeout(i32),
    /// A message to ourselves, which cannot be taken back; one that nobody needs any more wakes nobody.
    Message,
}

// Bound by hand, and looked up once: a run of ten thousand agents takes eighty thousand readings, and
// most of what one costs is to get hold of `performance` by way of the window, or even by its name.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: web_sys::Performance;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Closure<dyn FnMut()>, millis: i32) -> i32;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timeout: i32);
}

/// What the wall clock says: milliseconds since 1970.
pub fn wall_clock() -> u64 {
    js_sys::Date::now() as u64
}

/// A moment of the wall clock as files have it: `2026-11-22T10:00:00Z`.
pub fn universal_time(millis: u64) -> String {
    let text: String = js_sys::Date::new(&(millis as f64).into()).to_iso_string().into();
    text.split('.').next().unwrap_or_default().to_owned() + "Z"
}

/// A moment of the wall clock as people here write it: the time, with the date unless it is today.
pub fn local_time(millis: u64) -> String {
    let options = js_sys::Object::new();
    let moment = js_sys::Date::new(&JsValue::from_f64(millis as f64));
    let day = String::from(moment.to_locale_date_string("default", &options));
    let today = js_sys::Date::new_0().to_locale_date_string("default", &options);
    let time = String::from(moment.to_locale_time_string("default"));
    if today == day { time } else { format!("{day} {time}") }
}

impl BrowserClock {
    /// A clock that stands at zero and runs, `speed` model seconds for each real second.
    pub fn new(speed: f64) -> Self {
        Self(Rc::new_cyclic(|inner: &Weak<RefCell<Inner>>| {
            let inner = inner.clone();
            let on_alarm = Closure::new(move || {
                if let Some(inner) = inner.upgrade() {
                    inner.borrow_mut().wake();
                }
            });
            RefCell::new(Inner {
                timers: Timers::default(),
                reached: Instant::ZERO,
                since: real_now(),
                speed,
                paused: false,
                armed: None,
                turns: Turns::default(),
                on_alarm,
            })
        }))
    }

    /// Lets time stand still.
    pub fn pause(&self) {
        let mut inner = self.0.borrow_mut();
        inner.settle();
        inner.paused = true;
        inner.arm_anew();
    }

    /// Lets time go on.
    pub fn resume(&self) {
        let mut inner = self.0.borrow_mut();
        inner.settle();
        inner.paused = false;
        inner.arm_anew();
    }

    /// Whether time stands still.
    pub fn is_paused(&self) -> bool {
        self.0.borrow().paused
    }

    /// Changes how many model seconds pass in a real one, from now on.
    pub fn set_speed(&self, speed: f64) {
        let mut inner = self.0.borrow_mut();
        inner.settle();
        inner.speed = speed;
        inner.arm_anew();
    }
}

impl Clock for BrowserClock {
    fn now(&self) -> Instant {
        self.0.borrow().now()
    }

    fn sleep(&self, length: Duration) -> LocalBoxFuture<'static, ()> {
        let mut inner = self.0.borrow_mut();
        let deadline = inner.now() + length;
        let sleep = inner.timers.at(deadline);
        // Mostly somebody else wakes earlier, and the timer stays as it is.
        if inner.armed.as_ref().is_none_or(|(_, set_to)| deadline < *set_to) {
            inner.arm_anew();
        }
        sleep
    }

    fn block(&self, length: Duration) {
        let (until, paused) = {
            let inner = self.0.borrow();
            (real_now() + length.as_secs_f64() * 1e3 / inner.speed, inner.paused)
        };
        // The mistake itself: the browser can do nothing else until this is over.
        while real_now() < until {
            std::hint::spin_loop();
        }
        if paused {
            // Whoever computes cannot be held: the time is gone, although the clock stood still.
            let mut inner = self.0.borrow_mut();
            inner.reached = inner.reached + length;
        }
    }

    fn stopwatch(&self) -> Duration {
        from_millis(real_now())
    }

    fn read(&self) -> (Instant, Duration) {
        let real = real_now();
        (self.0.borrow().at(real), from_millis(real))
    }
}

impl Inner {
    fn now(&self) -> Instant {
        self.at(real_now())
    }

    /// The model time at that real time, in milliseconds.
    fn at(&self, real: f64) -> Instant {
        if self.paused {
            return self.reached;
        }
        self.reached + from_millis((real - self.since).max(0.0) * self.speed)
    }

    /// Makes the present the point from which time is counted.
    fn settle(&mut self) {
        self.reached = self.now();
        self.since = real_now();
    }

    /// Wakes whose time has come. Waking only puts their tasks in the queue, so nobody sleeps anew
    /// while this is going on.
    fn wake(&mut self) {
        let now = self.now();
        // Those for whom there is no room now are the next in line: they have a turn of their own.
        let _ = (0..AT_ONCE).find(|_| self.paused || !self.timers.fire_one(now));
        self.arm_anew();
    }

    /// Asks the browser to come back at the next deadline.
    fn arm_anew(&mut self) {
        self.disarm();
        let Some(deadline) = self.timers.next_deadline().filter(|_| !self.paused) else { return };
        let wait = deadline.since(self.now()).as_secs_f64() * 1e3 / self.speed;
        // Browsers drop the fraction of a millisecond, and would wake early; beyond what fits they
        // wake at once, so a day is the longest wait, after which the timer is set again.
        let wait = wait.ceil().min(86_400_000.0) as i32;
        let alarm = match wait {
            0 => self.next_turn(),
            _ => Alarm::Timeout(set_timeout(&self.on_alarm, wait)),
        };
        self.armed = Some((alarm, deadline));
    }

    fn disarm(&mut self) {
        if let Some((Alarm::Timeout(timeout), _)) = self.armed.take() {
            clear_timeout(timeout);
        }
    }

    /// Asks the browser to come back as soon as it has done what else there is.
    fn next_turn(&self) -> Alarm {
        match self.turns.next(self.on_alarm.as_ref().unchecked_ref()) {
            true => Alarm::Message,
            false => Alarm::Timeout(set_timeout(&self.on_alarm, 0)),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.disarm();
    }
}

/// Turns on the event loop: a message to ourselves comes when the browser has done what else there is,
/// where a timer that is set by a timer waits for four milliseconds.
#[derive(Default)]
struct Turns(OnceCell<MessageChannel>);

impl Turns {
    /// Asks for one; `false` where there is none to be had.
    fn next(&self, begin: &Function) -> bool {
        if self.0.get().is_none()
            && let Ok(channel) = MessageChannel::new()
        {
            let _ = self.0.set(channel);
        }
        self.0.get().is_some_and(|channel| {
            channel.port1().set_onmessage(Some(begin));
            channel.port2().post_message(&JsValue::NULL).is_ok()
        })
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        if let Some(channel) = self.0.get() {
            channel.port1().set_onmessage(None);
            channel.port1().close();
        }
    }
}

/// How long work that takes long keeps the thread, in milliseconds: half a frame.
const SLICE: f64 = 8.0;

/// Work that takes long breathes: it gives the thread back every so often, so that the page is drawn
/// and answers.
pub struct Breath {
    since: Cell<f64>,
    turns: Turns,
}

impl Breath {
    /// As of now.
    pub fn begin() -> Self {
        Self { since: Cell::new(real_now()), turns: Turns::default() }
    }

    /// Gives the thread back, if it has been kept for a while.
    pub async fn pause(&self) {
        if real_now() - self.since.get() < SLICE {
            return;
        }
        let mut wait = |resolve: Function, _| {
            if let Some(window) = web_sys::window().filter(|_| !self.turns.next(&resolve)) {
                // It fails only for a callback that is not one.
                let _ = window.set_timeout_with_callback(&resolve);
            }
        };
        // What is promised comes: there is nothing in it that could fail.
        let _ = JsFuture::from(js_sys::Promise::new(&mut wait)).await;
        self.since.set(real_now());
    }
}

/// Milliseconds on the browser's monotonic clock.
fn real_now() -> f64 {
    PERFORMANCE.with(web_sys::Performance::now)
}

fn from_millis(millis: f64) -> Duration {
    Duration::from_micros((millis * 1e3) as u64)
}
