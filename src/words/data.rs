//! State, prompts and the calls on the wire, and the flow inferred from the prompts.

// Prompts.

pub fn filled(some: usize, of: usize) -> String {
    format!("{some} of {of} keys filled")
}

pub fn prompt_of(name: &str) -> String {
    format!("Prompt of {name}")
}

pub fn more_pieces(more: &str) -> String {
    format!(" … and {more} more pieces")
}

pub fn filled_from(key: &str, name: &str) -> String {
    format!("{{{key}}} from {name}: ")
}

pub fn to_be_written(key: &str, name: &str) -> String {
    format!("{{{key}}}, which {name} will write")
}

pub fn missing(key: &str) -> String {
    format!("{{{key}}} is missing")
}

// The call.

pub fn asked_here(body: &str) -> String {
    format!("No request is sent: the browser's own model answers.\n\n{body}")
}

pub fn more_letters(more: &str) -> String {
    format!("… and {more} more characters")
}

// The flow.

pub fn and_more(more: usize) -> String {
    format!("and {more} more")
}

// LangChain and ADK beside each other.

pub fn more_keys(more: usize) -> String {
    format!("and {more} more keys")
}

pub fn at(seconds: &str) -> String {
    format!(" at {seconds} s")
}
