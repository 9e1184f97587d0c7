//! Signals outlive those who read them: a view that is drawn anew leaves nothing behind.
#![cfg(target_arch = "wasm32")]

use std::arch::wasm32::memory_size;

use converge::app::signals::{Memo, RwSignal, news};
use leptos::mount::mount_to_body;
use leptos::prelude::Owner;
use leptos::task::tick;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// By how many pages of 64 KiB the program's memory grows when what `read` makes comes and goes.
async fn growth(read: fn(RwSignal<usize>)) -> usize {
    // What is mounted first sets going what runs the tasks.
    mount_to_body(|| ());
    let page = Owner::new();
    let source = page.with(|| RwSignal::new(0));
    let come_and_go = async |rounds| {
        for _ in 0..rounds {
            for _ in 0..100 {
                let view = Owner::new();
                view.with(|| read(source));
                view.cleanup();
            }
            // What follows a signal is a task, which ends in its own time.
            tick().await;
        }
    };
    come_and_go(10).await;
    let before = memory_size(0);
    come_and_go(200).await;
    memory_size(0) - before
}

#[wasm_bindgen_test]
async fn a_memo_that_goes_leaves_nothing_behind() {
    let grown = growth(|source| {
        let double = Memo::new(move |_| source.get() * 2);
        assert_eq!(double.get_untracked(), 0);
    });
    assert_eq!(grown.await, 0, "pages");
}

#[wasm_bindgen_test]
async fn news_that_go_leave_nothing_behind() {
    let grown = growth(|source| {
        let double = news(move || source.get() * 2);
        assert_eq!(double.get_untracked(), 0);
    });
    assert_eq!(grown.await, 0, "pages");
}
