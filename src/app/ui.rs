//! What many views are made of: texts and flags that follow signals, parts that come and go, fields,
//! menus, buttons.

use leptos::prelude::*;

use super::dom::{Node, Nodes, el, svg};
use super::signals::Memo;
use crate::decimal;

// Where something is given as a closure, a plain function behind takes it in a box, so that it is
// compiled once and not for each.

/// A text that follows the signals it reads.
pub fn text(of: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    fn boxed(of: Box<dyn Fn() -> String + Send + Sync>) -> Signal<String> {
        Signal::derive(of)
    }
    boxed(Box::new(of))
}

/// A flag that follows the signals it reads.
pub fn flag(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    fn boxed(of: Box<dyn Fn() -> bool + Send + Sync>) -> Signal<bool> {
        Signal::derive(of)
    }
    boxed(Box::new(of))
}

/// A part of a view that is drawn anew when a signal it reads changes.
pub fn part<T: Into<Node>>(mut of: impl FnMut() -> T + 'static) -> Node {
    Node::Part(Box::new(move || of().into()))
}

/// A part that is there only while `when` says so.
pub fn shown<T: Into<Node>>(
    when: impl Fn() -> bool + Send + Sync + 'static,
    of: impl Fn() -> T + 'static,
) -> Node {
    shown_while(Box::new(when), Box::new(move || of().into()))
}

fn shown_while(when: Box<dyn Fn() -> bool + Send + Sync>, of: Box<dyn Fn() -> Node>) -> Node {
    let when = Memo::new(move |_| when());
    part(move || when.get().then(&of))
}

/// An item for each line, as the signals it reads say.
pub fn listed(of: impl Fn() -> Vec<String> + 'static) -> Node {
    part(move || of().into_iter().map(|line| el("li").child(line)).nodes())
}

/// A fraction of a length, as style sheets have it.
pub fn percent(fraction: f64) -> String {
    decimal::fixed(fraction * 100.0, 3) + "%"
}

/// A length on the page, as style sheets have it.
pub fn pixels(length: f64) -> String {
    decimal::fixed(length, 1) + "px"
}

/// A drawing in a box of sixteen by sixteen, in the colour of the text.
pub fn icon(path: Signal<String>) -> Node {
    svg("svg")
        .class("icon-shape")
        .attr("viewBox", "0 0 16 16")
        .attr("width", "16")
        .attr("height", "16")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", path).attr("fill", "currentColor"))
        .node()
}

/// One of a menu's choices: its value, its label, and whether it is the present one.
pub struct Choice {
    /// What it stands for in the address.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// Whether it is chosen.
    pub selected: Signal<bool>,
}

impl Choice {
    /// A choice.
    pub fn new(
        value: impl Into<String>,
        label: impl Into<String>,
        selected: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { value: value.into(), label: label.into(), selected: flag(selected) }
    }
}

/// A menu with its name above it. `name` is also what assistive technology and tests call it.
pub fn menu(
    name: &'static str,
    control: &'static str,
    choices: Vec<Choice>,
    on_change: impl Fn(String) + 'static,
) -> Node {
    menu_of(name, control, choices, Box::new(on_change))
}

fn menu_of(
    name: &'static str,
    control: &'static str,
    choices: Vec<Choice>,
    on_change: Box<dyn Fn(String)>,
) -> Node {
    let choices = choices.into_iter().map(|choice| {
        let Choice { value, label, selected } = choice;
        el("option").attr("value", value).attr("selected", selected).child(label)
    });
    el("label")
        .class("field")
        .attr("data-control", control)
        .child(el("span").child(name))
        .child(
            el("select")
                .attr("aria-label", name)
                .on("change", move |event| on_change(event_target_value(&event)))
                .child(choices.nodes()),
        )
        .node()
}

/// A field with its name above it.
pub struct Field {
    /// What assistive technology and tests call it.
    pub name: &'static str,
    /// What is written above it, where that is shorter.
    pub label: &'static str,
    /// Its name in the address, by which it can be hidden.
    pub control: &'static str,
    /// Its HTML type.
    pub kind: &'static str,
    /// How wide it is: a class of the style sheet.
    pub width: &'static str,
    /// What stands in it while it is empty.
    pub placeholder: Signal<String>,
    /// What stands in it.
    pub value: Signal<String>,
    /// Whether it tells every keystroke, or only what it holds when it is left.
    pub eager: bool,
    /// The id of a `datalist` with what could stand in it.
    pub list: Option<&'static str>,
}

impl Field {
    /// A plain field for text.
    pub fn new(name: &'static str, control: &'static str, value: Signal<String>) -> Self {
        Self {
            name,
            label: name,
            control,
            kind: "text",
            width: "field",
            placeholder: text(String::new),
            value,
            eager: true,
            list: None,
        }
    }

    /// Draws it.
    pub fn view(self, on_change: impl Fn(String) + 'static) -> Node {
        self.draw(Box::new(on_change))
    }

    fn draw(self, on_change: Box<dyn Fn(String)>) -> Node {
        let Self { name, label, control, kind, width, placeholder, value, eager, list } = self;
        el("label")
            .class(width)
            .attr("data-control", control)
            .child(el("span").child(label))
            .child(
                el("input")
                    .attr("type", kind)
                    .attr("aria-label", name)
                    .attr("placeholder", placeholder)
                    .attr("autocomplete", "off")
                    .attr("spellcheck", "false")
                    .attr("maxlength", "2000")
                    .attr("list", list)
                    .prop("value", value)
                    .on(if eager { "input" } else { "change" }, move |event| {
                        on_change(event_target_value(&event));
                    }),
            )
            .node()
    }
}

/// A button with a text.
pub fn button(
    class: &'static str,
    control: &'static str,
    label: Signal<String>,
    on_click: impl Fn() + 'static,
) -> Node {
    button_of(class, control, label, Box::new(on_click))
}

fn button_of(
    class: &'static str,
    control: &'static str,
    label: Signal<String>,
    on_click: Box<dyn Fn()>,
) -> Node {
    el("button")
        .attr("type", "button")
        .class(class)
        .attr("data-control", control)
        .upon("click", on_click)
        .child(label)
        .node()
}

/// Lets a long name break where a word in it begins.
pub fn breakable(name: &str) -> String {
    let mut out = String::new();
    let mut last_lower = false;
    for letter in name.chars() {
        if last_lower && letter.is_uppercase() {
            out.push('\u{200b}');
        }
        out.push(letter);
        if letter == '_' {
            out.push('\u{200b}');
        }
        last_lower = letter.is_lowercase();
    }
    out
}
