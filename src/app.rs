//! The page.
use leptos::prelude::*;

/// Mounts the page.
pub fn start() {
    mount_to_body(|| view! { <main><h1>"Converge"</h1></main> });
}
