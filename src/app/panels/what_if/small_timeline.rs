//! A timeline as small as a line of text: an agent a line, without labels. The table around it says the
//! same in words.

use leptos::prelude::*;

use crate::library::{Fill, Mark, Picture};

/// See the module.
#[component]
pub fn SmallTimeline(picture: Picture) -> impl IntoView {
    let height = picture.height();
    let marks = picture.marks.iter().map(|Mark { agent, at, fill }| {
        view! {
            <rect
                class=fill.as_str()
                data-agent=(agent + 1).to_string()
                x=percent(at.x)
                y=picture.top(*agent).to_string()
                width=percent(at.width)
                height=picture.bar().to_string()
            ></rect>
        }
    });
    let failed = picture.marks.iter().filter(|mark| mark.fill == Fill::Failed);
    let crosses = failed.map(|Mark { agent, at, .. }| {
        let middle = picture.top(*agent) + picture.bar() / 2.0;
        view! {
            <svg x=percent(at.x + at.width) y=middle.to_string()>
                <path class="cross" d="M-3-3 3 3M3-3-3 3"></path>
            </svg>
        }
    });
    let seen = picture.seen.map(|at| {
        let class = if picture.is_error { "seen error" } else { "seen" };
        let middle = (height / 2.0).to_string();
        view! {
            <line class=class x1=percent(at) x2=percent(at) y1="0" y2=height.to_string()></line>
            <circle class=class class:none=picture.is_error cx=percent(at) cy=middle r="3"></circle>
        }
    });
    view! {
        <svg class="small-timeline" width="100%" height=height.to_string() aria-hidden="true">
            {marks.collect_view()}
            {seen}
            {crosses.collect_view()}
        </svg>
    }
}

fn percent(share: f64) -> String {
    format!("{:.3}%", share * 100.0)
}
