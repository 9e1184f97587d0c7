//! A key goes with the provider and the origin that it was given for, and nowhere else.

use converge::llm::{Keyring, ProviderId};
use proptest::prelude::*;

const OPENAI: ProviderId = ProviderId::OpenAi;
const OTHER: ProviderId = ProviderId::Compatible;
const HERE: Option<&str> = Some("https://a.example");
const THERE: Option<&str> = Some("https://b.example");

#[test]
fn a_key_is_for_both() {
    let mut keys = Keyring::default();
    keys.put(OPENAI, HERE, "one".into());
    assert_eq!(keys.get(OPENAI, HERE), "one");
    for (id, origin) in [(OPENAI, THERE), (OTHER, HERE), (OPENAI, None), (OTHER, None)] {
        assert_eq!(keys.get(id, origin), "", "{id:?} {origin:?}");
    }
    keys.put(OPENAI, THERE, "two".into());
    assert_eq!((keys.get(OPENAI, HERE), keys.get(OPENAI, THERE)), ("one", "two"));
    keys.put(OPENAI, HERE, String::new());
    assert_eq!((keys.get(OPENAI, HERE), keys.get(OPENAI, THERE)), ("", "two"));
}

#[test]
fn one_that_is_typed_first_is_for_the_base_url_that_is_typed_then() {
    let mut keys = Keyring::default();
    keys.put(OTHER, None, "one".into());
    assert_eq!((keys.get(OTHER, HERE), keys.get(OPENAI, HERE)), ("one", ""));
    keys.settle(OTHER, "https://a.example");
    assert_eq!((keys.get(OTHER, HERE), keys.get(OTHER, THERE)), ("one", ""));
    let mut keys = Keyring::default();
    keys.put(OTHER, None, "one".into());
    keys.drop_unsettled();
    assert_eq!(keys.get(OTHER, HERE), "");
}

proptest! {
    /// Whatever was done before, a key that is found is one that was given for that very place.
    #[test]
    fn no_key_is_found_that_was_given_elsewhere(
        given in prop::collection::vec((0..3_usize, 0..3_usize, "[a-z]{0,2}"), 0..12),
        at in (0..3_usize, 0..3_usize),
    ) {
        let ids = [ProviderId::OpenAi, ProviderId::Gemini, ProviderId::Compatible];
        let origins = ["https://a.example", "http://a.example", "https://a.example:1"];
        let mut keys = Keyring::default();
        for (id, origin, key) in &given {
            keys.put(ids[*id], Some(origins[*origin]), key.clone());
        }
        let last = given.iter().rev().find(|(id, origin, _)| (*id, *origin) == at);
        let found = keys.get(ids[at.0], Some(origins[at.1]));
        prop_assert_eq!(found, last.map_or("", |(_, _, key)| key.as_str()));
    }
}
