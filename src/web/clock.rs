//! The browser's clock: `performance.now`, and one `setTimeout` or message over a heap of deadlines.
//!
//! Its time is model time: it can run faster or slower than real time and it can stand still, and
//! sleepers cannot tell. One timer for all sleepers, because ten thousand of the browser's own would
//! cost more than the work they pace.

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

use crate::clock::pace::Pace;
use crate::clock::{Clock, Timers};
use crate::time::Instant;

/// Sleepers woken in one go: when ten thousand deadlines come at once, the page is drawn in between.
const AT_ONCE: usize = 1000;

/// A clock on the browser's event loop. Clones are the same clock.
#[derive(Clone)]
pub struct BrowserClock(Rc<RefCell<Inner>>);

struct Inner {
    timers: Timers,
    pace: Pace,
    /// What the browser has been asked for, and the deadline that it is for.
    armed: Option<(Alarm, Instant)>,
    macrotasks: MacrotaskQueue,
    on_alarm: Closure<dyn FnMut()>,
}

/// What comes back on the event loop.
enum Alarm {
    /// A timer of that number, which in a test's own clock can be larger than 32 bits.
    Timeout(f64),
    /// A message to ourselves. It cannot be canceled; where it is not needed any more, it wakes no
    /// sleeper.
    Message,
}

// Bound by hand and looked up once: a run of ten thousand agents takes eighty thousand readings, and
// finding `performance` by way of the window, or by its name, is most of what each costs.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: web_sys::Performance;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Closure<dyn FnMut()>, millis: i32) -> f64;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timeout: f64);
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
                pace: Pace::new(real_now(), speed),
                armed: None,
                macrotasks: MacrotaskQueue::default(),
                on_alarm,
            })
        }))
    }

    /// Lets time stand still.
    pub fn pause(&self) {
        let mut inner = self.0.borrow_mut();
        inner.settle();
        inner.pace.set_paused(true);
        inner.arm_anew();
    }

    /// Lets time go on.
    pub fn resume(&self) {
        let mut inner = self.0.borrow_mut();
        inner.settle();
        inner.pace.set_paused(false);
        inner.arm_anew();
    }

    /// Whether time stands still.
    pub fn is_paused(&self) -> bool {
        self.0.borrow().pace.is_paused()
    }

    /// How many model seconds pass in a real one.
    pub fn speed(&self) -> f64 {
        self.0.borrow().pace.speed()
    }

    /// Changes how many model seconds pass in a real one, from now on.
    pub fn set_speed(&self, speed: f64) {
        let mut inner = self.0.borrow_mut();
        inner.settle();
        inner.pace.set_speed(speed);
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
        // Mostly another sleeper wakes earlier, and the timer stays as it is.
        if inner.armed.as_ref().is_none_or(|(_, set_to)| deadline < *set_to) {
            inner.arm_anew();
        }
        sleep
    }

    fn block(&self, length: Duration) {
        let speed = self.0.borrow().pace.speed();
        let until = real_now() + length.as_secs_f64() * 1e3 / speed;
        // The mistake itself: the browser can do nothing else until this is over.
        while real_now() < until {
            std::hint::spin_loop();
        }
        self.0.borrow_mut().pace.settle_after_computing(real_now(), length);
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
        self.pace.at(real, self.next_alarm())
    }

    /// The deadline that the browser has been asked to come back at.
    fn next_alarm(&self) -> Option<Instant> {
        self.armed.as_ref().map(|(_, deadline)| *deadline)
    }

    /// Makes the present the point from which time is counted.
    fn settle(&mut self) {
        self.pace.settle(real_now(), self.next_alarm());
    }

    /// Wakes the sleepers whose time has come. Waking only queues their tasks, so no new sleeper is
    /// added meanwhile.
    fn wake(&mut self) {
        // Where time has waited for this timer, it goes on from its deadline.
        self.settle();
        let now = self.now();
        // The rest are next in line, in a macrotask of their own.
        let _ = (0..AT_ONCE).find(|_| self.pace.is_paused() || !self.timers.fire_one(now));
        self.arm_anew();
    }

    /// Asks the browser to come back at the next deadline.
    fn arm_anew(&mut self) {
        self.disarm();
        let Some(deadline) = self.timers.next_deadline().filter(|_| !self.pace.is_paused()) else {
            return;
        };
        let wait = deadline.since(self.now()).as_secs_f64() * 1e3 / self.pace.speed();
        // Browsers drop the fraction of a millisecond, and would wake early; beyond what fits they
        // wake at once, so a day is the longest wait, after which the timer is set again.
        let wait = wait.ceil().min(86_400_000.0) as i32;
        let alarm = match wait {
            0 => self.next_macrotask(),
            _ => Alarm::Timeout(set_timeout(&self.on_alarm, wait)),
        };
        self.armed = Some((alarm, deadline));
    }

    fn disarm(&mut self) {
        if let Some((Alarm::Timeout(timeout), _)) = self.armed.take() {
            clear_timeout(timeout);
        }
    }

    /// Asks the browser to come back after what is queued already.
    fn next_macrotask(&self) -> Alarm {
        match self.macrotasks.push(self.on_alarm.as_ref().unchecked_ref()) {
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

/// Queues macrotasks by messages to ourselves: a timer that is set by a timer waits for four
/// milliseconds.
#[derive(Default)]
struct MacrotaskQueue(OnceCell<MessageChannel>);

impl MacrotaskQueue {
    /// Queues a call of `begin`; `false` where the browser has no message channels.
    fn push(&self, begin: &Function) -> bool {
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

impl Drop for MacrotaskQueue {
    fn drop(&mut self) {
        if let Some(channel) = self.0.get() {
            channel.port1().set_onmessage(None);
            channel.port1().close();
        }
    }
}

/// How long one slice of long work keeps the thread, in milliseconds: half a frame.
const SLICE: f64 = 8.0;

/// Slices long work: yields the thread every so often, so that the page stays responsive.
pub struct TimeSlice {
    since: Cell<f64>,
    /// In milliseconds.
    length: f64,
    macrotasks: MacrotaskQueue,
}

impl TimeSlice {
    /// A slice of the usual length that begins now.
    pub fn begin() -> Self {
        Self::lasting(SLICE)
    }

    /// A slice of that many milliseconds that begins now.
    pub fn lasting(length: f64) -> Self {
        Self { since: Cell::new(real_now()), length, macrotasks: MacrotaskQueue::default() }
    }

    /// Yields the thread if the slice is over.
    pub async fn pause(&self) {
        if self.is_over() {
            self.give_back().await;
        }
    }

    /// Whether the thread has been kept for the slice's length.
    pub fn is_over(&self) -> bool {
        real_now() - self.since.get() >= self.length
    }

    /// Yields the thread: what waits for it runs before this goes on.
    pub async fn give_back(&self) {
        let mut wait = |resolve: Function, _| {
            if let Some(window) = web_sys::window().filter(|_| !self.macrotasks.push(&resolve)) {
                // It fails only for a callback that is not one.
                let _ = window.set_timeout_with_callback(&resolve);
            }
        };
        // This promise is never rejected.
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
