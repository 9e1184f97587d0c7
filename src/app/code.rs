//! The pipeline as a program, twice: one await after the other, and all that can start at once. The
//! lines that wait at the cursor are lit, and a line and its bar point at each other.

use super::dom::{Node, Nodes, el};
use super::signals::{Memo, RwSignal, StoredValue, news};
use leptos::prelude::*;

use super::controls::setter;
use super::demo::Demo;
use super::stage::{Kind, MOST_AT_ONCE, Structure};
use super::ui::{Choice, button, flag, menu, part, shown, text};
use crate::codegen::{self, Endpoint, Form, Ink, Language, Line, Plan, Program};
use crate::config::Settings;
use crate::engine::Schedule;
use crate::llm::ProviderId;
use crate::presets::{PresetId, preset, topic_key};
use crate::state::State;
use crate::web::page;
use crate::words;

/// A program that is longer is shown without its middle; what is copied is whole.
const MOST_LINES: usize = 320;

/// Branches that are written out, of a pipeline with more agents than [`MOST_AT_ONCE`].
const WRITTEN: usize = 24;

/// All that a program depends on, so that it is written anew only when it must be.
#[derive(Clone, PartialEq)]
struct Request {
    structure: Structure,
    language: Language,
    schedules: [Schedule; 2],
    endpoint: Endpoint,
    topic: Option<String>,
}

impl Request {
    fn of(settings: &Settings, structure: Structure) -> Self {
        // What is in the browser only cannot be asked from elsewhere.
        let asked = settings.provider.filter(|provider| !provider.is_built_in());
        let provider = asked.unwrap_or(ProviderId::OpenAi);
        let own_url = settings.base_url.clone().filter(|_| asked.is_some());
        let model = settings.model.clone().filter(|_| asked.is_some());
        Self {
            structure,
            language: settings.lang,
            schedules: [settings.sequential(), settings.parallel()],
            endpoint: Endpoint {
                provider,
                model: model.unwrap_or_else(|| provider.model().into()),
                base_url: own_url,
                temperature: settings.temperature,
            },
            topic: settings.topic.clone(),
        }
    }

    fn program(&self, demo: Demo, form: Form) -> Program {
        demo.stage.with_untracked(|stage| {
            let agents = stage.agents();
            let short = (agents > MOST_AT_ONCE).then(|| preset(PresetId::Fanout, WRITTEN).pipeline);
            let mut inputs = State::new();
            let usual = stage.experiment.preset.topic;
            inputs.set(topic_key(), self.topic.as_deref().unwrap_or(usual));
            let [sequential, parallel] = self.schedules;
            let plan = Plan {
                pipeline: short.as_ref().unwrap_or(stage.pipeline()),
                inputs: &inputs,
                schedule: if form == Form::Sequential { sequential } else { parallel },
                endpoint: &self.endpoint,
            };
            let mut program = codegen::program(self.language, form, &plan);
            if short.is_some() {
                // The last agent is still the last one.
                let place = |agent: &mut usize| {
                    *agent = if *agent == WRITTEN { agents - 1 } else { *agent };
                };
                for line in &mut program.lines {
                    line.agents.iter_mut().chain(&mut line.part_of).for_each(place);
                }
            }
            program
        })
    }
}

/// Both programs.
pub fn code(demo: Demo) -> Node {
    let request = Memo::new(move |_| {
        let structure = demo.structure.get();
        demo.settings.with(|settings| Request::of(settings, structure))
    });
    // Where there is room for one only.
    let chosen = RwSignal::new(Form::Parallel);
    let choices = Form::ALL.map(|form| {
        el("button")
            .attr("type", "button")
            .attr("aria-pressed", text(move || (chosen.get() == form).to_string()))
            .upon("click", move || chosen.set(form))
            .child(title(demo, form))
            .node()
    });
    let choice = |language: &Language| {
        let language = *language;
        let selected = move || demo.settings.with(|settings| settings.lang == language);
        Choice::new(language.word(), language.label(), selected)
    };
    let languages = menu(
        words::code::LANGUAGE,
        "lang",
        Language::ALL.iter().map(choice).collect(),
        setter(demo, "lang"),
    );
    let wide = move || {
        demo.structure.with(|_| demo.stage.with_untracked(|stage| stage.agents() > MOST_AT_ONCE))
    };
    let panes = Form::ALL.map(|form| pane(demo, request, form, chosen));
    el("section")
        .class("code panel")
        .attr("aria-labelledby", "code-title")
        .child(
            el("div")
                .child(el("h2").attr("id", "code-title").child(words::code::CODE))
                .child(el("p").class("fine").child(words::code::ABOUT)),
        )
        .child(shown(wide, || {
            let told = words::code::written_out(WRITTEN);
            el("p").class("note").child(told)
        }))
        .child(languages)
        .child(
            el("div")
                .class("code-choice")
                .attr("role", "group")
                .attr("aria-label", words::code::PROGRAM)
                .child(choices.into_iter().nodes()),
        )
        .child(el("div").class("code-panes").child(panes.into_iter().nodes()))
        .node()
}

fn title(demo: Demo, form: Form) -> Signal<String> {
    text(move || demo.settings.with(|settings| settings.lang.title(form).to_owned()))
}

fn pane(demo: Demo, request: Memo<Request>, form: Form, chosen: RwSignal<Form>) -> Node {
    let kind = match form {
        Form::Sequential => Kind::Sequential,
        Form::Parallel => Kind::Parallel,
    };
    let program = Memo::new(move |_| request.with(|request| request.program(demo, form)));
    // A schedule that does not run lights nothing.
    let lit = news(move || {
        let place = demo
            .structure
            .with(|structure| structure.kinds.iter().position(|running| *running == kind));
        demo.frame.with(|frame| match place.and_then(|place| frame.timelines.get(place)) {
            Some(timeline) => program.with(|program| codegen::lit(program, timeline)),
            None => Vec::new(),
        })
    });
    let lines = part(move || {
        let language = request.with_untracked(|request| request.language);
        program.with(|program| {
            let count = program.lines.len();
            let hidden = count.saturating_sub(MOST_LINES);
            let (head, tail) = match hidden {
                0 => (count, count),
                _ => (MOST_LINES / 2, count - MOST_LINES / 2),
            };
            let show = |at: usize| line(demo, language, &program.lines[at], at, lit);
            let gap =
                (hidden > 0).then(|| el("li").class("code-gap").child(words::code::hidden(hidden)));
            let before = (0..head).map(show).nodes();
            let after = (tail..count).map(show).nodes();
            (before, gap, after)
        })
    });
    let copy = move || {
        let copied = page::copy(&program.with_untracked(Program::text));
        let note = match copied {
            true => {
                let variable = request
                    .with_untracked(|request| request.language.key_variable(&request.endpoint));
                words::code::copied(variable)
            }
            false => words::code::CANNOT_COPY.into(),
        };
        demo.notice.set(Some(note));
    };
    el("div")
        .class("code-pane")
        .when("chosen", flag(move || chosen.get() == form))
        .attr("data-kind", kind.word())
        .child(el("div").class("code-head").child(el("h3").child(title(demo, form))).child(button(
            "quiet",
            "copy",
            text(|| words::code::COPY.into()),
            copy,
        )))
        .child(
            el("div")
                .class("code-text")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", text(move || words::code::program(&title(demo, form).get())))
                .child(el("ol").child(lines)),
        )
        .node()
}

fn line(demo: Demo, language: Language, line: &Line, at: usize, lit: RwSignal<Vec<bool>>) -> Node {
    let inks = codegen::inks(language, &line.text).into_iter().map(ink).nodes();
    if line.agents.is_empty() && line.part_of.is_none() {
        return el("li").child(inks).node();
    }
    // A line that waits for several stands for all of them.
    let own = line.part_of.map_or_else(|| line.agents.clone(), |agent| vec![agent]);
    let waits = flag(move || lit.with(|lit| lit.get(at) == Some(&true)));
    let current = Signal::derive(move || waits.get().then(|| "true".to_owned()));
    let of_line = StoredValue::new(own);
    let point = move || demo.pointed.set(of_line.get_value());
    let leave = move || demo.pointed.set(Vec::new());
    // The line of one agent answers when it is pointed at, the line of several when all are.
    let pointed = move || {
        of_line.with_value(|own| !own.is_empty() && own.iter().all(|agent| demo.points_at(*agent)))
    };
    // One stop for the keyboard for each wait.
    let inside = match line.agents.is_empty() {
        false => el("button")
            .attr("type", "button")
            .class("code-line")
            .upon("focus", point)
            .upon("blur", leave)
            .upon("click", point)
            .child(inks)
            .node(),
        true => inks,
    };
    el("li")
        .attr("aria-current", current)
        .when("lit", waits)
        .when("pointed", flag(pointed))
        .upon("pointerenter", point)
        .upon("pointerleave", leave)
        .child(inside)
        .node()
}

fn ink((ink, text): (Ink, &str)) -> Node {
    let class = match ink {
        Ink::Plain => return text.to_owned().into(),
        Ink::Keyword => "ink-keyword",
        Ink::Text => "ink-text",
        Ink::Comment => "ink-comment",
    };
    el("span").class(class).child(text.to_owned()).node()
}
