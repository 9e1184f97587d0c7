//! One agent of the editor: its line in the list, and its fields below while it is open.

use crate::app::dom::{Node, Nodes, el};
use leptos::prelude::*;

use super::{Desk, focus_on, left, tool};
use crate::app::ui::{Choice, breakable, flag, menu, part, shown, text};
use crate::edit::{AgentText, Command, Draft, Field, cost};
use crate::pipeline::Work;
use crate::template::Template;
use crate::words;

/// The id of an element of an agent.
pub fn element(id: u32, what: &str) -> String {
    format!("edit-{id}-{what}")
}

/// An agent in the list.
pub fn agent(desk: Desk, id: u32) -> Node {
    let name = text(move || match desk.get(id, Field::Name).trim() {
        "" => words::editor::NAMELESS.into(),
        name => name.to_owned(),
    });
    let is_open = flag(move || desk.open.with(|open| open.contains(&id)));
    let turn = move || {
        desk.open.update(|open| match open.iter().position(|own| *own == id) {
            Some(place) => drop(open.remove(place)),
            None => open.push(id),
        });
    };
    let is_first = flag(move || desk.ids.with(|ids| ids.first() == Some(&id)));
    let is_last = flag(move || desk.ids.with(|ids| ids.last() == Some(&id)));
    // The button that moved it may have nothing left to do, and cannot have the focus then.
    let moved =
        move |command: Command, button: &'static str, other: &'static str, end: Signal<bool>| {
            desk.apply(command);
            focus_on(element(id, if end.get_untracked() { other } else { button }));
        };
    let remove = move || {
        let next = desk.ids.with_untracked(|ids| {
            let place = ids.iter().position(|own| *own == id)?;
            ids.get(place + 1).or_else(|| ids.get(place.checked_sub(1)?)).copied()
        });
        desk.apply(Command::Remove(id));
        focus_on(next.map_or("edit-add".into(), |next| element(next, "line")));
    };
    let problems = text(move || {
        let own = |(at, _): &&super::Wrong| at.is_some_and(|(own, _)| own == id);
        let count = desk.problems.with(|problems| problems.iter().filter(own).count());
        words::editor::problems(count)
    });
    let up = move || moved(Command::Up(id), "up", "down", is_first);
    let down = move || moved(Command::Down(id), "down", "up", is_last);
    el("li")
        .child(
            el("div")
                .class("edit-agent")
                .attr("role", "group")
                .attr("aria-label", name)
                .child(
                    el("div")
                        .class("edit-head")
                        .child(
                            el("button")
                                .attr("type", "button")
                                .class("edit-line")
                                .attr("id", element(id, "line"))
                                .attr("aria-expanded", text(move || is_open.get().to_string()))
                                .upon("click", turn)
                                .child(el("strong").child(text(move || breakable(&name.get()))))
                                .child(
                                    el("span")
                                        .class("edit-flow")
                                        .child(text(move || flow(desk, id))),
                                )
                                .child(el("span").class("edit-problems").child(problems)),
                        )
                        .child(
                            el("div")
                                .class("edit-moves")
                                .child(tool(
                                    element(id, "up"),
                                    words::editor::MOVE_UP,
                                    is_first,
                                    up,
                                ))
                                .child(tool(
                                    element(id, "down"),
                                    words::editor::MOVE_DOWN,
                                    is_last,
                                    down,
                                ))
                                .child(tool(
                                    element(id, "remove"),
                                    words::editor::REMOVE,
                                    flag(|| false),
                                    remove,
                                )),
                        ),
                )
                .child(shown(move || is_open.get(), move || body(desk, id))),
        )
        .node()
}

/// "{topic}, {stock} → {news}".
fn flow(desk: Desk, id: u32) -> String {
    desk.editor.with(|editor| {
        let Some(text) = editor.draft().text(id) else { return String::new() };
        let mut reads = Vec::new();
        for field in [Field::Instruction, Field::Prompt] {
            for (key, _) in Template::new(text.get(field)).holes() {
                let key = format!("{{{key}}}");
                if !reads.contains(&key) {
                    reads.push(key);
                }
            }
        }
        format!("{} → {{{}}}", reads.join(" "), text.get(Field::Key).trim())
    })
}

/// Whether it asks a model.
fn asks(desk: Desk, id: u32) -> bool {
    let asks = |text: &AgentText| text.work == Work::Model;
    desk.editor.with(|editor| editor.draft().text(id).is_some_and(asks))
}

fn body(desk: Desk, id: u32) -> Node {
    let is_model = move || asks(desk, id);
    let searches = flag(move || {
        desk.editor.with(|editor| editor.draft().text(id).is_some_and(|text| text.search))
    });
    let sees = flag(move || {
        desk.editor.with(|editor| editor.draft().text(id).is_some_and(|text| text.sees))
    });
    el("div")
        .class("edit-fields")
        .child(line(desk, id, Field::Name, words::editor::NAME, "field"))
        .child(line(desk, id, Field::Key, words::editor::KEY, "field"))
        .child(work(desk, id))
        .child(shown(is_model, move || {
            line(desk, id, Field::Latency, words::editor::LATENCY, "field")
        }))
        .child(area(desk, id, Field::Instruction, words::editor::INSTRUCTION, 2))
        .child(area(desk, id, Field::Prompt, words::editor::PROMPT, 4))
        .child(needs(desk, id))
        .child(shown(is_model, move || {
            (
                area(desk, id, Field::Answer, words::editor::ANSWER, 3),
                line(desk, id, Field::Model, words::editor::MODEL, "field"),
                tick(words::editor::MAY_SEARCH, searches, move |on| {
                    desk.apply(Command::Search(id, on));
                }),
                tick(words::editor::LOOKS, sees, move |on| desk.apply(Command::Sees(id, on))),
            )
        }))
        .node()
}

fn tick(label: &'static str, ticked: Signal<bool>, act: impl Fn(bool) + 'static) -> Node {
    let toggle = move |_| act(!ticked.get_untracked());
    el("label")
        .class("edit-check")
        .child(el("input").attr("type", "checkbox").prop("checked", ticked).on("change", toggle))
        .child(el("span").child(label))
        .node()
}

fn work(desk: Desk, id: u32) -> Node {
    let choices = vec![
        Choice::new("model", words::editor::ASKS, move || asks(desk, id)),
        Choice::new("pass", words::editor::PASSES_ON, move || !asks(desk, id)),
    ];
    menu(words::editor::HOW_IT_ANSWERS, "editor", choices, move |word| {
        let work = if word == "pass" { Work::PassThrough } else { Work::Model };
        desk.apply(Command::Work(id, work));
    })
}

/// What is wrong with a field, under it.
fn wrong(desk: Desk, id: u32, field: Field) -> Node {
    let says = text(move || desk.wrong(id, field));
    el("span")
        .class("edit-wrong")
        .attr("id", element(id, &format!("{field:?}-wrong")))
        .child(says)
        .node()
}

fn is_wrong(desk: Desk, id: u32, field: Field) -> Signal<String> {
    text(move || (!desk.wrong(id, field).is_empty()).to_string())
}

fn write(desk: Desk, id: u32, field: Field) -> impl FnMut(web_sys::Event) {
    move |event| desk.apply(Command::Write(id, field, event_target_value(&event)))
}

fn line(desk: Desk, id: u32, field: Field, label: &'static str, class: &'static str) -> Node {
    el("label")
        .class(class)
        .child(el("span").child(label))
        .child(
            el("input")
                .attr("type", "text")
                .attr("id", element(id, &format!("{field:?}")))
                .attr("aria-label", label)
                .attr("aria-invalid", is_wrong(desk, id, field))
                .attr("aria-describedby", element(id, &format!("{field:?}-wrong")))
                .attr("autocomplete", "off")
                .attr("spellcheck", "false")
                .attr("maxlength", field.most().to_string())
                .prop("value", text(move || desk.get(id, field)))
                .on("input", write(desk, id, field))
                .upon("blur", left(desk)),
        )
        .child(wrong(desk, id, field))
        .node()
}

fn area(desk: Desk, id: u32, field: Field, label: &'static str, rows: u8) -> Node {
    el("label")
        .class("field edit-area")
        .child(el("span").child(label))
        .child(
            el("textarea")
                .attr("id", element(id, &format!("{field:?}")))
                .attr("rows", rows.to_string())
                .attr("aria-label", label)
                .attr("aria-invalid", is_wrong(desk, id, field))
                .attr("aria-describedby", element(id, &format!("{field:?}-wrong")))
                .attr("autocomplete", "off")
                .attr("maxlength", field.most().to_string())
                .prop("value", text(move || desk.get(id, field)))
                .on("input", write(desk, id, field))
                .upon("blur", left(desk)),
        )
        .child(wrong(desk, id, field))
        .node()
}

/// Whose answers it needs, each a button that makes it need one more or one less; and what it costs.
fn needs(desk: Desk, id: u32) -> Node {
    let others = part(move || {
        let ids = desk.ids.get();
        let others = ids.into_iter().filter(|other| *other != id);
        others.map(|other| need(desk, id, other)).nodes()
    });
    let costs = part(move || {
        let told = desk.editor.with(|editor| {
            desk.demo.settings.with(|settings| cost::waiting(settings, editor.draft(), id))
        });
        let item = |told| el("li").child(told).node();
        told.into_iter().map(item).nodes()
    });
    el("div")
        .class("edit-needs")
        .child(
            el("div")
                .class("edit-chips")
                .attr("role", "group")
                .attr("aria-label", words::editor::NEEDS)
                .child(el("span").child(words::editor::NEEDS))
                .child(others),
        )
        .child(el("ul").class("edit-costs").attr("aria-label", words::editor::COSTS).child(costs))
        .node()
}

fn need(desk: Desk, id: u32, other: u32) -> Node {
    let of = move |of: &dyn Fn(&Draft) -> bool| desk.editor.with(|editor| of(editor.draft()));
    let needed = flag(move || of(&|draft| draft.needs(id, other)));
    // Whoever waits for this one already could never start.
    let circular = flag(move || !needed.get() && of(&|draft| draft.waits_for(other, id)));
    el("button")
        .attr("type", "button")
        .class("edit-chip")
        .attr("aria-pressed", text(move || needed.get().to_string()))
        .attr("disabled", circular)
        .upon("click", move || desk.apply(Command::Need(id, other)))
        .child(text(move || desk.get(other, Field::Name)))
        .node()
}
