//! Live models: how a prompt becomes an API's request, and its stream of bytes the chunks of
//! [`Model`](crate::model::Model).
//!
//! One file a provider, each a pure codec: it builds a request and reads an answer, and does no
//! I/O. [`LiveModel`] drives any of them over a [`Transport`](http::Transport), which is the
//! browser's fetch in the page and a script in the tests. It knows neither the engine nor the page.

mod anthropic;
mod client;
pub mod doctor;
mod error;
mod frames;
mod gather;
mod gemini;
mod hints;
pub mod http;
mod json;
mod key;
mod keyring;
pub mod notes;
mod openai;
mod picture;
pub mod prices;
mod provider;
mod reading;
mod redact;
pub mod sign_in;
mod signs;
mod thoughts;
mod trust;
mod url;
mod vendors;

pub use client::LiveModel;
pub use frames::LONGEST_PIECE;
pub use gather::{Gathered, join};
pub use key::{ApiKey, KeyError};
pub use keyring::Keyring;
pub use picture::{LARGEST as LARGEST_PICTURE, Look, Picture, PictureError};
pub use provider::{Decoded, Provider, Settings};
pub use trust::Trust;
pub use url::{Url, UrlError};
pub use vendors::{ProviderId, Vision};
