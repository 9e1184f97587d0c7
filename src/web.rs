//! The browser behind the ports: nothing here knows pipelines or the page.

pub mod built_in;
pub mod clock;
pub mod exposure;
pub mod fetch;
pub mod files;
pub mod frames;
pub mod host;
pub mod observe;
pub mod page;
pub mod png;
pub mod press;
pub mod scroll;
pub mod secret;
pub mod session;
pub mod storage;
mod stream;
pub mod suggestions;
