//! One call, the sequential run and the parallel run as distributions on one axis. The picture is a
//! table: each row has its shape, its percentiles and its price.

use leptos::prelude::*;

use super::draw::Drawing;
use crate::app::kit::distinct;
use crate::plan::tail::{Figure, Row, RowKind};
use crate::tail::Percentiles;
use crate::time::seconds;

/// Labeled moments on the axis, at most.
const TICKS: usize = 8;

/// See the module.
#[component]
pub fn Rows() -> impl IntoView {
    let drawing = expect_context::<Drawing>();
    let kinds = move || drawing.read(kinds).unwrap_or_default();
    let ticks = move || {
        let ticks = drawing.read(|figure| figure.axis.ticks(TICKS)).unwrap_or_default();
        let ticks = ticks.into_iter().map(|tick| {
            view! { <span class="tick" style:left=percent(tick.x)>{tick.label}</span> }
        });
        ticks.collect_view()
    };
    let is_logarithmic =
        distinct(move || drawing.read(|figure| figure.axis.is_logarithmic()) == Some(true));
    view! {
        <table class="tail-rows">
            <caption class="visually-hidden">"How long many runs take, in seconds"</caption>
            <thead>
                <tr>
                    <th scope="col">"Seconds"</th>
                    <td></td>
                    <th scope="col" class="number p50">"p50"</th>
                    <th scope="col" class="number p95">"p95"</th>
                    <th scope="col" class="number p99">"p99"</th>
                    <th scope="col" class="number price">"Calls"</th>
                    <th scope="col" class="number price">"Tokens"</th>
                </tr>
            </thead>
            <tbody>
                <For each=kinds key=|kind| *kind let:kind>
                    <OneRow kind />
                </For>
            </tbody>
            <tfoot aria-hidden="true">
                <tr>
                    <td>
                        <Show when=move || is_logarithmic.get()>"logarithmic"</Show>
                    </td>
                    <td>
                        <div class="axis-plot">{ticks}</div>
                    </td>
                    <td colspan="5"></td>
                </tr>
            </tfoot>
        </table>
    }
}

fn kinds(figure: &Figure) -> Vec<RowKind> {
    figure.rows.iter().map(|row| row.kind).collect()
}

#[component]
fn OneRow(kind: RowKind) -> impl IntoView {
    let drawing = expect_context::<Drawing>();
    let read = move |of: fn(&Row) -> String| {
        move || {
            let row = |figure: &Figure| figure.rows.iter().find(|row| row.kind == kind).map(of);
            drawing.read(row).flatten().unwrap_or_default()
        }
    };
    let branch = move || {
        let is_one = kind == RowKind::Branch;
        is_one.then(|| drawing.read(|figure| figure.watched.clone())).flatten()
    };
    let label = kind.label();
    view! {
        <tr data-kind=kind.as_str()>
            <th scope="row">{label} " " <span class="fine watched">{branch}</span></th>
            <td class="plot">
                <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
                    <path class="shape" d=read(|row| row.path.clone())></path>
                    <Mark place=0 class="p50" kind />
                    <Mark place=1 class="p95" kind />
                    <Mark place=2 class="p99" kind />
                </svg>
            </td>
            <td class="number">{read(|row| written(row, |all| all.p50))}</td>
            <td class="number">{read(|row| written(row, |all| all.p95))}</td>
            <td class="number">{read(|row| written(row, |all| all.p99))}</td>
            <td class="number price">{read(Row::written_calls)}</td>
            <td class="number price">{read(Row::written_tokens)}</td>
        </tr>
    }
}

fn written(row: &Row, of: fn(&Percentiles) -> std::time::Duration) -> String {
    seconds(of(&row.percentiles))
}

/// The line at a percentile.
#[component]
fn Mark(place: usize, class: &'static str, kind: RowKind) -> impl IntoView {
    let drawing = expect_context::<Drawing>();
    let x = move || {
        let row = |figure: &Figure| {
            let row = figure.rows.iter().find(|row| row.kind == kind)?;
            Some(format!("{:.4}", row.marks[place]))
        };
        drawing.read(row).flatten().unwrap_or_else(|| "0".into())
    };
    view! { <line class=class x1=x x2=x y1="0" y2="1"></line> }
}

fn percent(x: f64) -> String {
    format!("{:.3}%", 100.0 * x)
}
