//! The foot of the page: what it promises.

use leptos::prelude::*;

/// See the module.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="colophon">
            <p>
                "Everything drawn here is computed from the log of the run in front of you. "
                "No request leaves this page except to the model that you name."
            </p>
        </footer>
    }
}
