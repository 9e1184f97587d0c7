//! The field of a setting that is a number.

use leptos::prelude::*;

use crate::app::kit::{Field, distinct};
use crate::app::state::{PlanState, SettingsState};
use crate::config::Number;

/// The field of a setting that is a number. What is not accepted stays in it, with a sentence that says
/// what would be, until something else is typed or the setting changes elsewhere.
#[component]
pub fn NumberField(
    number: Number,
    /// What assistive technology and tests call it.
    name: &'static str,
    /// What is written above it, where that is shorter.
    #[prop(optional)]
    label: Option<&'static str>,
    /// The type of the `input`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it while the setting has no number of its own; without it, the default's.
    #[prop(optional)]
    placeholder: Option<&'static str>,
) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let placeholder = move || match placeholder {
        Some(placeholder) => placeholder.to_owned(),
        None => settings.with(|settings| settings.default_number(number)),
    };
    let plan = expect_context::<PlanState>().current;
    let refusal = RwSignal::new(String::new());
    // Told only of changes: to write the setting again would erase what was typed and not accepted.
    let value = distinct(move || settings.with(|settings| settings.number(number)));
    Effect::watch(move || value.get(), move |_, _, _| refusal.set(String::new()), false);
    let take = move |text: String| {
        let mut changed = settings.get_untracked();
        let taken = plan.with_untracked(|plan| changed.type_number(number, &text, plan.pipeline()));
        if taken.is_ok() {
            settings.set(changed);
        }
        refusal.set(taken.err().unwrap_or_default());
    };
    view! {
        <Field
            name
            label=label.unwrap_or(name)
            control=number.key()
            kind
            class="field narrow"
            placeholder=Signal::derive(placeholder)
            value
            eager=false
            problem=refusal
            on_change=take
        />
    }
}
