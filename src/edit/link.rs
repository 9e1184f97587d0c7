//! An edited pipeline as one value of an address, and back.
//!
//! `2company.` and then letters, digits, `-` and `_`: the version, the preset that it began with, and
//! what differs from that preset, as JSON, compressed (zlib), in base64 for addresses. It refers to the
//! preset's texts, so a checksum of them is in it. Links of [`version_1`] are read for good:
//! `tests/host/edit/link.rs` holds some that were given away. A stranger may have written a link, so
//! every size is bounded before it is worked on.

mod earlier;
pub mod version_1;

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde::{Deserialize, Serialize};

use super::{AgentText, Edited, Field, MOST_AGENTS, MOST_TEXT, texts};
use crate::pipeline::Work;
use crate::presets::{self, PresetId};
use crate::words;

/// The longest link that is read, in characters: texts that do not compress, in base64.
const LONGEST: usize = 3 * MOST_TEXT / 2;
/// The most JSON that a link may hold, in bytes: a character can take six (`\u0000`).
const MOST_JSON: usize = 7 * MOST_TEXT;
/// How hard the compressor tries, of 10.
const LEVEL: u8 = 10;
/// Branches of a preset that lets the reader choose how many, where links refer to its texts.
const BRANCHES: usize = 3;

/// Why a link holds no pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is in a format that this page does not know.
    Version,
    /// It began with a preset that is not here, or whose texts have changed.
    Preset,
    /// It is longer than any that this page writes.
    TooLong,
    /// Something in it was changed or is missing.
    Damaged,
    /// It holds agents that are no pipeline.
    NoPipeline(String),
    /// What reads it did not arrive.
    NotLoaded,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::Version => "is in an unknown format",
            Self::Preset => "refers to an unknown or changed scenario",
            Self::TooLong => "is too long",
            Self::Damaged => "is damaged or incomplete",
            Self::NotLoaded => "could not be read: a part of this page did not arrive",
            Self::NoPipeline(why) => &words::editor::link_cannot_run(why),
        };
        f.write_str(&words::editor::link_not_shown(why))
    }
}

/// What a link of version 2 holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    /// A checksum of the preset's agents.
    base: u32,
    agents: Vec<Change>,
}

/// An agent by what differs from one of the preset's, or from an empty one.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Change {
    /// The place of the preset's agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<usize>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    texts: BTreeMap<Field, Splice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sees: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work: Option<Work>,
}

/// How many bytes of the old text stay at its beginning and at its end, and what is between them.
#[derive(Serialize, Deserialize)]
struct Splice(usize, usize, String);

/// Writes a pipeline that was made from a preset.
pub fn write(edited: &Edited, preset: PresetId) -> String {
    let base = base(preset);
    let agents = edited.agents().iter().enumerate();
    let agents = agents.map(|(place, agent)| Change::new(&base, place, agent)).collect();
    let json = json(&Changes { base: checksum_of(&base), agents });
    let packed = BASE64_URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&json, LEVEL));
    format!("2{}.{packed}", preset.id())
}

/// What a link holds: a pipeline, and the preset that it began with.
pub type Linked = Result<(PresetId, Edited), LinkError>;

/// Reads one back.
pub fn read(link: &str) -> Linked {
    if link.len() > LONGEST {
        return Err(LinkError::TooLong);
    }
    let unpack = match link.chars().next() {
        Some('1') => version_1::read,
        Some('2') => unpack,
        _ => return Err(LinkError::Version),
    };
    let (preset, packed) = link[1..].split_once('.').ok_or(LinkError::Damaged)?;
    let preset = PresetId::find(preset).ok_or(LinkError::Preset)?;
    let packed = BASE64_URL_SAFE_NO_PAD.decode(packed).map_err(|_| LinkError::Damaged)?;
    let earlier = earlier::texts(preset, base(preset));
    let agents = unpack(&packed, base(preset)).or_else(|error| match earlier {
        Some(earlier) => unpack(&packed, earlier).map_err(|_| error),
        None => Err(error),
    })?;
    let edited = Edited::new(agents).map_err(|problems| {
        let first = problems.into_iter().next().map(|problem| problem.says).unwrap_or_default();
        LinkError::NoPipeline(first.chars().take(40).collect())
    })?;
    Ok((preset, edited))
}

fn unpack(packed: &[u8], base: Vec<AgentText>) -> Result<Vec<AgentText>, LinkError> {
    let json = decompress_to_vec_zlib_with_limit(packed, MOST_JSON);
    let json = json.map_err(|_| LinkError::Damaged)?;
    let changes: Changes = serde_json::from_slice(&json).map_err(|_| LinkError::Damaged)?;
    if changes.base != checksum_of(&base) {
        return Err(LinkError::Preset);
    }
    // One more than there may be is enough to be refused, and a small link can name very many.
    let agents = changes.agents.iter().take(MOST_AGENTS + 1);
    agents.map(|change| change.apply(&base)).collect::<Option<_>>().ok_or(LinkError::Damaged)
}

impl Change {
    /// What differs in `agent` from the preset's agent of the same key or, without one, place.
    fn new(base: &[AgentText], place: usize, agent: &AgentText) -> Self {
        let key = |agent: &AgentText| agent.get(Field::Key).to_owned();
        let of = base.iter().position(|old| key(old) == key(agent));
        let of = of.or_else(|| Some(place).filter(|place| *place < base.len()));
        let empty = AgentText::default();
        let old = of.map_or(&empty, |of| &base[of]);
        let changed = Field::ALL.into_iter().filter(|field| agent.get(*field) != old.get(*field));
        Self {
            of,
            texts: changed
                .map(|field| (field, Splice::new(old.get(field), agent.get(field))))
                .collect(),
            search: (agent.search != old.search).then_some(agent.search),
            sees: (agent.sees != old.sees).then_some(agent.sees),
            work: (agent.work != old.work).then_some(agent.work),
        }
    }

    fn apply(&self, base: &[AgentText]) -> Option<AgentText> {
        let mut agent = match self.of {
            Some(of) => base.get(of)?.clone(),
            None => AgentText::default(),
        };
        for (field, splice) in &self.texts {
            agent.set(*field, splice.apply(agent.get(*field))?);
        }
        agent.search = self.search.unwrap_or(agent.search);
        agent.sees = self.sees.unwrap_or(agent.sees);
        agent.work = self.work.unwrap_or(agent.work);
        Some(agent)
    }
}

impl Splice {
    fn new(old: &str, new: &str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        let length = |(a, _): (char, char)| a.len_utf8();
        let start = old.chars().zip(new.chars()).take_while(same).map(length).sum();
        let rest = old[start..].chars().rev().zip(new[start..].chars().rev());
        let end = rest.take_while(same).map(length).sum();
        Self(start, end, new[start..new.len() - end].to_owned())
    }

    /// `None` where the old text is too short for that, or would be cut inside a character.
    fn apply(&self, old: &str) -> Option<String> {
        let Self(start, end, between) = self;
        let (kept, rest) = old.split_at_checked(*start)?;
        let (_, tail) = rest.split_at_checked(rest.len().checked_sub(*end)?)?;
        Some([kept, between, tail].concat())
    }
}

fn base(preset: PresetId) -> Vec<AgentText> {
    texts(&presets::preset(preset, BRANCHES))
}

fn checksum_of(base: &[AgentText]) -> u32 {
    let agents: Vec<_> = base.iter().map(|agent| Change::new(&[], 0, agent)).collect();
    checksum(&json(&agents))
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and numbers, under keys that are texts, are JSON")
}

/// FNV-1a.
fn checksum<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.into_iter().fold(0x811c_9dc5, step)
}
