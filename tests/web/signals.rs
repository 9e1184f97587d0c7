//! Signals outlive what reads them: a view that goes leaves nothing behind.

use std::arch::wasm32::memory_size;

use converge::app::{distinct, unsubscribe_on_cleanup};
use leptos::mount::mount_to_body;
use leptos::prelude::*;
use leptos::reactive::computed::ArcMemo;
use leptos::task::tick;
use wasm_bindgen_test::wasm_bindgen_test;

/// By how many pages of 64 KiB the program's memory grows when what `read` makes comes and goes.
/// What it reads lasts as long as the page: a signal, and a memo of it.
async fn growth(read: fn(RwSignal<usize>, Memo<usize>)) -> usize {
    // What is mounted first sets going what runs the tasks.
    mount_to_body(|| ());
    let page = Owner::new();
    let (source, half) = page.with(|| {
        let source = RwSignal::new(0);
        (source, Memo::new(move |_| source.get() / 2))
    });
    let come_and_go = async |rounds| {
        for _ in 0..rounds {
            for _ in 0..100 {
                let view = Owner::new();
                view.with(|| read(source, half));
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
    let grown = growth(|_, half| {
        let double = ArcMemo::new(move |_| half.get() * 2);
        unsubscribe_on_cleanup(&double);
        // The owner's from here on, as a component's are.
        let double = Memo::from(double);
        assert_eq!(double.get_untracked(), 0);
    });
    assert_eq!(grown.await, 0, "pages");
}

#[wasm_bindgen_test]
async fn a_distinct_value_that_goes_leaves_nothing_behind() {
    let grown = growth(|source, half| {
        let double = distinct(move || source.get() + half.get());
        assert_eq!(double.get_untracked(), 0);
    });
    assert_eq!(grown.await, 0, "pages");
}
