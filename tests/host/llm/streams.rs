//! A recorded stream of every provider, played whole, in every form in which servers and proxies
//! send it, and broken in every way in which it can break: each at every chunk size.

use super::{Played, check, check_in_small_chunks, picture};
use converge::llm::ProviderId;

/// A body in the vendor's format, and what it says. All but Together's and xAI's have thinking in
/// them, or comments, or characters of several bytes; some end with `[DONE]` and some without.
fn recorded(id: ProviderId) -> (&'static str, &'static str) {
    use ProviderId::*;
    match id {
        OpenAi => (
            include_str!("../cassettes/openai-hello.sse"),
            "\"Solar\"\n\" grew.\"\nfinish Stop\nusage 19 3",
        ),
        Anthropic => (
            include_str!("../cassettes/anthropic-hello.sse"),
            "usage 27 1\n\"Größe ☀\\u{fe0f} \"\n\"再生可能\"\nfinish Stop\nusage 27 30 thinking 12",
        ),
        Gemini => (
            include_str!("../cassettes/gemini-grounded.sse"),
            r#"usage 11 0
            "Größe ☀\u{fe0f}"
            usage 11 42 thinking 40
            " 再生可能."
            grounding: Grounding { sources: [Source { title: "example.com", uri: "https://example.com/a" }], queries: ["solar 2026"], suggestions: "<div>chips</div>" }
            finish Stop
            usage 16 46 thinking 40"#,
        ),
        OpenRouter => (
            include_str!("../cassettes/openrouter-hello.sse"),
            "\"Solar\"\n\" grew ☀\\u{fe0f}\"\nfinish Stop\nusage 19 30 thinking 20",
        ),
        Mistral => (
            include_str!("../cassettes/mistral-hello.sse"),
            "\"Énergie\"\n\" solaire\"\nfinish Stop\nusage 7 5",
        ),
        Groq => (
            include_str!("../cassettes/groq-hello.sse"),
            "\"Wind\"\n\" fell.\"\nfinish Stop\nusage 12 40 thinking 33",
        ),
        DeepSeek => (
            include_str!("../cassettes/deepseek-hello.sse"),
            "\"太阳能\"\nfinish Stop\nusage 6 9 thinking 4",
        ),
        Together => (
            include_str!("../cassettes/together-hello.sse"),
            "\"Sun\"\n\"light\"\nfinish Stop\nusage 5 2",
        ),
        // The only one that counts thinking beside the answer.
        Xai => (
            include_str!("../cassettes/xai-hello.sse"),
            "\"Sol\"\n\"ar 🌍\"\nfinish Stop\nusage 32 103 thinking 94",
        ),
        Cerebras => {
            (include_str!("../cassettes/cerebras-hello.sse"), "\"Fast.\"\nfinish Stop\nusage 3 2")
        }
        Ollama => {
            (include_str!("../cassettes/ollama-hello.sse"), "\"Größe\"\nfinish Stop\nusage 14 8")
        }
        LmStudio => {
            (include_str!("../cassettes/lmstudio-hello.sse"), "\"Lokal\"\nfinish Length\nusage 4 1")
        }
        // In the words of the transport that stands in for a server.
        Chrome => (
            include_str!("../cassettes/chrome-hello.sse"),
            "\"Größe \"\n\"☀\\u{fe0f} built in.\"\nfinish Stop",
        ),
        Compatible => (
            include_str!("../cassettes/compatible-multibyte.sse"),
            "\"Größe: 再生可能 \"\n\"☀\\u{fe0f} 👩\\u{200d}🔬 🌍\\n\"\n\"fin\"\nfinish Length\nusage 5 64",
        ),
    }
}

/// An error in the vendor's format, in the middle of an answer under status 200.
fn overloaded(id: ProviderId) -> &'static str {
    match id {
        ProviderId::Anthropic => {
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy\"}}\n\n"
        }
        ProviderId::Gemini => {
            "data: {\"error\":{\"code\":503,\"message\":\"Busy\",\"status\":\"UNAVAILABLE\"}}\n\n"
        }
        _ => "data: {\"error\":{\"message\":\"Busy\",\"code\":503}}\n\n",
    }
}

/// The events before the one that says why the model stopped, and that one and those after it.
fn before_the_finish(id: ProviderId, body: &str) -> (String, String) {
    let events: Vec<&str> = body.split_inclusive("\n\n").collect();
    let finishes = |count: &usize| {
        let played = Played::events(&events[..*count].concat()).of(id);
        picture(&played.answer()).contains("finish ")
    };
    let count = (1..=events.len()).find(finishes).unwrap();
    (events[..count - 1].concat(), events[count - 1..].concat())
}

fn trimmed(says: &str) -> Vec<&str> {
    says.lines().map(str::trim).collect()
}

#[test]
fn every_provider_streams_in_every_form() {
    for id in ProviderId::ALL {
        let (body, says) = recorded(id);
        let unix = format!("{}\n\n", body.replace("\r\n", "\n").trim_end());
        let without_done = unix.replace("data: [DONE]\n\n", "");
        let pinged =
            unix.replace("\n\n", "\n\n: ping\n\n: a comment of two lines\n: and its end\n\n");
        let crlf = unix.replace('\n', "\r\n");
        check(&Played::events(&unix).of(id), says);
        let bom = format!("\u{feff}{unix}");
        // Of the second, the last event lacks its line end.
        let mut others = vec![
            crlf,
            unix.trim_end().into(),
            unix.replace('\n', "\r"),
            pinged,
            bom,
            without_done.clone(),
        ];
        // Only those who speak OpenAI's format know the word.
        if !matches!(id, ProviderId::Anthropic | ProviderId::Gemini) {
            others.push(format!("{without_done}data: [DONE]"));
        }
        for body in others {
            check_in_small_chunks(&Played::events(&body).of(id), says);
        }
    }
}

#[test]
fn no_provider_takes_a_broken_stream_for_an_answer() {
    for id in ProviderId::ALL {
        let (body, says) = recorded(id);
        let (begun, rest) = before_the_finish(id, body);
        let said = picture(&Played::events(&begun).of(id).answer());
        let said = said.strip_suffix("error: the answer was cut off").unwrap();
        assert!(!said.is_empty(), "{id:?} has said something by then");
        let whole = trimmed(says);
        assert!(whole.starts_with(&trimmed(said)), "{id:?}: {said}");
        let ends = |body: &[u8], how: &str| {
            let played = Played::new(200, "text/event-stream", body).of(id);
            check_in_small_chunks(&played, &format!("{said}error: {how}"));
        };
        // Cut between two events, in the middle of one, by a broken connection.
        ends(begun.as_bytes(), "the answer was cut off");
        ends(
            format!("{begun}{}", &rest[..rest.len().min(20)]).as_bytes(),
            "the answer was cut off",
        );
        let broken = Played::events(&begun).of(id).broken();
        check_in_small_chunks(&broken, &format!("{said}error: the answer was cut off"));
        // An error inside, and what comes after it counts no more.
        let inside = format!("{begun}{}{rest}", overloaded(id));
        ends(inside.as_bytes(), "the server answered with error 503: Busy");
        // Not JSON, not even text: it broke on the way, and may have been a piece of the answer.
        let garbled = "part of the answer was garbled";
        ends(format!("{begun}data: {{\"cand\n\n{rest}").as_bytes(), garbled);
        ends(&[begun.as_bytes(), b"data: \xff\n\n", rest.as_bytes()].concat(), garbled);
    }
}

/// Gateways add events of their own. They take nothing from an answer that has begun.
#[test]
fn foreign_events_in_the_middle_are_passed_over() {
    for id in ProviderId::ALL {
        let (body, says) = recorded(id);
        let (begun, rest) = before_the_finish(id, body);
        for foreign in [
            "data: {\"oops\":1}\n\n",
            "event: status\ndata: {\"status\":\"searching\",\"message\":\"the web\"}\n\n",
            "event: metrics\ndata: 3 tokens\n\n",
            "data: : keep-alive\n\n",
        ] {
            let body = format!("{begun}{foreign}{rest}");
            check_in_small_chunks(&Played::events(&body).of(id), says);
        }
    }
}
