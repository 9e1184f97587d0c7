//! The page: views of one timeline, and the controls that start a run.
//!
//! Nothing in here computes a figure or knows how a run goes; it puts on screen what the layers
//! below say about the log at the playhead. `state` is what the page knows; a view finds the states
//! that it needs by `expect_context`.

mod address;
mod editor;
mod footer;
mod host;
mod kit;
mod lazy;
mod live;
mod masthead;
mod panels;
mod settings;
mod share;
mod shortcuts;
mod stage;
mod state;
mod tabs;
mod tour;

pub use kit::{distinct, unsubscribe_on_cleanup};

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use self::footer::Footer;
use self::lazy::{Lazy, LazyPlaceholder};
use self::masthead::Masthead;
use self::panels::TimelineTable;
use self::settings::TitleRow;
use self::share::{DropTarget, OpenProgress};
use self::stage::{SmallStage, Stage};
use self::state::permit::By;
use self::state::{LazySection, RunsState, SettingsState, Start};
use self::tabs::{PageTabs, tab_view};
use crate::config::{Autoplay, Tab, View};
use crate::web::page::{self, Early};

/// Mounts the page, once what the address asks for can be read.
pub fn start() {
    page::show_panics();
    spawn_local(async {
        match address::open().await {
            Ok(start) => mount_to_body(|| view! { <App start /> }),
            Err(_) => {
                page::take_first_paint();
                mount_to_body(NotLoaded);
            }
        }
    });
}

/// Takes the place of the page, whose address stays as it is.
#[component]
fn NotLoaded() -> impl IntoView {
    view! {
        <main class="page">
            <p role="alert">
                "A part of this page did not arrive. Check the connection, then reload the page."
            </p>
        </main>
    }
}

#[component]
fn App(start: Start) -> impl IntoView {
    state::provide(start, lazy::load);
    address::follow();
    share::accept_traces();
    lazy::load_when_needed();
    start_by_itself();
    // After that, since it tells how high the page is without what the HTML shows first.
    host::connect();
    let settings = expect_context::<SettingsState>().current;
    let shows = move |view| move || settings.with(|settings| settings.view.shows(view));
    view! {
        <Masthead />
        <main class="page">
            <TitleRow />
            <Show when=shows(View::Race) fallback=SmallStage>
                <Stage />
            </Show>
            <OpenProgress />
            <Lazy section=LazySection::Opened />
            <Lazy section=LazySection::Doctor />
            <Show when=shows(View::All) fallback=OnlyView>
                <PageTabs />
                <TimelineTable />
            </Show>
            <LazyPlaceholder />
            <Lazy section=LazySection::Tour />
        </main>
        <DropTarget />
        <Footer />
        <Lazy section=LazySection::Dialogs />
    }
}

/// What a figure shows that is not the whole page, below what starts and moves a run.
#[component]
fn OnlyView() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let view = distinct(move || settings.with(|settings| settings.view));
    move || match view.get() {
        View::All | View::Race => ().into_any(),
        View::Flow => view! { <Lazy section=LazySection::Flow /> }.into_any(),
        View::Loop => tab_view(Tab::Loop),
        View::Data => tab_view(Tab::Prompts),
        View::Code => tab_view(Tab::Code),
        View::Lab => tab_view(Tab::WhatIf),
        View::Tail => tab_view(Tab::Tail),
    }
}

/// Takes the place of what the HTML shows, goes on where a reader has begun with that, and starts a
/// run if the address asks for one. A live run never starts like this: a link must not spend
/// anybody's money.
fn start_by_itself() {
    let settings = expect_context::<SettingsState>().current;
    let runs = expect_context::<RunsState>();
    // What counts are the settings in force at the start, which may be others by the time that the
    // figure comes into view.
    let start = move || {
        if settings.with_untracked(|settings| settings.provider.is_none()) {
            runs.start(By::Page);
        }
    };
    // An effect runs once the elements are there.
    Effect::new(move |_| {
        let Early { pressed, focused } = page::take_first_paint();
        if focused {
            page::focus_first(".transport .primary");
        }
        // This press was only noted in the HTML, where any script could note it. Where it would call a
        // live model, the reader is told to press again.
        if pressed {
            runs.start(By::Page);
        }
        match settings.with_untracked(|settings| settings.autoplay) {
            Autoplay::Off => {}
            Autoplay::AtOnce => start(),
            Autoplay::Visible => drop(page::when_visible(".panel", start)),
        }
    });
}
