//! What the doctor says about a call that failed: what happened, the likely cause, and what to do.

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

pub fn answered_with_an_error(who: &str, message: &str) -> String {
    match message {
        "" => format!("{who} answered with an error and no explanation."),
        message => format!("{who} answered with an error: {message}"),
    }
}

pub fn empty(who: &str, thought: bool) -> String {
    match thought {
        true => format!("The model at {who} only thought and returned no text."),
        false => format!("The model at {who} returned no text."),
    }
}

pub fn limit_spent(who: &str, thinking_tokens: u64) -> String {
    let spent = match thinking_tokens {
        0 => String::new(),
        spent => format!(" {spent} tokens went into thinking."),
    };
    format!(
        "The model at {who} reached its limit on output tokens before the first token of its answer.{spent}"
    )
}

pub fn did_not_get_through(who: &str) -> String {
    format!("The request to {who} failed.")
}

pub fn only_a_plain_one_gets_through(who: &str) -> String {
    format!("The request to {who} failed, although a plain one works.")
}

pub fn may_not_be_read(who: &str) -> String {
    format!("{who} is reachable but blocks browser calls (CORS).")
}

pub fn nothing_gets_through(who: &str) -> String {
    format!("Nothing answered at {who}.")
}

pub fn answered_with_other(who: &str, found: &str) -> String {
    format!("{who} answered with {found}.")
}

pub fn piece_too_long(who: &str, limit: &str) -> String {
    format!("{who} sent one piece of more than {limit}, and the call was ended.")
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
    format!("The run hit its {seconds} s timeout.")
}

// Each kind of failure, and what to do about it.

pub fn the_model(model: &str) -> String {
    format!("the model {model}")
}

pub fn from_page(page: &str) -> String {
    format!(" from {page}")
}

pub fn type_a_key(from_page: &str) -> String {
    format!("Enter a key{from_page} in the API key field, then run again.")
}

pub fn copy_the_key(from_page: &str, who: &str) -> String {
    format!(
        "Copy the key again{from_page}, whole and without spaces, and check that it belongs to \
         {who}."
    )
}

pub const NOT_PERMITTED: &str = "The key is not allowed to do this";

pub fn check_permission(model: &str, is_a_guess: bool) -> String {
    let guess = match is_a_guess {
        true => "Only the status is known; usually a permission is missing. ",
        false => "",
    };
    format!("{guess}Check in your account that this key may use {model}, or choose another model.")
}

pub fn data_policy(model: &str) -> String {
    format!(
        "The privacy settings of your account allow no server for {model}. Change them as the message \
         says, or choose another model."
    )
}

pub fn blocked(who: &str) -> String {
    format!(
        "A web page answered in place of the API: a firewall, a proxy or the sign-in page of a \
         network. Open {who} in a tab to see what it wants, or try another network."
    )
}

pub fn choose_a_chat_model(model: &str) -> String {
    format!(
        "The API has {model}, but not for chat completions. Choose a model for chat: Test connection \
         fills the field Model with the names that your key can use."
    )
}

pub const MODEL_UNKNOWN: &str = "Unknown or retired model";

pub fn check_the_model(model: &str) -> String {
    format!(
        "Check the spelling of {model}. Test connection fills the field Model with the names that \
         your key can use."
    )
}

pub fn add_credit(who: &str) -> String {
    format!(
        "Waiting will not help: add credit or raise the limit in your account with {who}, or use \
         another key."
    )
}

pub fn wait_for_the_day(who: &str) -> String {
    format!(
        "This quota resets tomorrow or later, so waiting a little will not help. Use another \
         model or key, or raise the limit in your account with {who}."
    )
}

pub fn see_its_objection(who: &str, explains: bool) -> String {
    match explains {
        true => format!(
            "The message of {who} says what it rejects. Check the model and the settings that it \
             names; an older server may not know every field."
        ),
        false => format!(
            "{who} does not say what it rejects. Check the model and the settings, and whether this \
             server supports such calls."
        ),
    }
}

pub fn raise_the_limit(thought: bool) -> String {
    let spent = match thought {
        true => "Thinking counts as output. ",
        false => "",
    };
    format!("{spent}Raise Max output tokens, or choose a model that thinks less.")
}

pub fn restart_ollama(page: &str, on_windows: bool) -> String {
    {
        let shell = if on_windows { ", in PowerShell" } else { "" };
        format!("Quit Ollama and start it with the line below{shell}, which lets {page} call it.")
    }
}

pub fn allow_the_origin(page: &str) -> String {
    format!(
        "Browsers call only servers that allow it (CORS). Check the base URL. If the server is \
         yours, make it allow the origin {page}."
    )
}

pub const LOCAL_NETWORK: &str = "This page may not access your local network";

pub fn allow_in_the_frame(who: &str) -> String {
    format!(
        "It is part of another page, and only that page can allow it, with the attribute below on \
         its iframe. Or open this page by itself. Check too that {who} is running."
    )
}

pub fn allow_local_network(who: &str) -> String {
    format!(
        "Check that {who} is running. If it is, allow Local network access for this page: the \
         icon beside the address opens its permissions. Then run again."
    )
}

pub fn start_the_server(who: &str) -> String {
    format!("Start the server, and check that {who} is its host and port.")
}

pub fn check_the_base_url(who: &str) -> String {
    format!("Check the base URL for a mistake, and whether {who} is up.")
}

pub fn it_answered_before(who: &str, advice: &str) -> String {
    format!("{who} has answered this page before, so the base URL and CORS are fine. {advice}")
}

pub fn own_base_url(label: &str, own: &str) -> String {
    format!("Check the base URL: for {label} it is {own}.")
}

pub fn add_the_version(url: &str) -> String {
    format!("The base URL has no path; it is probably {url}.")
}

pub fn or_the_model(advice: &str) -> String {
    format!("{advice} If the base URL is right, the server may not have the model.")
}

// Which agents it is about.

pub fn more_failed(more: usize) -> String {
    format!("{more} more agents failed.")
}
