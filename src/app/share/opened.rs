//! Reading traces, and what is said of the one on the stage: what was read, what was odd, and whether it
//! was really parallel.

use std::rc::Rc;

use futures::future::abortable;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::kit::Button;
use crate::app::state::{
    HistoryState, OpeningState, PlanState, PlayheadState, RunsState, SelectionState, SettingsState,
};
use crate::import::{ImportError, MOST_BYTES, read_in_parts, text_of};
use crate::plan::Measured;
use crate::timeline::playback::Command;
use crate::verdict::Reason;
use crate::web::clock::{TimeSlice, wall_clock};
use crate::web::files::{self, Source};
use crate::web::{host, page};
use crate::words;

/// The share of the work that reading is; the other schedule takes the rest.
const READING: f64 = 0.9;

/// The characters of a file's name that are shown.
const LONGEST_NAME: usize = 60;

/// Reads traces one after the other, and shows the last one that can be read; the others are in the list
/// of runs. What cannot be read changes nothing on screen.
pub fn open_traces(sources: Vec<Source>) {
    let reader = Reader::find();
    let (work, stop) = abortable(reader.read_all(sources));
    reader.opening.begin(stop);
    spawn_local(async move {
        // Stopped or not, there is nothing left to do.
        let _ = work.await;
    });
}

/// The states that opening takes.
#[derive(Clone, Copy)]
struct Reader {
    settings: SettingsState,
    opening: OpeningState,
    runs: RunsState,
    history: HistoryState,
}

impl Reader {
    fn find() -> Self {
        Self {
            settings: expect_context(),
            opening: expect_context(),
            runs: expect_context(),
            history: expect_context(),
        }
    }

    async fn read_all(self, sources: Vec<Source>) {
        let (mut last, mut refused) = (None, Vec::new());
        // Numbers are told apart, however fast a file is read.
        let now = wall_clock();
        for (number, source) in (now..).zip(sources) {
            match self.read(source, number).await {
                Ok(measured) => {
                    let measured = Rc::new(measured);
                    self.history.add_measured(&measured);
                    last = Some(measured);
                }
                Err(why) => refused.push(why),
            }
        }
        // The list of runs is drawn by then, so that drawing the stage is not the same task.
        TimeSlice::begin().give_back().await;
        self.opening.end();
        let is_shown = last.is_some();
        if let Some(measured) = last {
            self.runs.show_measured(measured.clone());
            self.settings.complaints.set(Vec::new());
            // A figure in another page must not scroll that page, and says what was read beside the stage.
            if !self.settings.is_embedded() {
                page::show(".race");
                refused.insert(0, words::import::opened(&measured.title, &measured.summary));
            }
        }
        self.settings.notice.set((!refused.is_empty()).then(|| refused.join(" ")));
        host::tell("shown", &[("ok", is_shown.into())]);
    }

    /// Reads one; an error is a sentence.
    async fn read(self, source: Source, number: u64) -> Result<Measured, String> {
        let name: String = source.name().chars().take(LONGEST_NAME).collect();
        let refused = |error: ImportError| words::import::not_opened(&name, &error.to_string());
        let bytes = match source {
            Source::Text { text, .. } => text.map(String::into_bytes),
            Source::File(file) if file.size() > MOST_BYTES as f64 => {
                return Err(refused(ImportError::TooLong(file.size() as usize)));
            }
            Source::File(file) => files::bytes(&file, MOST_BYTES).await,
        };
        let bytes = bytes.ok_or_else(|| words::import::not_loaded(&name))?;
        let slice = TimeSlice::begin();
        let text = text_of(bytes).map_err(refused)?;
        let pause = async |share: f64| {
            self.opening.tell(&name, share);
            slice.pause().await;
        };
        let import = read_in_parts(text, async |share| pause(share * READING).await).await;
        let import = import.map_err(refused)?;
        let page = self.settings.current.get_untracked();
        let measured =
            Measured::of(import, number, name.clone(), &page, async || pause(READING).await).await;
        measured.map_err(|error| refused(ImportError::Pipeline(error.to_string())))
    }
}

/// What there is to say of the trace on the stage; nothing while there is none.
#[component]
pub fn OpenedTrace() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    // The structure changes with the run that is shown, and not with every figure.
    let measured = move || plan.structural(|plan| plan.measured.clone());
    move || measured().map(|measured| view! { <Trace measured /> })
}

#[component]
fn Trace(measured: Rc<Measured>) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let runs = expect_context::<RunsState>();
    let is_embed = move || settings.with(|settings| settings.embed);
    let notes: Vec<_> =
        measured.notes.iter().cloned().map(|note| view! { <li>{note}</li> }).collect();
    let count = words::counted(notes.len(), "note", "notes");
    let cannot = measured.simulated.as_ref().err().map(|why| words::import::not_simulated(why));
    let can = cannot.is_none();
    let simulate = move |_| {
        runs.simulate_measured();
    };
    view! {
        <section class="opened" aria-label="Opened trace">
            <p class="opened-file">
                <strong>{measured.title.clone()}</strong>
                " "
                <span>{[Some(measured.summary.clone()), measured.tokens.clone()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", ")}</span>
            </p>
            {(!notes.is_empty())
                .then(|| {
                    view! {
                        <details class="opened-notes">
                            <summary>{count}</summary>
                            <ul>{notes}</ul>
                        </details>
                    }
                })}
            <VerdictReasons reasons=measured.verdict.clone() />
            <Show when=move || !is_embed()>
                <p class="opened-actions">
                    <Show when=move || can>
                        <Button control="open" on_click=simulate>
                            "Make it a pipeline"
                        </Button>
                    </Show>
                    <Button class="quiet" control="open" on_click=move |_| runs.rebuild_plan()>
                        "Close the trace"
                    </Button>
                    <span class="fine">{cannot.clone()}</span>
                </p>
            </Show>
        </section>
    }
}

/// Whether a run was really parallel, and why.
#[component]
pub fn VerdictReasons(reasons: Vec<Reason>) -> impl IntoView {
    let reasons = reasons.into_iter().map(|reason| view! { <ReasonItem reason /> });
    view! {
        <ul class="verdict-reasons" aria-label="Was it really parallel?">
            {reasons.collect_view()}
        </ul>
    }
}

/// A sentence of the verdict; one about agents shows them on the stage.
#[component]
fn ReasonItem(reason: Reason) -> impl IntoView {
    let selection = expect_context::<SelectionState>();
    let playhead = expect_context::<PlayheadState>();
    let Reason { text, agents, from } = reason;
    let has_place = !agents.is_empty();
    let agents = StoredValue::new(agents);
    let show = move |_| {
        let agents = agents.get_value();
        agents.first().iter().for_each(|first| selection.look_at(**first));
        selection.pointed.set(agents);
        playhead.command(Command::Seek(from));
        page::show(".race");
    };
    view! {
        <li>
            {text} " "
            <Show when=move || has_place>
                <Button class="quiet" control="open" on_click=show>
                    "Show it"
                </Button>
            </Show>
        </li>
    }
}
