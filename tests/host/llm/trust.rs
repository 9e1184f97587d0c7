//! Whose idea it was that calls go where they go, and what counts as the same host.

use converge::llm::{ProviderId, Trust, Url, UrlError};
use proptest::prelude::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn linked(base_url: &str) -> Trust {
    let mut trust = Trust::default();
    trust.link(Some(base_url));
    trust
}

fn asks(trust: &Trust, base_url: &str) -> bool {
    trust.must_accept(ProviderId::Compatible, &url(base_url))
}

#[test]
fn a_linked_host_has_to_be_accepted_as_it_is_shown() {
    let mut trust = linked("https://models.example:8443/v1");
    assert!(asks(&trust, "https://models.example:8443/v1"));
    trust.accept(&url("https://models.example:8443/v1"));
    assert!(!asks(&trust, "https://models.example:8443/v1"));
    // Another path is the same host; another scheme or port is not.
    assert!(!asks(&trust, "https://models.example:8443/v2"));
    for other in
        ["http://models.example:8443", "https://models.example", "https://models.example:9"]
    {
        assert!(asks(&trust, other), "{other}");
    }
}

#[test]
fn typing_is_a_decision_only_where_it_names_another_host() {
    let mut trust = linked("https://models.example/v1");
    for same in [
        "https://models.example/v1/",
        "https://models.example/v12",
        "http://models.example/v1",
        "https://models.example:444/v1",
        "HTTPS://Models.Example/v1",
        "https://models.example./v1",
    ] {
        trust.typed(Some(same));
        assert!(asks(&trust, same), "{same}");
    }
    trust.typed(Some("https://own.test/v1"));
    assert!(!asks(&trust, "https://own.test/v1"));
    trust.typed(Some("https://models.example/v1"));
    assert!(asks(&trust, "https://models.example/v1"), "the link's host is still the link's");
}

#[test]
fn a_link_that_one_character_completes_is_still_a_link() {
    for (broken, whole) in [
        ("https:/models.example/v1", "https://models.example/v1"),
        ("models.example/v1", "https://models.example/v1"),
        ("https://models.example/v1?", "https://models.example/v1"),
    ] {
        let mut trust = linked(broken);
        trust.typed(Some(whole));
        assert!(asks(&trust, whole), "{broken}");
    }
}

#[test]
fn acceptance_lapses_with_what_it_was_given_for() {
    let accepted = || {
        let mut trust = linked("https://models.example/v1");
        trust.accept(&url("https://models.example/v1"));
        trust
    };
    let here = "https://models.example/v1";
    // A link to the same place changes nothing.
    let mut trust = accepted();
    trust.link(Some("https://models.example/v2"));
    assert!(!asks(&trust, here));
    for elsewhere in [Some("https://other.example/v1"), Some("http://models.example/v1"), None] {
        let mut trust = accepted();
        trust.link(elsewhere);
        trust.link(Some(here));
        assert!(asks(&trust, here), "{elsewhere:?}");
    }
    let mut trust = accepted();
    trust.typed(Some("https://models.example:444/v1"));
    trust.typed(Some(here));
    assert!(asks(&trust, here), "a port of it is no other host");
}

#[test]
fn no_question_is_asked_of_a_vendor_s_own_host_or_the_reader_s_machine() {
    let own = "https://api.openai.com/v1";
    assert!(!linked(own).must_accept(ProviderId::OpenAi, &url(own)));
    // Another service's key is not for it.
    assert!(linked(own).must_accept(ProviderId::Anthropic, &url(own)));
    assert!(!asks(&linked("http://localhost:11434/v1"), "http://localhost:11434/v1"));
    assert!(!asks(&Trust::default(), "https://typed.example/v1"));
}

#[test]
fn plain_http_to_a_vendor_is_refused_and_named_elsewhere() {
    for (id, base_url) in [
        (ProviderId::OpenAi, "http://api.openai.com/v1"),
        (ProviderId::OpenAi, "http://api.openai.com:8080/v1"),
        (ProviderId::OpenAi, "http://API.OpenAI.com./v1"),
        (ProviderId::Compatible, "http://openrouter.ai/api/v1"),
        (ProviderId::Ollama, "http://api.anthropic.com/v1"),
    ] {
        assert_eq!(
            id.settings(base_url, "", None).err(),
            Some(UrlError::Unencrypted),
            "{base_url}"
        );
    }
    for (id, base_url) in [
        (ProviderId::OpenAi, "https://api.openai.com/v1"),
        (ProviderId::OpenAi, "http://proxy.example/v1"),
        (ProviderId::Ollama, "http://localhost:11434/v1"),
        (ProviderId::Ollama, "http://192.168.1.7:11434/v1"),
    ] {
        assert!(id.settings(base_url, "", None).is_ok(), "{base_url}");
    }
    assert_eq!(url("http://proxy.example:81/v1").shown(), "http://proxy.example:81");
    assert_eq!(url("https://proxy.example:81/v1").shown(), "proxy.example:81");
    assert_eq!(url("http://localhost:11434/v1").shown(), "localhost:11434");
    assert_eq!(Url::parse("https://proxy.example:+81/v1"), Err(UrlError::Host));
}

proptest! {
    /// Whatever is typed and linked: no host that the last link named is called before it has been
    /// accepted, or after it was changed.
    #[test]
    fn a_linked_host_is_never_called_unasked(
        linked_to in "https?://[a-c]\\.(one|two)\\.example(:[1-3])?(/v1)?",
        typed in prop::collection::vec("https?://[a-c]\\.(one|two)\\.example(:[1-3])?(/v[12])?", 0..4),
    ) {
        let mut trust = linked(&linked_to);
        for text in &typed {
            trust.typed(Some(text));
        }
        let (from, at) = (url(&linked_to), url(typed.last().unwrap_or(&linked_to)));
        prop_assert_eq!(asks(&trust, at.as_str()), from.host_name() == at.host_name());
        trust.accept(&at);
        prop_assert!(!asks(&trust, at.as_str()));
        trust.link(Some(&linked_to));
        let is_same = at.origin() == from.origin();
        prop_assert_eq!(asks(&trust, from.as_str()), !is_same);
    }
}
