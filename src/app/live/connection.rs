//! The button that tries the connection before a run spends anything, and the list of models that
//! it brings.

use leptos::prelude::*;

use super::doctor::DiagnosisCard;
use crate::app::kit::Button;
use crate::app::state::LiveState;
use crate::app::state::live::TestResult;
use crate::app::state::permit::By;
use crate::words;

/// The id of the list of models.
pub const MODELS: &str = "models";

/// More names than these are of no use in a list to choose from.
const MOST_MODELS: usize = 500;

/// The button, what came of it, and the list.
#[component]
pub fn Connection() -> impl IntoView {
    let live = expect_context::<LiveState>();
    let result = Memo::new(move |_| live.test_result());
    let says = move || {
        result.with(|result| match result {
            Some(TestResult::Waiting) => "Connecting".to_owned(),
            Some(TestResult::Missing(missing)) => missing.clone(),
            Some(TestResult::Connected(models)) => words::live::connected(models.len()),
            _ => String::new(),
        })
    };
    let diagnosis = move || match result.get() {
        Some(TestResult::Failed(diagnosis)) => Some(view! { <DiagnosisCard diagnosis /> }),
        _ => None,
    };
    let models = move || match result.get() {
        Some(TestResult::Connected(models)) => models.into_iter().take(MOST_MODELS).collect(),
        _ => Vec::new(),
    };
    view! {
        <div class="connection" role="group" aria-label="Connection">
            <Button
                control="test"
                one_click_a_press=true
                on_click=move |event| {
                    live.act(By::of(&event), move |permit| live.test_connection(permit));
                }
            >
                "Test connection"
            </Button>
            <p aria-live="polite">{says}</p>
            {diagnosis}
        </div>
        <datalist id=MODELS>
            {move || {
                models().into_iter().map(|name| view! { <option value=name></option> }).collect_view()
            }}
        </datalist>
    }
}
