//! What presets said before their texts changed: links that refer to those texts are still read.

use crate::edit::{AgentText, Field};
use crate::presets::PresetId;

/// The place of an agent, a field, and what stood there.
const RESEARCHERS: [(usize, Field, &str); 4] = [
    (0, Field::Latency, "1.8"),
    (1, Field::Latency, "2.4"),
    (2, Field::Latency, "1.4"),
    (3, Field::Latency, "1.6"),
];

/// The earlier texts of a preset; `None` where they have never changed.
pub(super) fn texts(preset: PresetId, mut base: Vec<AgentText>) -> Option<Vec<AgentText>> {
    let changed = match preset {
        PresetId::Researchers => RESEARCHERS,
        _ => return None,
    };
    for (agent, field, text) in changed {
        base.get_mut(agent)?.set(field, text);
    }
    Some(base)
}
