//! What presets said before their texts changed: links that refer to those texts are still read.

use crate::edit::{AgentText, Field};
use crate::presets::PresetId;

/// The place of an agent, a field, what stands there now, and what stood in its place.
type Change = (usize, Field, &'static str, &'static str);

const RESEARCHERS: &[Change] = &[
    (0, Field::Latency, "1.2", "1.8"),
    (1, Field::Latency, "1.5", "2.4"),
    (2, Field::Latency, "0.9", "1.4"),
    (3, Field::Latency, "0.8", "1.6"),
    (0, Field::Answer, "26%", "26 %"),
    (1, Field::Answer, "truck's", "lorry's"),
];

const COMPANY: &[Change] = &[
    (1, Field::Answer, "6.4%", "6.4 %"),
    (1, Field::Answer, "11%", "11 %"),
    (2, Field::Answer, "favorable", "favourable"),
];

const EMAIL: &[Change] = &[(0, Field::Answer, "favorite", "favourite")];

/// The earlier texts of a preset; `None` where they have never changed.
pub(super) fn texts(preset: PresetId, mut base: Vec<AgentText>) -> Option<Vec<AgentText>> {
    let changes = match preset {
        PresetId::Researchers => RESEARCHERS,
        PresetId::Company => COMPANY,
        PresetId::Email => EMAIL,
        _ => return None,
    };
    for (agent, field, now, earlier) in changes {
        let agent = base.get_mut(*agent)?;
        let text = agent.get(*field).replace(now, earlier);
        agent.set(*field, text);
    }
    Some(base)
}
