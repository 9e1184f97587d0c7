//! What leaves the page by hand, and what comes in: the link to its state, the snippet for another page,
//! files of runs, traces of other tools.

mod files;
mod link;
mod open;
mod opened;
mod run_file;
mod snippet;

pub use files::ExportDialog;
pub use link::LinkDialog;
pub use open::{DropTarget, OpenButton, OpenProgress, accept_traces};
pub use opened::{OpenedTrace, VerdictReasons, open_traces};
pub use snippet::SnippetDialog;
