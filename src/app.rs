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
mod stage;
mod state;
mod tour;

pub use kit::{distinct, unsubscribe_on_cleanup};

use leptos::prelude::*;

use self::footer::Footer;
use self::lazy::{Lazy, LazyPlaceholder};
use self::masthead::Masthead;
use self::panels::{Answers, TimelineTable};
use self::settings::{Conditions, Opening};
use self::share::{DropTarget, OpenProgress};
use self::stage::{Stage, Status, Transport};
use self::state::permit::By;
use self::state::{LazySection, RunsState, SettingsState};
use crate::config::{Autoplay, View};
use crate::web::page::{self, Early};

/// Mounts the page.
pub fn start() {
    page::show_panics();
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    state::provide(lazy::load);
    address::follow();
    host::connect();
    share::accept_traces();
    lazy::load_when_needed();
    start_by_itself();
    let settings = expect_context::<SettingsState>().current;
    let shows = move |view| move || settings.with(|settings| settings.view.shows(view));
    view! {
        <Masthead />
        <main class="page">
            <Lazy section=LazySection::Share />
            <Lazy section=LazySection::Embed />
            <Opening />
            <Show when=shows(View::Race) fallback=TransportPanel>
                <Stage />
            </Show>
            <OpenProgress />
            <Lazy section=LazySection::Opened />
            <Status />
            <Lazy section=LazySection::Doctor />
            <Conditions />
            <LazyPlaceholder />
            <Lazy section=LazySection::Gallery />
            <Show when=shows(View::Flow)>
                <Lazy section=LazySection::Flow />
            </Show>
            <Show when=shows(View::Lab)>
                <Lazy section=LazySection::Editor />
            </Show>
            <Show when=shows(View::All)>
                <Answers>
                    <Lazy section=LazySection::Report />
                </Answers>
            </Show>
            <Show when=shows(View::Loop)>
                <Lazy section=LazySection::EventLoop />
            </Show>
            <Show when=shows(View::Code)>
                <Lazy section=LazySection::Code />
            </Show>
            <Show when=shows(View::Data)>
                <Lazy section=LazySection::Prompts />
            </Show>
            <Show when=shows(View::All)>
                <TimelineTable />
                <Lazy section=LazySection::History />
            </Show>
            <Lazy section=LazySection::Tour />
        </main>
        <DropTarget />
        <Footer />
    }
}

/// What starts and moves a run, for the views that have no race around it.
#[component]
fn TransportPanel() -> impl IntoView {
    view! {
        <section class="panel" aria-label="Transport">
            <Transport />
        </section>
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
            Autoplay::Visible => drop(page::when_visible(".panel", 0, start)),
        }
    });
}
