//! The pipeline's answer, as formatted text.

use leptos::prelude::*;

use super::demo::Demo;
use super::ui::part;
use crate::markdown::{Element, Node, parse};

/// What the final agents wrote.
pub fn report(demo: Demo) -> AnyView {
    let written = Memo::new(move |_| {
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
    // Block by block, since text that streams in changes only the last one.
    let blocks = Memo::new(move |_| written.with(|text| parse(text)));
    let count = Memo::new(move |_| blocks.with(Vec::len));
    let prose = part(move || match count.get() {
        0 => view! { <p class="fine">"Where all branches meet: the report appears here."</p> }
            .into_any(),
        count => (0..count).map(|at| block(blocks, at)).collect_view().into_any(),
    });
    view! {
        <section class="report panel" aria-labelledby="report-title">
            <h2 id="report-title">"Report"</h2>
            <article class="prose" tabindex="0" aria-label="Report text">{prose}</article>
        </section>
    }
    .into_any()
}

fn block(blocks: Memo<Vec<Node>>, at: usize) -> AnyView {
    let block = Memo::new(move |_| blocks.with(|blocks| blocks.get(at).cloned()));
    part(move || block.get().map(draw).into_any()).into_any()
}

fn nodes(nodes: Vec<Node>) -> Vec<AnyView> {
    nodes.into_iter().map(draw).collect()
}

fn draw(node: Node) -> AnyView {
    match node {
        Node::Text(text) => text.into_any(),
        Node::Code(code) => view! { <code>{code}</code> }.into_any(),
        Node::Break => view! { <br/> }.into_any(),
        Node::Rule => view! { <hr/> }.into_any(),
        Node::Element(element, inside) => {
            let inside = nodes(inside);
            match element {
                Element::Paragraph => view! { <p>{inside}</p> }.into_any(),
                // Below the region's own heading.
                Element::Heading(1 | 2) => view! { <h3>{inside}</h3> }.into_any(),
                Element::Heading(3) => view! { <h4>{inside}</h4> }.into_any(),
                Element::Heading(_) => view! { <h5>{inside}</h5> }.into_any(),
                Element::Quote => view! { <blockquote>{inside}</blockquote> }.into_any(),
                Element::CodeBlock => view! { <pre><code>{inside}</code></pre> }.into_any(),
                Element::List => view! { <ul>{inside}</ul> }.into_any(),
                Element::Numbered(first) => {
                    view! { <ol start=first.to_string()>{inside}</ol> }.into_any()
                }
                Element::Item => view! { <li>{inside}</li> }.into_any(),
                Element::Emphasis => view! { <em>{inside}</em> }.into_any(),
                Element::Strong => view! { <strong>{inside}</strong> }.into_any(),
                Element::Link(address) => view! {
                    <a href=address target="_blank" rel="noopener noreferrer nofollow ugc">{inside}</a>
                }
                .into_any(),
            }
        }
    }
}
