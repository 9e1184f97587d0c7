//! The rival that a page in Leptos cannot be smaller or sooner than: one button that counts.

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This runs in a browser: `cargo xtask bench`.");
}

#[cfg(target_arch = "wasm32")]
fn main() {
    use leptos::prelude::*;

    let count = RwSignal::new(0);
    mount_to_body(move || {
        view! {
            <button on:click=move |_| count.update(|count| *count += 1)>"Run"</button>
            <p role="status">{count}</p>
        }
    });
}
