//! Prompts with holes: `{key}`, `{key?}` and literal braces.
//!
//! A template is where dependencies come from: the keys in it are what its agent reads. It follows
//! ADK: `{key}` must be there, `{key?}` may be missing and is then empty, and a brace that does not
//! wrap a name (`{"json": 1}`) is only a brace. One thing is added, since ADK has no reliable
//! escape: doubled braces around a name, `{{key}}`, mean the literal text `{key}`.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::state::Key;

/// A prompt with holes. It remembers its source, which is what [`fmt::Display`] writes, and is parsed
/// on first use: of the thirty thousand texts of ten thousand agents, most are
/// looked into long after the page is there. Clones are the same text.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Template(Rc<Prompt>);

struct Prompt {
    source: String,
    parts: OnceCell<Vec<Part>>,
}

/// A stretch of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stays as it is.
    Text(String),
    /// A hole that the text under `key` fills.
    Hole {
        /// What fills it.
        key: Key,
        /// Whether it may stay empty (`{key?}`).
        optional: bool,
    },
}

impl Template {
    /// The template that is written so. Every text is one: nothing here can fail.
    pub fn new(source: &str) -> Self {
        source.to_owned().into()
    }

    /// The template that is nothing but a hole for that key.
    pub fn hole(key: &Key) -> Self {
        format!("{{{key}}}").into()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.source.is_empty()
    }

    /// Its stretches, in order.
    pub fn parts(&self) -> &[Part] {
        self.0.parts.get_or_init(|| parse(&self.0.source))
    }

    /// The keys of its holes, in order of appearance, each with whether it is optional there.
    pub fn holes(&self) -> impl Iterator<Item = (&Key, bool)> {
        // Without a brace there is none, whatever else is in it.
        let parts = if self.0.source.contains('{') { self.parts() } else { &[] };
        parts.iter().filter_map(|part| match part {
            Part::Hole { key, optional } => Some((key, *optional)),
            Part::Text(_) => None,
        })
    }

    /// The prompt with each hole filled by what `fill` answers for it.
    pub fn fill(&self, mut fill: impl FnMut(&Key, bool) -> Rc<str>) -> String {
        let mut out = String::with_capacity(self.0.source.len());
        for part in self.parts() {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Hole { key, optional } => out.push_str(&fill(key, *optional)),
            }
        }
        out
    }
}

fn parse(source: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = source;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        let braces = rest.len() - rest.trim_start_matches('{').len();
        match hole(&rest[braces..], braces) {
            // As in Python's format strings, each pair of braces around a name is one literal
            // brace, and an odd one left over makes the hole.
            Some((key, optional, length)) => {
                text.extend(std::iter::repeat_n('{', braces / 2));
                if braces % 2 == 1 {
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    parts.push(Part::Hole { key, optional });
                } else {
                    text.push_str(&rest[braces..braces + length]);
                }
                text.extend(std::iter::repeat_n('}', braces / 2));
                rest = &rest[braces + length + braces..];
            }
            None => {
                text.push_str(&rest[..braces]);
                rest = &rest[braces..];
            }
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    parts
}

/// A prompt in which the holes of one key have another one, or are gone; all else stays as written.
pub fn rekey(source: &str, key: &Key, to: Option<&Key>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(open) = rest.find('{') {
        let braces = rest[open..].len() - rest[open..].trim_start_matches('{').len();
        let inside = open + braces;
        let meant =
            hole(&rest[inside..], braces).filter(|(own, _, _)| braces % 2 == 1 && own == key);
        match (meant, to) {
            (Some((_, optional, length)), Some(to)) => {
                let mark = if optional { "?" } else { "" };
                out = out + &rest[..inside] + to.as_str() + mark;
                rest = &rest[inside + length..];
            }
            (Some((_, _, length)), None) => {
                out.push_str(&rest[..inside - 1]);
                rest = &rest[inside + length + 1..];
            }
            (None, _) => {
                out.push_str(&rest[..inside]);
                rest = &rest[inside..];
            }
        }
    }
    out + rest
}

/// What stands between `braces` opening braces and as many closing ones: the key, whether it is
/// optional, and how many bytes the name takes with its question mark.
fn hole(after: &str, braces: usize) -> Option<(Key, bool, usize)> {
    let close = after.find('}')?;
    let inside = &after[..close];
    let closing = after[close..].bytes().take_while(|b| *b == b'}').count();
    if closing < braces {
        return None;
    }
    let (name, optional) = match inside.strip_suffix('?') {
        Some(name) => (name, true),
        None => (inside, false),
    };
    Some((Key::new(name)?, optional, close))
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.source)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.source, f)
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.0.source == other.0.source
    }
}

impl Eq for Template {}

impl From<&str> for Template {
    fn from(source: &str) -> Self {
        Self::new(source)
    }
}

impl From<String> for Template {
    fn from(source: String) -> Self {
        Self(Rc::new(Prompt { source, parts: OnceCell::new() }))
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.to_string()
    }
}
