//! What the doctor says of a call that failed: what happened, what kind of trouble it is, on whose
//! side it is, and what to do.

// What happened. `who` is a host, or the server.

pub fn browser_says(message: &str) -> String {
    format!("This browser says: {message}.")
}

pub fn answered_with_error(who: &str, status: u16) -> String {
    format!("{who} answered with error {status} and no explanation.")
}

pub fn answered_with(who: &str, status: u16, message: &str) -> String {
    format!("{who} answered with error {status}: {message}")
}

pub fn did_not_get_through(who: &str) -> String {
    format!("The request to {who} did not get through.")
}

pub fn only_a_plain_one_gets_through(who: &str) -> String {
    format!("The request to {who} did not get through, though a plain one does.")
}

pub fn may_not_be_read(who: &str) -> String {
    format!("{who} can be reached, but the browser may not read its answer.")
}

pub fn nothing_gets_through(who: &str) -> String {
    format!("The request to {who} did not get through, and neither did a plain one.")
}

pub fn answered_with_other(who: &str, found: &str) -> String {
    format!("{who} answered with {found}.")
}

pub fn cut(who: &str) -> String {
    format!("The answer of {who} ended before the model had finished.")
}

pub fn garbled(who: &str) -> String {
    format!("A piece of the answer of {who} could not be read.")
}

pub fn silent(who: &str, seconds: &str) -> String {
    format!("{who} said nothing for {seconds} s.")
}

pub fn silent_after_a_beginning(who: &str, seconds: &str) -> String {
    format!("{who} began to answer and then said nothing for {seconds} s.")
}

pub fn run_too_long(seconds: &str) -> String {
    format!("The whole run had {seconds} s, and they are over.")
}

// Each kind of trouble, and what to do about it.

pub const THE_MODEL: &str = "the model";

pub fn the_model(model: &str) -> String {
    format!("the model {model}")
}

pub fn from_page(page: &str) -> String {
    format!(" from {page}")
}

pub const KEY_MISSING: &str = "An API key is missing";

pub fn type_a_key(from_page: &str) -> String {
    format!("Type a key{from_page} into the field API key, then run again.")
}

pub const KEY_WRONG: &str = "The API key is wrong";

pub fn copy_the_key(from_page: &str, who: &str) -> String {
    format!(
        "Copy the key again{from_page}, whole and without spaces, and check that it belongs to \
         {who}."
    )
}

pub const NOT_PERMITTED: &str = "The key may not do this";

pub fn check_permission(model: &str) -> String {
    format!(
        "Check in your account that this key may use {model} and may be used from this page, or \
         choose another model."
    )
}

pub const BROWSER_FORBIDDEN: &str = "The organisation forbids calls from browsers";
pub const USE_ANOTHER_KEY: &str = "The key itself may be fine. Use a key of an organisation that \
    allows calls from web pages, ask whoever runs this one to allow them, or choose another \
    provider.";
pub const MODEL_NOT_THERE: &str = "The model is not there";
pub const FETCH_THE_MODEL: &str = "Fetch it with the line below, or choose one that Ollama has.";
pub const MODEL_UNKNOWN: &str = "The model is unknown or retired";

pub fn check_the_model(model: &str) -> String {
    format!(
        "Check the spelling of {model}. Test connection fills the field Model with the names that \
         your key can use."
    )
}

pub const QUOTA_EXHAUSTED: &str = "No credit or quota is left";

pub fn add_credit(who: &str) -> String {
    format!(
        "Waiting does not help: add credit or raise the limit in your account with {who}, or use \
         another key."
    )
}

pub const RATE_LIMITED: &str = "Too many calls in too short a time";
pub const WAIT_A_MINUTE: &str = "Wait a minute and run again, set a concurrency limit so that \
    fewer calls go out at once, or raise your rate limit; free plans have low ones.";
pub const PROMPT_TOO_LONG: &str = "The prompt is too long";
pub const ASK_FOR_LESS: &str =
    "Ask for less, give the synthesis fewer or shorter texts, or choose a model that takes more.";
pub const CONTENT_REFUSED: &str = "The content was refused";
pub const CHANGE_THE_TOPIC: &str = "A safety filter objects to the prompt or to the answer. \
    Change the topic or the words, or choose another model.";
pub const BAD_REQUEST: &str = "The request was not understood";

pub fn see_its_objection(who: &str) -> String {
    format!(
        "What {who} says above tells what it objects to. Check the model's name and the base URL; \
         a server of an older version may not know every field."
    )
}

pub const OVERLOADED: &str = "The service is overloaded";
pub const RUN_IN_A_MINUTE: &str =
    "Run again in a minute, or choose another model: your settings are fine.";
pub const SERVER_ERROR: &str = "The service is in trouble";
pub const RUN_IN_A_MOMENT: &str =
    "Run again in a moment. If it stays so, look at the service's status page.";
pub const OFFLINE: &str = "This browser is offline";
pub const CONNECT_TO_A_NETWORK: &str =
    "Connect to a network and run again. The simulated models need none.";
pub const OLLAMA_ORIGINS: &str = "Ollama does not accept this page";

pub fn restart_ollama(page: &str, on_windows: bool) -> String {
    {
        let shell = if on_windows { ", in PowerShell" } else { "" };
        format!("Quit Ollama and start it with the line below{shell}, which lets {page} call it.")
    }
}

pub const CORS_REFUSED: &str = "The server does not let web pages call it";
pub const START_WITH_CORS: &str =
    "Start its server with the line below, or turn CORS on in its settings.";

pub fn allow_the_origin(page: &str) -> String {
    format!(
        "Browsers call only servers that allow it (CORS). Check the base URL; if the server is \
         yours, let it accept the origin {page}."
    )
}

pub const LOCAL_NETWORK: &str = "This page may not reach your own network";

pub fn allow_in_the_frame(who: &str) -> String {
    format!(
        "It is part of another page, and only that page can allow it, with the attribute below on \
         its iframe. Or open this page by itself. Check too that {who} is running."
    )
}

pub fn allow_local_network(who: &str) -> String {
    format!(
        "Check that {who} is running. If it is, allow Local network access for this page: the \
         icon beside the address opens its permissions. Run again then."
    )
}

pub const MIXED_CONTENT: &str = "A secure page may not call an insecure address";
pub const USE_HTTPS: &str =
    "Use an address that begins with https, or open this page from your own machine over http.";
pub const NOBODY_THERE: &str = "Nothing answers at that address";

pub fn start_the_server(who: &str) -> String {
    format!("Start the server, and check that {who} is its host and port.")
}

pub fn check_the_base_url(who: &str) -> String {
    format!("Check the base URL for a mistake, and whether {who} is up.")
}

pub const CONNECTION_LOST: &str = "The connection was lost";

pub fn it_answered_before(who: &str, advice: &str) -> String {
    format!(
        "{who} has answered this page before, so that neither the base URL nor CORS is to blame. \
         {advice}"
    )
}

pub const CHECK_THE_NETWORK: &str =
    "Check that it still runs and that your network does, then run again.";
pub const LIMIT_CALLS: &str = "Run again; if it happens with many calls at once, set a \
    concurrency limit: a gateway that refuses calls can look like this.";
pub const UNREACHABLE: &str = "The server could not be reached";
pub const CHECK_THE_SERVER: &str = "Either nothing answers there, or the server does not let web \
    pages call it (CORS). Check the base URL and that the server is running.";
pub const TIMED_OUT: &str = "The answer took too long";
pub const FIRST_LOAD_TAKES_TIME: &str = "A model that is loaded for the first time takes its \
    time, and many calls at once queue. Run again, allow longer waits, or set a concurrency limit.";
pub const ALLOW_LONGER_WAITS: &str = "Run again, or allow longer waits in the settings.";
pub const RUN_OVER: &str = "The whole run took too long";
pub const ALLOW_MORE_TIME: &str = "Allow more time in the field Run at most, or ask for less. Run \
    again keeps the answers that there are.";
pub const CUT_OFF: &str = "The answer was cut off";
pub const BROKEN_OFF: &str =
    "The connection or the server broke off. Nothing of yours is wrong: run again.";
pub const ANSWER_GARBLED: &str = "The answer was garbled";
pub const WITHOUT_THE_PROXY: &str = "The server, or something on the way such as a proxy, broke \
    the answer: run again. If it stays so, try without the proxy.";
pub const NOT_THIS_API: &str = "This is not the API that was expected";
pub const ENDS_IN_V1: &str = "Check the base URL: it usually ends in /v1. A sign-in page of a \
    network answers like this too.";

pub fn own_base_url(label: &str, own: &str) -> String {
    format!(
        "Check the base URL: for {label} it is {own}. A sign-in page of a network answers like \
         this too."
    )
}

pub const NO_BUILT_IN: &str = "This browser has no model of its own";
pub const USE_CHROME: &str = "Use Chrome 148 or newer on a desktop computer with room for the \
    model, or choose another provider. Inside another page, its frame needs the attribute below.";
pub const NOT_DOWNLOADED: &str = "The browser's model is not downloaded yet";
pub const PRESS_DOWNLOAD: &str =
    "Press Download the model beside the provider, and run again when it is there.";
pub const OTHER: &str = "The call was refused";
pub const SEE_ABOVE: &str =
    "What the service says above is all that is known. Check the settings, then run again.";

// On whose side it is.

pub const ON_YOURS: &str = "This is on your side.";
pub const ON_THE_SERVICES: &str = "This is on the service's side.";
pub const ON_THE_WAY: &str = "This is on the way between you and the service.";
pub const ON_THE_PAGES: &str = "This is on the page's side.";

// Whom it is about.

pub const THE_SERVER: &str = "the server";

pub fn more_failed(more: usize) -> String {
    format!("{more} more agents failed.")
}

pub const THE_RUN: &str = "The run";

// The cards.

pub const TITLE: &str = "What went wrong";
pub const COPIED: &str = "The line is in the clipboard.";
pub const CANNOT_COPY: &str = "This browser does not let the page copy: select the line instead.";
pub const COPY: &str = "Copy";
