//! The pipeline's answer, as formatted text.

use super::dom::{Node, Nodes, el};
use super::signals::{Memo, news};

use super::demo::Demo;
use super::ui::{part, shown, text};
use crate::markdown::{self, Element, parse};
use crate::timeline::sentences;
use crate::words;

/// What the final agents wrote.
pub fn report(demo: Demo) -> Node {
    let written = news(move || {
        demo.stage.with(|stage| {
            let pipeline = stage.pipeline();
            demo.frame.with(|frame| {
                let Some(timeline) = frame.timelines.get(stage.shown()) else {
                    return String::new();
                };
                let lanes = timeline.lanes().iter().enumerate();
                let finals = lanes.filter(|(agent, _)| pipeline.is_final(*agent));
                finals.map(|(_, lane)| lane.text.as_str()).collect::<Vec<_>>().join("\n\n")
            })
        })
    });
    // Whatever is wrong with it stands above it.
    let fates = move || {
        demo.stage.with(|stage| {
            let pipeline = stage.pipeline();
            demo.frame.with(|frame| {
                let lanes = frame.timelines.get(stage.shown())?.lanes().iter().enumerate();
                let written = lanes
                    .filter(|(agent, lane)| pipeline.is_final(*agent) && !lane.text.is_empty());
                let fates =
                    written.filter_map(|(agent, lane)| sentences::fate(pipeline, agent, lane));
                Some(fates.collect::<Vec<_>>())
            })
        })
    };
    let fates = news(move || fates().unwrap_or_default());
    // Block by block, since text that streams in changes only the last one.
    let blocks = Memo::new(move |_| written.with(|text| parse(text)));
    let count = Memo::new(move |_| blocks.with(Vec::len));
    let prose = part(move || match count.get() {
        0 => el("p").class("fine").child(words::page::REPORT_APPEARS_HERE).node(),
        count => (0..count).map(|at| block(blocks, at)).nodes(),
    });
    el("section")
        .class("report panel")
        .attr("aria-labelledby", "report-title")
        .child(el("h2").attr("id", "report-title").child(words::page::REPORT))
        .child(shown(
            move || fates.with(|fates| !fates.is_empty()),
            move || {
                let lines = text(move || fates.with(|fates| fates.join(" ")));
                el("p").class("fate").child(lines)
            },
        ))
        .child(
            el("article")
                .class("prose")
                .attr("tabindex", "0")
                .attr("aria-label", words::page::REPORT_TEXT)
                .child(prose),
        )
        .node()
}

fn block(blocks: Memo<Vec<markdown::Node>>, at: usize) -> Node {
    let block = Memo::new(move |_| blocks.with(|blocks| blocks.get(at).cloned()));
    part(move || block.get().map(draw))
}

fn nodes(nodes: Vec<markdown::Node>) -> Node {
    nodes.into_iter().map(draw).nodes()
}

fn draw(node: markdown::Node) -> Node {
    match node {
        markdown::Node::Text(text) => text.into(),
        markdown::Node::Code(code) => el("code").child(code).node(),
        markdown::Node::Break => el("br").node(),
        markdown::Node::Rule => el("hr").node(),
        markdown::Node::Element(element, inside) => {
            let inside = nodes(inside);
            match element {
                Element::Paragraph => el("p").child(inside).node(),
                // Below the region's own heading.
                Element::Heading(1 | 2) => el("h3").child(inside).node(),
                Element::Heading(3) => el("h4").child(inside).node(),
                Element::Heading(_) => el("h5").child(inside).node(),
                Element::Quote => el("blockquote").child(inside).node(),
                Element::CodeBlock => el("pre").child(el("code").child(inside)).node(),
                Element::List => el("ul").child(inside).node(),
                Element::Numbered(first) => {
                    el("ol").attr("start", first.to_string()).child(inside).node()
                }
                Element::Item => el("li").child(inside).node(),
                Element::Emphasis => el("em").child(inside).node(),
                Element::Strong => el("strong").child(inside).node(),
                Element::Link(address) => el("a")
                    .attr("href", address)
                    .attr("target", "_blank")
                    .attr("rel", "noopener noreferrer nofollow ugc")
                    .child(inside)
                    .node(),
            }
        }
    }
}
