//! What on the web an answer rests on, below the answer.
//!
//! Titles and addresses are strangers' text: only http and https lead anywhere, and the page there
//! does not learn who sent its reader. Google's search suggestions are HTML that has to be shown as
//! it came: in a frame that runs nothing, loads nothing and sends nothing.

use leptos::html;
use leptos::prelude::*;

use super::ui::{listener, part};
use crate::model::{Grounding, Source};
use crate::timeline::Lane;
use crate::web::page;

/// What a lane's answer rests on; nothing where it rests on nothing.
pub fn sources(agent: String, lane: Memo<Option<Lane>>) -> AnyView {
    let found = Memo::new(move |_| lane.with(|lane| lane.as_ref()?.grounding.clone()));
    part(move || found.get().map(|found| list(&agent, found)).into_any()).into_any()
}

fn list(agent: &str, found: Grounding) -> AnyView {
    let Grounding { sources, queries, suggestions } = found;
    let name = format!("Sources of {agent}");
    let searched = (!queries.is_empty())
        .then(|| view! { <p class="fine">{format!("Searched: {}", queries.join("; "))}</p> });
    let items: Vec<AnyView> = sources.into_iter().map(source).collect();
    let items = (!items.is_empty())
        .then(|| view! { <ol class="sources" aria-label=name>{items}</ol> }.into_any());
    let suggestions = (!suggestions.is_empty()).then(|| suggested(agent, suggestions));
    view! { {items} {searched} {suggestions} }.into_any()
}

fn source(source: Source) -> AnyView {
    let leads = source.leads_to_the_web();
    let Source { title, uri } = source;
    let title = if title.trim().is_empty() { uri.clone() } else { title };
    let inside = match leads {
        true => view! {
            <a href=uri target="_blank" rel="noopener noreferrer nofollow">{title}</a>
        }
        .into_any(),
        false => title.into_any(),
    };
    view! { <li>{inside}</li> }.into_any()
}

/// The frame has the page's own origin, but no script runs in it: the page has to reach its style.
fn suggested(agent: &str, suggestions: String) -> AnyView {
    let frame = NodeRef::<html::Iframe>::new();
    view! {
        <iframe
            class="suggestions"
            title=format!("Google search suggestions for {agent}")
            sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
            referrerpolicy="no-referrer"
            srcdoc=suggestions
            node_ref=frame
            on:load=listener(move |_| {
                if let Some(frame) = frame.get_untracked() {
                    page::allow_own_style(&frame);
                }
            })
        ></iframe>
    }
    .into_any()
}
