//! Live models: the fields of the panel, keys and where they go, what a run will use, and repeating.

// Fields: the whole name, and the label where that is shorter.

pub const TEMPERATURE: &str = "Temperature";
pub const NOT_SENT: &str = "not sent";
pub const MOST_TOKENS: &str = "Most tokens of an answer";
pub const MOST_TOKENS_LABEL: &str = "Most tokens";
pub const FIRST_WORD: &str = "Longest wait for the first piece of an answer, in seconds";
pub const FIRST_WORD_LABEL: &str = "First word (s)";
pub const NEXT_WORDS: &str = "Longest wait for a piece of an answer, in seconds";
pub const NEXT_WORDS_LABEL: &str = "Next words (s)";
pub const LIVE_MODEL: &str = "Live model";
pub const GOOD_TO_KNOW: &str = "Good to know";

pub fn base_url_is_wrong(error: &str) -> String {
    format!("Base URL: {error}.")
}

pub fn send_my_key(host: &str) -> String {
    format!("Send my key to {host}")
}

pub const TRAP_BEFORE_THE_HOST: &str = "This link set the base URL. Your key will be sent to ";
pub const TRAP_AFTER_THE_HOST: &str = ". Do you know that host?";

// How many calls Run makes, and what they will use.

pub const OWN_MODEL: &str = "this browser's own model";
pub const THE_MODEL: &str = "the model";

pub fn is_made_again(times: u32) -> String {
    match times {
        0 => String::new(),
        1 => " A call that fails for a moment is made once more.".into(),
        more => format!(" A call that fails for a moment is made up to {more} times more."),
    }
}

pub fn run_makes_both(all: usize, host: &str, calls: usize) -> String {
    format!(
        "Run makes {all} calls to {host}: {calls} in parallel first, then the same {calls} one \
         after the other."
    )
}

pub fn run_makes_in_parallel(calls: usize, host: &str) -> String {
    format!("Run makes {calls} calls to {host}, in parallel.")
}

pub fn run_makes_in_sequence(calls: usize, host: &str) -> String {
    format!("Run makes {calls} calls to {host}, one after the other.")
}

pub fn about_tokens(tokens: u64) -> String {
    format!("About {tokens} tokens")
}

pub fn at_the_prices_of(tokens: &str, sum: &str, as_of: &str) -> String {
    format!("{tokens}, about {sum} at the prices of {as_of}.")
}

pub fn on_your_machine(tokens: &str) -> String {
    format!("{tokens}, on your own machine.")
}

pub fn cost_unknown(tokens: &str) -> String {
    format!("{tokens}; what they cost there is not known here.")
}

pub const BASE_URL: &str = "Base URL";
pub const MODEL: &str = "Model";

// Why a run cannot begin.

pub fn accept_first(host: &str) -> String {
    format!("This link sends your key to {host}: accept that host first, or change the base URL.")
}

pub fn key_is_wrong(error: &str) -> String {
    format!("API key: {error}.")
}

pub const OPEN_CONVERGE: &str = "open Converge itself to use yours";
pub const TYPE_YOURS: &str = "type yours first";

pub fn needs_a_key(label: &str, how: &str) -> String {
    format!("{label} needs an API key: {how}.")
}

// The key.

pub const KEEPS_NOTHING: &str = "This browser keeps nothing for a tab: type the key again.";
pub const FORGOTTEN: &str = "The key is forgotten.";
pub const API_KEY: &str = "API key";
pub const KEPT_FOR_THE_TAB: &str = "This tab's session storage holds the key until you close the \
    tab or press Forget. A reload finds it again, and so would any other script of this site.";
pub const KEPT_IN_MEMORY: &str =
    "The key stays in this page's memory until you close or reload it.";

pub fn kept_and_sent(kept: &str) -> String {
    format!("{kept} It travels only in one header of each call to the base URL above.")
}

pub const YOUR_KEY: &str = "Your key";
pub const REMEMBER: &str = "Remember for this tab";
pub const FORGET: &str = "Forget";
pub const OPEN_WITH_SETTINGS: &str = "Open Converge itself with these settings";
pub const FIGURE_TAKES_NO_KEY: &str =
    "A figure inside another page takes no key, since you could not tell whose field it is. ";
pub const TO_USE_YOURS: &str = " to use yours.";

// Signing in with OpenRouter.

pub const OPENROUTER_NOT_REACHED: &str = "OpenRouter could not be reached";

pub fn openrouter_answered(status: u16) -> String {
    format!("OpenRouter answered with {status} and no key")
}

pub const SIGNED_IN: &str =
    "Signed in: OpenRouter gave this page a key of its own, which you can revoke there.";

pub fn sign_in_failed(problem: &str) -> String {
    format!("Signing in failed: {problem}. Try again, or type a key.")
}

pub const CANNOT_SIGN_IN: &str = "This browser cannot sign in from here: type a key instead.";
pub const SIGN_IN: &str = "Sign in with OpenRouter";

// Testing the connection.

pub const CONNECTING: &str = "Connecting";

pub fn connected(models: usize) -> String {
    match models {
        0 => "Connected; this server lists no models".into(),
        1 => "Connected: 1 model".into(),
        many => format!("Connected: {many} models"),
    }
}

pub const CONNECTION: &str = "Connection";
pub const TEST_CONNECTION: &str = "Test connection";

// The browser's own model.

pub const OWN_LOOKING: &str = "Looking for this browser's own model";
pub const OWN_MISSING: &str = "This browser has no model of its own for web pages: Chrome 148 or \
    newer on a desktop computer has one.";
pub const OWN_UNAVAILABLE: &str = "This browser's model does not run on this machine: it needs \
    more memory, room on the disk or a faster graphics card.";
pub const OWN_DOWNLOADABLE: &str =
    "This browser has a model that it must download first: some gigabytes, once for all pages.";
pub const OWN_DOWNLOADING: &str = "The model is being downloaded";
pub const OWN_AVAILABLE: &str = "The model is there. It needs no key, and what it is asked stays \
    on this machine; it may well answer one call after the other.";

pub fn own_loaded(percent: &str) -> String {
    format!("The model is being downloaded: {percent} %")
}

pub fn download_failed(problem: &str) -> String {
    format!("The download failed: {problem}")
}

pub const OWN_LABEL: &str = "This browser's own model";
pub const DOWNLOAD: &str = "Download the model";

// Repeating a race.

pub const TIMES: &str = "Times";
pub const HOW_MANY_TIMES: &str = "How many times to repeat";

pub fn repeat(times: usize, calls: usize) -> String {
    format!("Repeat {times} times: {calls} calls")
}

pub const REPEAT: &str = "Repeat";
pub const OVER_ALL_RUNS: &str = "Over all runs";
pub const EACH_TIME: &str = "Each time";

pub fn left_out(hidden: usize) -> String {
    format!("left out: {hidden} with the tab hidden, where browsers slow a page's timers down")
}

pub const TAB_WAS_HIDDEN: &str = "the tab was hidden";

pub fn spread(schedule: &str, median: &str, least: &str, most: &str, runs: usize) -> String {
    let s = if runs == 1 { "" } else { "s" };
    format!("{schedule}: median {median} s, from {least} to {most} s in {runs} run{s}")
}

pub fn took(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}
