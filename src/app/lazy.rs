//! Code splitting: what a first visit to the race does not need comes in a WebAssembly module of its
//! own, later.
//!
//! A site that `cargo xtask dist` builds has the feature `split`: whatever only [`module`] reaches is
//! cut out of the first module. Code that the first screen names as well stays there, so what is
//! large is named here only. In every other build all of it is one module, and loading succeeds at
//! once.

use std::time::Duration;

use futures::future::LocalBoxFuture;
use leptos::prelude::*;

use super::host::{DescribeEnding, ending};
use super::kit::{Button, distinct};
use super::live::{Doctor, ProviderSheet, Question};
use super::panels::{Code, EventLoop, Flow, Prompts, Report, Runs, Tail, WhatIf, draw_sources};
use super::settings::Scenarios;
use super::share::{ExportDialog, LinkDialog, OpenedTrace, SnippetDialog, open_traces};
use super::shortcuts::ShortcutsDialog;
use super::stage::{CrowdTools, Why};
use super::state::live::backend;
use super::state::{
    HistoryState, LazyModule, LazySection, LazyState, LiveState, PanelsState, PlanState,
    PlayheadState, Progress, RunsState, SettingsState, prediction,
};
use super::tour::TourCard;
use crate::config::View;
use crate::edit::link::{self, Linked};
use crate::pipeline::Agent;
use crate::web::page;

fn module() -> LazyModule {
    LazyModule { draw, draw_sources, on_loaded, open: open_traces, keep: HistoryState::keep }
}

fn draw(section: LazySection) -> AnyView {
    match section {
        LazySection::Crowd => view! { <CrowdTools /> }.into_any(),
        LazySection::Question => view! { <Question /> }.into_any(),
        LazySection::Why => view! { <Why /> }.into_any(),
        LazySection::Dialogs => view! { <Dialogs /> }.into_any(),
        LazySection::Scenarios => view! { <Scenarios /> }.into_any(),
        LazySection::Opened => view! { <OpenedTrace /> }.into_any(),
        LazySection::Tour => view! { <TourCard /> }.into_any(),
        LazySection::Doctor => view! { <Doctor /> }.into_any(),
        LazySection::Report => view! { <Report /> }.into_any(),
        LazySection::Code => view! { <Code /> }.into_any(),
        LazySection::EventLoop => view! { <EventLoop /> }.into_any(),
        LazySection::Flow => view! { <Flow /> }.into_any(),
        LazySection::Prompts => view! { <Prompts /> }.into_any(),
        LazySection::WhatIf => view! { <WhatIf /> }.into_any(),
        LazySection::Tail => view! { <Tail /> }.into_any(),
        LazySection::History => view! { <Runs /> }.into_any(),
    }
}

#[component]
fn Dialogs() -> impl IntoView {
    view! {
        <ProviderSheet />
        <LinkDialog />
        <SnippetDialog />
        <ExportDialog />
        <ShortcutsDialog />
    }
}

/// Gives the states what they cannot do without the module, and begins what goes on from then.
fn on_loaded() {
    expect_context::<LiveState>().connect(backend());
    expect_context::<HistoryState>().load();
    prediction::keep_up(expect_context::<PlanState>(), expect_context::<PlayheadState>());
}

#[cfg(feature = "split")]
mod split {
    use super::{DescribeEnding, LazyModule};
    use crate::edit::link::{self, Linked};
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    /// It did not arrive.
    pub(super) struct NotLoaded;

    impl From<SplitLoaderError> for NotLoaded {
        fn from(_: SplitLoaderError) -> Self {
            Self
        }
    }

    #[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn module() -> Result<LazyModule, NotLoaded> {
        Ok(super::module())
    }

    #[wasm_split(edited, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn read_link(text: String) -> Result<Linked, NotLoaded> {
        Ok(link::read(&text))
    }

    #[wasm_split(ending, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn ending() -> Result<DescribeEnding, NotLoaded> {
        Ok(super::ending)
    }
}

/// Fetches the module; `None` if it did not arrive.
pub fn load() -> LocalBoxFuture<'static, Option<LazyModule>> {
    #[cfg(feature = "split")]
    return Box::pin(async { split::module().await.ok() });
    #[cfg(not(feature = "split"))]
    return Box::pin(async { Some(module()) });
}

/// Reads the link of an edited pipeline. What can do that is a module of its own: few addresses hold one,
/// and those that do need it before anything is drawn.
pub async fn read_link(text: String) -> Linked {
    #[cfg(feature = "split")]
    return split::read_link(text).await.unwrap_or(Err(link::LinkError::NotLoaded));
    #[cfg(not(feature = "split"))]
    return link::read(&text);
}

/// Fetches what puts the end of a run into words for the page around this one. A module of its own:
/// a figure of the race in an article needs it, and nothing else of the lazy module.
pub async fn describe_ending() -> Option<DescribeEnding> {
    #[cfg(feature = "split")]
    return split::ending().await.ok();
    #[cfg(not(feature = "split"))]
    return Some(ending);
}

/// How long the race has the page's thread and the network to itself, where all of the page is
/// wanted at once.
const AFTER_THE_RACE: Duration = Duration::from_millis(100);

/// How long a reader looks at what the address opened before the module comes unasked.
const UNTOUCHED: Duration = Duration::from_secs(3);

/// How long the end of a run has the page's thread and the network to itself.
const AFTER_A_RUN: Duration = Duration::from_secs(1);

/// When the address needs the module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Never: it shows nothing but the race.
    Never,
    /// Once the reader comes to it.
    Later,
    /// At once.
    Now,
}

/// Loads the module: soon where the address asks for more than the race, otherwise when the reader
/// comes to it or nothing else is going on. Ended runs are kept once it is there.
pub fn load_when_needed() {
    let settings = expect_context::<SettingsState>();
    let plan = expect_context::<PlanState>();
    let panels = expect_context::<PanelsState>();
    let lazy = expect_context::<LazyState>();
    let runs = expect_context::<RunsState>();
    let history = expect_context::<HistoryState>();
    let load = move || lazy.with_module(drop);
    Effect::new(move |_| {
        if settings.is_live() || panels.is_any_open() {
            load();
        }
    });
    // Effects run once the elements are there.
    Effect::new(move |before: Option<Need>| {
        plan.structure.track();
        let more = plan.current.with_untracked(|plan| {
            plan.is_crowd() || plan.pipeline().agents().iter().any(Agent::sees)
        });
        let need = settings.current.with(|settings| match settings.view {
            _ if more => Need::Now,
            View::Race if settings.embed => Need::Never,
            View::All if !settings.embed => Need::Later,
            _ => Need::Now,
        });
        if before != Some(need) {
            match need {
                Need::Never => page::set_root("data-whole", Some("1")),
                Need::Later => load_when_reached(lazy),
                Need::Now => set_timeout(load, AFTER_THE_RACE),
            }
        }
        need
    });
    Effect::new(move |_| {
        if let Some(race) = runs.ended.get().filter(|race| !race.settings.embed) {
            let keep = move || lazy.with_module(move |module| (module.keep)(history, &race));
            set_timeout(keep, AFTER_A_RUN);
        }
    });
}

/// Loads the module when the reader scrolls, does anything but start a run, or does nothing. While a
/// race runs nothing on the stage needs it, and a race that has ended brings it.
fn load_when_reached(lazy: LazyState) {
    let running = expect_context::<PlayheadState>().running;
    let load = move || {
        if matches!(lazy.progress.get_untracked(), Progress::Waiting) {
            lazy.with_module(drop);
        }
    };
    window_event_listener(leptos::ev::scroll, move |_| load());
    window_event_listener(leptos::ev::keydown, move |_| load());
    window_event_listener(leptos::ev::pointerdown, move |event| {
        if !page::is_within(&event, ".transport .primary") {
            load();
        }
    });
    let unless_running = move || {
        if !running.get_untracked() {
            load();
        }
    };
    set_timeout(unless_running, UNTOUCHED);
}

/// A section of the page that is drawn once the lazy module is there.
#[component]
pub fn Lazy(section: LazySection) -> impl IntoView {
    let lazy = expect_context::<LazyState>();
    let is_due = distinct(move || lazy.is_due(section));
    move || {
        let module = is_due.get().then(|| untrack(|| lazy.module())).flatten();
        module.map(|module| untrack(|| (module.draw)(section)))
    }
}

/// What there is to say if the lazy sections do not arrive. It takes no room before that, since nothing
/// may move when they do.
#[component]
pub fn LazyPlaceholder() -> impl IntoView {
    let lazy = expect_context::<LazyState>();
    let has_failed = move || matches!(lazy.progress.get(), Progress::Failed);
    view! {
        <Show when=move || has_failed() && lazy.module().is_none()>
            <div role="alert">
                <p>"The rest of the page did not arrive. Check the connection."</p>
                <Button control="retry" on_click=move |_| lazy.with_module(drop)>
                    "Try again"
                </Button>
            </div>
        </Show>
    }
}
