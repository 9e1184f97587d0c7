//! The table of the keys and their texts.

use std::ops::Range;

use leptos::prelude::*;

use super::{number_and_name, read};
use crate::app::kit::breakable;
use crate::app::panels::shown_run::RunByPhase;
use crate::pipeline::Agent;
use crate::time::{Instant, seconds};
use crate::timeline::data::Entry;

/// Letters of a text in the table.
const BEGINNING: usize = 90;

/// What is written by whom.
#[component]
pub fn StateTable(agents: ReadSignal<Range<usize>>, run: RunByPhase) -> impl IntoView {
    let rows = move || {
        let page = agents.get();
        read(run, |data, agents| {
            let entries = data.state(page.clone()).into_iter();
            entries.map(|entry| table_row(entry, agents)).collect_view()
        })
    };
    view! {
        <div class="scroller" tabindex="0" role="group" aria-label="State, scrollable">
            <table>
                <caption>"State at the playhead"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Key"</th>
                        <th scope="col">"Written by"</th>
                        <th scope="col">"Since"</th>
                        <th scope="col">"Text"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn table_row(entry: Entry, agents: &[Agent]) -> impl IntoView + use<> {
    let (number, name) = number_and_name(entry.writer, agents);
    let since = entry.written.as_ref().map(|(at, _)| seconds(at.since(Instant::ZERO)) + " s");
    let text = entry.written.map(|(_, text)| {
        let beginning: String = text.chars().take(BEGINNING).collect();
        if beginning.len() < text.len() { beginning + "…" } else { beginning }
    });
    let class = if text.is_some() { "written" } else { "unwritten" };
    view! {
        <tr class=class data-agent=number>
            <th scope="row">
                <code>{breakable(entry.key.as_str())}</code>
            </th>
            <td class="writer">{name}</td>
            <td>{since}</td>
            <td>{text.unwrap_or_else(|| "not written yet".into())}</td>
        </tr>
    }
}
