//! What is good to know before a run on some API: what will not go as the picture suggests.

use super::url::Url;
use super::vendors::ProviderId;
use crate::words;

/// As many connections as browsers keep to one host that speaks HTTP/1.1.
const CONNECTIONS: usize = 6;

/// What to know of calls to `url`, `width` of them at once. `searches`: whether agents ask for a
/// search of the web.
pub fn notes(id: ProviderId, url: &Url, width: usize, searches: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let is_local = url.is_local() && !id.is_built_in();
    if is_local && width > 1 {
        notes.push(match id {
            ProviderId::Ollama => words::api::OLLAMA_QUEUES.into(),
            _ => words::api::LOCAL_QUEUES.to_owned(),
        });
    }
    // Others speak HTTP/2, which browsers want encrypted.
    if url.as_str().starts_with("http:") && width > CONNECTIONS {
        notes.push(words::api::few_connections(CONNECTIONS, width));
    }
    if id.is_untried() && id.owns(url) {
        notes.push(words::api::untried(id.label()));
    }
    if searches {
        notes.push(match id {
            ProviderId::Gemini => words::api::SEARCHES_ARE_BILLED.into(),
            _ => words::api::SEARCHES_NEED_GEMINI.to_owned(),
        });
    }
    notes
}
