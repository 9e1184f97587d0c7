//! The picture that goes with the prompts of agents that look at one: ours, or one of the reader's.
//!
//! It stays in this page's memory. What an API makes of it is [`llm`](crate::llm)'s business.

use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::dom::{Node, el};
use super::signals::RwSignal;
use super::ui::{flag, part, shown, text};
use crate::llm::{LARGEST_PICTURE, Look, Picture, PictureError, ProviderId, Vision};
use crate::pipeline::Agent;
use crate::presets::multimodal::SHOWS;
use crate::web::{fetch, files};
use crate::words;

/// The file of this site that holds ours.
const OURS: &str = "post.png";
/// What is said of a picture that only its owner knows.
const UNSAID: &str = words::picture::UNSAID;

/// What there is to look at, and how it goes.
#[derive(Clone, Copy)]
pub struct Pictures {
    /// The one that comes with the page, once it has come.
    ours: RwSignal<Option<Picture>>,
    /// The reader's own.
    own: RwSignal<Option<Picture>>,
    /// Whether it goes in words even to a model that may see.
    in_words: RwSignal<bool>,
}

impl Pictures {
    /// None has come yet.
    pub fn new() -> Self {
        Self { ours: RwSignal::new(None), own: RwSignal::new(None), in_words: RwSignal::new(false) }
    }

    fn current(self) -> Option<Picture> {
        self.own.get().or_else(|| self.ours.get())
    }

    /// What goes to that API with the prompts of agents that look.
    pub fn look(self, id: ProviderId) -> Look {
        let current = self.current();
        match current {
            Some(picture) if id.sight() != Vision::None && !self.in_words.get() => {
                Look::Picture(picture)
            }
            Some(picture) => Look::Words(picture.shows()),
            None => Look::Words(SHOWS.into()),
        }
    }
}

/// The names of the agents that look at it.
fn lookers(demo: Demo) -> Vec<String> {
    demo.stage.with(|stage| {
        let agents = stage.pipeline().agents().iter();
        agents.filter(|agent| agent.sees()).map(|agent: &Agent| agent.name.clone()).collect()
    })
}

/// The picture, while some agent looks at one.
pub fn picture(demo: Demo) -> Node {
    let some = move || {
        demo.structure.with(|_| ());
        !lookers(demo).is_empty()
    };
    shown(some, move || frame(demo))
}

fn frame(demo: Demo) -> Node {
    let pictures = demo.access.pictures;
    if pictures.ours.with_untracked(Option::is_none) {
        spawn_local(async move {
            let bytes = fetch::own_file(OURS).await;
            let ours = bytes.and_then(|bytes| Picture::read(&bytes, SHOWS).ok());
            pictures.ours.set(ours);
        });
    }
    let choose = move |event: web_sys::Event| {
        let Some(file) = files::chosen(&event) else { return };
        spawn_local(async move {
            let read = match files::bytes(&file, LARGEST_PICTURE).await {
                Some(bytes) => Picture::read(&bytes, UNSAID),
                None => Err(PictureError::TooLarge),
            };
            match read {
                Ok(picture) => pictures.own.set(Some(picture)),
                Err(error) => {
                    demo.notice.set(Some(words::picture::not_taken(&error.to_string())));
                }
            }
        });
    };
    let image = part(move || {
        pictures.current().map(|picture| {
            let alt = match picture.shows() {
                shows if &*shows == UNSAID => words::picture::YOURS.to_owned(),
                shows => shows.to_string(),
            };
            el("img")
                .attr("src", picture.data_url())
                .attr("alt", alt)
                .attr("width", "160")
                .attr("height", "120")
        })
    });
    let is_own = move || pictures.own.with(Option::is_some);
    let can_choose =
        move || demo.settings.with(|s| s.provider.is_some_and(|id| id.sight() != Vision::None));
    let sent = flag(move || !pictures.in_words.get());
    let field = el("input")
        .attr("type", "file")
        .attr("accept", "image/png,image/jpeg,image/webp,image/gif")
        .on("change", choose);
    let back = move || {
        el("button")
            .attr("type", "button")
            .upon("click", move || pictures.own.set(None))
            .child(words::picture::BACK_TO_OURS)
    };
    let send = move || {
        let toggle = move |_| pictures.in_words.update(|in_words| *in_words = !*in_words);
        el("label")
            .class("edit-check")
            .child(el("input").attr("type", "checkbox").prop("checked", sent).on("change", toggle))
            .child(el("span").child(words::picture::SEND_ITSELF))
    };
    let choices = el("div")
        .class("picture-choices")
        .child(
            el("label")
                .class("field")
                .child(el("span").child(words::picture::ANOTHER))
                .child(field),
        )
        .child(shown(is_own, back))
        .child(shown(can_choose, send))
        .child(el("p").class("fine").child(text(move || told(demo))));
    el("div")
        .class("picture")
        .attr("role", "group")
        .attr("aria-label", words::picture::PICTURE)
        .child(image)
        .child(choices)
        .node()
}

/// Where it goes, in sentences.
fn told(demo: Demo) -> String {
    let who = lookers(demo).join(", ");
    let pictures = demo.access.pictures;
    let Some(id) = demo.settings.with(|settings| settings.provider) else {
        return words::picture::goes_nowhere(&who);
    };
    let label = id.label();
    match (pictures.look(id), id.sight()) {
        (Look::Picture(picture), Vision::All) => {
            words::picture::goes_to(label, &who, picture.bytes().div_ceil(1000))
        }
        (Look::Picture(picture), _) => {
            words::picture::goes_to_some(label, &who, picture.bytes().div_ceil(1000))
        }
        (Look::Words(shows), Vision::None) => words::picture::taken_by_none(label, &who, &shows),
        (Look::Words(shows), _) => words::picture::told_in_words(&who, &shows),
        (Look::Nothing, _) => String::new(),
    }
}
