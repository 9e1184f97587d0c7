//! Many agents: search, scrolling, pages, zoom.

// Search.

pub fn found_one_of(which: &str, all: &str, name: &str) -> String {
    format!("{which} of {all}: {name}. Press Enter for the next")
}

// What is in view.

pub fn in_view(seconds: &str) -> String {
    format!("{seconds} s in view")
}

pub fn lanes(page: &str) -> String {
    format!("Lanes {page}")
}

// Pages of what a view shows: agents, mostly.

pub fn page_by_page(what: &str) -> String {
    format!("{what}, page by page")
}

pub fn what_page(what: &str, page: &str) -> String {
    format!("{what} {page}")
}
