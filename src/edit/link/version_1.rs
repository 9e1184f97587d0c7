//! Links of version 1, which are read and not written any more.
//!
//! A checksum, a length, and the texts, compressed by predicting each bit from those before it
//! (context mixing before an arithmetic coder). Both sides have seen the preset's own texts first. All of
//! it is in whole numbers, so that every machine predicts the same; every figure in this file is part
//! of the format. When the texts of a preset change, the old ones have to stay for these links.

use super::{LinkError, checksum};
use crate::edit::{AgentText, Field};
use crate::pipeline::Work;

/// The texts of an agent, in the order of the format.
const FIELDS: [Field; 7] = [
    Field::Name,
    Field::Key,
    Field::Latency,
    Field::Model,
    Field::Instruction,
    Field::Prompt,
    Field::Answer,
];

/// A byte that is in no text, after each of them.
const END_OF_TEXT: u8 = 0xff;

/// The mark of an agent that passes its prompt on.
const PASS_THROUGH: char = 'p';
/// The mark of one that may search the web.
const SEARCHES: char = 's';
/// The mark of one that gets the picture.
const SEES: char = 'i';

/// Reads the part after the preset. `base` is the preset's own agents.
pub(super) fn read(packed: &[u8], mut base: Vec<AgentText>) -> Result<Vec<AgentText>, LinkError> {
    // The format is older than agents that see.
    base.iter_mut().for_each(|agent| agent.sees = false);
    let (expected, rest) = packed.split_first_chunk().ok_or(LinkError::Damaged)?;
    let (length, squeezed) = rest.split_first_chunk().ok_or(LinkError::Damaged)?;
    let known = bytes(&base);
    // Two bytes of length bound the work that a stranger's link can ask for.
    let bytes = unsqueeze(&known, squeezed, usize::from(u16::from_be_bytes(*length)));
    if checksum(known.iter().chain(&bytes)).to_be_bytes() != *expected {
        return Err(LinkError::Damaged);
    }
    agents(&bytes).ok_or(LinkError::Damaged)
}

/// Agents as bytes: for each its marks and its texts, each ended.
fn bytes(agents: &[AgentText]) -> Vec<u8> {
    let mut out = Vec::new();
    for agent in agents {
        let marks = [
            (agent.work == Work::PassThrough, PASS_THROUGH),
            (agent.search, SEARCHES),
            (agent.sees, SEES),
        ];
        out.extend(marks.iter().filter(|(has, _)| *has).map(|(_, mark)| *mark as u8));
        out.push(END_OF_TEXT);
        for field in FIELDS {
            out.extend(agent.get(field).bytes());
            out.push(END_OF_TEXT);
        }
    }
    out
}

fn agents(bytes: &[u8]) -> Option<Vec<AgentText>> {
    let texts = bytes.split_inclusive(|byte| *byte == END_OF_TEXT);
    let texts = texts.map(|text| std::str::from_utf8(text.strip_suffix(&[END_OF_TEXT])?).ok());
    let texts = texts.collect::<Option<Vec<&str>>>()?;
    let agents = texts.chunks(1 + FIELDS.len()).map(|texts| {
        let (marks, texts) = texts.split_first()?;
        let mut agent = AgentText::default();
        for mark in marks.chars() {
            match mark {
                PASS_THROUGH => agent.work = Work::PassThrough,
                SEARCHES => agent.search = true,
                SEES => agent.sees = true,
                _ => return None,
            }
        }
        if texts.len() != FIELDS.len() {
            return None;
        }
        for (field, text) in FIELDS.into_iter().zip(texts) {
            agent.set(field, *text);
        }
        Some(agent)
    });
    agents.collect()
}

/// How many bytes back each prediction looks; a match with an earlier place is one more.
const ORDERS: [usize; 5] = [1, 2, 3, 4, 6];
const INPUTS: usize = ORDERS.len() + 2;
/// Bits of the place of a context in the table.
const PLACES: u32 = 17;
/// So many bytes have to agree before an earlier place is taken for a match.
const LEAST_MATCH: usize = 5;
/// Longer matches are trusted alike.
const LONGEST_MATCH: usize = 31;
/// How fast a context forgets: after so many bits it takes each for one in that many.
const MEMORY: u32 = 127;
/// How fast the mixture learns.
const LEARNING: i32 = 7;

/// Decompresses `length` bytes, after having seen `known`. Any input gives some bytes.
pub fn unsqueeze(known: &[u8], squeezed: &[u8], length: usize) -> Vec<u8> {
    let mut predictor = Predictor::after(known);
    let (mut low, mut high) = (0_u32, u32::MAX);
    let mut rest = squeezed.iter().copied().chain(std::iter::repeat(0));
    let mut next = || rest.next().map_or(0, u32::from);
    let mut at = (0..4).fold(0, |at, _| at << 8 | next());
    let mut out = Vec::new();
    while out.len() < length {
        let mut byte = 0_u8;
        for _ in 0..8 {
            let middle = split(low, high, predictor.chance());
            let bit = at <= middle;
            if bit {
                high = middle;
            } else {
                low = middle + 1;
            }
            while (low ^ high) >> 24 == 0 {
                low <<= 8;
                high = high << 8 | 0xff;
                at = at << 8 | next();
            }
            predictor.learn(bit);
            byte = byte << 1 | u8::from(bit);
        }
        out.push(byte);
    }
    out
}

/// Where a range is cut, when the next bit is a one with that chance in 4,096.
fn split(low: u32, high: u32, chance: u32) -> u32 {
    low + ((u64::from(high - low) * u64::from(chance)) >> 12) as u32
}

/// What has been read, and what it predicts of the next bit.
struct Predictor {
    read: Vec<u8>,
    /// The bits of the next byte that are known, after a leading one.
    partial: usize,
    /// For each context: a chance in its upper 22 bits, and how often it was met in the others.
    seen: Vec<u32>,
    /// The same for matches, by their length.
    matches: [u32; LONGEST_MATCH + 1],
    /// Where each run of [`LEAST_MATCH`] bytes was last.
    places: Vec<u32>,
    /// Where what comes next was read before, and for how many bytes the two have agreed.
    match_at: usize,
    match_length: usize,
    contexts: [u32; ORDERS.len()],
    weights: [[i32; INPUTS]; 3],
    inputs: [i32; INPUTS],
    mixed: i32,
    stretched: Vec<i16>,
}

impl Predictor {
    fn after(known: &[u8]) -> Self {
        let mut stretched = Vec::with_capacity(4096);
        for odds in -2047..=2047 {
            while (stretched.len() as i32) <= squash(odds) {
                stretched.push(odds as i16);
            }
        }
        stretched.resize(4096, 2047);
        let mut predictor = Self {
            read: Vec::new(),
            partial: 1,
            seen: vec![1 << 31; 1 << PLACES],
            matches: [3 << 30; LONGEST_MATCH + 1],
            places: vec![0; 1 << 12],
            match_at: 0,
            match_length: 0,
            contexts: [0; ORDERS.len()],
            weights: [[START; INPUTS]; 3],
            inputs: [0; INPUTS],
            mixed: 2048,
            stretched,
        };
        predictor.predict();
        for byte in known {
            for shift in (0..8).rev() {
                predictor.learn(byte >> shift & 1 == 1);
            }
        }
        predictor
    }

    /// The chance that the next bit is a one, in 4,096; never none and never all.
    fn chance(&self) -> u32 {
        self.mixed.clamp(1, 4095) as u32
    }

    /// The bit that comes next if the match goes on.
    fn matched_bit(&self) -> Option<bool> {
        let byte = usize::from(*self.read.get(self.match_at)?) | 256;
        let known = usize::BITS - 1 - self.partial.leading_zeros();
        let agrees = byte >> (8 - known) == self.partial;
        (self.match_length > 0 && agrees).then_some(byte >> (7 - known) & 1 == 1)
    }

    fn place(&self, order: usize) -> usize {
        let context = self.contexts[order].wrapping_add(self.partial as u32);
        (context.wrapping_mul(0x9e37_79b1) >> (32 - PLACES)) as usize
    }

    fn set(&self) -> usize {
        match self.match_length {
            0 => 0,
            length if length < 16 => 1,
            _ => 2,
        }
    }

    fn predict(&mut self) {
        for order in 0..ORDERS.len() {
            let chance = self.seen[self.place(order)] >> 20;
            self.inputs[order] = i32::from(self.stretched[chance as usize]);
        }
        let chance = self.matches[self.match_length.min(LONGEST_MATCH)] >> 20;
        let trust = i32::from(self.stretched[chance as usize]);
        self.inputs[ORDERS.len()] = match self.matched_bit() {
            Some(true) => trust,
            Some(false) => -trust,
            None => 0,
        };
        self.inputs[ORDERS.len() + 1] = 256;
        let weights = &self.weights[self.set()];
        let odds: i32 = self.inputs.iter().zip(weights).map(|(i, w)| (i * w) >> 8).sum();
        self.mixed = squash(odds >> 8);
    }

    fn learn(&mut self, bit: bool) {
        let wrong = ((i32::from(bit) << 12) - self.mixed) * LEARNING;
        let set = self.set();
        for (weight, input) in self.weights[set].iter_mut().zip(self.inputs) {
            let learned = *weight + ((input * wrong + (1 << 13)) >> 14);
            *weight = learned.clamp(-HEAVIEST, HEAVIEST);
        }
        for order in 0..ORDERS.len() {
            let place = self.place(order);
            count(&mut self.seen[place], bit);
        }
        if let Some(expected) = self.matched_bit() {
            let length = self.match_length.min(LONGEST_MATCH);
            count(&mut self.matches[length], expected == bit);
            if expected != bit {
                self.match_length = 0;
            }
        }
        self.partial = self.partial << 1 | usize::from(bit);
        if self.partial >= 256 {
            self.end_byte();
        }
        self.predict();
    }

    fn end_byte(&mut self) {
        self.read.push(self.partial as u8);
        self.partial = 1;
        if self.match_length > 0 {
            self.match_at += 1;
            self.match_length += 1;
        }
        let hash = |length: usize| {
            let last = &self.read[self.read.len().saturating_sub(length)..];
            last.iter().fold(length as u32, |hash, byte| {
                (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193).rotate_left(11)
            })
        };
        self.contexts = ORDERS.map(|order| hash(order).wrapping_mul(0x2c1b_3c6d) & !0xff);
        if self.read.len() >= LEAST_MATCH {
            let place = (hash(LEAST_MATCH).wrapping_mul(0x9e37_79b1) >> 20) as usize;
            if self.match_length == 0 {
                self.match_at = self.places[place] as usize;
                let before = self.read[..self.match_at].iter().rev();
                let alike = before.zip(self.read.iter().rev()).take(LONGEST_MATCH);
                self.match_length = alike.take_while(|(a, b)| a == b).count();
            }
            self.places[place] = self.read.len() as u32;
        }
    }
}

/// What each prediction counts before anything is learned, in 65,536.
const START: i32 = 20_000;

/// What a prediction counts at most: beyond it sums would leave their range.
const HEAVIEST: i32 = 1 << 19;

/// Moves a chance towards what has happened: far while it was met seldom, then less and less.
fn count(seen: &mut u32, bit: bool) {
    let met = *seen & 0x3ff;
    let chance = i64::from(*seen >> 10);
    let goal = if bit { (1 << 22) - 1 } else { 0 };
    let moved = chance + (goal - chance) * 2 / i64::from(2 * met + 3);
    *seen = (moved as u32) << 10 | (met + 1).min(MEMORY);
}

/// A chance in 4,096 from odds in 256ths of a natural logarithm: the logistic curve, as lines
/// between points half a unit apart.
fn squash(odds: i32) -> i32 {
    const POINTS: [i32; 33] = [
        1, 2, 4, 6, 10, 17, 27, 45, 74, 120, 194, 311, 488, 747, 1102, 1546, 2048, 2550, 2994,
        3349, 3608, 3785, 3902, 3976, 4022, 4051, 4069, 4079, 4086, 4090, 4092, 4094, 4095,
    ];
    let odds = odds.clamp(-2047, 2047) + 2048;
    let (point, part) = ((odds >> 7) as usize, odds & 127);
    (POINTS[point] * (128 - part) + POINTS[point + 1] * part + 64) >> 7
}
