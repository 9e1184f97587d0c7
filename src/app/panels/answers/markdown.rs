//! Formatted text as elements.

use leptos::prelude::*;

use crate::markdown::{Element, Node};

/// Formatted text.
pub fn formatted(nodes: Vec<Node>) -> AnyView {
    nodes.into_iter().map(block).collect_view().into_any()
}

/// One piece of it.
pub fn block(node: Node) -> AnyView {
    match node {
        Node::Text(text) => text.into_any(),
        Node::Code(code) => view! { <code>{code}</code> }.into_any(),
        Node::Break => view! { <br /> }.into_any(),
        Node::Rule => view! { <hr /> }.into_any(),
        Node::Element(element, inside) => {
            let inside = formatted(inside);
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
                    <a href=address target="_blank" rel="noopener noreferrer nofollow ugc">
                        {inside}
                    </a>
                }
                .into_any(),
            }
        }
    }
}
