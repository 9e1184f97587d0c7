//! The lazy module: the code that a first visit to the race does not need.

use std::time::Duration;

use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::history::HistoryState;
use super::runs::Race;
use crate::model::Grounding;
use crate::web::files::Source;
use crate::web::page;

/// A part of the page that the lazy module draws, in the order in which they are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LazySection {
    /// The tools of a pipeline with very many agents.
    Crowd,
    /// The question before a live run inside another site's page.
    Question,
    /// What the verdict rests on.
    Why,
    /// The dialogs: provider, link, embed snippet, files, shortcuts.
    Dialogs,
    /// The scenarios to choose from.
    Scenarios,
    /// What was read from a trace that is shown.
    Opened,
    /// What to do next.
    Tour,
    /// What went wrong.
    Doctor,
    /// What the pipeline says in the end.
    Report,
    /// The programs.
    Code,
    /// The one thread.
    EventLoop,
    /// The diagram.
    Flow,
    /// The prompts and the state.
    Prompts,
    /// The conditions of a run.
    WhatIf,
    /// How long many runs take.
    Tail,
    /// Earlier runs.
    History,
}

impl LazySection {
    /// Every section, in that order.
    const ALL: [Self; 16] = [
        Self::Crowd,
        Self::Question,
        Self::Why,
        Self::Dialogs,
        Self::Scenarios,
        Self::Opened,
        Self::Tour,
        Self::Doctor,
        Self::Report,
        Self::Code,
        Self::EventLoop,
        Self::Flow,
        Self::Prompts,
        Self::WhatIf,
        Self::Tail,
        Self::History,
    ];
}

/// What the lazy module can do.
#[derive(Clone, Copy)]
pub struct LazyModule {
    /// Draws one of its sections.
    pub draw: fn(LazySection) -> AnyView,
    /// Draws what on the web the answer of the agent of that name rests on.
    pub draw_sources: fn(ReadSignal<String>, Grounding) -> AnyView,
    /// Hands the states what they cannot do without it, and begins what works in the background.
    pub on_loaded: fn(),
    /// Reads traces, and shows the last one that can be read.
    pub open: fn(Vec<Source>),
    /// Keeps a race that has ended.
    pub keep: fn(HistoryState, &Race),
}

/// Fetches the lazy module; `None` if it did not arrive.
pub type Load = fn() -> LocalBoxFuture<'static, Option<LazyModule>>;

/// Where the lazy module stands.
#[derive(Clone, Copy, Default)]
pub enum Progress {
    /// Not asked for yet.
    #[default]
    Waiting,
    /// On its way.
    Loading,
    /// It did not arrive.
    Failed,
    /// It is there.
    Ready(LazyModule),
}

/// See the module.
#[derive(Clone, Copy)]
pub struct LazyState {
    /// Where it stands.
    pub progress: RwSignal<Progress>,
    /// The last section that may be drawn so far.
    drawn: RwSignal<Option<LazySection>>,
    load: Load,
    /// Of the page as a whole, so that what the module begins lasts as long.
    owner: StoredValue<Owner>,
}

impl LazyState {
    /// Nothing is loaded yet. A state knows no view, so the app gives the function that loads them.
    pub fn new(load: Load) -> Self {
        let owner = Owner::current().unwrap_or_default();
        Self {
            progress: RwSignal::new(Progress::default()),
            drawn: RwSignal::new(None),
            load,
            owner: StoredValue::new(owner),
        }
    }

    /// The module, if it is there; follows it.
    pub fn module(self) -> Option<LazyModule> {
        match self.progress.get() {
            Progress::Ready(module) => Some(module),
            _ => None,
        }
    }

    /// Whether a section is to be drawn; follows it.
    pub fn is_due(self, section: LazySection) -> bool {
        self.drawn.get().is_some_and(|last| section <= last)
    }

    /// Whether every section is to be drawn; follows it.
    pub fn is_complete(self) -> bool {
        self.drawn.get() == LazySection::ALL.last().copied()
    }

    /// Lets the sections be drawn from the one at that place on. Each has a task of its own, so that
    /// they hold up no run that goes on meanwhile.
    fn draw_from(self, place: usize) {
        match LazySection::ALL.get(place) {
            Some(section) => {
                self.drawn.set(Some(*section));
                set_timeout(move || self.draw_from(place + 1), Duration::ZERO);
            }
            None => page::set_root("data-whole", Some("1")),
        }
    }

    /// Gets the module, unless it is there or on its way, and then does something with it.
    pub fn with_module(self, then: impl FnOnce(LazyModule) + 'static) {
        let in_page = move |module| self.owner.get_value().with(|| then(module));
        match self.progress.get_untracked() {
            Progress::Ready(module) => return in_page(module),
            // Only the first to ask changes what is on screen.
            Progress::Loading => {}
            Progress::Waiting | Progress::Failed => self.progress.set(Progress::Loading),
        }
        spawn_local(async move {
            let Some(module) = (self.load)().await else {
                return self.progress.set(Progress::Failed);
            };
            // Another caller may have been answered with the same in the meantime.
            if !matches!(self.progress.get_untracked(), Progress::Ready(_)) {
                self.owner.get_value().with(|| (module.on_loaded)());
                self.progress.set(Progress::Ready(module));
                self.draw_from(0);
            }
            in_page(module);
        });
    }
}
