//! Settings: where the latencies come from, and values that make no sense or ask for too much.

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

pub fn simulated(source: &str) -> String {
    format!(
        "Simulated: real timers on this page's own event loop, answers written beforehand. \
         {source}"
    )
}

pub fn fanout_title(branches: usize, figure: &str) -> String {
    match branches {
        1 => "One branch, then one synthesis".to_owned(),
        _ => format!("{figure} identical branches, then one synthesis"),
    }
}
