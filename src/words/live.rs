//! Live models: the provider's fields, keys and where they go, what a run will use, and repeating.

pub fn base_url_is_wrong(error: &str) -> String {
    format!("Base URL: {error}.")
}

pub fn trust(host: &str) -> String {
    format!("I trust {host}")
}

// What is asked before a call inside another site's page.

pub fn call(host: &str) -> String {
    format!("Call {host}")
}

// How many calls Run makes, and what they will use.

pub const OWN_MODEL: &str = "this browser's own model";

pub fn run_makes_both(all: usize, host: &str, calls: usize) -> String {
    format!("Run makes {all} calls to {host} ({calls} parallel, then {calls} sequential)")
}

pub fn run_makes_in_parallel(calls: usize, host: &str) -> String {
    format!("Run makes {calls} calls to {host} in parallel")
}

pub fn run_makes_in_sequence(calls: usize, host: &str) -> String {
    format!("Run makes {calls} calls to {host}, one at a time")
}

pub fn about_tokens(tokens: &str) -> String {
    format!(", about {tokens} tokens")
}

pub fn cost(sum: &str, as_of: &str) -> String {
    format!(", about {sum} (prices of {as_of}).")
}

pub const ON_YOUR_MACHINE: &str = ", on your own machine.";
pub const COST_UNKNOWN: &str = ". Cost unknown for this server.";
pub const COST_UNKNOWN_OF_MODEL: &str = ". Cost unknown for this model.";

/// `models` are those whose price is not known.
pub fn cost_unknown_of(models: &str) -> String {
    format!(". Cost unknown: no price is known for {models}.")
}

pub fn retries(times: u32) -> String {
    match times {
        0 => String::new(),
        1 => " Up to 1 retry per call.".into(),
        more => format!(" Up to {more} retries per call."),
    }
}

/// Each model's name, and how many calls go to it.
pub fn models(asked: &[(&str, u64)]) -> String {
    match asked {
        [] => String::new(),
        [(model, _)] => format!(" Model: {model}."),
        several => {
            let of = |(model, calls): &(&str, u64)| match calls {
                1 => format!("{model} (1 call)"),
                calls => format!("{model} ({calls} calls)"),
            };
            format!(" Models: {}.", several.iter().map(of).collect::<Vec<_>>().join(", "))
        }
    }
}

// Why a run cannot begin.

pub fn accept_first(host: &str) -> String {
    format!(
        "This link sends your API key to {host}. Accept the host first, or change the base URL."
    )
}

pub fn key_is_wrong(error: &str) -> String {
    format!("API key: {error}.")
}

pub const PRESS_IT_YOURSELF: &str =
    "A live model is called only when you press the button yourself.";

pub fn needs_a_key(label: &str) -> String {
    // As it is spoken: an xAI key.
    let article = if label.starts_with(['A', 'E', 'I', 'O', 'x']) { "an" } else { "a" };
    format!("Enter {article} {label} API key to run.")
}

pub fn key_is_elsewhere(label: &str) -> String {
    format!("{label} needs an API key. Open Converge in its own tab to use yours.")
}

// The key.

pub fn kept_and_sent(kept: &str) -> String {
    format!("{kept} It is sent only to the base URL it was entered for, in each request's header.")
}

// Signing in with OpenRouter.

pub fn openrouter_answered(status: u16) -> String {
    format!("OpenRouter answered with {status} and no key")
}

pub fn sign_in_failed(problem: &str) -> String {
    format!("Signing in failed: {problem}. Try again, or enter a key.")
}

// Testing the connection.

pub fn connected(models: usize) -> String {
    match models {
        0 => "Connected; this server lists no models".into(),
        1 => "Connected: 1 model".into(),
        many => format!("Connected: {many} models"),
    }
}

// The browser's own model.

pub fn own_loaded(percent: &str) -> String {
    format!("The model is being downloaded: {percent}%")
}

pub fn download_failed(problem: &str) -> String {
    format!("The download failed: {problem}")
}

// Repeating a race.

pub fn repeat(times: usize, calls: usize) -> String {
    format!("Measure {times} more races ({calls} calls)")
}

pub fn left_out(hidden: usize) -> String {
    format!("left out: {hidden} with the tab hidden, where browsers slow timers down")
}

pub fn spread(schedule: &str, median: &str, least: &str, most: &str, runs: usize) -> String {
    let s = if runs == 1 { "" } else { "s" };
    format!("{schedule}: median {median} s, from {least} to {most} s in {runs} run{s}")
}

pub fn took(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}
