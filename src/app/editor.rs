//! The pipeline in fields. What is typed is the pipeline as soon as it is one; until then the last one
//! that was goes on being what Run runs, and each problem stands at its field.
//!
//! What the fields hold, what can be done to them and what is wrong is all in [`edit`](crate::edit).

mod agent;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::demo::Demo;
use super::ui::{clicked, flag, focus, part, shown, text};
use crate::config::Settings;
use crate::decimal;
use crate::edit::why::reasons;
use crate::edit::{AgentText, Command, Edited, Editor, Field, MOST_AGENTS, texts};
use crate::presets::{PresetId, preset};
use crate::time::{parse_seconds, seconds};
use crate::web::page;

/// The fields, and what of the page they are tied to.
#[derive(Clone, Copy)]
struct Desk {
    demo: Demo,
    editor: RwSignal<Editor, LocalStorage>,
    /// The agents, by id, in list order.
    ids: Memo<Vec<u32>>,
    problems: Memo<Vec<Wrong>>,
    /// The agents whose fields are shown.
    open: RwSignal<Vec<u32>>,
    /// What the draft was made from or has made: any other pipeline in the settings replaces it.
    known: StoredValue<Source>,
}

/// Where a draft begins.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    preset: PresetId,
    n: usize,
    edited: Option<Edited>,
}

/// A problem, and the agent and field where it is; `None`: with the list as a whole.
type Wrong = (Option<(u32, Field)>, String);

impl Source {
    fn of(settings: &Settings) -> Self {
        Self { preset: settings.preset, n: settings.n, edited: settings.edited.clone() }
    }

    /// The agents to begin with; none where there are too many to edit by hand.
    fn agents(&self) -> Vec<AgentText> {
        match &self.edited {
            Some(edited) => edited.agents().to_vec(),
            None if self.preset == PresetId::Fanout && self.n >= MOST_AGENTS => Vec::new(),
            None => texts(&preset(self.preset, self.n)),
        }
    }
}

/// The region, closed at first.
pub fn editor(demo: Demo) -> AnyView {
    let is_open = RwSignal::new(false);
    let was_open = Memo::new(move |before| is_open.get() || before == Some(&true));
    view! {
        <section class="panel editor" aria-labelledby="editor-title" data-control="editor">
            <div class="editor-top">
                <h2 id="editor-title">"Editor"</h2>
                <button
                    type="button"
                    aria-expanded=text(move || is_open.get().to_string())
                    on:click=clicked(move || is_open.update(|open| *open = !*open))
                >
                    {text(move || if is_open.get() { "Close" } else { "Edit the pipeline" }.into())}
                </button>
                <p class="fine">
                    "Write " <code>"{key}"</code>
                    " into a prompt and an edge appears; take it out and it goes."
                </p>
            </div>
            <div hidden=flag(move || !is_open.get())>
                {shown(move || was_open.get(), move || desk(demo))}
            </div>
        </section>
    }
    .into_any()
}

fn desk(demo: Demo) -> AnyView {
    let desk = Desk::new(demo);
    let some = move || !desk.ids.with(Vec::is_empty) || !desk.is_too_wide();
    let keys: Box<dyn FnMut(KeyboardEvent)> = Box::new(move |event| {
        let undo = event.ctrl_key() || event.meta_key();
        match event.key().to_lowercase().as_str() {
            "z" if undo && event.shift_key() => desk.redo(),
            "y" if undo => desk.redo(),
            "z" if undo => desk.undo(),
            _ => return,
        }
        // The browser's own undo knows one field, and nothing of keys that were renamed in others.
        event.prevent_default();
    });
    view! {
        <div class="desk" on:keydown=keys>
            {shown(some, move || fields(desk))}
            {shown(
                move || desk.is_too_wide(),
                || {
                    let too_many = format!(
                        "This pipeline has more than {MOST_AGENTS} agents, which is too many to \
                         edit by hand: set how many there are with Branches, or choose another."
                    );
                    view! { <p class="note">{too_many}</p> }.into_any()
                },
            )}
        </div>
    }
    .into_any()
}

fn fields(desk: Desk) -> AnyView {
    let can_undo = flag(move || desk.editor.with(Editor::can_undo));
    let can_redo = flag(move || desk.editor.with(Editor::can_redo));
    let is_full = flag(move || desk.ids.with(|ids| ids.len() >= MOST_AGENTS));
    let is_preset = flag(move || desk.demo.settings.with(|settings| settings.edited.is_none()));
    let sentences = part(move || {
        let sentences = desk.demo.stage.with(|stage| match stage.agents() {
            some if some <= MOST_AGENTS => reasons(stage.pipeline()),
            _ => Vec::new(),
        });
        let item = |sentence| view! { <li>{sentence}</li> }.into_any();
        sentences.into_iter().map(item).collect_view().into_any()
    });
    view! {
        <p class="edit-verdict" aria-live="polite" data-wrong=text(move || desk.is_wrong().to_string())>
            {text(move || desk.verdict())}
        </p>
        <div class="edit-tools" role="group" aria-label="Editing">
            {tool("edit-undo".into(), "Undo", flag(move || !can_undo.get()), clicked(move || desk.undo()))}
            {tool("edit-redo".into(), "Redo", flag(move || !can_redo.get()), clicked(move || desk.redo()))}
            {tool("edit-add".into(), "Add agent", is_full, clicked(move || desk.add()))}
            {tool("edit-reset".into(), "Reset to preset", is_preset, clicked(move || desk.reset()))}
        </div>
        <ol class="edit-agents">
            <For each=move || desk.ids.get() key=|id| *id children=move |id| agent::agent(desk, id)/>
        </ol>
        <div class="edit-why">
            <h3 id="edit-why">"Who is independent, and why"</h3>
            <ul aria-labelledby="edit-why">{sentences}</ul>
        </div>
    }
    .into_any()
}

/// A button that can be found by its id, to give it the focus.
fn tool(id: String, label: &'static str, disabled: Signal<bool>, on_click: Click) -> AnyView {
    view! { <button type="button" id=id disabled=disabled on:click=on_click>{label}</button> }
        .into_any()
}

/// What [`clicked`] makes.
type Click = Box<dyn FnMut(web_sys::MouseEvent)>;

/// Gives an element the focus once what has just changed is drawn.
fn focus_on(id: String) {
    request_animation_frame(move || page::focus(&id));
}

impl Desk {
    fn new(demo: Demo) -> Self {
        let source = demo.settings.with_untracked(Source::of);
        let editor = RwSignal::new_local(Editor::new(source.agents()));
        let ids: Memo<Vec<u32>> = Memo::new(move |_| {
            let id = |agent: &crate::edit::Typed| agent.id;
            editor.with(|editor| editor.draft().agents().iter().map(id).collect())
        });
        let problems = Memo::new(move |_| {
            editor.with(|editor| {
                let draft = editor.draft();
                let at =
                    |(place, field): (usize, Field)| Some((draft.agents().get(place)?.id, field));
                let problems = draft.problems().into_iter();
                problems.map(|problem| (problem.at.and_then(at), problem.says)).collect()
            })
        });
        // One is open from the beginning, to show what can be done.
        let open =
            RwSignal::new(ids.with_untracked(|ids| ids.first().copied().into_iter().collect()));
        let desk = Self { demo, editor, ids, problems, open, known: StoredValue::new(source) };
        Effect::new(move |_| {
            let (source, dragged) =
                demo.settings.with(|settings| (Source::of(settings), !settings.latency.is_empty()));
            if desk.known.get_value() != source {
                desk.begin(source);
            }
            if dragged {
                desk.take_latencies();
            }
        });
        desk
    }

    fn begin(self, source: Source) {
        self.editor.set(Editor::new(source.agents()));
        self.known.set_value(source);
        self.open.set(self.ids.with_untracked(|ids| ids.first().copied().into_iter().collect()));
    }

    /// Takes over what was dragged or typed elsewhere on the page.
    fn take_latencies(self) {
        if self.ids.with_untracked(Vec::is_empty) {
            return;
        }
        let settings = self.demo.settings.get_untracked();
        let (experiment, _) = Settings { jitter: 0.0, ..settings }.experiment();
        let agents = experiment.preset.pipeline.agents().iter().zip(&experiment.scripts);
        self.editor.update(|editor| {
            for (agent, script) in agents {
                let typed = editor.draft().agents().iter().find(|typed| {
                    typed.text.get(Field::Name).trim() == agent.name
                        && parse_seconds(typed.text.get(Field::Latency)) != Some(script.latency)
                });
                if typed.is_some() {
                    let latency = decimal::short(script.latency.as_secs_f64());
                    editor.take(&agent.name, Field::Latency, &latency);
                }
            }
        });
    }

    /// Does something, and lets the page follow if that is a pipeline.
    fn act(self, act: &dyn Fn(&mut Editor)) {
        self.editor.update(act);
        let settled = self.editor.try_update_untracked(Editor::settle).flatten();
        let Some((edited, renamed)) = settled else { return };
        let Source { preset: id, n, edited: before } = self.known.get_value();
        let edited = (!edited.is_like(&preset(id, n))).then_some(edited);
        if edited == before && renamed.is_empty() {
            return;
        }
        self.known.set_value(Source { preset: id, n, edited: edited.clone() });
        self.demo.settings.update(|settings| {
            settings.edit(edited, &renamed);
            // The draft has them.
            settings.latency.clear();
        });
    }

    fn apply(self, command: Command) {
        self.act(&move |editor| editor.apply(&command));
    }

    fn undo(self) {
        self.act(&Editor::undo);
    }

    fn redo(self) {
        self.act(&Editor::redo);
    }

    fn add(self) {
        self.apply(Command::Add);
        if let Some(id) = self.ids.with_untracked(|ids| ids.last().copied()) {
            self.open.update(|open| open.push(id));
            focus_on(agent::element(id, "Name"));
        }
    }

    fn reset(self) {
        let Source { preset, n, .. } = self.known.get_value();
        self.apply(Command::Reset(Source { preset, n, edited: None }.agents()));
        focus_on("edit-undo".into());
    }

    /// What stands in a field.
    fn get(self, id: u32, field: Field) -> String {
        self.editor.with(|editor| {
            editor.draft().text(id).map(|text| text.get(field).to_owned()).unwrap_or_default()
        })
    }

    /// What is wrong at a field, in a sentence; empty if nothing.
    fn wrong(self, id: u32, field: Field) -> String {
        self.problems.with(|problems| {
            let own = problems.iter().find(|(at, _)| *at == Some((id, field)));
            own.map(|(_, says)| says.clone()).unwrap_or_default()
        })
    }

    fn is_wrong(self) -> bool {
        self.problems.with(|problems| !problems.is_empty())
    }

    /// Whether there are too many agents to edit by hand.
    fn is_too_wide(self) -> bool {
        self.demo.settings.with(|settings| {
            settings.edited.is_none()
                && settings.preset == PresetId::Fanout
                && settings.n >= MOST_AGENTS
        })
    }

    /// Whether it runs, and how long that takes.
    fn verdict(self) -> String {
        let wrong = self.problems.with(|problems| {
            let whole = problems.iter().find(|(at, _)| at.is_none());
            let what = match (whole, problems.len()) {
                (_, 0) => return None,
                (Some((_, says)), _) => says.clone(),
                (None, 1) => "One field is to be put right.".into(),
                (None, some) => format!("{some} fields are to be put right."),
            };
            Some(what + " Until then Run runs the last pipeline that was whole.")
        });
        wrong.unwrap_or_else(|| {
            let times = self.demo.stage.with(|stage| {
                let times = stage.lineup.iter().filter_map(|planned| {
                    let length = seconds(planned.ghost.as_ref()?.makespan());
                    Some(format!("{} {length} s", planned.kind.word()))
                });
                times.collect::<Vec<_>>().join(", ")
            });
            match times.as_str() {
                "" => "It is a pipeline, and Run runs it.".into(),
                times => format!("It is a pipeline, and Run runs it. Expected: {times}."),
            }
        })
    }
}

/// Tells the editor that a field was left, which ends the step that is being typed.
fn left(desk: Desk) -> Box<dyn FnMut(web_sys::FocusEvent)> {
    focus(move || desk.editor.update_untracked(Editor::leave_field))
}
