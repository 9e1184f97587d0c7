//! The buttons that page through many agents.

use leptos::prelude::*;

use crate::timeline::crowd::Page;
use crate::words;

/// Which page of many agents a view shows, and the ways to the others; nothing where one page holds
/// all of them.
#[component]
pub fn Pager(
    page: impl Fn() -> Page + Copy + Send + Sync + 'static,
    /// What the page is of.
    what: &'static str,
    /// Takes the place of the first agent of the page to turn to.
    on_turn: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <Show when=move || !page().is_whole()>
            <div class="pager" role="group" aria-label=words::crowd::page_by_page(what)>
                <Step page on_turn class="quiet" to=|page| page.before().map(|_| 0)>
                    "First"
                </Step>
                <Step page on_turn to=Page::before>
                    "Previous"
                </Step>
                <span>{move || words::crowd::what_page(what, &page().told())}</span>
                <Step page on_turn to=Page::after>
                    "Next"
                </Step>
                <Step page on_turn class="quiet" to=|page| page.after().map(|_| page.all())>
                    "Last"
                </Step>
            </div>
        </Show>
    }
}

#[component]
fn Step(
    page: impl Fn() -> Page + Copy + Send + Sync + 'static,
    on_turn: impl Fn(usize) + Copy + Send + Sync + 'static,
    #[prop(optional)] class: &'static str,
    to: fn(Page) -> Option<usize>,
    children: Children,
) -> impl IntoView {
    let turn = move |_| {
        if let Some(first) = to(untrack(page)) {
            on_turn(first);
        }
    };
    view! {
        <button type="button" class=class disabled=move || to(page()).is_none() on:click=turn>
            {children()}
        </button>
    }
}
