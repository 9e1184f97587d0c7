//! The key shows nowhere: not when printed, not when a server echoes it.

use super::{KEY, Played, prompt};
use converge::llm::{ApiKey, KeyError, ProviderId};
use proptest::prelude::*;

fn key() -> ApiKey {
    ApiKey::new(KEY).unwrap()
}

#[test]
fn printing_shows_nothing() {
    for shown in [format!("{:?}", key()), format!("{:#?}", key()), key().to_string()] {
        assert!(!shown.contains(&KEY[..4]), "{shown}");
    }
    let settings = ProviderId::OpenAi.settings("", "", None).unwrap();
    let request = ProviderId::OpenAi.provider(settings).request(&prompt(), &key());
    assert_eq!(
        format!("{request:?}"),
        "HttpRequest { url: https://api.openai.com/v1/chat/completions, \
         headers: [\"content-type\", \"authorization\"], .. }"
    );
}

#[test]
fn what_cannot_be_a_key() {
    for text in ["sk-a\nb", "sk-a b", "sk–dash", "sk-\u{200b}x", "schlüssel"] {
        assert_eq!(ApiKey::new(text), Err(KeyError));
    }
    assert_eq!(ApiKey::new(&format!("\t{KEY} \r\n")), Ok(key()));
    assert!(ApiKey::new("  ").unwrap().is_empty());
}

#[test]
fn a_servers_echo() {
    for (says, shown) in [
        (
            "Incorrect API key provided: sk-proj-Zq81fJd0aLr7vXe2TnYw.",
            "Incorrect API key provided: [key].",
        ),
        (
            "bad key sk-proj-********************TnYw. See https://x.test",
            "bad key [key] See https://x.test",
        ),
        ("bad key (sk-p…TnYw)", "bad key ([key])"),
        ("key sk-pr... is unknown", "key [key] is unknown"),
        ("key ending in ****nYw", "key ending in [key]"),
        ("no such key: \"aLr7vXe2\"", "no such key: \"[key]\""),
        ("url ?key=sk-proj-Zq81fJd0aLr7vXe2TnYw&x", "url ?key=[key]&x"),
        ("It is gone. Try gpt-6-luna, v1.5 ...", "It is gone. Try gpt-6-luna, v1.5 ..."),
    ] {
        assert_eq!(key().redact(says), shown);
    }
    // A dummy for a local server is no secret, and no word of a message.
    assert_eq!(ApiKey::new("x").unwrap().redact("max exceeded"), "max exceeded");
    assert_eq!(ApiKey::default().redact("any text"), "any text");
}

#[test]
fn no_error_holds_the_key() {
    let masked = format!("{}************{}", &KEY[..8], &KEY[24..]);
    for echo in
        [KEY.to_owned(), format!("Bearer {KEY}"), masked, format!("{}\\n{}", &KEY[..9], &KEY[9..])]
    {
        let body = format!(
            r#"{{"error":{{"message":"Incorrect API key provided: {echo}.","code":"invalid_api_key"}}}}"#
        );
        for played in [
            Played::new(401, "application/json", body.as_bytes()),
            Played::new(401, "text/plain", format!("nope {echo}").as_bytes()),
            Played::new(200, "application/json", body.as_bytes()),
            Played::events(&format!("data: {body}\n\n")),
            // Cut to length after the key is taken out, not before.
            Played::new(500, "", format!("{}{echo}", "word ".repeat(58)).as_bytes()),
        ] {
            let Some(Err(error)) = played.answer().pop() else { panic!("expected an error") };
            let json = serde_json::to_string(&error).unwrap();
            for shown in [error.to_string(), format!("{error:?}"), json] {
                assert!(
                    !KEY.as_bytes()
                        .windows(6)
                        .any(|part| { shown.as_bytes().windows(6).any(|seen| seen == part) }),
                    "{shown}"
                );
                assert!(!shown.contains(&KEY[24..]), "{shown}");
            }
        }
    }
}

proptest! {
    #[test]
    fn six_characters_in_a_row_never_pass(
        key in "[A-Za-z0-9_-]{8,40}",
        before in "\\PC{0,12}",
        after in "\\PC{0,12}",
        from in 0..40_usize,
        length in 6..40_usize,
    ) {
        let from = from.min(key.len() - 6);
        let part = &key[from..(from + length).min(key.len())];
        let redacted = ApiKey::new(&key).unwrap().redact(&format!("{before}{part}{after}"));
        for at in 0..=key.len() - 6 {
            prop_assert!(!redacted.contains(&key[at..at + 6]), "{redacted}");
        }
    }
}
