//! What on the web an answer rests on, below the answer.
//!
//! Titles and addresses are strangers' text: only http and https lead anywhere, and the page there
//! does not learn who sent its reader. Google's search suggestions are HTML that has to be shown as
//! it came: in a frame that runs nothing, loads nothing and sends nothing.

use super::dom::{Node, el};
use super::signals::{Memo, RwSignal};
use wasm_bindgen::JsCast;

use super::ui::part;
use crate::model::{Grounding, Source};
use crate::timeline::Lane;
use crate::web::page;
use crate::words;

/// What a lane's answer rests on; nothing where it rests on nothing.
pub fn sources(agent: String, lane: RwSignal<Option<Lane>>) -> Node {
    let found = Memo::new(move |_| lane.with(|lane| lane.as_ref()?.grounding.clone()));
    part(move || found.get().map(|found| list(&agent, found)))
}

fn list(agent: &str, found: Grounding) -> Node {
    let Grounding { sources, queries, suggestions } = found;
    let name = words::page::sources_of(agent);
    let searched = (!queries.is_empty())
        .then(|| el("p").class("fine").child(words::page::searched(&queries.join("; "))));
    let items: Vec<Node> = sources.into_iter().map(source).collect();
    let items = (!items.is_empty())
        .then(|| el("ol").class("sources").attr("aria-label", name).child(items).node());
    let suggestions = (!suggestions.is_empty()).then(|| suggested(agent, suggestions));
    (items, searched, suggestions).into()
}

fn source(source: Source) -> Node {
    let leads = source.leads_to_the_web();
    let Source { title, uri } = source;
    let title = if title.trim().is_empty() { uri.clone() } else { title };
    let inside = match leads {
        true => el("a")
            .attr("href", uri)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer nofollow")
            .child(title)
            .node(),
        false => title.into(),
    };
    el("li").child(inside).node()
}

/// The frame has the page's own origin, but no script runs in it: the page has to reach its style.
fn suggested(agent: &str, suggestions: String) -> Node {
    el("iframe")
        .class("suggestions")
        .attr("title", words::page::suggestions_for(agent))
        .attr("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox")
        .attr("referrerpolicy", "no-referrer")
        .attr("srcdoc", suggestions)
        .on("load", |event| {
            if let Some(frame) = event.target() {
                page::allow_own_style(frame.unchecked_ref());
            }
        })
        .node()
}
