//! What the figures of a run teach.

use super::{list, times};

pub fn best_possible(speedup: &str, has_limit: bool, chain: &[&str], seconds: &str) -> String {
    let best = match has_limit {
        true => "Best possible speedup without the limit",
        false => "Best possible speedup",
    };
    let reason = match chain {
        [one] => format!("{one} alone takes {seconds} s."),
        [first, "…", last] => format!("{first} to {last} must run back to back ({seconds} s)."),
        chain => {
            let names: Vec<String> = chain.iter().map(|name| (*name).to_owned()).collect();
            format!("{} must run back to back ({seconds} s).", list(&names))
        }
    };
    format!("{best}: {}. {reason}", times(speedup))
}

pub fn biggest_win(agent: &str, seconds: &str) -> String {
    format!("Biggest win: a faster {agent} (up to {seconds} s).")
}

pub fn has_slack(agent: &str, seconds: &str) -> String {
    format!("{agent} has {seconds} s of slack.")
}
