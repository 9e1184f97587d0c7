//! Very many agents: what goes through them page by page, finds one by its name, and looks closer at
//! the axis. Pipelines that fit on one page have none of it.

use std::time::Duration;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::demo::Demo;
use super::dom::{Node, el};
use super::signals::{RwSignal, effect};
use super::stage::Stage;
use super::ui::{button, flag, percent, shown, text};
use crate::time::{Instant, seconds};
use crate::timeline::crowd::{Page, find, grouped};
use crate::timeline::scale::TimeScale;
use crate::words;

/// Lanes in view below the picture of all of them.
const LANES: usize = 8;

/// Which agents are in view, and how close the axis is looked at.
#[derive(Clone, Copy)]
pub struct Crowd {
    /// The first agent in view.
    first: RwSignal<usize>,
    /// The same once it has stood still for a moment: for views that take long to draw.
    settled: RwSignal<usize>,
    /// How many steps into the axis.
    zoom: RwSignal<u32>,
    /// Those whose names hold what was typed, and which of them is looked at.
    found: RwSignal<(Vec<usize>, usize)>,
}

/// How long a hand has to stand still before every view follows.
const STILL: Duration = Duration::from_millis(120);

impl Crowd {
    /// The beginning of the list, and all of the axis.
    pub fn new() -> Self {
        Self {
            first: RwSignal::new(0),
            settled: RwSignal::new(0),
            zoom: RwSignal::new(0),
            found: RwSignal::new((Vec::new(), 0)),
        }
    }

    /// As much of an axis of that length as is looked at.
    pub fn scale(self, whole: Duration, cursor: Instant) -> TimeScale {
        match self.zoom.get_untracked() {
            0 => TimeScale::up_to(whole),
            zoom => TimeScale::around(cursor, whole, zoom),
        }
    }

    fn look_at(self, agent: usize) {
        self.first.set(agent);
        let follow = move || {
            if self.first.get_untracked() == agent {
                self.settled.set(agent);
            }
        };
        set_timeout(follow, STILL);
    }
}

impl Demo {
    /// The agents that a view shows: all where they are few, otherwise `size` from the first one
    /// that is looked at.
    pub fn page(self, size: usize) -> Page {
        self.page_from(self.crowd.settled, size)
    }

    /// The agents whose lanes are in view.
    pub fn lanes_in_view(self) -> Page {
        self.page_from(self.crowd.first, LANES)
    }

    fn page_from(self, first: RwSignal<usize>, size: usize) -> Page {
        self.structure.with(|_| ());
        let (all, is_crowd) = self.stage.with_untracked(|s| (s.agents(), s.is_crowd()));
        Page::new(first.get(), if is_crowd { size } else { all }, all)
    }

    /// Looks at that agent, and at whom there is after it.
    pub fn look_at(self, agent: usize) {
        self.crowd.look_at(agent);
    }

    fn zoom(self, steps: i32) {
        let whole = self.frame.with_untracked(|frame| frame.whole);
        let deepest = TimeScale::deepest(whole);
        self.crowd.zoom.update(|zoom| *zoom = zoom.saturating_add_signed(steps).min(deepest));
        self.refresh();
    }

    fn search(self, typed: &str) {
        let found = self.stage.with_untracked(|stage| {
            find(stage.pipeline().agents().iter().map(|agent| agent.name.as_str()), typed)
        });
        self.show_found(found, 0);
    }

    fn show_found(self, found: Vec<usize>, which: usize) {
        let agent = found.get(which).copied();
        self.crowd.found.set((found, which));
        self.pointed.set(agent.into_iter().collect());
        agent.into_iter().for_each(|agent| self.look_at(agent));
    }

    fn next_found(self, forward: bool) {
        let (found, which) = self.crowd.found.get_untracked();
        if !found.is_empty() {
            let step = if forward { 1 } else { found.len() - 1 };
            let which = (which + step) % found.len();
            self.show_found(found, which);
        }
    }
}

/// Above the race: finding an agent, going through all of them, looking closer.
pub fn tools(demo: Demo) -> Node {
    let many = move || demo.structure.with(|_| demo.stage.with_untracked(Stage::is_crowd));
    shown(many, move || bar(demo))
}

fn bar(demo: Demo) -> Node {
    let typed = RwSignal::new(String::new());
    // Another pipeline has other agents, at other places.
    let mut is_first = true;
    effect(move || {
        demo.structure.with(|_| ());
        if !std::mem::take(&mut is_first) {
            demo.crowd.zoom.set(0);
            typed.set(String::new());
            demo.show_found(Vec::new(), 0);
            demo.look_at(0);
            demo.refresh();
        }
    });
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            demo.next_found(!event.shift_key());
        }
    };
    let told = text(move || {
        demo.crowd.found.with(|(found, which)| match found.get(*which) {
            _ if typed.with(|typed| typed.trim().is_empty()) => String::new(),
            None => words::crowd::NOBODY.into(),
            Some(_) if found.len() == 1 => words::crowd::FOUND.into(),
            Some(agent) => {
                let name = demo.stage.with_untracked(|stage| stage.name(*agent));
                let (which, all) = (grouped(which + 1), grouped(found.len()));
                words::crowd::found_one_of(&which, &all, &name)
            }
        })
    });
    let page = move || demo.lanes_in_view();
    let extent = text(move || words::crowd::in_view(&seconds(demo.scale.get().extent())));
    let type_in = move |event: web_sys::Event| {
        let value = event_target_value(&event);
        demo.search(&value);
        typed.set(value);
    };
    let roll = move |event: web_sys::Event| {
        if let Ok(place) = event_target_value(&event).parse::<usize>() {
            demo.look_at(place.saturating_sub(1));
        }
    };
    el("div")
        .class("crowd")
        .attr("role", "group")
        .attr("aria-label", words::crowd::AGENTS_IN_VIEW)
        .child(
            el("label").class("field").child(el("span").child(words::crowd::FIND)).child(
                el("input")
                    .attr("type", "search")
                    .attr("aria-label", words::crowd::FIND)
                    .attr("autocomplete", "off")
                    .attr("spellcheck", "false")
                    .attr("maxlength", "100")
                    .prop("value", text(move || typed.get()))
                    .on("input", type_in)
                    .hears("keydown", keys),
            ),
        )
        .child(el("p").class("found").attr("aria-live", "polite").child(told))
        .child(
            el("label")
                .class("roll")
                .child(el("span").child(text(move || words::crowd::lanes(&page().told()))))
                .child(
                    el("input")
                        .attr("type", "range")
                        .attr("aria-label", words::crowd::FIRST_LANE)
                        .attr("min", "1")
                        .attr("max", text(move || (page().all() - LANES + 1).to_string()))
                        .attr("aria-valuetext", text(move || page().told()))
                        .prop("value", text(move || (page().agents().start + 1).to_string()))
                        .on("input", roll),
                ),
        )
        .child(
            el("div")
                .class("closer")
                .attr("role", "group")
                .attr("aria-label", words::crowd::TIME_AXIS)
                .child(button("", "axis", text(|| words::crowd::CLOSER.into()), move || {
                    demo.zoom(1)
                }))
                .child(button("", "axis", text(|| words::crowd::WIDER.into()), move || {
                    demo.zoom(-1)
                }))
                .child(el("span").class("note").child(extent)),
        )
        .node()
}

/// Which page a view shows, and the ways to the others; nothing where all is on one. `what` is what
/// the page is of.
pub fn pager(demo: Demo, size: usize, what: &'static str) -> Node {
    let page = move || demo.page(size);
    let step = move |class: &'static str, label: &'static str, to: fn(Page) -> Option<usize>| {
        el("button")
            .attr("type", "button")
            .class(class)
            .attr("disabled", flag(move || to(page()).is_none()))
            .upon("click", move || {
                if let Some(first) = untrack(|| to(page())) {
                    demo.look_at(first);
                }
            })
            .child(label)
    };
    shown(
        move || !page().is_whole(),
        move || {
            let first = |page: Page| page.before().map(|_| 0);
            let last = |page: Page| page.after().map(|_| page.all());
            el("div")
                .class("pager")
                .attr("role", "group")
                .attr("aria-label", words::crowd::page_by_page(what))
                .child(step("quiet", words::crowd::FIRST, first))
                .child(step("", words::crowd::BEFORE, Page::before))
                .child(
                    el("span").child(text(move || words::crowd::what_page(what, &page().told()))),
                )
                .child(step("", words::crowd::AFTER, Page::after))
                .child(step("quiet", words::crowd::LAST, last))
        },
    )
}

/// Which part of the picture of all lanes is in view below it, in hundredths of its height.
pub fn bracket(demo: Demo) -> Node {
    let share = move |of: fn(std::ops::Range<usize>) -> usize| {
        let page = demo.lanes_in_view();
        percent(of(page.agents()) as f64 / page.all().max(1) as f64)
    };
    el("div")
        .class("bracket")
        .style("top", text(move || share(|agents| agents.start)))
        .style("height", text(move || share(|agents| agents.len())))
        .node()
}
