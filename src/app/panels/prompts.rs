//! The map of the pipeline, what went into the selected agent's prompt, and the state as it grows with
//! the playhead.

mod prompt;
mod state_table;
mod wire;

use leptos::prelude::*;

use self::prompt::Prompt;
use self::state_table::StateTable;
use super::flow::Map;
use super::shown_run::{RunByPhase, ShownRun};
use crate::app::editor::EditorPanel;
use crate::app::kit::{Choice, Menu, Pager, distinct};
use crate::app::state::{PlanState, SelectionState, SettingsState};
use crate::config::View;
use crate::pipeline::Agent;
use crate::timeline::answers;
use crate::timeline::crowd::grouped;
use crate::timeline::data::{Data, Writer};
use crate::words;

/// Agents on a page, where there are too many for one.
const AGENTS: usize = 24;
/// A prompt in more pieces than this is cut, and one that is longer than so many letters on the
/// wire: the engine's own is whole.
const MOST_PIECES: usize = 240;
const MOST_LETTERS: usize = 20_000;

/// The map, one agent's prompt, and what is written.
#[component]
pub fn Prompts() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let selection = expect_context::<SelectionState>();
    let view = expect_context::<SettingsState>().current.with_untracked(|settings| settings.view);
    // What is written changes only when an agent ends.
    let run = ShownRun::from_context().by_phase(usize::MAX);
    let page = move || selection.page(AGENTS);
    let agents = distinct(move || page().agents());
    let selected = RwSignal::new(0);
    let is_editing = RwSignal::new(false);
    // The agent whose prompt reads the most is the one to look at first.
    Effect::new(move |_| {
        plan.structure.track();
        let author = plan.current.with_untracked(|plan| answers::author(plan.pipeline()));
        selected.set(author.unwrap_or_default());
    });
    let choices = move || {
        let page = agents.get();
        plan.current.with(|plan| {
            let all = plan.pipeline().agents().iter().enumerate();
            let author = selected.get();
            let listed = all.filter(|(place, _)| page.contains(place) || *place == author);
            listed
                .map(|(place, agent)| Choice::new(place.to_string(), agent.title()))
                .collect::<Vec<_>>()
        })
    };
    let select = move |place: String| selected.set(place.parse().unwrap_or_default());
    view! {
        <section class="data panel" aria-labelledby="data-title">
            <h2 id="data-title" class="visually-hidden">"Prompts"</h2>
            <p class="note">
                "A " <code>"{key}"</code>
                " in a prompt is a dependency: the agent waits until that key is written. ADK calls \
                 what is written the session state; in LangChain it is a dictionary."
            </p>
            <Show when=move || view == View::All>
                <Map selected />
                <EditorPanel is_open=is_editing />
            </Show>
            <div class="data-parts" hidden=is_editing>
                <Pager page what="Agents" on_turn=move |first| selection.look_at(first) />
                <div class="data-prompt">
                    <Menu
                        name="Agent"
                        control="agent"
                        choices=Signal::derive(choices)
                        value=Signal::derive(move || selected.get().to_string())
                        on_change=select
                    />
                    <Prompt selected run />
                </div>
                <StateTable agents run />
            </div>
        </section>
    }
}

/// Reads the data of the run, as it is at the playhead.
fn read<T>(run: RunByPhase, read: impl FnOnce(&Data<'_>, &[Agent]) -> T) -> Option<T> {
    run.read(|plan, timeline| {
        let data = Data::new(plan.pipeline(), &plan.experiment.inputs, timeline);
        read(&data, plan.pipeline().agents())
    })
}

/// The number by which the page colors an agent.
fn color_number(agent: usize) -> String {
    (agent + 1).to_string()
}

/// The number by which the page colors a writer, and the writer's title.
fn number_and_name(writer: Writer, agents: &[Agent]) -> (String, String) {
    match writer {
        Writer::Reader => (String::new(), "you".into()),
        Writer::Agent(place) => {
            let title = agents.get(place).map_or("", Agent::title);
            (color_number(place), title.to_owned())
        }
    }
}

/// The beginning of a long text, and how much more there is.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((cut, _)) => {
            let (beginning, rest) = text.split_at(cut);
            beginning.to_owned() + &words::data::more_letters(&grouped(rest.chars().count()))
        }
        None => text.to_owned(),
    }
}
