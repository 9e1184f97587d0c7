//! What can be wrong with an API, its address, its key and its answers, and what to know of it
//! before a run. What was found instead of an answer continues "… answered with".

// Addresses and keys.

pub const URL_MISSING: &str = "the base URL is missing: it usually ends in /v1";
pub const URL_SCHEME: &str = "the base URL must start with https:// or http://";

pub fn url_character(found: char) -> String {
    format!("the base URL must not contain {found:?}")
}

pub const URL_HOST: &str = "the base URL needs a host, such as api.openai.com";
pub const NO_KEY: &str = "no key";
pub const ODD_KEY: &str = "the API key has a character that no key has: copy it again";

// What came instead of an answer.

pub const CONNECTION_FAILED: &str = "the connection failed";
pub const A_REDIRECT: &str = "a redirect to another address";
pub const AN_HTML_PAGE: &str = "an HTML page";
pub const NOT_TEXT: &str = "something that is not text";
pub const NOT_AN_EVENT_STREAM: &str = "something that is not an event stream";
pub const NO_LIST_OF_MODELS: &str = "JSON without a list of models";
pub const NOT_JSON: &str = "something that is not JSON";
pub const NO_EVENT_OF_ANTHROPICS: &str = "JSON that is not an event of Anthropic's";
pub const NO_ANSWER_OF_GEMINIS: &str = "JSON that is not an answer of Gemini's";
pub const STOPPED_WITH_OTHER: &str = "the model stopped with OTHER";

pub fn stopped_with(reason: &str) -> String {
    format!("the model stopped with {reason}")
}

pub const NO_CHAT_COMPLETION: &str = "JSON that is not a chat completion";

// Pictures.

pub fn picture_too_large(megabytes: usize) -> String {
    format!("it is larger than {megabytes} MB")
}

pub const PICTURE_KIND: &str = "it is not a PNG, JPEG, WebP or GIF";

pub fn stand_in(bytes: usize) -> String {
    format!("[{bytes} bytes in base64]")
}

// Sums of money.

pub const NEXT_TO_NOTHING: &str = "less than $0.0001";

// Good to know before a run.

pub const OLLAMA_QUEUES: &str = "Ollama answers as many calls at once as its OLLAMA_NUM_PARALLEL \
    says, which may be one: the others wait inside it, and running in parallel then saves little.";
pub const LOCAL_QUEUES: &str = "A server on your own machine may answer one call after the other: \
    running in parallel then saves little.";

pub fn few_connections(connections: usize, width: usize) -> String {
    format!(
        "Browsers keep {connections} connections to such a server: of {width} calls at once, the \
         others wait in the browser, and the picture cannot tell that from waiting for an answer."
    )
}

pub fn untried(label: &str) -> String {
    format!(
        "Nobody has checked here whether {label} lets web pages call it: Test connection tells."
    )
}

pub const SEARCHES_ARE_BILLED: &str =
    "Google may bill the searches of these agents on top of their tokens.";
pub const SEARCHES_NEED_GEMINI: &str = "These agents ask for Google Search, which only Gemini \
    has: here they answer from what the model remembers.";

// Models that have no maker's name.

pub const OWN_MODEL: &str = "This browser's own model";
pub const COMPATIBLE: &str = "OpenAI-compatible server";

// Why the browser's own model did not answer; each continues "This browser says:".

pub fn content_filter(message: &str) -> String {
    format!("the content filter stopped it: {message}")
}

pub const NO_LANGUAGE_MODEL: &str = "it has no LanguageModel for web pages";
pub const DOES_NOT_RUN_HERE: &str = "its model does not run on this machine";
pub const NOT_DOWNLOADED: &str = "its model has to be downloaded first";
pub const STILL_DOWNLOADING: &str = "its model is still being downloaded";
pub const CALL_IS_NOT_JSON: &str = "the call is not JSON";
