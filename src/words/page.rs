//! The page's own frame: its head and foot, the agents' cards, the report, the table, and what there
//! is to say when a part of the page is missing or has stopped.

// Head and foot.

pub fn theme(word: &str) -> String {
    format!("Theme: {word}")
}

// What is missing, or has stopped.

pub const STILL_ON_ITS_WAY: &str = "The part of the page that calls models is still loading.";

// The scenarios and the tour.

pub fn from_to(sequential: &str, parallel: &str) -> String {
    format!("{sequential} s → {parallel} s")
}

pub fn step(number: usize, of: usize) -> String {
    format!("Step {number} of {of}")
}

// The agents' cards.

pub fn what_it_says(name: &str) -> String {
    format!("What {name} says")
}

pub fn latency_of(name: &str) -> String {
    format!("Latency of {name}, in seconds")
}

pub fn first_word(seconds: &str) -> String {
    format!("first token after {seconds} s")
}

pub fn thought_for(seconds: &str) -> String {
    format!("thought for {seconds} s")
}

pub fn and_more(more: usize) -> String {
    format!("and {more} more")
}

// Attempts that have failed.

pub fn limited(limit: usize) -> String {
    format!("limited to {limit} at once after a rate limit")
}

// A text of which the beginning is shown. Sizes are as in "1.2 MB".

pub fn shown_first(shown: &str, all: &str, grows: bool) -> String {
    let later = if grows { " The rest can be shown when it is complete." } else { "" };
    format!("Showing the first {shown} of {all}.{later}")
}

pub fn shown_whole(all: &str) -> String {
    format!("Showing all {all}.")
}

// The sources of an answer.

pub fn sources_of(agent: &str) -> String {
    format!("Sources of {agent}")
}

pub fn searched(queries: &str) -> String {
    format!("Searched: {queries}")
}

pub fn suggestions_for(agent: &str) -> String {
    format!("Google search suggestions for {agent}")
}
