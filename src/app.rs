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
pub mod signals;
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
use wasm_bindgen_futures::spawn_local;

use crate::app::demo::Demo;
use crate::app::rest::{Place, later, waiting};
use crate::config::View;
use crate::web::page::{self, Early};
use crate::words;

/// In how many pieces the page is built, from the top. Each is a task of its own, so that none keeps
/// the thread for long, and what comes first answers before the others are there.
pub const PIECES: usize = 5;

/// The one that has the race, with which the page takes the place of what its HTML shows.
const ENOUGH: usize = 2;

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
            go_on(demo, owner);
        };
        set_timeout(build, Duration::ZERO);
    });
}

/// Builds one piece after another, and then sees to what else the address asks for.
fn go_on(demo: Demo, owner: Owner) {
    demo.pieces.update(|pieces| *pieces += 1);
    let pieces = demo.pieces.get_untracked();
    if pieces == ENOUGH {
        take_over(demo, &owner);
    }
    if pieces < ENOUGH {
        set_timeout(move || go_on(demo, owner), Duration::ZERO);
    } else if pieces < PIECES {
        // A reader who has seen the race may have pressed Run by now, and that comes first.
        page::when_idle(move || go_on(demo, owner));
    } else {
        owner.with(|| {
            demo.await_rest();
            demo.play_by_itself();
        });
    }
}

/// Takes the place of what the HTML shows, and goes on where a reader has begun with that.
fn take_over(demo: Demo, owner: &Owner) {
    let Early { pressed, focused } = page::take_first_paint();
    let owner = owner.clone();
    // Effects that were woken before are run before: by then the race is there.
    spawn_local(async move {
        if focused {
            page::focus_first(".transport .primary");
        }
        if pressed {
            owner.with(|| demo.run());
        }
    });
}

fn page(demo: Demo) -> Node {
    let showing =
        move |view: View| move || demo.settings.with(|settings| settings.view.shows(view));
    let piece = move |place: usize, of: fn(Demo) -> Node| {
        ui::shown(move || demo.pieces.get() >= place, move || of(demo))
    };
    (
        controls::header(demo),
        el("main")
            .class("page")
            .child(later(demo, Place::Share))
            .child(later(demo, Place::Embed))
            .child(controls::opening(demo))
            .child(ui::shown(showing(View::Race), move || piece(ENOUGH, race::race)))
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
            // Whoever is read to hears only of what changes in a region that is there.
            .child(table::status(demo))
            .child(piece(3, |demo| (later(demo, Place::Doctor), controls::conditions(demo)).into()))
            .child(piece(4, |demo| (waiting(demo), later(demo, Place::Gallery)).into()))
            .child(ui::shown(showing(View::Flow), move || later(demo, Place::Flow)))
            .child(ui::shown(showing(View::Lab), move || later(demo, Place::Editor)))
            .child(ui::shown(showing(View::All), move || {
                piece(4, |demo| {
                    let words = el("div").class("words").child(cards::cards(demo));
                    words.child(later(demo, Place::Report)).node()
                })
            }))
            .child(ui::shown(showing(View::Loop), move || later(demo, Place::Loop)))
            .child(ui::shown(showing(View::Code), move || later(demo, Place::Code)))
            .child(ui::shown(showing(View::Data), move || later(demo, Place::Data)))
            .child(ui::shown(showing(View::All), move || piece(5, table::timeline)))
            .child(ui::shown(showing(View::All), move || later(demo, Place::History)))
            .child(later(demo, Place::Tour)),
        piece(5, |_| controls::footer()),
    )
        .into()
}
