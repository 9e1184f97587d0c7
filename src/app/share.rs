//! What leaves the page by hand: the link to its state, the snippet for another page, files of runs.

mod files;
mod link;
mod run_file;
mod snippet;

pub use files::{ExportDialog, OpenDialog};
pub use link::LinkDialog;
pub use snippet::SnippetDialog;
