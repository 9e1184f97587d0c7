//! Many agents: which of them are in view, and how one is found by its name.
//!
//! Views that show agents one by one show a page of them. Small pipelines fit on one page, and then
//! none of this is to be seen.

use crate::words;
use std::ops::Range;

/// More agents than this are not shown all at once, in whatever view.
pub const MOST_LANES: usize = 40;

/// Agents that are in view together, of all that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    first: usize,
    size: usize,
    all: usize,
}

impl Page {
    /// The page of `size` agents that begins with the one at place `first`, as far as there are
    /// enough after it.
    pub fn new(first: usize, size: usize, all: usize) -> Self {
        let size = size.max(1);
        Self { first: first.min(all.saturating_sub(size)), size, all }
    }

    /// The places of the agents on it.
    pub fn agents(self) -> Range<usize> {
        self.first..self.all.min(self.first + self.size)
    }

    /// How many there are in all.
    pub fn all(self) -> usize {
        self.all
    }

    /// Whether all of them are on it.
    pub fn is_whole(self) -> bool {
        self.all <= self.size
    }

    /// Where the page that follows begins; `None` where this is the last.
    pub fn after(self) -> Option<usize> {
        let next = self.first + self.size;
        (next < self.all).then_some(next)
    }

    /// Where the page before begins; `None` where this is the first.
    pub fn before(self) -> Option<usize> {
        (self.first > 0).then(|| self.first.saturating_sub(self.size))
    }

    /// "1 to 8 of 10,001".
    pub fn told(self) -> String {
        let agents = self.agents();
        let (first, last) = (grouped(agents.start + 1), grouped(agents.end));
        words::status::page(&first, &last, &grouped(self.all))
    }
}

/// The places of the agents whose name holds what was typed, in list order, but one of exactly that
/// name first. Nothing typed finds no agent.
pub fn find<'a>(names: impl Iterator<Item = &'a str>, typed: &str) -> Vec<usize> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (place, name) in names.enumerate() {
        let name = name.to_lowercase();
        if name == typed {
            found.insert(0, place);
        } else if name.contains(&typed) {
            found.push(place);
        }
    }
    found
}

/// A number with its thousands apart.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
