//! Bodies that hold an answer.

use super::{Played, check};
use proptest::prelude::*;

const HELLO: &str = include_str!("../cassettes/openai-hello.sse");
const MULTIBYTE: &str = include_str!("../cassettes/compatible-multibyte.sse");

const HELLO_SAYS: &str = r#"
    "Solar"
    " grew."
    finish Stop
    usage 19 3
"#;
const MULTIBYTE_SAYS: &str = r#"
    "Größe: 再生可能 "
    "☀\u{fe0f} 👩\u{200d}🔬 🌍\n"
    "fin"
    finish Length
    usage 5 64
"#;

#[test]
fn recorded_streams() {
    check(&Played::events(HELLO), HELLO_SAYS);
    check(&Played::events(MULTIBYTE), MULTIBYTE_SAYS);
}

#[test]
fn line_ends_of_every_kind() {
    for body in [HELLO, MULTIBYTE] {
        let says = if body == HELLO { HELLO_SAYS } else { MULTIBYTE_SAYS };
        check(&Played::events(&body.replace('\n', "\r\n")), says);
        check(&Played::events(&body.replace('\n', "\r")), says);
        check(&Played::events(&format!("\u{feff}{body}")), says);
    }
}

#[test]
fn the_last_event_may_lack_its_line_end_or_done() {
    for body in [HELLO, MULTIBYTE] {
        let says = if body == HELLO { HELLO_SAYS } else { MULTIBYTE_SAYS };
        check(&Played::events(body.trim_end()), says);
        check(&Played::events(body.trim_end().trim_end_matches("data: [DONE]")), says);
    }
}

#[test]
fn nothing_after_done_counts_and_a_break_there_loses_nothing() {
    check(&Played::events(&format!("{HELLO}data: garbage\n\n")), HELLO_SAYS);
    check(&Played::events(HELLO).broken(), HELLO_SAYS);
    // Cut inside the usage: the model had said that it had finished.
    let cut = HELLO.find("\"completion_tokens\"").unwrap();
    check(&Played::events(&HELLO[..cut]), "\"Solar\"\n\" grew.\"\nfinish Stop");
}

#[test]
fn an_event_stream_by_another_name() {
    for content_type in ["", "text/plain", "application/octet-stream"] {
        check(&Played::new(200, content_type, HELLO.as_bytes()), HELLO_SAYS);
    }
}

#[test]
fn a_whole_answer_from_a_server_that_does_not_stream() {
    let whole = include_bytes!("../cassettes/openai-whole.json");
    let says = "\"All at once.\"\nfinish Stop\nusage 8 4";
    check(&Played::new(200, "application/json; charset=utf-8", whole), says);
    check(&Played::new(200, "Application/JSON", whole), says);
}

#[test]
fn finish_reasons() {
    for (reason, says) in [
        ("stop", "finish Stop"),
        ("length", "finish Length"),
        ("model_length", "finish Length"),
        ("content_filter", "finish Filtered"),
        ("tool_calls", "finish ToolCall"),
        ("function_call", "finish ToolCall"),
        ("eos", "finish Stop"),
        ("error", "error: the server answered with error 503: the model stopped with error"),
    ] {
        let event = format!(r#"data: {{"choices":[{{"finish_reason":"{reason}"}}]}}"#);
        check(&Played::events(&event), says);
    }
}

#[test]
fn a_repeated_finish_reason_counts_once_and_a_refusal_is_text() {
    let refusal = r#"data: {"choices":[{"delta":{"refusal":"No."},"finish_reason":"stop"}]}"#;
    let usage = r#"data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{}}"#;
    let says = "\"No.\"\nfinish Stop\nusage 0 0";
    check(&Played::events(&format!("{refusal}\n\n{usage}\n\n")), says);
}

/// Pieces of streams, sound and broken, so that random bodies get past the first line.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "data: {\"choices\":[{\"delta\":{\"content\":\"Größe\"}}]}\n\n",
        "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n",
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\r\n\r\n",
        "data: [DONE]\n\n",
        "data: {\"error\":{\"message\":\"no\",\"code\":429}}\n\n",
        "data: {\"choices\":\r\r",
        "data\n\n",
        ": ping\n\n",
        "event: x\ndata:\n\n",
        "<html>",
        "\u{feff}",
        "\r",
        "\n",
    ]);
    let known = known.prop_map(|piece| piece.as_bytes().to_vec());
    let noise = prop::collection::vec(any::<u8>(), 0..12);
    let piece = prop_oneof![6 => known, 1 => noise];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_body_ends_in_a_finish_or_one_error_whatever_the_chunks(
        body in pieces(),
        size in 1..40_usize,
    ) {
        let played = Played::new(200, "text/event-stream", &body);
        let answer = played.answer();
        let finished = super::picture(&answer).contains("finish ");
        prop_assert!(finished || answer.last().is_some_and(Result::is_err));
        prop_assert_eq!(answer, played.in_chunks_of(size).answer());
    }
}
