//! The button that retries failed agents.

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::state::RunsState;
use crate::app::state::permit::By;

/// Beside Run, once something has failed: asks only those agents again that gave no answer.
#[component]
pub fn RetryFailed() -> impl IntoView {
    let runs = expect_context::<RunsState>();
    view! {
        <Show when=move || runs.can_retry()>
            <span class="again" title="Only the agents that failed, and those that need them">
                <Button
                    control="run_again"
                    one_click_a_press=true
                    on_click=move |event| runs.retry(By::of(&event))
                >
                    "Retry failed"
                </Button>
            </span>
        </Show>
    }
}
