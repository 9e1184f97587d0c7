//! Why a call, a pipeline or a key is not what it should be, in the words of errors.

// What probably caused it, and what to do.

pub const CHECK_THE_KEY: &str = "The API key is missing or wrong: check it.";
pub const KEY_MAY_NOT: &str =
    "The key may not use this model, or the server does not accept calls from this page.";
pub const MODEL_OR_URL: &str =
    "The model name or the base URL is probably wrong: the URL usually ends in /v1.";
pub const SERVER_TOOK_TOO_LONG: &str = "The server took too long: run again.";
pub const NOT_ACCEPTED: &str = "The server did not accept the request: check the model name.";
pub const TOO_MANY: &str =
    "Too many requests or no credit left: wait a little, or limit how many run at once.";
pub const SERVER_IN_TROUBLE: &str =
    "The server is in trouble, which is not your fault: run again in a moment.";
pub const REFUSED: &str = "The server refused the request.";
pub const NOTHING_ANSWERS: &str = "Either nothing answers there, or the server does not allow \
    calls from web pages (CORS): check the base URL and that the server is running.";
pub const NOT_THIS_API: &str = "The base URL probably points to something other than a chat \
    completions API: it usually ends in /v1.";
pub const BROKEN_ANSWER: &str = "The server, or something on the way, broke the answer: run again.";
pub const BROKEN_OFF: &str = "The connection or the server broke off: run again.";
pub const SLOW_OR_STUCK: &str =
    "The server is slow or stuck: run again, or allow more time for each read.";
pub const FILE_SAYS_NO_MORE: &str = "The file says no more about it.";
pub const ALLOW_MORE_TIME: &str = "Allow more time for the whole run, or ask for less.";

// What happened.

pub fn answered_with_error(status: u16) -> String {
    format!("the server answered with error {status}")
}

pub fn answered_with(status: u16, message: &str) -> String {
    format!("the server answered with error {status}: {message}")
}

pub fn could_not_reach(origin: &str) -> String {
    format!("could not reach {origin}")
}

pub fn answered_with_other(found: &str) -> String {
    format!("the server answered with {found}")
}

pub const GARBLED: &str = "part of the answer was garbled";
pub const CUT: &str = "the answer was cut off";

pub fn no_answer_within(seconds: &str) -> String {
    format!("no answer within {seconds} s")
}

pub fn stalled(seconds: &str) -> String {
    format!("the answer stalled for {seconds} s")
}

pub fn run_too_long(seconds: &str) -> String {
    format!("the run took longer than its {seconds} s")
}

// Why a list of agents is no pipeline.

pub const NO_AGENTS: &str = "the pipeline has no agents: add one";

pub fn same_name(name: &str) -> String {
    format!("two agents are called {name}: rename one of them")
}

pub fn reads_its_own(name: &str) -> String {
    format!("{name} reads its own output: it could never start")
}

pub fn circle(names: &str, first: &str) -> String {
    format!("these agents wait for each other: {names} → {first}")
}

pub fn unwritten(agent: &str, key: &str, near: Option<&str>) -> String {
    let near = near.map(|near| format!(": did you mean {{{near}}}?")).unwrap_or_default();
    format!("{agent} reads {{{key}}}, which no agent writes{near}")
}

pub fn written_twice(first: &str, second: &str, key: &str) -> String {
    format!("{first} and {second} both write {{{key}}}: give one another output key")
}

pub fn writes_an_input(second: &str, key: &str) -> String {
    format!("{second} writes {{{key}}}, which is an input: give it another output key")
}

pub fn not_a_key(name: &str) -> String {
    format!("`{name}` is not a key: use letters, digits and _")
}
