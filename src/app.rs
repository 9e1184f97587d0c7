//! The page: views of one timeline, and the controls that start a run.
//!
//! Nothing in here computes a figure or knows how a run goes; it puts on screen what the layers
//! below say about the log at the cursor. Views are plain functions of the [`demo::Demo`].

mod access;
mod again;
mod arrange;
mod block;
mod built_in;
mod cards;
mod code;
mod connection;
mod controls;
mod crowd;
mod data;
mod demo;
mod doctor;
mod dom;
mod editor;
mod embed;
mod event_loop;
mod export;
mod fault;
mod flow;
mod forecast;
mod gallery;
mod guess;
mod handle;
mod history;
mod joins;
mod keys;
mod lane;
mod live;
mod picture;
mod race;
mod repeat;
mod report;
mod rest;
mod runs;
mod share;
mod sides;
mod sign_in;
mod signals;
mod snippet;
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

use std::time::Duration;

use crate::app::dom::{Node, el};
use leptos::prelude::*;

use crate::app::demo::Demo;
use crate::app::rest::{Place, later, waiting};
use crate::app::stage::Stage;
use crate::config::View;
use crate::web::page;
use crate::words;

/// Mounts the page.
pub fn start() {
    page::show_panics();
    mount_to_body(|| {
        let demo = Demo::new();
        let owner = Owner::current().unwrap_or_default();
        let build = move || {
            owner.with(|| {
                demo.begin();
                dom::show(page(demo));
            });
            page::remove("first-paint");
        };
        // Thousands of agents have kept the thread long enough by now.
        match demo.stage.with_untracked(Stage::is_wide) {
            true => set_timeout(build, Duration::ZERO),
            false => build(),
        }
    });
}

fn page(demo: Demo) -> Node {
    let showing =
        move |view: View| move || demo.settings.with(|settings| settings.view.shows(view));
    (
        controls::header(demo),
        el("main")
            .class("page")
            .child(later(demo, Place::Share))
            .child(later(demo, Place::Embed))
            .child(controls::opening(demo))
            .child(ui::shown(showing(View::Race), move || race::race(demo)))
            // The race has its own.
            .child(ui::shown(
                move || demo.settings.with(|s| !s.view.shows(View::Race)),
                move || {
                    el("section")
                        .class("panel")
                        .attr("aria-label", words::page::TRANSPORT)
                        .child(transport::transport(demo))
                        .node()
                },
            ))
            .child(table::status(demo))
            .child(later(demo, Place::Doctor))
            .child(controls::conditions(demo))
            .child(waiting(demo))
            .child(later(demo, Place::Gallery))
            .child(ui::shown(showing(View::Flow), move || later(demo, Place::Flow)))
            .child(ui::shown(showing(View::Lab), move || later(demo, Place::Editor)))
            .child(ui::shown(showing(View::All), move || {
                let words = el("div").class("words").child(cards::cards(demo));
                words.child(later(demo, Place::Report)).node()
            }))
            .child(ui::shown(showing(View::Loop), move || later(demo, Place::Loop)))
            .child(ui::shown(showing(View::Code), move || later(demo, Place::Code)))
            .child(ui::shown(showing(View::Data), move || later(demo, Place::Data)))
            .child(ui::shown(showing(View::All), move || table::timeline(demo)))
            .child(ui::shown(showing(View::All), move || later(demo, Place::History)))
            .child(later(demo, Place::Tour)),
        controls::footer(),
    )
        .into()
}
