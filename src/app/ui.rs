//! Views of few types. Leptos compiles a view anew for every closure in it; behind one of the three
//! types below, all closures share what is compiled, which took a third off the bundle.

use leptos::prelude::*;

use crate::decimal;

/// A text that follows the signals it reads.
pub fn text(of: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(of)
}

/// A flag that follows the signals it reads.
pub fn flag(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(of)
}

/// A part of a view that is drawn anew when a signal it reads changes.
pub type Part = Box<dyn FnMut() -> AnyView + Send>;

/// A part of a view that follows the signals it reads.
pub fn part(of: impl FnMut() -> AnyView + Send + 'static) -> Part {
    Box::new(of)
}

/// A part that is there only while `when` says so.
pub fn shown(
    when: impl Fn() -> bool + Send + Sync + 'static,
    of: impl Fn() -> AnyView + Send + 'static,
) -> Part {
    let when = Memo::new(move |_| when());
    Box::new(move || if when.get() { of() } else { ().into_any() })
}

/// An item for each line, as the signals it reads say.
pub fn listed(of: impl Fn() -> Vec<String> + Send + 'static) -> Part {
    Box::new(move || {
        let lines = of().into_iter().map(|line| view! { <li>{line}</li> }.into_any());
        lines.collect_view().into_any()
    })
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
pub fn icon(path: Signal<String>) -> AnyView {
    view! {
        <svg class="icon-shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=path fill="currentColor"/>
        </svg>
    }
    .into_any()
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
) -> AnyView {
    let choices = choices
        .into_iter()
        .map(|choice| {
            view! { <option value=choice.value selected=choice.selected>{choice.label}</option> }
                .into_any()
        })
        .collect_view();
    view! {
        <label class="field" data-control=control>
            <span>{name}</span>
            <select aria-label=name on:change=listener(move |event| on_change(event_target_value(&event)))>
                {choices}
            </select>
        </label>
    }
    .into_any()
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
    pub fn view(self, on_change: impl Fn(String) + Clone + 'static) -> AnyView {
        let Self { name, label, control, kind, width, placeholder, value, eager, list } = self;
        let on_input = on_change.clone();
        view! {
            <label class=width data-control=control>
                <span>{label}</span>
                <input
                    type=kind
                    aria-label=name
                    placeholder=placeholder
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="2000"
                    list=list
                    prop:value=value
                    on:input=listener(move |event| if eager { on_input(event_target_value(&event)) })
                    on:change=listener(move |event| if !eager { on_change(event_target_value(&event)) })
                />
            </label>
        }
        .into_any()
    }
}

/// An event listener of one type for all.
pub fn listener(
    heard: impl FnMut(web_sys::Event) + 'static,
) -> std::boxed::Box<dyn FnMut(web_sys::Event)> {
    Box::new(heard)
}

/// A button with a text.
pub fn button(
    class: &'static str,
    control: &'static str,
    label: Signal<String>,
    on_click: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button
            type="button"
            class=class
            data-control=control
            on:click=clicked(on_click)
        >
            {label}
        </button>
    }
    .into_any()
}

/// A listener for clicks, of one type for all.
pub fn clicked(heard: impl Fn() + 'static) -> Box<dyn FnMut(web_sys::MouseEvent)> {
    Box::new(move |_| heard())
}

/// A listener for what a pointer does, of one type for all.
pub fn pointer(heard: impl Fn() + 'static) -> Box<dyn FnMut(web_sys::PointerEvent)> {
    Box::new(move |_| heard())
}

/// A listener for where the focus goes, of one type for all.
pub fn focus(heard: impl Fn() + 'static) -> Box<dyn FnMut(web_sys::FocusEvent)> {
    Box::new(move |_| heard())
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
