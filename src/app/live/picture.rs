//! The picture that goes with the prompts of agents that look at one: ours, or one of the reader's.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::state::live::UNSAID;
use crate::app::state::{LiveState, PlanState, SettingsState};
use crate::llm::{Look, ProviderId, Vision};
use crate::plan::Plan;
use crate::web::files;
use crate::words;

/// The names of the agents that look at it.
fn lookers(plan: &Plan) -> Vec<String> {
    let agents = plan.pipeline().agents().iter();
    agents.filter(|agent| agent.sees()).map(|agent| agent.name.clone()).collect()
}

/// Gets our picture once some agent looks at one, whether or not it is on screen.
pub fn load_picture() {
    let plan = expect_context::<PlanState>().current;
    let pictures = expect_context::<LiveState>().pictures;
    let is_needed = Memo::new(move |_| plan.with(|plan| !lookers(plan).is_empty()));
    Effect::new(move |_| {
        if is_needed.get() {
            pictures.load_ours();
        }
    });
}

/// The picture, while some agent looks at one.
#[component]
pub fn PicturePanel() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    view! {
        <Show when=move || plan.with(|plan| !lookers(plan).is_empty())>
            <Panel />
        </Show>
    }
}

#[component]
fn Panel() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let pictures = expect_context::<LiveState>().pictures;
    let choose = move |event: web_sys::Event| {
        let Some(file) = files::chosen(&event) else { return };
        spawn_local(async move {
            if let Err(error) = pictures.take_own(file).await {
                settings.notice.set(Some(words::picture::not_taken(&error.to_string())));
            }
        });
    };
    let image = move || {
        pictures.current().map(|picture| {
            let alt = match picture.shows() {
                shows if &*shows == UNSAID => "The picture that you chose".to_owned(),
                shows => shows.to_string(),
            };
            view! { <img src=picture.data_url() alt=alt width="160" height="120" /> }
        })
    };
    let can_be_sent =
        move || settings.current.with(|s| s.provider.is_some_and(|id| id.sight() != Vision::None));
    view! {
        <div class="picture" role="group" aria-label="Picture">
            {image}
            <div class="picture-choices">
                <label class="field">
                    <span>"Another picture"</span>
                    <input
                        type="file"
                        accept="image/png,image/jpeg,image/webp,image/gif"
                        on:change=choose
                    />
                </label>
                <Show when=move || pictures.own.with(Option::is_some)>
                    <button type="button" on:click=move |_| pictures.own.set(None)>
                        "Back to ours"
                    </button>
                </Show>
                <Show when=can_be_sent>
                    <label class="edit-check">
                        <input
                            type="checkbox"
                            prop:checked=move || !pictures.in_words.get()
                            on:change=move |_| pictures.in_words.update(|is| *is = !*is)
                        />
                        <span>"Send the picture itself"</span>
                    </label>
                </Show>
                <p class="fine">
                    <Destination />
                </p>
            </div>
        </div>
    }
}

/// Where the picture goes, in sentences.
#[component]
fn Destination() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let pictures = expect_context::<LiveState>().pictures;
    move || {
        let who = plan.with(lookers).join(", ");
        match settings.with(|settings| settings.provider) {
            Some(id) => goes_to(id, &who, pictures.look(id)),
            None => words::picture::goes_nowhere(&who),
        }
    }
}

fn goes_to(id: ProviderId, who: &str, look: Look) -> String {
    let label = id.label();
    match (look, id.sight()) {
        (Look::Picture(picture), Vision::All) => {
            words::picture::goes_to(label, who, picture.bytes().div_ceil(1000))
        }
        (Look::Picture(picture), _) => {
            words::picture::goes_to_some(label, who, picture.bytes().div_ceil(1000))
        }
        (Look::Words(shows), Vision::None) => words::picture::taken_by_none(label, who, &shows),
        (Look::Words(shows), _) => words::picture::told_in_words(who, &shows),
        (Look::Nothing, _) => String::new(),
    }
}
