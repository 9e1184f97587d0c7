//! An agent's prompt with its keys filled in.

use leptos::prelude::*;

use super::wire::over_the_wire;
use super::{MOST_PIECES, color_number, number_and_name, read, shortened};
use crate::app::kit::distinct;
use crate::app::panels::shown_run::RunByPhase;
use crate::app::state::{LiveState, PlanState, SettingsState};
use crate::pipeline::Agent;
use crate::template::Template;
use crate::timeline::crowd::grouped;
use crate::timeline::data::Piece;
use crate::words;

/// The selected agent's prompt, and the call that it goes out with.
#[component]
pub fn Prompt(selected: RwSignal<usize>, run: RunByPhase) -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let settings = expect_context::<SettingsState>();
    let live = expect_context::<LiveState>();
    let name = distinct(move || plan.with(|plan| plan.name(selected.get())));
    let filled = move || {
        read(run, |data, agents| {
            let agent = agents.get(selected.get())?;
            let counts = [&agent.instruction, &agent.prompt].map(|text| data.filled_holes(text));
            let [(system, of_system), (user, of_user)] = counts;
            Some(words::data::filled(system + user, of_system + of_user))
        })
        .flatten()
    };
    let part = move |title: &'static str, of: fn(&Agent) -> &Template| {
        move || {
            let pieces = pieces(run, selected.get(), of)?;
            Some(view! {
                <h3>{title}</h3>
                <p class="pieces">{pieces}</p>
            })
        }
    };
    let wire = move || over_the_wire(run, settings, live, selected.get());
    view! {
        <article
            class="prompt"
            tabindex="0"
            aria-label=move || name.with(|name| words::data::prompt_of(name))
            data-agent=move || color_number(selected.get())
        >
            <p class="note">{filled}</p>
            {part("System", |agent| &agent.instruction)}
            {part("User", |agent| &agent.prompt)}
            <h3>"Over the wire"</h3>
            <pre>{wire}</pre>
        </article>
    }
}

/// A prompt, filled as far as the playhead has come; `None` for an empty one.
fn pieces(run: RunByPhase, agent: usize, of: fn(&Agent) -> &Template) -> Option<impl IntoView> {
    read(run, |data, agents| {
        let pieces = data.pieces(of(agents.get(agent)?));
        if pieces.is_empty() {
            return None;
        }
        let rest = pieces.len().saturating_sub(MOST_PIECES);
        let pieces = pieces.into_iter().take(MOST_PIECES).map(|piece| view_of(piece, agents));
        let rest = (rest > 0).then(|| words::data::more_pieces(&grouped(rest)));
        Some((pieces.collect_view(), rest))
    })
    .flatten()
}

fn view_of(piece: Piece, agents: &[Agent]) -> AnyView {
    match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Filled { key, writer, text } => {
            let (number, name) = number_and_name(writer, agents);
            view! {
                <span class="filled" data-agent=number>
                    <b>{words::data::filled_from(key.as_str(), &name)}</b>
                    {shortened(&text)}
                </span>
            }
            .into_any()
        }
        Piece::Hole { key, writer } => {
            let (number, name) = number_and_name(writer, agents);
            view! {
                <span class="hole" data-agent=number>
                    {words::data::to_be_written(key.as_str(), &name)}
                </span>
            }
            .into_any()
        }
        Piece::Missing { key, .. } => {
            view! { <span class="missing">{words::data::missing(key.as_str())}</span> }.into_any()
        }
    }
}
