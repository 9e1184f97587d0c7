//! Takes the key out of what a server says: its errors, its lists of models, its answers.
//!
//! Servers echo keys, whole or as `sk-abc…wxyz`, and one that wants to can split it over the fields
//! of its answer, or encode it. Looked for are the key itself, its percent-encoding and its base64,
//! wherever they begin. What else could be done to it (reversed, in another script) is not looked
//! for: such a server has the key already, and the page only keeps it out of sight and out of files.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use futures::stream::{self, LocalBoxStream, StreamExt};
use percent_encoding::percent_decode_str;

use super::key::ApiKey;
use crate::model::{Chunk, Grounding, ModelError};

/// What stands where a key stood.
pub(super) const HIDDEN: &str = "[key]";

/// As many characters of a key in a row are taken for the key in an error or a name.
const TELLING: usize = 6;

/// The same in running text, and in what is put together from several pieces. Six characters in a
/// row are also words that an answer may well have.
const TELLING_IN_TEXT: usize = 12;

/// A shorter key is a dummy, which would take words apart.
const SHORTEST: usize = 4;
/// The same in running text.
const SHORTEST_IN_TEXT: usize = 8;

/// Characters by which a place is found at which a shape may begin.
const GRAM: usize = 4;

/// A text as which the key can show.
struct Shape {
    text: String,
    /// How many of its characters hold one of the key's, as a fraction.
    per_character: (usize, usize),
}

impl Shape {
    fn new(text: String, per_character: (usize, usize)) -> Self {
        Self { text, per_character }
    }

    /// How many characters of this shape hold that many of the key; all of it if that is less.
    fn length_of(&self, characters: usize) -> usize {
        let (held, of) = self.per_character;
        (characters * held).div_ceil(of).min(self.text.len())
    }
}

/// All texts as which a key can show.
pub(super) struct Shapes {
    all: Vec<Shape>,
    /// Every few characters in a row that are in one of them, sorted.
    grams: Vec<[u8; GRAM]>,
    /// Which pairs of characters those begin with, by a few bits of each: most places of a long text
    /// are told by these alone to be no beginning.
    begins: [u64; 64],
}

/// Where a pair of characters is in [`Shapes::begins`].
fn place_of(gram: &[u8; GRAM]) -> (usize, u64) {
    (usize::from(gram[0] & 63), 1 << (gram[1] & 63))
}

impl Shapes {
    pub(super) fn new(key: &str) -> Self {
        let percent = |upper: bool| {
            let encode = |byte: u8| match upper {
                true => format!("%{byte:02X}"),
                false => format!("%{byte:02x}"),
            };
            Shape::new(key.bytes().map(encode).collect(), (3, 1))
        };
        let mut all = vec![Shape::new(key.into(), (1, 1)), percent(true), percent(false)];
        for before in 0..3 {
            // What comes before the key decides how its bytes fall into groups of three. The
            // characters at either end hold bits of what is beside the key, so that they are cut.
            let padded = [&b"\0\0"[..before], key.as_bytes()].concat();
            let start = (before * 4).div_ceil(3);
            let end = padded.len() * 4 / 3;
            for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                if let Some(text) = engine.encode(&padded).get(start..end) {
                    all.push(Shape::new(text.into(), (4, 3)));
                }
            }
        }
        let windows = |shape: &Shape| -> Vec<[u8; GRAM]> {
            shape.text.as_bytes().windows(GRAM).filter_map(|gram| gram.try_into().ok()).collect()
        };
        let mut grams: Vec<_> = all.iter().flat_map(windows).collect();
        grams.sort_unstable();
        grams.dedup();
        let mut begins = [0; 64];
        for (at, bit) in grams.iter().map(place_of) {
            begins[at] |= bit;
        }
        Self { all, grams, begins }
    }

    /// How far what begins at `at` goes on as one of the shapes, and how far it must at least to be
    /// telling. Nothing below [`GRAM`] characters is found.
    fn match_at(&self, text: &[u8], at: usize, telling: usize) -> Option<(usize, usize)> {
        let gram: &[u8; GRAM] = text.get(at..at + GRAM)?.try_into().ok()?;
        let (at_bit, bit) = place_of(gram);
        if self.begins[at_bit] & bit == 0 {
            return None;
        }
        self.grams.binary_search(gram).ok()?;
        let rest = &text[at..];
        let lengths = self.all.iter().flat_map(|shape| {
            let whole = shape.text.as_bytes();
            let begins = whole.windows(GRAM).enumerate().filter(move |(_, own)| own == gram);
            let length = move |(from, _): (usize, _)| {
                whole[from..].iter().zip(rest).take_while(|(one, other)| one == other).count()
            };
            begins.map(length).map(move |length| (length, shape.length_of(telling)))
        });
        // The one that tells most, and of those the longest.
        lengths.max_by_key(|(length, enough)| (length >= enough, *length))
    }

    /// Where the key shows: every part of `text` with so many of its characters in a row.
    fn found(&self, text: &[u8], telling: usize) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for at in 0..text.len() {
            let Some((length, enough)) = self.match_at(text, at, telling) else { continue };
            if length < enough {
                continue;
            }
            match found.last_mut() {
                Some(last) if last.end >= at => last.end = last.end.max(at + length),
                _ => found.push(at..at + length),
            }
        }
        found
    }

    /// Where the end of `text` begins that may go on as the key.
    fn open_end(&self, text: &[u8]) -> usize {
        let longest = self.all.iter().map(|shape| shape.text.len()).max().unwrap_or_default();
        let mut places = text.len().saturating_sub(longest)..text.len();
        let goes_on =
            |at: &usize| self.match_at(text, *at, 0).is_some_and(|_| self.ends_with(&text[*at..]));
        places.find(goes_on).unwrap_or(text.len())
    }

    /// Whether all of `end` is a part of one of the shapes.
    fn ends_with(&self, end: &[u8]) -> bool {
        self.all.iter().any(|shape| shape.text.as_bytes().windows(end.len()).any(|own| own == end))
    }

    /// Which of these pieces hold the key together, read one after the other: all of them, or only
    /// those that are nothing but a piece of it.
    fn split_over(&self, pieces: &[&str]) -> Vec<bool> {
        let mut hit = vec![false; pieces.len()];
        let mut look = |places: &[usize]| {
            let mut joined = String::new();
            let mut ends = Vec::new();
            for place in places {
                joined.push_str(pieces[*place]);
                ends.push(joined.len());
            }
            for found in self.found(joined.as_bytes(), TELLING_IN_TEXT) {
                let first = ends.partition_point(|end| *end <= found.start);
                let last = ends.partition_point(|end| *end < found.end);
                places[first..=last].iter().for_each(|place| hit[*place] = true);
            }
        };
        let all: Vec<usize> = (0..pieces.len()).collect();
        look(&all);
        for shortest in 1..=3 {
            for shape in &self.all {
                let is_part = |place: &&usize| {
                    let piece = pieces[**place];
                    piece.len() >= shortest && shape.text.contains(piece)
                };
                look(&all.iter().filter(is_part).copied().collect::<Vec<_>>());
            }
        }
        hit
    }
}

impl ApiKey {
    /// The text without the key and without recognizable parts of it: six of its characters in a
    /// row, plain or encoded, or its start or end next to the marks that stand for the rest, or a
    /// dozen of them scattered over the words. A key of fewer than four characters is a dummy and
    /// stays: it would take words apart.
    pub fn redact(&self, text: &str) -> String {
        self.redact_by(&Shapes::new(self.reveal()), text)
    }

    /// Redacts texts that are shown beside each other, also where the key is split over them.
    pub fn redact_all(&self, texts: &mut [String]) {
        let shapes = Shapes::new(self.reveal());
        for text in texts.iter_mut() {
            *text = self.redact_by(&shapes, text);
        }
        if self.reveal().len() < SHORTEST_IN_TEXT {
            return;
        }
        let pieces: Vec<&str> = texts.iter().map(String::as_str).collect();
        let hit = shapes.split_over(&pieces);
        for (text, _) in texts.iter_mut().zip(hit).filter(|(_, hit)| *hit) {
            *text = HIDDEN.into();
        }
    }

    fn redact_by(&self, shapes: &Shapes, text: &str) -> String {
        let key = self.reveal();
        if key.len() < SHORTEST {
            return text.into();
        }
        let text = text.replace(key, HIDDEN);
        let mut redacted = String::with_capacity(text.len());
        for piece in text.split_inclusive(is_boundary) {
            let word = piece.trim_end_matches(is_boundary);
            redacted.push_str(if shows_in(shapes, key, word) { HIDDEN } else { word });
            redacted.push_str(&piece[word.len()..]);
        }
        if key.len() < SHORTEST_IN_TEXT {
            return redacted;
        }
        // Put together from pieces: what is between them is no letter, no digit and not the key's.
        let is_own = |c: char| c.is_alphanumeric() || c == '%' || key.contains(c);
        let pieces: Vec<&str> = redacted.split(|c| !is_own(c)).filter(|p| !p.is_empty()).collect();
        let hit = shapes.split_over(&pieces);
        let mut out = String::with_capacity(redacted.len());
        let mut rest = redacted.as_str();
        for (piece, hit) in pieces.iter().zip(hit) {
            let Some((before, after)) = rest.split_once(piece) else { continue };
            out.push_str(before);
            out.push_str(if hit { HIDDEN } else { piece });
            rest = after;
        }
        out + rest
    }
}

/// Whether the key or a telling part of it is in a word, however it is encoded.
fn shows_in(shapes: &Shapes, key: &str, word: &str) -> bool {
    let decoded = percent_decode_str(word).decode_utf8_lossy();
    !shapes.found(word.as_bytes(), TELLING).is_empty()
        || !shapes.found(decoded.as_bytes(), TELLING).is_empty()
        || is_masked(key, word)
}

/// Whether it is the key's start or end beside the marks that stand for the rest.
fn is_masked(key: &str, word: &str) -> bool {
    // The key is ASCII, so that it can be cut anywhere.
    let cuts = 2..key.len();
    masks(word).is_some_and(|(before, after)| {
        cuts.clone().any(|at| before.ends_with(&key[..at]))
            || cuts.clone().any(|at| after.starts_with(&key[at..]) && key.len() - at > 1)
    })
}

/// What ends a word in a server's message. A dot does not: it stands for left-out characters too.
fn is_boundary(c: char) -> bool {
    c.is_whitespace() || "\"'`()[]{}<>,;:".contains(c)
}

/// What comes before and after the marks that stand for left-out characters.
fn masks(word: &str) -> Option<(&str, &str)> {
    let is_mask = |c: char| "*…•·.".contains(c);
    let (first, last) = (word.find(is_mask)?, word.rfind(is_mask)?);
    // A full stop after a masked key is not the end of the mask.
    let last = match word[..last].rfind(is_mask) {
        Some(earlier) if word.ends_with('.') && !word.ends_with("..") => earlier,
        _ => last,
    };
    Some((&word[..first], word[last..].trim_start_matches(is_mask)))
}

/// An answer without the key: what it says, and what it rests on.
pub(super) fn answer<'a>(
    answer: LocalBoxStream<'a, Result<Chunk, ModelError>>,
    key: &'a ApiKey,
) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
    if key.reveal().len() < SHORTEST_IN_TEXT {
        return answer;
    }
    let mut text = Running::new(key);
    let pieces = answer.map(Some).chain(stream::once(async { None }));
    let safe = move |piece: Option<Result<Chunk, ModelError>>| {
        let shown = |text: String| (!text.is_empty()).then_some(Ok(Chunk::Text(text)));
        stream::iter(match piece {
            Some(Ok(Chunk::Text(more))) => [shown(text.push(&more)), None],
            Some(Ok(Chunk::Grounding(found))) => {
                [Some(Ok(Chunk::Grounding(grounding(key, found)))), None]
            }
            // The text is over, or something else than text follows it.
            None | Some(Err(_) | Ok(Chunk::Finish(_) | Chunk::Thinking | Chunk::WasThinking)) => {
                [shown(text.rest()), piece]
            }
            piece => [piece, None],
        })
    };
    pieces.flat_map(safe).filter_map(|piece| async { piece }).boxed_local()
}

fn grounding(key: &ApiKey, found: Grounding) -> Grounding {
    let Grounding { mut sources, queries, suggestions } = found;
    let (sources_at, queries_at) = (1, 1 + 2 * sources.len());
    let mut texts = vec![suggestions];
    texts.extend(sources.iter().flat_map(|s| [s.title.clone(), s.uri.clone()]));
    texts.extend(queries);
    let before = texts[0].clone();
    key.redact_all(&mut texts);
    // Suggestions are shown as they came or not at all.
    let suggestions = if texts[0] == before { before } else { String::new() };
    let queries = texts.split_off(queries_at);
    for (source, texts) in sources.iter_mut().zip(texts[sources_at..].chunks(2)) {
        if let [title, uri] = texts {
            source.title.clone_from(title);
            source.uri.clone_from(uri);
        }
    }
    Grounding { sources, queries, suggestions }
}

/// A text that comes in pieces, and the end of it that may be the beginning of the key.
struct Running {
    shapes: Shapes,
    /// The last few characters that were let through: too few to tell anything, and a key that
    /// comes in pieces of no more would never be seen without them.
    passed: String,
    held: String,
}

impl Running {
    fn new(key: &ApiKey) -> Self {
        Self { shapes: Shapes::new(key.reveal()), passed: String::new(), held: String::new() }
    }

    /// Takes the next piece, and gives what can be shown by now.
    fn push(&mut self, more: &str) -> String {
        self.held.push_str(more);
        let all = self.passed.clone() + &self.held;
        let ready = self.shapes.open_end(all.as_bytes()).max(self.passed.len());
        self.let_through(&all, ready)
    }

    /// What is left at the end.
    fn rest(&mut self) -> String {
        let all = self.passed.clone() + &self.held;
        self.let_through(&all, all.len())
    }

    /// Gives `all` from what has been let through to `ready`, and holds what follows.
    fn let_through(&mut self, all: &str, ready: usize) -> String {
        let mut out = String::new();
        let mut at = self.passed.len();
        for found in self.shapes.found(&all.as_bytes()[..ready], TELLING_IN_TEXT) {
            out.push_str(all.get(at..found.start).unwrap_or_default());
            if found.end > at {
                out.push_str(HIDDEN);
                at = found.end;
            }
        }
        out.push_str(&all[at..ready]);
        self.held = all[ready..].into();
        let mut start = ready.saturating_sub(GRAM - 1);
        while !all.is_char_boundary(start) {
            start += 1;
        }
        self.passed = all[start..ready].into();
        out
    }
}
