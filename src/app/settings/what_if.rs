//! The conditions of a run: schedule, limit, failures, timeouts, latencies.

use leptos::prelude::*;

use super::NumberField;
use super::latencies::Latencies;
use super::lessons::Lessons;
use crate::app::kit::{Choice, Menu};
use crate::app::stage::BreakABranch;
use crate::app::state::{PlanState, SettingsState};
use crate::config::{Number, ScheduleChoice};
use crate::engine::OnFailure;
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
    view! {
        <section class="panel what-if" aria-label="What if">
            <Lessons />
            <div class="settings">
                <ScheduleMenu />
                <NumberField
                    number=Number::Limit
                    name="Concurrency limit"
                    kind="number"
                    placeholder="none"
                />
                <BreakABranch />
                <FailureMenu />
                <NumberField number=Number::Retries name="Retries" kind="number" />
            </div>
            <div class="settings">
                <NumberField number=Number::FirstTokenTimeout name="First-token timeout (s)" />
                <NumberField number=Number::StallTimeout name="Stall timeout (s)" />
                <NumberField number=Number::RunTimeout name="Run timeout (s)" placeholder="none" />
            </div>
            <Latencies />
            <p class="fine">{source}</p>
        </section>
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
