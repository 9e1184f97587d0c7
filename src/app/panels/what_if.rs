//! The conditions of a run: schedule, limit, failures, timeouts, latencies.

mod fail_a_branch;
mod latencies;
mod libraries;
mod small_timeline;

use leptos::prelude::*;

use self::fail_a_branch::FailABranch;
use self::latencies::Latencies;
use self::libraries::Libraries;
use super::lessons::Lessons;
use crate::app::kit::{Choice, Menu, distinct};
use crate::app::settings::NumberField;
use crate::app::state::{PlanState, SettingsState};
use crate::config::{Number, ScheduleChoice, Settings};
use crate::engine::{Late, OnFailure};
use crate::presets::LESSONS;
use crate::words;

/// See the module.
#[component]
pub fn WhatIf() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let plan = expect_context::<PlanState>().current;
    let source = move || match settings.is_live() {
        true => String::new(),
        false => plan.with(|plan| words::settings::simulated(plan.experiment.preset.source)),
    };
    let conditions = distinct(move || {
        settings.current.with(|settings| {
            plan.with(|plan| settings.conditions_in_words(plan.pipeline()).join(" "))
        })
    });
    let lessons = LESSONS.map(|(label, address)| (label.to_owned(), address)).to_vec();
    view! {
        <section class="panel what-if" aria-label="What if">
            <Lessons name="Lessons" lessons take_over=take_lesson />
            <div class="settings">
                <ScheduleMenu />
                <NumberField
                    number=Number::Limit
                    name="Concurrency limit"
                    kind="number"
                    placeholder="none"
                />
                <FailABranch />
                <FailureMenu />
                <NumberField number=Number::Retries name="Retries" kind="number" />
            </div>
            <div class="settings">
                <NumberField number=Number::FirstTokenTimeout name="First-token timeout (s)" />
                <NumberField number=Number::StallTimeout name="Stall timeout (s)" />
                <NumberField number=Number::RunTimeout name="Run timeout (s)" placeholder="none" />
                <NumberField number=Number::Hedge name="Hedge after (s)" placeholder="none" />
                <QuorumFields />
            </div>
            <p class="fine" class:none=move || conditions.with(String::is_empty)>
                {conditions}
            </p>
            <Latencies />
            <p class="fine">{source}</p>
            <Libraries />
        </section>
    }
}

/// Only what the lessons are about: the rest stays as the reader has set it.
fn take_lesson(settings: &mut Settings, lesson: Settings) {
    settings.preset = lesson.preset;
    settings.edited = None;
    settings.n = lesson.n;
    settings.latency = lesson.latency;
    settings.topic = None;
    settings.fail.clear();
    settings.limit = None;
    settings.quorum = None;
    settings.hedge = None;
    settings.schedule = ScheduleChoice::Race;
}

/// With how many answers a join begins, and what becomes of the late branches. Not for a pipeline
/// without a join, unless a quorum is set: then what it comes to is explained.
#[component]
fn QuorumFields() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let has_join = distinct(move || {
        plan.with(|plan| {
            let pipeline = plan.pipeline();
            (0..plan.agents()).any(|agent| pipeline.needs(agent).len() > 1)
        })
    });
    let has_quorum = distinct(move || settings.with(|settings| settings.quorum.is_some()));
    view! {
        <Show when=move || has_join.get() || has_quorum.get()>
            <NumberField
                number=Number::Quorum
                name="Quorum (answers)"
                placeholder="all"
            />
        </Show>
        <Show when=move || has_quorum.get()>
            <LateMenu />
        </Show>
    }
}

#[component]
fn LateMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let choices = Late::ALL.map(|late| {
        let label = match late {
            Late::Cancel => "cancel them",
            Late::Keep => "let them run on",
        };
        Choice::new(late.as_str(), label)
    });
    let late = move || {
        let late = settings.with(|settings| settings.quorum.as_ref().map(|quorum| quorum.late));
        late.unwrap_or_default().as_str().to_owned()
    };
    view! {
        <Menu
            name="Late branches"
            control="quorum"
            choices=choices.to_vec()
            value=Signal::derive(late)
            on_change=move |word: String| {
                let chosen = Late::ALL.into_iter().find(|late| late.as_str() == word);
                settings
                    .update(|settings| {
                        if let Some((quorum, late)) = settings.quorum.as_mut().zip(chosen) {
                            quorum.late = late;
                        }
                    });
            }
        />
    }
}

#[component]
fn ScheduleMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let choices = ScheduleChoice::ALL.iter().map(|choice| {
        let label = match choice {
            ScheduleChoice::Race => "Race, both",
            ScheduleChoice::Sequential => "Sequential",
            ScheduleChoice::Parallel => "Parallel",
        };
        Choice::new(choice.as_str(), label)
    });
    let choices: Vec<_> = choices.collect();
    view! {
        <Menu
            name="Schedule"
            control="schedule"
            choices
            value=Signal::derive(move || settings.with(|s| s.schedule.as_str().to_owned()))
            on_change=move |word: String| {
                if let Some(schedule) = ScheduleChoice::from_name(&word) {
                    settings.update(|settings| settings.schedule = schedule);
                }
            }
        />
    }
}

#[component]
fn FailureMenu() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let choices = OnFailure::ALL.map(|policy| Choice::new(policy.as_str(), policy.label()));
    view! {
        <Menu
            name="When a branch fails"
            control="on_error"
            choices=choices.to_vec()
            value=Signal::derive(move || settings.with(|s| s.on_failure().as_str().to_owned()))
            on_change=move |word: String| {
                let chosen = OnFailure::ALL.into_iter().find(|policy| policy.as_str() == word);
                if chosen.is_some() {
                    settings.update(|settings| settings.on_error = chosen);
                }
            }
        />
    }
}
