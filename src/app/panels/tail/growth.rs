//! The percentiles of the slowest of 1 to 1,000 branches: as lines, and as a table.

use std::time::Duration;

use leptos::prelude::*;

use super::draw::Drawing;
use crate::app::kit::distinct;
use crate::plan::tail::Figure;
use crate::tail::{GrowthPoint, Percentiles};
use crate::time::seconds;
use crate::timeline::crowd::grouped;

/// See the module.
#[component]
pub fn Growth() -> impl IntoView {
    let drawing = expect_context::<Drawing>();
    let line = move |of: fn(&Percentiles) -> Duration, hedged: bool| {
        move || drawing.read(|figure| figure.growth_line(of, hedged)).unwrap_or_default()
    };
    let has_hedge =
        distinct(move || drawing.read(|figure| figure.hedged_growth.is_some()).unwrap_or_default());
    let own = move || {
        let x = drawing.read(|figure| format!("{:.4}", figure.own_x()));
        x.unwrap_or_else(|| "0".into())
    };
    let heights = move || {
        let ticks = drawing.read(Figure::growth_ticks).unwrap_or_default();
        let ticks = ticks.into_iter().map(|tick| {
            let bottom = format!("{:.3}%", 100.0 * tick.x);
            view! { <span class="height-tick" style:bottom=bottom>{tick.label}</span> }
        });
        ticks.collect_view()
    };
    let numbers = [1, 10, 100, 1000].into_iter().enumerate().map(|(place, number)| {
        let left = format!("{:.3}%", 100.0 * place as f64 / 3.0);
        view! { <span class="tick" style:left=left>{grouped(number)}</span> }
    });
    view! {
        <div class="tail-growth">
            <figure>
                <figcaption>
                    "The slowest of n branches, in seconds" <span class="key p50">"p50"</span>
                    <span class="key p95">"p95"</span> <span class="key p99">"p99"</span>
                    <Show when=move || has_hedge.get()>
                        <span class="key hedged">"p95, hedged"</span>
                    </Show>
                </figcaption>
                <div class="growth-plot" aria-hidden="true">
                    <div class="heights">{heights}</div>
                    <svg viewBox="0 0 1 1" preserveAspectRatio="none">
                        <line class="own" x1=own x2=own y1="0" y2="1"></line>
                        <polyline class="p50" points=line(|all| all.p50, false)></polyline>
                        <polyline class="p95" points=line(|all| all.p95, false)></polyline>
                        <polyline class="p99" points=line(|all| all.p99, false)></polyline>
                        <polyline class="hedged" points=line(|all| all.p95, true)></polyline>
                    </svg>
                    <div class="axis-plot">{numbers.collect_view()}</div>
                </div>
            </figure>
            <GrowthTable has_hedge />
        </div>
    }
}

#[component]
fn GrowthTable(has_hedge: ReadSignal<bool>) -> impl IntoView {
    let drawing = expect_context::<Drawing>();
    let rows = move || {
        let rows = drawing.read(|figure| {
            let hedged = figure.hedged_growth.iter().flatten().map(Some);
            let hedged = hedged.chain(std::iter::repeat(None));
            figure.growth.iter().zip(hedged).map(|(plain, hedged)| row(plain, hedged)).collect()
        });
        let rows: Vec<(String, Vec<String>)> = rows.unwrap_or_default();
        let row = |(branches, lengths): (String, Vec<String>)| {
            let cells =
                lengths.into_iter().map(|length| view! { <td class="number">{length}</td> });
            view! {
                <tr>
                    <th scope="row">{branches}</th>
                    {cells.collect_view()}
                </tr>
            }
        };
        rows.into_iter().map(row).collect_view()
    };
    view! {
        <table class="growth-table">
            <caption class="visually-hidden">"The slowest of n branches, in seconds"</caption>
            <thead>
                <tr>
                    <th scope="col">"Branches"</th>
                    <th scope="col" class="number">"p50"</th>
                    <th scope="col" class="number">"p95"</th>
                    <th scope="col" class="number">"p99"</th>
                    <Show when=move || has_hedge.get()>
                        <th scope="col" class="number">"p95, hedged"</th>
                    </Show>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(plain: &GrowthPoint, hedged: Option<&GrowthPoint>) -> (String, Vec<String>) {
    let Percentiles { p50, p95, p99 } = plain.slowest;
    let hedged = hedged.map(|point| point.slowest.p95);
    let lengths = [p50, p95, p99].into_iter().chain(hedged).map(seconds).collect();
    (grouped(plain.branches), lengths)
}
