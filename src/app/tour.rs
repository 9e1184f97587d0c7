//! The guided tour: what to do next, and whether it has been done. It lies beside the page and never
//! over the whole of it, so that the reader does things to the page itself.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::kit::{Button, distinct, is_escape};
use super::state::{
    HistoryState, PanelsState, PlanState, PlayheadState, RunsState, SelectionState, SettingsState,
};
use crate::config::Tab;
use crate::plan::Plan;
use crate::tour::{Look, Step};
use crate::web::page;
use crate::words;

/// The ids of what gets the focus.
const BUTTON: &str = "tour";
const TASK: &str = "tour-task";

/// What to lead a reader to: the first of it that is there.
fn place(step: Step, plan: &Plan) -> String {
    match step {
        Step::Guess => ".guess input, button[data-control=guess]".into(),
        Step::Run => ".transport .primary".into(),
        Step::Straggler => {
            let branches = plan.pipeline().branches().into_iter();
            let longest = branches.max_by_key(|branch| plan.latency(*branch)).unwrap_or_default();
            format!(".lane[data-agent=\"{}\"] [role=slider]", longest + 1)
        }
        Step::Block => "[data-control=block] select".into(),
        Step::Break => "[data-control=fail] select".into(),
        Step::Read => ".code-line".into(),
    }
}

/// The tab that has what the step is about; `None` for what is on the stage.
fn tab_of(step: Step) -> Option<Tab> {
    match step {
        Step::Guess | Step::Run | Step::Straggler => None,
        Step::Block => Some(Tab::Loop),
        Step::Break => Some(Tab::WhatIf),
        Step::Read => Some(Tab::Code),
    }
}

fn close(panels: PanelsState) {
    panels.tour.update(|tour| *tour = tour.toggle());
    page::focus(BUTTON);
}

/// Offers the tour once, after the first run that is kept.
#[component]
pub fn TourOffer() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let panels = expect_context::<PanelsState>();
    let ended = expect_context::<RunsState>().ended;
    let history = expect_context::<HistoryState>();
    let is_declined = RwSignal::new(false);
    let is_hidden = move || settings.with(|s| s.hide.iter().any(|name| name == "tour"));
    let is_offered = distinct(move || {
        let is_first = ended.with(Option::is_some) && history.records.with(Vec::len) == 1;
        is_first && !is_declined.get() && !is_hidden()
    });
    let start = move |_| {
        is_declined.set(true);
        panels.tour.update(|tour| *tour = tour.toggle());
    };
    view! {
        <Show when=move || is_offered.get() && !panels.tour.with(|tour| tour.is_open)>
            <div class="tour-offer" role="group" aria-label="Tour offer">
                <p>"Six short tasks show what parallel runs change."</p>
                <Button control="tour" on_click=start>
                    "Start the tour"
                </Button>
                <Button class="quiet" control="tour" on_click=move |_| is_declined.set(true)>
                    "No, thanks"
                </Button>
            </div>
        </Show>
    }
}

/// The card with the step at hand.
#[component]
pub fn TourCard() -> impl IntoView {
    let panels = expect_context::<PanelsState>();
    view! {
        <Show when=move || panels.tour.with(|tour| tour.is_open)>
            <Card />
        </Show>
    }
}

/// How far a step is: what the page was like when it began, and whether it has been done since.
#[derive(Clone, PartialEq)]
struct Begun {
    step: Option<Step>,
    look: Look,
    is_done: bool,
}

impl Begun {
    fn next(before: Option<&Self>, step: Option<Step>, now: Look) -> Self {
        match before.filter(|before| before.step == step) {
            Some(before) => {
                let is_done = step.is_some_and(|step| now.has_done(step, &before.look));
                Self { is_done: before.is_done || is_done, ..before.clone() }
            }
            None => Self { step, look: now, is_done: false },
        }
    }
}

/// What the page is like, as far as the steps are about it.
fn look_now() -> impl Fn() -> Look + Copy + Send + Sync {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let playhead = expect_context::<PlayheadState>();
    let selection = expect_context::<SelectionState>();
    move || {
        let longest_branch = plan.with(|plan| {
            let branches = plan.pipeline().branches().into_iter();
            let scripts = &plan.experiment.scripts;
            branches.filter_map(|branch| scripts.get(branch)).map(|script| script.latency).max()
        });
        let look = Look {
            has_guess: selection.guess.with(Option::is_some),
            straggler: longest_branch.unwrap_or_default(),
            blocks: settings.with(|settings| !settings.block.is_empty()),
            points_at_several: selection.pointed.with(|pointed| pointed.len() > 1),
            ..Look::default()
        };
        playhead.frame.with(|frame| look.at_runs(&frame.timelines))
    }
}

#[component]
fn Card() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let panels = expect_context::<PanelsState>();
    let tour = panels.tour;
    // The reader who has opened it goes on with it.
    request_animation_frame(|| page::focus(TASK));
    let step = Memo::new(move |_| tour.get().step());
    let look = look_now();
    let look = Memo::new(move |_| look());
    let begun = Memo::new(move |before| Begun::next(before, step.get(), look.get()));
    let is_done = Memo::new(move |_| begun.with(|begun| begun.is_done));
    Effect::new(move |_| {
        page::set_root("data-tour", step.get().filter(|_| !is_done.get()).map(Step::as_str));
    });
    on_cleanup(|| page::set_root("data-tour", None));
    let number = move || words::page::step(tour.get().number(), Step::ALL.len());
    let task = move || {
        let end = "That was the tour. Everything is yours to try: share what you find.";
        step.get().map_or(end, Step::task)
    };
    let lesson = move || step.get().filter(|_| is_done.get()).map(Step::lesson).unwrap_or_default();
    let escape = move |event: KeyboardEvent| {
        if is_escape(&event) {
            close(panels);
        }
    };
    let next_label = move || match (step.get(), is_done.get()) {
        (None, _) => "Start again",
        (_, true) => "Next",
        (_, false) => "Skip",
    };
    let lead = move |_| {
        let Some(step) = step.get_untracked() else { return };
        if let Some(tab) = tab_of(step) {
            settings.update(|settings| settings.tab = tab);
        }
        let place = plan.with_untracked(|plan| place(step, plan));
        // Once what the tab shows is there.
        request_animation_frame(move || {
            page::lead_to(&place);
        });
    };
    let back = move |_| tour.update(|tour| *tour = tour.back());
    let is_first = move || tour.get().number() == 1;
    let next = move |_| {
        tour.update(|tour| {
            *tour = match tour.step() {
                Some(_) => tour.next(),
                None => tour.toggle().toggle(),
            };
        });
        page::focus(TASK);
    };
    view! {
        <aside
            class="tour"
            role="region"
            aria-label="Tour"
            data-done=move || is_done.get().to_string()
            on:keydown=escape
        >
            <p class="tour-number">{number}</p>
            <p id=TASK tabindex="-1">
                {task}
            </p>
            <p class="tour-lesson" aria-live="polite">
                {lesson}
            </p>
            <div class="tour-actions">
                <Show when=move || step.get().is_some()>
                    <Button control="tour" on_click=lead>
                        "Show me"
                    </Button>
                </Show>
                <Show when=move || !is_first()>
                    <Button class="quiet" control="tour" on_click=back>
                        "Back"
                    </Button>
                </Show>
                <Button class="primary" control="tour" on_click=next>
                    {next_label}
                </Button>
                <Button class="quiet" control="tour" on_click=move |_| close(panels)>
                    "Close"
                </Button>
            </div>
        </aside>
    }
}
