//! The page as a figure in another one: what that one asks for, and what it is told.
//!
//! It may start, stop and set what [`Message`] allows, and hears how high the figure is, that it is
//! there, and how runs begin and end.

mod ending;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use futures::future::OptionFuture;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

pub use ending::{DescribeEnding, ending};

use super::lazy;
use super::state::permit::{By, around};
use super::state::{LazyState, LiveState, Progress, RunsState, SelectionState, SettingsState};
use crate::config::{Around, Inbox, Message, SIMULATED, Settings, Shown, View, link_in};
use crate::import;
use crate::web::clock::TimeSlice;
use crate::web::files::Source;
use crate::web::host;
use crate::web::page;

/// Messages are read that often: of many that come in between, what they amount to.
const PAUSE: Duration = Duration::from_millis(16);

/// More messages than this in one pause are not kept.
const MOST_UNREAD: usize = 2_000;
/// So many are looked into, however long that takes: no page means well that sends more in one pause.
const ALWAYS_READ: usize = 40;

/// The type of the message that hands over a trace.
const SHOW: &str = "converge:show";

/// So long they are read, in milliseconds: the page still answers within a tenth of a second.
const READING: f64 = 40.0;

/// What has come since the last time, and has not been looked into.
#[derive(Default)]
struct Unread {
    events: VecDeque<MessageEvent>,
    is_waiting: bool,
    is_cut: bool,
    /// Whether some were ever left out, which is said from then on.
    was_cut: bool,
}

impl Unread {
    /// Takes one in; `true` if reading them has to be scheduled.
    fn take(&mut self, event: MessageEvent) -> bool {
        if self.events.len() == MOST_UNREAD {
            self.events.pop_front();
            self.is_cut = true;
        }
        self.events.push_back(event);
        !std::mem::replace(&mut self.is_waiting, true)
    }

    /// What they amount to, and whether some of it was not read.
    fn read(self) -> (Inbox, bool) {
        let mut inbox = Inbox::default();
        let mut is_cut = self.is_cut;
        let thread = TimeSlice::lasting(READING);
        for (number, event) in self.events.iter().rev().enumerate() {
            let is_enough = number >= ALWAYS_READ || !inbox.takes_trace();
            if is_enough && (inbox.is_full() || thread.is_over()) {
                is_cut = true;
                break;
            }
            if let Some((name, text)) = host::read_file(event, SHOW) {
                let length = text.as_ref().map_or(0, |text| text.length() as usize);
                // Of several, the last one is shown, and only that one is copied.
                let shown = inbox.takes_trace().then(|| {
                    Message::Show(Shown {
                        name,
                        text: text.filter(|_| length <= import::MOST_BYTES).map(String::from),
                    })
                });
                inbox.take(shown, length);
                continue;
            }
            let heard = host::read(event);
            let bytes = heard.as_ref().map_or(0, |(kind, fields)| {
                let field = |(key, value): &(String, Option<String>)| {
                    key.len() + value.as_ref().map_or(0, String::len)
                };
                kind.len() + fields.iter().map(field).sum::<usize>()
            });
            inbox.take(heard.and_then(|(kind, fields)| Message::read(&kind, fields)), bytes);
        }
        (inbox, is_cut)
    }
}

/// Ties the page to the one around it, if there is one.
pub fn connect() {
    if !page::in_iframe() {
        return;
    }
    let asked = Asked::find();
    let unread = Rc::new(RefCell::new(Unread::default()));
    host::listen(move |event| {
        if unread.borrow_mut().take(event) {
            answer_soon(asked, unread.clone());
        }
    });
    tell_height_and_ready();
    tell_runs();
}

/// Answers what is unread after a pause, and what has come in meanwhile after another one.
fn answer_soon(asked: Asked, unread: Rc<RefCell<Unread>>) {
    let answer = async move {
        let waiting = unread.replace(Unread { is_waiting: true, ..Unread::default() });
        let was_cut = asked.answer(waiting).await;
        let has_more = {
            let mut unread = unread.borrow_mut();
            unread.was_cut = was_cut;
            unread.is_waiting = !unread.events.is_empty();
            unread.is_waiting
        };
        if has_more {
            answer_soon(asked, unread);
        }
    };
    set_timeout(move || spawn_local(answer), PAUSE);
}

/// Tells how high the figure is whenever that changes, and once that it is there.
fn tell_height_and_ready() {
    let settings = expect_context::<SettingsState>().current;
    let lazy = expect_context::<LazyState>();
    let told = Rc::new(RefCell::new(0.0));
    let tell_height = Rc::new(move || {
        let Some(height) = host::height().filter(|height| *height != *told.borrow()) else {
            return;
        };
        *told.borrow_mut() = height;
        host::tell("height", &[("height", height.into())]);
    });
    // Effects run once the elements are there.
    let tell = tell_height.clone();
    Effect::new(move |_| {
        let tell = tell.clone();
        host::on_resize(move || tell());
    });
    // A browser may not tell the sizes in a frame that is out of view.
    Effect::new(move |was_ready: Option<bool>| {
        let is_ready = match lazy.progress.get() {
            Progress::Waiting => settings.with(|s| s.embed && s.view == View::Race),
            Progress::Loading => false,
            Progress::Failed => true,
            Progress::Ready(_) => lazy.is_complete(),
        };
        tell_height();
        if is_ready && was_ready != Some(true) {
            host::tell("ready", &settings.with_untracked(about));
        }
        is_ready || was_ready == Some(true)
    });
}

/// Tells how runs begin and end.
fn tell_runs() {
    let runs = expect_context::<RunsState>();
    let guess = expect_context::<SelectionState>().guess;
    Effect::new(move |_| {
        if let Some(race) = runs.begun.get() {
            host::tell("start", &about(&race.settings));
        }
    });
    Effect::new(move |_| {
        let Some(race) = runs.ended.get() else { return };
        let guess = guess.get_untracked();
        spawn_local(async move {
            if let Some(describe) = lazy::describe_ending().await {
                // What a live model has said is for pages of our own. The browser sees to that,
                // whatever has taken that page's place since it was asked.
                let is_private = race.settings.provider.is_some() && around() == Around::Own;
                let origin = is_private.then(page::own_origin);
                host::tell_json(&describe(&race, guess), origin.as_deref());
            }
        });
    });
}

/// What every message about runs begins with.
fn about(settings: &Settings) -> [(&'static str, JsValue); 2] {
    let provider = settings.provider.map_or(SIMULATED, |provider| provider.name());
    [("preset", settings.preset.id().into()), ("provider", provider.into())]
}

/// The states that the page around may ask to change.
#[derive(Clone, Copy)]
struct Asked {
    settings: SettingsState,
    live: LiveState,
    runs: RunsState,
    lazy: LazyState,
}

impl Asked {
    fn find() -> Self {
        Self {
            settings: expect_context(),
            live: expect_context(),
            runs: expect_context(),
            lazy: expect_context(),
        }
    }

    /// Does what was asked for, as far as it may be; answers whether some of it was ever left out.
    async fn answer(self, unread: Unread) -> bool {
        let was_cut = unread.was_cut;
        let (inbox, is_cut) = unread.read();
        let is_cut = is_cut || was_cut;
        let left_out = is_cut.then(|| {
            "The page around this figure sends more messages than can be read: the older ones were \
             left out."
                .to_owned()
        });
        for message in inbox.messages() {
            let link = match &message {
                Message::Set(wishes) => link_in(wishes),
                _ => None,
            };
            let link = link.map(str::to_owned);
            let linked = OptionFuture::from(link.map(lazy::read_link)).await;
            let settings = self.settings.current.get_untracked();
            let is_live = settings.provider.is_some();
            match if is_live { message.while_live() } else { Some(message) } {
                Some(Message::Set(wishes)) => {
                    let (settings, mut notes) = settings.changed_with(&wishes, linked);
                    notes.extend(left_out.clone());
                    self.live.adopt(settings, notes);
                }
                Some(Message::Show(Shown { name, text })) => {
                    let source = Source::Text { name, text };
                    self.lazy.with_module(move |module| (module.open)(vec![source]));
                }
                Some(Message::Run) => self.runs.start(By::Page),
                Some(Message::Stop) => self.runs.stop(),
                None => {}
            }
        }
        is_cut
    }
}
