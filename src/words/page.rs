//! The page's own frame: its head and foot, the agents' cards, the report, the table, and what there
//! is to say when a part of the page is missing or has stopped.

// Head and foot.

pub const CONVERGE: &str = "Converge";
pub const TAGLINE: &str = "What running agents in parallel saves, on one clock";

pub fn theme(word: &str) -> String {
    format!("Theme: {word}")
}

pub const COMPUTED_FROM_THE_LOG: &str =
    "Everything drawn here is computed from the log of the run in front of you. ";
pub const NO_OTHER_REQUEST: &str = "No request leaves this page except to the model that you name.";
pub const FOR_AUTHORS_BEFORE_THE_LINK: &str = "For authors: ";
pub const AN_ARTICLE: &str = "an article made of these figures";
pub const FOR_AUTHORS_AFTER_THE_LINK: &str = ", and how to put them into yours with Embed.";
pub const TRANSPORT: &str = "Transport";

// What is missing, or has stopped.

pub const TRY_AGAIN: &str = "Try again";
pub const REST_MISSING: &str = "The rest of the page did not arrive. Check the connection.";
pub const STILL_ON_ITS_WAY: &str = "The part of the page that calls models is still on its way.";
pub const STOPPED: &str = "The page has stopped";
pub const STOPPED_BY_AN_ERROR: &str = "An error inside the page itself stopped it, so what you \
    see no longer changes. Reload the page to start again; a key that you typed has to be typed \
    again.";
pub const TO_REPORT: &str = "To report it, send this text to whoever runs this page:";

// The scenarios, with what they take in sequence and in parallel.

pub const SCENARIOS: &str = "Scenarios";

pub fn from_to(sequential: &str, parallel: &str) -> String {
    format!("{sequential} s → {parallel} s")
}

// The agents' cards.

pub const AGENTS: &str = "Agents";

pub fn what_it_says(name: &str) -> String {
    format!("What {name} says")
}

pub const THROWN_AWAY: &str = "What it had said is thrown away:";
pub const TAKES: &str = "takes";

pub fn latency_of(name: &str) -> String {
    format!("Latency of {name}, in seconds")
}

pub const SECONDS_SIMULATED: &str = "s, simulated";
pub const KEPT_FROM_BEFORE: &str = "kept from the run before";

pub fn first_word(seconds: &str) -> String {
    format!("first word after {seconds} s")
}

pub fn and_more(more: usize) -> String {
    format!("and {more} more")
}

// Tries that have failed.

pub const KEPT: &str = "kept from before";

pub fn at_most_at_once(limit: usize) -> String {
    format!("at most {limit} at once since a refusal")
}

pub fn limit(limit: usize) -> String {
    format!("limit {limit}")
}

pub const FAILED_TRY: &str = "a try that failed";
pub const RETRY_WAIT: &str = "wait for the next one";

// What an answer rests on.

pub fn sources_of(agent: &str) -> String {
    format!("Sources of {agent}")
}

pub fn searched(queries: &str) -> String {
    format!("Searched: {queries}")
}

pub fn suggestions_for(agent: &str) -> String {
    format!("Google search suggestions for {agent}")
}

// The report.

pub const REPORT_APPEARS_HERE: &str = "Where all branches meet: the report appears here.";
pub const REPORT: &str = "Report";
pub const REPORT_TEXT: &str = "Report text";

// The table.

pub const EVERY_START_AND_END: &str = "Every start and end";
pub const TIMELINE_SCROLLABLE: &str = "Timeline, scrollable";
pub const TIMELINE: &str = "Timeline";
pub const AGENT: &str = "Agent";
pub const SCHEDULE: &str = "Schedule";
pub const START: &str = "Start (s)";
pub const END: &str = "End (s)";
pub const OUTCOME: &str = "Outcome";
pub const MOVE_THE_CURSOR: &str = "Move the cursor here";
