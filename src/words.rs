//! Every text that a reader of the page sees or hears, one file an area: labels, names, hints,
//! sentences, complaints. Text that stays is a constant; a sentence with something in it is a plain
//! function, so that plural forms and the order of words are decided here and nowhere else.
//!
//! A translation is another copy of this folder, in place of this one: nothing is chosen while the
//! page runs, so that no visitor pays for a language that is not theirs. Which sentence is said when
//! is decided elsewhere, from what happened. Not here: what the scenarios ask and their models say
//! (`presets`), the programs and their comments (`codegen`), and `public/`, which is there without
//! the program and has its own few texts. `tests/host/strings.rs` finds texts that are anywhere else.
// Each is what it says.
#![allow(missing_docs)]

pub mod api;
pub mod block;
pub mod code;
pub mod controls;
pub mod crowd;
pub mod data;
pub mod doctor;
pub mod editor;
pub mod errors;
pub mod history;
pub mod live;
pub mod page;
pub mod picture;
pub mod poster;
pub mod race;
pub mod scenarios;
pub mod settings;
pub mod share;
pub mod spent;
pub mod status;
pub mod steps;
pub mod tour;
pub mod versus;

/// "a, b and c".
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
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

/// What a phase, a schedule, a theme or the like is called, by its word in addresses, files and
/// style sheets: in English by that very word.
pub fn called(word: &str) -> &str {
    word
}
