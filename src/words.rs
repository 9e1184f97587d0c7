//! Sentences that are computed for the reader, one file an area: functions that decide plural forms
//! and the order of words. Fixed labels stand in the views that show them. Which sentence is shown
//! when is decided by the callers, from what happened.
// Each function's name and text say what it is.
#![allow(missing_docs)]

pub mod advice;
pub mod answers;
pub mod api;
pub mod block;
pub mod code;
pub mod crowd;
pub mod data;
pub mod doctor;
pub mod editor;
pub mod errors;
pub mod export;
pub mod history;
pub mod import;
pub mod library;
pub mod live;
pub mod outcome;
pub mod page;
pub mod picture;
pub mod race;
pub mod settings;
pub mod share;
pub mod spent;
pub mod status;
pub mod steps;
pub mod tail;
pub mod verdict;
pub mod versus;

/// "a, b and c".
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// "1 span", "2 spans".
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A label as it stands inside a sentence: "Use a fallback" in "To use a fallback: ..".
pub fn in_sentence(label: &str) -> String {
    with_first(label, |first| first.to_ascii_lowercase())
}

/// The same as the beginning of a sentence.
pub fn capitalized(text: &str) -> String {
    with_first(text, |first| first.to_ascii_uppercase())
}

/// Of the page's own words, which are English.
fn with_first(text: &str, change: impl Fn(char) -> char) -> String {
    let mut letters = text.chars();
    letters.next().map(change).into_iter().chain(letters).collect()
}

/// A length of time, which has been written already.
pub fn seconds(figure: &str) -> String {
    format!("{figure} s")
}

/// How many times as fast, which has been written already.
pub fn times(figure: &str) -> String {
    format!("{figure}×")
}

/// A length in thousandths of a second, which has been written already.
pub fn milliseconds(figure: &str) -> String {
    format!("{figure} ms")
}

/// The name on the page of a phase, a schedule, a theme or the like, from its name in addresses,
/// files and style sheets.
pub fn display_name(name: &str) -> &str {
    match name {
        "cancelled" => "canceled",
        name => name,
    }
}

/// The same at the beginning of a sentence, or on its own.
pub fn capitalized_name(name: &str) -> String {
    capitalized(display_name(name))
}

/// A number of bytes as people write it: "950 bytes", "16 KB", "1.2 MB". Rounded down: what has
/// been shown or read never reads as more than it was.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{} MB", (bytes / 100_000) as f64 / 10.0),
    }
}
