//! An edited pipeline as a word of an address, and back.
//!
//! `1company.` and then letters, digits, `-` and `_`: the version of this form, the preset that it
//! began with, and the texts, squeezed by whoever has read that preset's own texts. What an older page
//! wrote has to stay readable: `tests/host/edit/link.rs` holds links that were given away. When a
//! preset changes, the texts that it had go on being read for version 1; a link says by a checksum
//! whether it was made from what is read here. A stranger may have written it: no text does harm.

use std::fmt;

use super::squeeze::{squeeze, unsqueeze};
use super::{AgentText, Edited, Field, MOST_TEXT, texts};
use crate::pipeline::Work;
use crate::presets::{self, PresetId};
use crate::words;

/// The form that is written.
const VERSION: &str = "1";
/// The longest link that is looked at, in characters.
const LONGEST: usize = 4 * MOST_TEXT / 3;
/// Branches of the preset that has a choice, where its texts are read beforehand.
const BRANCHES: usize = 3;

/// A byte that is in no text, after each of them.
const END_OF_TEXT: u8 = 0xff;
/// How an agent is marked that passes its prompt on, one that may search, and one that sees.
const PASSES: char = 'p';
const SEARCHES: char = 's';
const SEES: char = 'i';

/// Why a link holds no pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is written in a form of a later page.
    Version,
    /// It began with a preset that is not here.
    Preset,
    /// It is longer than any that this page writes.
    TooLong,
    /// Something in it was changed or is missing.
    Damaged,
    /// It holds agents that are no pipeline.
    NoPipeline(String),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::Version => words::editor::LINK_VERSION,
            Self::Preset => words::editor::LINK_PRESET,
            Self::TooLong => words::editor::LINK_TOO_LONG,
            Self::Damaged => words::editor::LINK_DAMAGED,
            Self::NoPipeline(why) => &words::editor::link_cannot_run(why),
        };
        f.write_str(&words::editor::link_not_shown(why))
    }
}

/// Writes a pipeline that was made from a preset.
pub fn write(edited: &Edited, preset: PresetId) -> String {
    let (known, bytes) = (bytes(&base(preset)), bytes(edited.agents()));
    let mut out = check(&known, &bytes).to_be_bytes().to_vec();
    // No pipeline is longer than two bytes say, so nobody can ask for more work than that.
    out.extend((bytes.len() as u16).to_be_bytes());
    out.extend(squeeze(&known, &bytes));
    format!("{VERSION}{}.{}", preset.id(), letters(&out))
}

/// Reads one back.
pub fn read(link: &str) -> Result<Edited, LinkError> {
    if link.len() > LONGEST {
        return Err(LinkError::TooLong);
    }
    let rest = link.strip_prefix(VERSION).ok_or(LinkError::Version)?;
    let (preset, rest) = rest.split_once('.').ok_or(LinkError::Damaged)?;
    let preset = PresetId::find(preset).ok_or(LinkError::Preset)?;
    let all = unletters(rest).ok_or(LinkError::Damaged)?;
    let (checksum, rest) = all.split_first_chunk().ok_or(LinkError::Damaged)?;
    let (length, squeezed) = rest.split_first_chunk().ok_or(LinkError::Damaged)?;
    let known = bytes(&base(preset));
    let bytes = unsqueeze(&known, squeezed, usize::from(u16::from_be_bytes(*length)));
    if check(&known, &bytes).to_be_bytes() != *checksum {
        return Err(LinkError::Damaged);
    }
    let agents = agents(&bytes).ok_or(LinkError::Damaged)?;
    Edited::new(agents).map_err(|problems| {
        let first = problems.into_iter().next().map(|problem| problem.says).unwrap_or_default();
        LinkError::NoPipeline(first.chars().take(40).collect())
    })
}

fn base(preset: PresetId) -> Vec<AgentText> {
    let mut agents = texts(&presets::preset(preset, BRANCHES));
    // Version 1 was written before agents could see.
    agents.iter_mut().for_each(|agent| agent.sees = false);
    agents
}

/// Agents as bytes: for each its marks and its texts, each ended.
fn bytes(agents: &[AgentText]) -> Vec<u8> {
    let mut out = Vec::new();
    for agent in agents {
        let marks = [
            (agent.work == Work::PassThrough, PASSES),
            (agent.search, SEARCHES),
            (agent.sees, SEES),
        ];
        out.extend(marks.iter().filter(|(has, _)| *has).map(|(_, mark)| *mark as u8));
        out.push(END_OF_TEXT);
        for field in Field::ALL {
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
    let agents = texts.chunks(1 + Field::ALL.len()).map(|texts| {
        let (marks, texts) = texts.split_first()?;
        let mut agent = AgentText::default();
        for mark in marks.chars() {
            match mark {
                PASSES => agent.work = Work::PassThrough,
                SEARCHES => agent.search = true,
                SEES => agent.sees = true,
                _ => return None,
            }
        }
        if texts.len() != Field::ALL.len() {
            return None;
        }
        for (field, text) in Field::ALL.into_iter().zip(texts) {
            agent.set(field, *text);
        }
        Some(agent)
    });
    agents.collect()
}

/// A checksum of both (FNV-1a), to tell damage.
fn check(known: &[u8], bytes: &[u8]) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    known.iter().chain(bytes).fold(0x811c_9dc5, step)
}

/// The letters of base64 for addresses, in order (RFC 4648, section 5).
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn letters(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            (0..3).fold(0, |bits, at| bits << 8 | chunk.get(at).map_or(0, |b| usize::from(*b)));
        let letter = |at: usize| char::from(LETTERS[bits >> (18 - 6 * at) & 63]);
        out.extend((0..=chunk.len()).map(letter));
    }
    out
}

fn unletters(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for at in 0..4 {
            let value = match chunk.get(at) {
                Some(letter) => LETTERS.iter().position(|own| own == letter)?,
                None => 0,
            };
            bits = bits << 6 | value;
        }
        let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
        let (full, rest) = bytes.split_at(chunk.len() - 1);
        // Four letters too few, or bits that say nothing, are no link of this page.
        if chunk.len() == 1 || rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend(full);
    }
    Some(out)
}
