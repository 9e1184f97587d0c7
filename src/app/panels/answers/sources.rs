//! What on the web an answer rests on, below the answer.
//!
//! Titles and addresses are not to be trusted: only http and https lead anywhere, and the page there
//! does not learn who sent its reader. Google's search suggestions are HTML that has to be shown as
//! it came: in a frame that runs nothing, loads nothing and sends nothing.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::kit::distinct;
use crate::app::state::LazyState;
use crate::model::{Grounding, Source};
use crate::timeline::Lane;
use crate::web::suggestions;
use crate::words;

/// What a lane's answer rests on; nothing where it rests on nothing, as in every simulated run.
#[component]
pub fn Sources(name: ReadSignal<String>, lane: ReadSignal<Option<Lane>>) -> impl IntoView {
    let found = Memo::new(move |_| lane.with(|lane| lane.as_ref()?.grounding.clone()));
    let lazy = expect_context::<LazyState>();
    let is_loaded = distinct(move || lazy.module().is_some());
    move || {
        let grounding = found.get().filter(|_| is_loaded.get())?;
        let module = untrack(|| lazy.module())?;
        Some((module.draw_sources)(name, grounding))
    }
}

/// Draws them: a list of links, what was searched for, and what a search engine suggests.
pub fn draw_sources(name: ReadSignal<String>, grounding: Grounding) -> AnyView {
    let Grounding { sources, queries, suggestions } = grounding;
    let list = (!sources.is_empty()).then(|| {
        let items = sources.into_iter().map(|source| view! { <Item source /> });
        view! {
            <ol
                class="sources"
                aria-label=move || name.with(|name| words::page::sources_of(name))
            >
                {items.collect_view()}
            </ol>
        }
    });
    let searched = (!queries.is_empty()).then(|| {
        view! { <p class="fine">{words::page::searched(&queries.join("; "))}</p> }
    });
    let suggestions =
        (!suggestions.is_empty()).then(|| view! { <Suggestions name html=suggestions /> });
    view! { {list}{searched}{suggestions} }.into_any()
}

#[component]
fn Item(source: Source) -> impl IntoView {
    let leads = source.leads_to_the_web();
    let Source { title, uri } = source;
    let title = if title.trim().is_empty() { uri.clone() } else { title };
    let title = match leads {
        true => view! {
            <a href=uri target="_blank" rel="noopener noreferrer nofollow">
                {title}
            </a>
        }
        .into_any(),
        false => title.into_any(),
    };
    view! { <li>{title}</li> }
}

/// The frame has the page's own origin, but no script runs in it: the page has to reach into it.
#[component]
fn Suggestions(name: ReadSignal<String>, html: String) -> impl IntoView {
    view! {
        <iframe
            class="suggestions"
            title=move || name.with(|name| words::page::suggestions_for(name))
            sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
            referrerpolicy="no-referrer"
            srcdoc=suggestions::EMPTY
            on:load=move |event| {
                if let Some(frame) = event.target() {
                    suggestions::fill(frame.unchecked_ref(), &html);
                }
            }
        />
    }
}
