//! The pipeline's answer, as formatted text.

use leptos::prelude::*;

use super::demo::Demo;
use super::flow::shown_run;
use crate::markdown::{Element, Node, parse};

/// What the final agents wrote.
#[component]
pub fn Report() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let text = Memo::new(move |_| {
        let place = shown_run(demo);
        demo.stage.with(|stage| {
            let pipeline = &stage.experiment.preset.pipeline;
            demo.frame.with(|frame| {
                let Some(timeline) = frame.timelines.get(place) else { return String::new() };
                let finals = (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent));
                let texts = finals.map(|agent| timeline.lanes()[agent].text.as_str());
                texts.collect::<Vec<_>>().join("\n\n")
            })
        })
    });
    view! {
        <section class="report panel" aria-labelledby="report-title">
            <h2 id="report-title">"Report"</h2>
            <article class="prose">
                {move || {
                    let text = text.get();
                    if text.is_empty() {
                        view! { <p class="fine">"Where all branches meet: the report appears here."</p> }
                            .into_any()
                    } else {
                        nodes(parse(&text)).into_any()
                    }
                }}
            </article>
        </section>
    }
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
