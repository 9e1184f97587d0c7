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
    if url.is_exposed() {
        notes.push(words::api::unencrypted(url.origin()));
    }
    let is_local = url.is_local() && !id.is_built_in();
    if is_local && width > 1 {
        notes.push(match id {
            ProviderId::Ollama => {
                "Ollama answers as many calls at once as its OLLAMA_NUM_PARALLEL says, which may \
                 be one: the others wait inside it, and running in parallel then saves little."
                    .into()
            }
            _ => "A server on your own machine may answer one call after the other: running in \
                parallel then saves little."
                .to_owned(),
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
            ProviderId::Gemini => "Google may bill the searches of these agents on top of their \
                tokens."
                .into(),
            _ => {
                "These agents ask for Google Search, which only Gemini has: here they answer from \
                 what the model remembers."
                    .to_owned()
            }
        });
    }
    notes
}
