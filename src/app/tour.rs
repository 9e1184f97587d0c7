//! The guided tour: what to do next, and whether it has been done. It lies beside the page and never
//! over the whole of it, so that the reader does things to the page itself.

use super::dom::{Node, el};
use super::signals::{Memo, effect};
use leptos::prelude::*;

use super::demo::Demo;
use super::ui::{button, shown, text};
use crate::tour::{Look, Step};
use crate::web::page;
use crate::words;

/// The ids of what gets the focus.
const BUTTON: &str = "tour";
const TASK: &str = "tour-task";

/// What to lead a reader to, for each step: the first of these that is there.
fn places(step: Step) -> &'static [&'static str] {
    match step {
        Step::Guess => &[".guess button, .guess input"],
        Step::Run => &[".transport .primary"],
        // Where no path is critical, any bar will do.
        Step::Straggler => &[".lane.critical [role=slider]", ".lane [role=slider]"],
        Step::Block => &["[data-control=block] select"],
        Step::Break => &["[data-control=fail] select"],
        Step::Read => &[".code-line"],
    }
}

/// The button that opens it where it was closed.
pub fn tour_button(demo: Demo) -> Node {
    let toggle = move || {
        demo.tour.update(|tour| *tour = tour.toggle());
        if demo.tour.with_untracked(|tour| tour.is_open) {
            request_animation_frame(|| page::focus(TASK));
        }
    };
    el("button")
        .attr("type", "button")
        .class("quiet")
        .attr("id", BUTTON)
        .attr("data-control", "tour")
        .attr("aria-expanded", text(move || demo.tour.with(|tour| tour.is_open).to_string()))
        .upon("click", toggle)
        .child(words::tour::TOUR)
        .node()
}

fn look(demo: Demo) -> Look {
    let settings = |of: fn(&crate::config::Settings) -> bool| demo.settings.with(of);
    let straggler = demo.stage.with(|stage| {
        let branches = stage.pipeline().branches().into_iter();
        let scripts = &stage.experiment.scripts;
        branches.filter_map(|branch| scripts.get(branch)).map(|script| script.latency).max()
    });
    let look = Look {
        has_guess: demo.guess.with(Option::is_some),
        straggler: straggler.unwrap_or_default(),
        blocks: settings(|settings| !settings.block.is_empty()),
        points_at_several: demo.pointed.with(|pointed| pointed.len() > 1),
        ..Look::default()
    };
    demo.frame.with(|frame| look.at_runs(&frame.timelines))
}

/// The card with the step at hand.
pub fn tour(demo: Demo) -> Node {
    shown(move || demo.tour.with(|tour| tour.is_open), move || card(demo))
}

fn card(demo: Demo) -> Node {
    let step = Memo::new(move |_| demo.tour.with(|tour| tour.step()));
    let now = Memo::new(move |_| look(demo));
    // What the page was like when the step began, and whether the step has been done since.
    let done = Memo::new(move |before: Option<&(Option<Step>, Look, bool)>| {
        let (step, now) = (step.get(), now.get());
        match before.filter(|(of, ..)| *of == step) {
            Some((_, begun, done)) => {
                let done = *done || step.is_some_and(|step| now.has_done(step, begun));
                (step, begun.clone(), done)
            }
            None => (step, now, false),
        }
    });
    let done = Memo::new(move |_| done.with(|(.., done)| *done));
    effect(move || {
        page::set_root("data-tour", step.get().filter(|_| !done.get()).map(Step::word));
    });
    on_cleanup(|| page::set_root("data-tour", None));
    let task = text(move || match step.get() {
        Some(step) => step.task().into(),
        None => words::tour::THAT_WAS_IT.into(),
    });
    let lesson = text(move || {
        step.get().filter(|_| done.get()).map(|step| step.lesson().to_owned()).unwrap_or_default()
    });
    let number = text(move || {
        let number = demo.tour.with(|tour| tour.number());
        words::tour::step(number, Step::ALL.len())
    });
    let close = move || {
        demo.tour.update(|tour| *tour = tour.toggle());
        page::focus(BUTTON);
    };
    let next = text(move || match (step.get(), done.get()) {
        (None, _) => words::tour::START_AGAIN.into(),
        (_, true) => words::tour::NEXT.into(),
        (_, false) => words::tour::SKIP.into(),
    });
    let go_on = move || {
        demo.tour.update(|tour| {
            *tour = match tour.step() {
                Some(_) => tour.next(),
                None => tour.toggle().toggle(),
            };
        });
        page::focus(TASK);
    };
    let lead = move || {
        if let Some(step) = step.get_untracked() {
            let _ = places(step).iter().any(|place| page::lead_to(place));
        }
    };
    let back = move || demo.tour.update(|tour| *tour = tour.back());
    let is_first = move || demo.tour.with(|tour| tour.number() == 1);
    el("aside")
        .class("tour")
        .attr("role", "region")
        .attr("aria-label", words::tour::TOUR)
        .attr("data-done", text(move || done.get().to_string()))
        .child(el("p").class("tour-number").child(number))
        .child(el("p").attr("id", TASK).attr("tabindex", "-1").child(task))
        .child(el("p").class("tour-lesson").attr("aria-live", "polite").child(lesson))
        .child(
            el("div")
                .class("tour-actions")
                .child(shown(
                    move || step.get().is_some(),
                    move || button("", "tour", text(|| words::tour::SHOW_ME.into()), lead),
                ))
                .child(shown(
                    move || !is_first(),
                    move || button("quiet", "tour", text(|| words::tour::BACK.into()), back),
                ))
                .child(button("primary", "tour", next, go_on))
                .child(button("quiet", "tour", text(|| words::tour::CLOSE.into()), close)),
        )
        .node()
}
