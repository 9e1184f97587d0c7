//! What an author copies to have this figure in a page of their own, and how it will look there.
//!
//! The preview is the element itself, from the same embed.js that the snippet names.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;

use super::demo::Demo;
use super::dom::{Node, Nodes, el};
use super::signals::{Memo, RwSignal};
use super::ui::{Choice, button, menu, part, shown, text};
use crate::config::{Autoplay, Form, Settings, Theme, View};
use crate::timeline::sentences;
use crate::web::page;
use crate::words;

/// The ids of what gets the focus.
const BUTTON: &str = "embed";
const CODE: &str = "embed-code";
/// Where the preview is.
const PREVIEW: &str = "embed-preview";
/// Until the preview has said how high it is.
const USUAL_HEIGHT: u32 = 720;

/// Controls that a lesson may have no use for, and what they are called here.
const HIDEABLE: [(&str, &str); 6] = [
    ("speed", words::share::HIDE_SPEED),
    ("transport", words::share::HIDE_TRANSPORT),
    ("run", words::share::HIDE_RUN),
    ("guess", words::share::HIDE_GUESS),
    ("legend", words::share::HIDE_LEGEND),
    ("status", words::share::HIDE_STATUS),
];

/// The button that opens the panel.
pub fn embed_button(demo: Demo) -> Node {
    el("button")
        .attr("type", "button")
        .class("quiet")
        .attr("id", BUTTON)
        .attr("data-control", "embed")
        .attr("aria-expanded", text(move || demo.embedding.get().to_string()))
        .upon("click", move || demo.embedding.update(|open| *open = !*open))
        .child(words::share::EMBED)
        .node()
}

/// What the author chooses here; all else is as the page has it.
#[derive(Clone)]
struct Choices {
    form: Form,
    view: View,
    theme: Theme,
    autoplay: Autoplay,
    hide: Vec<String>,
}

impl Choices {
    fn settings(&self, page: &Settings) -> Settings {
        let Self { view, theme, autoplay, hide, .. } = self.clone();
        Settings { view, theme, autoplay, hide, embed: false, ..page.clone() }
    }
}

/// The snippet and its preview, while they are wanted.
pub fn embed_panel(demo: Demo) -> Node {
    shown(move || demo.embedding.get(), move || panel(demo))
}

fn close(demo: Demo) {
    demo.embedding.set(false);
    page::focus(BUTTON);
}

fn panel(demo: Demo) -> Node {
    page::load_script("embed.js");
    let view = match demo.settings.with_untracked(|settings| settings.view) {
        View::All => View::Race,
        view => view,
    };
    let choices = RwSignal::new(Choices {
        form: Form::default(),
        view,
        theme: Theme::Auto,
        autoplay: Autoplay::Off,
        hide: Vec::new(),
    });
    let settings = Memo::new(move |_| {
        demo.settings.with(|settings| choices.with(|choices| choices.settings(settings)))
    });
    let form = Memo::new(move |_| choices.with(|choices| choices.form));
    let height = RwSignal::new(USUAL_HEIGHT);
    // The preview says how high it is in a message, after which it is that high.
    let heard = window_event_listener(leptos::ev::message, move |_| {
        request_animation_frame(move || {
            if let Some(now) = page::height_of("converge-demo") {
                height.set(now as u32);
            }
        });
    });
    on_cleanup(move || heard.remove());
    let told = move || {
        demo.stage.with(|stage| {
            let ghosts = stage.lineup.iter().filter_map(|planned| {
                let timeline = planned.ghost.as_ref()?;
                Some(sentences::Entrant { schedule: planned.kind.word(), timeline })
            });
            sentences::status(stage.pipeline(), &ghosts.collect::<Vec<_>>())
                .replace(words::status::FINISHED, "")
        })
    };
    let code =
        move || settings.with(|s| s.snippet(form.get(), &page::link(""), height.get(), &told()));
    let copy = move || {
        let code = untrack(code);
        spawn_local(async move {
            let note = match page::copied(&code).await {
                true => words::share::SNIPPET_COPIED,
                false => {
                    page::focus(CODE);
                    words::share::SNIPPET_SELECTED
                }
            };
            demo.notice.set(Some(note.into()));
        });
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close(demo);
        }
    };
    let code = el("textarea")
        .attr("id", CODE)
        .attr("aria-label", words::share::SNIPPET)
        .attr("readonly", true)
        .attr("rows", "5")
        .attr("spellcheck", "false")
        .prop("value", text(code))
        .upon("focus", || page::select(CODE));
    let about = el("p")
        .class("fine")
        .child(words::share::NEVER_A_KEY)
        .child(el("a").attr("href", "article.html").child(words::share::SEE_AN_ARTICLE))
        .child(".");
    el("section")
        .class("panel embedding")
        .attr("aria-label", words::share::EMBED)
        .attr("data-control", "embed")
        .hears("keydown", keys)
        .child(el("div").class("settings").child(menus(choices)))
        .child(hiding(choices))
        .child(
            el("label")
                .class("field wide")
                .child(el("span").child(words::share::SNIPPET))
                .child(code),
        )
        .child(
            el("div")
                .class("embedding-actions")
                .child(button("", "embed", text(|| words::share::COPY_THE_SNIPPET.into()), copy))
                .child(button("", "embed", text(|| words::share::CLOSE.into()), move || {
                    close(demo)
                }))
                .child(about),
        )
        .child(el("h3").child(words::share::PREVIEW))
        .child(
            el("div")
                .class("embedding-preview")
                .child(part(move || preview(form.get(), &settings.get()))),
        )
        .node()
}

fn preview(form: Form, settings: &Settings) -> Node {
    match (form, settings.poster()) {
        (Form::Picture, Some(preset)) => el("img")
            .attr("src", format!("posters/{}.svg", preset.id()))
            .attr("width", "560")
            .attr("alt", words::share::PICTURE_ALT)
            .node(),
        (Form::Picture, None) => {
            el("p").class("fine").child(words::share::PICTURE_OF_PRESETS_ONLY).node()
        }
        _ => {
            let attributes = settings.attributes();
            request_animation_frame(move || {
                page::put(PREVIEW, "converge-demo", &attributes);
            });
            el("div").attr("id", PREVIEW).node()
        }
    }
}

fn menus(choices: RwSignal<Choices>) -> Node {
    let forms = Form::ALL.into_iter().enumerate().map(|(place, form)| {
        let selected = move || choices.with(|choices| choices.form == form);
        Choice::new(place.to_string(), form.label(), selected)
    });
    let views = View::ALL.iter().map(|view| {
        let selected = move || choices.with(|choices| choices.view == *view);
        Choice::new(view.word(), view.label(), selected)
    });
    let themes = Theme::ALL.iter().map(|theme| {
        let selected = move || choices.with(|choices| choices.theme == *theme);
        let label = if *theme == Theme::Auto {
            words::share::THEME_AS_AROUND
        } else {
            words::called(theme.word())
        };
        Choice::new(theme.word(), label, selected)
    });
    let starts = Autoplay::ALL.iter().map(|autoplay| {
        let selected = move || choices.with(|choices| choices.autoplay == *autoplay);
        let label = match autoplay {
            Autoplay::Off => words::share::STARTS_BY_HAND,
            Autoplay::AtOnce => words::share::STARTS_AT_ONCE,
            Autoplay::Visible => words::share::STARTS_WHEN_SEEN,
        };
        Choice::new(autoplay.word(), label, selected)
    });
    let (forms, views) = (forms.collect(), views.collect());
    let (themes, starts) = (themes.collect(), starts.collect());
    let update = move |change: Box<dyn Fn(&mut Choices)>| choices.update(|choices| change(choices));
    [
        menu(words::share::FORM, "form", forms, move |value| {
            update(Box::new(move |choices| choices.form = Form::at(&value).unwrap_or_default()));
        }),
        menu(words::share::WHAT_IT_SHOWS, "view", views, move |value| {
            let view = View::from_word(&value).unwrap_or_default();
            update(Box::new(move |choices| choices.view = view));
        }),
        menu(words::share::ITS_THEME, "embed-theme", themes, move |value| {
            let theme = Theme::from_word(&value).unwrap_or_default();
            update(Box::new(move |choices| choices.theme = theme));
        }),
        menu(words::share::IT_STARTS, "autoplay", starts, move |value| {
            let autoplay = Autoplay::from_word(&value).unwrap_or_default();
            update(Box::new(move |choices| choices.autoplay = autoplay));
        }),
    ]
    .nodes()
}

fn hiding(choices: RwSignal<Choices>) -> Node {
    let boxes = HIDEABLE.map(|(control, label)| {
        let toggle = move |event: web_sys::Event| {
            let hidden = event_target_checked(&event);
            choices.update(|choices| {
                choices.hide.retain(|own| own != control);
                if hidden {
                    choices.hide.push(control.into());
                }
            });
        };
        el("label")
            .class("check")
            .child(el("input").attr("type", "checkbox").on("change", toggle))
            .child(label)
    });
    el("fieldset")
        .class("hiding")
        .child(el("legend").child(words::share::WITHOUT))
        .child(boxes.nodes())
        .node()
}
