//! Settings that make no sense, or that ask for more than there is.

pub fn no_agent_for_latency(name: &str) -> String {
    format!("latency: there is no agent called {name}.")
}

pub fn no_agent_to_fail(name: &str) -> String {
    format!("fail: there is no agent called {name}.")
}

pub fn no_agent_to_block(name: &str) -> String {
    format!("block: there is no agent called {name}.")
}

pub fn too_many_at_once(calls: &str, most: usize) -> String {
    format!(
        "{calls} calls at once are more than a browser opens and an API takes: set a concurrency \
         limit of at most {most}."
    )
}

pub fn no_sense(key: &str, value: &str) -> String {
    format!("{key}={value} makes no sense: the default is used.")
}

// What happens to the others when an agent fails.

pub const CANCEL: &str = "cancel the others";
pub const LEAVE: &str = "let the others run on";
pub const WAIT: &str = "wait for the others, then fail";
pub const COLLECT: &str = "go on with the rest";
pub const FALLBACK: &str = "use a fallback";
