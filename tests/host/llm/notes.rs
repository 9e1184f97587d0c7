//! What is said before a run: nothing where nothing is in the way.

use converge::llm::notes::notes;
use converge::llm::{ProviderId, Url};

#[track_caller]
fn check(id: ProviderId, url: &str, width: usize, searches: bool, expected: &[&str]) {
    let url = if url.is_empty() { id.base_url() } else { url };
    let told = notes(id, &Url::parse(url).unwrap(), width, searches);
    let begins = |(note, start): (&String, &&str)| note.starts_with(*start);
    assert_eq!(told.len(), expected.len(), "{told:?}");
    assert!(told.iter().zip(expected).all(begins), "{told:?}");
}

#[test]
fn servers_of_ones_own() {
    const OLLAMA: &str = "Ollama answers as many calls at once as its OLLAMA_NUM_PARALLEL says";
    const OWN: &str = "A server on your own machine may answer one call after the other";
    const SIX: &str =
        "Browsers open 6 connections to such a server. Of 9 calls at once, the others";
    check(ProviderId::Ollama, "", 4, false, &[OLLAMA]);
    check(ProviderId::Ollama, "", 1, false, &[]);
    check(ProviderId::LmStudio, "", 9, false, &[OWN, SIX]);
    check(ProviderId::Compatible, "http://127.0.0.1:8000/v1", 6, false, &[OWN]);
    const OPEN: &str = "http://models.example.net is not encrypted: others on the network can read";
    check(ProviderId::Compatible, "http://models.example.net/v1", 9, false, &[OPEN, SIX]);
    check(ProviderId::Compatible, "http://models.example.net/v1", 1, false, &[OPEN]);
    check(ProviderId::Compatible, "https://models.example.net/v1", 9, false, &[]);
    check(ProviderId::Chrome, "", 9, false, &[]);
}

#[test]
fn vendors_that_nobody_has_tried() {
    for id in [ProviderId::Groq, ProviderId::Together, ProviderId::Xai, ProviderId::Cerebras] {
        let note = format!("Not verified whether {} allows calls from browsers", id.label());
        check(id, "", 9, false, &[&note]);
        check(id, "https://models.example.net/v1", 9, false, &[]);
    }
    for id in [ProviderId::OpenAi, ProviderId::Anthropic, ProviderId::Mistral] {
        check(id, "", 9, false, &[]);
    }
}

#[test]
fn searches() {
    check(ProviderId::Gemini, "", 3, true, &["Google may bill the searches"]);
    check(
        ProviderId::OpenAi,
        "",
        3,
        true,
        &["These agents ask for Google Search, which only Gemini has"],
    );
}
