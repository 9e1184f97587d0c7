//! What nobody needs to see the race: a WebAssembly module of its own, which comes later.
//!
//! A site that `cargo xtask dist` builds has the feature `split`: whatever only [`rest`] reaches is
//! cut out of the first module, and the first visit waits for the race alone. Code that the race
//! itself names stays in the first module, so what is large is named here only. In every other
//! build all of it is one module, and loading succeeds at once.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::dom::{Node, el, nothing};
use super::signals::{Memo, effect};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::embed::{self, Watch};
use super::stage::Kind;
use super::ui::{button, shown, text};
use super::{
    access, code, crowd, data, doctor, editor, event_loop, export, flow, gallery, history, live,
    picture, report, share, sides, snippet, tour,
};
use crate::config::{Experiment, Settings, View};
use crate::llm::ProviderId;
use crate::model::Model;
use crate::pipeline::Agent;
use crate::trace::Trace;
use crate::web::page;
use crate::words;

/// The parts of the page that it draws, in the order in which they are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Place {
    /// What goes through very many agents.
    Crowd,
    /// What a reader gives to reach a live model.
    Live,
    /// What agents look at that look at a picture.
    Picture,
    /// The link to this state.
    Share,
    /// What to put into a page of one's own.
    Embed,
    /// What to do next.
    Tour,
    /// What went wrong.
    Doctor,
    /// The scenarios to choose from.
    Gallery,
    /// The diagram.
    Flow,
    /// The pipeline in fields.
    Editor,
    /// What the pipeline says in the end.
    Report,
    /// The one thread.
    Loop,
    /// The programs.
    Code,
    /// The prompts and the state.
    Data,
    /// The runs of before.
    History,
}

impl Place {
    const ALL: [Self; 15] = [
        Self::Crowd,
        Self::Live,
        Self::Picture,
        Self::Share,
        Self::Embed,
        Self::Tour,
        Self::Doctor,
        Self::Gallery,
        Self::Flow,
        Self::Editor,
        Self::Report,
        Self::Loop,
        Self::Code,
        Self::Data,
        Self::History,
    ];

    /// Whether all others are built before it.
    pub fn is_last(self) -> bool {
        Self::ALL.last() == Some(&self)
    }
}

/// Schedules that have ended, and their logs.
pub type Ended = Vec<(Kind, Rc<RefCell<Trace>>)>;

/// Gives the model that the settings name, or says what is missing to reach it.
type GiveModel = fn(Demo, ProviderId, &Settings) -> Result<Rc<dyn Model>, String>;

/// What it can do, once it is there.
#[derive(Clone, Copy)]
pub struct Rest {
    draw: fn(Demo, Place) -> Node,
    /// See [`access::live_model`].
    pub live_model: GiveModel,
    arrive: fn(Demo),
    keep: fn(Demo, u64, &Settings, &Experiment, &Ended),
    /// See [`export::save_run`].
    pub save_run: fn(Demo, usize),
}

/// See [`embed::ending`].
pub type TellEnding = fn(&Watch, &Settings, &Experiment, &Ended, Option<Duration>) -> String;

fn rest() -> Rest {
    Rest {
        draw,
        live_model: access::live_model,
        arrive,
        keep: history::keep,
        save_run: export::save_run,
    }
}

/// What begins when it is there.
fn arrive(demo: Demo) {
    history::load_history(demo);
    demo.keep_forecasting();
}

fn draw(demo: Demo, place: Place) -> Node {
    match place {
        Place::Crowd => crowd::tools(demo),
        Place::Live => live::live(demo),
        Place::Picture => picture::picture(demo),
        Place::Share => (share::share_panel(demo), export::export_panel(demo)).into(),
        Place::Embed => snippet::embed_panel(demo),
        Place::Tour => tour::tour(demo),
        Place::Doctor => doctor::doctor(demo),
        Place::Gallery => gallery::gallery(demo),
        Place::Flow => flow::flow(demo),
        Place::Editor => editor::editor(demo),
        Place::Report => report::report(demo),
        Place::Loop => event_loop::event_loop(demo),
        Place::Code => code::code(demo),
        Place::Data => (data::data(demo), sides::sides(demo)).into(),
        Place::History => history::history(demo),
    }
}

/// It did not arrive.
struct NotLoaded;

#[cfg(feature = "split")]
mod split {
    use super::{NotLoaded, Rest, TellEnding};
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    impl From<SplitLoaderError> for NotLoaded {
        fn from(_: SplitLoaderError) -> Self {
            Self
        }
    }

    #[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn load() -> Result<Rest, NotLoaded> {
        Ok(super::rest())
    }

    #[wasm_split(ending, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn ending() -> Result<TellEnding, NotLoaded> {
        Ok(super::embed::ending)
    }
}

#[cfg(not(feature = "split"))]
mod split {
    use super::{NotLoaded, Rest, TellEnding};

    pub(super) async fn load() -> Result<Rest, NotLoaded> {
        Ok(super::rest())
    }

    pub(super) async fn ending() -> Result<TellEnding, NotLoaded> {
        Ok(super::embed::ending)
    }
}

/// What puts the end of a run into words for the page around this one. A module of its own: a figure
/// of the race in somebody's article needs it, and nothing else of the rest.
pub async fn ending() -> Option<TellEnding> {
    split::ending().await.ok()
}

/// How long the race has the page's thread and the network to itself, where all of the page is
/// wanted at once.
const AFTER_THE_RACE: Duration = Duration::from_millis(100);

/// How long a reader looks at what the address opened before the rest comes unasked.
const UNTOUCHED: Duration = Duration::from_secs(3);

/// How long the end of a run has the page's thread and the network to itself.
const AFTER_A_RUN: Duration = Duration::from_secs(1);

/// How far below the window the rest may begin and come already, in CSS pixels.
const NEAR: u32 = 100;

/// What the address asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Nothing but the race.
    Race,
    /// The race, and the rest once the reader comes to it.
    RaceFirst,
    /// Something that is in the rest.
    All,
}

/// Where the rest stands.
#[derive(Clone, Copy, Default)]
pub enum Progress {
    /// Nobody has asked for it.
    #[default]
    Waiting,
    /// It is on its way.
    Loading,
    /// It did not arrive.
    Failed,
    /// It is there, and has built the page up to that place.
    Ready(Rest, Place),
}

impl Demo {
    /// What the rest can do, if it is there.
    pub fn rest(self) -> Option<Rest> {
        match self.progress.get() {
            Progress::Ready(rest, _) => Some(rest),
            _ => None,
        }
    }

    /// Gets the rest, unless it is there or on its way, and then does something with it.
    pub fn with_rest(self, then: impl FnOnce(Rest) + 'static) {
        if let Progress::Ready(rest, _) = self.progress.get_untracked() {
            return then(rest);
        }
        let owner = Owner::current();
        self.progress.set(Progress::Loading);
        spawn_local(async move {
            let Ok(rest) = split::load().await else {
                self.progress.set(Progress::Failed);
                return;
            };
            // Whoever asked at the same time has been answered with the same.
            if !matches!(self.progress.get_untracked(), Progress::Ready(..)) {
                (rest.arrive)(self);
                self.build(rest, 0);
            }
            match owner {
                Some(owner) => owner.with(|| then(rest)),
                None => then(rest),
            }
        });
    }

    /// Builds one place of the page after another, so that none of it holds up a run for long.
    fn build(self, rest: Rest, done: usize) {
        match Place::ALL.get(done) {
            Some(place) => {
                self.progress.set(Progress::Ready(rest, *place));
                set_timeout(move || self.build(rest, done + 1), Duration::ZERO);
            }
            None => page::set_root("data-whole", Some("1")),
        }
    }

    /// Sees to it that the rest is loaded: soon where the address asks for more than the race, and
    /// otherwise when somebody reaches for it or nothing else is going on.
    pub fn await_rest(self) {
        let load = move || self.with_rest(drop);
        effect(move || {
            let is_live = self.settings.with(|settings| settings.provider.is_some());
            let is_open =
                self.sharing.get() || self.embedding.get() || self.history.exporting.get();
            if is_live || is_open || self.tour.with(|tour| tour.is_open) {
                load();
            }
        });
        let wanted = Memo::new(move |_| {
            self.structure.with(|_| ());
            let more = self.stage.with_untracked(|stage| {
                stage.is_crowd() || stage.pipeline().agents().iter().any(Agent::sees)
            });
            self.settings.with(|settings| match settings.view {
                _ if more => Wanted::All,
                View::Race if settings.embed => Wanted::Race,
                View::All if !settings.embed => Wanted::RaceFirst,
                _ => Wanted::All,
            })
        });
        // Effects run once the elements are there.
        effect(move || match wanted.get() {
            Wanted::Race => page::set_root("data-whole", Some("1")),
            Wanted::RaceFirst => self.await_reader(),
            Wanted::All => set_timeout(load, AFTER_THE_RACE),
        });
    }

    /// Loads the rest when the reader scrolls near it, does anything but start a run, or does
    /// nothing. While a race runs nobody needs it, and when that is over [`Self::keep`] gets it.
    fn await_reader(self) {
        let load = move || {
            if matches!(self.progress.get_untracked(), Progress::Waiting) {
                self.with_rest(drop);
            }
        };
        page::when_visible(".later", NEAR, load);
        window_event_listener(leptos::ev::keydown, move |_| load());
        window_event_listener(leptos::ev::pointerdown, move |event| {
            if !page::is_within(&event, ".transport .primary") {
                load();
            }
        });
        let unasked = move || {
            if !self.running.get_untracked() {
                load();
            }
        };
        set_timeout(unasked, UNTOUCHED);
    }

    /// Keeps runs that have ended.
    pub fn keep(self, started: u64, settings: Settings, kept: Rc<Experiment>, ended: Ended) {
        // Somebody else's article is no place to keep anything without being asked.
        if !settings.embed {
            let keep = move |rest: Rest| (rest.keep)(self, started, &settings, &kept, &ended);
            set_timeout(move || self.with_rest(keep), AFTER_A_RUN);
        }
    }
}

/// A place that is drawn once the rest is there.
pub fn later(demo: Demo, place: Place) -> Node {
    let draw = move || untrack(|| demo.rest()).map(|rest| (rest.draw)(demo, place));
    let is_next = move || match demo.progress.get() {
        Progress::Ready(_, built) => built >= place,
        _ => false,
    };
    shown(is_next, move || draw().unwrap_or_else(nothing))
}

/// The room that is kept for the rest, and what there is to say if it does not arrive.
pub fn waiting(demo: Demo) -> Node {
    let has_failed = move || matches!(demo.progress.get(), Progress::Failed);
    let failure = move || {
        let retry = button("", "retry", text(|| words::page::TRY_AGAIN.into()), move || {
            demo.with_rest(drop)
        });
        el("div")
            .attr("role", "alert")
            .child(el("p").child(words::page::REST_MISSING))
            .child(retry)
            .node()
    };
    shown(
        move || demo.rest().is_none(),
        move || el("div").class("later").child(shown(has_failed, failure)).node(),
    )
}
