//! The page: views of one timeline, and the controls that start a run.
//!
//! Nothing in here computes a figure or knows how a run goes; it puts on screen what the layers
//! below say about the log at the cursor.

mod cards;
mod controls;
mod demo;
mod flow;
mod live;
mod race;
mod report;
mod table;
mod transport;

use leptos::prelude::*;

use crate::app::demo::Demo;
use crate::config::View;
use crate::web::page;

/// Mounts the page.
pub fn start() {
    page::show_panics();
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let demo = Demo::new();
    provide_context(demo);
    demo.begin();
    let shows = move |view: View| {
        demo.settings.with(|settings| settings.view == View::All || settings.view == view)
    };
    view! {
        <controls::Header/>
        <main class="page">
            <controls::Opening/>
            <Show when=move || shows(View::Race)>
                <race::Race/>
            </Show>
            <table::Status/>
            <Show when=move || shows(View::Flow)>
                <flow::Flow/>
            </Show>
            <Show when=move || shows(View::All)>
                <cards::Cards/>
                <report::Report/>
                <table::TimelineTable/>
            </Show>
        </main>
        <controls::Footer/>
    }
}
