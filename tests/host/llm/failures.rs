//! Everything that can go wrong, each with its own error, and what a drop does.

use super::{Played, Then, check, prompt};
use converge::clock::VirtualClock;
use converge::model::{Chunk, Model};
use futures::stream::StreamExt;

const HELLO: &str = include_str!("../cassettes/openai-hello.sse");

#[test]
fn a_stream_without_its_finish_reason_was_cut() {
    let cut = "\"Solar\"\n\" grew.\"\nerror: the answer was cut off";
    let before_finish = HELLO.find("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1763800000,\"model\":\"gpt-6-luna\",\"choices\":[{\"index\":0,\"delta\":{},").unwrap();
    check(&Played::events(&HELLO[..before_finish]), cut);
    // [DONE] is an end as well, which no cut stream has: an answer, with a note.
    let done = format!("{}data: [DONE]\n\n", &HELLO[..before_finish]);
    check(&Played::events(&done), "\"Solar\"\n\" grew.\"\nfinish NotGiven");
    check(&Played::events(&HELLO[..before_finish]).broken(), cut);
    // In the middle of an event, and before anything.
    check(&Played::events(&HELLO[..before_finish + 40]), cut);
    check(&Played::events(": ping\n\n"), "error: the answer was cut off");
    check(&Played::events(""), "error: the answer was cut off");
    check(&Played::events("").broken(), "error: the answer was cut off");
    // One event is enough to know an event stream that the server does not call one.
    check(&Played::new(200, "", &HELLO.as_bytes()[..before_finish]), cut);
    // In the middle of a character.
    let half = "data: {\"choices\":[{\"delta\":{\"content\":\"Grö".as_bytes();
    let played = Played::new(200, "text/event-stream", &half[..half.len() - 1]);
    check(&played, "error: the answer was cut off");
}

#[test]
fn errors_inside_a_stream() {
    check(
        &Played::events(include_str!("../cassettes/openrouter-error-inside.sse")),
        "\"Half an\"\nerror: the server answered with error 502: Provider disconnected",
    );
    check(
        &Played::events(include_str!("../cassettes/openai-error-inside.sse")),
        "error: the server answered with error 429: You exceeded your current quota.",
    );
    for (error, says) in [
        (r#"{"message":"a","type":"server_error","code":null}"#, "500: a"),
        (r#"{"message":"b","code":"503"}"#, "503: b"),
        (r#"{"message":"c","code":"invalid_api_key"}"#, "401: c"),
        (r#"{"message":"d","code":3,"type":"invalid_request_error"}"#, "400: d"),
        // Without a number or a word for one there is no status: nobody is blamed.
        (r#""e""#, "e"),
        (r#"{"odd":1}"#, r#"{"error":{"odd":1}}"#),
        (r#""server busy""#, "server busy"),
    ] {
        let body = format!(r#"{{"error":{error}}}"#);
        let says = match says.split_once(": ") {
            Some((status, _)) if status.parse::<u16>().is_ok() => {
                format!("error: the server answered with error {says}")
            }
            _ => format!("error: the server answered with an error: {says}"),
        };
        check(&Played::events(&format!("data: {body}\n\n")), &says);
        check(&Played::new(200, "application/json", body.as_bytes()), &says);
    }
}

#[test]
fn answers_of_something_else() {
    let html = b"<!doctype html><title>Welcome</title>";
    let found = |found: &str| format!("error: the server answered with {found}");
    check(&Played::new(200, "text/html; charset=utf-8", html), &found("an HTML page"));
    let no_events = found("something that is not an event stream");
    check(&Played::new(200, "", html), &no_events);
    check(&Played::new(204, "", b""), &no_events);
    check(&Played::new(0, "", b""), &found("a redirect to another address"));
    // The body says what it is, whatever it is called.
    let other = found("JSON that is not a chat completion");
    check(&Played::new(200, "application/x-ndjson", b"{\"response\":\"Hi\"}\n"), &other);
    check(&Played::new(200, "application/json", b"{\"ok\":true}"), &other);
    check(&Played::new(200, "application/json", b"[]"), &other);
    check(&Played::events("event: message_start\ndata: {\"type\":\"message_start\"}\n\n"), &other);
    let garbage = found("something that is not JSON");
    check(&Played::new(200, "application/json", b"oops"), &garbage);
    check(&Played::events("data: {\"choices\": oops\n\ndata: x\n\n"), &garbage);
    check(
        &Played::new(200, "text/event-stream", b"data: \xff\n\n"),
        &found("something that is not text"),
    );
}

#[test]
fn a_chunk_that_is_not_json_ends_an_answer_that_had_begun() {
    let begun = r#"data: {"choices":[{"delta":{"content":"So"}}]}"#;
    check(
        &Played::events(&format!("{begun}\n\ndata: {{\"choices\": [\n\n{begun}\n\n")),
        "\"So\"\nerror: part of the answer was garbled",
    );
}

#[test]
fn statuses_with_the_servers_own_words() {
    for (status, body, says) in [
        (
            404,
            r#"{"error":{"message":"The model `x` does not exist"}}"#,
            "404: The model `x` does not exist",
        ),
        (400, r#"{"error":"model is required"}"#, "400: model is required"),
        (422, r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, "422: field required"),
        (401, r#"{"message":"Unauthorized","request_id":"7"}"#, "401: Unauthorized"),
        (503, "upstream\n  is\u{7} down\r\n", "503: upstream is down"),
        (502, " <html><h1>Bad gateway</h1></html>", "502"),
        (500, "", "500"),
        (500, r#"{"oops":1}"#, r#"500: {"oops":1}"#),
    ] {
        let says = format!("error: the server answered with error {says}");
        check(&Played::new(status, "application/json", body.as_bytes()), &says);
    }
}

#[test]
fn an_endless_error_is_read_in_part_and_shown_in_short() {
    let played = Played::new(500, "text/plain", "é".repeat(100_000).as_bytes()).then(Then::Hang);
    let shown = super::picture(&played.in_chunks_of(1000).answer());
    assert_eq!(shown.chars().filter(|c| *c == 'é').count(), 300);
    assert!(shown.ends_with('…'));
    // What came before the connection broke is still the best that there is.
    let played = Played::new(500, "text/plain", b"overloaded").broken();
    check(&played, "error: the server answered with error 500: overloaded");
}

#[test]
fn a_refused_connection_names_the_origin() {
    let played = Played::events("").then(Then::RefuseBeforeHeaders);
    check(&played, "error: could not reach https://api.openai.com");
}

#[test]
fn dropping_the_stream_drops_the_request() {
    let begun = r#"data: {"choices":[{"delta":{"content":"So"}}]}"#;
    for (then, pieces) in [(Then::Hang, 1), (Then::HangBeforeHeaders, 0)] {
        let played = Played::events(&format!("{begun}\n\n")).then(then);
        let (model, prompt) = (played.model(), prompt());
        let mut stream = model.generate(&prompt);
        assert!(played.requests.borrow().is_empty(), "nothing is sent before it is asked for");
        let mut came = 0;
        while let Some(piece) = VirtualClock::new().run_while(stream.next(), |_| true) {
            came += usize::from(piece != Some(Ok(Chunk::Alive)));
        }
        assert_eq!(came, pieces);
        assert_eq!(played.requests.borrow().len(), 1);
        assert!(!played.dropped.get());
        drop(stream);
        assert!(played.dropped.get());
    }
}

#[test]
fn an_error_drops_the_request_too() {
    for body in ["data: oops\n\n", "data: {\"error\":\"no\"}\n\n"] {
        let played = Played::events(body).then(Then::Hang);
        let (model, prompt) = (played.model(), prompt());
        let mut stream = model.generate(&prompt);
        let mut part = VirtualClock::new().run(stream.next());
        while part == Some(Ok(Chunk::Alive)) {
            part = VirtualClock::new().run(stream.next());
        }
        assert!(part.is_some_and(|part| part.is_err()));
        assert!(VirtualClock::new().run(stream.next()).is_none());
        assert!(played.dropped.get());
    }
}
