//! A call whose temperature is refused is sent once more without it, and says so.

use super::{KEY, Played, Then, picture, prompt};
use converge::clock::VirtualClock;
use converge::llm::{LiveModel, ProviderId};
use converge::model::{Model, Prompt};
use futures::future::join_all;
use futures::stream::StreamExt;
use serde_json::Value;

const HELLO: &str = include_str!("../cassettes/openai-hello.sse");

/// `first` is played to the first call and `then` to every later one.
fn played(id: ProviderId, first: Played, then: &str) -> Played {
    Played { temperature: Some(0.7), first: Some(Box::new(first)), ..Played::events(then).of(id) }
}

fn refusal(status: u16, message: &str) -> Played {
    let body = serde_json::json!({ "error": { "message": message } }).to_string();
    Played::new(status, "application/json", body.as_bytes())
}

fn sent(played: &Played) -> Vec<Value> {
    let requests = played.requests.borrow();
    requests.iter().map(|request| serde_json::from_str(&request.body).unwrap()).collect()
}

#[test]
fn once_without_the_temperature() {
    let message = "Unsupported value: 'temperature' does not support 0.7 with this model.";
    let (gemini, claude) = (
        include_str!("../cassettes/gemini-grounded.sse"),
        include_str!("../cassettes/anthropic-hello.sse"),
    );
    for (id, answer, field) in [
        (ProviderId::OpenAi, HELLO, "/temperature"),
        (ProviderId::Anthropic, claude, "/temperature"),
        (ProviderId::Gemini, gemini, "/generationConfig/temperature"),
    ] {
        for status in [400, 422] {
            let played = played(id, refusal(status, message), answer);
            let picture = picture(&played.answer());
            let (first, rest) = picture.split_once('\n').unwrap();
            let says = format!("resent: the server answered with error {status}: {message}");
            assert_eq!(first, says);
            assert!(rest.contains("finish Stop"), "{rest}");
            let mut sent = sent(&played);
            assert_eq!(sent.len(), 2);
            let again = sent.pop().unwrap();
            let mut first = sent.pop().unwrap();
            assert_eq!(first.pointer(field).unwrap(), 0.7);
            // All else is as it was.
            *first.pointer_mut(field).unwrap() = Value::Null;
            assert_eq!(again.pointer(field), None);
            assert_eq!(
                again.to_string(),
                first
                    .to_string()
                    .replace(r#","temperature":null"#, "")
                    .replace(r#""temperature":null,"#, "")
                    .replace(r#""generationConfig":{"temperature":null},"#, "")
                    .replace(r#","generationConfig":{"temperature":null}"#, "")
            );
        }
    }
}

#[test]
fn never_a_second_time() {
    let refusal = || refusal(400, "temperature: no");
    let refused = Played { temperature: Some(0.7), ..refusal() };
    let twice = Played { first: Some(Box::new(refusal())), ..refused };
    assert_eq!(
        picture(&twice.answer()),
        "resent: the server answered with error 400: temperature: no\n\
         error: the server answered with error 400: temperature: no"
    );
    assert_eq!(twice.requests.borrow().len(), 2);
}

#[test]
fn only_where_the_temperature_is_what_is_wrong() {
    let other = played(ProviderId::OpenAi, refusal(400, "model is required"), HELLO);
    assert_eq!(
        picture(&other.answer()),
        "error: the server answered with error 400: model is required"
    );
    assert_eq!(other.requests.borrow().len(), 1);
    let failing = played(ProviderId::OpenAi, refusal(500, "temperature sensor broken"), HELLO);
    assert_eq!(
        picture(&failing.answer()),
        "error: the server answered with error 500: temperature sensor broken"
    );
    // None was sent, so that leaving it out changes nothing.
    let without = Played {
        temperature: None,
        ..played(ProviderId::OpenAi, refusal(400, "temperature?"), HELLO)
    };
    assert_eq!(
        picture(&without.answer()),
        "error: the server answered with error 400: temperature?"
    );
}

#[test]
fn what_is_said_about_it_does_not_show_the_key() {
    let message = format!("temperature is not for {KEY}");
    let played = played(ProviderId::OpenAi, refusal(400, &message), HELLO);
    let picture = picture(&played.answer());
    assert!(!picture.contains(KEY));
    assert!(
        picture.starts_with(
            "resent: the server answered with error 400: temperature is not for [key]\n"
        ),
        "{picture}"
    );
}

#[test]
fn the_second_call_can_fail_in_its_own_way() {
    let first = refusal(400, "no temperature");
    let cut = played(
        ProviderId::OpenAi,
        first.clone(),
        "data: {\"choices\":[{\"delta\":{\"content\":\"So\"}}]}\n\n",
    );
    let resent = "resent: the server answered with error 400: no temperature";
    assert_eq!(picture(&cut.answer()), format!("{resent}\n\"So\"\nerror: the answer was cut off"));
    let gone = played(ProviderId::OpenAi, first, "").then(Then::RefuseBeforeHeaders);
    assert_eq!(
        picture(&gone.answer()),
        format!("{resent}\nerror: could not reach https://api.openai.com")
    );
}

/// A transport that refuses calls with a temperature, and answers the others.
fn picky() -> Played {
    let refusal = refusal(400, "temperature: not with this model");
    Played {
        refuses: Some(("temperature", Box::new(refusal))),
        ..played(ProviderId::OpenAi, Played::events(""), HELLO)
    }
}

fn says(model: &LiveModel, prompt: &Prompt) -> String {
    let all = VirtualClock::new().run(model.generate(prompt).collect::<Vec<_>>());
    picture(&all)
}

#[test]
fn what_one_call_has_learned_holds_for_the_next_ones_of_the_same_model() {
    let played = picky();
    let model = played.model();
    let others = Prompt { model: Some("another".into()), ..prompt() };
    let resent = "resent: the server answered with error 400: temperature: not with this model";
    assert!(says(&model, &prompt()).starts_with(resent));
    assert!(says(&model, &prompt()).starts_with("without Temperature\n\"Solar\""));
    assert!(says(&model, &prompt()).starts_with("without Temperature\n\"Solar\""));
    // Another model may take one.
    assert!(says(&model, &others).starts_with(resent));
    let hot: Vec<bool> =
        sent(&played).iter().map(|body| body.get("temperature").is_some()).collect();
    assert_eq!(hot, [true, false, false, false, true, false]);
}

/// Calls that are out when the first refusal comes are refused as well; none is refused after that.
#[test]
fn calls_at_the_same_time_learn_once_each() {
    let played = picky();
    let model = played.model();
    let prompt = prompt();
    let both = join_all((0..3).map(|_| model.generate(&prompt).collect::<Vec<_>>()));
    for answer in VirtualClock::new().run(both) {
        assert!(picture(&answer).contains("finish Stop"));
    }
    assert!(says(&model, &prompt).starts_with("without Temperature"));
    let hot = sent(&played).iter().filter(|body| body.get("temperature").is_some()).count();
    assert!(hot <= 3, "{hot} calls were refused");
}
