//! Pictures: what is one, and how each API is given it.

use super::{KEY, prompt};
use converge::llm::{ApiKey, LARGEST_PICTURE, Look, Picture, PictureError, ProviderId, Vision};
use converge::model::{Prompt, Tool};
use proptest::prelude::*;
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\xff";
const IN_BASE64: &str = "iVBORw0KGgoA/w==";

fn picture() -> Picture {
    Picture::read(PNG, "a cat in a box").unwrap()
}

fn body(id: ProviderId, prompt: &Prompt, look: Look) -> Value {
    let mut settings = id.settings("http://localhost:1/v1", "m", None).unwrap();
    settings.look = look;
    let request = id.provider(settings).request(prompt, &ApiKey::new(KEY).unwrap());
    serde_json::from_str(&request.body).unwrap()
}

fn looking() -> Prompt {
    Prompt { tools: vec![Tool::Picture], ..prompt() }
}

/// What the user says, wherever the API has it.
fn user(id: ProviderId, body: &Value) -> Value {
    match id {
        ProviderId::Gemini => body["contents"][0]["parts"].clone(),
        ProviderId::Anthropic => body["messages"][0]["content"].clone(),
        _ => body["messages"][1]["content"].clone(),
    }
}

#[test]
fn each_api_gets_it_in_its_form() {
    let look = || Look::Picture(picture());
    for id in ProviderId::ALL {
        let expected = match id {
            ProviderId::Gemini => json!([
                { "text": "Solar?" },
                { "inlineData": { "mimeType": "image/png", "data": IN_BASE64 } },
            ]),
            ProviderId::Anthropic => json!([
                { "type": "image", "source": {
                    "type": "base64", "media_type": "image/png", "data": IN_BASE64,
                } },
                { "type": "text", "text": "Solar?" },
            ]),
            _ => json!([
                { "type": "text", "text": "Solar?" },
                { "type": "image_url", "image_url": {
                    "url": format!("data:image/png;base64,{IN_BASE64}"),
                } },
            ]),
        };
        let asked = body(id, &looking(), look());
        assert_eq!(user(id, &asked), expected, "{id:?}");
        // A picture is not a tool that a model is offered.
        assert_eq!(asked.get("tools"), None, "{id:?}");
    }
}

#[test]
fn whoever_does_not_look_gets_none() {
    for id in ProviderId::ALL {
        let without = body(id, &prompt(), Look::Nothing);
        for look in [Look::Picture(picture()), Look::Words("a cat".into())] {
            assert_eq!(body(id, &prompt(), look), without, "{id:?}");
        }
        assert_eq!(body(id, &looking(), Look::Nothing), without, "{id:?}");
    }
}

#[test]
fn a_model_that_does_not_see_is_told() {
    let told = "Solar?\n\n[The image shows: a cat]";
    for id in ProviderId::ALL {
        let asked = user(id, &body(id, &looking(), Look::Words("a cat".into())));
        let expected =
            if id == ProviderId::Gemini { json!([{ "text": told }]) } else { json!(told) };
        assert_eq!(asked, expected, "{id:?}");
    }
    let sees = |vision| ProviderId::ALL.into_iter().filter(move |id| id.sight() == vision);
    assert!(sees(Vision::None).eq([ProviderId::Chrome]));
    use ProviderId::{Anthropic, Gemini, OpenAi};
    assert!(sees(Vision::All).eq([OpenAi, Anthropic, Gemini]));
}

#[test]
fn a_file_is_judged_by_its_bytes() {
    let kinds: [(&[u8], &str); 4] = [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x01\x02\x03\x04WEBPVP8 ", "image/webp"),
    ];
    for (bytes, media) in kinds {
        assert_eq!(Picture::read(bytes, "").unwrap().media(), media);
    }
    let others: [&[u8]; 5] = [b"", b"<svg/>", b"RIFF\x01\x02\x03\x04WAVE", b"\x89PNG", b"hello"];
    for bytes in others {
        assert_eq!(Picture::read(bytes, ""), Err(PictureError::Kind));
    }
    let mut large = PNG.to_vec();
    large.resize(LARGEST_PICTURE, 0);
    assert!(Picture::read(&large, "").is_ok());
    large.push(0);
    assert_eq!(Picture::read(&large, ""), Err(PictureError::TooLarge));
    assert_eq!(PictureError::TooLarge.to_string(), "it is larger than 2 MB");
}

#[test]
fn it_is_not_shown_where_requests_are() {
    let picture = picture();
    assert_eq!(format!("{picture:?}"), "image/png of 10 bytes");
    assert_eq!(picture.stand_in().data_url(), "data:image/png;base64,[10 bytes in base64]");
    assert_eq!((picture.bytes(), &*picture.shows()), (10, "a cat in a box"));
}

/// The picture that comes with the page.
#[test]
fn ours_is_small_and_is_one() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/public/post.png")).unwrap();
    let ours = Picture::read(&bytes, "").unwrap();
    assert_eq!(ours.media(), "image/png");
    assert!(ours.bytes() < 10_000);
}

proptest! {
    /// Base64, read back the slow way.
    #[test]
    fn base64_says_every_byte(tail in proptest::collection::vec(any::<u8>(), 0..40)) {
        let bytes = [PNG, &tail].concat();
        let picture = Picture::read(&bytes, "").unwrap();
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let text = picture.base64();
        prop_assert_eq!(text.len() % 4, 0);
        let bits: String = text.trim_end_matches('=').chars()
            .map(|letter| format!("{:06b}", letters.find(letter).unwrap())).collect();
        let read: Vec<u8> = bits.as_bytes().chunks_exact(8)
            .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap()).collect();
        prop_assert_eq!(read, bytes);
    }
}
