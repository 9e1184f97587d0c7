//! What the editor's fields hold, and what can be done to them.

use leptos::prelude::*;

use crate::app::kit::distinct;
use crate::app::state::{PlanState, SettingsState};
use crate::config::Settings;
use crate::edit::{AgentText, Command, Edited, Editor, Field, MOST_AGENTS, texts};
use crate::presets::{PresetId, preset};
use crate::time::{exact_seconds, parse_seconds, seconds};
use crate::web::page;
use crate::words;

/// See the module. It lives as long as the editor's panel, its readers mostly do not: so what they
/// read are signals, not memos.
#[derive(Clone, Copy)]
pub struct EditorState {
    /// The fields, and what was in them before.
    pub editor: RwSignal<Editor, LocalStorage>,
    /// The agents, by id, in list order.
    pub ids: ReadSignal<Vec<u32>>,
    /// What is wrong.
    pub problems: ReadSignal<Vec<Wrong>>,
    /// The agents whose fields are shown.
    pub open: RwSignal<Vec<u32>>,
    /// The settings of the page.
    pub settings: SettingsState,
    plan: PlanState,
    /// What the draft was made from or has made: any other pipeline in the settings replaces it.
    known: StoredValue<Source>,
}

/// A problem, in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The agent and the field where it is; `None`: in the list as a whole.
    pub at: Option<(u32, Field)>,
    says: String,
}

/// Where a draft begins.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    preset: PresetId,
    n: usize,
    edited: Option<Edited>,
}

impl Source {
    fn of(settings: &Settings) -> Self {
        Self { preset: settings.preset, n: settings.n, edited: settings.edited.clone() }
    }

    /// The agents to begin with; none where there are too many to edit by hand.
    fn agents(&self) -> Vec<AgentText> {
        match &self.edited {
            Some(edited) => edited.agents().to_vec(),
            None if is_too_wide(self.preset, self.n) => Vec::new(),
            None => texts(&preset(self.preset, self.n)),
        }
    }
}

fn is_too_wide(preset: PresetId, n: usize) -> bool {
    preset == PresetId::Fanout && n >= MOST_AGENTS
}

fn ids(editor: &Editor) -> Vec<u32> {
    editor.draft().agents().iter().map(|agent| agent.id).collect()
}

fn problems(editor: &Editor) -> Vec<Wrong> {
    let draft = editor.draft();
    let at = |(place, field): (usize, Field)| Some((draft.agents().get(place)?.id, field));
    let problems = draft.problems().into_iter();
    problems.map(|problem| Wrong { at: problem.at.and_then(at), says: problem.says }).collect()
}

/// Gives an element the focus once what has just changed is drawn.
pub fn focus_on(id: String) {
    request_animation_frame(move || page::focus(&id));
}

impl EditorState {
    /// The editor of the pipeline that the settings have, which follows them.
    pub fn new() -> Self {
        let settings = expect_context::<SettingsState>();
        let plan = expect_context::<PlanState>();
        let source = settings.current.with_untracked(Source::of);
        let editor = RwSignal::new_local(Editor::new(source.agents()));
        let state = Self {
            editor,
            ids: distinct(move || editor.with(ids)),
            problems: distinct(move || editor.with(problems)),
            open: RwSignal::new(Vec::new()),
            settings,
            plan,
            known: StoredValue::new(source),
        };
        state.open_first();
        Effect::new(move |_| {
            let (source, is_dragged) =
                settings.current.with(|now| (Source::of(now), !now.latency.is_empty()));
            if state.known.get_value() != source {
                state.begin(source);
            }
            if is_dragged {
                state.take_latencies();
            }
        });
        state
    }

    fn begin(self, source: Source) {
        self.editor.set(Editor::new(source.agents()));
        self.known.set_value(source);
        self.open_first();
    }

    /// Opens one agent, to show what can be done.
    fn open_first(self) {
        self.open.set(self.ids_now().first().copied().into_iter().collect());
    }

    /// The agents as they are at this moment: [`Self::ids`] follows a little later.
    pub fn ids_now(self) -> Vec<u32> {
        self.editor.with_untracked(ids)
    }

    /// Takes over what was dragged or typed elsewhere on the page.
    fn take_latencies(self) {
        if self.ids_now().is_empty() {
            return;
        }
        let settings = self.settings.current.get_untracked();
        let (experiment, _) = Settings { jitter: 0.0, ..settings }.experiment();
        let agents = experiment.preset.pipeline.agents().iter().zip(&experiment.scripts);
        self.editor.update(|editor| {
            for (agent, script) in agents {
                let typed = editor.draft().agents().iter().find(|typed| {
                    typed.text.get(Field::Name).trim() == agent.name
                        && parse_seconds(typed.text.get(Field::Latency)) != Some(script.latency)
                });
                if typed.is_some() {
                    let latency = exact_seconds(script.latency);
                    editor.take(&agent.name, Field::Latency, &latency);
                }
            }
        });
    }

    /// Does something, and lets the page follow if that is a pipeline.
    fn act(self, act: impl FnOnce(&mut Editor)) {
        self.editor.update(act);
        let Some((edited, renamed)) = self.editor.update_untracked(Editor::settle) else { return };
        let Source { preset: id, n, edited: before } = self.known.get_value();
        let edited = (!edited.is_like(&preset(id, n))).then_some(edited);
        if edited == before && renamed.is_empty() {
            return;
        }
        self.known.set_value(Source { preset: id, n, edited: edited.clone() });
        self.settings.current.update(|settings| {
            settings.edit(edited, &renamed);
            // The draft has them.
            settings.latency.clear();
        });
    }

    /// Does it.
    pub fn apply(self, command: &Command) {
        self.act(|editor| editor.apply(command));
    }

    /// Takes the last step back.
    pub fn undo(self) {
        self.act(Editor::undo);
    }

    /// Takes the step again that was taken back last.
    pub fn redo(self) {
        self.act(Editor::redo);
    }

    /// Adds an agent, and opens it.
    pub fn add(self) {
        self.apply(&Command::Add);
        if let Some(id) = self.ids_now().last().copied() {
            self.open.update(|open| open.push(id));
            focus_on(element_id(id, "Name"));
        }
    }

    /// Goes back to the preset.
    pub fn reset(self) {
        let Source { preset, n, .. } = self.known.get_value();
        self.apply(&Command::Reset(Source { preset, n, edited: None }.agents()));
        focus_on("edit-undo".into());
    }

    /// Ends the step that is being typed.
    pub fn leave_field(self) {
        // A field also loses the focus when the editor is taken off the page, and its state with it.
        self.editor.try_update_untracked(Editor::leave_field);
    }

    /// Reads an agent's texts; the default where there is no such agent.
    pub fn of<T: Default>(self, id: u32, read: impl FnOnce(&AgentText) -> T) -> T {
        self.editor.with(|editor| editor.draft().text(id).map(read).unwrap_or_default())
    }

    /// What stands in a field.
    pub fn text(self, id: u32, field: Field) -> String {
        self.of(id, |text| text.get(field).to_owned())
    }

    /// What is wrong at a field, in a sentence; empty if nothing.
    pub fn problem(self, id: u32, field: Field) -> String {
        self.problems.with(|problems| {
            let own = problems.iter().find(|wrong| wrong.at == Some((id, field)));
            own.map(|wrong| wrong.says.clone()).unwrap_or_default()
        })
    }

    /// Whether anything is wrong.
    pub fn has_problems(self) -> bool {
        self.problems.with(|problems| !problems.is_empty())
    }

    /// Whether there are too many agents to edit by hand.
    pub fn is_too_wide(self) -> bool {
        self.settings
            .current
            .with(|settings| settings.edited.is_none() && is_too_wide(settings.preset, settings.n))
    }

    /// Whether it runs, and how long that takes.
    pub fn verdict(self) -> String {
        let wrong = self.problems.with(|problems| {
            let whole = problems.iter().find(|wrong| wrong.at.is_none());
            let what = match (whole, problems.len()) {
                (_, 0) => return None,
                (Some(wrong), _) => wrong.says.clone(),
                (None, some) => words::editor::fields(some),
            };
            Some(words::editor::invalid(&what))
        });
        wrong.unwrap_or_else(|| {
            let times = self.plan.current.with(|plan| {
                let times = plan.lineup.iter().filter_map(|planned| {
                    let length = seconds(planned.expected.as_ref()?.makespan());
                    Some(words::editor::takes(words::display_name(planned.kind.as_str()), &length))
                });
                times.collect::<Vec<_>>().join(", ")
            });
            match times.as_str() {
                "" => words::editor::VALID.into(),
                times => words::editor::valid(times),
            }
        })
    }
}

/// The id of an element of an agent.
pub fn element_id(id: u32, part: &str) -> String {
    format!("edit-{id}-{part}")
}
