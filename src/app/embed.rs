//! The page as a figure in another one: what that one asks for, and what it is told.
//!
//! It may start, stop and set what [`Message`] allows, and hears how high the figure is, that it is
//! there, and how runs begin and end.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::PIECES;
use super::demo::Demo;
use super::rest::{self, Ended, Progress};
use crate::config::{Ending, Experiment, Message, SIMULATED, Settings, View, Wish};
use crate::export::{About, TraceFile};
use crate::time::micros;
use crate::timeline::Timeline;
use crate::web::clock::{universal_time, wall_clock};
use crate::web::host;
use crate::web::page::{self, Sight};

/// Messages are read that often: of many that come in between, what they amount to.
const PAUSE: Duration = Duration::from_millis(16);

/// What has been asked for since the last time.
#[derive(Default)]
struct Inbox {
    wishes: Vec<Wish>,
    command: Option<Message>,
    is_waiting: bool,
}

impl Inbox {
    /// Takes a message in; a setting replaces what was asked of it before.
    fn take(&mut self, message: Message) {
        match message {
            Message::Set(wishes) => {
                for wish in wishes {
                    self.wishes.retain(|(key, _)| *key != wish.0);
                    self.wishes.push(wish);
                }
                // Names that no setting has add up to nothing.
                self.wishes.truncate(100);
            }
            command => self.command = Some(command),
        }
    }
}

/// What is noted when a run begins, for its end.
pub struct Watch {
    started: String,
    sight: Sight,
}

/// Ties the page to the one around it, if there is one.
pub fn connect(demo: Demo) {
    if !page::in_iframe() {
        return;
    }
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    host::listen(move |(kind, fields)| {
        let Some(message) = Message::read(&kind, fields) else { return };
        let mut waiting = inbox.borrow_mut();
        waiting.take(message);
        if !std::mem::replace(&mut waiting.is_waiting, true) {
            let inbox = inbox.clone();
            set_timeout(move || answer(demo, std::mem::take(&mut inbox.borrow_mut())), PAUSE);
        }
    });
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
        let is_ready = match demo.progress.get() {
            Progress::Waiting => {
                demo.pieces.get() == PIECES
                    && demo.settings.with(|s| s.embed && s.view == View::Race)
            }
            Progress::Loading => false,
            Progress::Failed => true,
            Progress::Ready(_, place) => place.is_last(),
        };
        tell_height();
        if is_ready && was_ready != Some(true) {
            host::tell("ready", &demo.settings.with_untracked(who));
        }
        is_ready || was_ready == Some(true)
    });
}

/// What every message about runs begins with.
fn who(settings: &Settings) -> [(&'static str, JsValue); 2] {
    let provider = settings.provider.map_or(SIMULATED, |provider| provider.name());
    [("preset", settings.preset.id().into()), ("provider", provider.into())]
}

/// Does what was asked for, as far as it may be.
fn answer(demo: Demo, inbox: Inbox) {
    let Inbox { wishes, command, .. } = inbox;
    let wishes = (!wishes.is_empty()).then_some(Message::Set(wishes));
    for message in wishes.into_iter().chain(command) {
        let is_live = demo.settings.with_untracked(|settings| settings.provider.is_some());
        match if is_live { message.while_live() } else { Some(message) } {
            Some(Message::Set(wishes)) => {
                let (settings, notes) = demo.settings.with_untracked(|s| s.changed(&wishes));
                demo.adopt(settings, notes);
            }
            Some(Message::Run) => demo.run(),
            Some(Message::Stop) => demo.stop(),
            None => {}
        }
    }
}

/// Tells the page around this one that runs begin.
pub fn begin(settings: &Settings) -> Option<Watch> {
    page::in_iframe().then(|| {
        host::tell("start", &who(settings));
        Watch { started: universal_time(wall_clock()), sight: Sight::new() }
    })
}

impl Demo {
    /// Takes over settings, whoever made them, and says what was wrong with them.
    pub fn adopt(self, settings: Settings, notes: Vec<String>) {
        if settings != self.settings.get_untracked() {
            self.readdress(&settings);
            self.unread.set_value(notes.clone());
            self.settings.set(settings);
        }
        self.complaints.set(notes);
    }

    /// Tells the page around this one how runs have ended.
    pub fn tell_end(
        self,
        watch: Option<Watch>,
        settings: &Settings,
        experiment: &Rc<Experiment>,
        ended: &Ended,
    ) {
        let Some(watch) = watch else { return };
        let guess = self.guess.get_untracked();
        let (settings, experiment, ended) = (settings.clone(), experiment.clone(), ended.clone());
        spawn_local(async move {
            if let Some(ending) = rest::ending().await {
                host::tell_json(&ending(&watch, &settings, &experiment, &ended, guess));
            }
        });
    }
}

/// How runs have ended, as JSON.
pub fn ending(
    watch: &Watch,
    settings: &Settings,
    experiment: &Experiment,
    ended: &Ended,
    guess: Option<Duration>,
) -> String {
    let pipeline = &experiment.preset.pipeline;
    let begun = ended.iter().filter(|(_, log)| !log.borrow().events().is_empty());
    let runs = begun.map(|(kind, log)| {
        let log = log.borrow();
        let about = About {
            pipeline,
            schedule: kind.schedule(settings),
            provider: settings.provider.map_or(SIMULATED, |provider| provider.name()),
            model: settings.provider.and(settings.model.as_deref()),
            started: &watch.started,
            hidden: watch.sight.was_lost(),
        };
        let timeline = Timeline::at(&log, pipeline.agents().len(), log.end());
        let outcome = timeline.run().phase().word().to_owned();
        (kind.word(), outcome, TraceFile::new(&log, about))
    });
    let guess = guess.map(|guess| micros(guess) as f64 / 1e3);
    Ending::new(settings, runs.collect(), guess).text()
}
