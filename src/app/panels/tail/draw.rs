//! Draws runs while the tab is open: in slices that leave each frame its time, and anew whenever what
//! they depend on has changed.

use std::rc::Rc;

use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::state::live::Round;
use crate::app::state::{LiveState, PlanState, SettingsState};
use crate::plan::tail::{Figure, Measurements, Question, Sampling};
use crate::web::clock::TimeSlice;

/// How long a slice keeps the thread, in milliseconds: the picture is drawn in the same frame.
const SLICE: f64 = 6.0;

/// After how many slices the picture is drawn first, and by how much later each time.
const FIRST: u32 = 2;
const LATER: f64 = 1.4;

/// What is drawn, and what it has come to.
#[derive(Clone, Copy)]
pub struct Drawing {
    figure: RwSignal<Option<Rc<Figure>>, LocalStorage>,
    /// What it is about.
    pub question: RwSignal<Question, LocalStorage>,
    /// Whether there is more to be drawn.
    pub is_busy: RwSignal<bool>,
    /// What was measured, where anything was.
    pub measurements: RwSignal<Option<Rc<Measurements>>, LocalStorage>,
    /// Whether that is what is drawn.
    pub is_measured: RwSignal<bool>,
}

impl Drawing {
    /// Draws what the settings ask for until the tab is closed.
    pub fn follow() -> Self {
        let settings = expect_context::<SettingsState>().current;
        let plan = expect_context::<PlanState>().current;
        let question = untrack(|| {
            settings.with(|settings| plan.with(|plan| Question::of(settings, plan, None)))
        });
        let drawing = Self {
            figure: RwSignal::new_local(None),
            question: RwSignal::new_local(question),
            is_busy: RwSignal::new(true),
            measurements: RwSignal::new_local(None),
            is_measured: RwSignal::new(false),
        };
        drawing.keep_measurements();
        let stop = StoredValue::new(None::<AbortHandle>);
        let stop_now = move || {
            if let Some(running) = stop.try_update_value(Option::take).flatten() {
                running.abort();
            }
        };
        Effect::new(move |before: Option<Question>| {
            let measured = match drawing.is_measured.get() {
                true => drawing.measurements.get(),
                false => None,
            };
            let question =
                settings.with(|settings| plan.with(|plan| Question::of(settings, plan, measured)));
            if before.as_ref() == Some(&question) {
                return question;
            }
            stop_now();
            let (draw, running) = abortable(drawing.draw(question.clone()));
            stop.set_value(Some(running));
            drawing.is_busy.set(true);
            drawing.question.set(question.clone());
            spawn_local(async move {
                // Aborted: another question has come, or the tab is closed.
                let _ = draw.await;
            });
            question
        });
        on_cleanup(stop_now);
        drawing
    }

    /// Remembers what a trace or rounds of live runs have measured: a hedge that is set afterwards
    /// ends what was measured, and is to be tried on just that.
    fn keep_measurements(self) {
        let plan = expect_context::<PlanState>().current;
        let rounds = expect_context::<LiveState>().repeats;
        Effect::new(move |_| {
            let found = plan.with(|plan| {
                Measurements::of_trace(plan).or_else(|| {
                    rounds.with(|rounds| {
                        let runs = rounds.iter().flat_map(|round: &Round| &round.agents);
                        Measurements::of_rounds(plan, runs)
                    })
                })
            });
            let fits = |kept: &Option<Rc<Measurements>>| {
                let fits = |kept: &Rc<Measurements>| plan.with(|plan| kept.fits(plan.pipeline()));
                kept.as_ref().is_some_and(fits)
            };
            match found {
                Some(found) => {
                    if self.measurements.with_untracked(|kept| kept.as_deref() != Some(&found)) {
                        self.measurements.set(Some(Rc::new(found)));
                        // A trace that is opened is what the reader has come with.
                        if plan.with_untracked(|plan| plan.measured.is_some()) {
                            self.is_measured.set(true);
                        }
                    }
                }
                None if self.measurements.with_untracked(fits) => {}
                None => {
                    self.measurements.set(None);
                    self.is_measured.set(false);
                }
            }
        });
    }

    async fn draw(self, question: Question) {
        let slice = TimeSlice::lasting(SLICE);
        // What has changed is on screen before the drawing begins.
        slice.give_back().await;
        let mut sampling = Sampling::new(&question);
        let (mut slices, mut due) = (0, FIRST);
        let mut is_more = true;
        while is_more {
            while is_more && !slice.is_over() {
                is_more = sampling.advance();
            }
            slices += 1;
            if is_more && slices >= due {
                slice.give_back().await;
                self.figure.set(Some(Rc::new(sampling.figure())));
                due = (f64::from(slices) * LATER).ceil() as u32 + FIRST;
            }
            slice.give_back().await;
        }
        self.figure.set(Some(Rc::new(sampling.figure())));
        self.is_busy.set(false);
    }

    /// Reads the figure, if there is one yet; follows it.
    pub fn read<T>(self, of: impl FnOnce(&Figure) -> T) -> Option<T> {
        self.figure.with(|figure| figure.as_deref().map(of))
    }
}
