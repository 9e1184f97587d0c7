//! The picture that goes with a prompt, for models that see.
//!
//! A prompt says that it wants one ([`Tool::Picture`]); which one, and whether it goes as it is or in
//! words, is the reader's to say, so it is in the settings of the API and in no log, link or file.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::provider::Settings;
use crate::model::{Prompt, Tool};
use crate::words;

/// The largest picture, in bytes: in base64 it is a third more, and the smallest of the APIs' limits
/// is 5 MB.
pub const LARGEST: usize = 2_000_000;

/// A picture as APIs take it.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    media: &'static str,
    base64: Rc<str>,
    bytes: usize,
    shows: Rc<str>,
}

/// Why a file is no picture that can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureError {
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// It does not begin like a PNG, JPEG, WebP or GIF, whatever it is called.
    Kind,
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str(&words::api::picture_too_large(LARGEST / 1_000_000)),
            Self::Kind => f.write_str("it is not a PNG, JPEG, WebP or GIF"),
        }
    }
}

impl std::error::Error for PictureError {}

/// What there is to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Nothing.
    #[default]
    Nothing,
    /// What the picture shows, in words, for a model that does not see.
    Words(Rc<str>),
    /// The picture.
    Picture(Picture),
}

impl Picture {
    /// Reads a file. `shows` is what it shows, in words.
    ///
    /// # Errors
    /// When it is too large, or not one of the four kinds that every API takes.
    pub fn read(bytes: &[u8], shows: impl Into<Rc<str>>) -> Result<Self, PictureError> {
        if bytes.len() > LARGEST {
            return Err(PictureError::TooLarge);
        }
        let media = match bytes {
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => "image/png",
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            [b'G', b'I', b'F', b'8', ..] => "image/gif",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
            _ => return Err(PictureError::Kind),
        };
        let base64 = BASE64_STANDARD.encode(bytes).into();
        Ok(Self { media, base64, bytes: bytes.len(), shows: shows.into() })
    }

    /// Its media type.
    pub fn media(&self) -> &'static str {
        self.media
    }

    /// Its bytes in base64.
    pub fn base64(&self) -> &str {
        &self.base64
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// What it shows, in words.
    pub fn shows(&self) -> Rc<str> {
        self.shows.clone()
    }

    /// The picture as an address that holds it.
    pub fn data_url(&self) -> String {
        format!("data:{};base64,{}", self.media, self.base64)
    }

    /// The same with a mark in place of its bytes, to show what a request looks like.
    pub fn stand_in(&self) -> Self {
        let base64 = words::api::stand_in(self.bytes).into();
        Self { base64, ..self.clone() }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.media, self.bytes)
    }
}

impl Settings {
    /// The picture that goes with a prompt, if one does.
    pub(super) fn picture(&self, prompt: &Prompt) -> Option<&Picture> {
        match &self.look {
            Look::Picture(picture) if prompt.tools.contains(&Tool::Picture) => Some(picture),
            _ => None,
        }
    }

    /// What the model is asked, with the picture in words where that is how it goes.
    pub(super) fn asked<'a>(&self, prompt: &'a Prompt) -> Cow<'a, str> {
        match &self.look {
            Look::Words(shows) if prompt.tools.contains(&Tool::Picture) => {
                Cow::Owned(format!("{}\n\n[The image shows: {shows}]", prompt.user))
            }
            _ => Cow::Borrowed(&prompt.user),
        }
    }
}
