//! JSON as APIs send it, which is not always what the standard calls JSON.
//!
//! Text that is cut into tokens can be cut inside a character: half of a surrogate pair is an escape
//! that Rust's strings cannot hold, and a browser's JSON reads it. Python writes `NaN`. Neither is a
//! reason to throw an answer away.

use serde_json::Value;

/// Reads JSON, with `NaN` and infinities as null and halves of surrogate pairs as [`half`]s.
pub(super) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&repaired(text)?).ok())
}

/// A text with the JSON value that begins somewhere in it, such as a vendor's error inside a
/// gateway's sentence: what comes before the value, and the value.
pub(super) fn embedded(text: &str) -> Option<(&str, Value)> {
    // Each place costs a look at what follows it, so not every brace of a long text is tried.
    let places = text.match_indices(['{', '[']).map(|(at, _)| at).take(8);
    places.into_iter().find_map(|at| {
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let says_something = match &value {
            Value::Object(fields) => !fields.is_empty(),
            Value::Array(items) => items.iter().any(Value::is_object),
            _ => false,
        };
        says_something.then(|| (&text[..at], value))
    })
}

/// Half of a surrogate pair stands in a private place of Unicode until its other half has come.
const HALVES: u32 = 0x10_f000;
const SURROGATES: std::ops::Range<u32> = 0xd800..0xe000;

fn half(unit: u32) -> Option<char> {
    char::from_u32(HALVES + unit - SURROGATES.start)
}

fn unit(c: char) -> Option<u32> {
    let unit = u32::from(c).checked_sub(HALVES)? + SURROGATES.start;
    SURROGATES.contains(&unit).then_some(unit)
}

/// Puts halves of surrogate pairs together, those of `open` and of what follows it. A first half at
/// the end stays in `open`; halves that are alone become U+FFFD.
pub(super) fn join_halves(open: &mut Option<char>, text: &str) -> String {
    if open.is_none() && !text.chars().any(|c| unit(c).is_some()) {
        return text.to_owned();
    }
    let mut joined = String::with_capacity(text.len());
    for c in text.chars() {
        let first = open.take().and_then(unit);
        match (first, unit(c)) {
            (Some(first), Some(second @ 0xdc00..)) => {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                joined.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                continue;
            }
            (Some(_), _) => joined.push(char::REPLACEMENT_CHARACTER),
            (None, _) => {}
        }
        match unit(c) {
            Some(0xdc00..) => joined.push(char::REPLACEMENT_CHARACTER),
            Some(_) => *open = Some(c),
            None => joined.push(c),
        }
    }
    joined
}

/// The text with what Rust's JSON does not read in another form; `None` where nothing was changed.
fn repaired(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut in_string, mut changed) = (text, false, false);
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' => in_string = !in_string,
            '\\' if in_string => {
                let escape = rest.get(1..2).unwrap_or_default();
                let code = rest.get(2..6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                let code = code.filter(|unit| escape == "u" && SURROGATES.contains(unit));
                let pair = || {
                    let next = rest.get(6..12)?.strip_prefix("\\u")?;
                    u32::from_str_radix(next, 16)
                        .ok()
                        .filter(|unit| (0xdc00..0xe000).contains(unit))
                };
                match code {
                    Some(..0xdc00) if pair().is_some() => length = 12,
                    Some(alone) => {
                        out.extend(half(alone));
                        changed = true;
                        rest = &rest[6..];
                        continue;
                    }
                    None => length += escape.len(),
                }
            }
            'N' | 'I' | '-' if !in_string => {
                let words = ["NaN", "Infinity", "-Infinity"];
                if let Some(word) = words.into_iter().find(|word| rest.starts_with(word)) {
                    out.push_str("null");
                    changed = true;
                    rest = &rest[word.len()..];
                    continue;
                }
            }
            _ => {}
        }
        let (done, left) = rest.split_at_checked(length)?;
        out.push_str(done);
        rest = left;
    }
    changed.then_some(out)
}

/// Follows JSON as its text comes, to know when a document is whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Depth {
    open: usize,
    begun: bool,
    in_string: bool,
    escaped: bool,
}

impl Depth {
    /// Takes more of the text.
    pub fn feed(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => {
                    self.open += 1;
                    self.begun = true;
                }
                b'}' | b']' => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Whether a document has begun and every bracket of it is closed.
    pub fn is_whole(&self) -> bool {
        self.begun && self.open == 0 && !self.in_string
    }

    /// Whether a document has begun and is not whole.
    pub fn is_open(&self) -> bool {
        self.begun && !self.is_whole()
    }
}
