//! Finding one's way among many agents: search, scrolling, pages, a closer look.

// Search.

pub const NOBODY: &str = "nobody is called that";
pub const FOUND: &str = "found";

pub fn found_one_of(which: &str, all: &str, name: &str) -> String {
    format!("{which} of {all}: {name}. Enter for the next one")
}

pub const FIND: &str = "Find an agent";

// What is in view.

pub fn in_view(seconds: &str) -> String {
    format!("{seconds} s in view")
}

pub const AGENTS_IN_VIEW: &str = "Agents in view";

pub fn lanes(page: &str) -> String {
    format!("Lanes {page}")
}

pub const FIRST_LANE: &str = "First lane in view";
pub const TIME_AXIS: &str = "Time axis";
pub const CLOSER: &str = "Closer";
pub const WIDER: &str = "Wider";

// Pages of what a view shows: agents, mostly.

pub fn page_by_page(what: &str) -> String {
    format!("{what}, page by page")
}

pub const FIRST: &str = "First";
pub const BEFORE: &str = "Before";

pub fn what_page(what: &str, page: &str) -> String {
    format!("{what} {page}")
}

pub const AFTER: &str = "After";
pub const LAST: &str = "Last";
