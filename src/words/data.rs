//! State, prompts and the calls on the wire, and the flow that is read off the prompts.

pub const DATA: &str = "Data";
pub const NOBODY_DECLARES: &str = "Nobody declares what may run in parallel: a key in a prompt is \
    what makes its agent wait for whoever writes that key. ADK calls what is written session \
    state; in LangChain it is a dictionary.";
pub const AGENTS: &str = "Agents";
pub const PROMPTS: &str = "Prompts at the cursor";

// State.

pub const STATE_LABEL: &str = "The state at the cursor";
pub const STATE: &str = "State at the cursor";
pub const KEY: &str = "Key";
pub const WRITTEN_BY: &str = "Written by";
/// Who has written what the pipeline begins with.
pub const YOU: &str = "you";
pub const SINCE: &str = "Since";
pub const TEXT: &str = "Text";
pub const NOT_WRITTEN_YET: &str = "not written yet";

// Prompts.

pub fn filled(some: usize, of: usize) -> String {
    format!("{some} of {of} filled")
}

pub const SYSTEM: &str = "System";
pub const USER: &str = "User";
pub const OVER_THE_WIRE: &str = "Over the wire";

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

pub const NO_ADDRESS: &str = "There is no address to call yet.";

pub fn asked_here(body: &str) -> String {
    format!("Nothing is sent: the browser's own model is asked.\n\n{body}")
}

pub const TO_OPENAI_IT_WOULD_BE: &str = "Simulated: nothing is sent. To OpenAI it would be\n\n";

pub fn more_letters(more: &str) -> String {
    format!("… and {more} more letters")
}

// The flow.

pub const FLOW: &str = "Flow";
pub const ABOUT_THE_FLOW: &str =
    "Read off the prompts: a box starts as soon as everything that its prompt names is written.";
pub const INPUT: &str = "input";

pub fn and_more(more: usize) -> String {
    format!("and {more} more")
}

pub const REPORT: &str = "report";

// LangChain and ADK beside each other.

pub const FOR_THIS_PIPELINE: &str = "For this pipeline";
pub const COMPARED: &str = "LangChain and ADK compared";
pub const LANGCHAIN_AND_ADK: &str = "LangChain and ADK";
pub const ABOUT_THE_SIDES: &str = "The same run, as each of them would hold it at this moment: \
    move the cursor. Measured on langchain-core 1.7 and google-adk 2.13.";
pub const SIDES_SCROLLABLE: &str = "The comparison, scrollable";

pub fn more_keys(more: usize) -> String {
    format!("and {more} more keys")
}

pub fn at(seconds: &str) -> String {
    format!(" at {seconds} s")
}
