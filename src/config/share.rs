//! What a link to these settings holds, in a sentence, for the reader who sends one.

use super::Settings;
use crate::words;

/// What settings are called; the others are counted.
const CALLED: &[(&str, &str)] = &[
    ("preset", "the scenario"),
    ("p", "the whole pipeline as you edited it"),
    ("topic", "the topic"),
    ("latency", "latencies"),
    ("fail", "faults"),
    ("provider", "the provider"),
    ("base_url", "its address"),
    ("model", "the model"),
];

/// Some programs cut links that are longer.
const LONG: usize = 2_000;

impl Settings {
    /// What a link to these settings holds.
    pub fn shared(&self) -> String {
        let fragment = self.fragment();
        let keys = || form_urlencoded::parse(fragment.as_bytes()).map(|(key, _)| key);
        let mut parts: Vec<String> = (CALLED.iter())
            .filter(|(key, _)| keys().any(|own| own == *key))
            .map(|(_, called)| (*called).to_owned())
            .collect();
        match keys().count() - parts.len() {
            0 => {}
            some if parts.is_empty() => parts.push(words::share::settings(some)),
            some => parts.push(words::share::more_settings(some)),
        }
        let held = match parts.as_slice() {
            [] => "Link to the default page".to_owned(),
            parts => words::share::holds(&words::list(parts)),
        };
        let long = match fragment.len() {
            length if length > LONG => words::share::long(length),
            _ => String::new(),
        };
        words::share::told(&held, &long)
    }
}
