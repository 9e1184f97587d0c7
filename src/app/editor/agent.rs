//! One agent of the editor: its line in the list, and its fields below while it is open.

use leptos::prelude::*;

use super::{Desk, focus_on, left, tool};
use crate::app::ui::{Choice, breakable, clicked, flag, listener, menu, part, shown, text};
use crate::edit::{AgentText, Command, Draft, Field, cost};
use crate::pipeline::Work;
use crate::template::Template;

/// The id of an element of an agent.
pub fn element(id: u32, what: &str) -> String {
    format!("edit-{id}-{what}")
}

/// An agent in the list.
pub fn agent(desk: Desk, id: u32) -> AnyView {
    let name = text(move || match desk.get(id, Field::Name).trim() {
        "" => "an agent without a name".into(),
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
        match desk.problems.with(|problems| problems.iter().filter(own).count()) {
            0 => String::new(),
            1 => "1 problem".into(),
            some => format!("{some} problems"),
        }
    });
    let up = move || moved(Command::Up(id), "up", "down", is_first);
    let down = move || moved(Command::Down(id), "down", "up", is_last);
    view! {
        <li>
            <div class="edit-agent" role="group" aria-label=name>
                <div class="edit-head">
                    <button
                        type="button"
                        class="edit-line"
                        id=element(id, "line")
                        aria-expanded=text(move || is_open.get().to_string())
                        on:click=clicked(turn)
                    >
                        <strong>{text(move || breakable(&name.get()))}</strong>
                        <span class="edit-flow">{text(move || flow(desk, id))}</span>
                        <span class="edit-problems">{problems}</span>
                    </button>
                    <div class="edit-moves">
                        {tool(element(id, "up"), "Move up", is_first, clicked(up))}
                        {tool(element(id, "down"), "Move down", is_last, clicked(down))}
                        {tool(element(id, "remove"), "Remove", flag(|| false), clicked(remove))}
                    </div>
                </div>
                {shown(move || is_open.get(), move || body(desk, id))}
            </div>
        </li>
    }
    .into_any()
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

fn body(desk: Desk, id: u32) -> AnyView {
    let is_model = move || asks(desk, id);
    let searches = flag(move || {
        desk.editor.with(|editor| editor.draft().text(id).is_some_and(|text| text.search))
    });
    view! {
        <div class="edit-fields">
            {line(desk, id, Field::Name, "Name", "field")}
            {line(desk, id, Field::Key, "Output key", "field")}
            {work(desk, id)}
            {shown(is_model, move || line(desk, id, Field::Latency, "Simulated latency (s)", "field"))}
            {area(desk, id, Field::Instruction, "Instruction", 2)}
            {area(desk, id, Field::Prompt, "Prompt", 4)}
            {needs(desk, id)}
            {shown(
                is_model,
                move || {
                    view! {
                        {area(desk, id, Field::Answer, "Simulated answer", 3)}
                        {line(desk, id, Field::Model, "Own live model", "field")}
                        <label class="edit-check">
                            <input
                                type="checkbox"
                                prop:checked=searches
                                on:change=listener(move |_| {
                                    desk.apply(Command::Search(id, !searches.get_untracked()));
                                })
                            />
                            <span>"May search the web (Gemini)"</span>
                        </label>
                    }
                        .into_any()
                },
            )}
        </div>
    }
    .into_any()
}

fn work(desk: Desk, id: u32) -> AnyView {
    let choices = vec![
        Choice::new("model", "asks a model", move || asks(desk, id)),
        Choice::new("pass", "passes its prompt on", move || !asks(desk, id)),
    ];
    menu("How it answers", "editor", choices, move |word| {
        let work = if word == "pass" { Work::PassThrough } else { Work::Model };
        desk.apply(Command::Work(id, work));
    })
}

/// What is wrong with a field, under it.
fn wrong(desk: Desk, id: u32, field: Field) -> AnyView {
    let says = text(move || desk.wrong(id, field));
    view! { <span class="edit-wrong" id=element(id, &format!("{field:?}-wrong"))>{says}</span> }
        .into_any()
}

fn is_wrong(desk: Desk, id: u32, field: Field) -> Signal<String> {
    text(move || (!desk.wrong(id, field).is_empty()).to_string())
}

fn write(desk: Desk, id: u32, field: Field) -> Box<dyn FnMut(web_sys::Event)> {
    listener(move |event| desk.apply(Command::Write(id, field, event_target_value(&event))))
}

fn line(desk: Desk, id: u32, field: Field, label: &'static str, class: &'static str) -> AnyView {
    view! {
        <label class=class>
            <span>{label}</span>
            <input
                type="text"
                id=element(id, &format!("{field:?}"))
                aria-label=label
                aria-invalid=is_wrong(desk, id, field)
                aria-describedby=element(id, &format!("{field:?}-wrong"))
                autocomplete="off"
                spellcheck="false"
                maxlength=field.most().to_string()
                prop:value=text(move || desk.get(id, field))
                on:input=write(desk, id, field)
                on:blur=left(desk)
            />
            {wrong(desk, id, field)}
        </label>
    }
    .into_any()
}

fn area(desk: Desk, id: u32, field: Field, label: &'static str, rows: u8) -> AnyView {
    view! {
        <label class="field edit-area">
            <span>{label}</span>
            <textarea
                id=element(id, &format!("{field:?}"))
                rows=rows.to_string()
                aria-label=label
                aria-invalid=is_wrong(desk, id, field)
                aria-describedby=element(id, &format!("{field:?}-wrong"))
                autocomplete="off"
                maxlength=field.most().to_string()
                prop:value=text(move || desk.get(id, field))
                on:input=write(desk, id, field)
                on:blur=left(desk)
            ></textarea>
            {wrong(desk, id, field)}
        </label>
    }
    .into_any()
}

/// Whose answers it needs, each a button that makes it need one more or one less; and what it costs.
fn needs(desk: Desk, id: u32) -> AnyView {
    let others = part(move || {
        let ids = desk.ids.get();
        let others = ids.into_iter().filter(|other| *other != id);
        others.map(|other| need(desk, id, other)).collect_view().into_any()
    });
    let costs = part(move || {
        let told = desk.editor.with(|editor| {
            desk.demo.settings.with(|settings| cost::waiting(settings, editor.draft(), id))
        });
        let item = |told| view! { <li>{told}</li> }.into_any();
        told.into_iter().map(item).collect_view().into_any()
    });
    view! {
        <div class="edit-needs">
            <div class="edit-chips" role="group" aria-label="Needs">
                <span>"Needs"</span>
                {others}
            </div>
            <ul class="edit-costs" aria-label="What waiting costs">{costs}</ul>
        </div>
    }
    .into_any()
}

fn need(desk: Desk, id: u32, other: u32) -> AnyView {
    let of = move |of: &dyn Fn(&Draft) -> bool| desk.editor.with(|editor| of(editor.draft()));
    let needed = flag(move || of(&|draft| draft.needs(id, other)));
    // Whoever waits for this one already could never start.
    let circular = flag(move || !needed.get() && of(&|draft| draft.waits_for(other, id)));
    view! {
        <button
            type="button"
            class="edit-chip"
            aria-pressed=text(move || needed.get().to_string())
            disabled=circular
            on:click=clicked(move || desk.apply(Command::Need(id, other)))
        >
            {text(move || desk.get(other, Field::Name))}
        </button>
    }
    .into_any()
}
