//! What a link to these settings holds, in a sentence: whoever sends one should know.

use super::Settings;

/// What settings are called; the others are counted.
const CALLED: &[(&str, &str)] = &[
    ("preset", "the preset"),
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
            1 if parts.is_empty() => parts.push("one setting".into()),
            1 => parts.push("one more setting".into()),
            some if parts.is_empty() => parts.push(format!("{some} settings")),
            some => parts.push(format!("{some} more settings")),
        }
        let held = match parts.as_slice() {
            [] => "It holds nothing but the page as it comes".to_owned(),
            [one] => format!("It holds {one}"),
            [most @ .., last] => format!("It holds {} and {last}", most.join(", ")),
        };
        let long = match fragment.len() {
            length if length > LONG => {
                format!(" It has {length} characters, and some programs cut links that long.")
            }
            _ => String::new(),
        };
        format!(
            "{held}; never a key. Nothing that costs money starts by itself when it is opened.{long}"
        )
    }
}
