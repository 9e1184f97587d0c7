//! The colors of a line. Every text and comment of these programs ends with its line, so that a line
//! can be read alone.

use super::{Language, js, python, rust};

/// What a stretch of a line is, for its color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Nothing in particular.
    Plain,
    /// A word of the language.
    Keyword,
    /// A text.
    Text,
    /// For people.
    Comment,
}

/// A line of that language in stretches of one ink each, in order and complete.
pub fn inks(language: Language, line: &str) -> Vec<(Ink, &str)> {
    match language {
        Language::Js => stretches(line, js::KEYWORDS, "//"),
        Language::Rust | Language::RustEngine => stretches(line, rust::KEYWORDS, "//"),
        _ => stretches(line, python::KEYWORDS, "#"),
    }
}

/// The stretches of a line: literals and comments end with their line here.
fn stretches<'a>(line: &'a str, keywords: &[&str], comment: &str) -> Vec<(Ink, &'a str)> {
    let mut inks: Vec<(Ink, &str)> = Vec::new();
    let mut rest = line;
    let mut plain = 0;
    while let Some(c) = rest[plain..].chars().next() {
        let here = &rest[plain..];
        let (ink, length) = match c {
            _ if here.starts_with(comment) => (Ink::Comment, here.len()),
            '"' | '`' => (Ink::Text, closed(here)),
            'f' if here.starts_with("f\"") => (Ink::Text, 1 + closed(&here[1..])),
            c if c.is_alphanumeric() || c == '_' => {
                let end = here.find(|c: char| !c.is_alphanumeric() && c != '_');
                let word = &here[..end.unwrap_or(here.len())];
                let known = keywords.contains(&word);
                (if known { Ink::Keyword } else { Ink::Plain }, word.len())
            }
            c => (Ink::Plain, c.len_utf8()),
        };
        if ink == Ink::Plain {
            plain += length;
            continue;
        }
        if plain > 0 {
            inks.push((Ink::Plain, &rest[..plain]));
        }
        inks.push((ink, &here[..length]));
        rest = &here[length..];
        plain = 0;
    }
    if plain > 0 {
        inks.push((Ink::Plain, rest));
    }
    inks
}

/// The length of the literal that begins here, with its quotes.
fn closed(literal: &str) -> usize {
    let mut escaped = false;
    let quote = literal.chars().next();
    for (at, c) in literal.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if Some(c) == quote => return at + 1,
            _ => {}
        }
    }
    literal.len()
}
