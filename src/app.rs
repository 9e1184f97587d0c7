//! The page: views of one timeline, and the controls that start a run.
//!
//! Nothing in here computes a figure or knows how a run goes; it puts on screen what the layers
//! below say about the log at the cursor. Views are plain functions of the [`demo::Demo`].

mod access;
mod again;
mod block;
mod built_in;
mod cards;
mod code;
mod connection;
mod controls;
mod data;
mod demo;
mod doctor;
mod editor;
mod event_loop;
mod fault;
mod flow;
mod gallery;
mod guess;
mod handle;
mod history;
mod keys;
mod lane;
mod live;
mod race;
mod repeat;
mod report;
mod rest;
mod runs;
mod share;
mod sign_in;
mod sources;
mod spent;
mod stage;
mod start;
mod table;
mod tour;
mod transport;
mod tries;
mod ui;
mod verdict;

use leptos::prelude::*;

use crate::app::demo::Demo;
use crate::app::rest::{Place, later, waiting};
use crate::config::View;
use crate::web::page;

/// Mounts the page.
pub fn start() {
    page::show_panics();
    mount_to_body(|| {
        let demo = Demo::new();
        demo.begin();
        page(demo)
    });
}

fn page(demo: Demo) -> AnyView {
    let showing = move |view: View| {
        move || demo.settings.with(|settings| settings.view == View::All || settings.view == view)
    };
    view! {
        {controls::header(demo)}
        <main class="page">
            {later(demo, Place::Share)}
            {controls::opening(demo)}
            {ui::shown(showing(View::Race), move || race::race(demo))}
            // The race has its own.
            {ui::shown(
                move || demo.settings.with(|s| !matches!(s.view, View::All | View::Race)),
                move || {
                    view! {
                        <section class="panel" aria-label="Transport">
                            {transport::transport(demo)}
                        </section>
                    }
                    .into_any()
                },
            )}
            {table::status(demo)}
            {later(demo, Place::Doctor)}
            {controls::conditions(demo)}
            {later(demo, Place::Gallery)}
            {ui::shown(showing(View::Flow), move || later(demo, Place::Flow))}
            {ui::shown(showing(View::All), move || later(demo, Place::Editor))}
            {ui::shown(showing(View::All), move || later(demo, Place::Words))}
            {ui::shown(showing(View::Loop), move || later(demo, Place::Loop))}
            {ui::shown(showing(View::Code), move || later(demo, Place::Code))}
            {ui::shown(showing(View::Data), move || later(demo, Place::Data))}
            {ui::shown(showing(View::All), move || later(demo, Place::Table))}
            {ui::shown(showing(View::All), move || later(demo, Place::History))}
            {later(demo, Place::Tour)}
            {waiting(demo)}
        </main>
        {controls::footer()}
    }
    .into_any()
}
