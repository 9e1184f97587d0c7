//! What waiting costs: how long the parallel run takes with a dependency, and without it.

use super::{Command, Draft, Field};
use crate::config::Settings;
use crate::time::seconds;
use crate::words;

/// For each agent that `reader` waits for, what that comes to under these settings. Empty while the
/// draft is no pipeline.
pub fn waiting(settings: &Settings, draft: &Draft, reader: u32) -> Vec<String> {
    let length = |draft: &Draft| {
        let edited = Some(draft.edited()?);
        Some(Settings { edited, ..settings.clone() }.parallel_time())
    };
    let needed = draft.agents().iter().filter(|writer| draft.needs(reader, writer.id));
    let needed: Vec<_> = needed.collect();
    let Some(with) = (!needed.is_empty()).then(|| length(draft)).flatten() else {
        return Vec::new();
    };
    let (mut free, mut told) = (Vec::new(), Vec::new());
    for writer in needed {
        let mut other = draft.clone();
        other.apply(&Command::Need(reader, writer.id));
        let name = writer.text.get(Field::Name).trim().to_owned();
        match length(&other) {
            Some(without) if seconds(with) != seconds(without) => {
                told.push(words::editor::waiting_costs(&name, &seconds(with), &seconds(without)))
            }
            _ => free.push(name),
        }
    }
    if !free.is_empty() {
        told.push(words::editor::waiting_is_free(&words::list(&free)));
    }
    told
}
