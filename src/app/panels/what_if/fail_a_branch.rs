//! The menu that makes a branch fail.

use leptos::prelude::*;

use crate::app::kit::{Choice, Menu};
use crate::app::state::{PlanState, SettingsState};
use crate::simulate::{Failing, Fault};

/// More branches than these are not in the menu; the address can still name them.
const MOST_CHOICES: usize = 24;

/// A simulated server error half-way through its answer. What the address says
/// beyond that stays as it is until something is chosen here.
#[component]
pub fn FailABranch() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    view! {
        <Show when=move || !settings.is_live()>
            <BranchMenu />
        </Show>
    }
}

#[component]
fn BranchMenu() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let settings = expect_context::<SettingsState>().current;
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new("", "None")];
        plan.with(|plan| {
            let branches = plan.pipeline().branches().into_iter().take(MOST_CHOICES);
            let names = branches.map(|branch| plan.name(branch));
            choices.extend(names.map(|name| Choice::new(name.clone(), name)));
        });
        choices
    });
    let value = Signal::derive(move || {
        settings.with(|settings| match settings.fail.as_slice() {
            [(name, _)] => name.clone(),
            _ => String::new(),
        })
    });
    let choose = move |name: String| {
        let half = plan.with(|plan| {
            let branch = plan.pipeline().find(&name)?;
            Some(plan.experiment.scripts.get(branch)?.latency / 2)
        });
        settings.update(|settings| {
            let broken = half.map(|after| Fault::Status { status: 500, after: Some(after) });
            settings.fail = broken.map(|fault| (name, Failing::from(fault))).into_iter().collect();
        });
    };
    view! { <Menu name="Fail a branch" control="fail" choices value on_change=choose /> }
}
