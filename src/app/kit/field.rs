//! A labeled field.

use leptos::ev::Targeted;
use leptos::prelude::*;

/// A field with its name above it.
#[component]
pub fn Field(
    /// What assistive technology and tests call it.
    name: &'static str,
    /// What is written above it, where that is shorter.
    #[prop(optional)]
    label: Option<&'static str>,
    /// Its name in the address, by which it can be hidden.
    control: &'static str,
    /// The type of the `input`.
    #[prop(default = "text")]
    kind: &'static str,
    /// How wide it is: a class of the style sheet.
    #[prop(default = "field")]
    class: &'static str,
    #[prop(into, optional)] placeholder: Signal<String>,
    #[prop(into)] value: Signal<String>,
    /// Tell every keystroke, not only what it holds when the reader leaves it.
    #[prop(default = true)]
    eager: bool,
    /// The id of a `datalist` with what could stand in it.
    #[prop(optional)]
    list: Option<&'static str>,
    #[prop(optional)] id: Option<&'static str>,
    /// Whether what it holds cannot be used.
    #[prop(into, optional)]
    is_invalid: Signal<bool>,
    /// The id of the sentence that says why.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// What is wrong with what it holds, said below it.
    #[prop(into, optional)]
    problem: Signal<String>,
    on_change: impl Fn(String) + 'static,
) -> impl IntoView {
    type Typed = Targeted<web_sys::Event, web_sys::HtmlInputElement>;
    let on_change = StoredValue::new_local(on_change);
    let tell_if = move |due: bool, event: &Typed| {
        if due {
            on_change.with_value(|on_change| on_change(text_of(&event.target())));
        }
    };
    let problem_id = StoredValue::new(format!("{control}-problem"));
    let has_problem = Memo::new(move |_| problem.with(|problem| !problem.is_empty()));
    let describing = move || match has_problem.get() {
        true => Some(problem_id.get_value()),
        false => described_by.filter(|_| is_invalid.get()).map(str::to_owned),
    };
    view! {
        <label class=class data-control=control>
            <span>{label.unwrap_or(name)}</span>
            <input
                type=kind
                id=id
                aria-label=name
                aria-invalid=move || (is_invalid.get() || has_problem.get()).then_some("true")
                aria-describedby=describing
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                maxlength="2000"
                list=list
                prop:value=value
                on:input:target=move |event| tell_if(eager, &event)
                on:change:target=move |event| tell_if(!eager, &event)
            />
            <Show when=move || has_problem.get()>
                <span class="problem" id=problem_id.get_value() role="alert">
                    {problem}
                </span>
            </Show>
        </label>
    }
}

/// What stands in an `input`. A field for numbers hands out nothing where letters stand in it, and it
/// must not be taken for an empty one: a replacement character stands for what cannot be read.
fn text_of(input: &web_sys::HtmlInputElement) -> String {
    match input.value() {
        empty if empty.is_empty() && !input.check_validity() => "\u{fffd}".to_owned(),
        text => text,
    }
}
