//! Which span is part of which: parents found by their ids, and what is odd about that noted.
//!
//! Nothing is put right in silence. A span that is there twice is shown once, one whose parent is not in
//! the file stands alone, a circle is cut at one place, and each of these is a note.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::pause_now_and_then;
use super::span::{Found, Note, Span};

/// One millisecond: clocks of one machine differ by less, in one trace.
pub const TOLERANCE: i64 = 1_000_000;

/// The spans of a file as a forest.
pub struct Tree {
    /// The spans, each once.
    pub spans: Vec<Span>,
    /// The place of each one's parent.
    pub parents: Vec<Option<usize>>,
    /// All places, each after its parent's.
    pub order: Vec<usize>,
    /// The places of spans by trace and id.
    pub places: HashMap<(u32, Box<str>), usize>,
}

impl Tree {
    /// Sorts out what was found. `repeats`: the format lists its spans twice by design. Awaits
    /// `pause` often.
    pub async fn new(found: &mut Found, repeats: bool, pause: impl AsyncFn()) -> Self {
        let mut spans: Vec<Span> = Vec::with_capacity(found.spans.len());
        let mut places = HashMap::with_capacity(found.spans.len());
        for (count, span) in std::mem::take(&mut found.spans).into_iter().enumerate() {
            pause_now_and_then(count, &pause).await;
            if span.id.is_empty() {
                spans.push(span);
                continue;
            }
            match places.entry((span.trace, span.id.clone())) {
                Entry::Vacant(free) => {
                    free.insert(spans.len());
                    spans.push(span);
                }
                Entry::Occupied(known) => {
                    let first: &mut Span = &mut spans[*known.get()];
                    let same = first.name == span.name && first.start == span.start;
                    if !same {
                        found.note(Note::SameId);
                        spans.push(span);
                        continue;
                    }
                    if !repeats {
                        found.note(Note::Twice);
                    }
                    // It may have been written once while it went on, and again at its end.
                    if first.end.is_none() && span.end.is_some() {
                        *first = span;
                    }
                }
            }
        }
        let mut missing = std::collections::HashSet::new();
        let mut parents = vec![None; spans.len()];
        for (place, span) in spans.iter().enumerate() {
            pause_now_and_then(place, &pause).await;
            let Some(id) = &span.parent else { continue };
            // A parent of another trace is a slip of some exporters; ids are random.
            match places.get(&(span.trace, id.clone())) {
                Some(parent) if *parent == place => found.note(Note::Circle),
                Some(parent) => parents[place] = Some(*parent),
                None => drop(missing.insert((span.trace, id.clone()))),
            }
        }
        missing.iter().for_each(|_| found.note(Note::NoParent));
        let mut tree = Self { spans, parents, order: Vec::new(), places };
        pause().await;
        tree.cut_circles(found);
        pause().await;
        tree.note_clocks(found);
        tree
    }

    /// Puts every span behind its parent; whatever is left over goes round in circles.
    fn cut_circles(&mut self, found: &mut Found) {
        let count = self.spans.len();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (place, parent) in self.parents.iter().enumerate() {
            parent.iter().for_each(|parent| children[*parent].push(place));
        }
        let mut placed = vec![false; count];
        let mut order = Vec::with_capacity(count);
        let mut next: Vec<usize> =
            (0..count).filter(|place| self.parents[*place].is_none()).collect();
        let mut candidate = 0;
        loop {
            while let Some(place) = next.pop() {
                placed[place] = true;
                order.push(place);
                next.extend(&children[place]);
            }
            while candidate < count && placed[candidate] {
                candidate += 1;
            }
            if candidate == count {
                break;
            }
            // Following parents from here comes round; there it is cut.
            let (mut at, mut seen) = (candidate, std::collections::HashSet::new());
            while seen.insert(at) {
                match self.parents[at] {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            if let Some(parent) = self.parents[at].take() {
                children[parent].retain(|child| *child != at);
            }
            found.note(Note::Circle);
            next.push(at);
        }
        self.order = order;
    }

    /// A part cannot begin before the whole: then they are told by two clocks.
    fn note_clocks(&self, found: &mut Found) {
        for (place, parent) in self.parents.iter().enumerate() {
            let starts = parent.and_then(|p| self.spans[p].start).zip(self.spans[place].start);
            if starts.is_some_and(|(whole, part)| part < whole.saturating_sub(TOLERANCE)) {
                found.note(Note::Skew);
            }
        }
    }
}
