//! The fan-out: from the topic to the branches, left of 0 s, since it takes no time.

use leptos::prelude::*;

use super::axis::px;
use crate::app::kit::distinct;
use crate::app::state::SettingsState;
use crate::timeline::stage::Layout;

/// The topic, and the curves from it. `grown` is how far they have grown, from 0 to 1.
#[component]
pub fn FanOut(layout: ReadSignal<Layout>, grown: ReadSignal<f64>) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let topic =
        distinct(move || settings.with(|settings| settings.topic.clone().unwrap_or_default()));
    let shapes = move || {
        layout.with(|layout| {
            let curves = layout.fan_out.iter().map(|curve| {
                let (agent, d) = (curve.agent + 1, curve.path());
                let offset = move || format!("{:.3}", 1.0 - grown.get());
                let (is_whole, is_none) = (move || grown.get() >= 1.0, move || grown.get() <= 0.0);
                view! {
                    <path d=d.clone() class:none=is_whole></path>
                    <path
                        class="grown"
                        d=d
                        data-agent=agent
                        pathLength="1"
                        stroke-dashoffset=offset
                        class:none=is_none
                    ></path>
                }
            });
            let curves = curves.collect_view();
            let funnel = layout.funnel.clone().map(|d| view! { <path class="funnel" d=d></path> });
            view! {
                <svg
                    class="gutter"
                    width=layout.left.to_string()
                    height=layout.height.to_string()
                    aria-hidden="true"
                >
                    {funnel}
                    {curves}
                </svg>
            }
        })
    };
    let pill = move || {
        let place = layout.with(|layout| layout.topic)?;
        let is_narrow = layout.with(|layout| layout.is_narrow);
        Some(view! {
            <div
                class="topic-pill"
                title=topic
                aria-hidden="true"
                style:left=px(place.x)
                style:top=px(place.y)
                style:width=px(place.width)
                style:height=px(place.height)
            >
                {if is_narrow { "▸" } else { "Topic" }}
            </div>
        })
    };
    view! {
        {shapes}
        {pill}
    }
}
