//! One program with its copy button.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::request::Request;
use crate::app::kit::{Button, distinct};
use crate::app::state::{PlanState, PlayheadState, SelectionState, SettingsState};
use crate::codegen::{self, Form, Ink, Language, Line, Program};
use crate::plan::Kind;
use crate::web::{files, page};
use crate::words;

/// A program that is longer is shown without its middle; what is copied is whole.
const MOST_LINES: usize = 320;

/// Lines above the one that the window opens on.
const LINES_ABOVE: i32 = 3;

/// A program.
#[component]
pub fn Pane(
    request: Memo<Request>,
    form: Form,
    language: Signal<Language>,
    /// The one that is shown where there is room for one only.
    chosen: RwSignal<Form>,
) -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let notice = expect_context::<SettingsState>().notice;
    let kind = match form {
        Form::Sequential => Kind::Sequential,
        Form::Parallel => Kind::Parallel,
    };
    let program = Memo::new(move |_| {
        request.with(|request| plan.current.with_untracked(|plan| request.program(plan, form)))
    });
    // A schedule that does not run lights nothing.
    let lit = distinct(move || {
        let place = plan.current.with(|plan| plan.place(kind));
        playhead.frame.with(|frame| match place.and_then(|place| frame.timelines.get(place)) {
            Some(timeline) => program.with(|program| codegen::lit(program, timeline)),
            None => Vec::new(),
        })
    });
    let text = NodeRef::<Div>::new();
    let is_whole = RwSignal::new(false);
    let count = Memo::new(move |_| program.with(|program| program.lines.len()));
    // The window opens on the line that waits, and follows it.
    let line = distinct(move || {
        program.with(|program| lit.with(|lit| codegen::waiting_line(program, lit)))
    });
    Effect::new(move |_| {
        program.track();
        if let (Some(text), Some(line), false) = (text.get(), line.get(), is_whole.get()) {
            show_line(&text, line);
        }
    });
    let lines = move || {
        let language = request.with_untracked(|request| request.language);
        program.with(|program| {
            let count = program.lines.len();
            let hidden = count.saturating_sub(MOST_LINES);
            let (head, tail) = match hidden {
                0 => (count, count),
                _ => (MOST_LINES / 2, count - MOST_LINES / 2),
            };
            let draw = |at: usize| {
                let line = program.lines[at].clone();
                view! { <ProgramLine language line at lit /> }
            };
            let gap = (hidden > 0)
                .then(|| view! { <li class="code-gap">{words::code::hidden(hidden)}</li> });
            let before = (0..head).map(draw).collect_view();
            (before, gap, (tail..count).map(draw).collect_view())
        })
    };
    let copy = move |_| {
        let copied = page::copy(&program.with_untracked(Program::text));
        let note = match copied {
            true => request.with_untracked(|request| {
                words::code::copied(request.language.key_variable(&request.endpoint))
            }),
            false => "This browser does not let the page copy: select the lines instead.".into(),
        };
        notice.set(Some(note));
    };
    let has_folder = move || form == Form::Parallel && language.get().has_folder();
    let download = move |_| {
        let folder = plan
            .current
            .with_untracked(|plan| request.with_untracked(|request| request.folder(plan)));
        if let Some(folder) = folder {
            let name = format!("{}.zip", folder.name);
            notice.set(Some(match files::save(&name, &folder.zip()) {
                true => words::code::folder_saved(&name),
                false => "This browser does not let the page save a file.".into(),
            }));
        }
    };
    let title = move || language.get().title(form);
    view! {
        <div class="code-pane" class:chosen=move || chosen.get() == form data-kind=kind.as_str()>
            <div class="code-head">
                <h3>{title}</h3>
                <Show when=has_folder>
                    <Button class="quiet" control="copy" on_click=download>
                        "Download folder"
                    </Button>
                </Show>
                <Button class="quiet" control="copy" on_click=copy>"Copy"</Button>
            </div>
            <div
                class="code-text"
                class:whole=is_whole
                node_ref=text
                tabindex="0"
                role="group"
                aria-label=move || words::code::program(title())
            >
                <ol>{lines}</ol>
            </div>
            <Show when=move || count.with(|count| codegen::is_cut(*count))>
                <button
                    type="button"
                    class="quiet"
                    aria-expanded=move || is_whole.get().to_string()
                    on:click=move |_| is_whole.update(|is_whole| *is_whole = !*is_whole)
                >
                    {move || match is_whole.get() {
                        true => words::code::SHOW_FEWER.to_owned(),
                        false => words::code::show_all(count.get()),
                    }}
                </button>
            </Show>
        </div>
    }
}

/// Scrolls a program, and not the page, to a line.
fn show_line(text: &web_sys::HtmlDivElement, line: usize) {
    if let Ok(Some(row)) = text.query_selector(&format!("[data-line=\"{line}\"]")) {
        let row: web_sys::HtmlElement = row.unchecked_into();
        text.set_scroll_top(row.offset_top() - LINES_ABOVE * row.offset_height());
    }
}

#[component]
fn ProgramLine(
    language: Language,
    line: Line,
    at: usize,
    /// Whether each line waits at the playhead.
    lit: ReadSignal<Vec<bool>>,
) -> impl IntoView {
    let selection = expect_context::<SelectionState>();
    let inks = codegen::inks(language, &line.text).into_iter().map(ink).collect_view();
    if line.agents.is_empty() && line.part_of.is_none() {
        return view! { <li>{inks}</li> }.into_any();
    }
    // A line that waits for several stands for all of them.
    let agents = line.part_of.map_or_else(|| line.agents.clone(), |agent| vec![agent]);
    let agents = StoredValue::new(agents);
    let is_lit = move || lit.with(|lit| lit.get(at) == Some(&true));
    let point = move || selection.pointed.set(agents.get_value());
    let leave = move || selection.pointed.set(Vec::new());
    // The line of one agent answers when it is pointed at, the line of several when all are.
    let is_pointed = move || {
        agents.with_value(|agents| {
            !agents.is_empty() && agents.iter().all(|agent| selection.points_at(*agent))
        })
    };
    // One stop for the keyboard for each wait.
    let inside = match line.agents.is_empty() {
        false => view! {
            <button
                type="button"
                class="code-line"
                on:focus=move |_| point()
                on:blur=move |_| leave()
                on:click=move |_| point()
            >
                {inks}
            </button>
        }
        .into_any(),
        true => inks.into_any(),
    };
    view! {
        <li
            data-line=at.to_string()
            aria-current=move || is_lit().then_some("true")
            class:lit=is_lit
            class:pointed=is_pointed
            on:pointerenter=move |_| point()
            on:pointerleave=move |_| leave()
        >
            {inside}
        </li>
    }
    .into_any()
}

fn ink((ink, text): (Ink, &str)) -> AnyView {
    let text = text.to_owned();
    let class = match ink {
        Ink::Plain => return text.into_any(),
        Ink::Keyword => "ink-keyword",
        Ink::Text => "ink-text",
        Ink::Comment => "ink-comment",
    };
    view! { <span class=class>{text}</span> }.into_any()
}
