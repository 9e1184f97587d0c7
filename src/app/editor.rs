//! The pipeline in fields. What is typed is the pipeline as soon as it is one; until then the last one
//! that was goes on being what Run runs, and each problem stands at its field.
//!
//! What the fields hold, what can be done to them and what is wrong is all in [`edit`](crate::edit).

mod agent;

use super::dom::{Node, Nodes, el, keyed};
use super::signals::{Memo, RwSignal, StoredValue, effect};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::demo::Demo;
use super::ui::{flag, part, shown, text};
use crate::config::Settings;
use crate::decimal;
use crate::edit::why::reasons;
use crate::edit::{AgentText, Command, Edited, Editor, Field, MOST_AGENTS, texts};
use crate::presets::{PresetId, preset};
use crate::time::{parse_seconds, seconds};
use crate::web::page;
use crate::words;

/// The fields, and what of the page they are tied to.
#[derive(Clone, Copy)]
struct Desk {
    demo: Demo,
    editor: RwSignal<Editor>,
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
pub fn editor(demo: Demo) -> Node {
    let is_open = RwSignal::new(false);
    let was_open = Memo::new(move |before| is_open.get() || before == Some(&true));
    el("section")
        .class("panel editor")
        .attr("aria-labelledby", "editor-title")
        .attr("data-control", "editor")
        .child(
            el("div")
                .class("editor-top")
                .child(el("h2").attr("id", "editor-title").child(words::editor::EDITOR))
                .child(
                    el("button")
                        .attr("type", "button")
                        .attr("aria-expanded", text(move || is_open.get().to_string()))
                        .upon("click", move || is_open.update(|open| *open = !*open))
                        .child(text(move || {
                            if is_open.get() { words::editor::CLOSE } else { words::editor::EDIT }
                                .into()
                        })),
                )
                .child(
                    el("p")
                        .class("fine")
                        .child(words::editor::WRITE_BEFORE_THE_KEY)
                        .child(el("code").child("{key}"))
                        .child(words::editor::WRITE_AFTER_THE_KEY),
                ),
        )
        .child(
            el("div")
                .attr("hidden", flag(move || !is_open.get()))
                .child(shown(move || was_open.get(), move || desk(demo))),
        )
        .node()
}

fn desk(demo: Demo) -> Node {
    let desk = Desk::new(demo);
    let some = move || !desk.ids.with(Vec::is_empty) || !desk.is_too_wide();
    let keys = move |event: KeyboardEvent| {
        let undo = event.ctrl_key() || event.meta_key();
        match event.key().to_lowercase().as_str() {
            "z" if undo && event.shift_key() => desk.redo(),
            "y" if undo => desk.redo(),
            "z" if undo => desk.undo(),
            _ => return,
        }
        // The browser's own undo knows one field, and nothing of keys that were renamed in others.
        event.prevent_default();
    };
    el("div")
        .class("desk")
        .hears("keydown", keys)
        .child(shown(some, move || fields(desk)))
        .child(shown(
            move || desk.is_too_wide(),
            || {
                let too_many = words::editor::too_wide(MOST_AGENTS);
                el("p").class("note").child(too_many).node()
            },
        ))
        .node()
}

fn fields(desk: Desk) -> Node {
    let can_undo = flag(move || desk.editor.with(Editor::can_undo));
    let can_redo = flag(move || desk.editor.with(Editor::can_redo));
    let is_full = flag(move || desk.ids.with(|ids| ids.len() >= MOST_AGENTS));
    let is_preset = flag(move || desk.demo.settings.with(|settings| settings.edited.is_none()));
    let sentences = part(move || {
        let sentences = desk.demo.stage.with(|stage| match stage.agents() {
            some if some <= MOST_AGENTS => reasons(stage.pipeline()),
            _ => Vec::new(),
        });
        let item = |sentence| el("li").child(sentence).node();
        sentences.into_iter().map(item).nodes()
    });
    (
        el("p")
            .class("edit-verdict")
            .attr("aria-live", "polite")
            .attr("data-wrong", text(move || desk.is_wrong().to_string()))
            .child(text(move || desk.verdict())),
        el("div")
            .class("edit-tools")
            .attr("role", "group")
            .attr("aria-label", words::editor::EDITING)
            .child(tool(
                "edit-undo".into(),
                words::editor::UNDO,
                flag(move || !can_undo.get()),
                move || desk.undo(),
            ))
            .child(tool(
                "edit-redo".into(),
                words::editor::REDO,
                flag(move || !can_redo.get()),
                move || desk.redo(),
            ))
            .child(tool("edit-add".into(), words::editor::ADD, is_full, move || desk.add()))
            .child(tool("edit-reset".into(), words::editor::RESET, is_preset, move || {
                desk.reset()
            })),
        el("ol")
            .class("edit-agents")
            .child(keyed(move || desk.ids.get(), move |id| agent::agent(desk, id))),
        el("div")
            .class("edit-why")
            .child(el("h3").attr("id", "edit-why").child(words::editor::WHO_IS_INDEPENDENT))
            .child(el("ul").attr("aria-labelledby", "edit-why").child(sentences)),
    )
        .into()
}

/// A button that can be found by its id, to give it the focus.
fn tool(
    id: String,
    label: &'static str,
    disabled: Signal<bool>,
    on_click: impl Fn() + 'static,
) -> Node {
    el("button")
        .attr("type", "button")
        .attr("id", id)
        .attr("disabled", disabled)
        .upon("click", on_click)
        .child(label)
        .node()
}

/// Gives an element the focus once what has just changed is drawn.
fn focus_on(id: String) {
    request_animation_frame(move || page::focus(&id));
}

impl Desk {
    fn new(demo: Demo) -> Self {
        let source = demo.settings.with_untracked(Source::of);
        let editor = RwSignal::new(Editor::new(source.agents()));
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
        effect(move || {
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
        let settled = self.editor.update_untracked(Editor::settle);
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
            focus_on(agent::element(id, words::editor::NAME));
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
                (None, some) => words::editor::fields(some),
            };
            Some(what + words::editor::UNTIL_THEN)
        });
        wrong.unwrap_or_else(|| {
            let times = self.demo.stage.with(|stage| {
                let times = stage.lineup.iter().filter_map(|planned| {
                    let length = seconds(planned.ghost.as_ref()?.makespan());
                    Some(words::editor::takes(words::called(planned.kind.word()), &length))
                });
                times.collect::<Vec<_>>().join(", ")
            });
            match times.as_str() {
                "" => words::editor::WHOLE.into(),
                times => words::editor::whole(times),
            }
        })
    }
}

/// Tells the editor that a field was left, which ends the step that is being typed.
fn left(desk: Desk) -> impl FnMut() {
    move || desk.editor.update_untracked(Editor::leave_field)
}
