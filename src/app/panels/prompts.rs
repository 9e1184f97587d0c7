//! What went into each prompt, and the state as it grows with the playhead.

mod prompt;
mod state_table;
mod wire;

use leptos::prelude::*;

use crate::app::kit::{Pager, distinct};
use crate::app::state::{PlanState, PlayheadState, SelectionState};
use crate::pipeline::Agent;
use crate::timeline::crowd::grouped;
use crate::timeline::data::{Data, Writer};
use crate::timeline::{Lane, Phase, Timeline};
use crate::words;
use prompt::PromptDetails;
use state_table::StateTable;

/// Agents on a page, where there are too many for one.
const AGENTS: usize = 24;
/// A prompt in more pieces than this is cut, and one that is longer than so many letters on the
/// wire: the engine's own is whole.
const MOST_PIECES: usize = 240;
const MOST_LETTERS: usize = 20_000;

/// What is written, and what each agent was asked.
#[component]
pub fn Prompts() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let selection = expect_context::<SelectionState>();
    // What is written changes only when an agent ends.
    let phases = distinct(move || {
        let place = plan.current.with(|plan| plan.shown());
        playhead.frame.with(|frame| {
            let lanes = frame.timelines.get(place).map_or(&[][..], |timeline| timeline.lanes());
            lanes.iter().map(Lane::phase).collect::<Vec<_>>()
        })
    });
    let page = move || selection.page(AGENTS);
    let agents = distinct(move || page().agents());
    view! {
        <section class="data panel" aria-labelledby="data-title">
            <h2 id="data-title">"Data"</h2>
            <p class="note">
                "Nobody declares what may run in parallel: a key in a prompt is what makes its agent \
                 wait for whoever writes that key. ADK calls what is written session state; in \
                 LangChain it is a dictionary."
            </p>
            <Pager page what="Agents" on_turn=move |first| selection.look_at(first) />
            <StateTable agents phases />
            <h3>"Prompts at the cursor"</h3>
            <For each=move || agents.get() key=|agent| *agent let:agent>
                <PromptDetails agent phases />
            </For>
        </section>
    }
}

/// Reads the data of the run that is shown, as it is at the playhead. What it says changes with the
/// agents' phases only, so these are what wakes the reader.
fn read<T>(
    plan: PlanState,
    playhead: PlayheadState,
    phases: ReadSignal<Vec<Phase>>,
    read: impl Fn(&Data<'_>, &[Agent]) -> T,
) -> Option<T> {
    phases.track();
    plan.current.with(|plan| {
        playhead.frame.with_untracked(|frame| {
            let pipeline = plan.pipeline();
            // Just after a change of the pipeline the runs of the one before are still there.
            let fits = |timeline: &&Timeline| timeline.lanes().len() == plan.agents();
            let timeline = frame.timelines.get(plan.shown()).filter(fits)?;
            let data = Data::new(pipeline, &plan.experiment.inputs, timeline);
            Some(read(&data, pipeline.agents()))
        })
    })
}

/// The number by which the page colors an agent.
fn color_number(agent: usize) -> String {
    (agent % 8 + 1).to_string()
}

/// The number by which the page colors a writer, and what the writer is called.
fn number_and_name(writer: Writer, agents: &[Agent]) -> (String, String) {
    match writer {
        Writer::Reader => (String::new(), "you".into()),
        Writer::Agent(place) => {
            let name = agents.get(place).map_or("", |agent| agent.name.as_str());
            (color_number(place), format!("{} {name}", place + 1))
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
