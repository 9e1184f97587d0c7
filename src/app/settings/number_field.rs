//! The field of a setting that is a number.

use leptos::prelude::*;

use crate::app::kit::Field;
use crate::app::state::SettingsState;
use crate::config::Number;

/// The field of a setting that is a number.
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
    view! {
        <Field
            name
            label=label.unwrap_or(name)
            control=number.key()
            kind
            class="field narrow"
            placeholder=Signal::derive(placeholder)
            value=Signal::derive(move || settings.with(|settings| settings.number(number)))
            eager=false
            on_change=move |text: String| {
                settings.update(|settings| settings.type_number(number, &text));
            }
        />
    }
}
