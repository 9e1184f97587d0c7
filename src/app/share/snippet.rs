//! What an author copies to have this figure in a page of their own, and how it will look there.
//!
//! The preview is the element itself, from the same embed.js that the snippet names.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::kit::{Button, Choice, Dialog, Menu};
use crate::app::state::{PanelsState, PlanState, SettingsState};
use crate::config::{Autoplay, Form, Settings, Tab, Theme, View};
use crate::plan::Plan;
use crate::timeline::sentences;
use crate::web::page;
use crate::words;

/// The id of the snippet.
const CODE: &str = "embed-code";
/// Where the preview is.
const PREVIEW: &str = "embed-preview";
/// The height in pixels until the preview has told its own.
const DEFAULT_HEIGHT: u32 = 720;

/// Controls that a lesson may have no use for, by their names in the address and here.
const HIDEABLE: [(&str, &str); 6] = [
    ("speed", "speed"),
    ("transport", "time controls"),
    ("run", "Run"),
    ("guess", "the guess"),
    ("legend", "legend"),
    ("status", "status line"),
];

/// What the author chooses here; the other settings are the page's.
#[derive(Clone)]
struct Choices {
    form: Form,
    view: View,
    theme: Theme,
    autoplay: Autoplay,
    hide: Vec<String>,
}

impl Choices {
    /// The whole page is too much for a figure, so the race stands for it at first.
    fn new(view: View) -> Self {
        Self {
            form: Form::default(),
            view: if view == View::All { View::Race } else { view },
            theme: Theme::Auto,
            autoplay: Autoplay::Off,
            hide: Vec::new(),
        }
    }

    fn settings(&self, page: &Settings) -> Settings {
        let Self { view, theme, autoplay, hide, .. } = self.clone();
        let tab = Tab::default();
        Settings { view, tab, theme, autoplay, hide, embed: false, ..page.clone() }
    }

    fn hide(&mut self, control: &str, is_hidden: bool) {
        self.hide.retain(|own| own != control);
        if is_hidden {
            self.hide.push(control.into());
        }
    }
}

/// The snippet and its preview.
#[component]
pub fn SnippetDialog() -> impl IntoView {
    let is_open = expect_context::<PanelsState>().embedding;
    view! {
        <Dialog id="embed-title" title="Embed" class="wide" is_open>
            <Content />
        </Dialog>
    }
}

/// What the figure shows, in words: what is expected of its schedules.
fn told(plan: &Plan) -> String {
    let expected_runs = plan.lineup.iter().filter_map(|planned| {
        let timeline = planned.expected.as_ref()?;
        let schedule = planned.kind.as_str();
        Some(sentences::ScheduleRun { schedule, timeline, injected: &plan.injected })
    });
    let status = sentences::status(plan.pipeline(), &expected_runs.collect::<Vec<_>>());
    status.replace(words::status::FINISHED, "")
}

#[component]
fn Content() -> impl IntoView {
    page::load_script("embed.js");
    let page_settings = expect_context::<SettingsState>();
    let plan = expect_context::<PlanState>();
    let choices = RwSignal::new(Choices::new(page_settings.current.with_untracked(|s| s.view)));
    let settings = Memo::new(move |_| {
        page_settings.current.with(|page| choices.with(|choices| choices.settings(page)))
    });
    let form = Memo::new(move |_| choices.with(|choices| choices.form));
    let height = RwSignal::new(DEFAULT_HEIGHT);
    // The preview says how high it is in a message, after which it is that high.
    let heard = window_event_listener(leptos::ev::message, move |_| {
        request_animation_frame(move || {
            if let Some(now) = page::height_of("converge-demo") {
                height.set(now as u32);
            }
        });
    });
    on_cleanup(move || heard.remove());
    let code = Signal::derive(move || {
        let told = plan.current.with(told);
        settings.with(|s| s.snippet(form.get(), &page::link(""), height.get(), &told))
    });
    let copy = move |_| {
        let code = code.get();
        spawn_local(async move {
            let note = if page::copied(&code).await {
                "The snippet is in the clipboard."
            } else {
                page::focus(CODE);
                "This browser does not let the page copy: the snippet is selected, so copy it by \
                 hand."
            };
            page_settings.notice.set(Some(note.into()));
        });
    };
    view! {
        <div class="embedding">
            <div class="settings">
                <Menus choices />
            </div>
            <fieldset class="hiding">
                <legend>"Hide"</legend>
                {HIDEABLE
                    .map(|(control, label)| {
                        view! {
                            <label class="check">
                                <input
                                    type="checkbox"
                                    on:change:target=move |event| {
                                        let is_hidden = event.target().checked();
                                        choices.update(|choices| choices.hide(control, is_hidden));
                                    }
                                />
                                {label}
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            <label class="field wide">
                <span>"Snippet"</span>
                <textarea
                    id=CODE
                    aria-label="Snippet"
                    readonly=true
                    rows="5"
                    spellcheck="false"
                    prop:value=code
                    on:focus=|_| page::select(CODE)
                ></textarea>
            </label>
            <div class="embedding-actions">
                <Button control="embed" on_click=copy>
                    "Copy the snippet"
                </Button>
                <p class="fine">
                    "A key is never part of it. "
                    <a href="article.html">"See an article made of such figures"</a> "."
                </p>
            </div>
            <h3>"Preview"</h3>
            <div class="embedding-preview">
                <Preview form settings />
            </div>
        </div>
    }
}

#[component]
fn Preview(form: Memo<Form>, settings: Memo<Settings>) -> impl IntoView {
    let is_picture = move || form.get() == Form::Picture;
    Effect::new(move |_| {
        if !is_picture() {
            let attributes = settings.with(Settings::attributes);
            request_animation_frame(move || {
                page::put(PREVIEW, "converge-demo", &attributes);
            });
        }
    });
    let picture = move || match settings.with(Settings::poster) {
        Some(preset) => view! {
            <img
                src=format!("posters/{}.svg", preset.id())
                width="560"
                alt="The picture that the snippet shows"
            />
        }
        .into_any(),
        None => view! {
            <p class="fine">
                "There is a picture of each preset as it comes. With other settings it would show \
                 wrong figures, so the snippet is a link alone."
            </p>
        }
        .into_any(),
    };
    view! {
        <Show when=is_picture fallback=|| view! { <div id=PREVIEW></div> }>
            {picture}
        </Show>
    }
}

#[component]
fn Menus(choices: RwSignal<Choices>) -> impl IntoView {
    let forms = Form::ALL.iter().enumerate();
    let forms: Vec<_> = forms.map(|(at, form)| Choice::new(at.to_string(), form.label())).collect();
    let form = move || {
        let at = Form::ALL.iter().position(|form| *form == choices.with(|choices| choices.form));
        at.unwrap_or_default().to_string()
    };
    let views: Vec<_> =
        View::ALL.iter().map(|view| Choice::new(view.as_str(), view.label())).collect();
    let themes = Theme::ALL.iter().map(|theme| {
        let label = match theme {
            Theme::Auto => "as the page around",
            theme => words::display_name(theme.as_str()),
        };
        Choice::new(theme.as_str(), label)
    });
    let themes: Vec<_> = themes.collect();
    let starts = Autoplay::ALL.iter().map(|autoplay| {
        let label = match autoplay {
            Autoplay::Off => "on click",
            Autoplay::AtOnce => "at once",
            Autoplay::Visible => "when scrolled into view",
        };
        Choice::new(autoplay.as_str(), label)
    });
    let starts: Vec<_> = starts.collect();
    view! {
        <Menu
            name="Embed as"
            control="form"
            choices=forms
            value=Signal::derive(form)
            on_change=move |at: String| {
                choices.update(|choices| choices.form = Form::at(&at).unwrap_or_default());
            }
        />
        <Menu
            name="What it shows"
            control="view"
            choices=views
            value=Signal::derive(move || choices.with(|choices| choices.view.as_str().to_owned()))
            on_change=move |word: String| {
                choices.update(|choices| choices.view = View::from_name(&word).unwrap_or_default());
            }
        />
        <Menu
            name="Theme"
            control="embed-theme"
            choices=themes
            value=Signal::derive(move || choices.with(|choices| choices.theme.as_str().to_owned()))
            on_change=move |word: String| {
                choices
                    .update(|choices| choices.theme = Theme::from_name(&word).unwrap_or_default());
            }
        />
        <Menu
            name="Start"
            control="autoplay"
            choices=starts
            value=Signal::derive(move || choices.with(|choices| choices.autoplay.as_str().to_owned()))
            on_change=move |word: String| {
                choices
                    .update(|choices| {
                        choices.autoplay = Autoplay::from_name(&word).unwrap_or_default();
                    });
            }
        />
    }
}
