//! Settings: where the latencies come from, and values that are not valid or ask for too much.

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
        "{calls} calls at once are more than browsers and APIs allow: set a concurrency \
         limit of at most {most}."
    )
}

pub fn no_sense(key: &str, value: &str) -> String {
    format!("Ignored {key}={value}: not a valid value.")
}

pub fn simulated(source: &str) -> String {
    format!("Simulated: scripted answers, real timers in your browser. {source}")
}

pub fn fanout_title(branches: usize, figure: &str) -> String {
    match branches {
        1 => "One branch, then one synthesis".to_owned(),
        _ => format!("{figure} identical branches, then one synthesis"),
    }
}
