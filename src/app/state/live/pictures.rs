//! The picture that goes with the prompts of agents that look at one: ours, or one of the reader's.
//!
//! It stays in this page's memory. What an API makes of it is [`llm`](crate::llm)'s business.

use wasm_bindgen_futures::spawn_local;

use crate::llm::{LARGEST_PICTURE, Look, Picture, PictureError, ProviderId, Vision};
use crate::presets::multimodal::SHOWS;
use crate::web::{fetch, files};
use leptos::prelude::*;

/// The file of this site that holds ours.
const OURS: &str = "post.png";
/// What is said of a picture that only its owner knows.
pub const UNSAID: &str = "a picture of the reader's own, which cannot be sent to this model";

/// What there is to look at, and how it goes.
#[derive(Clone, Copy)]
pub struct Pictures {
    /// The one that comes with the page, once it has come.
    ours: RwSignal<Option<Picture>, LocalStorage>,
    /// The reader's own.
    pub own: RwSignal<Option<Picture>, LocalStorage>,
    /// Whether it goes in words even to a model that may see.
    pub in_words: RwSignal<bool>,
}

impl Pictures {
    /// None has come yet.
    pub fn new() -> Self {
        Self {
            ours: RwSignal::new_local(None),
            own: RwSignal::new_local(None),
            in_words: RwSignal::new(false),
        }
    }

    /// The one that goes with prompts.
    pub fn current(self) -> Option<Picture> {
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

    /// Gets ours, unless it is there.
    pub fn load_ours(self) {
        if self.ours.with_untracked(Option::is_none) {
            spawn_local(async move {
                let bytes = fetch::own_file(OURS).await;
                let ours = bytes.and_then(|bytes| Picture::read(&bytes, SHOWS).ok());
                self.ours.set(ours);
            });
        }
    }

    /// Takes a picture of the reader's.
    ///
    /// # Errors
    /// When the file is none that can be sent.
    pub async fn take_own(self, file: web_sys::File) -> Result<(), PictureError> {
        let bytes = files::bytes(&file, LARGEST_PICTURE).await.ok_or(PictureError::TooLarge)?;
        self.own.set(Some(Picture::read(&bytes, UNSAID)?));
        Ok(())
    }
}
