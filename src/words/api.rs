//! What can be wrong with an API, its address, its key and its answers, and what to know of it
//! before a run. What was found instead of an answer continues "… answered with".

// Addresses and keys.

pub fn url_character(found: char) -> String {
    format!("the base URL must not contain {found:?}")
}

// What came instead of an answer.

pub const AN_HTML_PAGE: &str = "an HTML page";
pub const NO_LIST_OF_MODELS: &str = "JSON without a list of models";

pub fn stopped_with(reason: &str) -> String {
    format!("the model stopped with {reason}")
}

pub const NO_CHAT_COMPLETION: &str = "JSON that is not a chat completion";

// Pictures.

pub fn picture_too_large(megabytes: usize) -> String {
    format!("it is larger than {megabytes} MB")
}

pub fn stand_in(bytes: usize) -> String {
    format!("[{bytes} bytes in base64]")
}

// Good to know before a run.

pub fn unencrypted(origin: &str) -> String {
    format!(
        "{origin} is not encrypted: others on the network can read your API key, the prompts and \
         the answers."
    )
}

pub fn few_connections(connections: usize, width: usize) -> String {
    format!(
        "Browsers open {connections} connections to such a server. Of {width} calls at once, the \
         others wait in the browser, which looks like waiting for an answer."
    )
}

pub fn untried(label: &str) -> String {
    format!("Not verified whether {label} allows calls from browsers. Test connection checks it.")
}

// Why the browser's own model did not answer; each continues "This browser says:".

pub fn content_filter(message: &str) -> String {
    format!("the content filter stopped it: {message}")
}
