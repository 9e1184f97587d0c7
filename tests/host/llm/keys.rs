//! The key shows nowhere: not when printed, not when a server echoes it.

use super::{KEY, Played, prompt};
use converge::clock::VirtualClock;
use converge::llm::{ApiKey, KeyError, ProviderId};
use converge::model::Chunk;
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

/// What a server could do to a key to get it past a look for it.
fn disguises() -> Vec<String> {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    let percent: String = KEY.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let some = KEY.replace('-', "%2D").replace('Z', "%5a");
    let base64 = ["", "x", "xy", "Bearer "].iter().flat_map(|before| {
        let text = format!("{before}{KEY}");
        [STANDARD.encode(&text), URL_SAFE.encode(&text)]
    });
    base64.chain([percent.clone(), percent.to_uppercase(), some]).collect()
}

#[test]
fn an_echo_in_disguise() {
    for disguise in disguises() {
        assert_eq!(key().redact(&format!("bad key {disguise}, sorry")), "bad key [key], sorry");
    }
    let split: Vec<String> =
        KEY.as_bytes().chunks(5).map(|c| String::from_utf8(c.into()).unwrap()).collect();
    for between in [" ", "\", \"", "\",\"b\":\"", " | ", "\n"] {
        let redacted = key().redact(&format!("no: {}.", split.join(between)));
        assert!(split.iter().filter(|part| redacted.contains(*part)).count() <= 1, "{redacted}");
    }
    let prose = "The tides turn twice a day, and a neap tide follows each quarter moon.";
    assert_eq!(key().redact(prose), prose);
}

#[test]
fn a_list_of_models_names_no_key() {
    let models = |names: &[&str]| {
        let list: Vec<_> = names.iter().map(|name| serde_json::json!({ "id": name })).collect();
        let body = serde_json::json!({ "data": list }).to_string();
        let played = Played::new(200, "application/json", body.as_bytes());
        VirtualClock::new().run(played.model().models()).unwrap()
    };
    let split: Vec<&str> =
        (0..KEY.len()).step_by(4).map(|at| &KEY[at..(at + 4).min(KEY.len())]).collect();
    let apart: Vec<&str> = split.iter().flat_map(|part| [*part, "gpt-9"]).collect();
    let disguises = disguises();
    let disguises: Vec<&str> = disguises.iter().map(String::as_str).collect();
    for echo in [vec![KEY], vec!["sk-proj-Zq81/x"], split, apart, disguises] {
        let names = [&["gpt-a"], &echo[..], &["gpt-b"]].concat();
        let shown: Vec<_> = models(&names).into_iter().filter(|name| name != "gpt-9").collect();
        assert_eq!(shown, ["gpt-a", "gpt-b"], "{echo:?}");
    }
}

/// Whatever an answer says, in whatever pieces: it stays as it is but for the key.
fn said(pieces: &[&str]) -> String {
    let event = |text: &&str| {
        let chunk = serde_json::json!({ "choices": [{ "delta": { "content": text } }], "usage": { "prompt_tokens": 1, "completion_tokens": 1 } });
        format!("data: {chunk}\n\n")
    };
    let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let body = pieces.iter().map(event).collect::<String>() + end;
    let text =
        Played::events(&body).answer().into_iter().filter_map(|chunk| match chunk.unwrap() {
            Chunk::Text(text) => Some(text),
            _ => None,
        });
    text.collect()
}

#[test]
fn an_answer_says_no_key() {
    for disguise in
        disguises().iter().map(String::as_str).chain([KEY]).filter(|d| !d.contains("%2D"))
    {
        let whole = format!("Your key is {disguise}. So it is.");
        for size in [1, 2, 3, 5, 8, 13, 200] {
            let pieces: Vec<&str> =
                whole.as_bytes().chunks(size).map(|c| std::str::from_utf8(c).unwrap()).collect();
            let told = said(&pieces);
            assert!(told.starts_with("Your key is ") && told.ends_with(" So it is."), "{told}");
            assert!(told.contains("[key]"), "{told} in pieces of {size}");
            // The first few characters may have been shown before it was one.
            assert!(
                told.len() < whole.len() - disguise.len() + 5 + 16,
                "{told} in pieces of {size}"
            );
        }
    }
    // The beginning of a key that does not go on as one is said in the end.
    assert_eq!(said(&["It begins with sk-proj", "-Zq8"]), "It begins with sk-proj-Zq8");
    assert_eq!(said(&["sk-proj-, and ", "sk-", "proj-"]), "sk-proj-, and sk-proj-");
}

#[test]
fn what_an_answer_rests_on_names_no_key() {
    let body = serde_json::json!({ "candidates": [{
        "content": { "parts": [{ "text": "Yes." }] },
        "finishReason": "STOP",
        "groundingMetadata": {
            "groundingChunks": [
                { "web": { "uri": format!("https://a.example/?k={KEY}"), "title": "a" } },
                { "web": { "uri": "https://b.example/", "title": &KEY[..14] } },
                { "web": { "uri": "https://c.example/", "title": "c" } },
            ],
            "webSearchQueries": ["tides", &KEY[14..]],
            "searchEntryPoint": { "renderedContent": format!("<a>{KEY}</a>") },
        },
    }] });
    let played = Played::events(&format!("data: {body}\n\n")).of(ProviderId::Gemini);
    let grounding = played.answer().into_iter().find_map(|chunk| match chunk.unwrap() {
        Chunk::Grounding(found) => Some(found),
        _ => None,
    });
    let grounding = grounding.unwrap();
    let shown = format!("{grounding:?}");
    assert!(
        !KEY.as_bytes()
            .windows(6)
            .any(|part| { shown.as_bytes().windows(6).any(|seen| seen == part) }),
        "{shown}"
    );
    assert_eq!(grounding.suggestions, "");
    assert_eq!(grounding.sources[2].uri, "https://c.example/");
    assert_eq!(grounding.queries[0], "tides");
}

proptest! {
    /// An answer that has nothing of the key in it is not touched, however it comes.
    #[test]
    fn other_answers_stay_as_they_are(
        words in prop::collection::vec("[a-z]{1,8}|sk-|sk-proj|-Zq8|é", 0..20), size in 1..9_usize,
    ) {
        let whole = words.join(" ");
        let letters: Vec<char> = whole.chars().collect();
        let pieces: Vec<String> = letters.chunks(size).map(|part| part.iter().collect()).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        prop_assert_eq!(said(&pieces), whole);
    }

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
