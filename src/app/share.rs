//! What leaves the page by hand: the link to its state, the snippet for another page, files of runs.

mod files;
mod link;
mod run_file;
mod snippet;

pub use files::{FilesButton, FilesPanel};
pub use link::{LinkButton, LinkPanel};
pub use run_file::save_run;
pub use snippet::{SnippetButton, SnippetPanel};
